"""A run that was cut anywhere and resumed from a file is the uninterrupted run, bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from explorer.config import RunConfig
from explorer.data.dataset import ImageDataset
from explorer.errors import ExplorerError
from explorer.models import Autoencoder
from explorer.models.device import pick_device
from explorer.training import fit as fit_module
from explorer.training.fit import fit, new_model
from explorer.training.state import TrainingState, build_optimizer
from tests.training.small import Run, blobs, settings, train, weights

OPTIMIZERS = ["adam", "adamw", "sgd", "rmsprop"]
NOISY: dict[str, Any] = {  # every use of chance and of the clock at once
    "binarize": "stochastic",
    "corruption": "salt-and-pepper",
    "warmup": "cyclical",
    "warmup_epochs": 1.5,
    "beta": 2.0,
    "posterior": "full",
    "likelihood": "learned-gaussian",
    "learning_rate": 3e-3,
}


@pytest.fixture(autouse=True)
def _every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit_module, "REPORT_SECONDS", -1.0)


def cut(data: ImageDataset, config: RunConfig, after: int, path: Path) -> Run:
    """Train, stop after so many reports, save, forget everything, load, and go on."""
    first = new_model(config, data)
    state = TrainingState(build_optimizer(first, config.training))
    running = fit(first, data, config, state)
    for _ in range(after):
        next(running)
    save_file(state.tensors(), path / "state.safetensors")
    contiguous = {name: w.contiguous() for name, w in first.state_dict().items()}
    save_file(contiguous, path / "weights.safetensors")
    history = [dict(row) for row in state.history]
    del running
    torch.manual_seed(99)  # the second process has other random numbers about
    second = Autoencoder(config.model, data.image_shape)
    second.load_state_dict(load_file(path / "weights.safetensors"))
    resumed = TrainingState(build_optimizer(second, config.training))
    resumed.restore(load_file(path / "state.safetensors"), history)
    return Run(second, resumed, list(fit(second, data, config, resumed)))


def without_clock(history: list[dict[str, float]]) -> list[dict[str, float]]:
    return [{name: value for name, value in row.items() if name != "seconds"} for row in history]


def assert_same(whole: Run, resumed: Run) -> None:
    assert torch.equal(weights(whole.model), weights(resumed.model))
    assert without_clock(whole.state.history) == without_clock(resumed.state.history)
    a, b = whole.state.tensors(), resumed.state.tensors()
    assert a.keys() == b.keys()
    for name in a.keys() - {"scalars"}:
        assert torch.equal(a[name], b[name]), name
    assert resumed.state.finished


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize(
    "after", [1, 3, 4, 5, 8, 14]
)  # first step, last step, an epoch's end, the last step of all
def test_resuming_continues_bit_for_bit(optimizer: str, after: int, tmp_path: Path) -> None:
    data, config = blobs(), settings(optimizer=optimizer, **NOISY)
    assert_same(train(data, config), cut(data, config, after, tmp_path))


def test_a_finished_run_stays_as_it_is(tmp_path: Path) -> None:
    data, config = blobs(), settings()
    whole = train(data, config)
    resumed = cut(data, config, len(whole.seen), tmp_path)
    assert not resumed.seen
    assert_same(whole, resumed)


@pytest.mark.parametrize("after", [2, 5, 13, 20])
def test_resuming_during_or_after_pretraining(after: int, tmp_path: Path) -> None:
    """Pretraining (3 pairs of 2 epochs here) that is interrupted begins anew, which gives the same weights."""
    data, config = blobs(), settings(hidden=(8, 5), pretrain_epochs=2, corruption="masking")
    assert_same(train(data, config), cut(data, config, after, tmp_path))


def test_patience_survives(tmp_path: Path) -> None:
    """Cut while waiting: the best weights and the count of bad epochs come from the file."""
    data = blobs()
    config = settings(patience=3, epochs=60, learning_rate=0.3, posterior="point", optimizer="adam")
    whole = train(data, config)
    losses = [p.validation["loss"] for p in whole.epochs if p.validation]
    assert 4 <= len(losses) < 60
    after = 5 * (len(losses) - 1)  # two epochs of patience are used up
    resumed = cut(data, config, after, tmp_path)
    assert len(resumed.epochs) == 1
    assert_same(whole, resumed)


@pytest.mark.parametrize("epochs", [5, 12])
def test_the_best_weights_come_back_at_the_end_too_and_more_epochs_go_on_from_the_last(
    epochs: int, tmp_path: Path
) -> None:
    """Patience that does not run out: what is left is the best epoch, and going on is the longer run, bit for bit."""
    data = blobs()
    config = settings(patience=50, epochs=epochs, learning_rate=0.3, posterior="point")
    run = train(data, config)
    losses = [p.validation["loss"] for p in run.epochs if p.validation]
    assert len(losses) == epochs
    assert run.state.best == min(losses)
    best = losses.index(min(losses)) + 1
    assert best < epochs
    plain = settings(epochs=best, learning_rate=0.3, posterior="point")
    assert torch.equal(weights(run.model), weights(train(data, plain).model))
    longer = config.model_copy(update={"training": config.training.model_copy(update={"epochs": epochs + 3})})
    save_file(run.state.tensors(), tmp_path / "state.safetensors")
    model = run.model
    state = TrainingState(build_optimizer(model, longer.training))
    state.restore(load_file(tmp_path / "state.safetensors"), run.state.history)
    state.finished = False
    list(fit(model, data, longer, state))
    assert torch.equal(weights(model), weights(train(data, longer).model))


# --- files that do not fit ---


def saved(config: RunConfig) -> dict[str, Tensor]:
    run = train(blobs(), config)
    return run.state.tensors()


def fresh(config: RunConfig) -> TrainingState:
    return TrainingState(build_optimizer(new_model(config, blobs()), config.training))


def renamed(flat: dict[str, Tensor], old: str, new: str) -> dict[str, Tensor]:
    return {name.replace(old, new): tensor for name, tensor in flat.items()}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda flat: {},
        lambda flat: flat | {"scalars": torch.zeros(3)},
        lambda flat: flat | {"optimizer.0.exp_avg": torch.zeros(2, 2)},
        lambda flat: renamed(flat, "optimizer.0.", "optimizer.99."),
        lambda flat: renamed(flat, "optimizer.0.", "optimizer.x."),
        lambda flat: renamed(flat, "exp_avg_sq", "square_avg"),
        lambda flat: {name: t for name, t in flat.items() if name != "optimizer.1.exp_avg"},
    ],
)
def test_a_state_that_does_not_fit_says_so(spoil: Callable[[dict[str, Tensor]], dict[str, Tensor]]) -> None:
    config = settings(epochs=1)
    flat = saved(config)
    fresh(config).restore(flat, [])
    with pytest.raises(ExplorerError, match="does not fit this model and optimizer"):
        fresh(config).restore(spoil(flat), [])


@pytest.mark.parametrize("other", ["rmsprop", "sgd"])
def test_a_state_of_another_optimizer_says_so(other: str) -> None:
    flat = saved(settings(epochs=1, optimizer="adam"))
    with pytest.raises(ExplorerError, match="does not fit"):
        fresh(settings(optimizer=other)).restore(flat, [])


def test_a_state_of_another_model_says_so() -> None:
    with pytest.raises(ExplorerError, match="does not fit"):
        fresh(settings(hidden=(9,))).restore(saved(settings(epochs=1)), [])


def test_devices_that_are_not_there_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert pick_device("auto").type == pick_device("cpu").type == "cpu"
    for name in ("cuda", "mps"):
        with pytest.raises(ExplorerError, match=f"no usable {name} device"):
            pick_device(name)
