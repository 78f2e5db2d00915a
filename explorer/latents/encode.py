"""Encode images with a trained model."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Distribution, MultivariateNormal

from explorer.data.batches import Batches, to_unit_mean
from explorer.data.dataset import ImageDataset
from explorer.latents.betas import stored_betas
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
    columns: dict[str, list[np.ndarray]] = {}
    for x, q in _posteriors(model, dataset, index, binarize):
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
        **known_columns(dataset, index),
        **_columns_of_range(model, dataset, index, binarize),
    )


def _columns_of_range(
    model: Autoencoder, dataset: ImageDataset, index: np.ndarray, binarize: str
) -> dict[str, np.ndarray]:
    """The columns of `Codes` that only a model of a range of β has."""
    if model.config.beta_range is None:
        return {}
    betas = stored_betas(model.config.beta_range)
    means, scales = [], []
    for beta in betas:
        posteriors = [q for _, q in _posteriors(model, dataset, index, binarize, beta)]
        means.append(np.concatenate([q.mean.float().cpu().numpy() for q in posteriors]))
        scales.append(np.concatenate([q.stddev.float().cpu().numpy() for q in posteriors]))
    return {
        "betas": np.array(betas, np.float32),
        "beta_mean": np.stack(means),
        "beta_scale": np.stack(scales),
    }


def encode_means(
    model: Autoencoder, dataset: ImageDataset, index: np.ndarray, binarize: str = "none"
) -> np.ndarray:
    """Posterior means `(N, d)` float32 of the images at `index` `(N,)`, as `encode` gives them and nothing else."""
    posteriors = _posteriors(model, dataset, index, binarize)
    return np.concatenate([q.mean.float().cpu().numpy() for _, q in posteriors])


def known_columns(dataset: ImageDataset, index: np.ndarray) -> dict[str, Any]:
    """The columns of `Codes` that no model is needed for."""
    return {
        "index": index.astype(np.int64),
        "labels": None if dataset.labels is None else dataset.labels[index].astype(np.int64),
        "factors": None if dataset.factors is None else dataset.factors[index].astype(np.int64),
    }


@torch.no_grad()
def _posteriors(
    model: Autoencoder, dataset: ImageDataset, index: np.ndarray, binarize: str, beta: float | None = None
) -> Iterator[tuple[Tensor, Distribution]]:
    """Images and their q(z|x), batch by batch."""
    batches = Batches(dataset, index, next(model.parameters()).device)
    model.eval()
    for images in batches.in_order(torch.arange(len(batches)), BATCH):
        x = to_unit_mean(images, binarize)
        yield x, model.encode(x, beta)
