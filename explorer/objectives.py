"""The training loss, in nats per image.

AE, VAE and β-VAE minimise one objective with different settings: loss = distortion + β · divergence. The distortion
(reconstruction loss) is −log p(x|z), summed over pixels and averaged over images; the rate is KL(q(z|x)‖p(z)) per
latent dimension.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.distributions import Distribution, Independent, MultivariateNormal, Normal, kl_divergence

from explorer.beta_schedule import weights_at
from explorer.config import ObjectiveConfig
from explorer.errors import ExplorerError
from explorer.models import Autoencoder, CategoricalCode, DiscreteCode, Point, standard_normal


@dataclass(frozen=True)
class LossTerms:
    """Batch means in nats per image. loss, distortion and penalty are scalars, rate is `(d,)`.

    loss: distortion + penalty; for a model of a range of β see `compute_range_loss`. penalty: the weighted
    regularizer, β · rate.sum() for a β-VAE, and what keeps discrete codes in use.
    """

    loss: Tensor
    distortion: Tensor
    penalty: Tensor
    rate: Tensor


def rate_per_dimension(q: Distribution) -> Tensor:
    """KL(q(z|x)‖p(z)) per latent dimension, `(B, d)`, in nats; p(z) is N(0, I), of discrete codes uniform.

    Diagonal: KL per dimension. Full covariance: ½(Σ_j L_ij² + μ_i² − 1) − log L_ii, whose sum is the total KL.
    Zeros for a point posterior, which has no rate.
    """
    if isinstance(q, Point):
        return torch.zeros_like(q.loc)
    if isinstance(q, DiscreteCode):
        return q.rate
    if isinstance(q, MultivariateNormal):
        tril, mean = q.scale_tril, q.loc
        log_diagonal = tril.diagonal(dim1=-2, dim2=-1).log()
        return 0.5 * (tril.square().sum(-1) + mean.square() - 1) - log_diagonal
    assert isinstance(q, Independent)
    return kl_divergence(q.base_dist, _standard(q.base_dist))


def log_prior(q: Distribution, z: Tensor) -> Tensor:
    """log p(z) of codes z `(..., d)` under the prior that goes with a posterior, `(...)`."""
    if isinstance(q, DiscreteCode):
        return q.log_prior(z)
    density: Tensor = standard_normal(z).log_prob(z)
    return density


def divergence_per_dimension(q: Distribution, name: str) -> Tensor:
    """A divergence between q(z|x) and p = N(0, I), in nats.

    name: "kl-qp" KL(q‖p), "kl-pq" KL(p‖q), "h-pq" the cross entropy H(p, q) = KL(p‖q) + H(p), or "h-qp".
    Returns `(B, d)`, or `(B, 1)` for a full covariance, where only "kl-qp" splits over dimensions. Zeros for a point
    posterior.
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
    # 0-dim parameters broadcast without allocating a tensor of the batch's size
    mean = base.mean
    return Normal(mean.new_zeros(()), mean.new_ones(()), validate_args=False).expand(mean.shape)


