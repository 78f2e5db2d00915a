"""Encoder and decoder bodies as lists of mirrored blocks.

`decoder[0]` undoes the posterior head and `decoder[-1 - i]` undoes `encoder[i]`: greedy layer-wise
pretraining trains each such pair as a small autoencoder.
"""

from dataclasses import dataclass
from itertools import pairwise

from torch import Tensor, nn

from explorer.config import ModelConfig
from explorer.errors import ExplorerError

CHANNELS, UNITS = 32, 256  # Burgess et al. 2018, appendix
GROUP = 8  # channels that are normalised together


@dataclass(frozen=True)
class Body:
    """encoder: image `(B, C, H, W)` -> features `(B, features)`; decoder: code `(B, d)` -> `(B, C, H, W)`."""

    encoder: nn.Sequential
    features: int
    decoder: nn.Sequential


def mlp(config: ModelConfig, image_shape: tuple[int, int, int]) -> Body:
    """Fully connected layers of `config.hidden` units with ReLU, mirrored; none gives a linear model."""
    c, h, w = image_shape
    widths = (c * h * w, *config.hidden)
    encoder = [nn.Sequential(nn.Linear(a, b), nn.ReLU()) for a, b in pairwise(widths)]
    back = (config.latent_size, *reversed(widths))
    decoder = [nn.Sequential(nn.Linear(a, b), nn.ReLU()) for a, b in pairwise(back)]
    decoder[-1] = nn.Sequential(decoder[-1][0], nn.Unflatten(1, image_shape))
    encoder = encoder or [nn.Sequential()]
    encoder[0].insert(0, nn.Flatten())
    return Body(nn.Sequential(*encoder), widths[-1], nn.Sequential(*decoder))


def conv(config: ModelConfig, image_shape: tuple[int, int, int]) -> Body:
    """4×4 stride-2 convolutions with 32 channels down to about 4×4, then two 256-unit layers; mirrored.

    Burgess et al. 2018 for 64×64; other sides halve (rounding down) until the shorter is below 8.
    """
    c, h, w = image_shape
    sizes = halvings(h, w)
    channels = [c] + [CHANNELS] * (len(sizes) - 1)
    encoder, decoder = [], []
    for (a, b), (big, small) in zip(pairwise(channels), pairwise(sizes), strict=True):
        encoder.append(nn.Sequential(nn.Conv2d(a, b, 4, 2, 1), nn.ReLU()))
        odd = (big[0] - 2 * small[0], big[1] - 2 * small[1])  # the pixel lost by rounding down
        up: list[nn.Module] = [nn.ConvTranspose2d(b, a, 4, 2, 1, output_padding=odd)]
        decoder.append(nn.Sequential(*up, *([nn.ReLU()] if encoder[1:] else [])))
    inner = (CHANNELS, *sizes[-1])
    flat = CHANNELS * sizes[-1][0] * sizes[-1][1]
    encoder.append(nn.Sequential(nn.Flatten(), nn.Linear(flat, UNITS), nn.ReLU()))
    decoder.append(nn.Sequential(nn.Linear(UNITS, flat), nn.ReLU(), nn.Unflatten(1, inner)))
    encoder.append(nn.Sequential(nn.Linear(UNITS, UNITS), nn.ReLU()))
    decoder.append(nn.Sequential(nn.Linear(UNITS, UNITS), nn.ReLU()))
    decoder.append(nn.Sequential(nn.Linear(config.latent_size, UNITS), nn.ReLU()))
    return Body(nn.Sequential(*encoder), UNITS, nn.Sequential(*reversed(decoder)))


class ResidualBlock(nn.Module):
    """x + f(x), f twice: group norm, SiLU, 3×3 convolution (He et al. 2016, pre-activation)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for _ in range(2):
            layers += [
                nn.GroupNorm(channels // GROUP, channels),
                nn.SiLU(),
                nn.Conv2d(channels, channels, 3, 1, 1),
            ]
        self.layers = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.layers(x)
        return out


def residual(config: ModelConfig, image_shape: tuple[int, int, int]) -> Body:
    """Stages of a stride-2 convolution and a residual block, `config.width` channels at first and twice as many at
    every stage up to four times; the decoder mirrors them with nearest-neighbour upsampling. SiLU throughout."""
    c, h, w = image_shape
    sizes = halvings(h, w)
    channels = [c] + [config.width * min(2**stage, 4) for stage in range(len(sizes) - 1)]
    encoder, decoder = [], []
    for (a, b), (big, _) in zip(pairwise(channels), pairwise(sizes), strict=True):
        encoder.append(nn.Sequential(nn.Conv2d(a, b, 4, 2, 1), ResidualBlock(b)))
        up = (nn.Upsample(big), nn.Conv2d(b, a, 3, 1, 1))
        decoder.append(nn.Sequential(ResidualBlock(b), nn.SiLU(), *up))
    inner = (channels[-1], *sizes[-1])
    flat = channels[-1] * sizes[-1][0] * sizes[-1][1]
    encoder.append(nn.Sequential(nn.SiLU(), nn.Flatten(), nn.Linear(flat, UNITS), nn.SiLU()))
    decoder.append(nn.Sequential(nn.Linear(UNITS, flat), nn.Unflatten(1, inner)))
    decoder.append(nn.Sequential(nn.Linear(config.latent_size, UNITS), nn.SiLU()))
    return Body(nn.Sequential(*encoder), UNITS, nn.Sequential(*reversed(decoder)))


def halvings(h: int, w: int) -> list[tuple[int, int]]:
    """The sizes of an image halved, rounding down, until its shorter side is below 8."""
    sizes = [(h, w)]
    while min(sizes[-1]) >= 8:
        sizes.append((sizes[-1][0] // 2, sizes[-1][1] // 2))
    return sizes


def build_body(config: ModelConfig, image_shape: tuple[int, int, int]) -> Body:
    """The body that `config` names. Raises ExplorerError for images that it cannot take."""
    _, h, w = image_shape
    if config.body == "mlp":
        return mlp(config, image_shape)
    if min(h, w) < 8 or max(h, w) > 128:
        raise ExplorerError(
            f"The {config.body} body takes images with sides from 8 to 128 pixels, not {h}×{w}; "
            "choose an image size in that range, or the mlp body."
        )
    return (residual if config.body == "residual" else conv)(config, image_shape)
