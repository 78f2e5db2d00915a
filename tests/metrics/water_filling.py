"""Reverse water-filling: the linear β-VAE, and the rate–distortion function of a Gaussian, in closed form.

The browser's own code of it (`explorer/live/frontend/src/latent/water-filling.ts`) is held against this one.

Let λ be the eigenvalues of the data's covariance, and θ = β·σ² the water level, both in squared pixel values. The
linear β-VAE with pixels of variance σ² minimises, for each principal direction by itself, E‖x − x̂‖²/(2σ²) + β·rate.
With a posterior of variance s and prior N(0, 1), its decoder's best weight leaves the squared error λ·s at the rate
−½ ln s, so the minimum is s = min(1, θ/λ): a direction lives only if λ > θ, and then has the squared error θ, the rate
½ ln(λ/θ) and the weight √(λ − θ), so that W = U(Λ − θI)^½ (Lucas et al. 2019, "Don't Blame the ELBO!"; β = 1 is
probabilistic PCA, Tipping & Bishop 1999). These are also the optima of rate–distortion theory (Cover & Thomas 2006,
theorem 10.3.3), whatever β and σ² are by themselves.
"""

import numpy as np

from explorer.errors import ExplorerError
from explorer.metrics.spectrum import Spectrum

HEAD = 4


def live_directions(eigenvalues: np.ndarray, level: float) -> np.ndarray:
    """Which directions stand above the water, bool `(k,)`."""
    live: np.ndarray = eigenvalues > level
    return live


def rate_per_dimension(eigenvalues: np.ndarray, level: float) -> np.ndarray:
    """The rate of each direction, ½ ln(λ/θ) or 0, `(k,)` in nats per image. The level must be above 0."""
    rate: np.ndarray = 0.5 * np.log(np.maximum(eigenvalues, level) / level)
    return rate


def kept_share(eigenvalues: np.ndarray, level: float) -> np.ndarray:
    """The share of each direction's variance that is restored, 1 − θ/λ or 0, `(k,)`: also the gain of the
    reconstruction from the posterior mean."""
    share: np.ndarray = 1 - level / np.maximum(eigenvalues, level)
    return share


def compute_distortion(eigenvalues: np.ndarray, level: float) -> float:
    """The expected squared error per image: θ for a live direction, all of its λ for a drowned one."""
    return float(np.minimum(eigenvalues, level).sum())


def water_level(eigenvalues: np.ndarray, distortion: float) -> float:
    """The level at which the squared error per image is `distortion`.

    Raises ExplorerError if it is not above 0 and at most the whole variance.
    """
    falling = np.sort(eigenvalues.astype(np.float64))[::-1]
    drowned = falling.sum() - np.cumsum(falling)  # the variance of all but the n strongest
    levels = (distortion - drowned) / np.arange(1, len(falling) + 1)
    # with n live directions the level lies between the weakest of them and the strongest drowned one
    fits = levels <= falling * (1 + 1e-12)
    if distortion <= 0 or not fits.any():
        raise ExplorerError(
            f"A squared error of {distortion:g} is out of reach: it is above 0 and at most the variance of the images, "
            f"{falling.sum():g}."
        )
    return float(levels[np.flatnonzero(fits)[-1]])


def compute_rate(eigenvalues: np.ndarray, distortion: float) -> float:
    """R(D), the least rate in nats per image at which a Gaussian source has the squared error `distortion`.

    No other source of the same covariance needs more (Cover & Thomas 2006, problem 10.8). Raises ExplorerError as
    `water_level` does.
    """
    return float(rate_per_dimension(eigenvalues, water_level(eigenvalues, distortion)).sum())


def restore(spectrum: Spectrum, images: np.ndarray, level: float) -> np.ndarray:
    """What the linear β-VAE makes of images `(n, P)` in [0, 1], from their posterior means, at a water level β·σ²:
    mean + Σ uᵢ (1 − level/λᵢ) uᵢᵀ(x − mean) over the components that live."""
    mean, components = spectrum.mean, spectrum.components
    gains = kept_share(spectrum.eigenvalues[: len(components)], level)
    restored: np.ndarray = mean + ((images - mean) @ components.T * gains) @ components
    return restored


def read_spectrum(data: bytes) -> Spectrum:
    """What `Spectrum.to_bytes` wrote, within its precision. Raises ValueError for anything else."""
    head = np.frombuffer(data, "<f4", HEAD)
    m, k, images = (int(head[i]) for i in (0, 1, 3))
    pixels = (len(data) - 4 * (HEAD + m + k)) // (4 + k)
    numbers = np.frombuffer(data, "<f4", HEAD + m + k + pixels)[HEAD:]
    steps = np.frombuffer(data, np.int8, offset=4 * (HEAD + len(numbers))).reshape(k, pixels)
    eigenvalues, units, mean = np.split(numbers.astype(np.float64), [m, m + k])
    return Spectrum(mean, eigenvalues, steps * units[:, None], float(head[2]), images)