def check_objective(config: ObjectiveConfig, posterior: str) -> None:
    """Raises ExplorerError if the objective does not support this kind of posterior."""
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
    images: int = 0,
    beta: float | Tensor | None = None,
    capacity: float | Tensor | None = None,
    label: Tensor | None = None,
) -> LossTerms:
    """Compute the loss and its terms for a batch, in nats per image.

    x, target: inputs and clean targets `(B, C, H, W)`. images: number of training images, for the estimator of β-TCVAE.
    The distortion is averaged over `config.posterior_samples` draws from q(z|x) per image, and over a few boxes summed.
    beta, capacity: those of now (`weights_at`); without them, the final ones of the schedules. For a model of a range
    of β, beta is that of every image `(B,)` or of all (`compute_range_loss`); without it, each image gets a random one.
    label: the class of every image `(B,)`, for a conditional model only, whose terms are those of p(x|y).
    """
    if beta is None:
        beta, _ = weights_at(config, model.config.beta_range, math.inf, x)
    if capacity is None:
        capacity = config.capacity
    if model.config.beta_range is not None:
        return compute_range_loss(config, model, x, target, beta)
    q = model.encode(x, label=label)
    m = config.posterior_samples
    z = q.rsample() if m == 1 else q.rsample((m,))  # (B, d) or (m, B, d)
    if isinstance(q, CategoricalCode) and q.is_enumerable:
        distortion = expected_distortion(model, q, target)
    else:
        distortion = -model.decode(z, label=label).log_prob(target).mean()
    rate = rate_per_dimension(q).mean(0)  # (d,)
    if isinstance(q, Point):
        penalty = torch.zeros_like(distortion)
    elif config.divergence == "tcvae":
        penalty = _tcvae(q, z if m == 1 else z[0], beta, images)
    elif capacity is not None:
        penalty = config.gamma * (rate.sum() - capacity).abs()
    else:
        divergence = (
            rate if config.divergence == "kl-qp" else divergence_per_dimension(q, config.divergence).mean(0)
        )
        if config.free_bits:  # Kingma et al. 2016, eq. 15, with a group per dimension
            divergence = divergence.clamp(min=config.free_bits)
        penalty = beta * divergence.sum()
    if isinstance(q, DiscreteCode):
        penalty = penalty + config.commitment * q.commitment.mean() + config.balance * q.imbalance
    return LossTerms(distortion + penalty, distortion, penalty, rate)


def expected_distortion(model: Autoencoder, q: CategoricalCode, target: Tensor) -> Tensor:
    """E_q[−log p(x|z)] of a code of one token, in nats per image: the sum over its few words, without noise."""
    given_word = model.decode(q.words.unsqueeze(1)).log_prob(target)  # (K, B)
    return -(q.token.probs[:, 0].T * given_word).sum(0).mean()


def compute_range_loss(
    config: ObjectiveConfig, model: Autoencoder, x: Tensor, target: Tensor, beta: float | Tensor
) -> LossTerms:
    """Compute the loss of a model of a range of β, the mean over images of (distortion + β · rate) / β^¼.

    Not divided, the gradients of large β outweigh those of small ones; divided by β, it is the other way round.
    distortion, penalty (β · rate) and rate are the means over the images, not divided. beta: that of every image
    `(B,)`, or of all.
    """
    q = model.encode(x, beta)
    z = q.rsample((config.posterior_samples,))  # (m, B, d)
    distortion = -model.decode(z, beta).log_prob(target).mean(0)  # (B,)
    rate = rate_per_dimension(q)  # (B, d)
    penalty = beta * rate.sum(1)
    loss = (distortion + penalty) / beta**0.25
    return LossTerms(loss.mean(), distortion.mean(), penalty.mean(), rate.mean(0))


def _tcvae(q: Distribution, z: Tensor, beta: float | Tensor, images: int) -> Tensor:
    """The penalty of β-TCVAE: index-code MI + β · total correlation + dimension-wise KL (Chen et al. 2018, eq. 2).

    q(z) is estimated by minibatch-weighted sampling: log q(z) ≈ log Σ_j q(z|x_j) − log(N·B). z: `(B, d)`.
    """
    assert isinstance(q, Independent)
    base = q.base_dist
    assert isinstance(base, Normal)
    # (B, B, d): log q_j(z_i)
    pairs = Normal(base.loc, base.scale, validate_args=False).log_prob(z.unsqueeze(1))
    weight = math.log(max(images, len(z)) * len(z))
    log_q_z = pairs.sum(-1).logsumexp(1) - weight
    log_q_product = (pairs.logsumexp(1) - weight).sum(-1)
    log_q_given_x = q.log_prob(z)
    log_p = standard_normal(z).log_prob(z)
    information = log_q_given_x - log_q_z
    total_correlation = log_q_z - log_q_product
    dimension_wise = log_q_product - log_p
    return (information + beta * total_correlation + dimension_wise).mean()
