"""The type of all image data sets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from explorer.data.split import hold_out
from explorer.errors import ExplorerError


class ImageSource(Protocol):
    """A uint8 array `(N, C, H, W)`, or an object indexed like one (memory-mapped, rendered on demand)."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    def __getitem__(self, index: np.ndarray, /) -> np.ndarray: ...


@dataclass(frozen=True)
class ImageDataset:
    """Images with their labels and factors, and a fixed split.

    images: uint8 `(N, C, H, W)`, C is 1 or 3.
    train_index, validation_index, test_index: int64 indices into `images`, disjoint. Model selection uses validation
    images; test images are for reports only. Without a validation_index, `split.hold_out` takes one from train_index.
    labels: int64 `(N,)` with `label_names`, or None.
    factors: integers `(N, K)` with `factor_names` and `factor_sizes` (column k holds 0..sizes[k]-1), or None;
    `factor_values` names their values, or is empty.
    continuous: exact values `(N,)` of the continuous factors, by name; their column in `factors` is the index of one of
    `factor_sizes[k]` bins of equal width, for metrics of discrete factors.
    Raises ExplorerError if the parts do not fit together.
    """

    name: str
    images: ImageSource
    train_index: np.ndarray
    test_index: np.ndarray
    labels: np.ndarray | None = None
    label_names: tuple[str, ...] = ()
    factors: np.ndarray | None = None
    factor_names: tuple[str, ...] = ()
    factor_sizes: tuple[int, ...] = ()
    factor_values: tuple[tuple[str, ...], ...] = ()
    continuous: Mapping[str, np.ndarray] = field(default_factory=dict)
    validation_index: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))

    def __post_init__(self) -> None:
        shape = self.images.shape
        if len(shape) != 4 or shape[1] not in (1, 3):
            raise ExplorerError(
                f"The images of {self.name} have shape {tuple(shape)}; "
                "they must be (N, C, H, W) with 1 or 3 channels."
            )
        for what, array in (("labels", self.labels), ("factors", self.factors)):
            if array is not None and len(array) != shape[0]:
                raise ExplorerError(
                    f"{self.name} has {shape[0]} images but {len(array)} {what}; they must match."
                )
        if self.factor_values and tuple(map(len, self.factor_values)) != self.factor_sizes:
            raise ExplorerError(f"{self.name} must name every value of its factors, or none.")
        if not len(self.train_index) or not len(self.test_index):
            raise ExplorerError(
                f"{self.name} has {shape[0]} images, too few to split into training and test images."
            )
        if not len(self.validation_index):
            train, validation = hold_out(self.train_index)
            object.__setattr__(self, "train_index", train)
            object.__setattr__(self, "validation_index", validation)

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(C, H, W)."""
        _, c, h, w = self.images.shape
        return c, h, w

    def __len__(self) -> int:
        return self.images.shape[0]


def materialise(images: ImageSource, index: np.ndarray | None = None, chunk: int = 4096) -> np.ndarray:
    """Load images into one array, uint8 `(len(index), C, H, W)`; all images if `index` is None.

    Images that are rendered or read on demand are fetched `chunk` at a time, to bound memory.
    """
    if index is None:
        index = np.arange(images.shape[0])
    out = np.empty((len(index), *images.shape[1:]), dtype=np.uint8)
    for start in range(0, len(index), chunk):
        out[start : start + chunk] = images[index[start : start + chunk]]
    return out
