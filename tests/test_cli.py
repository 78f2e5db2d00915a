"""The command line: what people type, see and are told."""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import typing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from explorer import store
from explorer.cli import main
from explorer.cli.setting_flags import merge_settings
from explorer.cli.train_command import report_text
from explorer.config import RunConfig, settings
from explorer.data import digits
from explorer.metrics.likelihood import compute_likelihood
from explorer.models import Autoencoder
from explorer.store import Checkpoint
from explorer.store.weights import load_model
from explorer.training import run as run_module
from tests import tiny
from tests.test_store import BAD_NAMES

ROOT = Path(__file__).resolve().parent.parent
SMALL = ["--hidden", "8", "--epochs", "2", "--device", "cpu", "--batch-size", "512", "--schedule", "constant"]


class Said(typing.NamedTuple):
    status: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one sentence of an error, which is all there may be."""
        assert self.status == 1, self
        assert self.out == ""
        assert self.err.startswith("Error: ")
        assert self.err.endswith(".\n")
        assert self.err.count("\n") == 1
        return self.err[len("Error: ") : -1]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: str | Path) -> Said:
        capsys.readouterr()
        try:
            status = main.main([str(a) for a in arguments])
        except SystemExit as end:  # argparse
            status = int(end.code or 0)
        return Said(status, *capsys.readouterr())

    return run


@pytest.fixture(autouse=True)
def _quick_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exporting a decoder takes seconds; what is exported is the business of other tests."""

    def decoder(model: Autoencoder) -> bytes:
        return tiny.decoder(0, model.config.latent_size, model.image_shape)

    monkeypatch.setattr("explorer.store.weights.decoder_onnx", decoder)


def command(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "explorer", *map(str, arguments)]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=120, **options)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    """A small VAE of digits, in a folder of its own."""
    folder = tmp_path_factory.mktemp("trained")
    assert main.main(["train", *SMALL, "--folder", str(folder), "--name", "v"]) == 0
    return store.open_checkpoint(folder / "v")


@pytest.fixture(scope="module")
def plain(trained: Checkpoint) -> Checkpoint:
    """A plain autoencoder beside it."""
    folder = trained.path.parent
    line = ["train", *SMALL, "--folder", str(folder), "--name", "plain", "--posterior", "point"]
    assert main.main(line) == 0
    return store.open_checkpoint(folder / "plain")


@pytest.fixture
def copy(trained: Checkpoint, tmp_path: Path) -> Path:
    """A folder with a copy of it, to change."""
    shutil.copytree(trained.path, tmp_path / "copies" / "v")
    return tmp_path / "copies"


def same_weights(a: Checkpoint, b: Checkpoint) -> bool:
    ours, theirs = a.tensors(store.WEIGHTS), b.tensors(store.WEIGHTS)
    return ours.keys() == theirs.keys() and all(np.array_equal(ours[n], theirs[n]) for n in ours)


def curve(checkpoint: Checkpoint) -> list[dict[str, float]]:
    return [{n: v for n, v in row.items() if n != "seconds"} for row in checkpoint.history()]


# --- flags ---


def given_settings(options: argparse.Namespace) -> dict[str, Any]:
    """The settings that a line gives, as the command gets them."""
    return merge_settings(
        options.settings, {n: getattr(options, n) for _, n, _ in settings() if hasattr(options, n)}
    )


def other_than_default(field: Any) -> tuple[list[str], Any]:
    """What to type after a flag for a value that is not the default, and that value."""
    kind, default = field.annotation, field.default
    if kind is bool:
        return [], True
    if typing.get_origin(kind) is typing.Literal:
        value = next(v for v in typing.get_args(kind) if v != default)
        return [str(value)], value
    if isinstance(default, tuple):
        return ["7", "5"], (7, 5)
    if any(typing.get_origin(part) is tuple for part in typing.get_args(kind)):
        return ["0.5", "2"], (0.5, 2.0)
    if isinstance(default, str) or str in typing.get_args(kind):
        return ["else"], "else"
    low = next((m.ge for m in field.metadata if hasattr(m, "ge")), 0)
    step = next((m.multiple_of for m in field.metadata if hasattr(m, "multiple_of")), 1)
    value = max(low, default or 0) + step
    if any(getattr(m, "le", value) < value for m in field.metadata):
        value = default / 2
    return [str(value)], value


