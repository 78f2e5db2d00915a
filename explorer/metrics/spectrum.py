"""The spectrum of images: the mean, the eigenvalues of the covariance, and the strongest principal components."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from explorer.disk import disk_errors, read_file, replace_file
from explorer.environment import data_folder, read_only
from explorer.errors import ExplorerError
from explorer.metrics.image_space import to_unit
from explorer.metrics.water_filling import kept_share

REVISION = 1
MAX_IMAGES = 10_000
MAX_VALUES = 1 << 25
"""Pixel values that are analysed at once: fewer images where they are large."""
COMPONENTS = 64
WEAKEST = 1e-3
"""Of the strongest eigenvalue: a component below it could not be seen."""
ALL = 1024
"""Pixels of an image up to which every eigenvalue is computed, not only those of the components."""
NOISE = 1e-9
"""Of the strongest eigenvalue: what lies below is rounding, as of pixels that never change."""
FOLDER = "spectra"
_HEAD = 4


@dataclass(frozen=True)
class Spectrum:
    """mean: `(P,)`, of pixel values in [0, 1]. eigenvalues: `(m,)`, falling, in squared pixel values. components:
    `(k, P)`, orthonormal, k ≤ m. variance: of all directions together. images: how many there were."""

    mean: np.ndarray
    eigenvalues: np.ndarray
    components: np.ndarray
    variance: float
    images: int

    def restore(self, images: np.ndarray, level: float) -> np.ndarray:
        """What the linear β-VAE makes of images `(n, P)` in [0, 1], from their posterior means, at a water level β·σ²:
        mean + Σ uᵢ (1 − level/λᵢ) uᵢᵀ(x − mean) over the components that live."""
        gains = kept_share(self.eigenvalues[: len(self.components)], level)
        restored: np.ndarray = (
            self.mean + ((images - self.mean) @ self.components.T * gains) @ self.components
        )
        return restored

    def to_bytes(self) -> bytes:
        """Little-endian float32: m, k, variance and number of images; eigenvalues `(m,)`, a unit for each component
        `(k,)`, mean `(P,)`. Then components `(k, P)` as int8 in these units, which costs restored images about half a
        grey level."""
        units = np.maximum(np.abs(self.components).max(1, initial=0), np.finfo(np.float32).tiny) / 127
        head = [len(self.eigenvalues), len(self.components), self.variance, self.images]
        numbers = np.concatenate([head, self.eigenvalues, units, self.mean]).astype("<f4")
        return numbers.tobytes() + np.rint(self.components / units[:, None]).astype(np.int8).tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Spectrum:
        """What `to_bytes` wrote, within its precision. Raises ValueError for anything else."""
        head = np.frombuffer(data, "<f4", _HEAD)
        m, k, images = (int(head[i]) for i in (0, 1, 3))
        pixels = (len(data) - 4 * (_HEAD + m + k)) // (4 + k)
        numbers = np.frombuffer(data, "<f4", _HEAD + m + k + pixels)[_HEAD:]
        steps = np.frombuffer(data, np.int8, offset=4 * (_HEAD + len(numbers))).reshape(k, pixels)
        eigenvalues, units, mean = np.split(numbers.astype(np.float64), [m, m + k])
        return cls(mean, eigenvalues, steps * units[:, None], float(head[2]), images)


def compute_spectrum(images: np.ndarray, binarize: str = "none") -> Spectrum:
    """The spectrum of uint8 images `(N, C, H, W)`, by scikit-learn's PCA; at most 64 components.

    All eigenvalues are computed where images are small; of larger ones, those of the components. Raises ExplorerError
    if the images are fewer than two, or all alike.
    """
    from sklearn.decomposition import PCA

    flat = to_unit(images, binarize).reshape(len(images), -1)
    n, pixels = flat.shape
    variance = float(flat.var(0, dtype=np.float64, ddof=1).sum()) if n > 1 else 0.0
    if not variance:
        raise ExplorerError("A spectrum needs images that differ from each other.")
    if pixels <= ALL:
        pca = PCA(min(n - 1, pixels), svd_solver="covariance_eigh").fit(flat.astype(np.float64))
    else:
        pca = PCA(min(n - 1, COMPONENTS), random_state=0).fit(flat)
    eigenvalues = pca.explained_variance_.astype(np.float64)
    eigenvalues = eigenvalues[eigenvalues > NOISE * eigenvalues[0]]
    k = min(COMPONENTS, int((eigenvalues >= WEAKEST * eigenvalues[0]).sum()))
    return Spectrum(pca.mean_, eigenvalues, pca.components_[:k], variance, n)


def find_spectrum(images: np.ndarray, binarize: str) -> bytes:
    """The spectrum of uint8 images `(N, C, H, W)` as bytes, from the data folder, or computed now and kept there."""
    path = _place(images, binarize)
    try:
        return read_file(path)
    except OSError:
        data = compute_spectrum(images, binarize).to_bytes()
    if not read_only():
        try:
            with disk_errors("The spectrum", path.parent):
                path.parent.mkdir(parents=True, exist_ok=True)
                replace_file(path, data)
        except ExplorerError:  # a data folder that others look after: it is computed again next time
            pass
    return data


def _place(images: np.ndarray, binarize: str) -> Path:
    shown = "threshold" if binarize == "threshold" else "none"
    digest = hashlib.sha256(repr((REVISION, images.shape, shown)).encode())
    digest.update(images.tobytes())
    return data_folder() / FOLDER / f"{digest.hexdigest()[:24]}.bin"
