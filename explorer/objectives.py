"""What training minimises, in nats per image.

AE, VAE and β-VAE are one objective, distortion + β · divergence, with different settings. The distortion
is −log p(x|z) summed over pixels and averaged over images; the rate is KL(q(z|x)‖p(z)) per dimension.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.distributions import Distribution, Independent, MultivariateNormal, Normal, kl_divergence

from explorer.config import ObjectiveConfig
from explorer.errors import ExplorerError
from explorer.models import Autoencoder, Point, standard_normal


@dataclass(frozen=True)
class LossTerms:
    """Batch means in nats per image. loss, distortion and penalty are scalars, rate is `(d,)`.

    penalty: the weighted term that the objective adds to the distortion; for a VAE β · rate.sum().
    """

    loss: Tensor
    distortion: Tensor
    penalty: Tensor
    rate: Tensor


def rate_per_dimension(q: Distribution) -> Tensor:
    """KL(q(z|x)‖N(0, I)) split over the latent dimensions, `(B, d)`, in nats.

    Diagonal: KL per dimension. Full covariance: ½(Σ_j L_ij² + μ_i² − 1) − log L_ii, whose sum is the total KL.
    A point posterior has no rate: zeros.
    """
    if isinstance(q, Point):
        return torch.zeros_like(q.loc)
    if isinstance(q, MultivariateNormal):
        tril, mean = q.scale_tril, q.loc
        log_diagonal = tril.diagonal(dim1=-2, dim2=-1).log()
        return 0.5 * (tril.square().sum(-1) + mean.square() - 1) - log_diagonal
    assert isinstance(q, Independent)
    return kl_divergence(q.base_dist, _standard(q.base_dist))


def divergence_per_dimension(q: Distribution, name: str) -> Tensor:
    """One of the four teaching divergences between q(z|x) and p = N(0, I), in nats.

    name: "kl-qp" KL(q‖p), "kl-pq" KL(p‖q), "h-pq" the cross entropy H(p, q) = KL(p‖q) + H(p), or "h-qp".
    Returns `(B, d)`; with a full covariance only "kl-qp" splits, the others are `(B, 1)`. A point posterior: zeros.
    """
    if isinstance(q, Point) or name == "kl-qp":
        return rate_per_dimension(q)
    if isinstance(q, MultivariateNormal):
        posterior: Distribution = q
        eye = torch.eye(q.loc.shape[-1], dtype=q.loc.dtype, device=q.loc.device).expand_as(q.scale_tril)
        p: Distribution = MultivariateNormal(torch.zeros_like(q.loc), scale_tril=eye, validate_args=False)
    else:
        assert isinstance(q, Independent)
        posterior, p = q.base_dist, _standard(q.base_dist)
    value: Tensor = kl_divergence(p, posterior) if name in ("kl-pq", "h-pq") else kl_divergence(posterior, p)
    if name == "h-pq":
        value = value + p.entropy()
    elif name == "h-qp":
        value = value + posterior.entropy()
    return value.unsqueeze(-1) if isinstance(q, MultivariateNormal) else value


def _standard(base: Distribution) -> Normal:
    # 0-dim parameters broadcast, so no tensor of the batch's size is allocated
    mean = base.mean
    return Normal(mean.new_zeros(()), mean.new_ones(()), validate_args=False).expand(mean.shape)


def beta_at(config: ObjectiveConfig, epoch: float) -> float:
    """β after `epoch` epochs: constant, rising once from 0 to β (Bowman et al. 2016), or in cycles that rise in their
    first half and stay at β in the second (Fu et al. 2019)."""
    if config.warmup == "none":
        return config.beta
    phase = epoch / config.warmup_epochs
    if config.warmup == "cyclical":
        phase = 2 * (phase % 1)
    return config.beta * min(1.0, phase)


def capacity_at(config: ObjectiveConfig, epoch: float) -> float:
    """C after `epoch` epochs, rising linearly from 0 (Burgess et al. 2018)."""
    assert config.capacity is not None
    return config.capacity * min(1.0, epoch / config.capacity_epochs)


def check_objective(config: ObjectiveConfig, posterior: str) -> None:
    """Raises ExplorerError if the objective does not work with this kind of posterior."""
    if config.divergence == "tcvae" and posterior != "diagonal":
        raise ExplorerError(
            f"β-TCVAE needs a diagonal posterior, not {posterior!r}: "
            "set posterior to diagonal or divergence to kl-qp."
        )


def compute_loss(
    config: ObjectiveConfig,
    model: Autoencoder,
    x: Tensor,
    target: Tensor,
    epoch: float = math.inf,
    images: int = 0,
) -> LossTerms:
    """The terms for inputs x and clean targets `(B, C, H, W)` after `epoch` epochs.

    images: number of training images, which β-TCVAE's estimator needs. The distortion is averaged over
    `config.posterior_samples` draws from q(z|x) per image.
    """
    q = model.encode(x)
    m = config.posterior_samples
    z = q.rsample() if m == 1 else q.rsample((m,))  # (B, d) or (m, B, d)
    distortion = -model.decode(z).log_prob(target).mean()
    rate = rate_per_dimension(q).mean(0)  # (d,)
    if isinstance(q, Point):
        penalty = torch.zeros_like(distortion)
    elif config.divergence == "tcvae":
        penalty = _tcvae(q, z if m == 1 else z[0], beta_at(config, epoch), images)
    elif config.capacity is not None:
        penalty = config.gamma * (rate.sum() - capacity_at(config, epoch)).abs()
    else:
        divergence = (
            rate if config.divergence == "kl-qp" else divergence_per_dimension(q, config.divergence).mean(0)
        )
        if config.free_bits:  # Kingma et al. 2016, eq. 15: the minibatch mean per group, here per dimension
            divergence = divergence.clamp(min=config.free_bits)
        penalty = beta_at(config, epoch) * divergence.sum()
    return LossTerms(distortion + penalty, distortion, penalty, rate)


def _tcvae(q: Distribution, z: Tensor, beta: float, images: int) -> Tensor:
    """β-TCVAE's penalty: index-code MI + β · total correlation + dimension-wise KL (Chen et al. 2018, eq. 2),
    q(z) by minibatch-weighted sampling: log q(z) ≈ log Σ_j q(z|x_j) − log(N·B)."""
    assert isinstance(q, Independent)
    base = q.base_dist
    assert isinstance(base, Normal)
    pairs = Normal(base.loc, base.scale, validate_args=False).log_prob(
        z.unsqueeze(1)
    )  # (B, B, d): z_i under q_j
    weight = math.log(max(images, len(z)) * len(z))
    log_q_z = pairs.sum(-1).logsumexp(1) - weight
    log_q_product = (pairs.logsumexp(1) - weight).sum(-1)
    log_q_given_x = q.log_prob(z)
    log_p = standard_normal(z).log_prob(z)
    information = log_q_given_x - log_q_z
    total_correlation = log_q_z - log_q_product
    dimension_wise = log_q_product - log_p
    return (information + beta * total_correlation + dimension_wise).mean()
