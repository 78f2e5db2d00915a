"""Exchange of latent dimensions between two images: in how many pairs does exactly the asked factor change?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from explorer.config import Config
from explorer.data.dataset import ImageDataset, materialise
from explorer.errors import ExplorerError
from explorer.metrics import classifier
from explorer.metrics.factor_judge import FactorJudge, find_values
from explorer.metrics.image_space import to_unit
from explorer.metrics.training_images import spread

PAIRS, POOL, MEANS = 500, 3000, 10_000
"""Pairs for each factor, test images that they come from, and training images behind class means."""
LEGIBLE = 0.75
"""A factor that the judge reads right in fewer reconstructions is left out: what it reads in them is noise."""
REVISION = 1

Encode = Callable[[np.ndarray], np.ndarray]
"""Indices of images to posterior means `(N, d)`."""
Decode = Callable[[np.ndarray], np.ndarray]
"""Codes `(N, d)` to images `(N, C, H, W)` in [0, 1]."""
Report = Callable[[float, str], None]


class Shares(Config):
    """Shares of pairs. changed: the judge reads the factor of B. kept: mean share of the other factors that it reads
    as in the reconstruction of A. exact: changed, with all others kept."""

    changed: float
    kept: float
    exact: float


class FactorExchange(Config):
    """What taking one factor from B does.

    dimensions: those that are taken, from 0. original, legible: share of test images, and of their reconstructions, in
    which the judge reads the factor right.
    taken: by its dimensions. random: by as many random ones. means: by the part of B − A along the difference of the
    mean codes of the two values; all None for a factor without dimensions or without pairs.
    """

    factor: str
    dimensions: tuple[int, ...]
    original: float
    legible: float
    pairs: int
    taken: Shares | None = None
    random: Shares | None = None
    means: Shares | None = None


class ExchangeReport(Config):
    """factors: those that the judge reads in reconstructions. left_out: the others."""

    factors: tuple[FactorExchange, ...]
    left_out: tuple[str, ...]

    def text(self) -> str:
        """The report as a table in plain text."""
        lines = [
            f"{'':16} dimensions  pairs  changed  others kept  exactly it  random dimensions  class means"
        ]
        for one in self.factors:
            parts = [_percent(one.taken, key) for key in ("changed", "kept", "exact")]
            others = [_percent(shares, "exact") for shares in (one.random, one.means)]
            lines.append(
                f"{one.factor:16} {len(one.dimensions):10} {one.pairs:6}  {parts[0]:>7}  {parts[1]:>11}  {parts[2]:>10}"
                f"  {others[0]:>17}  {others[1]:>11}"
            )
        if self.left_out:
            lines.append(
                f"Left out, because a judge of pixels reads them right in fewer than {100 * LEGIBLE:.0f} % of "
                "reconstructions: "
                f"{', '.join(self.left_out)}."
            )
        return "\n".join(lines)


def _percent(shares: Shares | None, key: str) -> str:
    return "–" if shares is None else f"{100 * getattr(shares, key):.0f} %"


def exchange(a: np.ndarray, b: np.ndarray, dimensions: Sequence[int]) -> np.ndarray:
    """Codes `a (N, d)` with some dimensions from codes `b (N, d)`."""
    out = a.copy()
    out[:, list(dimensions)] = b[:, list(dimensions)]
    return out


def compute_exchange(
    encode: Encode,
    decode: Decode,
    dataset: ImageDataset,
    dimensions: Mapping[str, Sequence[int]],
    judge: FactorJudge,
    pairs: int = PAIRS,
    seed: int = 0,
    report: Report = lambda *_: None,
) -> ExchangeReport:
    """Take each factor of one test image from another, and have the judge say what has changed.

    dimensions: those of each factor. In every pair the factor differs, and the judge reads it right in both
    reconstructions: what those have lost, no exchange can bring back. A factor with more values than `classifier.BINS`
    is unchanged if it is read within one part of them; in its pairs it differs by more than two.
    Raises ExplorerError for images without factors that the judge can read.
    """
    values, names = find_values(dataset), list(dataset.factor_names)
    slack = (np.array(dataset.factor_sizes) > classifier.BINS).astype(int)
    index = dataset.test_index[spread(len(dataset.test_index), POOL)]
    report(0.0, "encoding")
    z = encode(index)
    report(0.1, "reading")
    read, truth = judge.read(decode(z)), values[index]
    legible = (np.abs(read - truth) <= slack).mean(0)
    real = judge.read(to_unit(materialise(dataset.images, index), "none"))
    original = (np.abs(real - truth) <= slack).mean(0)
    readable = [k for k, share in enumerate(legible) if share >= LEGIBLE and np.ptp(truth[:, k])]
    if not readable:
        raise ExplorerError(f"A judge of pixels cannot read any factor in reconstructions of {dataset.name}.")
    trial = _Trial(z, read, lambda codes: judge.read(decode(codes)), readable, slack)
    learned = dataset.train_index[spread(len(dataset.train_index), MEANS)]
    means = _class_means(encode(learned), values[learned])
    rng = np.random.default_rng(seed)
    found = []
    for place, k in enumerate(readable):
        report(0.2 + 0.8 * place / len(readable), f"exchanging {names[k]}")
        taken = tuple(map(int, dimensions.get(names[k], ())))
        a, b = _draw_pairs(read[:, k], truth[:, k], int(slack[k]), pairs, rng)
        shares = trial.compare(k, a, b, taken, means[k], rng) if len(a) else {}
        found.append(
            FactorExchange(
                factor=names[k],
                dimensions=taken,
                original=float(original[k]),
                legible=float(legible[k]),
                pairs=len(a),
                **shares,
            )
        )
    left_out = tuple(name for k, name in enumerate(names) if k not in readable)
    return ExchangeReport(factors=tuple(found), left_out=left_out)


@dataclass(frozen=True)
class _Trial:
    """z: codes `(N, d)`. read: what the judge reads in their images, `(N, K)`. judge: the same for other codes.
    readable: factors that count. slack: by how much each may be read differently, `(K,)`."""

    z: np.ndarray
    read: np.ndarray
    judge: Callable[[np.ndarray], np.ndarray]
    readable: list[int]
    slack: np.ndarray

    def compare(
        self,
        k: int,
        a: np.ndarray,
        b: np.ndarray,
        taken: tuple[int, ...],
        means: dict[int, np.ndarray],
        rng: np.random.Generator,
    ) -> dict[str, Shares]:
        """What happens to factor k of pairs of positions `a (n,)`, `b (n,)`, by each way to take it."""
        first, second = self.z[a], self.z[b]
        ways = {"means": _along_means(first, second, means, self.read[a, k], self.read[b, k])}
        if taken:
            drawn = rng.permuted(np.tile(np.arange(self.z.shape[1]), (len(a), 1)), axis=1)[:, : len(taken)]
            ways["taken"], ways["random"] = exchange(first, second, taken), first.copy()
            np.put_along_axis(ways["random"], drawn, np.take_along_axis(second, drawn, 1), 1)
        others = [j for j in self.readable if j != k]
        return {
            way: _shares(self.judge(codes), self.read[a], self.read[b], k, others, self.slack)
            for way, codes in ways.items()
        }


def _shares(
    after: np.ndarray, a: np.ndarray, b: np.ndarray, k: int, others: list[int], slack: np.ndarray
) -> Shares:
    """after, a, b: the judge's readings `(n, K)`."""
    changed = np.abs(after[:, k] - b[:, k]) <= slack[k]
    kept = np.abs(after[:, others] - a[:, others]) <= slack[others]
    return Shares(
        changed=float(changed.mean()),
        kept=float(kept.mean()) if others else 1.0,
        exact=float((changed & kept.all(1)).mean()),
    )


