"""One model on the bench: its decoder, and the real images that its samples are compared with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from explorer.data.dataset import ImageDataset, materialise
from explorer.errors import ExplorerError
from explorer.latents.codes import Codes
from explorer.latents.samplers import draw_noise, fit
from explorer.metrics.continuity import compute_continuity, segments
from explorer.metrics.manifold import compute_manifold, inside, radii
from explorer.metrics.space import ImageSpace, to_unit
from explorer.store import Checkpoint

MOST_IMAGES = 5_000  # test images used
MOST_TRAINING = 60_000  # training images searched for the nearest one
SEGMENTS, STEPS = 128, 32
BATCH = 500


@dataclass(frozen=True)
class Bench:
    """What all seeds share.

    decode: codes `(n, d)` to images. codes: of the test images used, whose features are `test (N, f)`. training:
    features of training images. nearest: distance of features to the nearest of those.
    """

    decode: Callable[[np.ndarray], np.ndarray]
    codes: Codes
    space: ImageSpace
    test: np.ndarray
    training: np.ndarray
    nearest: Callable[[np.ndarray], np.ndarray]

    @property
    def judged(self) -> int:
        """How many images a seed judges by: half of them, the larger one."""
        return len(self.codes) - len(self.codes) // 2


def build(checkpoint: Checkpoint, dataset: ImageDataset) -> Bench:
    """Raises ExplorerError if `dataset` is not what the model was trained on."""
    from sklearn.neighbors import NearestNeighbors

    manifest, codes = checkpoint.manifest, checkpoint.codes
    if dataset.image_shape != manifest.image_shape or codes.index.max() >= len(dataset):
        raise ExplorerError(
            f"{checkpoint.name} was trained on other images than {dataset.name} has now; "
            "give it the images it was trained on."
        )
    codes = rows_of(codes, _spread(len(codes), MOST_IMAGES))
    binarize = manifest.data.binarize
    images = to_unit(materialise(dataset.images, codes.index), binarize)
    space = ImageSpace.fit(images)
    chosen = dataset.train_index[_spread(len(dataset.train_index), MOST_TRAINING)]
    training = space.place_stored(dataset.images, chosen, binarize)
    neighbours = NearestNeighbors(n_neighbors=1).fit(training)
    session = checkpoint.decoder_session()

    def decode(z: np.ndarray) -> np.ndarray:
        parts = [checkpoint.decode(session, z[start : start + BATCH]) for start in range(0, len(z), BATCH)]
        return np.concatenate(parts).clip(0, 1)

    def nearest(features: np.ndarray) -> np.ndarray:
        distance: np.ndarray = neighbours.kneighbors(features)[0][:, 0]
        return distance

    return Bench(decode, codes, space, space.place(images), training, nearest)


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
    measures["nearest"] = float(bench.nearest(fake).mean() / bench.nearest(real).mean())

    from_prior = bench.space.place(
        bench.decode(noise.epsilon)
    )  # the same noise again: for "prior", fake itself
    measures["completeness"] = float(inside(real, radii(real), from_prior).mean())
    z, lengths = segments(draw_noise(seed, 2 * SEGMENTS, d).epsilon.reshape(2, SEGMENTS, d), STEPS)
    path = bench.decode(z.reshape(-1, d))
    measures |= asdict(compute_continuity(path.reshape(SEGMENTS, STEPS + 1, *path.shape[1:]), lengths))

    others = bench.training[rng.permutation(len(bench.training))[: len(real)]]
    return measures, asdict(compute_manifold(real, others))


def rows_of(codes: Codes, rows: np.ndarray) -> Codes:
    """The codes numbered `rows`."""
    return Codes(**{name: array[rows] for name, array in codes.arrays().items()})


def _spread(count: int, most: int) -> np.ndarray:
    """At most `most` positions of `count`, evenly spread."""
    return np.linspace(0, count - 1, min(count, most)).round().astype(np.int64)
