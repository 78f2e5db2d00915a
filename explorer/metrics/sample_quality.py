"""Sample quality: comparison with real images that the model has not seen, with intervals over seeds.

Each seed splits the test images in two halves. Densities over codes are fitted to the codes of one half, and the
decoded samples are compared with the images of the other, so that a density which merely remembers codes gains
nothing. Torch is imported only to train a classifier that is not there yet.

Images are compared by what they show: in the features of a small classifier of the data set's labels or factors
(`explorer.metrics.classifier`). Coverage says most, and recall: a decoder's faint blends lie near the middle of all
images, inside the large balls of unusual ones, which precision and density forgive. Distances of pixels forgive it most
(on MNIST they put a plain AE's scribbles above a VAE's digits), so the numbers that rest on them are named as such;
they are all there is for images without labels and factors.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from explorer.config import Config
from explorer.data.dataset import ImageDataset
from explorer.errors import ExplorerError
from explorer.latents import samplers, token_sampler
from explorer.latents.codes import Codes
from explorer.latents.learned_sampler import LearnedSampler
from explorer.metrics import sample_measures
from explorer.metrics.interval import Estimate, check_seeds, compute_estimate
from explorer.metrics.manifold import K, compute_expected_coverage
from explorer.metrics.sample_measures import Decode

DENSITIES = tuple(
    kind for kind in samplers.KINDS | token_sampler.KINDS | token_sampler.LEARNED if kind != "around"
)
SEEDS = 5
REVISION = 2  # of the definitions: reports stored under another one are not shown
Report = Callable[[float, str], None]


class Measure(NamedTuple):
    """label and sentence for people; share: whether it lies between 0 and 1."""

    label: str
    about: str
    share: bool


MEASURES = {
    "coverage": Measure("coverage", "share of real images that have a sample close by", True),
    "recall": Measure("recall", "share of real images that lie among the samples", True),
    "holes": Measure(
        "in a hole",
        "share of samples that are farther from every training image than 95 % of real test images are",
        True,
    ),
    "frechet": Measure(
        "Fréchet distance", "between the features of samples and of real images, each as a Gaussian", False
    ),
    "density": Measure(
        "density", "in how many neighbourhoods of real images a sample lies; 1 for real ones", False
    ),
    "precision": Measure(
        "precision", "share of samples that lie in the neighbourhood of some real image", True
    ),
    "coverage_pixels": Measure("coverage in pixels", "the same as coverage, by distances of pixels", True),
    "recall_pixels": Measure("recall in pixels", "the same as recall, by distances of pixels", True),
    "density_pixels": Measure(
        "density in pixels", "the same as density, by distances of pixels: faint blends score high", False
    ),
    "precision_pixels": Measure(
        "precision in pixels", "the same as precision, by distances of pixels: faint blends score high", True
    ),
    "nearest": Measure(
        "distance to training images in pixels",
        "mean distance of samples to their nearest training image, relative to that of real test images: "
        "1 is as near, 0 a copy",
        False,
    ),
    "speed": Measure("speed", "how far the image moves per unit of z, between codes from N(0, I)", False),
    "jump": Measure(
        "largest jump",
        "largest step of the image in mean steps, on the way between codes from N(0, I)",
        False,
    ),
}


class SampleReport(Config):
    """The quality of a decoder's samples, as `compute_sample_quality` measures it.

    measures: by the names of MEASURES; the last two belong to the decoder under N(0, I), whatever the kind. Without
    labels and factors there are those in pixels only. real: the same for real training images in the place of samples,
    what a perfect model would score (holes: for test images). classifier, accuracy: what it tells apart, in words, and
    how often it is right on validation images; empty and 0 if there is none.
    samples, images: how many samples are compared with how many real images, per seed, after `fitted` others gave
    the density. training: how many training images are searched. segments: how many lines, of `steps` steps each.
    features, explained: dimensions of the space of pixels, and its share of their variance. coverage_limit:
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
    classifier: str
    accuracy: float
    codes: int
    distortion: float
    coverage_limit: float
    measures: dict[str, Estimate]
    real: dict[str, Estimate]

    def text(self) -> str:
        """The report as aligned lines: mean, interval, and what real images score."""
        wide = max(len(MEASURES[name].label) for name in self.measures)
        lines = [f"{'':{wide}} {'mean':>8}   95% interval   real images"]
        for name, estimate in sorted(self.measures.items(), key=lambda item: list(MEASURES).index(item[0])):
            real = f"{self.real[name].mean:13.3f}" if name in self.real else ""
            interval = f"{estimate.low:7.3f} to {estimate.high:6.3f}"
            lines.append(f"{MEASURES[name].label:{wide}} {estimate.mean:8.3f} {interval} {real}".rstrip())
        lines.append(self.space)
        lines.append(
            f"{self.samples} samples against {self.images} test images, {self.training} training images, "
            f"{self.features} components of pixels, {self.seeds} seeds"
        )
        return "\n".join(lines)

    @property
    def space(self) -> str:
        """In which space images are compared, as a sentence."""
        if not self.classifier:
            return (
                "These images have no labels or factors to train a classifier on, so distances are of pixels."
            )
        right = f"{100 * self.accuracy:.0f} % right on images it has not seen"
        return f"Distances are in the features of a small classifier of {self.classifier} ({right})."


def compute_sample_quality(
    decode: Decode,
    codes: Codes,
    dataset: ImageDataset,
    binarize: str,
    kind: str = "prior",
    seeds: int = SEEDS,
    report: Report = lambda *_: None,
    learned: LearnedSampler | None = None,
) -> SampleReport:
    """Decode random codes of a kind and compare the images with real ones, once for each seed from 0 on.

    decode: codes `(n, d)` to images `(n, C, H, W)`. codes: of test images. dataset, binarize: what the model was
    trained on. report(fraction, what) receives the progress. learned: draws the codes of that kind; its prior knows no
    test image, so that it is the same for every seed. Raises ExplorerError if there are too few test images,
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
        measures, baseline = sample_measures.compute_measures(reference, kind, seed, learned)
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
        classifier=reference.shown.space.about if reference.shown else "",
        accuracy=reference.shown.space.accuracy if reference.shown else 0.0,
        codes=len(codes),
        distortion=float(codes.distortion.mean(dtype=np.float64)),
        coverage_limit=compute_expected_coverage(reference.images, reference.images),
        measures=_estimates(rows),
        real=_estimates(real),
    )


def _estimates(rows: list[dict[str, float]]) -> dict[str, Estimate]:
    return {name: compute_estimate([row[name] for row in rows], MEASURES[name].share) for name in rows[0]}
