"""Bodies whose code is a grid of tokens: convolutions down to the grid, and mirrored back up.

Tokens are in reading order: z `(B, T·D)` holds the words of the first row from left to right, then those of the next.
"""

from itertools import pairwise

from torch import Tensor, nn

from explorer.config import ModelConfig
from explorer.errors import ExplorerError
from explorer.models.bodies import Body, ResidualBlock, halvings

CHANNELS = 64
"""Of the conv body at the grid; half as many at every finer stage, but at least 32."""


class ToTokens(nn.Module):
    """Features `(B, F, g, g)` -> `(B, g·g, F)`."""

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(2).transpose(1, 2)


class FromTokens(nn.Module):
    """z `(B, g·g·D)` -> `(B, D, g, g)`."""

    def __init__(self, side: int) -> None:
        super().__init__()
        self.side = side

    def forward(self, z: Tensor) -> Tensor:
        return z.unflatten(1, (self.side, self.side, -1)).permute(0, 3, 1, 2)


def build_token_body(config: ModelConfig, image_shape: tuple[int, int, int]) -> Body:
    """The body of a model with a grid of tokens. Raises ExplorerError if halving the image does not give the grid."""
    assert config.code
    (c, h, w), grid = image_shape, config.code.side
    sides = [side for side, _ in halvings(h, w)]
    if h != w or grid not in sides[1:]:
        fitting = " or ".join(map(str, sides[1:])) if h == w else "none: only square images have one"
        raise ExplorerError(
            f"Images of {w}×{h} pixels have no grid of {grid}×{grid} tokens; grids that fit: {fitting}."
        )
    sides = sides[: sides.index(grid) + 1]
    return (_residual if config.body == "residual" else _conv)(config, c, sides, config.code.size)


def _conv(config: ModelConfig, c: int, sides: list[int], size: int) -> Body:
    """4×4 stride-2 convolutions with ReLU down to the grid, then one of 3×3; mirrored."""
    stages = len(sides) - 1
    channels = [c, *(max(32, CHANNELS >> (stages - 1 - i)) for i in range(stages))]
    encoder, decoder = [], []
    for (a, b), (big, small) in zip(pairwise(channels), pairwise(sides), strict=True):
        encoder.append(nn.Sequential(nn.Conv2d(a, b, 4, 2, 1), nn.ReLU()))
        up: list[nn.Module] = [nn.ConvTranspose2d(b, a, 4, 2, 1, output_padding=big - 2 * small)]
        decoder.append(nn.Sequential(*up, *([nn.ReLU()] if encoder[1:] else [])))
    wide = channels[-1]
    encoder.append(nn.Sequential(nn.Conv2d(wide, wide, 3, 1, 1), nn.ReLU(), ToTokens()))
    decoder.append(nn.Sequential(FromTokens(sides[-1]), nn.Conv2d(size, wide, 3, 1, 1), nn.ReLU()))
    return Body(nn.Sequential(*encoder), wide, nn.Sequential(*reversed(decoder)))


def _residual(config: ModelConfig, c: int, sides: list[int], size: int) -> Body:
    """Stages of a stride-2 convolution and a residual block down to the grid; mirrored, with upsampling."""
    channels = [c] + [config.width * min(2**stage, 4) for stage in range(len(sides) - 1)]
    encoder, decoder = [], []
    for (a, b), (big, _) in zip(pairwise(channels), pairwise(sides), strict=True):
        encoder.append(nn.Sequential(nn.Conv2d(a, b, 4, 2, 1), ResidualBlock(b)))
        up = (nn.Upsample((big, big)), nn.Conv2d(b, a, 3, 1, 1))
        decoder.append(nn.Sequential(ResidualBlock(b), nn.SiLU(), *up))
    wide = channels[-1]
    encoder.append(nn.Sequential(nn.SiLU(), ToTokens()))
    decoder.append(nn.Sequential(FromTokens(sides[-1]), nn.Conv2d(size, wide, 3, 1, 1)))
    return Body(nn.Sequential(*encoder), wide, nn.Sequential(*reversed(decoder)))
