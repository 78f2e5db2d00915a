"""The nearest training image: what a sample may have been copied from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.data.dataset import ImageDataset, ImageSource, materialise
from explorer.metrics.feature_space import FeatureSpace
from explorer.metrics.image_space import ImageSpace, to_unit

MAX_IMAGES = 60_000  # training images searched
CHUNK = 4000


@dataclass(frozen=True)
class TrainingImages:
    """Training images in an ImageSpace: `features (M, f)` of the images of the data set numbered `index (M,)`."""

    index: np.ndarray
    features: np.ndarray
    neighbours: Any

    @classmethod
    def build(cls, dataset: ImageDataset, space: ImageSpace, binarize: str) -> TrainingImages:
        """At most 60,000 training images, evenly spread."""
        from sklearn.neighbors import NearestNeighbors

        index = dataset.train_index[spread(len(dataset.train_index), MAX_IMAGES)]
        features = place_stored(space, dataset.images, index, binarize)
        return cls(index, features, NearestNeighbors(n_neighbors=1).fit(features))

    def __len__(self) -> int:
        return len(self.index)

    def nearest(self, features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For `features (n, f)`: which image of the data set is nearest, int64 `(n,)`, and its distance, `(n,)`."""
        distance, position = self.neighbours.kneighbors(features)
        return self.index[position[:, 0]], distance[:, 0]


def spread(count: int, limit: int) -> np.ndarray:
    """At most `limit` positions of `count`, evenly spread."""
    return np.linspace(0, count - 1, min(count, limit)).round().astype(np.int64)


def place_stored(
    space: ImageSpace | FeatureSpace, images: ImageSource, index: np.ndarray, binarize: str
) -> np.ndarray:
    """Features `(len(index), f)` of stored images, read a part at a time."""
    parts = [index[start : start + CHUNK] for start in range(0, len(index), CHUNK)]
    return np.concatenate([space.place(to_unit(materialise(images, part), binarize)) for part in parts])
