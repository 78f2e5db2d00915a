"""Disentanglement report of a model: every score with baselines and confidence intervals."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from explorer.config import Config
from explorer.data.dataset import ImageDataset
from explorer.errors import ExplorerError
from explorer.metrics.disentanglement.mig import compute_entropy, compute_mutual_information, find_crowded
from explorer.metrics.disentanglement.sampling import (
    BINS,
    TEST,
    TRAIN,
    bin_factors,
    oracle_codes,
    random_codes,
    varying,
)
from explorer.metrics.disentanglement.scores import SCORES, Report, compute_scores, find_inapplicable
from explorer.metrics.interval import Estimate, check_seeds, compute_estimate

SEEDS = 5
REVISION = 1  # of the definitions: stored reports of another revision are ignored
Encode = Callable[[np.ndarray], np.ndarray]


class Score(Estimate):
    """A score over evaluation seeds. random: the score of random codes. oracle: the score of the factors as codes."""

    random: float | None
    oracle: float | None


class DisentanglementReport(Config):
    """Disentanglement of a model with d latents on K factors.

    scores: by the keys of SCORES. mutual_information: `(K, d)`, in nats, mean over seeds, corrected for chance.
    factor_entropy: `(K,)`, in nats. chance: `(K,)`, the uncorrected estimate for a random code, in nats. images: codes
    per seed. left_out: a sentence about inapplicable factors and scores, or empty. warning: a sentence about codes that
    distort a score, or empty.
    """

    factor_names: list[str]
    factor_sizes: list[int]
    scores: dict[str, Score]
    mutual_information: list[list[float]]
    factor_entropy: list[float]
    chance: list[float]
    images: int
    seeds: int
    left_out: str
    warning: str = ""

    def text(self) -> str:
        """The report as a table in plain text."""
        lines = [f"{'':20} {'mean':>7}   95% interval  random  oracle"]
        for name, s in self.scores.items():
            bases = "".join(f"{'' if b is None else f'{b:.3f}':>8}" for b in (s.random, s.oracle))
            lines.append(f"{SCORES[name][0]:20} {s.mean:7.3f} {s.low:6.3f} to {s.high:5.3f}{bases}")
        lines += [f"{latent_name(j)}: {label}" for j, label in enumerate(labels(self))]
        lines.append(f"{self.images:,} images, {self.seeds} seeds. {self.left_out} {self.warning}".strip())
        return "\n".join(lines)


def shares(information: Sequence[Sequence[float]] | np.ndarray) -> list[tuple[int, float]]:
    """For each latent, the factor with most of its information, and that factor's share of its total information.

    information: mutual information `(K, d)`.
    """
    table = np.asarray(information, np.float64)
    total = table.sum(axis=0)
    best = table.argmax(axis=0)
    part = table.max(axis=0) / np.where(total > 0, total, 1)
    return [(int(k), float(share)) for k, share in zip(best, part, strict=True)]


def labels(report: DisentanglementReport) -> list[str]:
    """A label for each latent: its most informative factor with its share, such as "x position, 81 %".

    "no factor" if the information is less than twice that of a random code. If there is only one factor, the label has
    the mutual information in nats instead of the share.
    """
    table, floor = np.array(report.mutual_information), 2 * np.array(report.chance)
    single = len(report.factor_names) == 1
    names = []
    for j, (k, share) in enumerate(shares(table)):
        value = f"{table[k, j]:.2f} nats" if single else f"{100 * share:.0f} %"
        names.append(f"{report.factor_names[k]}, {value}" if table[k, j] > floor[k] else "no factor")
    return names


def dimensions_of(report: DisentanglementReport) -> dict[str, tuple[int, ...]]:
    """The dimensions of each factor: those with at least half as much information about it as the one with most.

    They may share dimensions. A factor of which no dimension says more than twice what a random code would has none.
    """
    table, floor = np.array(report.mutual_information), 2 * np.array(report.chance)
    return {
        name: tuple(np.flatnonzero((row > least) & (row >= row.max() / 2)).tolist())
        for name, row, least in zip(report.factor_names, table, floor, strict=True)
    }


def ground_truth(dataset: ImageDataset) -> tuple[np.ndarray, list[str]]:
    """The factors `(N, K)` of a data set with their names; without factors, its labels as a single factor.

    Raises ExplorerError if it has neither.
    """
    if dataset.factors is not None:
        return dataset.factors, list(dataset.factor_names)
    if dataset.labels is not None:
        return dataset.labels[:, None], ["class"]
    raise ExplorerError(
        f"{dataset.name} has neither factors nor labels, so there is nothing to compare codes with; "
        "choose a model of sprites, or of images with labels."
    )


def compute_report(
    encode: Encode,
    dataset: ImageDataset,
    latents: int,
    seeds: int = SEEDS,
    report: Report = lambda *_: None,
    exact: bool = False,
) -> DisentanglementReport:
    """Compute the disentanglement report of a model on 15,000 random images per seed (or all, if there are fewer).

    Images are drawn from training and test images, as in Locatello et al. 2019. encode: maps image indices `(N,)` to
    posterior means `(N, d)`. report: called with progress (fraction, message). exact: use exact trees for DCI. Raises
    ExplorerError for fewer than two seeds, no factors, only constant factors, or too few images.
    """
    check_seeds(seeds)
    factors, names = ground_truth(dataset)
    if len(dataset) < 100:
        raise ExplorerError(f"{dataset.name} has {len(dataset)} images, and metrics need at least 100.")
    columns = varying(factors)
    if not len(columns):
        raise ExplorerError("All images have the same factors or labels, so there is nothing to tell apart.")
    share, cut = 1 / (seeds + 2), min(TRAIN + TEST, len(factors)) * TRAIN // (TRAIN + TEST)
    scores: list[dict[str, float]] = []
    tables: list[np.ndarray] = []
    crowded: set[int] = set()
    for seed, (index, sample) in enumerate(_draws(factors[:, columns], seeds)):
        suffix = f", seed {seed + 1} of {seeds}"
        report(seed * share, f"encoding{suffix}")
        codes = encode(index)
        scores.append(compute_scores(codes, sample, seed, _part(report, seed * share, share, suffix), exact))
        tables.append(compute_mutual_information(codes[:cut], sample[:cut], corrected=True))
        crowded |= set(find_crowded(codes[:cut]).tolist())
        if not seed:
            first = sample
    baseline = random_codes(len(first), latents, 0)
    low = compute_scores(baseline, first, 0, _part(report, seeds * share, share, ", random codes"), exact)
    oracle = oracle_codes(first, min(latents, 2))
    high = compute_scores(
        oracle, first, 0, _part(report, (seeds + 1) * share, share, ", true factors"), exact
    )
    return DisentanglementReport(
        factor_names=[names[k] for k in columns],
        factor_sizes=[int(size) for size in first.max(axis=0) + 1],
        scores={name: _score([s[name] for s in scores], low.get(name), high.get(name)) for name in low},
        mutual_information=np.mean(tables, axis=0).tolist(),
        factor_entropy=compute_entropy(first[:cut]).tolist(),
        chance=compute_mutual_information(baseline[:cut], first[:cut]).mean(1).tolist(),
        images=len(first),
        seeds=seeds,
        left_out=_constant([name for k, name in enumerate(names) if k not in columns])
        + _sentence(find_inapplicable(first, latents)),
        warning=_warning(sorted(crowded)),
    )


def _draws(factors: np.ndarray, seeds: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the image indices `(N,)` of each seed and their factors `(N, K)`."""
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        index = rng.choice(len(factors), min(TRAIN + TEST, len(factors)), replace=False)
        yield index, bin_factors(factors[index])


