"""A start for the boxes of a one-hot code: as clusters of another model's codes, which the encoder learns to tell apart
and the decoder to draw. From random weights ten boxes find ten templates, as k-means on pixels does."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import torch
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits
from torch import Tensor
from torch.nn.functional import cross_entropy, one_hot

from explorer.config import RunConfig
from explorer.data.batches import Batches, epoch_order, to_unit
from explorer.data.dataset import ImageDataset
from explorer.errors import ExplorerError
from explorer.latents.encode import encode_means
from explorer.models import Autoencoder, CategoricalCode
from explorer.store.originals import check_images
from explorer.store.weights import load_model
from explorer.training.box_source import BOX_EPOCHS, find_source
from explorer.training.corruption import corrupt
from explorer.training.pretrain import LayerProgress

FITTED, STARTS, ITERATIONS = 20_000, 3, 60
"""Codes that a mixture is fitted to, from so many k-means, each for at most so many steps of EM."""
ORDER = 104_729
"""Added to the seed of the order of images, which is then another than in training."""


def fit_mixture(codes: np.ndarray, boxes: int, seed: int) -> GaussianMixture:
    """A mixture of `boxes` Gaussians fitted to some of the codes `(N, d)`. Raises ExplorerError for too few of them."""
    if len(codes) < boxes:
        raise ExplorerError(f"{len(codes):,} images have no {boxes} clusters: take fewer boxes.")
    some = np.random.default_rng(seed).choice(len(codes), min(FITTED, len(codes)), replace=False)
    mixture = GaussianMixture(boxes, n_init=STARTS, max_iter=ITERATIONS, random_state=seed)
    with threadpool_limits(1):  # the same on every machine, and more do not pay off
        try:
            return mixture.fit(codes[some])
        except ValueError as error:  # a cluster that shrinks to a point
            raise ExplorerError(
                f"The mixture of {boxes} Gaussians did not fit these codes: take fewer boxes, or other codes."
            ) from error


def clusters_of(config: RunConfig, dataset: ImageDataset) -> np.ndarray:
    """The cluster of every training image `(N,)` int64 among the codes of the model that boxes begin from."""
    source = find_source(config)
    assert source
    check_images(source, dataset)
    codes = encode_means(load_model(source), dataset, dataset.train_index, source.manifest.data.binarize)
    mixture = fit_mixture(codes, config.model.latent_size, config.training.seed)
    clusters: np.ndarray = mixture.predict(codes).astype(np.int64)
    return clusters


def start_boxes(
    model: Autoencoder, images: Batches, dataset: ImageDataset, config: RunConfig
) -> Iterator[LayerProgress]:
    """Train the encoder to give every training image the box of its cluster, and the decoder to draw images from these
    boxes, each on its own. images: those of training, on the model's device. Yields after each epoch."""
    clusters = torch.from_numpy(clusters_of(config, dataset)).to(images.device)
    rate, seed = config.training.learning_rate, config.training.seed + ORDER
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=rate)
    for epoch in range(BOX_EPOCHS):
        order = epoch_order(len(images), seed, epoch)
        yield _epoch(model, images, clusters, config, optimizer, order)


def _epoch(
    model: Autoencoder,
    images: Batches,
    clusters: Tensor,
    config: RunConfig,
    optimizer: torch.optim.Optimizer,
    order: Tensor,
) -> LayerProgress:
    training, started, total = config.training, time.perf_counter(), 0.0
    parts = order.split(training.batch_size)
    for part, batch in zip(parts, images.in_order(order, training.batch_size), strict=True):
        target = to_unit(batch, config.data.binarize)
        q = model.encode(corrupt(target, training.corruption, training.corruption_level))
        assert isinstance(q, CategoricalCode)
        boxes = clusters[part.to(clusters.device)]
        drawn = model.decode(one_hot(boxes, config.model.latent_size).float()).log_prob(target)
        # no weight has a gradient of both
        loss = cross_entropy(q.token.logits[:, 0], boxes) - drawn.mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(batch)
    return LayerProgress(
        "boxes from clusters", total / len(images), len(images) / (time.perf_counter() - started)
    )
