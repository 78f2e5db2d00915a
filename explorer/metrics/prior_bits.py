"""What discrete codes cost under priors that know more and more of them: uniform words, their frequencies, and an
autoregressive prior."""

import math

import numpy as np

from explorer.config import Config
from explorer.latents.vocabulary import count_words

REVISION = 1
"""Rises when the figures change, so that stored reports are recomputed."""
NAMES = {
    "uniform": "uniform words",
    "marginal": "how often each word is used at its place",
    "learned": "each word given those before it",
}


class PriorReport(Config):
    """KL(q‖p) of a model's codes under three priors, means over test images in nats per image.

    marginal: by the frequencies of words at each place, with one more of each; learned: by the autoregressive prior.
    Both are fitted to the codes of `training` training images; test images have not been seen. distortion is that of
    the model, so that distortion + a rate bounds −log p(x) under that prior.
    """

    images: int
    training: int
    epochs: int
    tokens: int
    words: int
    distortion: float
    uniform: float
    marginal: float
    learned: float

    def rates(self) -> dict[str, float]:
        """The three rates by the names of NAMES, in bits per image."""
        return {name: getattr(self, name) / math.log(2) for name in NAMES}

    def text(self) -> str:
        """The report as aligned lines."""
        lines = [
            f"{self.images:,} test images of {self.tokens} tokens, {self.words} words; learned from "
            f"{self.training:,} training images in {self.epochs} epochs",
            "",
            f"{'prior':42} {'bits':>7} {'nats':>7} {'−ELBO in nats':>14}",
        ]
        for name, bits in self.rates().items():
            nats = getattr(self, name)
            lines.append(f"{NAMES[name]:42} {bits:7.1f} {nats:7.1f} {self.distortion + nats:14.1f}")
        return "\n".join(lines)


def compute_marginal(training: np.ndarray, test: np.ndarray, words: int) -> float:
    """Mean −log p of test tokens `(M, T)` in nats per image, under the frequencies of words at each place in training
    tokens `(N, T)`, with one more of each (Laplace)."""
    counts = count_words(training, words) + 1.0
    logs = np.log(counts / counts.sum(1, keepdims=True))
    places = np.arange(test.shape[1])
    return float(-logs[places, test].sum(1).mean())
