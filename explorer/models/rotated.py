"""A trained model with its latent axes turned: the same likelihood, the same images, other dimensions."""

from __future__ import annotations

import copy

import numpy as np
import torch
from torch import Tensor, nn
from torch.distributions import Distribution, Independent, MultivariateNormal

from explorer.errors import ExplorerError
from explorer.models.autoencoder import Autoencoder
from explorer.models.posteriors import DiagonalHead, FullHead, Point, PointHead


class RotatedHead(nn.Module):
    """q(z'|x) of z' = R z: the mean's rows of the last layer are turned, the covariance Σ becomes R Σ Rᵀ."""

    def __init__(self, head: PointHead | DiagonalHead | FullHead, rotation: Tensor) -> None:
        super().__init__()
        self.head = copy.deepcopy(head)
        d = len(rotation)
        with torch.no_grad():
            for parameter in (self.head.linear.weight, self.head.linear.bias):
                parameter[:d] = rotation @ parameter[:d]
        self.register_buffer("rotation", rotation)

    def forward(self, features: Tensor) -> Distribution:
        q = self.head(features)
        if isinstance(q, Point):
            return q
        tril = torch.diag_embed(q.base_dist.scale) if isinstance(q, Independent) else q.scale_tril
        assert isinstance(self.rotation, Tensor)
        upper = torch.linalg.qr((self.rotation @ tril).mT).R
        lower = (upper * upper.diagonal(dim1=-2, dim2=-1).sign().unsqueeze(-1)).mT
        return MultivariateNormal(q.mean, scale_tril=lower, validate_args=False)


def rotated(model: Autoencoder, matrix: np.ndarray) -> Autoencoder:
    """A copy of `model` whose codes are z' = R z for the orthogonal R `matrix` `(d, d)`; it decodes Rᵀ z'.

    ELBO, reconstructions and what samples from N(0, I) look like stay what they were, up to rounding. Raises
    ExplorerError if the matrix is not orthogonal or has another size.
    """
    d = model.config.latent_size
    if matrix.shape != (d, d) or not np.allclose(matrix @ matrix.T, np.eye(d), atol=1e-6):
        raise ExplorerError(f"A rotation of {d} latent dimensions is an orthogonal {d}×{d} matrix.")
    turned = copy.deepcopy(model)
    first = next(layer for layer in turned.decoder.modules() if isinstance(layer, nn.Linear))
    rotation = torch.as_tensor(matrix, dtype=first.weight.dtype, device=first.weight.device)
    assert isinstance(model.head, PointHead | DiagonalHead | FullHead)
    turned.head = RotatedHead(model.head, rotation)
    with torch.no_grad():
        first.weight.copy_(first.weight @ rotation.T)
    if model.config.posterior == "diagonal":
        turned.config = model.config.model_copy(update={"posterior": "full"})
    return turned
