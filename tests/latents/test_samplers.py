"""Samplers: their moments against NumPy and scikit-learn, their arrays against what they draw."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.mixture import GaussianMixture

from explorer.errors import ExplorerError
from explorer.latents.codes import Codes
from explorer.latents.samplers import KINDS, Noise, Sampler, draw_noise, fit
from explorer.latents.support import nearest_distances, unit

MANY = 200_000


def make(mean: np.ndarray, scale: np.ndarray | float = 0.0, tril: np.ndarray | None = None) -> Codes:
    n, d = mean.shape
    return Codes(
        mean=mean.astype(np.float32),
        scale=np.broadcast_to(np.asarray(scale, np.float32), (n, d)).copy(),
        rate=np.zeros((n, d), np.float32),
        distortion=np.zeros(n, np.float32),
        index=np.arange(n),
        scale_tril=tril,
    )


def slanted(n: int = 400, d: int = 3, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return 5 + rng.standard_normal((n, d)) @ rng.normal(size=(d, d)) * 3


def blobs(n: int = 600, unit: float = 1.0) -> np.ndarray:
    """Four round blobs of weights 0.4, 0.3, 0.2, 0.1 at the corners of a square of side 10."""
    rng = np.random.default_rng(0)
    which = np.repeat(np.arange(4), np.array([4, 3, 2, 1]) * n // 10)
    centres = np.array([[0, 0], [10, 0], [0, 10], [10, 10]])
    return unit * (centres[which] + rng.standard_normal((len(which), 2)))


@cache
def fitted(kind: str) -> Sampler:
    """Sampler of the blobs, with a posterior that is wide enough to matter; fitting takes a while."""
    return fit(kind, make(blobs(), 0.3), image=3)


def posterior_draws(codes: Codes, per_code: int) -> np.ndarray:
    """Draws from the aggregate posterior, straight from its definition."""
    rng = np.random.default_rng(9)
    epsilon = rng.standard_normal((per_code, *codes.mean.shape))
    if codes.scale_tril is None:
        drawn = codes.mean + codes.scale * epsilon
    else:
        drawn = codes.mean + np.einsum("nij,lnj->lni", codes.scale_tril, epsilon)
    return drawn.reshape(-1, codes.mean.shape[1])


def some_tril(n: int, d: int) -> np.ndarray:
    rng = np.random.default_rng(4)
    return (np.tril(rng.normal(size=(n, d, d)), -1) + np.eye(d) * rng.uniform(0.2, 2, (n, 1, d))).astype(
        np.float32
    )


def covariance(sampler: Sampler) -> np.ndarray:
    """Law of total covariance over components."""
    w, mean = sampler.weights.astype(np.float64), sampler.means.astype(np.float64)
    centred = mean - w @ mean
    inner = np.einsum("k,kij,klj->il", w, sampler.cholesky.astype(np.float64), sampler.cholesky)
    return inner + np.einsum("k,ki,kj->ij", w, centred, centred)


# --- moments ---


def test_the_prior_is_standard_normal_noise_itself() -> None:
    z = fit("prior", make(slanted())).sample(7, 50)
    np.testing.assert_array_equal(z, np.random.default_rng(7).standard_normal((50, 3), np.float32))


def test_gaussians_of_a_plain_ae_have_the_moments_of_its_codes() -> None:
    codes = slanted()
    full, diagonal = fit("gaussian-full", make(codes)), fit("gaussian-diagonal", make(codes))
    reference = GaussianMixture(1, reg_covar=0).fit(codes)
    np.testing.assert_allclose(covariance(full), reference.covariances_[0], rtol=1e-4)
    np.testing.assert_allclose(covariance(full), np.cov(codes.T, ddof=0), rtol=1e-4)
    np.testing.assert_allclose(covariance(diagonal), np.diag(codes.var(0)), rtol=1e-4)
    for sampler in (full, diagonal):
        np.testing.assert_allclose(sampler.means[0], codes.mean(0), rtol=1e-5)
        assert (np.triu(sampler.cholesky[0], 1) == 0).all()
        assert (np.diag(sampler.cholesky[0]) >= 0).all()


@pytest.mark.parametrize("full_posterior", [False, True])
@pytest.mark.parametrize("kind", ["gaussian-diagonal", "gaussian-full"])
def test_gaussians_of_a_vae_have_the_moments_of_its_aggregate_posterior(
    kind: str, full_posterior: bool
) -> None:
    mean = slanted(300)
    scale = np.random.default_rng(2).uniform(0.5, 4, mean.shape)
    codes = make(mean, scale, some_tril(300, 3) if full_posterior else None)
    drawn = posterior_draws(codes, 2000)
    expected = np.cov(drawn.T)
    if kind == "gaussian-diagonal":
        expected = np.diag(np.diag(expected))
    unit = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    np.testing.assert_allclose(covariance(fit(kind, codes)) / unit, expected / unit, atol=0.01)


@pytest.mark.parametrize("kind", ["gaussian-diagonal", "gaussian-full", "mixture"])
def test_draws_have_the_moments_of_the_description(kind: str) -> None:
    sampler = fitted(kind)
    z = sampler.sample(0, MANY)
    assert z.dtype == np.float32
    assert z.shape == (MANY, 2)
    mean = sampler.weights @ sampler.means
    spread = np.sqrt(np.diag(covariance(sampler)))
    np.testing.assert_allclose(z.mean(0) / spread, mean / spread, atol=0.01)
    np.testing.assert_allclose(
        np.cov(z.T) / np.outer(spread, spread), covariance(sampler) / np.outer(spread, spread), atol=0.02
    )


def test_the_mixture_finds_the_blobs_as_scikit_learn_does() -> None:
    codes = blobs()
    sampler = fit("mixture", make(codes))
    reference = GaussianMixture(4, n_init=5, random_state=1).fit(codes)
    assert len(sampler.weights) == 4
    ours, theirs = np.argsort(sampler.weights), np.argsort(reference.weights_)
    np.testing.assert_allclose(sampler.weights[ours], reference.weights_[theirs], atol=0.01)
    np.testing.assert_allclose(sampler.means[ours], reference.means_[theirs], atol=0.1)
    # other draws from the same four blobs are as likely under ours as under theirs
    drawn = sampler.sample(5, 20_000)
    again, _ = reference.sample(20_000)
    assert reference.score(drawn) == pytest.approx(reference.score(again), abs=0.05)


def test_the_mixture_of_a_vae_covers_its_posteriors_and_not_only_their_means() -> None:
    codes = make(blobs(unit=0.01), 2.0)  # means all but equal, the posterior is wide
    sampler = fit("mixture", codes)
    np.testing.assert_allclose(np.sqrt(np.diag(covariance(sampler))), [2, 2], rtol=0.15)


def test_a_single_blob_needs_one_component() -> None:
    assert len(fit("mixture", make(slanted())).weights) == 1


@pytest.mark.parametrize("unit", [1e-3, 1e3])
def test_mixtures_do_not_depend_on_the_size_of_codes(unit: float) -> None:
    small, large = fitted("mixture"), fit("mixture", make(blobs(unit=unit), 0.3 * unit))
    np.testing.assert_allclose(large.means, unit * small.means, rtol=1e-3, atol=1e-3 * unit)
    np.testing.assert_allclose(large.cholesky, unit * small.cholesky, rtol=1e-2, atol=1e-3 * unit)


@pytest.mark.filterwarnings("ignore:Number of distinct clusters")
@pytest.mark.parametrize("kind", KINDS)
def test_dead_dimensions_and_equal_codes_do_no_harm(kind: str) -> None:
    codes = slanted()
    codes[:, 1] = 0.5
    for given_codes in (codes[:60], np.full((30, 3), 2.0)):
        z = fit(kind, make(given_codes), image=0).sample(0, 100)
        assert np.isfinite(z).all()
        if kind.startswith("gaussian"):
            np.testing.assert_allclose(z[:, 1], given_codes[0, 1], atol=1e-5)


# --- around an image ---


def test_around_an_image_of_a_vae_is_its_posterior() -> None:
    mean, scale = slanted(20), np.random.default_rng(1).uniform(0.1, 2, (20, 3))
    z = fit("around", make(mean, scale), image=4).sample(0, MANY)
    np.testing.assert_allclose(z.mean(0), mean[4], atol=0.03)
    np.testing.assert_allclose(z.std(0), scale[4], rtol=0.02)
    tril = some_tril(20, 3)
    z = fit("around", make(mean, scale, tril), image=4).sample(0, MANY)
    np.testing.assert_allclose(np.cov(z.T), tril[4] @ tril[4].T, atol=0.03 * np.abs(tril[4]).max() ** 2)


def test_around_an_image_of_a_plain_ae_is_as_far_as_its_neighbours_are() -> None:
    codes = slanted(50)
    apart = np.linalg.norm(codes[:, None] - codes[None], axis=-1)
    np.fill_diagonal(apart, np.inf)
    z = fit("around", make(codes), image=7).sample(0, MANY)
    moved = np.linalg.norm(z - codes[7], axis=1)
    assert np.sqrt((moved**2).mean()) == pytest.approx(np.median(apart.min(1)), rel=0.01)


# --- the description, noise and temperature ---


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("temperature", [0.0, 0.5, 1.7])
def test_the_arrays_alone_reproduce_the_draws(kind: str, temperature: float) -> None:
    """What a front end does with them, number by number."""
    sampler = fitted(kind)
    noise = draw_noise(11, 40, 2)
    drawn = sampler.sample(noise, 40, temperature)
    for epsilon, pick, z in zip(noise.epsilon.tolist(), noise.pick.tolist(), drawn, strict=True):
        k, cumulated = 0, float(sampler.weights[0])
        while cumulated <= pick and k < len(sampler.weights) - 1:
            k += 1
            cumulated += float(sampler.weights[k])
        expected = [
            float(sampler.means[k, i])
            + temperature * sum(float(sampler.cholesky[k, i, j]) * epsilon[j] for j in range(i + 1))
            for i in range(2)
        ]
        np.testing.assert_allclose(z, expected, rtol=1e-5, atol=1e-5)


@given(seed=st.integers(0, 2**31 - 1), few=st.integers(0, 20), more=st.integers(0, 20), d=st.integers(1, 8))
def test_the_first_codes_stay_when_more_are_drawn(seed: int, few: int, more: int, d: int) -> None:
    small, large = draw_noise(seed, few, d), draw_noise(seed, few + more, d)
    np.testing.assert_array_equal(small.epsilon, large.epsilon[:few])
    np.testing.assert_array_equal(small.pick, large.pick[:few])
    assert ((large.pick >= 0) & (large.pick < 1)).all()
    assert large.epsilon.dtype == large.pick.dtype == np.float32


def test_one_noise_drives_all_gaussians() -> None:
    codes, noise = make(slanted(), 0.4), draw_noise(3, 25, 3)
    for kind in ("prior", "gaussian-diagonal", "gaussian-full", "around"):
        sampler = fit(kind, codes, image=2)
        back = np.linalg.solve(sampler.cholesky[0], (sampler.sample(noise, 25) - sampler.means[0]).T).T
        np.testing.assert_allclose(back, noise.epsilon, atol=1e-3)


def test_components_come_as_often_as_they_weigh() -> None:
    weights = np.array([0.5, 0.2, 0.3], np.float32)
    sampler = Sampler("mixture", weights, np.zeros((3, 1), np.float32), np.ones((3, 1, 1), np.float32))
    counts = np.bincount(sampler.component(draw_noise(0, MANY, 1).pick), minlength=3)
    np.testing.assert_allclose(counts / MANY, weights, atol=0.01)
    edge = np.array([0.0, np.nextafter(np.float32(1), np.float32(0))], np.float32)
    short = Sampler("mixture", weights * np.float32(0.999), sampler.means, sampler.cholesky)
    assert short.component(edge).tolist() == [0, 2]


def test_what_cannot_be_sampled_is_explained() -> None:
    codes = make(slanted())
    with pytest.raises(ExplorerError, match=r"'cauchy'; choose one of prior, .*around"):
        fit("cauchy", codes)
    with pytest.raises(ExplorerError, match="at least 2 codes"):
        fit("mixture", make(slanted(1)))
    for image in (None, -1, 400):
        with pytest.raises(ExplorerError, match="from 0 to 399"):
            fit("around", codes, image=image)
    with pytest.raises(ValueError, match="epsilon is"):
        fit("prior", codes).sample(draw_noise(0, 10, 3), 11)
    with pytest.raises(ValueError, match="epsilon is"):
        fit("prior", codes).sample(Noise(np.zeros((5, 2), np.float32), np.zeros(5, np.float32)), 5)


def test_the_unit_of_an_ae_is_that_of_its_support() -> None:
    codes = slanted(40)
    sampler = fit("around", make(codes), image=0)
    assert sampler.cholesky[0, 0, 0] == pytest.approx(unit(nearest_distances(codes)) / np.sqrt(3), rel=1e-5)
