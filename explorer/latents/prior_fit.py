"""Training of the autoregressive prior of a model's tokens, after the model."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from explorer.data.batches import Batches, epoch_order, to_unit
from explorer.data.dataset import ImageDataset
from explorer.discrete import CodeShape
from explorer.models import Autoencoder, CategoricalCode, DiscreteCode
from explorer.models.token_prior import TokenPrior

EPOCHS = 3
BATCH = 64
RATE = 4e-3
"""The highest learning rate, which falls to 0 along a cosine after a warm-up (`OneCycleLR`)."""
DECAY = 0.05
"""Weight decay of AdamW."""
ENCODED = 500
Report = Callable[[float, str], None]


class Drawn(NamedTuple):
    """Codes drawn from the posteriors of images: tokens `(N, T)` int64, and the entropy of each posterior `(N,)` in
    nats, which is 0 where all mass is on one word."""

    tokens: Tensor
    entropy: Tensor


@torch.no_grad()
def draw_codes(
    model: Autoencoder, dataset: ImageDataset, index: np.ndarray, binarize: str, seed: int
) -> Drawn:
    """One code of every image at `index`, binarized as in training; both are drawn with the seed."""
    device = next(model.parameters()).device
    batches = Batches(dataset, index, device)
    tokens, entropy = [], []
    model.eval()
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        for images in batches.in_order(torch.arange(len(batches)), ENCODED):
            q = model.encode(to_unit(images, binarize))
            assert isinstance(q, DiscreteCode)
            drawn = q.token.sample() if isinstance(q, CategoricalCode) else q.tokens
            most = drawn.shape[1] * math.log(len(q.words))
            tokens.append(drawn.cpu())
            entropy.append((most - q.rate.sum(1)).cpu())
    return Drawn(torch.cat(tokens), torch.cat(entropy))


def fit_prior(
    code: CodeShape,
    draw: Callable[[int], Tensor],
    held: Tensor,
    epochs: int = EPOCHS,
    seed: int = 0,
    report: Report = lambda *_: None,
) -> TokenPrior:
    """Train a prior by maximum likelihood, and return it as it was after the epoch that was best on `held` `(M, T)`.

    draw: an epoch's tokens `(N, T)` by its number, drawn anew each time.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        prior = TokenPrior(code)
        first = draw(0)
        steps = epochs * math.ceil(len(first) / BATCH)
        optimizer = torch.optim.AdamW(prior.parameters(), RATE, betas=(0.9, 0.98), weight_decay=DECAY)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, steps, pct_start=0.1)
        best, kept = math.inf, copy.deepcopy(prior)
        for epoch in range(epochs):
            tokens = draw(epoch) if epoch else first
            prior.train()
            parts = epoch_order(len(tokens), seed, epoch).split(BATCH)
            for i, part in enumerate(parts):
                loss = prior.nats(tokens[part]).mean() / code.tokens
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(prior.parameters(), 1.0)
                optimizer.step()
                schedule.step()
                if i % 20 == 0:
                    report((epoch + i / len(parts)) / epochs, f"epoch {epoch + 1} of {epochs}")
            nats = mean_nats(prior, held)
            if nats < best:
                best, kept = nats, copy.deepcopy(prior)
    return kept.eval()


@torch.no_grad()
def mean_nats(prior: TokenPrior, tokens: Tensor) -> float:
    """Mean of −log p(tokens) in nats per image, of tokens `(N, T)`."""
    prior.eval()
    return float(torch.cat([prior.nats(part) for part in tokens.split(ENCODED)]).double().mean())
