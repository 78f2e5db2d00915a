"""What one seed measures of a decoder's samples."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from explorer.data.dataset import ImageDataset, materialise
from explorer.latents.codes import Codes
from explorer.latents.learned_sampler import LearnedSampler
from explorer.latents.samplers import draw_noise
from explorer.latents.token_sampler import fit_sampler
from explorer.metrics import classifier
from explorer.metrics.continuity import compute_continuity, segments
from explorer.metrics.feature_space import FeatureSpace
from explorer.metrics.frechet import compute_frechet
from explorer.metrics.image_space import ImageSpace, to_unit
from explorer.metrics.manifold import compute_manifold
from explorer.metrics.real_images import RealImages, is_trusted
from explorer.metrics.training_images import TrainingImages, place_stored, spread

MAX_IMAGES = 5_000  # test images used
SEGMENTS, STEPS = 128, 32
BATCH = 500
Decode = Callable[..., np.ndarray]


@dataclass(frozen=True)
class Shown:
    """What images show to the data set's classifier: features of the test images `test (N, f)`, of training images
    `training (M, f)`, and the distance to the nearest real image."""

    space: FeatureSpace
    test: np.ndarray
    training: np.ndarray
    real_images: RealImages


@dataclass(frozen=True)
class Reference:
    """A decoder, and the real images that its samples are compared with: the same for all seeds.

    decode: codes `(n, d)` to images `(n, C, H, W)`; the second argument is their classes `(n,)`, None except for a
    conditional model. codes: of the test images, whose pixels lie at `test (N, f)` of `space`. shown: the same in the
    features of a classifier, None for images of which nothing is known.
    """

    decode: Decode
    codes: Codes
    space: ImageSpace
    test: np.ndarray
    training: TrainingImages
    shown: Shown | None

    @property
    def images(self) -> int:
        """How many test images a seed compares with: the larger half of them."""
        return len(self.codes) - len(self.codes) // 2


def build_reference(decode: Decode, codes: Codes, dataset: ImageDataset, binarize: str) -> Reference:
    """decode, codes: of a model that was trained on `dataset`, binarized as `binarize` says."""
    codes = codes.rows(spread(len(codes), MAX_IMAGES))
    images = to_unit(materialise(dataset.images, codes.index), binarize)
    space = ImageSpace.fit(images)
    training = TrainingImages.build(dataset, space, binarize)
    features = classifier.find_space(dataset, binarize)

    def decode_batches(z: np.ndarray, label: np.ndarray | None) -> np.ndarray:
        parts = [slice(start, start + BATCH) for start in range(0, len(z), BATCH)]
        if label is None:
            return np.concatenate([decode(z[part]) for part in parts]).clip(0, 1)
        return np.concatenate([decode(z[part], label=label[part]) for part in parts]).clip(0, 1)

    shown = _see(features, images, dataset, binarize) if features else None
    return Reference(decode_batches, codes, space, space.place(images), training, shown)


def _see(space: FeatureSpace, images: np.ndarray, dataset: ImageDataset, binarize: str) -> Shown:
    test = space.place(images)
    index = dataset.train_index[spread(len(dataset.train_index), MAX_IMAGES)]
    training = place_stored(space, dataset.images, index, binarize)
    return Shown(space, test, training, RealImages.build(dataset, space, test, binarize))


def compute_measures(
    reference: Reference, kind: str, seed: int, learned: LearnedSampler | None = None
) -> tuple[dict[str, float], dict[str, float]]:
    """The measures of one seed: of as many samples as there are test images to compare with, and of real training
    images in place of samples. learned: draws the codes of the kind of that name."""
    rng = np.random.default_rng((seed, 2))
    order, count = rng.permutation(len(reference.codes)), reference.images
    d = reference.codes.mean.shape[1]

    noise = draw_noise(seed, count, d)
    sampler = learned or fit_sampler(kind, reference.codes.rows(order[:-count]), seed=seed)
    drawn = _draw_classes(reference, count, seed)
    samples = reference.decode(sampler.sample(noise, count), drawn)
    measures: dict[str, float] = {}
    baseline: dict[str, float] = {}
    if shown := reference.shown:
        seen = shown.test[order[-count:]]
        measures |= _compare(shown, seen, shown.space.place(samples))
        baseline |= _compare(shown, seen, shown.training[rng.permutation(len(shown.training))[:count]])
        baseline |= _holes(shown, seen)  # training images lie at no distance from themselves

    real, placed = reference.test[order[-count:]], reference.space.place(samples)
    measures |= _in_pixels(real, placed)
    copied, unseen = (reference.training.nearest(features)[1].mean() for features in (placed, real))
    measures["nearest"] = float(copied / unseen)
    training = reference.training.features
    baseline |= _in_pixels(real, training[rng.permutation(len(training))[:count]])

    if reference.codes.tokens is not None:  # between words there is nothing to be continuous
        return measures, baseline
    z, lengths = segments(draw_noise(seed, 2 * SEGMENTS, d).epsilon.reshape(2, SEGMENTS, d), STEPS)
    ends = _draw_classes(reference, SEGMENTS, seed)  # one for a whole segment
    path = reference.decode(z.reshape(-1, d), None if ends is None else ends.repeat(STEPS + 1))
    measures |= asdict(compute_continuity(path.reshape(SEGMENTS, STEPS + 1, *path.shape[1:]), lengths))
    return measures, baseline


def _draw_classes(reference: Reference, count: int, seed: int) -> np.ndarray | None:
    """Classes of random codes, `(count,)`, as frequent as among the test images; None where there are none."""
    labels = reference.codes.labels
    if labels is None:
        return None
    drawn: np.ndarray = np.random.default_rng((seed, 3)).choice(labels, count)
    return drawn


def _compare(shown: Shown, real: np.ndarray, fake: np.ndarray) -> dict[str, float]:
    found: dict[str, float] = asdict(compute_manifold(real, fake))
    return found | {"frechet": compute_frechet(real, fake)} | _holes(shown, fake)


def _holes(shown: Shown, features: np.ndarray) -> dict[str, float]:
    """The share of images in a hole, where the classifier is trusted to say so."""
    if not is_trusted(shown.space):
        return {}
    return {"holes": float((shown.real_images.distances(features) > 1).mean())}


def _in_pixels(real: np.ndarray, fake: np.ndarray) -> dict[str, float]:
    return {f"{name}_pixels": value for name, value in asdict(compute_manifold(real, fake)).items()}
