"""Feature-wise linear modulation (FiLM, Perez et al. 2018): every layer's output is scaled and shifted by learned
functions of what a network is given beside its input."""

from collections.abc import Iterable, Iterator

import torch
from torch import Tensor, nn

from explorer.config import ModelConfig
from explorer.models.bodies import Body


class FiLM(nn.Module):
    """h ↦ (1 + s) · h + b with s and b per unit or channel, linear in the given features. Begins as the identity."""

    def __init__(self, features: int, channels: int) -> None:
        super().__init__()
        self.linear = nn.Linear(features, 2 * channels, bias=False)
        nn.init.zeros_(self.linear.weight)

    def forward(self, h: Tensor, features: Tensor) -> Tensor:
        """h: `(B, channels, ...)`. features: `(B, features)`."""
        wide = (..., *(None,) * (h.dim() - 2))
        scale, shift = (part[wide] for part in self.linear(features).chunk(2, dim=-1))
        out: Tensor = h * (1 + scale) + shift
        return out


class TurningFiLM(FiLM):
    """A FiLM of channels of which the first `latent_size` are those of a code: these are also mixed with one another,
    h ↦ FiLM(h) + h·M, with M linear in the features. So the axes of the code may turn. Begins as the identity."""

    def __init__(self, features: int, channels: int, latent_size: int) -> None:
        super().__init__(features, channels)
        self.mix = nn.Parameter(torch.zeros(features, latent_size, latent_size))

    def forward(self, h: Tensor, features: Tensor) -> Tensor:
        """h: `(B, channels)`. features: `(B, features)`."""
        out, d = super().forward(h, features), self.mix.shape[-1]
        turn = (features.T.unsqueeze(-1) * (h[:, :d] @ self.mix)).sum(0)
        return torch.cat((out[:, :d] + turn, out[:, d:]), dim=1)


class Same(nn.Module):
    """In the place of a modulation: leaves h as it is."""

    def forward(self, h: Tensor, features: Tensor) -> Tensor:
        return h


class Modulations(nn.Module):
    """The modulations of a model: one for every block that has hidden units, the posterior's parameters and the code.

    features: how many are given. encoder, decoder: one per block, the identity where a block has no weights or gives
    the image. head: of the parameters of q(z|x). code: of z, before the decoder.
    """

    def __init__(
        self,
        features: int,
        config: ModelConfig,
        image_shape: tuple[int, int, int],
        body: Body,
        parameters: int,
    ) -> None:
        super().__init__()
        self.encoder = nn.ModuleList(_modulations(features, body.encoder, torch.zeros(1, *image_shape)))
        self.head = FiLM(features, parameters)
        self.code = FiLM(features, config.latent_size)
        self.decoder = nn.ModuleList(_modulations(features, body.decoder, torch.zeros(1, config.latent_size)))
        self.decoder[-1] = Same()

    def encode(self, blocks: nn.Sequential, head: nn.Module, x: Tensor, features: Tensor) -> Tensor:
        """The parameters of q(z|x) for images x, given features `(B, features)`."""
        parameters: Tensor = self.head(head(_run(blocks, self.encoder, x, features)), features)
        return parameters

    def decode(self, blocks: nn.Sequential, z: Tensor, features: Tensor) -> Tensor:
        """The decoder's output for codes z `(B, d)`, given features `(B, features)`."""
        return _run(blocks, self.decoder, self.code(z, features), features)


@torch.no_grad()
def _modulations(features: int, blocks: Iterable[nn.Module], h: Tensor) -> Iterator[nn.Module]:
    """One per block, with as many channels as a dry run of the blocks on `h` gives."""
    for block in blocks:
        h = block(h)
        yield FiLM(features, h.shape[1]) if any(True for _ in block.parameters()) else Same()


def _run(blocks: nn.Sequential, modulations: nn.ModuleList, h: Tensor, features: Tensor) -> Tensor:
    for block, modulation in zip(blocks, modulations, strict=True):
        h = modulation(block(h), features)
    return h
