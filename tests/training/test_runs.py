"""Trainings in the background: the queue, what can be asked of a run, and what goes wrong. Real child processes."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import numpy as np
import pytest

from explorer import environment, jobs, store
from explorer.cli.main import main
from explorer.config import RunConfig
from explorer.disk import read_json, replace_json
from explorer.errors import ExplorerError
from explorer.jobs import Status, process
from explorer.models import Autoencoder
from explorer.models.onnx_graph import DecoderWriter
from explorer.store import Checkpoint
from explorer.training import curve, runs, snapshots
from explorer.training.fit import Progress
from explorer.training.recorder import JobRecorder
from explorer.training.runs import Run
from tests.disks import remount, small_disk

ROOT = Path(__file__).resolve().parents[2]
SMALL: dict[str, Any] = {"hidden": [16], "batch_size": 256, "device": "cpu"}
ENDLESS = 100_000
"""Epochs of a run that is still at work when it is interrupted, on any machine."""


@pytest.fixture(scope="module")
def shared_decoders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Exporting a decoder takes seconds: once per architecture is enough."""
    return tmp_path_factory.mktemp("decoders")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, shared_decoders: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "decoders").symlink_to(shared_decoders)
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path / "models"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    yield tmp_path
    for run in runs.runs():
        with contextlib.suppress(ProcessLookupError, KeyError):
            os.killpg((read_json(run.path / "job.json") or {})["pid"], signal.SIGKILL)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Runs happen in this process, from start to end, before `launch` returns: no child has to import torch."""

    def launch(folder: Path, command: str) -> None:
        replace_json(folder / "job.json", {"pid": 1 << 30, "started": time.time(), "born": 0.0})
        with monkeypatch.context() as inside:
            inside.setenv(environment.JOB, str(folder))
            main(["job", command, str(folder)])

    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    monkeypatch.setattr(process, "launch", launch)
    yield
    signal.signal(signal.SIGTERM, before)


def until(run: Run, wanted: Callable[[Status], bool], seconds: float = 300) -> Status:
    """Wait until the run stands as `wanted`, as a server does: looking at the queue now and then."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        jobs.advance()
        now = runs.status(run)
        if wanted(now):
            return now
        time.sleep(0.05)
    pytest.fail(f"{run.name} is {now} after {seconds} s:\n{(run.path / 'log.txt').read_text()}")


def ended(run: Run) -> Status:
    return until(run, lambda now: now.state not in ("running", "waiting"))


def kept(run: Run, epochs: int) -> None:
    """Wait until the run has a snapshot of that epoch."""
    there = run.path / snapshots.FOLDER / snapshots.name_of(epochs) / "config.json"
    now = until(run, lambda now: there.exists() or now.state not in ("running", "waiting"))
    assert there.exists(), now


def weights(path: Path) -> dict[str, np.ndarray]:
    return store.open_checkpoint(path).tensors(store.WEIGHTS)


def assert_same(a: dict[str, np.ndarray], b: dict[str, np.ndarray]) -> None:
    assert a.keys() == b.keys()
    for name in a:
        np.testing.assert_array_equal(a[name], b[name], err_msg=name)


def opened(run: Run) -> Checkpoint:
    found = store.open_checkpoint(run.checkpoint)
    store.verify(found)
    return found