def _draw_pairs(
    read: np.ndarray, truth: np.ndarray, slack: int, count: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Positions `(n,)` of A and of B, n at most `count`, whose factor the judge reads right and differs."""
    right = np.flatnonzero(np.abs(read - truth) <= slack)
    if len(right) < 2:
        return np.empty(0, int), np.empty(0, int)
    a, b = rng.choice(right, (2, 20 * count))
    apart = np.abs(read[a] - read[b]) > 2 * slack
    return a[apart][:count], b[apart][:count]


def _class_means(codes: np.ndarray, values: np.ndarray) -> list[dict[int, np.ndarray]]:
    """Mean codes of every value of every factor."""
    return [{int(v): codes[column == v].mean(0) for v in np.unique(column)} for column in values.T]


def _along_means(
    a: np.ndarray, b: np.ndarray, means: dict[int, np.ndarray], at: np.ndarray, to: np.ndarray
) -> np.ndarray:
    """Codes `a (n, d)` moved to the place of `b` along the difference of the mean codes of the values `at` and `to`."""
    zero = np.zeros(a.shape[1])
    lines = np.stack([means.get(int(t), zero) - means.get(int(f), zero) for f, t in zip(at, to, strict=True)])
    lines /= np.maximum(np.linalg.norm(lines, axis=1, keepdims=True), 1e-12)
    moved: np.ndarray = (a + ((b - a) * lines).sum(1, keepdims=True) * lines).astype(np.float32)
    return moved
