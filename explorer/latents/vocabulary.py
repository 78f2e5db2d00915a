"""Codes made of words: how they are stored, and how often each word is used."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

MAX_NUMBERS = 1 << 28
"""Numbers in the codes of all images, which are looked up when they are read: 1 GiB."""
UNPACKED = ("mean", "scale", "rate")
PACKED = ("tokens", "words", "token_rate", "word_rate")


def vectors(tokens: np.ndarray, words: np.ndarray) -> np.ndarray:
    """The codes z `(..., T·D)` of tokens `(..., T)`, whose words are `(K, D)`: one word after the other."""
    z: np.ndarray = words[tokens].reshape(*tokens.shape[:-1], -1)
    return z


def pack(columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Columns of codes with the numbers that follow from the words left out: of z `(N, T·D)` only the tokens `(N, T)`
    stay, and of the rate `(N, T·D)` either that of tokens, `token_rate` `(N, T)`, or, where every code has the same,
    that of the dimensions of a word, `word_rate` `(D,)`."""
    (n, t), (_, d) = columns["tokens"].shape, columns["words"].shape
    rate = columns["rate"]
    kept = {name: array for name, array in columns.items() if name not in UNPACKED}
    if n and (rate == rate[0]).all():
        return kept | {"word_rate": np.ascontiguousarray(rate[0, :d])}
    return kept | {"token_rate": rate.reshape(n, t, d).sum(2)}


def unpack(stored: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The columns that `pack` was given. Raises TypeError if these are not what it gives."""
    tokens, words = stored.get("tokens"), stored.get("words")
    rates = [stored.get(name) for name in ("token_rate", "word_rate")]
    if tokens is None or words is None or sum(rate is not None for rate in rates) != 1:
        raise TypeError("tokens, words and one rate go together")
    if tokens.ndim != 2 or tokens.dtype.kind not in "iu" or words.ndim != 2 or words.dtype != np.float32:
        raise TypeError("tokens are whole numbers (N, T), words are float32 (K, D)")
    (n, t), (k, d) = tokens.shape, words.shape
    if n * t * d > MAX_NUMBERS or not d or (tokens.size and not 0 <= tokens.min() <= tokens.max() < k):
        raise TypeError("a token is the number of a word")
    by_token, by_dimension = rates
    shape = (n, t) if by_dimension is None else (d,)
    rate = by_token if by_dimension is None else by_dimension
    if rate is None or rate.shape != shape or rate.dtype != np.float32:
        raise TypeError(f"the rate is float32 {shape}")
    kept = {name: array for name, array in stored.items() if name not in ("token_rate", "word_rate")}
    zeros = np.broadcast_to(np.float32(0), (n, t * d))
    return kept | {
        "mean": vectors(tokens, words),
        "scale": zeros,
        "rate": _spread(rate, tokens, k, d)
        if by_dimension is None
        else np.broadcast_to(np.tile(rate, t), (n, t * d)),
    }


def _spread(token_rate: np.ndarray, tokens: np.ndarray, k: int, d: int) -> np.ndarray:
    """`explorer.models.discrete_posteriors.spread`; words that are neither one-hot nor switches share the rate."""
    if d == 1:
        return token_rate
    if d != k:
        return np.repeat(token_rate / np.float32(d), d, axis=1)
    rate: np.ndarray = (token_rate[..., None] * (tokens[..., None] == np.arange(k))).reshape(len(tokens), -1)
    return rate


@dataclass(frozen=True)
class Usage:
    """How often each word is used. marginal `(T, K)`: the share of images whose token is that word.

    entropy: of codes drawn from these marginals, token by token, in nats per image; that of the uniform prior is
    T log K. perplexity: the exponential of the entropy of all words, of all tokens alike: how many equally frequent
    words would be as unpredictable. used: words that at least one image has (of expected counts, half an image), of
    `words`. Groups of boxes and switches count by themselves: their perplexity is the mean over tokens, and a box that
    is never chosen is unused.
    """

    marginal: np.ndarray
    entropy: float
    perplexity: float
    used: int
    words: int


def count_words(tokens: np.ndarray, words: int) -> np.ndarray:
    """How many images have each word at each token, `(T, K)`, of tokens `(N, T)` and K = `words`."""
    t = tokens.shape[1]
    counts: np.ndarray = np.bincount((tokens + words * np.arange(t)).ravel(), minlength=t * words)
    return counts.reshape(t, words)


def measure_usage(counts: np.ndarray, shared: bool) -> Usage:
    """Usage by `count_words` `(T, K)`. shared: whether all tokens speak of the same words, as those of a code book
    do."""
    marginal = counts / np.maximum(1, counts.sum(1, keepdims=True))
    together = marginal.mean(0, keepdims=True) if shared else marginal
    found = counts.sum(0, keepdims=True) if shared else counts
    return Usage(
        marginal=marginal,
        entropy=float(entropy(marginal).sum()),
        perplexity=float(np.exp(entropy(together)).mean()),
        used=int((found >= 0.5).sum()),
        words=int(found.size),
    )


def entropy(p: np.ndarray) -> np.ndarray:
    """Entropy in nats of distributions `(..., K)`, `(...)`."""
    logs = np.log(p, where=p > 0, out=np.zeros_like(p))
    result: np.ndarray = -(p * logs).sum(-1)
    return result