NEEDS = {"boxes_from": {"posterior": "categorical"}}
"""Settings that others are refused without."""


@pytest.mark.parametrize("name", [name for _, name, _ in settings()])
def test_every_setting_has_a_flag_that_reaches_it(name: str) -> None:
    section, field = next((s, f) for s, n, f in settings() if n == name)
    typed, value = other_than_default(field)
    flag = "--" + name.replace("_", "-")
    options = main.build_parser().parse_args(["train", flag, *typed])
    given = given_settings(options)
    assert given.keys() == {name}
    needs = NEEDS.get(name, {})
    config = RunConfig.from_flat(given | needs)
    assert getattr(getattr(config, section), name) == value
    changed = {
        n for s, n, _ in settings() if getattr(getattr(config, s), n) != getattr(getattr(RunConfig(), s), n)
    }
    assert changed == {name, *needs}


def test_without_flags_nothing_is_given() -> None:
    assert given_settings(main.build_parser().parse_args(["train"])) == {}
    empty = main.build_parser().parse_args(["train", "--hidden"])
    assert RunConfig.from_flat(given_settings(empty)).model.hidden == ()


def subcommands() -> dict[str, Any]:
    actions = main.build_parser()._subparsers
    assert actions
    choices: dict[str, Any] = actions._group_actions[0].choices  # type: ignore[assignment]
    return choices


