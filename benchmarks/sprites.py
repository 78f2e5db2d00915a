"""How fast sprites are drawn: `python -m benchmarks.sprites [how many]` prints images per second."""

from __future__ import annotations

import sys
import time

import numpy as np

from explorer.data.sprites import COUNT, Sprites


def main(n: int = 100_000) -> None:
    """Draw `n` random sprites in one call, three times, and print each rate."""
    images = Sprites()
    random = np.random.default_rng(0)
    for _ in range(3):
        index = random.integers(COUNT, size=n)
        start = time.perf_counter()
        drawn = images[index]
        seconds = time.perf_counter() - start
        assert drawn.shape == (n, 1, 64, 64)
        print(f"{n:,} sprites in {seconds:.2f} s: {n / seconds:,.0f} images/s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
