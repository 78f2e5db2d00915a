"""What a running training shows of its model: a fixed batch, rebuilt, and the codes of fixed test images."""

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
    """Looks at one model again and again, without drawing random numbers: training does not notice."""

    def __init__(self, images: ImageDataset, config: RunConfig, device: torch.device) -> None:
        self.config = config
        self.shown = self._units(images, spread_over_test(images, IMAGES), device)
        index = spread_over_test(images, CODES)
        self.subset = self._units(images, index, device)
        self.labels = [] if images.labels is None else images.labels[index].tolist()
        self.label_names = list(images.label_names)
        self.originals = picture(self.shown)
        self.before: np.ndarray | None = None

    def _units(self, images: ImageDataset, index: np.ndarray, device: torch.device) -> Tensor:
        batches = Batches(images, index, device)
        whole = batches.take(torch.arange(len(batches)))
        return to_unit_mean(whole, self.config.data.binarize)

    @torch.no_grad()
    def preview(self, model: Autoencoder) -> dict[str, Any]:
        """`originals` and `rebuilt` (data addresses of PNGs, images in a row), `xy` (codes in the plane), their
        `labels` and `label_names`, and `active` (units)."""
        training = model.training
        model.eval()
        rebuilt = model.mean_image(model.encode(self.shown).mean)
        codes = model.encode(self.subset).mean.float().cpu().numpy()
        model.train(training)
        self.before = xy = positions(codes, self.before)
        return {
            "originals": self.originals,
            "rebuilt": picture(rebuilt),
            "xy": np.round(xy, 3).tolist(),
            "labels": self.labels,
            "label_names": self.label_names,
            "active": active_units(codes),
        }


def positions(codes: np.ndarray, before: np.ndarray | None) -> np.ndarray:
    """Codes `(N, d)` in the plane, `(N, 2)`.

    As they are for d = 2; spread by chance over the second axis for d = 1; else on their principal plane, turned to
    lie as they lay `before` (orthogonal Procrustes), so that nothing jumps.
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
    """Images `(n, C, H, W)` in [0, 1] in a row, a clear pixel apart, as the data address of a PNG."""
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
