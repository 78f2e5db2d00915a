"""Columns that colour the map, and its flat projections."""

import math
import re
from typing import Literal

import numpy as np

from explorer.discrete import MAX_LATENTS
from explorer.errors import ExplorerError
from explorer.latents.codes import Codes
from explorer.live.model_schema import Column, Projection
from explorer.metrics.disentanglement.evaluation import latent_name
from explorer.store import Checkpoint, Manifest

ROUNDING = 1e-6
"""Relative error of a β that went through a browser."""


def categories(values: np.ndarray) -> np.ndarray:
    """Class indices as the smallest little-endian unsigned integers that hold them: uint8 or uint16."""
    return values.astype("u1" if values.max(initial=0) < 256 else "<u2")


def values(codes: Codes, manifest: Manifest, key: str) -> np.ndarray:
    """The column `key` `(N,)`: `labels` and `factor:<name>` as uint8 or uint16; `dim:<k>` (posterior mean),
    `error` (distortion, nats) and `rate` (KL summed over dimensions, nats) as float32.

    Raises ExplorerError if there is no such column.
    """
    if key == "labels" and codes.labels is not None:
        return categories(codes.labels)
    if key == "error":
        return codes.distortion.astype("<f4")
    if key == "rate":
        return codes.rate.sum(1).astype("<f4")
    kind, _, what = key.partition(":")
    if kind == "factor" and codes.factors is not None and what in manifest.factor_names:
        return categories(codes.factors[:, manifest.factor_names.index(what)])
    if kind == "dim" and what.isdecimal() and len(what) < 5 and int(what) < codes.mean.shape[1]:
        return codes.mean[:, int(what)].astype("<f4")
    raise ExplorerError(f"These codes have no column {key!r}.")


def at_betas(codes: Codes, name: Literal["mean", "scale"]) -> bytes:
    """Means or scales of all codes at the β at which they are stored, float16 `(R, N, d)`.

    Raises ExplorerError for a model of one β.
    """
    array = codes.beta_mean if name == "mean" else codes.beta_scale
    if array is None:
        raise ExplorerError("This is a model of one β.")
    return array.astype("<f2").tobytes()


def described(codes: Codes, manifest: Manifest) -> list[Column]:
    """The columns for the colour-by menu."""
    result: list[Column] = []
    if codes.labels is not None:
        names = list(manifest.label_names)
        result.append(Column(key="labels", label="class", names=names, colours=_own_colours(manifest, names)))
    if codes.factors is not None:
        values = manifest.factor_values or [map(str, range(size)) for size in manifest.factor_sizes]
        for name, its_values in zip(manifest.factor_names, values, strict=True):
            names = list(its_values)
            colours = _own_colours(manifest, names)
            result.append(Column(key=f"factor:{name}", label=name, names=names, colours=colours))
    result.append(Column(key="error", label="reconstruction error", unit="nats"))
    if not manifest.plain:
        result.append(Column(key="rate", label="rate", unit="nats"))
    on_grid = manifest.model.code is not None and manifest.model.code.side > 0
    dimensions = range(0 if on_grid else codes.mean.shape[1])
    unit = None if manifest.plain else "σ"  # of the prior, which a plain AE does not have
    return result + [Column(key=f"dim:{k}", label=latent_name(k), unit=unit) for k in dimensions]


def _own_colours(manifest: Manifest, names: list[str]) -> list[str] | None:
    """The colours that these classes are named for, as hair colours are; None where they are not colours."""
    if manifest.data.data != "faces":
        return None
    from explorer.data.faces import COLOURS

    return next((list(group.values()) for group in COLOURS.values() if list(group) == names), None)


