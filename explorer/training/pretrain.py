"""Greedy layer-wise pretraining: a stacked autoencoder (Bengio et al. 2007; Vincent et al. 2010, section 3.5)."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from explorer.config import RunConfig
from explorer.data.batches import Batches, epoch_order, to_unit
from explorer.models import Autoencoder, DiscreteCode
from explorer.training.corruption import corrupt


@dataclass(frozen=True)
class LayerProgress:
    """One epoch of one layer. loss: mean over images, in nats for the first layer, else the sum of squared errors.
    speed: images per second."""

    phase: str
    loss: float
    speed: float


def pretrain(model: Autoencoder, images: Batches, config: RunConfig) -> Iterator[LayerProgress]:
    """Train each encoder block with its mirrored decoder block as a small autoencoder of the layer below.

    The first pair reconstructs the image under the likelihood; the others reconstruct the features of the layer below
    with squared error. The last encoder block is the posterior mean. Yields after each epoch of each layer.
    """
    encoders = [*model.encoder, _Mean(model.head)]
    decoders = list(reversed(list(model.decoder)))
    if len(list(model.encoder.parameters())) == 0:  # in a linear model the head is the only layer
        encoders = [nn.Sequential(*encoders)]
    for number, (encoder, decoder) in enumerate(zip(encoders, decoders, strict=True)):
        below = nn.Sequential(*encoders[:number])
        phase = f"pretraining layer {number + 1} of {len(encoders)}"
        pair = nn.ModuleList([encoder, decoder, model.likelihood])
        rate = config.training.learning_rate
        optimizer = torch.optim.Adam([p for p in pair.parameters() if p.requires_grad], lr=rate)
        loss = _layer_loss(model, below, encoder, decoder, first=number == 0)
        for epoch in range(config.training.pretrain_epochs):
            seed = config.training.seed + 7919 * (number + 1)
            yield _epoch(phase, images, config, optimizer, loss, epoch_order(len(images), seed, epoch))


class _Mean(nn.Module):
    """A posterior head as a layer: features -> posterior mean, or a discrete code with its gradient."""

    def __init__(self, head: nn.Module) -> None:
        super().__init__()
        self.head = head

    def forward(self, features: Tensor) -> Tensor:
        q = self.head(features)
        mean: Tensor = q.rsample() if isinstance(q, DiscreteCode) else q.mean
        return mean


Loss = Callable[[Tensor, Tensor], Tensor]


def _layer_loss(
    model: Autoencoder, below: nn.Module, encoder: nn.Module, decoder: nn.Module, first: bool
) -> Loss:
    def loss(x: Tensor, target: Tensor) -> Tensor:
        if first:
            distortion: Tensor = -model.likelihood(decoder(encoder(x))).log_prob(target)
            return distortion.mean()
        with torch.no_grad():
            features, clean = below(x), below(target)
        return (decoder(encoder(features)) - clean).square().flatten(1).sum(1).mean()

    return loss


def _epoch(
    phase: str,
    images: Batches,
    config: RunConfig,
    optimizer: torch.optim.Optimizer,
    loss: Loss,
    order: Tensor,
) -> LayerProgress:
    training, started, total = config.training, time.perf_counter(), 0.0
    for batch in images.in_order(order, training.batch_size):
        target = to_unit(batch, config.data.binarize)
        value = loss(corrupt(target, training.corruption, training.corruption_level), target)
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        optimizer.step()
        total += value.item() * len(batch)
    return LayerProgress(phase, total / len(images), len(images) / (time.perf_counter() - started))
