"""The contestants of the training benchmark run, and race with the same network for the same loss."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
import torch

from benchmarks import contestants, rotation, training, words
from benchmarks.contestants import CONTESTANTS, VARIANTS
from benchmarks.tasks import TASKS, PlainVAE, plain_loss
from explorer.config import ModelConfig
from explorer.models import Autoencoder
from explorer.objectives import compute_loss

# pythae is not installed here, and a compiler may not be
RUNNABLE = [("mnist", name) for name in CONTESTANTS | VARIANTS if name != "pythae" and "compiled" not in name]
RUNNABLE += [("sprites", name) for name in ("ours", "usual", "bound", "bound-channels-last")]


def both(task_name: str) -> tuple[PlainVAE, Autoencoder]:
    """The plain network and the explorer's, with the same weights."""
    task = TASKS[task_name]
    plain, model = PlainVAE(task), Autoencoder(task.config.model, task.image_shape)
    with torch.no_grad():
        for ours, theirs in zip(model.parameters(), plain.parameters(), strict=True):
            ours.copy_(theirs)
    return plain, model


@pytest.mark.parametrize("task_name", TASKS)
def test_the_plain_network_and_loss_are_those_of_the_explorer(task_name: str) -> None:
    plain, model = both(task_name)
    x = torch.rand(3, *TASKS[task_name].image_shape)
    torch.manual_seed(1)
    expected = plain_loss(plain, x)
    torch.manual_seed(1)
    config = TASKS[task_name].config.objective
    torch.testing.assert_close(compute_loss(config, model, x, x).loss, expected)
    torch.manual_seed(1)
    torch.testing.assert_close(contestants._log_sigmoid_loss(plain, x), expected)


@pytest.mark.parametrize(("task_name", "name"), RUNNABLE)
def test_contestants_train(task_name: str, name: str) -> None:
    train = (CONTESTANTS | VARIANTS)[name][1](TASKS[task_name], small=True)
    try:
        images = train(0.01)
    finally:
        torch.set_flush_denormal(False)  # one variant sets it for its process
    assert images >= TASKS[task_name].batch


def test_operations_are_those_counted_by_hand() -> None:
    forward = 784 * 512 + 512 * 256 + 256 * 40 + 20 * 256 + 256 * 512 + 512 * 784
    assert training.operations("mnist") == 2 * (3 * forward - 784 * 512)  # nothing flows into the image
    down = [(1, 32), (32, 16), (32, 8), (32, 4)]  # channels in, side of the output; 32 channels out
    convolutions = [16 * channels * 32 * side**2 for channels, side in down]
    layers = 512 * 256 + 256 * 256
    forward = 2 * sum(convolutions) + 2 * layers + 256 * 20 + 10 * 256
    assert training.operations("sprites") == 2 * (3 * forward - convolutions[0])


def test_ratios_are_taken_within_rounds() -> None:
    drifting = {"ours": [10.0, 20.0, 40.0], "bound": [5.0, 10.0, 20.0], "peak": [1e9, 2e9, 3e9]}
    assert training.ratio_of(drifting, "bound") == 2
    ours, bound = list(training.table("mnist", drifting))[-2:]
    assert ours.split()[-5:] == ["20", "10", "to", "40", "4%"]
    assert bound.endswith("2.00 ×")


def test_flat_parameters_learn_as_separate_ones() -> None:
    torch.manual_seed(0)
    apart = [torch.nn.Parameter(torch.randn(3, 2)), torch.nn.Parameter(torch.randn(4))]
    joined = [torch.nn.Parameter(p.detach().clone()) for p in apart]
    flat = contestants._flattened(joined)
    for parameters, optimizer in (
        (apart, torch.optim.Adam(apart, fused=True)),
        (joined, torch.optim.Adam([flat], fused=True)),
    ):
        for _ in range(3):
            optimizer.zero_grad(set_to_none=parameters is apart)
            sum((p**3).sum() for p in parameters).backward()  # type: ignore[union-attr]
            optimizer.step()
    for p, q in zip(apart, joined, strict=True):
        torch.testing.assert_close(p, q)


@pytest.mark.slow
def test_the_command_prints_a_table_and_keeps_the_rates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rates.json"
    command = ["--quick", "--tasks", "mnist", "--contestants", "ours", "bound", "--json", str(file)]
    training.main(command)
    printed = capsys.readouterr().out
    assert "random images in place of mnist" in printed
    assert "explorer.training.fit" in printed
    kept = json.loads(file.read_text(encoding="utf-8"))
    rates = kept["tasks"]["mnist"]["rates"]
    assert rates.keys() == {"ours", "bound", "peak"}
    assert all(len(values) == 1 and math.isfinite(values[0]) and values[0] > 0 for values in rates.values())


def test_an_unknown_contestant_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        training.main(["--contestants", "nobody"])
    assert "no contestant is called nobody" in capsys.readouterr().err


def test_a_fitted_posterior_loses_by_a_rotation_what_the_formula_says_where_the_model_is_linear() -> None:
    """p(x|z) = N(Wz, ½) with orthogonal columns of lengths a and b: the posterior is diagonal, with precisions
    1 + 2a² and 1 + 2b², and after 45° the best diagonal one loses the log of their arithmetic to their geometric mean.
    """
    model = Autoencoder(ModelConfig(hidden=(), likelihood="gaussian", variance=0.5), (1, 2, 2))
    lengths = torch.tensor([3.0, 0.5])
    with torch.no_grad():
        for parameter in model.decoder.parameters():
            parameter.zero_()
        next(model.decoder.parameters())[:2] = lengths.diag()
    model.requires_grad_(False)
    x, start = torch.rand(5, 1, 2, 2), torch.zeros(5, 2)
    turn = torch.tensor([[1.0, -1.0], [1.0, 1.0]]) / math.sqrt(2)
    before = rotation.Fit(model, x, 1.0, torch.eye(2), start, torch.ones(5, 2))
    precision = 1 + 2 * lengths.square()
    torch.testing.assert_close(
        before.log_scale.detach().mul(-2).exp(), precision.expand(5, 2), rtol=0.05, atol=0
    )
    after = rotation.Fit(model, x, 1.0, turn, start, torch.ones(5, 2))
    expected = (precision.mean() / precision.prod().sqrt()).log()
    torch.testing.assert_close((before.objective - after.objective), expected.expand(5), rtol=0.03, atol=0.01)


def test_an_image_waits_from_the_event_that_asked_for_it() -> None:
    events = [[10.0, 8.0], [20.0, 17.0], [30.0, 29.0]]  # handed out, and its time stamp
    rows = [[10.5, 12.0, 14.0], [20.0, 22.0, 25.0], [34.0, 35.0, 36.0]]  # asked, begun, painted
    assert words.waits(rows, events) == [6.0, 8.0, 7.0]
    assert words.waits([[5.0, 6.0, 7.0]], events) == []  # no event of the hand
