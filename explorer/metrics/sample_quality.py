"""Sample quality: comparison with real images that the model has not seen, with intervals over seeds.

Each seed splits the test images in two halves. Densities over codes are fitted to the codes of one half, and the
decoded samples are compared with the images of the other, so that a density which merely remembers codes gains
nothing. Nothing here imports torch.

Coverage says most. Distances are distances of pixels, and a decoder gives mean images: blurred or faint ones lie near
the middle of all images, inside the large balls of unusual ones. On larger images precision, density and completeness
forgive that (on MNIST they stay at their best for a plain AE's faint blends), and recall is near 0 for any decoder,
because its images lack the detail of real ones.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from explorer.config import Config
from explorer.data.dataset import ImageDataset
from explorer.errors import ExplorerError
from explorer.latents.codes import Codes
from explorer.latents.samplers import KINDS
from explorer.metrics import sample_measures
from explorer.metrics.interval import Estimate, check_seeds, compute_estimate
from explorer.metrics.manifold import K, compute_expected_coverage
from explorer.metrics.sample_measures import Decode

DENSITIES = tuple(kind for kind in KINDS if kind != "around")
SEEDS = 5
REVISION = 1  # of the definitions: reports stored under another one are not shown
Report = Callable[[float, str], None]


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


class SampleReport(Config):
    """The quality of a decoder's samples, as `compute_sample_quality` measures it.

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
        for name, estimate in self.measures.items():
            real = f"{self.real[name].mean:13.3f}" if name in self.real else ""
            interval = f"{estimate.low:7.3f} to {estimate.high:6.3f}"
            lines.append(f"{MEASURES[name].label:26} {estimate.mean:8.3f} {interval} {real}".rstrip())
        lines.append(
            f"{self.samples} samples against {self.images} test images, {self.training} training images, "
            f"{self.features} features, {self.seeds} seeds"
        )
        return "\n".join(lines)


def compute_sample_quality(
    decode: Decode,
    codes: Codes,
    dataset: ImageDataset,
    binarize: str,
    kind: str = "prior",
    seeds: int = SEEDS,
    report: Report = lambda *_: None,
) -> SampleReport:
    """Decode random codes of a kind and compare the images with real ones, once for each seed from 0 on.

    decode: codes `(n, d)` to images `(n, C, H, W)`. codes: of test images. dataset, binarize: what the model was
    trained on. report(fraction, what) receives the progress. Raises ExplorerError if there are too few test images,
    for fewer than two seeds, or if `kind` is not one of DENSITIES.
    """
    if kind not in DENSITIES:
        raise ExplorerError(f"Sample quality is computed for {', '.join(DENSITIES)}, not for {kind!r}.")
    check_seeds(seeds)
    report(0.0, "comparing real images")
    reference = sample_measures.build_reference(decode, codes, dataset, binarize)
    rows, real = [], []
    for seed in range(seeds):
        report((seed + 1) / (seeds + 1), f"sampling, seed {seed + 1} of {seeds}")
        measures, baseline = sample_measures.compute_measures(reference, kind, seed)
        rows.append(measures)
        real.append(baseline)
    return SampleReport(
        kind=kind,
        k=K,
        seeds=seeds,
        samples=reference.images,
        images=reference.images,
        fitted=len(reference.codes) - reference.images,
        training=len(reference.training),
        segments=sample_measures.SEGMENTS,
        steps=sample_measures.STEPS,
        features=reference.test.shape[1],
        explained=reference.space.explained,
        codes=len(codes),
        distortion=float(codes.distortion.mean(dtype=np.float64)),
        coverage_limit=compute_expected_coverage(reference.images, reference.images),
        measures=_estimates(rows),
        real=_estimates(real),
    )


def _estimates(rows: list[dict[str, float]]) -> dict[str, Estimate]:
    return {name: compute_estimate([row[name] for row in rows], MEASURES[name].share) for name in rows[0]}
