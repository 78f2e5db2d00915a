"""Encode images with a trained model."""

from __future__ import annotations

import numpy as np
import torch
from torch.distributions import MultivariateNormal

from explorer.data.batches import Batches, seen
from explorer.data.dataset import ImageDataset
from explorer.latents.codes import Codes
from explorer.models import Autoencoder
from explorer.objectives import rate_per_dimension

MAX_CODES = 10_000
BATCH = 500


def spread_over_test(dataset: ImageDataset, limit: int = MAX_CODES) -> np.ndarray:
    """At most `limit` test indices, evenly spread over the split."""
    index = dataset.test_index
    if len(index) <= limit:
        return index
    return index[np.linspace(0, len(index) - 1, limit).round().astype(np.int64)]


@torch.no_grad()
def encode(model: Autoencoder, dataset: ImageDataset, index: np.ndarray, binarize: str = "none") -> Codes:
    """The codes of the images at `index` `(N,)`.

    A model that was trained on stochastically binarized images gets their grey values, the mean of what it saw,
    so that the same image always has the same code.
    """
    device = next(model.parameters()).device
    batches = Batches(dataset, index, device)
    columns: dict[str, list[np.ndarray]] = {}
    model.eval()
    for images in batches.in_order(torch.arange(len(batches)), BATCH):
        x = seen(images, binarize)
        q = model.encode(x)
        parts = {
            "mean": q.mean,
            "scale": q.stddev,
            "rate": rate_per_dimension(q),
            "distortion": -model.decode(q.mean).log_prob(x),
        }
        if isinstance(q, MultivariateNormal):
            parts["scale_tril"] = q.scale_tril
        for name, tensor in parts.items():
            columns.setdefault(name, []).append(tensor.float().cpu().numpy())
    return Codes(
        **{name: np.concatenate(column) for name, column in columns.items()},
        index=index.astype(np.int64),
        labels=None if dataset.labels is None else dataset.labels[index].astype(np.int64),
        factors=None if dataset.factors is None else dataset.factors[index].astype(np.int64),
    )


@torch.no_grad()
def encode_means(
    model: Autoencoder, dataset: ImageDataset, index: np.ndarray, binarize: str = "none"
) -> np.ndarray:
    """Posterior means `(N, d)` float32 of the images at `index` `(N,)`, as `encode` gives them and nothing else."""
    batches = Batches(dataset, index, next(model.parameters()).device)
    model.eval()
    parts = [
        model.encode(seen(images, binarize)).mean.float().cpu().numpy()
        for images in batches.in_order(torch.arange(len(batches)), BATCH)
    ]
    return np.concatenate(parts)
