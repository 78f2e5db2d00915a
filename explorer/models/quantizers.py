"""Posterior heads that round the encoder's output to words: finite scalar quantization and a learned code book."""

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import batch_norm

from explorer.config import ModelConfig
from explorer.models.discrete_posteriors import BookCode, QuantizedCode, nearest_words
from explorer.models.posteriors import at_least_float32

EPSILON = 1e-3
"""What the outermost levels of FSQ keep from the ends of tanh."""
MOMENTUM = 0.05
"""Of the moving averages that normalise FSQ's outputs in evaluation."""
DECAY = 0.99
"""Of the moving averages that are the code book (van den Oord et al. 2017, appendix A.1)."""
SMOOTHING = 1e-5
"""Added to the count of every word, so that none is divided by 0."""
DEAD = 0.05
"""A word is restarted where it is chosen less often than this share of its fair share."""


class TokenLinear(nn.Linear):
    """Features -> one vector of `size` numbers per token: `(B, F)` -> `(B, T, size)`, or, on a grid, one layer for all
    tokens, `(B, T, F)` -> `(B, T, size)`."""

    def __init__(self, features: int, tokens: int, size: int, grid: bool) -> None:
        super().__init__(features, size if grid else tokens * size)
        self.size = size

    def forward(self, features: Tensor) -> Tensor:
        z = at_least_float32(super().forward(features))
        return z.reshape(len(z), -1, self.size)


class Standardise(nn.Module):
    """Batch normalisation without weights. torch's BatchNorm1d would also count batches, in a whole number among
    weights that are floats."""

    running_mean: Tensor
    running_var: Tensor

    def __init__(self, size: int) -> None:
        super().__init__()
        self.register_buffer("running_mean", torch.zeros(size))
        self.register_buffer("running_var", torch.ones(size))

    def forward(self, z: Tensor) -> Tensor:
        """z: `(n, size)`. One row has no variance, and is normalised by the moving averages in training too."""
        own = self.training and len(z) > 1
        return batch_norm(z, self.running_mean, self.running_var, training=own, momentum=MOMENTUM)


class FSQHead(nn.Module):
    """Finite scalar quantization (Mentzer et al., ICLR 2024, appendix A.1): every number is bounded by tanh and rounded
    to one of its levels, which lie in [−1, 1]. Words are the products of levels; the first level changes fastest.

    The network's outputs are normalised over the batch, in evaluation by moving averages: otherwise the first steps, in
    which all images pull the same way, drive them to the flat ends of tanh.
    """

    reach: Tensor
    shift: Tensor
    offset: Tensor
    half_width: Tensor
    basis: Tensor
    words: Tensor
    dimension_rate: Tensor

    def __init__(self, features: int, config: ModelConfig) -> None:
        super().__init__()
        assert config.code
        self.linear = TokenLinear(features, config.code.tokens, config.code.size, config.code.side > 0)
        self.norm = Standardise(config.code.size)
        levels = torch.tensor(config.levels)
        half = (levels - 1) * (1 - EPSILON) / 2
        offset = torch.where(levels % 2 == 1, 0.0, 0.5)
        basis = torch.cumprod(torch.tensor([1, *config.levels[:-1]]), 0)
        words = (torch.arange(config.code.words)[:, None] // basis) % levels - levels // 2
        constants = {
            "reach": half,
            "offset": offset,
            "shift": torch.tan(offset / half),
            "half_width": levels // 2,
            "basis": basis,
            "words": words / (levels // 2),
            "dimension_rate": levels.float().log(),
        }
        for name, value in constants.items():
            self.register_buffer(name, value, persistent=False)

    def forward(self, features: Tensor) -> QuantizedCode:
        bounded = self.bound(self.normalise(features))
        levels = bounded.round()
        tokens = ((levels + self.half_width) * self.basis).sum(-1).long()
        words = self.words.to(bounded.dtype)
        return QuantizedCode(bounded / self.half_width, tokens, words, self.dimension_rate)

    def normalise(self, features: Tensor) -> Tensor:
        """The network's outputs `(B, T, D)`, with mean 0 and variance 1 over images and tokens."""
        z = self.linear(features)
        normal: Tensor = self.norm(z.flatten(0, 1))
        return normal.reshape(z.shape)

    def bound(self, z: Tensor) -> Tensor:
        """z `(..., D)` within the levels: for L levels, the rounded value is one of −⌊L/2⌋, ..., ⌈L/2⌉ − 1."""
        return torch.tanh(z + self.shift) * self.reach - self.offset


class VQHead(nn.Module):
    """A code book: the encoder's output becomes the nearest of K words (van den Oord et al. 2017).

    In training, a word is a moving average of the outputs that choose it, and a word that hardly any choose starts
    again at one of the batch's outputs.
    """

    words: Tensor
    counts: Tensor
    sums: Tensor
    dimension_rate: Tensor

    def __init__(self, features: int, config: ModelConfig) -> None:
        super().__init__()
        assert config.code
        self.linear = TokenLinear(features, config.code.tokens, config.code.size, config.code.side > 0)
        k, d = config.code.words, config.code.size
        self.register_buffer("words", torch.randn(k, d))
        self.register_buffer("counts", torch.zeros(k))
        self.register_buffer("sums", torch.zeros(k, d))  # the first step is one of k-means
        self.register_buffer("dimension_rate", torch.full((d,), math.log(k) / d), persistent=False)

    def forward(self, features: Tensor) -> BookCode:
        z = self.linear(features)
        words = self.words.to(z.dtype)
        tokens = nearest_words(z, words)
        q = BookCode(z, tokens, words, self.dimension_rate)
        if self.training:
            self.update(z.detach().flatten(0, 1), tokens.flatten())
        return q

    @torch.no_grad()
    def update(self, z: Tensor, tokens: Tensor) -> None:
        """One step of the moving averages for the outputs z `(n, D)` that chose these tokens `(n,)`; the first is one
        of k-means. Then restart dead words."""
        z = z.to(self.words.dtype)
        count = torch.zeros_like(self.counts).index_add_(0, tokens, torch.ones_like(z[:, 0]))
        self.counts.lerp_(count, 1 - DECAY)
        self.sums.lerp_(torch.zeros_like(self.sums).index_add_(0, tokens, z), 1 - DECAY)
        total = self.counts.sum()
        smooth = (self.counts + SMOOTHING) / (total + len(self.words) * SMOOTHING) * total
        fair = total / len(self.words)
        dead = self.counts < DEAD * fair
        fresh = z[torch.randint(len(z), (len(self.words),), device=z.device)]
        self.words.copy_(torch.where(dead[:, None], fresh, self.sums / smooth[:, None]))
        self.counts.copy_(torch.where(dead, fair, self.counts))
        self.sums.copy_(torch.where(dead[:, None], fresh * fair, self.sums))
