"""Image moments: area, centre and shape of what a black image shows in white (Hu 1962; Flusser & Suk 1993)."""

import numpy as np

ORDERS = (2, 3, 4)


def compute_moments(images: np.ndarray) -> np.ndarray:
    """Moments `(N, 22)` float32 of images `(N, 1, H, W)`, with lengths in units of the image's side.

    Area, centre, the roots of the central moments of orders 2 to 4, which keep the sign, and seven numbers that do not
    change when the shape turns, of which six do not change with its size either.
    """
    x = images[:, 0].astype(np.float64)
    height, width = x.shape[1:]
    across, down = (np.arange(side) - (side - 1) / 2 for side in (width, height))
    mass = np.maximum(x.sum((1, 2)), 1e-9)
    centre = [x.sum(1) @ across / mass, x.sum(2) @ down / mass]
    powers = [
        np.stack([((line[None] - c[:, None]) / side) ** p for p in range(ORDERS[-1] + 1)])
        for line, c, side in zip((across, down), centre, (width, height), strict=True)
    ]

    def central(p: int, q: int) -> np.ndarray:
        moment: np.ndarray = np.einsum("nhw,nw,nh->n", x, powers[0][p], powers[1][q]) / mass
        return moment

    moments = {(o - q, q): central(o - q, q) for o in ORDERS for q in range(o + 1)}
    roots = [np.sign(m) * np.abs(m) ** (1 / (p + q)) for (p, q), m in moments.items()]
    area = mass / (height * width)
    places = [centre[0] / width, centre[1] / height]
    return np.stack([area, *places, *roots, *_invariants(moments, area)], 1).astype(np.float32)


def _invariants(m: dict[tuple[int, int], np.ndarray], area: np.ndarray) -> list[np.ndarray]:
    """Magnitudes of the complex moments, which a turn only multiplies by a phase; all but the first without scale."""
    size = np.maximum(m[2, 0] + m[0, 2], 1e-12)
    second = np.abs(m[2, 0] - m[0, 2] + 2j * m[1, 1])
    third = np.abs(m[3, 0] - 3 * m[1, 2] + 1j * (3 * m[2, 1] - m[0, 3]))
    lean = np.abs(m[3, 0] + m[1, 2] + 1j * (m[2, 1] + m[0, 3]))
    fourth = np.abs(m[4, 0] - 6 * m[2, 2] + m[0, 4] + 4j * (m[3, 1] - m[1, 3]))
    peak = m[4, 0] + 2 * m[2, 2] + m[0, 4]
    return [
        size,
        second / size,
        third / size**1.5,
        lean / size**1.5,
        fourth / size**2,
        peak / size**2,
        area / size,
    ]
