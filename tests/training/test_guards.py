"""Guard rails: the sentence comes when it is true, on real runs where that can be, and not before."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from explorer.config import DataConfig, ModelConfig, RunConfig, flat
from explorer.data import load
from explorer.latents.codes import ACTIVE
from explorer.latents.encode import encode
from explorer.models import Autoencoder
from explorer.shipped import entries
from explorer.training import presets, warnings
from explorer.training.fit import count_parameters, fit, new_model
from explorer.training.state import TrainingState, build_optimizer
from tests.training.small import blobs, settings, train


def active(run_model: Autoencoder) -> int:
    data = blobs()
    return int((encode(run_model, data, data.test_index).mean.var(0) > ACTIVE).sum())


def test_beta_zero_with_a_gaussian_posterior_is_named() -> None:
    (said,) = warnings.of_settings(settings(beta=0))
    assert "β = 0" in said
    assert "small β" in said
    assert not warnings.of_settings(settings(beta=0, posterior="point"))
    assert not warnings.of_settings(settings(beta=0, capacity=5.0))
    assert not warnings.of_settings(settings())


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"learning_rate": 0.1}, "so large"),
        ({"learning_rate": 0.1, "optimizer": "sgd"}, "so large"),
        ({"learning_rate": 1e-7}, "so small"),
        ({"beta": 500.0}, "all dimensions die"),
        ({"latent_size": 40, "hidden": (64, 16)}, "no more than 16"),
        ({"epochs": 0}, "0 epochs"),
    ],
)
def test_settings_that_cannot_work_are_named_before_training(wrong: dict[str, Any], named: str) -> None:
    (said,) = warnings.of_settings(settings(**wrong))
    assert named in said


def test_no_preset_and_no_model_that_ships_is_warned_of() -> None:
    for preset in presets.PRESETS:
        assert warnings.of_settings(RunConfig.from_flat(presets.settings_of(preset))) == [], preset
    for shipped in entries.ENTRIES:
        assert warnings.of_settings(shipped.run) == [], shipped.name
    own = presets.for_images("mine", (297, 3, 96, 72))
    assert warnings.of_settings(RunConfig.from_flat(own)) == []


def test_posterior_collapse_is_named_with_its_remedies_and_only_when_there_is_one() -> None:
    """β = 300 leaves no active unit; β = 0.01 does not collapse."""
    for beta, collapsed in ((300.0, True), (0.01, False)):
        config = settings(beta=beta, epochs=80, learning_rate=0.02)
        run = train(blobs(), config)
        said = warnings.of_progress(config, run.state.history, active(run.model), steps=4)
        assert any("Posterior collapse" in s for s in said) is collapsed
        if collapsed:
            assert all(word in said[0] for word in ("warm-up", "free bits", "smaller β than 300"))


def test_the_average_image_that_a_vae_begins_with_is_no_collapse() -> None:
    """Ten latents of the digits say nothing for six epochs, by the same figures as a collapse, and then all speak."""
    data = load(DataConfig(data="digits"))
    config = RunConfig.from_flat({"latent_size": 10, "epochs": 12, "schedule": "constant", "device": "cpu"})
    model, history, counts = new_model(config, data), [], []
    state = TrainingState(build_optimizer(model, config.training))
    for progress in fit(model, data, config, state):
        if progress.validation:
            history = state.history
            counts.append(int((encode(model, data, data.test_index).mean.var(0) > ACTIVE).sum()))
            assert not warnings.of_progress(config, history, counts[-1], steps=12)
    assert counts[:4] == [0] * 4
    assert counts[-1] > 5


@pytest.mark.parametrize(
    ("rates", "steps", "collapsed"),
    [
        ([0.3, *[0.004] * 10], 20, True),
        ([0.3, *[0.004] * 9], 20, False),  # not long enough
        ([0.004] * 3, 5000, True),  # long epochs
        ([0.004] * 2, 5000, False),
        ([0.03 * 1.06**i for i in range(11)], 20, False),  # it begins to speak
        ([0.09 * 0.9**i for i in range(11)], 20, True),  # it falls silent
        ([0.3] * 11, 20, False),  # it speaks in the spread of its posteriors, as with free bits
    ],
)
def test_a_code_has_to_be_silent_for_long(rates: list[float], steps: int, collapsed: bool) -> None:
    history = [{"train_loss": 30.0, "train_rate": rate} for rate in rates]
    assert bool(warnings.of_progress(settings(), history, 0, steps)) is collapsed
    assert not warnings.of_progress(settings(), history, 1, steps)
    epochs = len(history) - 1  # β still rose in all but one
    assert not warnings.of_progress(settings(warmup="linear", warmup_epochs=epochs), history, 0, steps)


def rows(*losses: float) -> list[dict[str, float]]:
    return [{"epoch": i + 1, "train_loss": loss, "train_rate": 1.0} for i, loss in enumerate(losses)]


@pytest.mark.parametrize(
    ("losses", "diverges"),
    [
        ((100, 50, 40, 39), False),
        ((100, 50, 40, 41), False),  # noise
        ((100, 50, 40, 90), True),
        ((30, 31, 200, 5000), True),
        ((-500, -900, -950, -940), False),  # log densities
        ((-500, -900, -950, -300), True),
        ((100, 400), False),  # too early to tell
    ],
)
def test_a_diverging_loss_is_named(losses: tuple[float, ...], diverges: bool) -> None:
    said = warnings.of_progress(settings(posterior="point"), rows(*losses), None, 12)
    assert bool(said) is diverges
    if diverges:
        assert "smaller learning rate than 0.001" in said[0]
    rising = settings(warmup="linear", warmup_epochs=10)
    assert not warnings.of_progress(rising, rows(*losses), 2, 12)  # a rising β raises the loss


def test_a_run_that_learns_is_left_in_peace() -> None:
    config = settings(epochs=12, learning_rate=0.01)
    run = train(blobs(), config)
    for end in range(1, 13):
        assert not warnings.of_progress(config, run.state.history[:end], 2, 4)


def test_a_model_far_too_large_for_its_images_is_named() -> None:
    shape, images, memory = (1, 8, 8), 1438, 32 * 2**30

    def said(**model: object) -> list[str]:
        config = ModelConfig.model_validate(model)
        return warnings.of_size(config, count_parameters(Autoencoder(config, shape)), shape, images, memory)

    assert not said()
    (large,) = said(hidden=(4096, 2048))
    assert "far too large" in large
    assert "512 256" in large
    (wide,) = said(latent_size=100)
    assert "compress nothing" in wide
    (heavy,) = warnings.of_size(ModelConfig(), 2 * 10**9, shape, 10**9, memory)
    assert "29.8 GiB of this machine's 32.0 GiB" in heavy


@pytest.mark.parametrize("name", presets.PRESETS)
def test_presets_are_settings_that_work_and_kinds_lead_back_to_themselves(name: str) -> None:
    values = presets.settings_of(name)
    config = RunConfig.from_flat(values)
    assert flat(config) == values
    assert not warnings.of_settings(config)
    for kind in presets.KINDS:
        changed = presets.as_kind(values, kind)
        assert presets.kind_of(changed) == kind
        of_range = {"beta_range", "warmup", "warmup_epochs"} if kind == presets.EVERY else set()
        of_range |= {"condition"} if kind in (presets.EVERY, presets.WORDS) else set()
        assert {k for k in values if values[k] != changed[k]} <= {"posterior", "beta"} | of_range
        RunConfig.from_flat(changed)
        back = presets.as_kind(changed, presets.kind_of(values))
        # neither a model of every β nor words can be given a class; the one has a warm-up of its own
        lost: set[str] = set()
        if values["condition"] == "label" and kind in (presets.EVERY, presets.WORDS):
            lost = {"condition"}
        if kind == presets.EVERY and values["warmup"] != "none":
            lost.add("warmup")
        assert {k for k in values if values[k] != back[k]} <= {"warmup_epochs", "beta"} | lost
    assert np.isin([n for n in values if presets.has_effect(n, values)], list(values)).all()
