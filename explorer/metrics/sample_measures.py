"""One model on the bench: its decoder, and the real images that its samples are compared with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from explorer.data.dataset import ImageDataset, materialise
from explorer.latents.codes import Codes
from explorer.latents.samplers import draw_noise, fit
from explorer.metrics.continuity import compute_continuity, segments
from explorer.metrics.image_space import ImageSpace, to_unit
from explorer.metrics.manifold import compute_manifold, inside, radii
from explorer.metrics.training_images import TrainingImages, spread
from explorer.store import Checkpoint
from explorer.store.originals import check_images

MOST_IMAGES = 5_000  # test images used
SEGMENTS, STEPS = 128, 32
BATCH = 500


@dataclass(frozen=True)
class Bench:
    """What all seeds share.

    decode: codes `(n, d)` to images. codes: of the test images used, whose features are `test (N, f)`.
    """

    decode: Callable[[np.ndarray], np.ndarray]
    codes: Codes
    space: ImageSpace
    test: np.ndarray
    training: TrainingImages

    @property
    def judged(self) -> int:
        """How many images a seed judges by: half of them, the larger one."""
        return len(self.codes) - len(self.codes) // 2


def build(checkpoint: Checkpoint, dataset: ImageDataset) -> Bench:
    """Raises ExplorerError if `dataset` is not what the model was trained on."""
    manifest, codes = checkpoint.manifest, checkpoint.codes
    check_images(checkpoint, dataset)
    codes = rows_of(codes, spread(len(codes), MOST_IMAGES))
    binarize = manifest.data.binarize
    images = to_unit(materialise(dataset.images, codes.index), binarize)
    space = ImageSpace.fit(images)
    training = TrainingImages.build(dataset, space, binarize)
    session = checkpoint.decoder_session()

    def decode(z: np.ndarray) -> np.ndarray:
        parts = [checkpoint.decode(session, z[start : start + BATCH]) for start in range(0, len(z), BATCH)]
        return np.concatenate(parts).clip(0, 1)

    return Bench(decode, codes, space, space.place(images), training)


def one_seed(bench: Bench, kind: str, seed: int) -> tuple[dict[str, float], dict[str, float]]:
    """The measures of one seed: of as many samples as there are judged images, and of real training images in the
    place of samples."""
    rng = np.random.default_rng((seed, 2))
    order = rng.permutation(len(bench.codes))
    fitted, judged = order[: -bench.judged], order[-bench.judged :]
    real, d = bench.test[judged], bench.codes.mean.shape[1]

    noise = draw_noise(seed, bench.judged, d)
    sampler = fit(kind, rows_of(bench.codes, fitted), seed=seed)
    fake = bench.space.place(bench.decode(sampler.sample(noise, len(real))))
    measures: dict[str, float] = asdict(compute_manifold(real, fake))
    measures["nearest"] = float(
        bench.training.nearest(fake)[1].mean() / bench.training.nearest(real)[1].mean()
    )

    from_prior = bench.space.place(
        bench.decode(noise.epsilon)
    )  # the same noise again: for "prior", fake itself
    measures["completeness"] = float(inside(real, radii(real), from_prior).mean())
    z, lengths = segments(draw_noise(seed, 2 * SEGMENTS, d).epsilon.reshape(2, SEGMENTS, d), STEPS)
    path = bench.decode(z.reshape(-1, d))
    measures |= asdict(compute_continuity(path.reshape(SEGMENTS, STEPS + 1, *path.shape[1:]), lengths))

    training = bench.training.features
    others = training[rng.permutation(len(training))[: len(real)]]
    return measures, asdict(compute_manifold(real, others))


def rows_of(codes: Codes, rows: np.ndarray) -> Codes:
    """The codes numbered `rows`."""
    return Codes(**{name: array[rows] for name, array in codes.arrays().items()})