def test_a_run_is_the_command_lines_and_a_branch_without_changes_repeats_it(
    here: None, tmp_path: Path
) -> None:
    """The whole of it: what a job leaves, the same weights from the command line, and from a snapshot of it."""
    given = SMALL | {"epochs": 5, "latent_size": 3}
    run = runs.start(given)
    assert ended(run).state == "done"
    assert opened(run).manifest.trained.finished
    flags = [f"--{key.replace('_', '-')}={value}" for key, value in given.items() if key != "hidden"]
    assert main(["train", "--name=plain", "--hidden", "16", "--folder", str(tmp_path / "cli"), *flags]) == 0
    assert_same(weights(run.checkpoint), weights(tmp_path / "cli" / "plain"))
    # what a page shows of it
    lines, _ = curve.read_lines(run.path / curve.FILE)
    assert lines[-1]["epoch"] == 5
    assert len(lines[-1]["rates"]) == 3
    for line in lines:
        assert line["loss"] == pytest.approx(line["distortion"] + line["rate"], rel=1e-3)
        assert line["rate"] == pytest.approx(sum(line["rates"]), abs=1e-3)
    last = opened(run).history()[-1]
    assert lines[-1]["test"] == pytest.approx(last["validation_loss"], rel=1e-4)
    assert [c.manifest.trained.epochs for c in snapshots.list_snapshots(run.path)] == [0, 1, 2, 3, 4, 5]
    for snapshot in snapshots.list_snapshots(run.path):
        store.verify(snapshot)
    assert_same(weights(run.path / "snapshots" / "epoch-000005"), weights(run.checkpoint))
    same = runs.start(run.settings, "same", (run.name, 2))
    other = runs.start(run.settings | {"beta": 9.0}, "other", (run.name, 2))
    for one in (same, other):
        assert ended(one).state == "done"
    assert_same(weights(same.checkpoint), weights(run.checkpoint))
    assert opened(other).manifest.objective.beta == 9
    before, after = opened(run).history(), opened(other).history()
    assert [row["train_loss"] for row in after[:2]] == [row["train_loss"] for row in before[:2]]
    assert after[-1]["train_rate"] < 0.9 * before[-1]["train_rate"]


def stopped_after(
    epochs: int, monkeypatch: pytest.MonkeyPatch, then: Callable[[], object] = lambda: None
) -> None:
    """Let a run in this process do `then` and be paused when it has trained so many epochs."""
    see = JobRecorder.record

    def look(recorder: JobRecorder, progress: Progress) -> None:
        see(recorder, progress)
        if progress.epoch == epochs and progress.validation:
            then()
            os.kill(os.getpid(), signal.SIGTERM)  # what pausing sends

    monkeypatch.setattr(JobRecorder, "record", look)


