"""Encode images with a trained model."""

import math
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Distribution, MultivariateNormal

from explorer.config import beta_grid
from explorer.data.batches import Batches, to_unit_mean
from explorer.data.dataset import ImageDataset
from explorer.latents.codes import Codes
from explorer.models import Autoencoder, DiscreteCode
from explorer.objectives import rate_per_dimension

MAX_CODES = 10_000
BATCH = 500
BETA_IMAGES = 1000
"""At most so many images measure the distortion, and the error of interpolated codes, at several β."""


def spread_over_test(dataset: ImageDataset, limit: int = MAX_CODES) -> np.ndarray:
    """At most `limit` test indices, evenly spread over the split."""
    index = dataset.test_index
    return index[np.linspace(0, len(index) - 1, min(limit, len(index))).round().astype(np.int64)]


@torch.no_grad()
def encode(model: Autoencoder, dataset: ImageDataset, index: np.ndarray, binarize: str = "none") -> Codes:
    """The codes of the images at `index` `(N,)`.

    A model that was trained on stochastically binarized images gets their grey values, the mean of what it saw,
    so that the same image always has the same code. A conditional model is given the label of each image.
    """
    columns: dict[str, list[np.ndarray]] = {}
    words: dict[str, np.ndarray] = {}
    for x, label, q in _posteriors(model, dataset, index, binarize):
        parts = {
            "mean": q.mode,
            "scale": torch.zeros_like(q.mode) if isinstance(q, DiscreteCode) else q.stddev,
            "rate": rate_per_dimension(q),
            "distortion": -model.decode(q.mode, label=label).log_prob(x),
        }
        if isinstance(q, MultivariateNormal):
            parts["scale_tril"] = q.scale_tril
        for name, tensor in parts.items():
            columns.setdefault(name, []).append(tensor.float().cpu().numpy())
        if isinstance(q, DiscreteCode):
            columns.setdefault("tokens", []).append(q.tokens.cpu().numpy())
            words = {"words": q.words.float().cpu().numpy()}
    return Codes(
        **{name: np.concatenate(column) for name, column in columns.items()},
        **words,
        **known_columns(dataset, index),
        **_columns_of_range(model, dataset, index, binarize),
    )


def _columns_of_range(
    model: Autoencoder, dataset: ImageDataset, index: np.ndarray, binarize: str
) -> dict[str, np.ndarray]:
    """The columns of `Codes` that only a model of a range of β has."""
    if model.config.beta_range is None:
        return {}
    betas = beta_grid(model.config.beta_range)
    some = index[:: -(-len(index) // BETA_IMAGES)]
    columns: dict[str, list[np.ndarray]] = {}
    for beta in betas:
        posteriors = [q for *_, q in _posteriors(model, dataset, index, binarize, beta)]
        parts = {
            "beta_mean": _joined(q.mean for q in posteriors),
            "beta_scale": _joined(q.stddev for q in posteriors),
            "beta_rate": _joined(map(rate_per_dimension, posteriors)).mean(0),
            "beta_distortion": _joined(_drawn_distortion(model, dataset, some, binarize, beta)).mean(),
        }
        for name, column in parts.items():
            columns.setdefault(name, []).append(column)
    # to the precision in which they are stored, so that what is written is read again
    halves = {"beta_mean": np.float16, "beta_scale": np.float16}
    at_betas = {
        name: np.stack(column).astype(halves.get(name, np.float32)).astype(np.float32)
        for name, column in columns.items()
    }
    places = np.flatnonzero(np.isin(index, some))
    errors = []
    for k, (low, high) in enumerate(pairwise(betas)):
        exact = encode_means(model, dataset, index[places], binarize, math.sqrt(low * high))
        errors.append(np.abs(exact - at_betas["beta_mean"][k : k + 2, places].mean(0)).max())
    return at_betas | {"betas": np.array(betas, np.float32), "beta_error": np.array(errors, np.float32)}


def _joined(parts: Iterable[Tensor]) -> np.ndarray:
    return np.concatenate([part.float().cpu().numpy() for part in parts])


def _drawn_distortion(
    model: Autoencoder, dataset: ImageDataset, index: np.ndarray, binarize: str, beta: float
) -> Iterator[Tensor]:
    """−log p(x|z) in nats of one z ~ q(z|x) per image, the same draws each time."""
    device = next(model.parameters()).device
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(0)
        for x, _, q in _posteriors(model, dataset, index, binarize, beta):
            yield -model.decode(q.rsample(), beta).log_prob(x)


def encode_means(
    model: Autoencoder,
    dataset: ImageDataset,
    index: np.ndarray,
    binarize: str = "none",
    beta: float | None = None,
) -> np.ndarray:
    """Codes `(N, d)` float32 of the images at `index` `(N,)`, the `mean` of `encode` and nothing else.

    beta: for a model of a range of β; without it, its default.
    """
    return _joined(q.mode for *_, q in _posteriors(model, dataset, index, binarize, beta))


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
) -> Iterator[tuple[Tensor, Tensor | None, Distribution]]:
    """Images, their labels and their q(z|x), batch by batch."""
    batches = Batches(dataset, index, next(model.parameters()).device)
    model.eval()
    for images, label in batches.labelled(torch.arange(len(batches)), BATCH):
        x = to_unit_mean(images, binarize)
        yield x, label, model.encode(x, beta, label)