def _part(report: Report, start: float, length: float, suffix: str) -> Report:
    return lambda fraction, what: report(start + length * (0.2 + 0.8 * fraction), what + suffix)


def _score(values: list[float], random: float | None, oracle: float | None) -> Score:
    return Score(**dict(compute_estimate(values, share=True)), random=random, oracle=oracle)


def latent_name(position: int) -> str:
    """The name of the latent dimension at a position counted from 0: z₁ is the first, as on the pages."""
    return "z" + str(position + 1).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def _warning(crowded: list[int]) -> str:
    if not crowded:
        return ""
    names = ", ".join(map(latent_name, crowded))
    return (
        f"A few outlying codes leave most of the {BINS} equal-width bins of {names} empty: mutual "
        "information, MIG and modularity are too low there."
    )


def _constant(names: list[str]) -> str:
    same = "it is the same in all images" if len(names) == 1 else "they are the same in all images"
    return f"Left out, because {same}: {', '.join(names)}. " if names else ""


def _sentence(reasons: dict[str, str]) -> str:
    """One sentence per reason, with the names of its scores."""
    labels: dict[str, list[str]] = {}
    for name, reason in reasons.items():
        labels.setdefault(reason, []).append(SCORES[name][0])
    return " ".join(f"Left out, because {reason}: {', '.join(names)}." for reason, names in labels.items())
