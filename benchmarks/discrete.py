"""Discrete codes of MNIST: distortion against bits and the use of a code book, and classes that nobody named.

    EXPLORER_DATA=... python -m benchmarks.discrete ladder [--folder FOLDER] [--only NAME ...] [--seeds N] [--json FILE]
    EXPLORER_DATA=... python -m benchmarks.discrete classes [--seeds N] [--json FILE]

ladder: code books of several sizes, all trained for the same number of steps: words of VQ (van den Oord et al. 2017)
and of FSQ (Mentzer et al. 2024), as many of each, on a grid of tokens or one for the whole image, and switches. What is
not in FOLDER yet is trained there, minutes each on one core, so that the benchmark goes on where it was stopped.

classes: ten boxes, trained from random weights, and from the clusters of a Gaussian mixture of VAE codes, which the
encoder first learns to predict; beside that mixture, and k-means on pixels and on codes.

All is measured on test images.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

from benchmarks import boxes, results
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
}

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
        for seed in range(options.seeds):
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


def run_classes(options: argparse.Namespace) -> dict[str, Any]:
    return boxes.run(options.seeds)


PARTS = {"ladder": run_ladder, "classes": run_classes}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--folder", type=Path, default=Path("runs/discrete"))
    parser.add_argument("--only", nargs="+", choices=LADDER, metavar="NAME")
    parser.add_argument("--seeds", type=int, default=1)
    results.add_option(parser)
    options = parser.parse_args()
    results.keep(options.json, PARTS[options.part](options))


if __name__ == "__main__":
    main()
