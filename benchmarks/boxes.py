"""Classes without labels: ten boxes of MNIST from random weights and from clusters of VAE codes, beside clusters."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture
from torch import Tensor
from torch.nn.functional import cross_entropy, one_hot

from explorer import data, store
from explorer.config import RunConfig
from explorer.data.batches import epoch_order, to_unit
from explorer.data.dataset import ImageDataset
from explorer.environment import checkpoints_folder
from explorer.latents.encode import encode_means
from explorer.metrics.clustering import compute_agreement
from explorer.models import Autoencoder, CategoricalCode
from explorer.objectives import compute_loss
from explorer.store.weights import load_model

VAE = "mnist-vae-z10"
BOXES = {
    "data": "mnist",
    "binarize": "stochastic",
    "posterior": "categorical",
    "latent_size": 10,
    "hidden": (96,),
    "batch_size": 256,
    "learning_rate": 3e-3,
    "epochs": 8,
}
WARM_EPOCHS = 2
CLASS_WEIGHT = 20.0
"""Of the cross entropy beside the distortion, while the encoder learns the numbers of clusters."""
FITTED = 20_000
"""Training codes and images that clusters are found in."""
BATCH = 1000


def run(seeds: int) -> dict[str, list[dict[str, float]]]:
    """Accuracy, NMI and, of boxes, the loss in nats on test images, for each seed."""
    images = data.load(RunConfig.from_flat(BOXES).data)
    vae = load_model(store.open_checkpoint(checkpoints_folder() / VAE))
    codes, test_codes = (
        encode_means(vae, images, i, "stochastic") for i in (images.train_index, images.test_index)
    )
    pixels, test_pixels = (_pixels(images, i) for i in (images.train_index, images.test_index))
    found: dict[str, list[dict[str, float]]] = {}

    def add(name: str, clusters: np.ndarray, **more: float) -> None:
        assert images.labels is not None
        agreement = compute_agreement(clusters, images.labels[images.test_index], 10, 10)
        row = {"accuracy": agreement.accuracy, "nmi": agreement.nmi} | more
        found.setdefault(name, []).append(row)
        print(f"{name:48} {row}", flush=True)

    for seed in range(seeds):
        some = np.random.default_rng(seed).choice(len(codes), FITTED, replace=False)
        for name, train, test in (("pixels", pixels, test_pixels), ("codes", codes, test_codes)):
            add(f"k-means on {name}", KMeans(10, n_init=5, random_state=seed).fit(train[some]).predict(test))
        mixture = GaussianMixture(10, n_init=3, max_iter=60, random_state=seed).fit(codes[some])
        add("mixture of Gaussians on codes", mixture.predict(test_codes))
        for name, warm in (("random weights", None), ("clusters of the mixture", mixture.predict(codes))):
            clusters, loss = train_boxes(images, seed, warm)
            add(f"boxes from {name}", clusters, loss=loss)
    return found


def _pixels(images: ImageDataset, index: np.ndarray) -> np.ndarray:
    return np.asarray(images.images[index], np.float32).reshape(len(index), -1) / 255


def train_boxes(images: ImageDataset, seed: int, warm: np.ndarray | None) -> tuple[np.ndarray, float]:
    """The boxes of the test images `(M,)`, and the loss in nats; warm: a cluster of every training image `(N,)`, which
    the encoder first learns to predict, and the decoder to draw."""
    config = RunConfig.from_flat(BOXES | {"seed": seed})
    torch.manual_seed(seed)
    model = Autoencoder(config.model, images.image_shape)
    optimizer = torch.optim.Adam(model.parameters(), config.training.learning_rate)
    train = torch.from_numpy(np.ascontiguousarray(images.images[images.train_index]))
    test = torch.from_numpy(np.ascontiguousarray(images.images[images.test_index]))

    def epochs(count: int, loss_of: Callable[[Tensor, Tensor], Tensor], schedule: Any = None) -> None:
        for epoch in range(count):
            for part in epoch_order(len(train), seed, epoch).split(config.training.batch_size):
                loss = loss_of(to_unit(train[part], "stochastic"), part)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                if schedule:
                    schedule.step()

    if warm is not None:
        numbers = torch.from_numpy(warm).long()

        def imitate(x: Tensor, part: Tensor) -> Tensor:
            q = model.encode(x)
            assert isinstance(q, CategoricalCode)
            drawn = model.decode(one_hot(numbers[part], 10).float()).log_prob(x).mean()
            return CLASS_WEIGHT * cross_entropy(q.token.logits[:, 0], numbers[part]) - drawn

        epochs(WARM_EPOCHS, imitate)

    def loss_of(x: Tensor, part: Tensor) -> Tensor:
        return compute_loss(config.objective, model, x, x).loss

    steps = config.training.epochs * math.ceil(len(train) / config.training.batch_size)
    epochs(config.training.epochs, loss_of, torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps))
    model.eval()
    with torch.no_grad():
        torch.manual_seed(seed)
        losses = [float(loss_of(to_unit(part, "stochastic"), part)) for part in test.split(BATCH)]
        boxes = [model.encode(to_unit(part)).mode.argmax(1) for part in test.split(BATCH)]
    return torch.cat(boxes).numpy(), float(np.mean(losses))
