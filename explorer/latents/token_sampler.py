"""Random discrete codes: every token drawn by itself, from uniform words or from how often each is used."""

from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.latents import samplers
from explorer.latents.codes import Codes
from explorer.latents.samplers import Noise, draw_noise
from explorer.latents.vocabulary import count_words, vectors

KINDS = {
    "prior": "uniform words, the prior",
    "marginal": "word frequencies",
}
LEARNED = {"learned": "the learned prior"}


@dataclass(frozen=True)
class TokenSampler:
    """Independent tokens. weights `(T, K)` float32: the probability of each word at each token. words `(K, D)`."""

    kind: str
    weights: np.ndarray
    words: np.ndarray

    @property
    def latent_size(self) -> int:
        return self.weights.shape[0] * self.words.shape[1]

    def tokens(self, noise: Noise, n: int, temperature: float = 1.0) -> np.ndarray:
        """Tokens `(n, T)` from the first n rows of `noise`: of token t, the number of cumulative probabilities that are
        ≤ Φ(ε_t). The probabilities are raised to the power 1/temperature; at 0, the most probable word is drawn."""
        from scipy.special import ndtr  # not at start-up: it takes a tenth of a second

        t = len(self.weights)
        uniform = ndtr(noise.epsilon[:n, :t].astype(np.float64))
        cumulative = np.cumsum(sharpened(self.weights.astype(np.float64), temperature), axis=1)
        tokens = (cumulative[None, :, :-1] <= uniform[:, :, None]).sum(2)
        return np.asarray(tokens, np.int64)

    def sample(self, noise: Noise | int, n: int, temperature: float = 1.0) -> np.ndarray:
        """Codes, float32 `(n, T·D)`, from the first n rows of `noise`, or from the noise of a seed.

        Raises ValueError if the noise has too few rows or another latent size.
        """
        if isinstance(noise, int):
            noise = draw_noise(noise, n, self.latent_size)
        if noise.epsilon[:n].shape != (n, self.latent_size):
            raise ValueError(f"{n} codes of {self.latent_size} dimensions need as much noise.")
        return vectors(self.tokens(noise, n, temperature), self.words)


def sharpened(weights: np.ndarray, temperature: float) -> np.ndarray:
    """Probabilities `(..., K)` to the power 1/temperature, normalised; at 0 all mass is on the largest."""
    if temperature < 1e-3:
        return np.eye(weights.shape[-1])[weights.argmax(-1)]
    most = weights.max(-1, keepdims=True)
    powers: np.ndarray = (weights / most) ** (1 / temperature)
    return powers / powers.sum(-1, keepdims=True)


def fit_tokens(kind: str, codes: Codes) -> TokenSampler:
    """A sampler of a kind in KINDS for discrete codes. Raises ExplorerError for another kind."""
    assert codes.tokens is not None
    assert codes.words is not None
    if kind not in KINDS:
        raise ExplorerError(f"Discrete codes are drawn from {' or '.join(KINDS)}, not from {kind!r}.")
    k = len(codes.words)
    counts = count_words(codes.tokens, k) if kind == "marginal" else np.ones((codes.tokens.shape[1], k))
    return TokenSampler(kind, (counts / counts.sum(1, keepdims=True)).astype(np.float32), codes.words)


def kinds_of(discrete: bool, learned: bool = False) -> dict[str, str]:
    """The kinds of sampler that a model has, and what each draws from. learned: whether its codes have an
    autoregressive prior (`explorer.latents.learned_sampler`)."""
    if not discrete:
        return samplers.KINDS
    return KINDS | LEARNED if learned else KINDS


def fit_sampler(
    kind: str, codes: Codes, image: int | None = None, seed: int = 0
) -> samplers.Sampler | TokenSampler:
    """`explorer.latents.samplers.fit`, or of discrete codes `fit_tokens`. Raises ExplorerError as they do."""
    return samplers.fit(kind, codes, image, seed) if codes.tokens is None else fit_tokens(kind, codes)
