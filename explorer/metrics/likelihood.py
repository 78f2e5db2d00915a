"""How well a model explains images: ELBO, distortion and rate, active units, importance-sampled log p(x)."""

import math
from dataclasses import asdict, dataclass
from itertools import repeat
from typing import Any

import torch
from torch import Tensor

from explorer.data.batches import Batches, to_unit
from explorer.data.dataset import ImageDataset
from explorer.discrete import QUANTIZED, rates_of_tokens
from explorer.errors import ExplorerError
from explorer.latents.codes import active_units
from explorer.latents.vocabulary import measure_usage
from explorer.models import Autoencoder, DiscreteCode
from explorer.objectives import log_prior, rate_per_dimension

BATCH = 500
OF_CODES = ("marginal_rate", "perplexity", "words_used")
IMPORTANCE_CELLS = 20_000  # images × draws decoded at once


@dataclass(frozen=True)
class LikelihoodReport:
    """Means over the test images, nats per image unless said otherwise.

    elbo, bits_per_dimension and log_likelihood are None for a plain AE, which has no density over codes.
    rates: KL per latent dimension, on a grid of tokens per token.
    active_units: dimensions whose posterior mean varies by more than 0.01.
    log_likelihood: importance-sampled with `samples` draws, a lower bound in expectation; its standard error over
    images follows. bits_per_dimension comes from log_likelihood where there is one, else from the ELBO; of a
    density (Gaussian, continuous Bernoulli) it is that of values in [0, 1]: add 8 for 8-bit grey levels.

    Of discrete codes, the rate is the divergence from uniform words; marginal_rate is that from how often these images
    use each word at each token, the best prior of independent tokens. perplexity, words_used: see
    `explorer.latents.vocabulary.Usage`.
    """

    images: int
    distortion: float
    rate: float
    elbo: float | None
    bits_per_dimension: float | None
    active_units: int
    rates: list[float]
    samples: int
    log_likelihood: float | None
    log_likelihood_error: float | None
    marginal_rate: float | None = None
    perplexity: float | None = None
    words_used: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON values; what is said of discrete codes only for these."""
        values = asdict(self)
        return values if self.perplexity is not None else {n: values[n] for n in values if n not in OF_CODES}


@torch.no_grad()
def compute_log_likelihood(
    model: Autoencoder, x: Tensor, samples: int, label: Tensor | None = None
) -> Tensor:
    """log p(x) ≈ log (1/L) Σ p(x|z_l) p(z_l) / q(z_l|x), z_l ~ q(z|x), for images x `(B, C, H, W)`; of a conditional
    model log p(x|y), given their labels `(B,)`.

    Returns `(B,)` in nats. In expectation a lower bound that rises to log p(x) with L = `samples`
    (Burda et al. 2016, theorem 1).
    """
    q = model.encode(x, label=label)
    total = x.new_full((len(x),), -math.inf)
    at_once = max(1, IMPORTANCE_CELLS // len(x))
    for start in range(0, samples, at_once):
        z = q.rsample((min(at_once, samples - start),))  # (l, B, d)
        log_p = model.decode(z, label=label).log_prob(x) + log_prior(q, z)
        log_weight = log_p - q.log_prob(z)  # (l, B)
        total = torch.logaddexp(total, log_weight.logsumexp(0))
    return total - math.log(samples)


@torch.no_grad()
def compute_likelihood(
    model: Autoencoder,
    dataset: ImageDataset,
    binarize: str = "none",
    samples: int = 0,
    seed: int = 0,
    images: int = 0,
) -> LikelihoodReport:
    """Likelihood report on the test images, or on the first `images` of them, given their labels for a conditional
    model; the model's random numbers come from `seed`. samples: draws per image for the importance-sampled
    log-likelihood, 0 to leave it out.

    Raises ExplorerError for a log-likelihood of a plain AE.
    """
    plain = model.config.posterior == "point"
    if plain and samples:
        raise ExplorerError(
            "A plain autoencoder has no log-likelihood: its codes have no density; leave out --samples."
        )
    device = next(model.parameters()).device
    test = Batches(dataset, dataset.test_index[: images or None], device)
    distortions, rates, means, logs = [], [], [], []
    counts: Tensor | float = 0.0
    model.eval()
    cuda = [device] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=cuda):
        torch.manual_seed(seed)
        for batch, label in test.labelled(torch.arange(len(test)), BATCH):
            x = to_unit(batch, binarize)
            q = model.encode(x, label=label)
            distortions.append(-model.decode(q.rsample(), label=label).log_prob(x))
            rates.append(rate_per_dimension(q))
            means.append(q.mode)
            if isinstance(q, DiscreteCode):
                counts = counts + q.expected_counts().double()
            if samples:
                with torch.random.fork_rng(devices=cuda):  # the other figures do not depend on `samples`
                    given = [None] * len(x) if label is None else label.split(100)
                    parts = [
                        compute_log_likelihood(model, *part)
                        for part in zip(x.split(100), repeat(samples), given)
                    ]
                logs.append(torch.cat(parts))
    distortion = torch.cat(distortions).double().mean().item()
    per_dimension = torch.cat(rates).double().mean(0)
    rate = per_dimension.sum().item()
    log_p = torch.cat(logs).double() if logs else None
    elbo = None if plain else -distortion - rate
    best = elbo if log_p is None else log_p.mean().item()
    pixels = math.prod(dataset.image_shape)
    return LikelihoodReport(
        images=len(test),
        distortion=distortion,
        rate=rate,
        elbo=elbo,
        bits_per_dimension=None if best is None else -best / (pixels * math.log(2)),
        active_units=active_units(torch.cat(means).cpu().numpy()),
        rates=rates_of_tokens(per_dimension.tolist(), model.config.code),
        samples=samples,
        log_likelihood=None if log_p is None else log_p.mean().item(),
        log_likelihood_error=None
        if log_p is None or len(log_p) < 2
        else (log_p.std() / math.sqrt(len(log_p))).item(),
        **_usage(model, counts, rate),
    )


def _usage(model: Autoencoder, counts: Tensor | float, rate: float) -> dict[str, Any]:
    """What a report says of discrete codes, from the counts of their words `(T, K)` and their rate."""
    code = model.config.code
    if code is None or not isinstance(counts, Tensor):
        return {}
    usage = measure_usage(counts.cpu().numpy(), model.config.posterior in QUANTIZED)
    saved = (
        code.tokens * math.log(code.words) - usage.entropy
    )  # the divergence of the marginals from uniform words
    return {
        "marginal_rate": rate - saved,
        "perplexity": usage.perplexity,
        "words_used": usage.used,
    }
