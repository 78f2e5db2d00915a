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

from explorer.config import ObjectiveConfig
from explorer.errors import ExplorerError
from explorer.models import Autoencoder, CategoricalCode, DiscreteCode, Point, standard_normal
from explorer.models.rates import draw_betas

FALL = 20.0
"""How many times larger β begins where it falls."""


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


def beta_at(config: ObjectiveConfig, epoch: float) -> float:
    """β after `epoch` epochs: constant, a warm-up from 0 (Bowman et al. 2016), cycles that rise from 0 in their first
    half and stay at β in their second (Fu et al. 2019), or a fall from 20 · β, linear in log β; and once it was turned
    by hand, as that says.

    While β is large a code costs too much to be used, so that a conditional model learns what the class says first, and
    its codes need not repeat it.
    """
    turned = turned_beta(config, epoch)
    if turned is not None:
        return turned
    if config.warmup == "none":
        return config.beta
    phase = epoch / config.warmup_epochs
    if config.warmup == "falling":
        return config.beta * FALL ** max(0.0, 1 - phase)
    if config.warmup == "cyclical":
        phase = 2 * (phase % 1)
    return config.beta * min(1.0, phase)


def turned_beta(config: ObjectiveConfig, epoch: float) -> float | None:
    """The β to which it was turned by hand by `epoch`; None before the first turn."""
    pairs = zip(config.beta_turns[::2], config.beta_turns[1::2], strict=True)
    return next((beta for start, beta in reversed(list(pairs)) if start <= epoch), None)


def range_at(config: ObjectiveConfig, beta_range: tuple[float, float], epoch: float) -> tuple[float, float]:
    """The range of β after `epoch` epochs: in a linear warm-up its upper end rises from the lower one, in log β.

    From the start, large β would switch off dimensions that small β need, for good.
    """
    low, high = beta_range
    phase = min(1.0, epoch / config.warmup_epochs) if config.warmup == "linear" else 1.0
    return low, low * (high / low) ** phase


def capacity_at(config: ObjectiveConfig, epoch: float) -> float:
    """The capacity C in nats after `epoch` epochs, rising linearly from 0 (Burgess et al. 2018)."""
    assert config.capacity is not None
    return config.capacity * min(1.0, epoch / config.capacity_epochs)


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
    epoch: float = math.inf,
    images: int = 0,
    beta: float | Tensor | None = None,
    label: Tensor | None = None,
) -> LossTerms:
    """Compute the loss and its terms for a batch, in nats per image.

    x, target: inputs and clean targets `(B, C, H, W)`. epoch: epochs so far, as a fraction, for the schedules of β and
    C; infinite for their final values. images: number of training images, for the estimator of β-TCVAE. The distortion
    is averaged over `config.posterior_samples` draws from q(z|x) per image, and over a few boxes summed.
    beta: for a model of a range of β only,
    that of every image `(B,)` or of all; without it, each image gets a random one (`compute_range_loss`). label: the
    class of every image `(B,)`, for a conditional model only, whose terms are those of p(x|y).
    """
    if model.config.beta_range is not None:
        if beta is None:
            beta = draw_betas(range_at(config, model.config.beta_range, epoch), x)
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
        penalty = _tcvae(q, z if m == 1 else z[0], beta_at(config, epoch), images)
    elif config.capacity is not None:
        penalty = config.gamma * (rate.sum() - capacity_at(config, epoch)).abs()
    else:
        divergence = (
            rate if config.divergence == "kl-qp" else divergence_per_dimension(q, config.divergence).mean(0)
        )
        if config.free_bits:  # Kingma et al. 2016, eq. 15, with a group per dimension
            divergence = divergence.clamp(min=config.free_bits)
        penalty = beta_at(config, epoch) * divergence.sum()
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


def _tcvae(q: Distribution, z: Tensor, beta: float, images: int) -> Tensor:
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