def principal_plane(mean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A point `(d,)` of the plane of the two leading principal directions `(2, d)`, orthonormal, of codes `(N, d)`.

    The plane goes through the codes' mean; of its points this is the one nearest to 0, so that the prior's mean
    falls on the map's origin. From the covariance's eigenvectors; each direction's largest entry is positive, so
    that it is unique.
    """
    centre = mean.mean(0, dtype=np.float64)
    directions = _leading(mean)[1]
    largest = np.abs(directions).argmax(1)
    directions = directions * np.sign(directions[[0, 1], largest])[:, None]
    return centre - directions.T @ (directions @ centre), directions


def explained(mean: np.ndarray) -> np.ndarray:
    """Shares `(2,)` of the variance of codes `(N, d)` that lie along the two leading principal directions."""
    total = mean.astype(np.float64).var(0, ddof=1).sum()
    shares: np.ndarray = _leading(mean)[0] / max(total, np.finfo(np.float64).tiny)
    return shares


def _leading(mean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The two largest variances `(2,)` of codes `(N, d)` along orthonormal directions `(2, d)`, the largest first."""
    covariance = np.cov(mean - mean.mean(0, dtype=np.float64), rowvar=False)
    d = len(covariance)
    if d > MAX_LATENTS and covariance.any():
        # all directions of a grid of words take seconds, two of them milliseconds
        from scipy.sparse.linalg import eigsh  # not at start-up: it takes a tenth of a second

        values, vectors = eigsh(covariance, k=2, v0=np.random.default_rng(0).standard_normal(d))
    else:
        values, vectors = np.linalg.eigh(covariance)
    return values[:-3:-1], vectors[:, :-3:-1].T


def plane(codes: Codes, name: str) -> tuple[np.ndarray, np.ndarray]:
    """The flat projections, exact both ways: centre `(d,)` and axes `(2, d)` of `dims:i,j` or `pca`.

    Raises ExplorerError for any other name.
    """
    d = codes.mean.shape[1]
    if name == "pca" and d >= 2:
        return principal_plane(codes.mean)
    match = re.fullmatch(r"dims:(\d{1,3}),(\d{1,3})", name)
    if match and max(chosen := [int(g) for g in match.groups()]) < d:
        return np.zeros(d), np.eye(d)[chosen]
    raise ExplorerError(f"There is no projection {name!r} of these codes.")


def positions(codes: Codes, name: str) -> np.ndarray:
    """Positions `(N, 2)` of all codes in a flat projection."""
    centre, axes = plane(codes, name)
    return (codes.mean - centre) @ axes.T


def carried(codes: Codes) -> np.ndarray:
    """How informative each dimension is, `(d,)`: its mean rate in nats; for a plain AE its variance."""
    information: np.ndarray = codes.rate.mean(0) if codes.scale.any() else codes.mean.var(0)
    return information


def described_planes(codes: Codes) -> list[Projection]:
    """The flat projections for the menu: the latent plane itself for two dimensions, else PCA and the two
    dimensions that carry the most (by rate; by variance for a plain AE)."""
    d = codes.mean.shape[1]
    if d < 2:
        return []
    if d == 2:
        return [_described("dims:0,1", "latent plane", ("z₁", "z₂"), codes)]
    i, j = sorted(np.argsort(carried(codes))[::-1][:2].tolist())
    names = latent_name(i), latent_name(j)
    first, second = (f"{100 * share:.0f} % of the variance" for share in explained(codes.mean))
    return [
        _described("pca", "PCA", (f"first component, {first}", f"second component, {second}"), codes),
        _described(f"dims:{i},{j}", " × ".join(names), names, codes),
    ]


def _described(key: str, label: str, axes: tuple[str, str], codes: Codes) -> Projection:
    centre, directions = plane(codes, key)
    return Projection(
        key=key, label=label, axes=axes, mean=centre.tolist(), components=directions.ravel().tolist()
    )


def parse_beta(checkpoint: Checkpoint, text: str) -> float:
    """The β in an address, of a model of a range of β. Raises ExplorerError if it is outside of the range."""
    betas = checkpoint.manifest.model.beta_range
    try:
        beta = float(text)
    except ValueError:
        beta = math.nan
    if betas is None or not betas[0] * (1 - ROUNDING) <= beta <= betas[1] * (1 + ROUNDING):
        raise ExplorerError(f"{checkpoint.name} cannot decode at a β of {text[:20]!r}.")
    return beta
