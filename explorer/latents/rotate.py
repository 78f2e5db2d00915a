"""Turning the axes of a latent space. The prior N(0, I) does not notice, and nor does the ELBO: only the meaning of
single dimensions is lost. So no likelihood can tell a disentangled model from an entangled one (Locatello et al. 2019,
theorem 1)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from explorer.errors import ExplorerError
from explorer.latents.codes import Codes


def plane_rotation(latents: int, first: int, second: int, degrees: float) -> np.ndarray:
    """The orthogonal matrix R `(d, d)` that turns dimension `first` towards `second`: z' = R z.

    Raises ExplorerError if there are no two such dimensions.
    """
    if first == second or not {first, second} <= set(range(latents)):
        raise ExplorerError(
            f"A rotation needs two different dimensions from 0 to {latents - 1}, not {first} and {second}."
        )
    matrix = np.eye(latents)
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix[[first, first, second, second], [first, second, first, second]] = c, -s, s, c
    return matrix


def rotate_codes(codes: Codes, matrix: np.ndarray) -> Codes:
    """The codes that the model turned by the orthogonal `matrix` `(d, d)` would give of the same images.

    A Gaussian posterior then has a full covariance. The rate per dimension changes, its sum does not; for a plain AE
    it stays zero.
    """
    mean = codes.mean @ matrix.T
    if not codes.scale.any():
        return replace(codes, mean=mean.astype(np.float32))
    old = (
        codes.scale[:, :, None] * np.eye(codes.scale.shape[1])
        if codes.scale_tril is None
        else codes.scale_tril
    )
    tril = lower_factor(matrix @ old)
    spread = np.square(tril).sum(axis=2)
    rate = 0.5 * (spread + np.square(mean) - 1) - np.log(np.diagonal(tril, axis1=1, axis2=2))
    columns = {"mean": mean, "scale": np.sqrt(spread), "rate": rate, "scale_tril": tril}
    return replace(codes, **{name: column.astype(np.float32) for name, column in columns.items()})


def lower_factor(factors: np.ndarray) -> np.ndarray:
    """The lower triangular L `(..., d, d)` with positive diagonal and L Lᵀ = A Aᵀ, of any invertible A."""
    upper = np.linalg.qr(np.swapaxes(factors, -1, -2)).R
    signs = np.sign(np.diagonal(upper, axis1=-2, axis2=-1))
    lower: np.ndarray = np.swapaxes(upper * signs[..., :, None], -1, -2)
    return lower
