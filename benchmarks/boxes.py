"""Classes without labels: ten boxes of MNIST from random weights and from clusters of VAE codes, beside clusters."""

from __future__ import annotations

import numpy as np
import torch
from sklearn.cluster import KMeans

from explorer import data, store
from explorer.config import RunConfig
from explorer.data.batches import to_unit
from explorer.data.dataset import ImageDataset
from explorer.environment import checkpoints_folder
from explorer.latents.encode import encode_means
from explorer.metrics.clustering import compute_agreement
from explorer.objectives import compute_loss
from explorer.store.weights import load_model
from explorer.training.box_start import FITTED, fit_mixture
from explorer.training.fit import fit, new_model

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
        add("mixture of Gaussians on codes", fit_mixture(codes, 10, seed).predict(test_codes))
        for name, start in (("random weights", None), ("clusters of the mixture", VAE)):
            clusters, loss = train_boxes(images, seed, start)
            add(f"boxes from {name}", clusters, loss=loss)
    return found


def _pixels(images: ImageDataset, index: np.ndarray) -> np.ndarray:
    return np.asarray(images.images[index], np.float32).reshape(len(index), -1) / 255


def train_boxes(images: ImageDataset, seed: int, start: str | None) -> tuple[np.ndarray, float]:
    """The boxes of the test images `(M,)`, and the loss in nats; start: the model whose clusters they begin as."""
    config = RunConfig.from_flat(BOXES | {"seed": seed, "boxes_from": start})
    model = new_model(config, images)
    for _ in fit(model, images, config):
        pass
    model.eval()
    test = torch.from_numpy(np.ascontiguousarray(images.images[images.test_index]))
    with torch.no_grad():
        torch.manual_seed(seed)
        seen = [to_unit(part, "stochastic") for part in test.split(BATCH)]
        losses = [float(compute_loss(config.objective, model, x, x).loss) for x in seen]
        boxes = [model.encode(to_unit(part)).mode.argmax(1) for part in test.split(BATCH)]
    return torch.cat(boxes).numpy(), float(np.mean(losses))
