"""How disentangled a stored model is, with baselines and intervals, kept beside the checkpoint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from explorer.config import Config, parse
from explorer.data.dataset import ImageDataset
from explorer.disk import check_writable, disk_errors, replace_file
from explorer.errors import ExplorerError
from explorer.metrics.disentanglement.mig import entropy, mutual_information
from explorer.metrics.disentanglement.sampling import TEST, TRAIN, gathered, oracle_codes, random_codes, split
from explorer.metrics.disentanglement.sampling import check as sample_of
from explorer.metrics.disentanglement.scores import SCORES, Tell, left_out, scores
from explorer.metrics.sample_quality import estimate
from explorer.store import DECODER, WEIGHTS, Checkpoint

__all__ = [
    "SCORES",
    "DisentanglementReport",
    "Score",
    "compute",
    "evaluate",
    "labels",
    "mutual_information",
    "shares",
    "stored",
]

SEEDS = 5
REVISION = 1  # of the definitions: reports stored under another one are not shown
Encode = Callable[[np.ndarray], np.ndarray]


class Score(Config):
    """Mean over evaluation seeds and its 95% interval (Student's t, cut to [0, 1]); random: of codes that know nothing;
    oracle: of the factors themselves as codes."""

    mean: float
    low: float
    high: float
    random: float | None
    oracle: float | None


class DisentanglementReport(Config):
    """scores: by the keys of SCORES. mutual_information: K factors × d latents, factor_entropy: K, both in nats, means
    over seeds; chance: K, what a random code seems to know of each factor, the floor of what can be read off.
    images: codes per seed. left_out: a sentence about scores that have no meaning here, or nothing."""

    factor_names: list[str]
    factor_sizes: list[int]
    scores: dict[str, Score]
    mutual_information: list[list[float]]
    factor_entropy: list[float]
    chance: list[float]
    images: int
    seeds: int
    left_out: str

    def text(self) -> str:
        """The report as aligned lines."""
        lines = [f"{'':20} {'mean':>7}   95% interval  random  oracle"]
        for name, s in self.scores.items():
            bases = "".join(f"{'' if b is None else f'{b:.3f}':>8}" for b in (s.random, s.oracle))
            lines.append(f"{SCORES[name][0]:20} {s.mean:7.3f} {s.low:6.3f} to {s.high:5.3f}{bases}")
        lines += [f"z{j}: {label}" for j, label in enumerate(labels(self))]
        lines.append(f"{self.images:,} images, {self.seeds} seeds. {self.left_out}".strip())
        return "\n".join(lines)


def shares(information: Sequence[Sequence[float]] | np.ndarray) -> list[tuple[int, float]]:
    """Per latent the factor that it knows most of, and that factor's share of all its information `(K, d)`."""
    table = np.asarray(information, np.float64)
    total = table.sum(axis=0)
    best = table.argmax(axis=0)
    part = table.max(axis=0) / np.where(total > 0, total, 1)
    return [(int(k), float(share)) for k, share in zip(best, part, strict=True)]


def labels(report: DisentanglementReport) -> list[str]:
    """A name for each latent: the factor it knows most of, with its share, such as "x position, 81 %"; "no factor" if
    it knows hardly more than a random code. Where there is one factor only, what it knows of that, in nats."""
    table, floor = np.array(report.mutual_information), 2 * np.array(report.chance)
    single = len(report.factor_names) == 1
    named = []
    for j, (k, share) in enumerate(shares(table)):
        known = f"{table[k, j]:.2f} nats" if single else f"{100 * share:.0f} %"
        named.append(f"{report.factor_names[k]}, {known}" if table[k, j] > floor[k] else "no factor")
    return named


def truth(dataset: ImageDataset) -> tuple[np.ndarray, list[str]]:
    """The factors `(N, K)` of a data set with their names; its labels, where it has nothing else.

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


def evaluate(
    encode: Encode, dataset: ImageDataset, latents: int, seeds: int = SEEDS, tell: Tell = lambda *_: None
) -> DisentanglementReport:
    """Draw 15,000 images (all, if there are fewer) for each seed, from training and test images alike as in Locatello
    et al. 2019, encode and score them.

    encode: indices of images `(N,)` to posterior means `(N, d)`. tell(fraction, what) hears of the progress. Raises
    ExplorerError for fewer than two seeds, or if the data set has no factors, none that varies, or too few images.
    """
    if seeds < 2:
        raise ExplorerError(f"An interval over seeds needs at least 2 seeds, not {seeds}.")
    factors, names = truth(dataset)
    if len(dataset) < 100:
        raise ExplorerError(f"{dataset.name} has {len(dataset)} images, and metrics need at least 100.")
    looks: list[dict[str, float]] = []
    tables: list[np.ndarray] = []
    for seed, (index, drawn) in enumerate(_draws(factors, seeds)):
        part = (seed / (seeds + 2), 1 / (seeds + 2))
        tell(part[0], f"encoding, seed {seed + 1} of {seeds}")
        codes = encode(index)
        looks.append(scores(codes, drawn, seed, _within(tell, *part, f", seed {seed + 1} of {seeds}")))
        seen, _ = split(sample_of(codes, drawn))
        tables.append(mutual_information(seen.codes, seen.factors))
        if not seed:
            base, sizes, entropies = drawn, drawn.max(axis=0) + 1, entropy(seen.factors)
    part = (seeds / (seeds + 2), 1 / (seeds + 2))
    random = random_codes(len(base), latents, 0)
    lows = scores(random, base, 0, _within(tell, *part, ", random codes"))
    highs = scores(
        oracle_codes(base, min(latents, 2)),
        base,
        0,
        _within(tell, part[0] + part[1], part[1], ", true factors"),
    )
    return DisentanglementReport(
        factor_names=[names[k] for k in _varying(factors)],
        factor_sizes=[int(size) for size in sizes],
        scores={
            name: _score([look[name] for look in looks], lows.get(name), highs.get(name)) for name in lows
        },
        mutual_information=np.mean(tables, axis=0).tolist(),
        factor_entropy=entropies.tolist(),
        chance=mutual_information(random[: len(base) * 2 // 3], base[: len(base) * 2 // 3]).mean(1).tolist(),
        images=len(base),
        seeds=seeds,
        left_out=_sentence(left_out(base, latents)),
    )


def _varying(factors: np.ndarray) -> list[int]:
    return [k for k, column in enumerate(factors.T) if column.min() < column.max()]


def _draws(factors: np.ndarray, seeds: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For each seed the images `(N,)` and those of their factors `(N, K)` that vary at all."""
    varying = _varying(factors)
    if not varying:
        raise ExplorerError("All images have the same factors or labels, so there is nothing to tell apart.")
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        index = rng.choice(len(factors), min(TRAIN + TEST, len(factors)), replace=False)
        yield index, gathered(factors[index][:, varying])


def _within(tell: Tell, start: float, length: float, suffix: str) -> Tell:
    return lambda fraction, what: tell(start + length * (0.2 + 0.8 * fraction), what + suffix)


def _score(values: list[float], random: float | None, oracle: float | None) -> Score:
    found = estimate(values, share=True)
    return Score(mean=found.mean, low=found.low, high=found.high, random=random, oracle=oracle)


def _sentence(why: dict[str, str]) -> str:
    """One sentence per reason, naming the scores."""
    reasons: dict[str, list[str]] = {}
    for name, reason in why.items():
        reasons.setdefault(reason, []).append(SCORES[name][0])
    return " ".join(f"Left out, because {reason}: {', '.join(names)}." for reason, names in reasons.items())


def _file(checkpoint: Checkpoint) -> Path:
    """Named after all that a report depends on: a checkpoint that was replaced has none yet."""
    manifest = checkpoint.manifest
    weights = manifest.files.get(WEIGHTS) or manifest.files[DECODER]  # of some imported models that is all
    parts = (str(REVISION), weights, manifest.data.model_dump_json())
    return (
        checkpoint.path
        / f"disentanglement-{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:12]}.json"
    )


def stored(checkpoint: Checkpoint) -> DisentanglementReport | None:
    """The report kept beside a checkpoint; None if there is none, or it is damaged and must be computed again."""
    file = _file(checkpoint)
    try:
        return parse(DisentanglementReport, json.loads(file.read_bytes()), file.name)
    except (OSError, ValueError, ExplorerError):
        return None


def compute(
    checkpoint: Checkpoint, seeds: int = SEEDS, tell: Tell = lambda *_: None
) -> DisentanglementReport:
    """Encode images of the checkpoint's data, score the codes, and keep the report beside the checkpoint.

    Raises ExplorerError as `evaluate` does, if the data are not there, or if the report cannot be written.
    """
    check_writable(checkpoint.path)
    tell(0.0, "loading the model")
    from explorer.latents.encode import encode_means
    from explorer.models.device import pick_device
    from explorer.store.originals import load_images
    from explorer.store.weights import load_model

    dataset, model = load_images(checkpoint), load_model(checkpoint).to(pick_device("auto"))
    binarize, latents = checkpoint.manifest.data.binarize, checkpoint.manifest.model.latent_size
    report = evaluate(
        lambda index: encode_means(model, dataset, index, binarize), dataset, latents, seeds, tell
    )
    file = _file(checkpoint)
    with disk_errors(file.name, file.parent):
        replace_file(file, json.dumps(report.model_dump(mode="json"), allow_nan=False).encode())
    return report
