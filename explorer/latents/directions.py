"""Directions in latent space between two groups of codes, such as smiling and sad faces.

A direction is a unit vector; walking along it from a code changes what the groups differ in (Larsen et al. 2016,
section 4.2; White 2016, "Sampling generative networks").
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from explorer.errors import ExplorerError

Method = Literal["means", "probe"]
METHODS: tuple[Method, ...] = ("means", "probe")
MIN_CODES = 2
DRAWS = 500
"""Bootstrap samples."""
LEVEL = 0.95
CELLS = 2**22
"""Resampling weights in memory at once: 32 MB."""
FOLDS = 5
GOLDEN = 0.6180339887498949


@dataclass(frozen=True, eq=False)
class Direction:
    """The direction from group B to group A.

    vector: unit vector `(d,)`. scale: standard deviation of all codes along it. gap: distance of the two group means
    along it, in `scale`. accuracy: balanced accuracy in [0.5, 1], roughly, of the two groups by a threshold on
    this direction, on codes that the direction was not computed from. cone: angle in degrees within which the direction
    of the whole population lies with a probability of `LEVEL`, by bootstrap; at 90° nothing is known of it.
    """

    vector: np.ndarray
    scale: float
    gap: float
    accuracy: float
    cone: float


def compute_direction(
    codes: np.ndarray, a: np.ndarray, b: np.ndarray, method: Method = "means", seed: int = 0
) -> Direction:
    """The direction between two groups of codes `(N, d)`, given as indices `a`, `b` into `codes`.

    method: "means", mean(z|A) − mean(z|B), or "probe", the weights of a logistic regression of the groups.
    Raises ExplorerError if a group has fewer than two codes, if a code is in both, or if nothing tells them apart.
    """
    check_groups(a, b)
    first, second = codes[a].astype(np.float64), codes[b].astype(np.float64)
    vector = _vector(first, second, method)
    scale = float((codes.astype(np.float64) @ vector).std()) or 1.0
    gap = float((first.mean(0) - second.mean(0)) @ vector) / scale
    return Direction(
        vector,
        scale,
        gap,
        _accuracy(first, second, method),
        _cone(first, second, method, vector, seed),
    )


def check_groups(a: np.ndarray, b: np.ndarray) -> None:
    """Raises ExplorerError if the groups, arrays of indices, are too small or overlap."""
    for name, group in (("A", a), ("B", b)):
        if not len(group):
            raise ExplorerError(f"Group {name} is empty: choose images for it.")
        if len(np.unique(group)) < MIN_CODES:
            raise ExplorerError(
                f"Group {name} has one image: a direction needs at least {MIN_CODES} in each group."
            )
    shared = len(np.intersect1d(a, b))
    if shared == len(np.unique(a)) == len(np.unique(b)):
        raise ExplorerError("Both groups are the same images: choose two different groups.")
    if shared:
        images = "one image is" if shared == 1 else f"{shared:,} images are"
        raise ExplorerError(f"The groups overlap, {images} in both: take them out of one.")


def project(codes: np.ndarray, direction: Direction) -> np.ndarray:
    """Where codes `(N, d)` lie along a direction, in its standard deviations from their mean, float32 `(N,)`."""
    along = codes.astype(np.float64) @ direction.vector
    places: np.ndarray = ((along - along.mean()) / direction.scale).astype(np.float32)
    return places


def _vector(first: np.ndarray, second: np.ndarray, method: Method) -> np.ndarray:
    vector = _probe(first, second) if method == "probe" else first.mean(0) - second.mean(0)
    length = float(np.linalg.norm(vector))
    spread = float(np.sqrt((first.var(0) + second.var(0)).sum()))
    if length <= 1e-9 * max(spread, 1e-30):
        raise ExplorerError("The codes of the two groups have the same mean: nothing tells the groups apart.")
    unit: np.ndarray = vector / length
    return unit


def _probe(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Weights of a logistic regression on standardised codes, in the units of the codes."""
    from sklearn.linear_model import LogisticRegression

    codes = np.concatenate([first, second])
    deviation = codes.std(0)
    deviation = np.where(deviation > 0, deviation, 1.0)
    groups = np.repeat([1, 0], [len(first), len(second)])
    # not lbfgs, whose weights are right to two digits only
    solver = LogisticRegression(class_weight="balanced", max_iter=1000, solver="newton-cholesky", tol=1e-8)
    model = solver.fit(codes / deviation, groups)
    weights: np.ndarray = model.coef_[0] / deviation
    return weights


