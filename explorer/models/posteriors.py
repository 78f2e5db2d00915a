"""Posterior heads: features -> q(z|x), each a `torch.distributions.Distribution` over z `(B, d)`."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.distributions import Distribution, Independent, MultivariateNormal, Normal, constraints


def at_least_float32(parameters: Tensor) -> Tensor:
    """Cast bfloat16 to float32: bfloat16 has two significant digits, too few for densities."""
    return parameters.to(torch.promote_types(parameters.dtype, torch.float32))


class Point(Distribution):
    """All mass on one code: the "posterior" of a plain autoencoder.

    Its divergence from a Gaussian prior is infinite, so it has no rate; see `rate_per_dimension`.
    """

    arg_constraints = {"loc": constraints.real_vector}  # noqa: RUF012 (torch declares it this way)
    support = constraints.real_vector
    has_rsample = True

    def __init__(self, loc: Tensor) -> None:
        self.loc = loc
        super().__init__(loc.shape[:-1], loc.shape[-1:], validate_args=False)

    @property
    def mean(self) -> Tensor:
        return self.loc

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def variance(self) -> Tensor:
        return torch.zeros_like(self.loc)

    def rsample(self, sample_shape: Any = torch.Size()) -> Tensor:  # noqa: B008 (torch's signature)
        return self.loc.expand(*sample_shape, *self.loc.shape)


class PointHead(nn.Module):
    """q(z|x) = δ(z − h(x))."""

    def __init__(self, features: int, latent_size: int) -> None:
        super().__init__()
        self.linear = nn.Linear(features, latent_size)

    def forward(self, features: Tensor) -> Point:
        return self.posterior(self.linear(features))

    def posterior(self, parameters: Tensor) -> Point:
        """q(z|x) with these parameters `(B, d)`."""
        return Point(at_least_float32(parameters))


class DiagonalHead(nn.Module):
    """q(z|x) = N(μ, diag σ²); the network gives μ and log σ² (Kingma & Welling 2014, appendix C)."""

    def __init__(self, features: int, latent_size: int) -> None:
        super().__init__()
        self.linear = nn.Linear(features, 2 * latent_size)

    def forward(self, features: Tensor) -> Independent:
        return self.posterior(self.linear(features))

    def posterior(self, parameters: Tensor) -> Independent:
        """q(z|x) with these parameters `(B, 2d)`: μ, then log σ²."""
        mean, log_variance = at_least_float32(parameters).chunk(2, dim=-1)
        return Independent(
            Normal(mean, (0.5 * log_variance).exp(), validate_args=False), 1, validate_args=False
        )


class FullHead(nn.Module):
    """q(z|x) = N(μ, L Lᵀ), L lower triangular with positive diagonal (Kingma & Welling 2019, algorithm 2)."""

    def __init__(self, features: int, latent_size: int) -> None:
        super().__init__()
        self.latent_size = latent_size
        self.linear = nn.Linear(features, 2 * latent_size + latent_size * (latent_size - 1) // 2)
        self.register_buffer("below", torch.tril_indices(latent_size, latent_size, -1), persistent=False)

    def forward(self, features: Tensor) -> MultivariateNormal:
        return self.posterior(self.linear(features))

    def posterior(self, parameters: Tensor) -> MultivariateNormal:
        """q(z|x) with these parameters `(B, 2d + d(d − 1)/2)`: μ, the logarithm of L's diagonal, what is below it."""
        d = self.latent_size
        mean, log_scale, below = at_least_float32(parameters).split([d, d, d * (d - 1) // 2], dim=-1)
        tril = torch.diag_embed(log_scale.exp())  # (B, d, d)
        assert isinstance(self.below, Tensor)
        tril[..., self.below[0], self.below[1]] = below
        return MultivariateNormal(mean, scale_tril=tril, validate_args=False)


HEADS: dict[str, type[PointHead] | type[DiagonalHead] | type[FullHead]] = {
    "point": PointHead,
    "diagonal": DiagonalHead,
    "full": FullHead,
}


def standard_normal(like: Tensor) -> Independent:
    """The prior p(z) = N(0, I) with the batch shape, size and device of the codes `like` `(..., d)`."""
    zero = torch.zeros_like(like)
    return Independent(Normal(zero, torch.ones_like(like), validate_args=False), 1, validate_args=False)
