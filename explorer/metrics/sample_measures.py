"""What one seed measures of a decoder's samples."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from explorer.data.dataset import ImageDataset, materialise
from explorer.latents.codes import Codes
from explorer.latents.samplers import draw_noise, fit
from explorer.metrics.continuity import compute_continuity, segments
from explorer.metrics.image_space import ImageSpace, to_unit
from explorer.metrics.manifold import compute_manifold, compute_radii, inside
from explorer.metrics.training_images import TrainingImages, spread

MOST_IMAGES = 5_000  # test images used
SEGMENTS, STEPS = 128, 32
BATCH = 500
Decode = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Reference:
    """A decoder, and the real images that its samples are compared with: the same for all seeds.

    decode: codes `(n, d)` to images `(n, C, H, W)`. codes: of the test images, whose features are `test (N, f)`.
    """

    decode: Decode
    codes: Codes
    space: ImageSpace
    test: np.ndarray
    training: TrainingImages

    @property
    def images(self) -> int:
        """How many test images a seed compares with: the larger half of them."""
        return len(self.codes) - len(self.codes) // 2


def build_reference(decode: Decode, codes: Codes, dataset: ImageDataset, binarize: str) -> Reference:
    """decode, codes: of a model that was trained on `dataset`, binarized as `binarize` says."""
    codes = codes.rows(spread(len(codes), MOST_IMAGES))
    images = to_unit(materialise(dataset.images, codes.index), binarize)
    space = ImageSpace.fit(images)
    training = TrainingImages.build(dataset, space, binarize)

    def decode_batches(z: np.ndarray) -> np.ndarray:
        parts = [decode(z[start : start + BATCH]) for start in range(0, len(z), BATCH)]
        return np.concatenate(parts).clip(0, 1)

    return Reference(decode_batches, codes, space, space.place(images), training)


def compute_measures(reference: Reference, kind: str, seed: int) -> tuple[dict[str, float], dict[str, float]]:
    """The measures of one seed: of as many samples as there are test images to compare with, and of real training
    images in place of samples."""
    rng = np.random.default_rng((seed, 2))
    order, count = rng.permutation(len(reference.codes)), reference.images
    real, d = reference.test[order[-count:]], reference.codes.mean.shape[1]

    noise = draw_noise(seed, count, d)
    sampler = fit(kind, reference.codes.rows(order[:-count]), seed=seed)
    samples = reference.space.place(reference.decode(sampler.sample(noise, count)))
    measures: dict[str, float] = asdict(compute_manifold(real, samples))
    copied, unseen = (reference.training.nearest(features)[1].mean() for features in (samples, real))
    measures["nearest"] = float(copied / unseen)

    # the same noise again: for "prior" these are the samples themselves
    prior = reference.space.place(reference.decode(noise.epsilon))
    measures["completeness"] = float(inside(real, compute_radii(real), prior).mean())
    z, lengths = segments(draw_noise(seed, 2 * SEGMENTS, d).epsilon.reshape(2, SEGMENTS, d), STEPS)
    path = reference.decode(z.reshape(-1, d))
    measures |= asdict(compute_continuity(path.reshape(SEGMENTS, STEPS + 1, *path.shape[1:]), lengths))

    training = reference.training.features
    others = training[rng.permutation(len(training))[:count]]
    return measures, asdict(compute_manifold(real, others))
