"""Autoencoder = encoder body + posterior head + decoder body + likelihood."""

from torch import Tensor, nn
from torch.distributions import Distribution

from explorer.config import ModelConfig
from explorer.models.bodies import build_body
from explorer.models.likelihoods import build_likelihood
from explorer.models.posteriors import HEADS, at_least_float32


class Autoencoder(nn.Module):
    """x -> q(z|x) -> z -> p(x|z); the plain AE, the VAE and the β-VAE are all this one class.

    image_shape: (C, H, W). Images are float in [0, 1].
    """

    def __init__(self, config: ModelConfig, image_shape: tuple[int, int, int]) -> None:
        super().__init__()
        self.config, self.image_shape = config, image_shape
        body = build_body(config, image_shape)
        self.encoder = body.encoder
        self.head = HEADS[config.posterior](body.features, config.latent_size)
        self.decoder = body.decoder
        self.likelihood = build_likelihood(config)

    def encode(self, x: Tensor) -> Distribution:
        """q(z|x) for images x `(B, C, H, W)`: a distribution over codes `(B, d)`."""
        posterior: Distribution = self.head(self.encoder(x))
        return posterior

    def decode(self, z: Tensor) -> Distribution:
        """p(x|z) for codes z `(..., d)`: a distribution over images `(..., C, H, W)`."""
        output = at_least_float32(self.decoder(z.reshape(-1, z.shape[-1])))
        likelihood: Distribution = self.likelihood(output.reshape(*z.shape[:-1], *self.image_shape))
        return likelihood

    def mean_image(self, z: Tensor) -> Tensor:
        """E[x|z] clipped to [0, 1], `(..., C, H, W)`: what is shown for a code."""
        return self.decode(z).mean.clamp(0, 1)
