"""What codes keep of each known factor: probes trained on one half of the test images' codes, tested on the other.

    python -m benchmarks.factors [NAME ...] [--json FILE]

Posterior means of all test images (at most 10,000) are encoded anew. A probe is a logistic regression, or a network
with 100 hidden units; chance is the share of the most frequent value.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from benchmarks import results
from explorer import environment, store
from explorer.latents.encode import encode_means
from explorer.metrics.probes import compute_accuracy
from explorer.store import Checkpoint
from explorer.store.originals import load_images
from explorer.store.weights import load_model

MODELS = ("faces-ae-z24", "faces-vae-z24", "faces-vae-beta4-z24")
KINDS = ("linear", "network")
IMAGES = 10_000


def measure(checkpoint: Checkpoint) -> list[dict[str, Any]]:
    """Accuracy by factor and kind of probe, as shares."""
    dataset = load_images(checkpoint)
    assert dataset.factors is not None
    index = dataset.test_index[:IMAGES]
    codes, factors = encode_means(load_model(checkpoint), dataset, index), dataset.factors[index]
    learn, test = np.arange(0, len(index), 2), np.arange(1, len(index), 2)
    rows = []
    for k, name in enumerate(dataset.factor_names):
        values = factors[:, k]
        reads = {
            kind: compute_accuracy(kind, codes[learn], values[learn], codes[test], values[test])
            for kind in KINDS
        }
        chance = np.bincount(values[test]).max() / len(test)
        rows.append({"factor": name, "chance": float(chance)} | reads)
        print(
            f"{checkpoint.name:22} {name:15} chance {chance:.0%}", *(f"{k} {v:.1%}" for k, v in reads.items())
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "models", nargs="*", default=MODELS, metavar="NAME", help="models of images with factors"
    )
    results.add_option(parser)
    options = parser.parse_args()
    folder = environment.checkpoints_folder()
    rows = {name: measure(store.open_checkpoint(folder / name)) for name in options.models}
    results.keep(options.json, {"models": rows})


if __name__ == "__main__":
    main()
