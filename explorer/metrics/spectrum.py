"""The spectrum of images: the mean, the eigenvalues of the covariance, and the strongest principal components."""

from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.metrics.data_cache import find_kept
from explorer.metrics.image_space import to_unit

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


@dataclass(frozen=True)
class Spectrum:
    """mean: `(P,)`, of pixel values in [0, 1]. eigenvalues: `(m,)`, falling, in squared pixel values. components:
    `(k, P)`, orthonormal, k ≤ m. variance: of all directions together. images: how many there were."""

    mean: np.ndarray
    eigenvalues: np.ndarray
    components: np.ndarray
    variance: float
    images: int

    def to_bytes(self) -> bytes:
        """Little-endian float32: m, k, variance and number of images; eigenvalues `(m,)`, a unit for each component
        `(k,)`, mean `(P,)`. Then components `(k, P)` as int8 in these units, which costs restored images about half a
        grey level."""
        units = np.maximum(np.abs(self.components).max(1, initial=0), np.finfo(np.float32).tiny) / 127
        head = [len(self.eigenvalues), len(self.components), self.variance, self.images]
        numbers = np.concatenate([head, self.eigenvalues, units, self.mean]).astype("<f4")
        return numbers.tobytes() + np.rint(self.components / units[:, None]).astype(np.int8).tobytes()


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
    shown = "threshold" if binarize == "threshold" else "none"
    settings = (REVISION, images.shape, shown)
    return find_kept("spectra/{}.bin", settings, [images], lambda: compute_spectrum(images, shown).to_bytes())
