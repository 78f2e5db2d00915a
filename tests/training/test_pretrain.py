"""Greedy layer-wise pretraining: a stacked autoencoder."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from explorer.config import DataConfig
from explorer.data import load
from explorer.models import Autoencoder
from explorer.training.fit import fit, new_model
from tests.training.small import blobs, settings, train, weights


def block_weights(model: Autoencoder) -> list[torch.Tensor]:
    """One vector per encoder block, head, and decoder block, in the order of the forward pass."""
    blocks = [*model.encoder, model.head, *model.decoder]
    return [
        torch.cat([p.detach().flatten().clone() for p in b.parameters()] or [torch.zeros(0)]) for b in blocks
    ]


@pytest.mark.parametrize("posterior", ["point", "diagonal", "full"])
def test_layers_are_trained_in_turn_and_in_pairs(posterior: str) -> None:
    """Three pairs: only the pair at hand changes; then joint training begins."""
    data = blobs(side=8)
    config = settings(hidden=(12, 6), pretrain_epochs=2, epochs=1, posterior=posterior)
    model = new_model(config, data)
    before, running = block_weights(model), fit(model, data, config)
    for pair in range(3):
        for _ in range(2):
            assert next(running).phase == f"pretraining layer {pair + 1} of 3"
        after = block_weights(model)
        changed = {i for i, (a, b) in enumerate(zip(before, after, strict=True)) if not torch.equal(a, b)}
        assert changed == {pair, 5 - pair}
        before = after
    assert next(running).phase == "train"
    assert all(not torch.equal(a, b) for a, b in zip(before, block_weights(model), strict=True))


def test_each_layer_learns() -> None:
    run = train(blobs(200, side=8), settings(hidden=(12, 6), pretrain_epochs=8, epochs=0, posterior="point"))
    losses = [p.train["loss"] for p in run.seen]
    assert len(losses) == 24
    assert all(losses[8 * layer + 7] < losses[8 * layer] for layer in range(3))


@pytest.mark.parametrize(
    "more", [{"hidden": ()}, {"body": "conv"}, {"hidden": (5,), "likelihood": "learned-gaussian"}]
)
def test_every_body_can_be_pretrained(more: dict[str, Any]) -> None:
    data, config = blobs(side=8), settings(pretrain_epochs=2, epochs=1, **more)
    first, again = train(data, config), train(data, config)
    assert torch.equal(weights(first.model), weights(again.model))
    pretraining = [p for p in first.seen if p.phase != "train"]
    blocks = len(list(first.model.encoder)) + 1 if more.get("hidden", True) else 1
    assert len(pretraining) == 2 * blocks
    assert first.epochs[-1].epoch == 1


def test_pretraining_lets_joint_training_start_lower() -> None:
    """A deep net under plain SGD hardly moves in an epoch; after pretraining it starts where it would like to end."""
    data = load(DataConfig(data="digits"))
    deep = {
        "posterior": "point",
        "hidden": (64, 32, 16),
        "optimizer": "sgd",
        "learning_rate": 0.01,
        "epochs": 2,
    }
    cold = train(data, settings(latent_size=10, batch_size=64, **deep))
    warm = train(data, settings(latent_size=10, batch_size=64, pretrain_epochs=3, **deep))
    assert warm.epochs[0].train["loss"] < cold.epochs[-1].train["loss"] - 5