def test_killed_and_resumed_it_is_bit_for_bit_the_run_without_a_break(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = RunConfig.from_flat(SMALL)
    DecoderWriter(environment.runs_folder() / "decoders")(
        Autoencoder(config.model, (1, 8, 8))
    )  # it saves at once
    run = runs.start(SMALL | {"epochs": ENDLESS, "batch_size": 64, "schedule": "constant"})
    behind = runs.start(SMALL | {"epochs": 100}, "behind")
    assert runs.status(behind) == Status("waiting", "waiting for its turn", place=0)
    kept(run, 4)
    assert runs.status(behind).state == "waiting"  # one at a time
    runs.pause(behind.name)
    assert runs.status(behind).state == "paused"
    job = read_json(run.path / "job.json")
    assert job
    os.kill(job["pid"], signal.SIGKILL)
    gone = ended(run)
    assert gone.state == "failed"
    assert "ended from outside" in gone.message
    source = runs.latest_checkpoint(run)
    assert source
    assert source.manifest.trained.epochs >= 4  # the last with its state that was saved is there
    far = int(curve.read_lines(run.path / curve.FILE)[0][-1]["epoch"]) + 3  # past all that it had done
    request.getfixturevalue("here")
    stopped_after(far, monkeypatch)
    runs.resume(run.name)
    assert runs.status(run) == Status("paused", f"Saved after epoch {far}.", ANY, ANY)
    flags = ["--hidden", "16", "--batch-size", "64", "--device", "cpu", "--epochs", str(far)]
    flags += ["--schedule", "constant"]
    assert main(["train", "--name", "whole", "--folder", str(tmp_path / "cli"), *flags]) == 0
    assert_same(weights(run.checkpoint), weights(tmp_path / "cli" / "whole"))
    epochs = [line["epoch"] for line in curve.read_lines(run.path / curve.FILE)[0]]
    assert epochs == sorted(set(epochs))  # what came twice is there once
    assert epochs[-1] == far


SERVER = f"""
import sys, time
from explorer.training import runs
runs.start({{"hidden": [16], "epochs": {ENDLESS}, "batch_size": 256, "device": "cpu"}}, "orphan")
print("started", flush=True)
time.sleep(600)
"""


def test_a_killed_server_leaves_its_training_running_and_another_can_stop_it() -> None:
    server = subprocess.Popen([sys.executable, "-c", SERVER], cwd=ROOT, stdout=subprocess.PIPE)
    assert server.stdout
    assert server.stdout.readline() == b"started\n"
    server.kill()
    server.wait()
    run = runs.find("orphan")
    assert runs.status(run).state == "running"
    kept(run, 3)
    # stopped for good: kept and evaluated, as at its end, and still not forced to be the end
    runs.stop("orphan")
    assert ended(run).state == "stopped"
    found = opened(run)
    assert found.manifest.metrics["elbo"] is not None
    assert not found.manifest.trained.finished
    with pytest.raises(ExplorerError, match="already"):
        runs.start(SMALL, "orphan")
    runs.delete("orphan", model=False)
    assert not run.path.exists()
    assert found.path.exists()


def test_stopped_in_the_first_second_it_says_that_nothing_was_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    real, imports = process.subprocess.Popen, [sys.executable, "-c", "import time; time.sleep(600)"]
    monkeypatch.setattr(process.subprocess, "Popen", lambda _, **options: real(imports, **options))
    run = runs.start(SMALL | {"epochs": 2})
    runs.pause(run.name)
    now = ended(run)
    assert now.state == "paused"
    assert now.message == "Nothing is saved yet: it starts over when it is resumed."
    runs.delete(run.name, model=True)
    assert runs.runs() == []


def test_two_runs_with_one_name_and_names_that_are_proposed(here: None) -> None:
    for name in ("mine", "digits-vae-z2"):
        (runs.folder() / name).mkdir(parents=True)
        for file in (runs.RUN, runs.SETTINGS):
            (runs.folder() / name / file).write_text("{}")
    with pytest.raises(ExplorerError, match="named mine already; call this one mine-2"):
        runs.start(SMALL, "mine")
    run = runs.start(SMALL | {"epochs": 0})
    assert run.name == "digits-vae-z2-2"
    assert runs.status(run).state == "done"
    with pytest.raises(ExplorerError, match="branch from its last snapshot"):
        runs.resume(run.name)
    for bad in ("../up", "", ".hidden", "a/b"):
        with contextlib.suppress(ExplorerError):
            assert runs.find(bad).name == bad
            pytest.fail(bad)
    with pytest.raises(ExplorerError, match="cannot name a checkpoint"):
        runs.start(SMALL, "../up")
    with pytest.raises(ExplorerError, match="epochs"):
        runs.start(SMALL | {"epochs": -1})


def test_a_loss_that_is_not_finite_says_so_and_keeps_what_was_saved(here: None) -> None:
    """Finite at first, then ruined by its own learning rate: the snapshots from before are there to branch from."""
    run = runs.start(SMALL | {"epochs": 50, "learning_rate": 10.0, "optimizer": "sgd", "l2": 0.0})
    now = ended(run)
    assert now.state == "failed"
    assert "stopped being a finite number" in now.message
    assert "smaller learning rate" in now.message
    assert [c.manifest.trained.epochs for c in snapshots.list_snapshots(run.path)][:1] == [0]
    assert runs.latest_checkpoint(run) is not None


def test_images_removed_in_mid_run_do_not_harm_it_and_are_asked_for_when_it_is_resumed(
    here: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = np.random.default_rng(0).integers(0, 256, (200, 8, 8), dtype=np.uint8)
    np.savez(tmp_path / "own.npz", images=images)
    see = JobRecorder.record
    stopped_after(2, monkeypatch, lambda: (tmp_path / "own.npz").rename(tmp_path / "elsewhere.npz"))
    run = runs.start(SMALL | {"epochs": 4, "data": str(tmp_path / "own.npz")}, "own")
    assert runs.status(run) == Status("paused", "Saved after epoch 2.", 0.5, ANY)
    monkeypatch.setattr(JobRecorder, "record", see)
    before = weights(run.checkpoint)
    runs.resume(run.name)
    now = runs.status(run)
    assert now.state == "failed"
    assert "own.npz" in now.message
    assert_same(weights(run.checkpoint), before)
    (tmp_path / "elsewhere.npz").rename(tmp_path / "own.npz")
    runs.resume(run.name)
    assert runs.status(run).state == "done"
    assert opened(run).manifest.trained.epochs == 4


def test_a_full_disk_says_so_and_keeps_what_was_saved(
    here: None, tmp_path: Path, shared_decoders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where none may be mounted, the limit on file sizes is what is left to test."""
    with small_disk(tmp_path, "8m") as disk:
        monkeypatch.setenv("EXPLORER_RUNS", str(disk / "runs"))
        (disk / "runs").mkdir()
        (disk / "runs" / "decoders").symlink_to(shared_decoders)
        monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(disk / "models"))
        monkeypatch.setattr(snapshots, "DISK_SHARE", 1)
        run = runs.start({"epochs": 6, "device": "cpu"}, "large")  # a snapshot is 5 MB
        now = ended(run)
        assert now.state == "failed"
        assert "the disk is full; free some space" in now.message
        assert runs.latest_checkpoint(run) is not None
        first = snapshots.list_snapshots(run.path)[0]
        store.verify(first)
        remount(disk, "size=300m")
        runs.resume(run.name)
        assert ended(run).state == "done"
        opened(run)


def test_files_that_may_not_grow_are_a_full_disk_too(here: None) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))  # the child inherits it
    try:
        run = runs.start({"epochs": 1, "device": "cpu"}, "limited")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    now = ended(run)
    assert now.state == "failed"
    assert "could not be written" in now.message
    assert not store.exists(run.checkpoint)
    runs.resume(run.name)  # without the limit
    assert ended(run).state == "done"


def test_what_a_full_disk_left_of_a_run_takes_no_name(here: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, *_: object) -> None:
        path.with_suffix(".new").touch()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for last in (runs.RUN, runs.SETTINGS):  # the file that there is no room for
        with monkeypatch.context() as inside:
            inside.setattr(
                runs,
                "replace_json",
                lambda path, value, last=last: (full if path.name == last else replace_json)(path, value),
            )
            with pytest.raises(ExplorerError, match="the disk is full"):
                runs.start(SMALL | {"epochs": 0})
        assert not runs.runs()
        assert runs.propose_name(RunConfig.from_flat(SMALL)) == "digits-vae-z2"
    assert runs.start(SMALL | {"epochs": 0}).name == "digits-vae-z2"


def test_a_run_that_is_killed_after_its_model_was_saved_is_done(here: None) -> None:
    run = runs.start(SMALL | {"epochs": 1})
    (run.path / "result.json").unlink()
    replace_json(run.path / "progress.json", {"state": "running", "message": "saving", "time": time.time()})
    assert jobs.status(run.path).silent  # type: ignore[union-attr]
    assert runs.status(run).state == "done"
    checkpoint = store.open_checkpoint(run.checkpoint)
    replace_json(run.checkpoint / "config.json", checkpoint.manifest.model_dump() | {"metrics": {}})
    assert runs.status(run).state == "failed"  # saved on the way, before it was evaluated


def test_a_branch_whose_parent_is_gone_says_so_and_the_queue_goes_on(here: None) -> None:
    lost = runs.start(SMALL | {"epochs": 2}, "lost", ("nobody", 1))
    now = runs.status(lost)
    assert now.state == "failed"
    assert "no checkpoint epoch-000001" in now.message
    assert runs.status(runs.start(SMALL | {"epochs": 0}, "next")).state == "done"


def test_what_lies_among_the_runs_and_is_none_is_passed_over() -> None:
    base = runs.folder()
    for name, content in (("empty", None), ("text", "no JSON"), ("wrong", '{"home": 3}')):
        (base / name).mkdir(parents=True)
        if content:
            (base / name / runs.RUN).write_text(content)
            (base / name / runs.SETTINGS).write_text(json.dumps(SMALL))
    (base / "a file").touch()
    assert runs.runs() == []
    jobs.advance()
    with pytest.raises(ExplorerError, match="no training 'wrong'"):
        runs.pause("wrong")
    assert jobs.status(base / "empty") is None
