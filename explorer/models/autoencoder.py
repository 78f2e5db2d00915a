"""Autoencoder = encoder body + posterior head + decoder body + likelihood."""

import torch
from torch import Tensor, nn
from torch.distributions import Distribution

from explorer.config import ModelConfig
from explorer.models.bodies import build_body
from explorer.models.likelihoods import build_likelihood
from explorer.models.posteriors import HEADS, at_least_float32
from explorer.models.rates import Rates


class Autoencoder(nn.Module):
    """x -> q(z|x) -> z -> p(x|z); the plain AE, the VAE and the β-VAE are all this one class.

    image_shape: (C, H, W). Images are float in [0, 1]. A model of a range of β (`config.beta_range`) also takes β, one
    for all images or one for each, `(B,)`; where none is given it is `self.beta`. Other models have no such input.
    """

    def __init__(self, config: ModelConfig, image_shape: tuple[int, int, int], beta: float = 1.0) -> None:
        super().__init__()
        self.config, self.image_shape, self.beta = config, image_shape, beta
        body = build_body(config, image_shape)
        self.encoder = body.encoder
        self.head = HEADS[config.posterior](body.features, config.latent_size)
        self.decoder = body.decoder
        self.likelihood = build_likelihood(config)
        self.rates = (
            Rates(config, image_shape, body, self.head.linear.out_features) if config.beta_range else None
        )

    def encode(self, x: Tensor, beta: float | Tensor | None = None) -> Distribution:
        """q(z|x) for images x `(B, C, H, W)`: a distribution over codes `(B, d)`."""
        if self.rates is None:
            posterior: Distribution = self.head(self.encoder(x))
            return posterior
        at = self._betas(beta, x).expand(len(x))
        return self.head.posterior(self.rates.encode(self.encoder, self.head.linear, x, at))

    def decode(self, z: Tensor, beta: float | Tensor | None = None) -> Distribution:
        """p(x|z) for codes z `(..., d)`: a distribution over images `(..., C, H, W)`. A β `(B,)` belongs to the last
        but one dimension of z."""
        flat = z.reshape(-1, z.shape[-1])
        if self.rates is None:
            output = self.decoder(flat)
        else:
            at = self._betas(beta, z).expand(z.shape[:-1]).flatten()
            output = self.rates.decode(self.decoder, flat, at)
        output = at_least_float32(output)
        likelihood: Distribution = self.likelihood(output.reshape(*z.shape[:-1], *self.image_shape))
        return likelihood

    def mean_image(self, z: Tensor, beta: float | Tensor | None = None) -> Tensor:
        """E[x|z] clipped to [0, 1], `(..., C, H, W)`: what is shown for a code."""
        return self.decode(z, beta).mean.clamp(0, 1)

    def _betas(self, beta: float | Tensor | None, like: Tensor) -> Tensor:
        return torch.as_tensor(self.beta if beta is None else beta, dtype=like.dtype, device=like.device)
