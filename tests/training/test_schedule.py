"""The learning rate over a run, against torch's own schedulers."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from explorer.config import RunConfig, TrainingConfig
from explorer.data.dataset import ImageDataset
from explorer.store import Manifest
from explorer.training import fit as fit_module
from explorer.training.schedule import PLATEAU_EPOCHS, REDUCTION, is_plateau, learning_rate_at, rate_of_step
from explorer.training.state import TrainingState, build_optimizer
from tests import tiny

from .small import blobs, settings, train


def optimizer() -> torch.optim.Optimizer:
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.3)


def test_the_cosine_is_that_of_torch() -> None:
    theirs = optimizer()
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(theirs, T_max=50)
    for step in range(50):
        assert learning_rate_at(0.3, "cosine", step / 50) == pytest.approx(
            theirs.param_groups[0]["lr"], rel=1e-6
        )
        theirs.step()
        scheduler.step()
    assert learning_rate_at(0.3, "cosine", 1) == 0


def test_plateaus_are_those_of_torch() -> None:
    """Losses that fall, stay, fall again and stay for good."""
    losses = [5.0, 4.0, 3.0, *[3.5] * 12, 2.0, *[2.5] * 17]
    theirs = optimizer()
    # torch allows `patience` bad epochs and acts on the next; it counts anew after each reduction, as we do
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
        theirs, factor=REDUCTION, patience=PLATEAU_EPOCHS - 1, threshold=0
    )
    best, epochs_since_best, reductions = float("inf"), 0, 0
    for loss in losses:
        best, epochs_since_best = (loss, 0) if loss < best else (best, epochs_since_best + 1)
        reductions += is_plateau(epochs_since_best)
        theirs.step()
        scheduler.step(loss)
        assert learning_rate_at(0.3, "plateau", 0.5, reductions) == pytest.approx(
            theirs.param_groups[0]["lr"]
        )
    assert reductions == 5


@pytest.mark.parametrize(("steps", "rise"), [(5000, 200), (300, 30), (5, 1)])
def test_a_model_of_every_beta_begins_with_small_steps(steps: int, rise: int) -> None:
    """Over 200 steps, or a tenth of a shorter run, as torch's linear schedule from one part of the rise; other models
    begin at the peak."""
    flat = {"learning_rate": 0.3, "schedule": "constant"}
    ranged = RunConfig.from_flat(flat | {"beta_range": (0.5, 16.0), "beta": 2.0})
    theirs = optimizer()
    scheduler = torch.optim.lr_scheduler.LinearLR(theirs, start_factor=1 / rise, total_iters=rise - 1)
    for step in range(min(steps, 250)):
        assert rate_of_step(ranged, step / steps, steps, 0) == pytest.approx(theirs.param_groups[0]["lr"])
        assert rate_of_step(RunConfig.from_flat(flat), step / steps, steps, 0) == 0.3
        theirs.step()
        scheduler.step()


def test_a_constant_learning_rate_stays() -> None:
    assert {learning_rate_at(0.01, "constant", share / 10) for share in range(11)} == {0.01}


def rates(data: ImageDataset, monkeypatch: pytest.MonkeyPatch, **flat: object) -> list[float]:
    """The learning rates that a run uses, one per epoch."""
    monkeypatch.setattr(fit_module, "REPORT_SECONDS", 0.0)
    config = settings(batch_size=100, **flat)
    model = fit_module.new_model(config, data)
    state = TrainingState(build_optimizer(model, config.training))
    run = fit_module.fit(model, data, config, state)
    return [state.optimizer.param_groups[0]["lr"] for p in run if not p.validation]


def test_a_run_follows_its_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    data = blobs()
    assert rates(data, monkeypatch, epochs=4, learning_rate=0.1) == [0.1] * 4
    cosine = rates(data, monkeypatch, epochs=4, learning_rate=0.1, schedule="cosine")
    assert cosine == pytest.approx([0.1, 0.0853553, 0.05, 0.0146447], rel=1e-5)
    still = {"optimizer": "sgd", "learning_rate": 1e-30, "epochs": 13}
    plateau = rates(data, monkeypatch, schedule="plateau", **still)
    assert plateau == pytest.approx([1e-30] * 6 + [3e-31] * 5 + [9e-32] * 2)


def test_checkpoints_from_before_schedules_had_a_constant_one(tmp_path: Path) -> None:
    checkpoint = tiny.write(tmp_path / "new")
    values = checkpoint.manifest.model_dump()
    assert Manifest.model_validate(values).training.schedule == values["training"]["schedule"]
    del values["training"]["schedule"]
    assert Manifest.model_validate(values).training.schedule == "constant"
    assert TrainingConfig().schedule == "cosine"


def test_reductions_are_kept_with_the_state() -> None:
    run = train(blobs(), settings(schedule="plateau", optimizer="sgd", learning_rate=1e-30, epochs=7))
    assert run.state.reductions == 1
    flat = run.state.tensors()
    again = TrainingState(build_optimizer(run.model, settings(optimizer="sgd").training))
    again.restore(flat, [])
    assert again.reductions == 1
    flat["scalars"] = flat["scalars"][:-1]  # as older versions wrote it
    again.restore(flat, [])
    assert again.reductions == 0