def test_every_flag_says_what_it_is(say: Any) -> None:
    commands = subcommands()
    assert {"train", "evaluate", "list", "export"} <= commands.keys()
    for name, sub in commands.items():
        for action in sub._actions:
            assert action.help, (name, action)
            if action.dest != "help":
                assert action.help in re.sub(r"\s+", " ", sub.format_help()) or "%" in action.help
        said = say(name, "--help")
        assert said.status == 0
    shown = re.sub(r"\s+", " ", say("train", "--help").out)
    for _, _, field in settings():
        assert field.description in shown


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--epochs", "many"], ["epochs", "'many'"]),
        (["--epochs", "-1"], ["epochs", "'-1'"]),
        (["--epochs", "1e400"], ["epochs"]),
        (["--beta", "nan"], ["beta"]),
        (["--learning-rate", "0"], ["learning_rate"]),
        (["--latent-size", "129"], ["latent_size", "128"]),
        (["--hidden", "8", "x"], ["hidden", "'x'"]),
        (["--image-size", "5"], ["image_size", "8"]),
        (["--capacity", "3", "--free-bits", "1"], ["capacity", "free_bits"]),
        (["--data", "digit"], ["digit", "did you mean digits"]),
        (["--data", "/no/such/folder"], ["/no/such/folder"]),
        (["--data", "sprites", "--divergence", "tcvae", "--free-bits", "1"], ["free_bits"]),
        (["--posterior", "point", "--divergence", "tcvae"], ["point"]),
    ],
)
def test_bad_values_are_one_sentence(flags: list[str], words: list[str], say: Any, tmp_path: Path) -> None:
    sentence = say("train", "--folder", tmp_path / "c", "--epochs", "0", "--hidden", "8", *flags).sentence
    for word in words:
        assert word in sentence
    assert store.list_checkpoints(tmp_path / "c") == ([], [])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ([], "required: COMMAND"),
        (["learn"], "invalid choice: 'learn'"),
        (["train", "--posterior", "round"], "invalid choice: 'round'"),
        (["train", "--resume", "a", "--replace"], "not allowed with"),
        (["evaluate", "v", "--samples", "-1"], "'-1' is not a whole number of 0 or more"),
        (["evaluate", "v", "--samples", "lots"], "'lots' is not a whole number of 0 or more"),
        (["evaluate", "v", "--seed", str(2**63)], "too large"),
        (["export", "v"], "required: to"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_so(line: list[str], words: str, say: Any) -> None:
    said = say(*line)
    assert said.status == 2
    assert said.err.splitlines()[-1].startswith("python -m explorer")
    assert words in said.err.splitlines()[-1]
    assert "Traceback" not in said.err


@pytest.mark.parametrize("name", BAD_NAMES)
def test_names_that_could_lead_elsewhere_are_refused(name: str, say: Any, tmp_path: Path) -> None:
    folder = tmp_path / "c"
    tiny.write(folder / "x")
    before = tiny.content(folder / "x")
    for line in (
        [f"--name={name}"],
        [f"--resume={name}"],
        ["--resume=x", f"--name={name}"],
        ["--replace", f"--name={name}"],
    ):
        sentence = say("train", "--folder", folder, *line).sentence
        assert "cannot name a checkpoint" in sentence
    if not name.startswith("-"):
        assert "cannot name a checkpoint" in say("evaluate", name, "--folder", folder).sentence
        assert "cannot name a checkpoint" in say("export", name, "a.csv", "--folder", folder).sentence
    assert os.listdir(tmp_path) == ["c"]
    assert os.listdir(folder) == ["x"]
    assert tiny.content(folder / "x") == before


# --- train ---


def test_training_makes_a_checkpoint_and_reports(trained: Checkpoint, say: Any, tmp_path: Path) -> None:
    said = say("train", *SMALL, "--folder", tmp_path)
    assert said.status == 0
    (only,), bad = store.list_checkpoints(tmp_path)
    assert (only.name, bad) == ("digits-vae-z2", [])
    store.verify(only)
    assert same_weights(only, trained)  # the same settings
    assert only.manifest.run == RunConfig.from_flat(
        {"hidden": (8,), "epochs": 2, "device": "cpu", "batch_size": 512, "schedule": "constant"}
    )
    assert said.out.splitlines()[0] == f"Saved digits-vae-z2 in {tmp_path / 'digits-vae-z2'}"
    assert re.search(r"^ELBO +-\d+\.\d{3} nats$", said.out, re.MULTILINE)
    assert said.err == ""  # no bar without a terminal


def test_json_alone_goes_to_standard_output(tmp_path: Path) -> None:
    done = command("train", *SMALL, "--folder", tmp_path, "--name", "x", "--json")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    said = json.loads(done.stdout)
    assert said.keys() == {"name", "path", "interrupted", "trained", "metrics"}
    assert (said["name"], said["interrupted"]) == ("x", False)
    assert said["metrics"] == store.open_checkpoint(tmp_path / "x").manifest.metrics


def test_a_name_is_not_taken_twice(copy: Path, say: Any) -> None:
    before = tiny.content(copy / "v")
    sentence = say("train", *SMALL, "--folder", copy, "--name", "v").sentence
    assert "choose another --name, --resume it, or --replace it" in sentence
    tiny.write(copy / "other")
    assert (
        "already a checkpoint other"
        in say("train", "--resume", "v", "--epochs", "3", "--name", "other", "--folder", copy).sentence
    )
    (copy / "other").rename(copy / ".other.replaced")  # as a crash leaves it
    assert "already a checkpoint other" in say("train", *SMALL, "--folder", copy, "--name", "other").sentence
    assert tiny.content(copy / "v") == before
    assert say("train", *SMALL, "--folder", copy, "--name", "v", "--replace", "--seed", "1").status == 0
    assert store.open_checkpoint(copy / "v").manifest.training.seed == 1


def test_going_on_is_the_same_as_not_having_stopped(copy: Path, say: Any, tmp_path: Path) -> None:
    values = json.loads((copy / "v" / "config.json").read_text())
    (copy / "v" / "config.json").write_text(json.dumps(values | {"caption": "Mine."}))
    assert say("train", "--resume", "v", "--epochs", "4", "--folder", copy).status == 0
    resumed = store.open_checkpoint(copy / "v")
    assert say("train", *SMALL, "--epochs", "4", "--name", "w", "--folder", tmp_path / "whole").status == 0
    whole = store.open_checkpoint(tmp_path / "whole" / "w")
    assert same_weights(resumed, whole)
    assert curve(resumed) == curve(whole)
    assert [row["epoch"] for row in resumed.history()] == [1, 2, 3, 4]
    assert resumed.manifest.metrics == whole.manifest.metrics
    assert resumed.manifest.run == whole.manifest.run
    assert resumed.manifest.caption == "Mine."


def test_going_on_under_another_name_keeps_both(copy: Path, say: Any) -> None:
    before = tiny.content(copy / "v")
    assert say("train", "--resume", "v", "--name", "longer", "--epochs", "3", "--folder", copy).status == 0
    assert tiny.content(copy / "v") == before
    assert store.open_checkpoint(copy / "longer").manifest.trained.epochs == 3


def test_what_cannot_go_on(copy: Path, say: Any, shipped_checkpoints: Path) -> None:
    def resume(name: str, *rest: str) -> str:
        return str(say("train", "--resume", name, *rest, "--folder", copy).sentence)

    assert "already been trained for 2 epochs; to continue, set more --epochs" in resume("v")
    assert "already been trained for 2 epochs" in resume("v", "--epochs", "2")
    assert "already been trained for 2 epochs" in resume("v", "--epochs", "1")
    assert "beta, seed cannot change; only epochs can" in resume("v", "--seed", "3", "--beta", "2")
    assert "no checkpoint nothing" in resume("nothing")
    shutil.copytree(shipped_checkpoints / "digits-ae-z2", copy / "shipped")
    assert "has no training state" in resume("shipped", "--epochs", "1000")


def test_no_training_begins_where_nothing_can_be_written(say: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    sentence = say("train", "--epochs", "100000", "--folder", tmp_path / "file").sentence
    assert f"could not be written in {tmp_path / 'file'}" in sentence
    assert "choose another folder" in sentence


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({}, "digits-vae-z2"),
        ({"posterior": "point", "beta": 4}, "digits-ae-z2"),
        ({"beta": 0.5, "latent_size": 10}, "digits-vae-beta0.5-z10"),
        ({"beta": 1e20}, "digits-vae-beta1e20-z2"),
        ({"data": "/some/where/My faces.zip"}, "My-faces-vae-z2"),
        ({"data": "日本.npz"}, "images-vae-z2"),
        ({"data": ".."}, "images-vae-z2"),
        ({"data": "_hidden_"}, "hidden-vae-z2"),
        ({"data": "n" * 300}, "n" * 40 + "-vae-z2"),
    ],
)
def test_the_name_that_is_made_can_always_be_used(given: dict[str, Any], name: str) -> None:
    assert run_module.default_name(RunConfig.from_flat(given)) == name
    assert store.check_name(name) == name


