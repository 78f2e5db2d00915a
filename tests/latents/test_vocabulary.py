"""Codes made of words: their stored form and how words are counted."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import mutual_info_score

from explorer.latents.codes import Codes
from explorer.latents.vocabulary import count_words, measure_usage, vectors

N, T, K, D = 50, 3, 7, 2


def codes(rate: np.ndarray, words: np.ndarray, seed: int = 0) -> Codes:
    rng = np.random.default_rng(seed)
    tokens = rng.integers(len(words), size=(N, T))
    return Codes(
        mean=vectors(tokens, words),
        scale=np.zeros((N, T * words.shape[1]), np.float32),
        rate=rate.astype(np.float32),
        distortion=rng.random(N, np.float32),
        index=np.arange(N),
        tokens=tokens,
        words=words,
    )


def word_table(seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(K, D)).astype(np.float32)


def test_quantized_codes_are_stored_as_numbers_of_words() -> None:
    per_dimension = np.array([0.5, 0.25], np.float32)
    ours = codes(np.tile(per_dimension, (N, T)), word_table())
    stored = ours.stored_arrays()
    assert stored.keys() == {"tokens", "words", "word_rate", "distortion", "index"}
    assert stored["tokens"].dtype == np.uint8
    back = Codes.from_stored(stored)
    for name, column in ours.arrays().items():
        np.testing.assert_array_equal(getattr(back, name), column)
        assert getattr(back, name).dtype == column.dtype


@pytest.mark.parametrize("boxes", [True, False])
def test_rates_of_tokens_are_stored_and_belong_to_the_chosen_box(boxes: bool) -> None:
    words = np.eye(K, dtype=np.float32) if boxes else np.array([[-1.0], [1.0]], np.float32)
    plain = codes(np.zeros((N, T * words.shape[1])), words)
    token_rate = np.random.default_rng(3).random((N, T), np.float32)
    assert plain.tokens is not None
    rate = (
        (token_rate[..., None] * (plain.tokens[..., None] == np.arange(K))).reshape(N, -1)
        if boxes
        else token_rate
    )
    ours = Codes(**plain.arrays() | {"rate": rate.astype(np.float32)})
    stored = ours.stored_arrays()
    np.testing.assert_allclose(stored["token_rate"], token_rate)
    np.testing.assert_allclose(Codes.from_stored(stored).rate, rate)


def test_columns_that_no_model_wrote_are_refused() -> None:
    good = codes(np.ones((N, T * D)), word_table()).stored_arrays()
    Codes.from_stored(good)
    wrong: list[dict[str, Any]] = [
        {"tokens": good["tokens"] + K},
        {"tokens": good["tokens"].astype(np.float32)},
        {"tokens": good["tokens"][:, 0]},
        {"words": good["words"].astype(np.float64)},
        {"words": good["words"][:, :0]},
        {"word_rate": good["word_rate"][:1]},
        {"token_rate": np.ones((N, T), np.float32)},
        {"words": None},
        {"word_rate": None},
        {"surprise": np.ones(3)},
    ]
    for change in wrong:
        columns = {name: array for name, array in (good | change).items() if array is not None}
        with pytest.raises(TypeError):
            Codes.from_stored(columns)


@given(seed=st.integers(0, 1000), shared=st.booleans())
def test_usage_is_what_scipy_counts(seed: int, shared: bool) -> None:
    rng = np.random.default_rng(seed)
    tokens = rng.integers(K, size=(N, T)) * rng.integers(2, size=(N, T))
    usage = measure_usage(count_words(tokens, K), shared)
    shares = [np.bincount(tokens[:, t], minlength=K) / N for t in range(T)]
    np.testing.assert_allclose(usage.marginal, shares)
    assert usage.entropy == pytest.approx(sum(stats.entropy(share) for share in shares))
    if shared:
        assert usage.perplexity == pytest.approx(math.exp(stats.entropy(np.bincount(tokens.ravel()))))
        assert (usage.used, usage.words) == (len(np.unique(tokens)), K)
    else:
        assert usage.perplexity == pytest.approx(
            np.mean([math.exp(stats.entropy(share)) for share in shares])
        )
        assert (usage.used, usage.words) == (sum(len(np.unique(row)) for row in tokens.T), T * K)


def test_the_entropy_of_a_token_is_its_information_about_itself() -> None:
    tokens = np.random.default_rng(0).integers(K, size=(N, 1))
    own = mutual_info_score(tokens[:, 0], tokens[:, 0])
    assert measure_usage(count_words(tokens, K), True).entropy == pytest.approx(own)
