"""Batches by index from one tensor: no per-image Python work, no worker processes."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

import numpy as np
import torch
from torch import Tensor

from explorer.data.dataset import ImageDataset, ImageSource

PREFETCH = 4  # batches rendered or read in advance


class Batches:
    """The images of one split, uint8, indexed by position in the split, with their labels.

    An in-memory data set becomes one tensor on the device. A data set that is rendered or memory-mapped is read batch
    by batch, with prefetching in a thread.
    """

    def __init__(self, dataset: ImageDataset, index: np.ndarray, device: torch.device) -> None:
        self.device, self.index = device, index
        self.labels = None if dataset.labels is None else torch.from_numpy(dataset.labels[index]).to(device)
        self.source: ImageSource | None = None
        self.resident: Tensor | None = None
        if isinstance(dataset.images, np.ndarray) and not isinstance(dataset.images, np.memmap):
            self.resident = torch.from_numpy(np.ascontiguousarray(dataset.images[index])).to(device)
        else:
            self.source = dataset.images

    def __len__(self) -> int:
        return len(self.index)

    def take(self, positions: Tensor) -> Tensor:
        """The images at `positions` `(B,)` of the split, uint8 `(B, C, H, W)` on the device."""
        if self.resident is not None:
            return self.resident.index_select(0, positions.to(self.device))
        assert self.source is not None
        images = self.source[self.index[positions.numpy()]]
        return torch.from_numpy(np.ascontiguousarray(images)).to(self.device, non_blocking=True)

    def in_order(self, positions: Tensor, batch_size: int) -> Iterator[Tensor]:
        """Yield batches of the images at `positions` `(N,)`, in their order; the last batch may be smaller."""
        parts = positions.split(batch_size)
        if self.resident is not None:
            yield from map(self.take, parts)
            return
        with ThreadPoolExecutor(1) as pool:
            pending = [pool.submit(self.take, part) for part in parts[:PREFETCH]]
            for following in (*parts[PREFETCH:], *(None,) * min(PREFETCH, len(parts))):
                batch = pending.pop(0)
                if following is not None:
                    pending.append(pool.submit(self.take, following))
                yield batch.result()

    def labelled(self, positions: Tensor, batch_size: int) -> Iterator[tuple[Tensor, Tensor | None]]:
        """The batches of `in_order`, each with the labels of its images `(B,)`; None where there are none."""
        parts: Iterable[Tensor | None] = repeat(None)
        if self.labels is not None:
            parts = (self.labels[part.to(self.device)] for part in positions.split(batch_size))
        return zip(self.in_order(positions, batch_size), parts, strict=False)


def epoch_order(count: int, seed: int, epoch: int) -> Tensor:
    """The shuffled order of an epoch: a permutation of `range(count)`, int64, that depends on (seed, epoch) only."""
    generator = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
    return torch.randperm(count, generator=generator)


def to_unit(images: Tensor, binarize: str = "none") -> Tensor:
    """Convert uint8 images to float32 in [0, 1].

    binarize: "none"; "threshold", 1 for pixels of at least 1/2, else 0; "stochastic", sampled from Bernoulli(pixel).
    """
    x = images.to(torch.float32).mul_(1 / 255)
    if binarize == "threshold":
        return (x >= 0.5).to(x.dtype)
    if binarize == "stochastic":
        return torch.bernoulli(x)
    return x


def to_unit_mean(images: Tensor, binarize: str) -> Tensor:
    """The expectation of `to_unit`: grey levels where training samples binary pixels."""
    return to_unit(images, "none" if binarize == "stochastic" else binarize)
