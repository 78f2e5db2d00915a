"""Autoencoder = encoder body + posterior head + decoder body + likelihood."""

import torch
from torch import Tensor, nn
from torch.distributions import Distribution

from explorer.config import ModelConfig
from explorer.models.bodies import build_body
from explorer.models.condition import Classes, Label
from explorer.models.film import Modulations
from explorer.models.heads import build_head
from explorer.models.likelihoods import build_likelihood
from explorer.models.posteriors import at_least_float32
from explorer.models.rates import Rates
from explorer.models.token_grid import build_token_body


class Autoencoder(nn.Module):
    """x -> q(z|x) -> z -> p(x|z); the plain AE, the VAE and the β-VAE are all this one class.

    image_shape: (C, H, W). Images are float in [0, 1]. A model of a range of β (`config.beta_range`) also takes β, one
    for all images or one for each, `(B,)`; where none is given it is `self.beta`. A conditional model
    (`config.condition`) also takes the class of every image, and needs one, of `classes`. Other models have no such
    inputs. Raises ExplorerError for a conditional model of images without classes.
    """

    def __init__(
        self,
        config: ModelConfig,
        image_shape: tuple[int, int, int],
        beta: float = 1.0,
        classes: int = 0,
    ) -> None:
        super().__init__()
        self.config, self.image_shape, self.beta = config, image_shape, beta
        body = (
            build_token_body(config, image_shape)
            if config.code and config.code.side
            else build_body(config, image_shape)
        )
        self.encoder = body.encoder
        self.head = build_head(body.features, config)
        self.decoder = body.decoder
        self.likelihood = build_likelihood(config)
        sizes = config, image_shape, body, self.head.linear.out_features
        self.rates = Rates(*sizes) if config.beta_range else None
        self.classes = Classes(classes, *sizes) if config.condition == "label" else None

    def encode(
        self, x: Tensor, beta: float | Tensor | None = None, label: Label | None = None
    ) -> Distribution:
        """q(z|x), or q(z|x, y), for images x `(B, C, H, W)`: a distribution over codes `(B, d)`."""
        by, features = self._given(beta, label, x, x.shape[:1])
        if by is None:
            posterior: Distribution = self.head(self.encoder(x))
            return posterior
        return self.head.posterior(by.encode(self.encoder, self.head.linear, x, features))

    def decode(
        self, z: Tensor, beta: float | Tensor | None = None, label: Label | None = None
    ) -> Distribution:
        """p(x|z), or p(x|z, y), for codes z `(..., d)`: a distribution over images `(..., C, H, W)`. A β or a label
        `(B,)` belongs to the last but one dimension of z."""
        flat = z.reshape(-1, z.shape[-1])
        by, features = self._given(beta, label, z, z.shape[:-1])
        output = self.decoder(flat) if by is None else by.decode(self.decoder, flat, features)
        output = at_least_float32(output)
        likelihood: Distribution = self.likelihood(output.reshape(*z.shape[:-1], *self.image_shape))
        return likelihood

    def mean_image(self, z: Tensor, beta: float | Tensor | None = None, label: Label | None = None) -> Tensor:
        """E[x|z] clipped to [0, 1], `(..., C, H, W)`: what is shown for a code."""
        return self.decode(z, beta, label).mean.clamp(0, 1)

    def _given(
        self, beta: float | Tensor | None, label: Label | None, like: Tensor, shape: torch.Size
    ) -> tuple[Modulations | None, Tensor]:
        """What modulates the networks, and its features for a batch of `shape`; None in most models."""
        if self.rates is not None:
            given = torch.as_tensor(self.beta if beta is None else beta, dtype=like.dtype, device=like.device)
            return self.rates, self.rates.features(given.expand(shape).flatten())
        if self.classes is not None:
            return self.classes, self.classes.weights(label, shape, like)
        return None, like
