"""Preview of a model in training: reconstructions of a fixed batch and codes of fixed test images."""

import base64
import io
from typing import Any

import numpy as np
import torch
from torch import Tensor

from explorer.config import RunConfig
from explorer.data.batches import Batches, to_unit_mean
from explorer.data.dataset import ImageDataset
from explorer.latents.codes import active_units
from explorer.latents.encode import spread_over_test
from explorer.models import Autoencoder

IMAGES, CODES = 12, 500


class Previewer:
    """Computes previews of one model. It draws no random numbers, so the training result does not depend on it."""

    def __init__(self, images: ImageDataset, config: RunConfig, device: torch.device) -> None:
        self.config = config
        self.batch, self.batch_labels = self._units(images, spread_over_test(images, IMAGES), device)
        index = spread_over_test(images, CODES)
        self.subset, self.subset_labels = self._units(images, index, device)
        self.labels = [] if images.labels is None else images.labels[index].tolist()
        self.label_names = list(images.label_names)
        self.originals = picture(self.batch)
        self.previous: np.ndarray | None = None

    def _units(
        self, images: ImageDataset, index: np.ndarray, device: torch.device
    ) -> tuple[Tensor, Tensor | None]:
        batches = Batches(images, index, device)
        taken = batches.take(torch.arange(len(batches)))
        return to_unit_mean(taken, self.config.data.binarize), batches.labels

    @torch.no_grad()
    def preview(self, model: Autoencoder) -> dict[str, Any]:
        """Compute the preview of `model` as JSON values.

        `originals`, `rebuilt`: a row of images as PNG data URL. `xy`: codes in the plane, `(CODES, 2)`, with their
        `labels` and `label_names`. `active`: number of active units.
        """
        training = model.training
        model.eval()
        z = model.encode(self.batch, label=self.batch_labels).mode
        rebuilt = model.mean_image(z, label=self.batch_labels)
        codes = model.encode(self.subset, label=self.subset_labels).mode.float().cpu().numpy()
        model.train(training)
        self.previous = xy = positions(codes, self.previous)
        return {
            "originals": self.originals,
            "rebuilt": picture(rebuilt),
            "xy": np.round(xy, 3).tolist(),
            "labels": self.labels,
            "label_names": self.label_names,
            "active": active_units(codes),
        }


def positions(codes: np.ndarray, before: np.ndarray | None) -> np.ndarray:
    """Project codes `(N, d)` to the plane, `(N, 2)`.

    d = 2: unchanged. d = 1: jittered along the second axis. d > 2: the first two principal components, rotated onto
    the positions `before` `(N, 2)` by orthogonal Procrustes, so that points do not jump between previews.
    """
    n, d = codes.shape
    if d == 1:
        spread = np.random.default_rng(0).uniform(-0.5, 0.5, n)
        return np.column_stack((codes[:, 0], spread))
    if d == 2:
        return codes
    centred = codes - codes.mean(0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    xy: np.ndarray = centred @ axes[:2].T
    if before is not None:
        u, _, v = np.linalg.svd(xy.T @ before)
        xy = xy @ (u @ v)
    return xy


def picture(images: Tensor) -> str:
    """Images `(n, C, H, W)` in [0, 1] side by side, with a transparent pixel between them, as PNG data URL."""
    from PIL import Image

    pixels = (images.float().clamp(0, 1) * 255).round().byte().cpu().numpy()
    n, c, h, w = pixels.shape
    row = np.zeros((h, n * (w + 1) - 1, 4), np.uint8)
    for i, image in enumerate(pixels):
        row[:, i * (w + 1) : i * (w + 1) + w, :3] = (
            image.transpose(1, 2, 0) if c == 3 else image[0, :, :, None]
        )
        row[:, i * (w + 1) : i * (w + 1) + w, 3] = 255
    out = io.BytesIO()
    Image.fromarray(row).save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
