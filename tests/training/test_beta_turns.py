"""β turned by hand while a model trains: what it does at once, and that the settings repeat the run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from explorer.beta_schedule import beta_at
from explorer.config import ObjectiveConfig, RunConfig, flat
from explorer.errors import ExplorerError
from explorer.jobs.queue import SETTINGS
from explorer.training.beta_turns import REQUEST, BetaTurns, can_turn, request_beta
from explorer.training.fit import fit, new_model
from explorer.training.runs import _leads_to
from explorer.training.state import TrainingState, build_optimizer
from tests.training.small import blobs, settings, train

epochs = st.lists(st.floats(0, 50), unique=True, max_size=5).map(sorted)


@given(epochs, st.floats(0, 60), st.sampled_from(["none", "linear", "cyclical"]))
def test_the_latest_turn_holds_and_before_the_first_the_schedule(
    starts: list[float], now: float, warmup: str
) -> None:
    turns = [number for i, epoch in enumerate(starts) for number in (epoch, 2.0 + i)]
    config = ObjectiveConfig.model_validate({"beta": 0.5, "warmup": warmup, "beta_turns": turns})
    held = [2.0 + i for i, epoch in enumerate(starts) if epoch <= now]
    before = config.model_copy(update={"beta_turns": ()})
    assert beta_at(config, now) == (held[-1] if held else beta_at(before, now))
    assert config.last_beta == (2.0 + len(starts) - 1 if starts else 0.5)


@pytest.mark.parametrize("turns", [(1,), (2, 4, 1, 8), (1, 4, 1, 8), (-1, 4), (1, -4)])
def test_turns_are_pairs_with_epochs_that_rise(turns: tuple[float, ...]) -> None:
    with pytest.raises(ExplorerError, match="pairs of an epoch and a β, and the epochs rise"):
        RunConfig.from_flat({"beta_turns": turns})


def test_a_run_whose_beta_was_turned_is_repeated_by_its_settings(tmp_path: Path) -> None:
    data, config = blobs(), settings(epochs=6, batch_size=4)
    (tmp_path / SETTINGS).write_text(json.dumps(flat(config)))
    turns = BetaTurns(config, tmp_path)
    model = new_model(config, data)
    state = TrainingState(build_optimizer(model, config.training))
    betas = []
    for progress in fit(model, data, config, state, turns):
        if progress.epoch in (2, 4) and progress.validation:
            request_beta(tmp_path, {2: 8.0, 4: 0.25}[progress.epoch])
        betas.append(progress.train["beta"])
    assert (betas[0], betas[-1]) == (1.0, 0.25)
    assert 8.0 in betas
    recorded = turns.config.objective.beta_turns
    assert recorded == (2.0, 8.0, 4.0, 0.25)
    assert json.loads((tmp_path / SETTINGS).read_text())["beta_turns"] == list(recorded)
    assert not (tmp_path / REQUEST).exists()
    again = train(data, RunConfig.from_flat(flat(turns.config)))
    assert all(torch.equal(w, again.model.state_dict()[name]) for name, w in model.state_dict().items())
    assert [row["validation_loss"] for row in state.history] == [
        row["validation_loss"] for row in again.state.history
    ]
    steady = train(data, config)
    assert not all(torch.equal(w, steady.model.state_dict()[name]) for name, w in model.state_dict().items())


def test_losses_at_another_beta_do_not_decide_early_stopping(tmp_path: Path) -> None:
    data, config = blobs(), settings(epochs=3, patience=50)
    turns = BetaTurns(config, tmp_path)
    model = new_model(config, data)
    state = TrainingState(build_optimizer(model, config.training))
    for progress in fit(model, data, config, state, turns):
        if progress.epoch == 2 and progress.validation:
            request_beta(tmp_path, 50.0)  # every loss from here on is higher
    assert state.history[-1]["validation_loss"] > state.history[1]["validation_loss"]
    assert state.best == state.history[-1]["validation_loss"]


@pytest.mark.parametrize(
    "text", ['{"beta": "8"}', '{"beta": -1}', '{"beta": 1e9}', "{", "[]", '{"beta": NaN}']
)
def test_a_damaged_request_is_passed_over(text: str, tmp_path: Path) -> None:
    (tmp_path / REQUEST).write_text(text)
    turns = BetaTurns(settings(), tmp_path)
    assert not turns.take(1.0)
    assert turns.config == settings()


def test_models_without_one_beta_take_no_turn(tmp_path: Path) -> None:
    for config in (
        settings(posterior="point"),
        settings(beta_range=(0.5, 16), beta=1.0),
        settings(capacity=3.0),
    ):
        assert not can_turn(config)
        request_beta(tmp_path, 8.0)
        assert not BetaTurns(config, tmp_path).take(1.0)
    with pytest.raises(ExplorerError, match="set beta_turns to none"):
        settings(beta_range=(0.5, 16), beta=1.0, beta_turns=(1, 4))


def test_two_turns_at_one_moment_are_the_second(tmp_path: Path) -> None:
    turns = BetaTurns(settings(), tmp_path)
    for beta in (8.0, 4.0, 4.0):
        request_beta(tmp_path, beta)
        turns.take(1.5)
    assert turns.config.objective.beta_turns == (1.5, 4.0)


def test_a_run_resumes_from_what_was_saved_before_a_turn() -> None:
    now = settings(beta_turns=(1, 4, 2, 8))
    assert _leads_to(now, settings())
    assert _leads_to(now, settings(beta_turns=(1, 4)))
    assert _leads_to(now, now)
    assert not _leads_to(now, settings(beta_turns=(1, 5)))
    assert not _leads_to(now, settings(beta=2.0))
    assert not _leads_to(settings(), now)
