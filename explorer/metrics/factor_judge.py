"""A judge that reads every known factor from the pixels of an image, real or decoded."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.data.dataset import ImageDataset, materialise
from explorer.errors import ExplorerError
from explorer.metrics import classifier
from explorer.metrics.image_space import to_unit
from explorer.metrics.moments import compute_moments
from explorer.metrics.training_images import spread

TRAINING, PIXELS = 5000, 400
"""Training images that the judge sees, and pixel values that each logistic regression uses."""
SHAPES, ROUNDS = 8000, 60
"""Training images of which moments are learnt, and trees for each value."""


@dataclass(frozen=True)
class FactorJudge:
    """see: what it sees of images `(N, C, H, W)` in [0, 1], `(N, f)`. heads: a classifier of that for each factor."""

    see: Callable[[np.ndarray], np.ndarray]
    heads: list[Any]

    def read(self, images: np.ndarray) -> np.ndarray:
        """The factors `(N, K)` of images `(N, C, H, W)` in [0, 1], as `find_values` numbers them."""
        seen = self.see(images)
        return np.stack([head.predict(seen) for head in self.heads], 1)


def find_values(dataset: ImageDataset) -> np.ndarray:
    """The factors `(N, K)` that a judge reads: one of more than `classifier.BINS` values in so many equal parts.

    Raises ExplorerError for images without factors.
    """
    if dataset.factors is None:
        raise ExplorerError(f"{dataset.name} has no known factors that a judge could read from its images.")
    sizes = np.array(dataset.factor_sizes)
    values: np.ndarray = dataset.factors.astype(np.int64) * np.minimum(sizes, classifier.BINS) // sizes
    return values


def train_factor_judge(dataset: ImageDataset) -> FactorJudge:
    """A judge that has seen training images only; takes a minute or two.

    Of black images with white shapes it learns moments, at a threshold of one half; of others, the features of
    `explorer.metrics.classifier` and the pixels that tell a factor's values apart best. Raises ExplorerError for images
    without factors.
    """
    values = find_values(dataset)
    few = materialise(dataset.images, dataset.train_index[spread(len(dataset.train_index), 100)])
    if few.shape[1] == 1 and np.isin(few, (0, 255)).all():
        return _judge_of_shapes(dataset, values)
    return _judge_of_pictures(dataset, values)


def _judge_of_shapes(dataset: ImageDataset, values: np.ndarray) -> FactorJudge:
    from sklearn.ensemble import HistGradientBoostingClassifier

    def see(images: np.ndarray) -> np.ndarray:
        return compute_moments((images > 0.5).astype(np.float32))

    index = dataset.train_index[spread(len(dataset.train_index), SHAPES)]
    seen = see(to_unit(materialise(dataset.images, index), "none"))
    heads = [
        HistGradientBoostingClassifier(max_iter=ROUNDS, random_state=0).fit(seen, column)
        for column in values[index].T
    ]
    return FactorJudge(see, heads)


def _judge_of_pictures(dataset: ImageDataset, values: np.ndarray) -> FactorJudge:
    from sklearn.compose import make_column_transformer
    from sklearn.feature_selection import SelectKBest
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    space = classifier.find_space(dataset, "none")
    if space is None:
        raise ExplorerError(f"The factors of {dataset.name} are the same in all images.")

    def see(images: np.ndarray) -> np.ndarray:
        """Features, then pixels `(N, f + C·H·W)`."""
        return np.concatenate([space.place(images), images.reshape(len(images), -1)], 1).astype(np.float32)

    index = dataset.train_index[spread(len(dataset.train_index), TRAINING)]
    seen = see(to_unit(materialise(dataset.images, index), "none"))
    features = slice(0, classifier.FEATURES)
    pixels = slice(classifier.FEATURES, seen.shape[1])
    heads = []
    for column in values[index].T:
        chosen = make_column_transformer(("passthrough", features), (SelectKBest(k=PIXELS), pixels))
        head = make_pipeline(chosen, StandardScaler(), LogisticRegression(max_iter=100, C=0.1))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a hundred iterations are enough; some pixels are constant
            heads.append(head.fit(seen, column))
    return FactorJudge(see, heads)
