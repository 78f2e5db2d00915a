"""What makes one model of a range of β: every layer's output is scaled and shifted by learned functions of log β.

Bae et al. 2023 ("Multi-Rate VAE", ICLR) gate the units of a network by functions of log β, and show that for a linear
VAE this is enough to be optimal at every β. Here both a scale and a shift per unit or channel depend on it, which is
feature-wise linear modulation (FiLM, Perez et al. 2018).
"""

import math
from collections.abc import Iterable, Iterator

import torch
from torch import Tensor, nn

from explorer.config import BETA_KNOTS, ModelConfig
from explorer.models.bodies import Body

STEPS = BETA_KNOTS - 1
"""Number of intervals between the knots."""


class RateFeatures(nn.Module):
    """β `(B,)` -> ramps of log β, `(B, STEPS)`: what is linear in them is piecewise linear in log β.

    Each ramp rises from 0 to 1 over one interval and stays there, so that the smallest β has none: the network without
    modulation is that of the smallest β, and what is learned over one interval holds for every β above it until
    learned otherwise. With hat functions instead, each β begins anew: faces end at a loss half as high again at β = 1.
    β outside the range counts as its nearer end.
    """

    def __init__(self, beta_range: tuple[float, float]) -> None:
        super().__init__()
        self.low, self.high = map(math.log, beta_range)
        self.register_buffer("starts", torch.arange(STEPS, dtype=torch.float32), persistent=False)

    def forward(self, beta: Tensor) -> Tensor:
        t = (beta.log().clamp(self.low, self.high) - self.low) / (self.high - self.low)  # 0 to 1
        assert isinstance(self.starts, Tensor)
        return (STEPS * t.unsqueeze(-1) - self.starts).clamp(0, 1)


class FiLM(nn.Module):
    """h ↦ (1 + s) · h + b with s and b per unit or channel, linear in the features of β. Begins as the identity."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.linear = nn.Linear(STEPS, 2 * channels, bias=False)
        nn.init.zeros_(self.linear.weight)

    def forward(self, h: Tensor, features: Tensor) -> Tensor:
        """h: `(B, channels, ...)`. features: `(B, STEPS)`."""
        wide = (..., *(None,) * (h.dim() - 2))
        scale, shift = (part[wide] for part in self.linear(features).chunk(2, dim=-1))
        out: Tensor = h * (1 + scale) + shift
        return out


class Same(nn.Module):
    """In the place of a modulation: leaves h as it is."""

    def forward(self, h: Tensor, features: Tensor) -> Tensor:
        return h


class Rates(nn.Module):
    """The modulations of a model: one for every block that has hidden units, the posterior's parameters and the code.

    encoder, decoder: one per block, the identity where a block has no weights or gives the image. head: of the
    parameters of q(z|x). code: of z, before the decoder.
    """

    def __init__(
        self, config: ModelConfig, image_shape: tuple[int, int, int], body: Body, parameters: int
    ) -> None:
        super().__init__()
        assert config.beta_range
        self.features = RateFeatures(config.beta_range)
        self.encoder = nn.ModuleList(_modulations(body.encoder, torch.zeros(1, *image_shape)))
        self.head = FiLM(parameters)
        self.code = FiLM(config.latent_size)
        self.decoder = nn.ModuleList(_modulations(body.decoder, torch.zeros(1, config.latent_size)))
        self.decoder[-1] = Same()

    def encode(self, blocks: nn.Sequential, head: nn.Module, x: Tensor, beta: Tensor) -> Tensor:
        """The parameters of q(z|x) for images x at β `(B,)`."""
        features = self.features(beta)
        parameters: Tensor = self.head(head(_run(blocks, self.encoder, x, features)), features)
        return parameters

    def decode(self, blocks: nn.Sequential, z: Tensor, beta: Tensor) -> Tensor:
        """The decoder's output for codes z `(B, d)` at β `(B,)`."""
        features = self.features(beta)
        return _run(blocks, self.decoder, self.code(z, features), features)


@torch.no_grad()
def _modulations(blocks: Iterable[nn.Module], h: Tensor) -> Iterator[nn.Module]:
    """One per block, with as many channels as a dry run of the blocks on `h` gives."""
    for block in blocks:
        h = block(h)
        yield FiLM(h.shape[1]) if any(True for _ in block.parameters()) else Same()


def _run(blocks: nn.Sequential, modulations: nn.ModuleList, h: Tensor, features: Tensor) -> Tensor:
    for block, modulation in zip(blocks, modulations, strict=True):
        h = modulation(block(h), features)
    return h


def draw_betas(beta_range: tuple[float, float], like: Tensor) -> Tensor:
    """One β per image of `like` `(B, ...)`, log-uniform in the range, `(B,)`.

    The draws are stratified, one in each of B equal parts of the range, so that every batch covers it evenly; images
    come in random order.
    """
    count, (low, high) = len(like), beta_range
    part = torch.arange(count, device=like.device)
    u = (part + torch.rand(count, device=like.device)) / count
    return (math.log(low) + (math.log(high) - math.log(low)) * u).exp()
