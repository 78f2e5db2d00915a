"""What makes one model of a range of β: every layer's output is scaled and shifted by learned functions of log β.

Bae et al. 2023 ("Multi-Rate VAE", ICLR) gate the units of a network by functions of log β, and show that for a linear
VAE this is enough to be optimal at every β. Here both a scale and a shift per unit or channel depend on it, and the
axes of the code may turn with it (`explorer.models.film`): in a deep VAE, the dimensions that a large β leaves are not
those of a small one.
"""

import math

import torch
from torch import Tensor, nn

from explorer.config import BETA_KNOTS, ModelConfig
from explorer.models.bodies import Body
from explorer.models.film import Modulations, TurningFiLM

STEPS = BETA_KNOTS - 1
"""Number of intervals between the knots."""


class RateFeatures(nn.Module):
    """β `(B,)` -> ramps of log β, `(B, STEPS)`: what is linear in them is piecewise linear in log β.

    Each ramp rises from 0 to 1 over one interval and stays there, so that the smallest β has none: the network without
    modulation is that of the smallest β, and what is learned over one interval holds for every β above it until
    learned otherwise; with hat functions, each knot begins anew. β outside the range counts as its nearer end.
    """

    def __init__(self, beta_range: tuple[float, float]) -> None:
        super().__init__()
        self.low, self.high = map(math.log, beta_range)
        self.register_buffer("starts", torch.arange(STEPS, dtype=torch.float32), persistent=False)

    def forward(self, beta: Tensor) -> Tensor:
        t = (beta.log().clamp(self.low, self.high) - self.low) / (self.high - self.low)  # 0 to 1
        assert isinstance(self.starts, Tensor)
        return (STEPS * t.unsqueeze(-1) - self.starts).clamp(0, 1)


class Rates(Modulations):
    """The modulations of a model of a range of β."""

    def __init__(
        self, config: ModelConfig, image_shape: tuple[int, int, int], body: Body, parameters: int
    ) -> None:
        super().__init__(STEPS, config, image_shape, body, parameters)
        if config.body != "mlp" or config.hidden:  # the best axes of a linear model are the same at every β
            self.head = TurningFiLM(STEPS, parameters, config.latent_size)
            self.code = TurningFiLM(STEPS, config.latent_size, config.latent_size)
        assert config.beta_range
        self.features = RateFeatures(config.beta_range)


def draw_betas(beta_range: tuple[float, float], like: Tensor) -> Tensor:
    """One β per image of `like` `(B, ...)`, log-uniform in the range, `(B,)`.

    The draws are stratified, one in each of B equal parts of the range, so that every batch covers it evenly; images
    come in random order.
    """
    count, (low, high) = len(like), beta_range
    part = torch.arange(count, device=like.device)
    u = (part + torch.rand(count, device=like.device)) / count
    return (math.log(low) + (math.log(high) - math.log(low)) * u).exp()
