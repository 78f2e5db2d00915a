"""A small classifier of a data set's labels or factors: its penultimate features say what an image shows.

Trained in under a minute on a CPU, once for each data set: its file is named after the images and what is known of
them.
"""

from dataclasses import dataclass

import numpy as np

from explorer.data.dataset import ImageDataset, materialise
from explorer.metrics.data_cache import find_kept
from explorer.metrics.feature_space import FeatureSpace
from explorer.metrics.image_space import to_unit
from explorer.metrics.training_images import spread

REVISION = 1  # of the network and its training
IMAGES, STEPS, BATCH, RATE = 15_000, 500, 128, 4e-3
FEATURES = 64
BINS = 16
"""A factor of more values is told apart in so many equal parts."""


@dataclass(frozen=True)
class Targets:
    """What can be told apart: values `(N, K)` int64, column k from 0 to sizes[k] − 1. about: in words."""

    values: np.ndarray
    sizes: tuple[int, ...]
    about: str


def find_targets(dataset: ImageDataset) -> Targets | None:
    """Labels, and factors that vary; None for images of which nothing is known."""
    columns, sizes, parts = [], [], []
    if dataset.labels is not None and len(dataset.label_names) > 1:
        columns.append(dataset.labels)
        sizes.append(len(dataset.label_names))
        parts.append(f"{sizes[0]} classes")
    if dataset.factors is not None:
        varied = [k for k, size in enumerate(dataset.factor_sizes) if size > 1]
        for k in varied:
            size = dataset.factor_sizes[k]
            columns.append(dataset.factors[:, k] * min(size, BINS) // size)
            sizes.append(min(size, BINS))
        parts += [f"{len(varied)} factor{'s' if len(varied) > 1 else ''}"] if varied else []
    if not columns:
        return None
    return Targets(np.stack(columns, 1).astype(np.int64), tuple(sizes), " and ".join(parts))


def find_space(dataset: ImageDataset, binarize: str) -> FeatureSpace | None:
    """The features of the data set's classifier, from the data folder or trained now and kept there; None for images
    without labels and factors."""
    targets = find_targets(dataset)
    if targets is None:
        return None
    index = dataset.train_index[spread(len(dataset.train_index), IMAGES)]
    images = materialise(dataset.images, index)
    shown = "threshold" if binarize == "threshold" else "none"  # the grey values are what is drawn from
    values = targets.values[index]
    settings = ((REVISION, targets.sizes, shown), images.shape, values.shape)
    network = find_kept(
        "classifiers/{}.onnx",
        settings,
        [images, values.astype("<i8")],
        lambda: _train(to_unit(images, shown), targets, index, dataset, shown),
    )
    return FeatureSpace(network)


def _train(
    images: np.ndarray, targets: Targets, index: np.ndarray, dataset: ImageDataset, shown: str
) -> bytes:
    """The classifier's features as an ONNX file, with its accuracy on validation images."""
    import torch
    from torch.nn import functional as F

    from explorer.metrics.classifier_network import build, export

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        body, head = build(dataset.image_shape, FEATURES, sum(targets.sizes))
        x, y = torch.from_numpy(images), torch.from_numpy(targets.values[index])
        parameters = [*body.parameters(), *head.parameters()]
        optimizer = torch.optim.Adam(parameters, RATE)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=STEPS)
        order = torch.empty(0, dtype=torch.int64)
        for _ in range(STEPS):
            if len(order) < min(BATCH, len(x)):
                order = torch.randperm(len(x))
            rows, order = order[:BATCH], order[BATCH:]
            parts = head(body(x[rows])).split(targets.sizes, 1)
            loss = torch.stack([F.cross_entropy(p, y[rows, k]) for k, p in enumerate(parts)]).sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    held_out = dataset.validation_index[:IMAGES]
    with torch.no_grad():
        unseen = torch.from_numpy(to_unit(materialise(dataset.images, held_out), shown))
        parts = torch.cat([head(body(part)) for part in unseen.split(BATCH)]).split(targets.sizes, 1)
        known = torch.from_numpy(targets.values[held_out])
        right = [float((p.argmax(1) == known[:, k]).float().mean()) for k, p in enumerate(parts)]
    return export(
        body, dataset.image_shape, {"accuracy": repr(float(np.mean(right))), "about": targets.about}
    )
