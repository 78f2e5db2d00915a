"""Discrete codes of MNIST: distortion against bits, how much of a code book is used, and what a learned prior saves.

    EXPLORER_DATA=... python -m benchmarks.discrete ladder [--folder FOLDER] [--only NAME ...] [--seeds N] [--json FILE]

Code books of several sizes, all trained for the same number of steps: words of VQ (van den Oord et al. 2017) and of FSQ
(Mentzer et al. 2024), as many of each, on a grid of tokens or one for the whole image, and switches. What is not in
FOLDER yet is trained there, minutes each on one core, so that the benchmark goes on where it was stopped. All is
measured on test images.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

from benchmarks import results
from benchmarks.every_beta import ready
from explorer.config import RunConfig
from explorer.discrete import QUANTIZED
from explorer.store import Checkpoint

SETTINGS = {
    "data": "mnist",
    "binarize": "stochastic",
    "batch_size": 256,
    "learning_rate": 3e-3,
    "epochs": 8,
}
GRID = {"body": "conv", "grid": 7}
VQ, FSQ = {"posterior": "vq"}, {"posterior": "fsq"}
WHOLE = {"hidden": (128, 64)}
LADDER: dict[str, dict[str, Any]] = {
    "vq-128-grid7": VQ | GRID | {"words": 128},
    "fsq-8x4x4-grid7": FSQ | GRID | {"levels": (8, 4, 4)},
    "fsq-8x6x5": FSQ | WHOLE,
    "vq-240": VQ | WHOLE | {"words": 240},
    "vq-8-grid7": VQ | GRID | {"words": 8},
    "binary-16": {"posterior": "binary", "latent_size": 16} | WHOLE,
    "binary-64": {"posterior": "binary", "latent_size": 64} | WHOLE,
    "fsq-4x2-grid7": FSQ | GRID | {"levels": (4, 2)},
}
RACE = ("vq-128-grid7", "fsq-8x4x4-grid7")
"""Code books of as many words, which are trained from several seeds."""


METRICS = ("distortion", "rate", "marginal_rate", "words_used", "perplexity")


def summary(checkpoint: Checkpoint) -> dict[str, float]:
    """Distortion in nats, rates in bits, and the use of the words, all of test images."""
    manifest, code = checkpoint.manifest, checkpoint.manifest.model.code
    assert code
    known = {name: manifest.metric(name) or 0.0 for name in METRICS}
    book = code.words if manifest.model.posterior in QUANTIZED else code.words * code.tokens
    return {
        "distortion": known["distortion"],
        "bits": known["rate"] / math.log(2),
        "marginal bits": known["marginal_rate"] / math.log(2),
        "words": float(book),
        "used": known["words_used"] / book,
        "perplexity": known["perplexity"],
    }


def run_ladder(options: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in options.only or LADDER:
        for seed in range(options.seeds if name in RACE else 1):
            settings = SETTINGS | LADDER[name] | {"seed": seed}
            RunConfig.from_flat(settings)
            row = summary(ready(options.folder, f"{name}-seed{seed}", settings))
            found.setdefault(name, []).append(row)
            print(
                f"{name:20} seed {seed}  {row['bits']:6.1f} bits ({row['marginal bits']:6.1f} marginal)  distortion "
                f"{row['distortion']:6.2f} nats  {row['used']:5.1%} of {row['words']:.0f} words used, perplexity "
                f"{row['perplexity']:.1f}",
                flush=True,
            )
    return found


PARTS = {"ladder": run_ladder}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--folder", type=Path, default=Path("runs/discrete"))
    parser.add_argument("--only", nargs="+", choices=LADDER, metavar="NAME")
    parser.add_argument("--seeds", type=int, default=3)
    results.add_option(parser)
    options = parser.parse_args()
    results.keep(options.json, PARTS[options.part](options))


if __name__ == "__main__":
    main()
