"""Samplers of random codes: the prior, densities fitted to a model's codes, or the posterior of one image.

Every sampler is a mixture of K Gaussians (usually K = 1), stored as three arrays, and samples by reparameterization,
z = mean_k + temperature · L_k ε. The same noise ε therefore gives corresponding codes in every sampler and model, and
the front end can sample from the same arrays.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from explorer.errors import ExplorerError
from explorer.latents.codes import Codes
from explorer.latents.support import nearest_distances, unit

KINDS = {
    "prior": "N(0, I), the prior",
    "gaussian-diagonal": "Gaussian fitted to the codes, independent dimensions",
    "gaussian-full": "Gaussian fitted to the codes, full covariance",
    "mixture": "mixture of Gaussians fitted to the codes",
    "around": "around one test image",
}
COMPONENTS = (1, 2, 4, 8, 16)
COVARIANCES = ("full", "diag")
POINTS = 2  # minimum codes per component and dimension: with fewer, a component fits a handful of codes
FITTED_CODES = 5_000  # maximum number of codes for fitting a mixture: more change little and take minutes


class Noise(NamedTuple):
    """The noise of n codes: epsilon `(n, d)`, standard normal, and pick `(n,)`, uniform in [0, 1); both float32."""

    epsilon: np.ndarray
    pick: np.ndarray


def draw_noise(seed: int, n: int, d: int) -> Noise:
    """Draw noise for n codes of d dimensions. The first rows are the same for every n; epsilon equals
    `numpy.random.default_rng(seed).standard_normal((n, d), numpy.float32)`."""
    epsilon = np.random.default_rng(seed).standard_normal((n, d), np.float32)
    return Noise(epsilon, np.random.default_rng((seed, 1)).random(n, np.float32))


@dataclass(frozen=True)
class Sampler:
    """A mixture of K Gaussians over codes of d dimensions; all arrays are float32.

    weights: `(K,)`, positive, sum 1. means: `(K, d)`. cholesky: `(K, d, d)`, lower triangular L_k of the covariance
    L_k L_kᵀ of component k.
    """

    kind: str
    weights: np.ndarray
    means: np.ndarray
    cholesky: np.ndarray

    @property
    def latent_size(self) -> int:
        return self.means.shape[1]

    def sample(self, noise: Noise | int, n: int, temperature: float = 1.0) -> np.ndarray:
        """Sample codes, float32 `(n, d)`, from the first n rows of `noise`, or from the noise of a seed.

        z = mean_k + temperature · L_k ε, where k is the number of cumulative weights that are ≤ pick.
        Raises ValueError if the noise has too few rows or another latent size.
        """
        if isinstance(noise, int):
            noise = draw_noise(noise, n, self.latent_size)
        epsilon, pick = noise.epsilon[:n], noise.pick[:n]
        if epsilon.shape != (n, self.latent_size) or pick.shape != (n,):
            raise ValueError(
                f"{n} codes of {self.latent_size} dimensions need as much noise, "
                f"but epsilon is {epsilon.shape} and pick {pick.shape}."
            )
        k = self.component(pick)
        offset = np.matmul(self.cholesky[k], epsilon[:, :, None])[:, :, 0]  # (n, d)
        codes: np.ndarray = self.means[k] + np.float32(temperature) * offset
        return codes

    def component(self, pick: np.ndarray) -> np.ndarray:
        """The component of each uniform number `(n,)`, int64 `(n,)`."""
        k = np.searchsorted(np.cumsum(self.weights, dtype=np.float64), pick, side="right")
        return np.minimum(k, len(self.weights) - 1)  # float32 weights may sum to slightly less than 1


def fit(kind: str, codes: Codes, image: int | None = None, seed: int = 0) -> Sampler:
    """Fit a sampler of a kind in KINDS to the codes of real images.

    A decoder is trained on samples of the aggregate posterior q(z) = 1/N Σ q(z|x_i), which fitted kinds approximate.
    The Gaussians have its exact moments, mean E[μ] and covariance Cov[μ] + E[Σ] (law of total variance; Σ = 0 for a
    plain AE). The mixture is fitted to one posterior sample per image; BIC selects its number of components and form of
    covariance, and `seed` determines the samples and the initialisation.

    "around" is q(z|x) of the code with index `image`. For a plain AE, which has no posterior scale, it is an isotropic
    Gaussian whose root mean square distance is the median nearest-neighbour distance of the codes.

    Raises ExplorerError for an unknown kind, fewer than two codes, or an `image` that is missing or out of range.
    """
    d = codes.mean.shape[1]
    if kind == "prior":
        return _gaussian(kind, np.zeros(d), np.eye(d))
    if kind == "around":
        return _around(codes, image)
    if kind not in KINDS:
        raise ExplorerError(f"There is no sampler {kind!r}; choose one of {', '.join(KINDS)}.")
    if len(codes) < 2:
        raise ExplorerError(f"Fitting a density needs at least 2 codes, and there are {len(codes)}.")
    if kind == "mixture":
        return _mixture(codes, seed)
    mean = codes.mean.astype(np.float64)
    centred = (mean - mean.mean(0)) / np.sqrt(len(mean))
    if kind == "gaussian-diagonal":
        variance = (centred**2).sum(0) + np.diag(_posterior_covariance(codes))
        return _gaussian(kind, mean.mean(0), np.diag(np.sqrt(variance)))
    return _gaussian(kind, mean.mean(0), _factor(np.vstack([centred, _root(_posterior_covariance(codes)).T])))


def _gaussian(kind: str, mean: np.ndarray, cholesky: np.ndarray) -> Sampler:
    return Sampler(
        kind, np.ones(1, np.float32), mean[None].astype(np.float32), cholesky[None].astype(np.float32)
    )


def _posterior_covariance(codes: Codes) -> np.ndarray:
    """E[Σ] over images, `(d, d)`."""
    if codes.scale_tril is None:
        return np.diag((codes.scale.astype(np.float64) ** 2).mean(0))
    tril = codes.scale_tril.astype(np.float64)
    covariance: np.ndarray = np.einsum("nij,nkj->ik", tril, tril) / len(tril)
    return covariance


def _root(covariance: np.ndarray) -> np.ndarray:
    """A matrix R with R Rᵀ = covariance, which may be singular."""
    values, vectors = np.linalg.eigh(covariance)
    root: np.ndarray = vectors * np.sqrt(values.clip(0))
    return root


def _factor(rows: np.ndarray) -> np.ndarray:
    """Lower triangular L with L Lᵀ = rowsᵀ rows and diagonal ≥ 0, for rows `(n, d)` of any rank.

    Uses QR, which needs no jitter when dead dimensions make the covariance singular.
    """
    d = rows.shape[1]
    upper = np.linalg.qr(np.vstack([rows, np.zeros((d, d))]), mode="r")
    lower: np.ndarray = (np.where(np.diag(upper) < 0, -1.0, 1.0)[:, None] * upper).T
    return lower


def _mixture(codes: Codes, seed: int) -> Sampler:
    from sklearn.mixture import GaussianMixture
    from threadpoolctl import threadpool_limits

    rng = np.random.default_rng(seed)
    samples = codes.sample(rng.standard_normal(codes.mean.shape))
    points = samples[rng.permutation(len(codes))[:FITTED_CODES]]
    scale = float(points.std()) or 1.0  # scikit-learn's regularisation is absolute, so codes are scaled
    with threadpool_limits(1):  # more threads do not pay off for small matrices
        candidates = [
            GaussianMixture(k, covariance_type=form, random_state=seed).fit(points / scale)
            for form in COVARIANCES
            for k in COMPONENTS
            if k == 1 or len(points) >= POINTS * k * (points.shape[1] + 1)
        ]
        best = min(candidates, key=lambda candidate: candidate.bic(points / scale))
    variances = best.covariances_
    cholesky = (
        np.linalg.cholesky(variances) if best.covariance_type == "full" else _diagonals(np.sqrt(variances))
    )
    return Sampler(
        "mixture",
        best.weights_.astype(np.float32),
        (best.means_ * scale).astype(np.float32),
        (cholesky * scale).astype(np.float32),
    )


def _diagonals(rows: np.ndarray) -> np.ndarray:
    return rows[:, :, None] * np.eye(rows.shape[1])  # (K, d, d)


def _around(codes: Codes, image: int | None) -> Sampler:
    if image is None or not 0 <= image < len(codes):
        raise ExplorerError(f"Sampling around an image needs its number, from 0 to {len(codes) - 1}.")
    d = codes.mean.shape[1]
    if codes.scale_tril is not None:
        cholesky = codes.scale_tril[image]
    elif codes.scale[image].any():
        cholesky = np.diag(codes.scale[image])
    else:
        cholesky = np.eye(d) * _unit(codes) / np.sqrt(d)  # E‖Lε‖² = unit²
    return _gaussian("around", codes.mean[image], cholesky)


@lru_cache(maxsize=8)
def _unit(codes: Codes) -> float:
    return unit(nearest_distances(codes.mean))
