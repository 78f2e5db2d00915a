"""Posteriors over discrete codes, as distributions over z `(B, d)`: the words of T tokens, one after the other.

A token is one of K words, vectors of D numbers, and d = T·D; the prior is uniform over words and tokens.
"""

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.distributions import Categorical, Distribution, constraints, kl_divergence
from torch.nn.functional import gumbel_softmax, one_hot

from explorer.config import ModelConfig
from explorer.models.posteriors import at_least_float32

FEW = 64
"""Words over which an expectation is summed instead of sampled."""


class DiscreteCode(Distribution):
    """A distribution over codes made of words.

    tokens `(B, T)` int64: the most probable word of each. words `(K, D)`: the vectors. rate `(B, d)`: the divergence
    from the uniform prior, in nats, whose sum over d is KL(q‖p).
    """

    arg_constraints = {}  # noqa: RUF012 (torch declares it this way)
    support = constraints.real_vector
    has_rsample = True
    tokens: Tensor
    words: Tensor

    @property
    def rate(self) -> Tensor:
        raise NotImplementedError

    @property
    def commitment(self) -> Tensor:
        """The squared distance of the encoder's output from its words, `(B,)`, which VQ keeps small; 0 elsewhere."""
        return torch.zeros_like(self.tokens[:, 0], dtype=self.words.dtype)

    @property
    def imbalance(self) -> Tensor:
        """The divergence of the batch's average q(z) from uniform words, summed over tokens, in nats: the part of the
        rate that says nothing about an image (Hoffman & Johnson 2016). 0 where all mass is on one word."""
        return self.words.new_zeros(())

    def log_prior(self, z: Tensor) -> Tensor:
        """log p(z) of codes z `(..., d)` made of words: −T log K, `(...)`."""
        return z.new_full(z.shape[:-1], -self.tokens.shape[1] * math.log(len(self.words)))

    @property
    def mode(self) -> Tensor:
        return self.words[self.tokens].flatten(1)

    def expected_counts(self) -> Tensor:
        """How many images of the batch have each word at each token, in expectation, `(T, K)`."""
        raise NotImplementedError


class CategoricalCode(DiscreteCode):
    """Independent tokens, each a categorical distribution over one-hot words, or over the words −1 and 1.

    Samples are words; gradients pass through the Gumbel-softmax relaxation at this temperature (Jang et al. 2017,
    Maddison et al. 2017): straight-through, ∂z/∂logits is that of the relaxed sample. logits: `(B, T, K)`.
    """

    def __init__(self, logits: Tensor, words: Tensor, temperature: float = 1.0) -> None:
        self.token = Categorical(logits=logits, validate_args=False)
        self.words, self.temperature = words.to(logits.dtype), temperature
        self.tokens = logits.argmax(-1)
        b, t, _ = logits.shape
        super().__init__(torch.Size([b]), torch.Size([t * words.shape[1]]), validate_args=False)

    @property
    def token_rate(self) -> Tensor:
        """KL(q‖p) of each token, `(B, T)`."""
        prior = Categorical(logits=torch.zeros_like(self.token.logits), validate_args=False)
        kl: Tensor = kl_divergence(self.token, prior)
        return kl

    @property
    def is_enumerable(self) -> bool:
        """Whether an expectation can be summed over all codes: one token of a few words."""
        return self.tokens.shape[1] == 1 and len(self.words) <= FEW

    def expected_counts(self) -> Tensor:
        return self.token.probs.sum(0)

    @property
    def imbalance(self) -> Tensor:
        average = Categorical(probs=self.token.probs.mean(0), validate_args=False)
        imbalance: Tensor = (math.log(self.token.probs.shape[-1]) - average.entropy()).sum()
        return imbalance

    @property
    def rate(self) -> Tensor:
        return spread(self.token_rate, self.tokens, self.words)

    @property
    def mean(self) -> Tensor:
        return (self.token.probs @ self.words).flatten(1)

    @property
    def variance(self) -> Tensor:
        mean = self.token.probs @ self.words
        return (self.token.probs @ self.words.square() - mean.square()).clamp(min=0).flatten(1)

    def rsample(self, sample_shape: Any = torch.Size()) -> Tensor:  # noqa: B008 (torch's signature)
        logits = self.token.logits.expand(*sample_shape, *self.token.logits.shape)
        return (gumbel_softmax(logits, self.temperature, hard=True) @ self.words).flatten(-2)

    def log_prob(self, value: Tensor) -> Tensor:
        tokens = nearest_words(value.unflatten(-1, (self.tokens.shape[1], -1)), self.words)
        log_probability: Tensor = self.token.log_prob(tokens).sum(-1)
        return log_probability


