"""Random discrete codes from an autoregressive prior: every token is drawn given those before it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from explorer.discrete import CodeShape, neighbours
from explorer.latents.samplers import Noise, draw_noise
from explorer.latents.token_sampler import sharpened
from explorer.latents.vocabulary import vectors

Step = Callable[[np.ndarray, int, np.ndarray], tuple[np.ndarray, np.ndarray]]
"""Near `(n, N)`, position and cache to logits and entry: the graph of `explorer.store.prior_graph`."""


@dataclass(frozen=True)
class LearnedSampler:
    """Tokens one after the other. entry: numbers that a token adds to the cache. words `(K, D)`."""

    code: CodeShape
    step: Step
    entry: int
    words: np.ndarray

    def tokens(self, noise: Noise, n: int, temperature: float = 1.0) -> np.ndarray:
        """Tokens `(n, T)` from the first n rows of `noise`: of token t, the number of cumulative probabilities, given
        the tokens before it, that are ≤ Φ(ε_t). temperature: as in `TokenSampler.tokens`."""
        from scipy.special import ndtr, softmax  # not at start-up: it takes a tenth of a second

        t = self.code.tokens
        uniform = ndtr(noise.epsilon[:n, :t].astype(np.float64))
        near = np.array(neighbours(self.code))
        drawn = np.full((n, t + 1), self.code.words)  # the last column is a token that is not there
        cache = np.zeros((n, t, self.entry), np.float32)
        for i in range(t):
            logits, cache[:, i] = self.step(drawn[:, near[i]], i, cache)
            weights = sharpened(softmax(logits.astype(np.float64), axis=1), temperature)
            below = np.cumsum(weights, axis=1)[:, :-1] <= uniform[:, i, None]
            drawn[:, i] = below.sum(1)
        return drawn[:, :t]

    def sample(self, noise: Noise | int, n: int, temperature: float = 1.0) -> np.ndarray:
        """Codes, float32 `(n, T·D)`, from the first n rows of `noise`, or from the noise of a seed."""
        if isinstance(noise, int):
            noise = draw_noise(noise, n, self.code.tokens * self.code.size)
        return vectors(self.tokens(noise, n, temperature), self.words)
