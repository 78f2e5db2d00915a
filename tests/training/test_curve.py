"""The curve on disk is the run's, however seldom it is written; previews lie still; snapshots are spread."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from explorer.training import curve, snapshots
from explorer.training.fit import fit, new_model
from explorer.training.preview import Previewer, positions
from explorer.training.state import TrainingState, build_optimizer
from tests.training.small import blobs, settings


@pytest.mark.parametrize("every", [0.0, 1e9])
def test_lines_average_to_what_the_history_says(
    every: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written at every moment, or once at the end: the mean over lines weighted by their length is the mean loss."""
    monkeypatch.setattr(curve, "EVERY", every)
    monkeypatch.setattr("explorer.training.fit.REPORT_SECONDS", 0.0)
    config, data = settings(epochs=4), blobs(48 * 5 // 4)  # 4 full batches an epoch
    model = new_model(config, data)
    state = TrainingState(build_optimizer(model, config.training))
    written = curve.Curve(tmp_path / "c.jsonl", 0)
    for progress in fit(model, data, config, state):
        written.add(progress)
    lines, end = curve.read_lines(tmp_path / "c.jsonl")
    assert end == (tmp_path / "c.jsonl").stat().st_size
    assert (len(lines) > 12) == (every == 0)
    ends = np.array([line["epoch"] for line in lines])
    lengths = np.diff(ends, prepend=0)
    assert ends[-1] == 4
    for name, column in (("loss", "train_loss"), ("rate", "train_rate"), ("distortion", "train_distortion")):
        mean = (lengths * [line[name] for line in lines]).sum() / 4
        assert mean == pytest.approx(np.mean([row[column] for row in state.history]), rel=1e-3)
    # resumed at epoch 2, what came after is dropped; half a line at the end is not read
    curve.Curve(tmp_path / "c.jsonl", 2)
    kept, end = curve.read_lines(tmp_path / "c.jsonl")
    assert [line for line in lines if line["epoch"] <= 2] == kept
    with (tmp_path / "c.jsonl").open("a") as file:
        file.write('{"epoch": 3, ')
    assert curve.read_lines(tmp_path / "c.jsonl", end) == ([], end)


@pytest.mark.parametrize("after", [1, 3, 7, 8, 13])
def test_a_run_that_breaks_off_leaves_its_curve_up_to_there(
    after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However seldom lines are written, and once only."""
    monkeypatch.setattr(curve, "EVERY", 1e9)
    monkeypatch.setattr("explorer.training.fit.REPORT_SECONDS", 0.0)
    config, data = settings(epochs=4), blobs(48 * 5 // 4)
    model = new_model(config, data)
    written = curve.Curve(tmp_path / "c.jsonl", 0)
    running = fit(model, data, config)  # four steps and a test in each epoch
    seen = [next(running) for _ in range(after)]
    for progress in seen:
        written.add(progress)
    for _ in range(2):
        written.close()
    (line,) = curve.read_lines(tmp_path / "c.jsonl")[0]
    assert line["epoch"] == seen[-1].step / 4
    tests = [p.validation["loss"] for p in seen if p.validation]
    assert line["test"] == (pytest.approx(tests[-1], rel=1e-4) if tests else None)
    whole = [p.train["loss"] for p in seen if p.validation]
    within = seen[-1].step % 4
    total = 4 * sum(whole) + within * seen[-1].train["loss"]
    assert line["loss"] == pytest.approx(total / seen[-1].step, rel=1e-4)


def test_a_look_draws_no_random_number_and_leaves_the_model_as_it_was() -> None:
    config = settings(latent_size=3)
    data = blobs()
    model = new_model(config, data).train()
    torch.manual_seed(5)
    before = torch.get_rng_state()
    previewer = Previewer(data, config, torch.device("cpu"))
    told = previewer.preview(model)
    assert torch.equal(torch.get_rng_state(), before)
    assert model.training
    assert len(told["xy"]) == len(data.test_index)
    assert told["rebuilt"].startswith("data:image/png;base64,")


@given(st.integers(3, 6), st.floats(-math.pi, math.pi), st.integers(0, 1000))
def test_codes_that_were_only_turned_stay_where_they_were(d: int, angle: float, seed: int) -> None:
    """A rotation or a mirrored axis of the latent space is no change to see."""
    codes = np.random.default_rng(seed).normal(size=(40, d)) * np.array([4.0, 2.0, *[0.3] * (d - 2)])
    turn = np.eye(d)
    turn[:2, :2] = [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
    turn[1] *= -1
    first = positions(codes, None)
    np.testing.assert_allclose(positions(codes @ turn.T, first), first, atol=1e-6)


def test_snapshots_are_spread_over_the_logarithm() -> None:
    due = [epoch for epoch in range(1001) if snapshots.is_due(epoch)]
    assert due[:9] == [0, 1, 2, 3, 4, 6, 8, 11, 16]
    assert len(due) == 20
    steps = np.diff(np.log(due[5:]))
    assert steps.max() < 0.42  # a factor of √2, rounded
    assert sorted(map(snapshots.name_of, due)) == [snapshots.name_of(epoch) for epoch in due]