class QuantizedCode(DiscreteCode):
    """All mass on one row of words, which the encoder's output is rounded to.

    z: the encoder's output, `(B, T, D)`, in the space of the words. Its gradient is that of the code: straight-through,
    ∂L/∂z = ∂L/∂code (Bengio et al. 2013). dimension_rate `(D,)`: log K, shared out among the dimensions of a word.
    """

    def __init__(self, z: Tensor, tokens: Tensor, words: Tensor, dimension_rate: Tensor) -> None:
        self.z, self.tokens, self.words, self.dimension_rate = z, tokens, words, dimension_rate
        super().__init__(z.shape[:1], torch.Size([z.shape[1] * z.shape[2]]), validate_args=False)

    def expected_counts(self) -> Tensor:
        counts = self.words.new_zeros(self.tokens.shape[1], len(self.words))
        return counts.scatter_add_(1, self.tokens.T, torch.ones_like(self.tokens.T, dtype=counts.dtype))

    @property
    def rate(self) -> Tensor:
        return self.dimension_rate.repeat(self.tokens.shape[1]).expand(len(self.tokens), -1)

    @property
    def mean(self) -> Tensor:
        return self.mode

    @property
    def variance(self) -> Tensor:
        return torch.zeros_like(self.mode)

    def rsample(self, sample_shape: Any = torch.Size()) -> Tensor:  # noqa: B008 (torch's signature)
        z = self.z.flatten(1)
        code = z + (self.mode - z).detach()
        return code.expand(*sample_shape, *code.shape)

    def log_prob(self, value: Tensor) -> Tensor:
        tokens = nearest_words(value.unflatten(-1, (self.tokens.shape[1], -1)), self.words)
        same = (tokens == self.tokens).all(-1)
        return torch.zeros_like(same, dtype=self.words.dtype).masked_fill(~same, -math.inf)


class BookCode(QuantizedCode):
    """Words of a learned code book, which the encoder's output commits to (van den Oord et al. 2017, eq. 3)."""

    @property
    def commitment(self) -> Tensor:
        return (self.z - self.words[self.tokens].detach()).square().flatten(1).sum(1)


def spread(token_rate: Tensor, tokens: Tensor, words: Tensor) -> Tensor:
    """The rate of tokens `(B, T)` as a rate of dimensions `(B, d)`: that of a group of boxes belongs to the box which
    is chosen, so that a box which is never chosen has none."""
    if words.shape[1] == 1:
        return token_rate
    return (token_rate.unsqueeze(-1) * one_hot(tokens, len(words))).flatten(1)


def nearest_words(z: Tensor, words: Tensor) -> Tensor:
    """The nearest word of each vector, `(..., D)` to `(...)` int64."""
    flat = z.reshape(-1, z.shape[-1])
    with torch.autocast(z.device.type, enabled=False):  # bfloat16 takes near words for one another
        # ‖z‖² does not change which is the nearest; one matrix product instead of all differences
        distance = words.square().sum(1) - 2 * flat @ words.T
    return distance.argmin(1).reshape(z.shape[:-1])


class CategoricalHead(nn.Module):
    """q(z|x): independent categorical tokens; the network gives their logits."""

    def __init__(self, features: int, config: ModelConfig) -> None:
        super().__init__()
        assert config.code
        self.shape, self.temperature = config.code, config.temperature
        self.linear = nn.Linear(features, self.shape.tokens * self.shape.words)
        self.register_buffer("words", torch.eye(self.shape.words), persistent=False)

    def forward(self, features: Tensor) -> CategoricalCode:
        logits = at_least_float32(self.linear(features)).unflatten(-1, (self.shape.tokens, -1))
        assert isinstance(self.words, Tensor)
        return CategoricalCode(logits, self.words, self.temperature)


class BinaryHead(nn.Module):
    """q(z|x): independent switches, −1 or 1; the network gives the log-odds of 1."""

    def __init__(self, features: int, config: ModelConfig) -> None:
        super().__init__()
        self.temperature = config.temperature
        self.linear = nn.Linear(features, config.latent_size)
        self.register_buffer("words", torch.tensor([[-1.0], [1.0]]), persistent=False)

    def forward(self, features: Tensor) -> CategoricalCode:
        odds = at_least_float32(self.linear(features))
        assert isinstance(self.words, Tensor)
        return CategoricalCode(torch.stack((torch.zeros_like(odds), odds), -1), self.words, self.temperature)