def _accuracy(first: np.ndarray, second: np.ndarray, method: Method) -> float:
    """Balanced accuracy of the threshold halfway between the group means along the direction, cross-validated."""
    folds = min(FOLDS, len(first), len(second))
    parts = [_parts(len(group), folds) for group in (first, second)]
    right = [0, 0]
    for fold in range(folds):
        train = [group[part != fold] for group, part in zip((first, second), parts, strict=True)]
        try:
            vector = _vector(train[0], train[1], method)
        except ExplorerError:
            continue  # every held-out code of this fold counts as wrong
        middle = (train[0].mean(0) + train[1].mean(0)) @ vector / 2
        sign = 1 if (train[0].mean(0) - train[1].mean(0)) @ vector >= 0 else -1
        for k, (group, part) in enumerate(zip((first, second), parts, strict=True)):
            above = sign * (group[part == fold] @ vector - middle) > 0
            right[k] += int((above == (k == 0)).sum())
    return (right[0] / len(first) + right[1] / len(second)) / 2


def _parts(count: int, folds: int) -> np.ndarray:
    """The fold of each of `count` codes: equal in size, mixed by the golden ratio, and the same in the browser."""
    places = np.arange(count) * GOLDEN % 1
    parts: np.ndarray = places.argsort().argsort() % folds
    return parts


def _cone(first: np.ndarray, second: np.ndarray, method: Method, vector: np.ndarray, seed: int) -> float:
    """The angle in degrees to `vector` that a share of `LEVEL` of the bootstrap directions do not exceed.

    Both groups are resampled. A probe is not fitted again: its cone is that of the means, in the metric in which the
    pooled covariance within the groups is the identity, where Fisher's discriminant, the probe's limit for Gaussian
    groups, is the difference of the means.
    """
    rng = np.random.default_rng(seed)
    inverse = np.eye(first.shape[1])
    if method == "probe":
        within = (first - first.mean(0)).T @ (first - first.mean(0)) + (second - second.mean(0)).T @ (
            second - second.mean(0)
        )
        inverse = np.linalg.pinv(within / (len(first) + len(second)), hermitian=True)
        vector = _unit((first.mean(0) - second.mean(0)) @ inverse)
    differences = (_resampled_means(first, rng) - _resampled_means(second, rng)) @ inverse
    # noise makes the measured difference longer than the true one, by its variance in squared length
    length = np.linalg.norm(differences.mean(0))
    true_length = np.sqrt(max(length**2 - differences.var(0).sum(), 0.0))
    differences += (true_length - length) * vector
    cosines = differences @ vector / np.maximum(np.linalg.norm(differences, axis=1), 1e-300)
    return float(np.degrees(np.quantile(np.arccos(np.clip(cosines, -1, 1)), LEVEL)))


def _unit(vector: np.ndarray) -> np.ndarray:
    unit: np.ndarray = vector / max(float(np.linalg.norm(vector)), 1e-300)
    return unit


def _resampled_means(group: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Means of `DRAWS` bootstrap samples of a group `(n, d)`, `(DRAWS, d)`.

    Scaled by √(n / (n − 1)) about the group's mean, so that their covariance is the unbiased one.
    """
    n = len(group)
    rows = max(1, CELLS // n)
    mean = group.mean(0)
    parts = [
        rng.multinomial(n, np.full(n, 1 / n), size=min(rows, DRAWS - start)) @ (group - mean) / n
        for start in range(0, DRAWS, rows)
    ]
    scaled: np.ndarray = mean + np.concatenate(parts) * np.sqrt(n / max(n - 1, 1))
    return scaled
