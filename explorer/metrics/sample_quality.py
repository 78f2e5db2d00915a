"""How good are a model's samples? Judged against real images it has not seen, with intervals over seeds.

Each seed splits the test images in two halves. Densities over codes are fitted to the codes of one half, and the
decoded samples are compared with the images of the other, so that a density which merely remembers codes gains
nothing. The decoder runs in ONNX Runtime; nothing here imports torch.

Coverage tells most. Distances are distances of pixels, and what a decoder gives is a mean image: blurred or faint ones
lie near the middle of all images, inside the large balls of unusual ones. On larger images precision, density and
completeness forgive that (on MNIST they stay at their best for a plain AE's faint blends), and recall is near 0 for
any decoder, for lack of the detail that real images have.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from explorer.config import Config, parse
from explorer.data.dataset import ImageDataset
from explorer.disk import disk_errors, replace_file
from explorer.errors import ExplorerError
from explorer.latents.samplers import KINDS
from explorer.metrics.manifold import K, expected_coverage
from explorer.store import CODES, DECODER, Checkpoint

DENSITIES = tuple(kind for kind in KINDS if kind != "around")
SEEDS = 5
REVISION = 1  # of the definitions: reports stored under another one are not shown
CONFIDENCE = 0.95
Tell = Callable[[float, str], None]


class Measure(NamedTuple):
    """label and sentence for people; share: whether it lies between 0 and 1."""

    label: str
    about: str
    share: bool


MEASURES = {
    "precision": Measure("precision", "share of samples that lie where real images are", True),
    "recall": Measure("recall", "share of real images that lie where samples are", True),
    "density": Measure("density", "how deep inside the real images samples lie; 1 like real ones", False),
    "coverage": Measure("coverage", "share of real images that have a sample close by", True),
    "nearest": Measure(
        "distance to training images",
        "mean distance of samples to their nearest training image, relative to that of real test images: "
        "1 is as near, 0 a copy",
        False,
    ),
    "completeness": Measure(
        "completeness", "share of codes from N(0, I) that decode to where real images are", True
    ),
    "speed": Measure("speed", "how far the image moves per unit of z, between codes from N(0, I)", False),
    "jump": Measure(
        "largest jump",
        "largest step of the image in mean steps, on the way between codes from N(0, I)",
        False,
    ),
}


def measures() -> dict[str, dict[str, Any]]:
    """MEASURES as JSON, for a page."""
    return {name: measure._asdict() for name, measure in MEASURES.items()}


class Estimate(Config):
    """Mean over seeds and its 95% interval (Student's t; cut to [0, 1] for a share)."""

    mean: float
    low: float
    high: float


class SampleReport(Config):
    """What `evaluate` found.

    measures: by the names of MEASURES; the last three belong to the decoder under N(0, I), whatever the kind.
    real: the first four for real training images in the place of samples, what a perfect model would score.
    samples, images: how many samples are compared with how many real images, per seed, after `fitted` others gave
    the density. training: how many training images are searched. segments: how many lines, of `steps` steps each.
    features, explained: dimensions of the space of images, and its share of their variance. coverage_limit:
    coverage to be expected of samples from the data's own distribution. distortion: −log p(x|z) at z = mean in nats
    per image, over `codes` test images.
    """

    kind: str
    k: int
    seeds: int
    samples: int
    images: int
    fitted: int
    training: int
    segments: int
    steps: int
    features: int
    explained: float
    codes: int
    distortion: float
    coverage_limit: float
    measures: dict[str, Estimate]
    real: dict[str, Estimate]

    def text(self) -> str:
        """The report as aligned lines: mean, interval, and what real images score."""
        lines = [f"{'':26} {'mean':>8}   95% interval   real images"]
        for name, found in self.measures.items():
            real = f"{self.real[name].mean:13.3f}" if name in self.real else ""
            interval = f"{found.low:7.3f} to {found.high:6.3f}"
            lines.append(f"{MEASURES[name].label:26} {found.mean:8.3f} {interval} {real}".rstrip())
        lines.append(
            f"{self.samples} samples against {self.images} test images, {self.training} training images, "
            f"{self.features} features, {self.seeds} seeds"
        )
        return "\n".join(lines)


def estimate(values: list[float], share: bool = False) -> Estimate:
    """Mean and 95% interval of one value per seed. Raises ExplorerError for fewer than two."""
    from scipy import stats

    if len(values) < 2:
        raise ExplorerError("An interval over seeds needs at least 2 seeds.")
    mean, error = float(np.mean(values)), float(np.std(values, ddof=1)) / math.sqrt(len(values))
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, len(values) - 1)) * error
    low, high = mean - half, mean + half
    return Estimate(mean=mean, low=max(low, 0.0) if share else low, high=min(high, 1.0) if share else high)


