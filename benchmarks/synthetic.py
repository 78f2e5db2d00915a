"""Checkpoints to measure with: real architectures with untrained weights, and as many codes as are asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save
from safetensors.torch import save as save_weights

from explorer import store
from explorer.config import ModelConfig, RunConfig, beta_grid
from explorer.latents.codes import Codes
from explorer.models import Autoencoder
from explorer.models.onnx_graph import decoder_onnx

CLASSES = 10


def codes(count: int, latent_size: int, seed: int = 0) -> Codes:
    """Ten Gaussian clusters, about N(0, I) together, as a VAE's codes of ten classes are."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, CLASSES, count)
    centres = 1.2 * rng.standard_normal((CLASSES, latent_size))
    mean = (centres[labels] + 0.45 * rng.standard_normal((count, latent_size))).astype(np.float32)
    scale = np.full_like(mean, 0.3)
    rate = 0.5 * (mean**2 + scale**2 - 1) - np.log(scale)
    distortion = rng.gamma(40.0, 2.0, count).astype(np.float32)
    return Codes(mean, scale, rate, distortion, np.arange(count), labels=labels)


def codes_of_range(found: Codes, beta_range: tuple[float, float]) -> Codes:
    """The same at every β: codes shrink towards 0 as β rises."""
    betas = np.array(beta_grid(beta_range), np.float32)
    shrink = np.linspace(1.2, 0.2, len(betas), dtype=np.float32)
    count, d = found.mean.shape
    return replace(
        found,
        betas=betas,
        beta_mean=shrink[:, None, None] * found.mean,
        beta_scale=np.broadcast_to(found.scale, (len(betas), count, d)).copy(),
        beta_rate=shrink[:, None] * found.rate.mean(0),
        beta_distortion=80 / shrink,
        beta_error=np.zeros(len(betas) - 1, np.float32),
    )


def checkpoint(
    path: Path,
    body: str,
    latent_size: int,
    count: int,
    beta_range: tuple[float, float] | None = None,
    width: int = 16,
) -> None:
    """Write a VAE for 28×28 (mlp: 784-512-256) or 64×64 images (conv: Burgess et al. 2018; residual) at `path`.

    beta_range: make it a model of a range of β. width: channels of a residual body.
    """
    torch.manual_seed(0)
    side = 28 if body == "mlp" else 64
    config = RunConfig.from_flat({"data": "mnist" if body == "mlp" else "sprites", "body": body})
    config = config.model_copy(
        update={"model": ModelConfig(latent_size=latent_size, body=body, beta_range=beta_range, width=width)}
    )
    model = Autoencoder(config.model, (1, side, side))
    if model.rates:
        with torch.no_grad():
            for weight in model.rates.parameters():
                weight.normal_(0, 0.1)
    found = codes(count, latent_size)
    if beta_range:
        found = codes_of_range(found, beta_range)
    files = {
        store.WEIGHTS: save_weights(model.state_dict()),
        store.DECODER: decoder_onnx(model),
        store.CODES: save(found.stored_arrays()),
        store.HISTORY: store.history_csv([]),
    }
    labels = tuple(str(k) for k in range(CLASSES))
    store.write(path, config.model_dump() | {"image_shape": (1, side, side), "label_names": labels}, files)
