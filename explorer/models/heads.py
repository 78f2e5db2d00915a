"""The posterior head that the settings of a model name."""

from typing import Any

from explorer.config import ModelConfig
from explorer.models.discrete_posteriors import BinaryHead, CategoricalHead
from explorer.models.posteriors import HEADS
from explorer.models.quantizers import FSQHead, VQHead

DISCRETE: dict[str, Any] = {
    "categorical": CategoricalHead,
    "binary": BinaryHead,
    "fsq": FSQHead,
    "vq": VQHead,
}


def build_head(features: int, config: ModelConfig) -> Any:
    """Features `(B, features)`, or `(B, T, features)` of a grid of tokens -> q(z|x)."""
    if config.posterior in DISCRETE:
        return DISCRETE[config.posterior](features, config)
    return HEADS[config.posterior](features, config.latent_size)