def evaluate(
    checkpoint: Checkpoint,
    dataset: ImageDataset,
    kind: str = "prior",
    seeds: int = SEEDS,
    tell: Tell = lambda *_: None,
) -> SampleReport:
    """Sample a checkpoint's decoder with codes of a kind and judge the images, once for each seed from 0 on.

    dataset: what it was trained on. tell(fraction, what) hears of the progress. Raises ExplorerError if the data set
    is another one or has too few test images, for fewer than two seeds, or if `kind` is not one of DENSITIES.
    """
    from explorer.metrics import sample_measures

    if kind not in DENSITIES:
        raise ExplorerError(f"Samples are judged for {', '.join(DENSITIES)}, not for {kind!r}.")
    if seeds < 2:
        raise ExplorerError(f"An interval over seeds needs at least 2 seeds, not {seeds}.")
    tell(0.0, "comparing real images")
    ready = sample_measures.build(checkpoint, dataset)
    rows, real = [], []
    for seed in range(seeds):
        tell((seed + 1) / (seeds + 1), f"sampling, seed {seed + 1} of {seeds}")
        ours, theirs = sample_measures.one_seed(ready, kind, seed)
        rows.append(ours)
        real.append(theirs)
    return SampleReport(
        kind=kind,
        k=K,
        seeds=seeds,
        samples=ready.judged,
        images=ready.judged,
        fitted=len(ready.codes) - ready.judged,
        training=len(ready.training),
        segments=sample_measures.SEGMENTS,
        steps=sample_measures.STEPS,
        features=ready.test.shape[1],
        explained=ready.space.explained,
        codes=len(checkpoint.codes),
        distortion=float(checkpoint.codes.distortion.mean(dtype=np.float64)),
        coverage_limit=expected_coverage(ready.judged, ready.judged),
        measures=_estimates(rows),
        real=_estimates(real),
    )


def _estimates(rows: list[dict[str, float]]) -> dict[str, Estimate]:
    return {name: estimate([row[name] for row in rows], MEASURES[name].share) for name in rows[0]}


def _file(checkpoint: Checkpoint, kind: str, seeds: int) -> Path:
    """Named after all that a report depends on: a checkpoint that was replaced has none yet."""
    files = checkpoint.manifest.files
    parts = (
        REVISION,
        K,
        CONFIDENCE,
        seeds,
        files[CODES],
        files[DECODER],
        checkpoint.manifest.data.model_dump_json(),
    )
    digest = hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
    return checkpoint.path / f"samples-{kind}-{digest[:12]}.json"


def stored(checkpoint: Checkpoint, kind: str, seeds: int = SEEDS) -> bool:
    """Whether that report has been computed."""
    return _file(checkpoint, kind, seeds).is_file()


def read(checkpoint: Checkpoint, kind: str, seeds: int = SEEDS) -> SampleReport:
    """The stored report. Raises ExplorerError if there is none or it is damaged."""
    file = _file(checkpoint, kind, seeds)
    try:
        values = json.loads(file.read_bytes())
    except OSError:
        raise ExplorerError(
            f"Samples of {checkpoint.name} ({kind}) have not been judged yet; "
            f"do it with: python -m explorer samples {checkpoint.name} --kind {kind}"
        ) from None
    except ValueError:
        raise ExplorerError(f"{file.name} of {checkpoint.name} is damaged; delete it.") from None
    return parse(SampleReport, values, f"{checkpoint.name}/{file.name}")


def compute(
    checkpoint: Checkpoint, kind: str = "prior", seeds: int = SEEDS, tell: Tell = lambda *_: None
) -> SampleReport:
    """Load the checkpoint's data, judge, and keep the report beside the checkpoint.

    Raises ExplorerError as `evaluate` does, if the data are not there, or if the report cannot be written.
    """
    from explorer import data

    report = evaluate(checkpoint, data.load(checkpoint.manifest.data), kind, seeds, tell)
    file = _file(checkpoint, kind, seeds)
    text = json.dumps(report.model_dump(mode="json"), indent=2, allow_nan=False)
    with disk_errors(file.name, file.parent):
        replace_file(file, text.encode())
    return report