# --- the progress bar, on a terminal ---


class Terminal:
    """A terminal that keeps what it is shown."""

    def __init__(self, columns: int = 80) -> None:
        import fcntl
        import pty
        import struct
        import termios

        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.shown = b""
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        with contextlib.suppress(OSError):  # what Linux says when the other side closes
            while data := os.read(self.master, 4096):
                self.shown += data

    def lines(self) -> list[str]:
        """All that was shown, after everyone else has closed it."""
        os.close(self.slave)
        self.reader.join(10)
        os.close(self.master)
        text = self.shown.decode(errors="replace")
        return [line.strip() for line in re.split(r"[\r\n]+", text) if line.strip()]


needs_terminal = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")


@needs_terminal
@pytest.mark.parametrize("columns", [80, 100])
def test_the_bar_shows_losses_speed_and_time_left(
    columns: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.training.fit.REPORT_SECONDS", -1.0)
    terminal = Terminal(columns)
    with os.fdopen(terminal.slave, "w", encoding="utf-8", closefd=False) as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        line = ["train", *SMALL, "--epochs", "3", "--pretrain-epochs", "1", "--folder", str(tmp_path)]
        assert main.main(line) == 0
        monkeypatch.undo()
    lines = terminal.lines()
    assert max(map(len, lines)) <= columns
    row = r"epoch \d/3 \S* *(\d\d:\d\d|\?) left, [\d,]+ images/s loss \d+\.\d\d distortion \d+\.\d\d rate \d"
    training = [shown for shown in lines if shown.startswith("epoch")]
    assert training
    for shown in training:
        assert re.match(row, shown), shown
    assert columns == 80 or any(re.search(r" validation \d+\.\d\d$", shown) for shown in training)
    assert training[-1].startswith("epoch 3/3")
    assert any(not shown.startswith("epoch") and "images/s loss" in shown for shown in lines)  # pretraining


class Clock:
    """Time that passes only when told."""

    now = 1000.0

    def time(self) -> float:
        return self.now


@pytest.mark.parametrize("begun", [0, 600])
def test_time_left_counts_only_the_steps_of_this_session(begun: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten steps a second from 600 of 1,000 leave 40 s, not the blink that 600 steps in an instant would promise."""
    from tqdm import tqdm

    from explorer.training.fit import Progress

    clock = Clock()
    monkeypatch.setattr("tqdm.std.time", clock.time)
    bar = tqdm(file=open(os.devnull, "w"), bar_format=run_module.BAR)  # noqa: SIM115
    bar._time = clock.time
    pretraining = Progress("layer 1", 0, 10, 0, 1000, {"loss": 1.0}, None, [], 5.0, 0.0)
    if not begun:
        run_module._show(bar, pretraining)
        clock.now += 300  # which must not count either
    for step in range(begun, begun + 101, 10):
        losses = {"loss": 3.0, "distortion": 2.0, "rate": 1.0}
        run_module._show(bar, Progress("train", 1, 10, step, 1000, losses, None, [], 5.0, 0.0))
        clock.now += 1.0
    clock.now -= 1.0
    left = (1000 - begun - 100) / 10
    assert f"{int(left // 60):02}:{int(left % 60):02} left" in str(bar)
    bar.close()


# --- Ctrl-C ---


@needs_terminal
def test_stopping_keeps_a_checkpoint_that_goes_on_bit_for_bit(say: Any, tmp_path: Path) -> None:
    terminal = Terminal()
    line = [
        sys.executable,
        "-m",
        "explorer",
        "train",
        *SMALL,
        "--batch-size",
        "64",
        "--folder",
        str(tmp_path),
    ]
    line += ["--epochs", "100000", "--name", "x"]
    process = subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=terminal.slave, text=True)
    try:
        while b"epoch" not in terminal.shown:
            assert process.poll() is None, terminal.shown
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out = process.communicate(timeout=120)[0]
    finally:
        process.kill()
    assert process.returncode == 130
    lines = terminal.lines()
    assert lines[-1] == "Stopping: saving the model. Press Ctrl-C again to quit without saving."
    assert not any("Traceback" in shown for shown in lines)
    stopped = store.open_checkpoint(tmp_path / "x")
    store.verify(stopped)
    done = stopped.manifest.trained
    assert not done.finished
    assert out == f"Stopped in epoch {done.epochs + 1}; go on with: python -m explorer train --resume x\n"
    assert "not evaluated" in say("list", "--folder", tmp_path).out

    more = ["--epochs", str(done.epochs + 2), "--folder", str(tmp_path)]
    assert say("train", "--resume", "x", *more).status == 0
    assert say("train", *SMALL, "--batch-size", "64", "--name", "whole", *more).status == 0
    resumed, whole = store.open_checkpoint(tmp_path / "x"), store.open_checkpoint(tmp_path / "whole")
    assert same_weights(resumed, whole)
    assert curve(resumed) == curve(whole)
    assert resumed.manifest.metrics == whole.manifest.metrics


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_asks_and_the_second_insists(kind: signal.Signals) -> None:
    before = signal.getsignal(kind)
    with run_module.stop_event() as stop:
        assert not stop.is_set()
        os.kill(os.getpid(), kind)
        assert stop.is_set()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), kind)
    assert signal.getsignal(kind) is before


@pytest.mark.slow
def test_stopped_in_the_last_step_is_finished(
    say: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Asked:
        def __enter__(self) -> Any:
            return self

        def __exit__(self, *_: object) -> None: ...

        def is_set(self) -> bool:
            return True

    monkeypatch.setattr(run_module, "stop_event", Asked)
    monkeypatch.setattr("explorer.training.fit.REPORT_SECONDS", 1000.0)
    line = ["train", *SMALL, "--epochs", "1", "--batch-size", "65536", "--folder", tmp_path, "--name", "x"]
    said = say(*line)
    assert said.status == 130  # asked after the only step, before its epoch ended
    assert say("train", "--resume", "x", "--folder", tmp_path).status == 0  # asked at its end
    done = store.open_checkpoint(tmp_path / "x").manifest
    assert done.trained.finished
    assert "elbo" in done.metrics


# --- evaluate ---


def test_evaluate_prints_every_figure_with_its_unit(trained: Checkpoint, say: Any) -> None:
    said = say("evaluate", "v", "--samples", "20", "--folder", trained.path.parent)
    assert said.status == 0
    model = load_model(trained)
    report = compute_likelihood(model, digits.load(), samples=20)
    rows = dict(re.findall(r"^(.*?) {2,}(-?\d.*)$", said.out, re.MULTILINE))
    assert report.log_likelihood is not None
    assert report.bits_per_dimension is not None
    assert rows == {
        "test images": "359",
        "ELBO": f"{report.elbo:.3f} nats",
        "distortion −log p(x|z)": f"{report.distortion:.3f} nats",
        "rate KL(q‖p)": f"{report.rate:.3f} nats",
        "log p(x), L = 20": f"{report.log_likelihood:.3f} nats ± {report.log_likelihood_error:.2f}",
        "bits per dimension": f"{-report.log_likelihood / (64 * np.log(2)):.3f} bits",
        "active units": f"{report.active_units} of 2",
    }
    assert report.elbo == pytest.approx(-report.distortion - report.rate)


def test_of_words_a_report_counts_words_and_no_dimensions(shipped_checkpoints: Path) -> None:
    text = report_text(store.open_checkpoint(shipped_checkpoints / "mnist-vq-7x7x128").manifest.metrics)
    assert re.search(r"^words in use +128$", text, re.MULTILINE)
    assert "active units" not in text


def test_evaluate_gives_what_training_stored(trained: Checkpoint, plain: Checkpoint, say: Any) -> None:
    for checkpoint in (trained, plain):
        said = say("evaluate", checkpoint.name, "--json", "--folder", checkpoint.path.parent)
        assert json.loads(said.out) == {"name": checkpoint.name} | checkpoint.manifest.metrics
    text = say("evaluate", "plain", "--folder", plain.path.parent).out
    assert "ELBO" not in text
    assert "distortion" in text
    sentence = say("evaluate", "plain", "--samples", "5", "--folder", plain.path.parent).sentence
    assert "no log-likelihood" in sentence


def test_evaluate_depends_on_the_seed_alone(trained: Checkpoint, say: Any) -> None:
    line = ["evaluate", "v", "--samples", "3", "--images", "50", "--json", "--folder", trained.path.parent]
    torch.manual_seed(1)
    first = say(*line, "--seed", "7")
    torch.manual_seed(2)
    assert say(*line, "--seed", "7") == first
    assert say(*line, "--seed", "8") != first
    assert json.loads(first.out)["images"] == 50


def test_evaluate_of_one_image_has_no_spread(trained: Checkpoint, say: Any) -> None:
    line = ["evaluate", "v", "--samples", "3", "--images", "1", "--folder", trained.path.parent]
    assert json.loads(say(*line, "--json").out)["log_likelihood_error"] is None  # JSON knows no NaN
    assert re.search(r"log p\(x\), L = 3 +-[\d.]+ nats$", say(*line).out, re.MULTILINE)


def test_evaluate_of_what_is_not_there_or_broken(copy: Path, say: Any) -> None:
    assert "no checkpoint x in" in say("evaluate", "x", "--folder", copy).sentence
    (copy / "v" / store.WEIGHTS).write_bytes(b"")
    assert "v is damaged, weights.safetensors" in say("evaluate", "v", "--folder", copy).sentence


# --- list ---


def test_list_shows_good_and_broken_ones(
    trained: Checkpoint, plain: Checkpoint, copy: Path, say: Any
) -> None:
    shutil.copytree(plain.path, copy / "plain")
    shutil.copytree(plain.path, copy / "broken")
    (copy / "broken" / store.DECODER).unlink()
    said = say("list", "--folder", copy)
    assert said.status == 0
    rows = [line.split() for line in said.out.splitlines()]
    assert [row[0] for row in rows] == ["plain", "v"]
    assert rows[0][1:6] == ["digits", "2", "latents", "β", "1"]
    assert rows[1][-3:] == ["ELBO", f"{trained.manifest.metrics['elbo']:.2f}", "nats"]
    assert rows[0][-3:] == ["distortion", f"{plain.manifest.metrics['distortion']:.2f}", "nats"]
    assert said.err == "Skipped: Checkpoint broken has no decoder.onnx; copy the whole folder again.\n"
    listed = json.loads(say("list", "--json", "--folder", copy).out)
    assert [c["name"] for c in listed["checkpoints"]] == ["plain", "v"]
    assert listed["checkpoints"][1]["metrics"] == trained.manifest.metrics
    assert listed["unreadable"] == ["Checkpoint broken has no decoder.onnx; copy the whole folder again."]


def test_list_of_nothing_says_what_to_do(say: Any, tmp_path: Path) -> None:
    said = say("list", "--folder", tmp_path / "none")
    assert said == (
        0,
        f"No checkpoints in {tmp_path / 'none'}; train one with: python -m explorer train\n",
        "",
    )
    assert json.loads(say("list", "--json").out) == {"checkpoints": [], "unreadable": []}
    assert "cannot be read" in say("list", "--folder", tmp_path / ("n" * 300)).sentence


def test_the_folder_can_come_from_the_environment(
    trained: Checkpoint, say: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(trained.path.parent))
    assert "v" in say("list").out


# --- export ---


def test_export_writes_each_kind(trained: Checkpoint, say: Any, tmp_path: Path) -> None:
    folder, codes = trained.path.parent, trained.codes
    for ending in ("onnx", "npz", "csv", "CSV"):
        target = tmp_path / f"out.{ending}"
        said = say("export", "v", target, "--json", "--folder", folder)
        assert json.loads(said.out) == {"file": str(target), "bytes": target.stat().st_size}
    assert (tmp_path / "out.onnx").read_bytes() == trained.read(store.DECODER)
    with np.load(tmp_path / "out.npz", allow_pickle=False) as stored:
        assert stored.keys() == codes.arrays().keys()
        for name, column in codes.arrays().items():
            np.testing.assert_array_equal(stored[name], column)
    with (tmp_path / "out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    columns = ["index", "label", "mean_0", "mean_1", "scale_0", "scale_1", "rate_0", "rate_1", "distortion"]
    assert list(rows[0]) == columns
    assert len(rows) == len(codes) == 359
    np.testing.assert_array_equal(np.array([r["mean_1"] for r in rows], np.float32), codes.mean[:, 1])
    np.testing.assert_array_equal(np.array([r["label"] for r in rows], np.int64), codes.labels)
    assert (
        say("export", "v", tmp_path / "out.csv", "--folder", folder).out == f"Wrote {tmp_path / 'out.csv'}\n"
    )


def test_export_of_factors_keeps_every_column(say: Any, tmp_path: Path) -> None:
    checkpoint = tiny.write(tmp_path / "x")
    assert say("export", "x", tmp_path / "out.csv", "--folder", tmp_path).status == 0
    header, first, *_ = (tmp_path / "out.csv").read_text().splitlines()
    assert header.startswith("index,label,side,turn,mean_0")
    assert checkpoint.codes.factors is not None
    assert first.split(",")[:4] == ["0", "0", *map(str, checkpoint.codes.factors[0])]


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("out.txt", "ends in .txt; it must end in .html, .onnx, .npz, .csv"),
        ("out", "ends in nothing"),
        (".csv", "ends in nothing"),
        ("missing/out.csv", "no such folder"),
        ("folder.csv", "could not be written"),
        ("file/out.csv", "a file is where a folder should be"),
    ],
)
def test_export_that_cannot_be_written(to: str, words: str, say: Any, tmp_path: Path) -> None:
    tiny.write(tmp_path / "checkpoints" / "x")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "file").touch()
    before = sorted(os.listdir(tmp_path))
    assert words in say("export", "x", tmp_path / to).sentence
    assert sorted(os.listdir(tmp_path)) == before
    assert os.listdir(tmp_path / "folder.csv") == []


# --- as a process ---


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
@pytest.mark.parametrize("line", ["list", "list --json", "train --help"])
def test_a_reader_that_leaves_early_sees_no_traceback(line: str, tmp_path: Path) -> None:
    for number in range(3):
        tiny.write(tmp_path / "c" / f"x{number}")
    shell = f"{sys.executable} -u -m explorer {line} | true"
    env = os.environ | {"EXPLORER_CHECKPOINTS": str(tmp_path / "c")}
    done = subprocess.run(["sh", "-c", shell], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("", "")


def test_a_terminal_that_cannot_show_beta(tmp_path: Path) -> None:
    tiny.write(tmp_path / "x")
    env = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = command("list", "--folder", tmp_path, env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u03b2 1" in done.stdout
    assert json.loads(command("list", "--folder", tmp_path, "--json", env=env).stdout)["checkpoints"]


def test_errors_exit_with_1_and_leave_standard_output_alone(tmp_path: Path) -> None:
    done = command("evaluate", "nothing", "--json", "--folder", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Error: There is no checkpoint nothing in {tmp_path}; choose an existing one.\n"


def test_listing_imports_no_torch(tmp_path: Path) -> None:
    script = (
        "import sys; from explorer.cli import main as cli; cli.main(['list']); print('torch' in sys.modules)"
    )
    env = os.environ | {"EXPLORER_CHECKPOINTS": str(ROOT / "checkpoints")}
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "False", done.stderr
