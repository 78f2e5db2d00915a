"""How long the disentanglement metrics take: 15,000 codes of 10 dimensions with the factors of the sprites.

    python -m benchmarks.metrics [--json FILE]

The codes are the factors and as many dimensions of noise, turned at random: nothing can be told cheaply. Prints the
seconds of each step, and fails if all together are above 60 s or MIG alone above 1 s.
"""

from __future__ import annotations

import argparse
import os
import sys
import time

import numpy as np

from benchmarks import results
from explorer.data.sprites import FACTOR_SIZES
from explorer.metrics.disentanglement.mig import compute_entropy, compute_mig, compute_mutual_information
from explorer.metrics.disentanglement.sampling import TEST, TRAIN, oracle_codes
from explorer.metrics.disentanglement.scores import SCORES, compute_scores

PROMISED_ALL, PROMISED_MIG = 60.0, 1.0


def world() -> tuple[np.ndarray, np.ndarray]:
    """Codes `(15000, 10)` and factors `(15000, 5)`."""
    rng = np.random.default_rng(0)
    factors = np.stack([rng.integers(size, size=TRAIN + TEST) for size in FACTOR_SIZES], axis=1)
    noise = rng.standard_normal(factors.shape)
    rotation = np.linalg.qr(rng.standard_normal((10, 10)))[0]
    return np.concatenate([oracle_codes(factors), noise], axis=1) @ rotation, factors


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    results.add_option(parser)
    options = parser.parse_args()
    codes, factors = world()
    start = time.perf_counter()
    alone = compute_mig(
        compute_mutual_information(codes[:TRAIN], factors[:TRAIN]), compute_entropy(factors[:TRAIN])
    )
    quick = time.perf_counter() - start

    steps: list[tuple[str, float]] = []
    start = time.perf_counter()
    found = compute_scores(codes, factors, 0, lambda _, what: steps.append((what, time.perf_counter())))
    end = time.perf_counter()
    print(
        f"{len(codes):,} codes of {codes.shape[1]} dimensions, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    for (what, began), (_, ended) in zip(steps, [*steps[1:], ("", end)], strict=True):
        if ended - began > 0.005:
            print(f"{what:24} {ended - began:7.2f} s")
    print(f"{'all':24} {end - start:7.2f} s   promised {PROMISED_ALL:.0f} s")
    print(f"{'MIG alone':24} {quick:7.3f} s   promised {PROMISED_MIG:.0f} s   (MIG {alone:.3f})")
    print(", ".join(f"{SCORES[name][0]} {value:.3f}" for name, value in found.items()))
    results.keep(options.json, {"all": end - start, "MIG alone": quick})
    return int(end - start > PROMISED_ALL or quick > PROMISED_MIG)


if __name__ == "__main__":
    sys.exit(main())
