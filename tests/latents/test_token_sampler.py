"""Random discrete codes against their probabilities, and what the browser gets of them."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.latents.samplers import draw_noise
from explorer.latents.token_sampler import fit_sampler, fit_tokens, kinds_of, sharpened
from tests.latents.test_vocabulary import D, K, T, codes, word_table

OURS = codes(np.ones((50, T * D)), word_table())


@pytest.mark.parametrize("kind", ["prior", "marginal"])
def test_words_are_drawn_as_often_as_their_probability_says(kind: str) -> None:
    sampler, n = fit_tokens(kind, OURS), 40_000
    assert OURS.tokens is not None
    expected = (
        np.full((T, K), 1 / K)
        if kind == "prior"
        else np.stack([np.bincount(column, minlength=K) / len(column) for column in OURS.tokens.T])
    )
    z = sampler.sample(3, n)
    assert z.shape == (n, T * D)
    assert OURS.words is not None
    for t in range(T):
        same = (z[:, None, t * D : (t + 1) * D] == OURS.words).all(2)
        assert same.any(1).all()  # nothing but words
        share = same.mean(0)
        assert (np.abs(share - expected[t]) <= 4.5 * np.sqrt(expected[t] * (1 - expected[t]) / n)).all()


def test_a_temperature_of_0_draws_the_most_frequent_word() -> None:
    z = fit_tokens("marginal", OURS).sample(0, 20, temperature=0)
    assert (z == z[0]).all()
    np.testing.assert_allclose(sharpened(np.array([0.8, 0.2]), 0.5), [0.64 / 0.68, 0.04 / 0.68])


def test_densities_of_gaussian_codes_are_refused() -> None:
    with pytest.raises(ExplorerError, match="prior or marginal"):
        fit_sampler("mixture", OURS)
    assert list(kinds_of(True)) == ["prior", "marginal"]
    assert "mixture" in kinds_of(False)
    with pytest.raises(ValueError, match="need as much noise"):
        fit_tokens("prior", OURS).sample(draw_noise(0, 4, T * D), 5)
