"""Sweeps: which runs a grid is, that none is ever repeated, and that nothing is lost, whoever dies."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer import environment, jobs, store
from explorer.cli import main
from explorer.config import RunConfig
from explorer.errors import ExplorerError
from explorer.jobs import Status
from explorer.training import backends, sweep
from explorer.training.run import train
from explorer.training.sweep import (
    Sweep,
    combine_statuses,
    job_folder,
    plan,
    run_name,
    run_status,
)

SMALL: dict[str, list[Any]] = {"hidden": [(8,)], "epochs": [8], "batch_size": [64], "device": ["cpu"]}


@pytest.fixture(autouse=True)
def _runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))


@pytest.fixture(scope="module", autouse=True)
def _workers_end_with_the_tests() -> Iterator[None]:
    yield
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True, kill_workers=True)


# --- which runs ---


def test_a_grid_is_every_combination_and_the_last_axis_changes_fastest() -> None:
    found = plan({"beta": ["0.5", 4], "seed": [0, 1, 2], "latent_size": ["10"]})
    assert found.axes == {"beta": (0.5, 4.0), "seed": (0, 1, 2)}
    assert found.settings == {"latent_size": 10}
    assert [tuple(r.values.values()) for r in found.runs] == [(b, s) for b in (0.5, 4.0) for s in (0, 1, 2)]
    assert found.config(found.runs[4]) == RunConfig.from_flat({"beta": 4, "seed": 1, "latent_size": 10})
    assert found.checkpoints[3].startswith("digits-vae-beta4-z10-seed0-")
    assert len(set(found.checkpoints)) == 6
    assert plan({"beta": [1, "1.0"]}).axes == {}  # twice the same: one run
    assert plan({"beta": [1], "seed": [3]}, "mine").name == "mine"


SETTINGS = st.fixed_dictionaries(
    {
        "beta": st.sampled_from([0.5, 1.0, 1e-7, 300.0]),
        "seed": st.integers(0, 3),
        "latent_size": st.integers(1, 3),
        "posterior": st.sampled_from(["point", "diagonal"]),
        "hidden": st.sampled_from([(), (8,), (16, 8)]),
        "data": st.sampled_from(["digits", "/a b/größe.npz", "x" * 200]),
    }
)


@given(SETTINGS, SETTINGS)
def test_runs_have_the_same_name_exactly_if_they_have_the_same_settings(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    names = [run_name(RunConfig.from_flat(flat)) for flat in (one, other)]
    assert (names[0] == names[1]) == (one == other)
    store.check_name(names[0])
    assert run_name(RunConfig.from_flat(one | {"device": "cpu"})) == names[0]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"bta": [1]}, "no setting named 'bta'"),
        ({"beta": []}, "beta of the sweep has no value"),
        ({"beta": [1, -1]}, "beta is -1"),
        ({"seed": range(40), "latent_size": range(1, 41)}, "1,600 runs"),
        ({"capacity": [1], "free_bits": [0, 1]}, "set free_bits to 0"),
    ],
)
def test_a_grid_that_does_not_work_is_explained(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(ExplorerError, match=said):
        plan(asked)


def test_a_settings_file_and_the_command_line_say_the_same(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: dict[str, list[Any]] = {
        "beta": [0.5, 4.0],
        "hidden": [(16, 8), ()],
        "compile": [False],
        "image_size": [32],
    }
    folder = job_folder("mine")
    folder.mkdir(parents=True)
    (folder / "settings.json").write_text(json.dumps(asked | {"name": "mine", "dry_run": True}))
    monkeypatch.setenv(environment.JOB, "")  # and back to what it was afterwards
    assert main.main(["job", "sweep", str(folder)]) == 0
    capsys.readouterr()
    flags = ["--beta", "0.5", "4.0", "--hidden", "16x8", "none", "--compile", "False", "--image-size", "32"]
    assert main.main(["sweep", "--name", "mine", *flags, "--dry-run", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert jobs.result(folder) == printed
    assert [run["checkpoint"] for run in printed["runs"]] == plan(asked, "mine").checkpoints


# --- how far ---


def test_time_left_counts_only_what_was_done_since_the_start() -> None:
    runs = [Status("done", fraction=1.0), Status("running", fraction=0.5), Status("waiting")]
    now = combine_statuses(runs, seconds=60, start_fraction=1 / 3)
    assert now.fraction == pytest.approx(0.5)
    assert now.seconds_left == pytest.approx(180)  # a sixth of the work in a minute, a half is left
    assert now.text() == "1 of 3 runs done, 1 running, about 3 min left"
    assert combine_statuses(runs, seconds=60, start_fraction=0.5).seconds_left is None
    failed = [Status("failed", fraction=1.0), Status("stopped", fraction=0.2)]
    assert combine_statuses(failed).message == "0 of 2 runs done, 1 failed"


# --- the work ---


def weights(folder: Path, name: str) -> dict[str, np.ndarray]:
    return store.open_checkpoint(folder / name).tensors(store.WEIGHTS)


def states(grid: Sweep) -> list[str]:
    return [run_status(job_folder(grid.name), name).state for name in grid.checkpoints]


@pytest.mark.slow
def test_an_interrupted_sweep_keeps_what_it_has_and_goes_on_without_repeating(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grid, folder = plan(SMALL | {"seed": [0, 1, 2]}), tmp_path / "checkpoints"
    first, second, _ = grid.checkpoints
    heard: list[float] = []
    told = threading.Event()

    def show(now: Status) -> None:
        heard.append(now.fraction)
        told.set()

    def interrupt(folder: Path, name: str, run: Status) -> None:
        """Ctrl-C at the first progress of the second run, which is as early in it as on any other machine."""
        sweep.write_status(folder, name, run)
        if name == second and run.state == "running" and run.fraction > 0:
            assert told.wait(60)
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(backends, "write_status", interrupt)
    with pytest.raises(KeyboardInterrupt):
        backends.run(grid, folder, workers=1, show=show)
    monkeypatch.setattr(backends, "write_status", sweep.write_status)
    assert heard == sorted(heard)
    assert states(grid) == ["done", "stopped", "waiting"]
    assert store.open_checkpoint(folder / first).manifest.trained.finished
    assert not store.open_checkpoint(folder / second).manifest.trained.finished
    kept = store.open_checkpoint(folder / first).version

    assert combine_statuses(list(backends.run(grid, folder, workers=2).values())).fraction == 1
    assert states(grid) == ["done"] * 3
    assert store.open_checkpoint(folder / first).version == kept
    train(folder, {name: values[0] for name, values in SMALL.items()} | {"seed": 1}, "straight")
    for name, array in weights(folder, "straight").items():
        np.testing.assert_array_equal(weights(folder, second)[name], array)

    assert Sweep.model_validate_json((folder / f"{grid.name}.sweep.json").read_bytes()) == grid
    before = [store.open_checkpoint(folder / name).version for name in grid.checkpoints]
    again = backends.run(grid, folder, workers=1)
    assert [run.message for run in again.values()] == ["already done"] * 3
    assert [store.open_checkpoint(folder / name).version for name in grid.checkpoints] == before


def test_work_of_a_worker_that_died_is_done_by_another_and_what_always_dies_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = [backends.Task("", f"run{i}", {}, str(tmp_path), 0) for i in range(3)]

    def dies_once(task: backends.Task) -> None:
        marker = Path(task.folder) / "died"
        if task.name == "run1" and not marker.exists():
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        sweep.write_status(Path(task.folder), task.name, Status("done", fraction=1.0))

    def dies(task: backends.Task) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    for task in tasks:
        (tmp_path / task.name).mkdir()
    monkeypatch.setattr(backends, "do", dies_once)
    with backends._engine("loky", 2, None):
        backends._work(tasks, threading.Event(), "loky")
    assert [run_status(tmp_path, task.name).state for task in tasks] == ["done"] * 3
    for task in tasks:
        (tmp_path / task.name / "progress.json").unlink()
    monkeypatch.setattr(backends, "do", dies)
    with backends._engine("loky", 2, None), pytest.raises(ExplorerError, match=r"died 3 times.*fewer --jobs"):
        backends._work(tasks, threading.Event(), "loky")


def test_a_failed_run_leaves_the_others_alone_and_the_job_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = SMALL | {"epochs": [1], "data": ["digits", "nowhere.npz"]}
    grid = plan(asked)
    flags = ["--hidden", "8", "--epochs", "1", "--batch-size", "64", "--device", "cpu"]
    line = ["sweep", *flags, "--data", "digits", "nowhere.npz", "--folder", str(tmp_path / "checkpoints")]
    assert main.main([*line, "--jobs", "1", "--json"]) == 1
    out, err = capsys.readouterr()
    assert [run["state"] for run in json.loads(out)["runs"]] == ["done", "failed"]
    assert err.startswith("Error: 1 of 2 runs failed, the others are saved; the first: There is no data set")
    monkeypatch.setenv(environment.JOB, "")  # and back to what it was afterwards
    job = job_folder(grid.name)
    given = asked | {"folder": str(tmp_path / "checkpoints"), "jobs": 1}
    (job / "settings.json").write_text(json.dumps(given))
    assert main.main(["job", "sweep", str(job)]) == 1
    assert capsys.readouterr().err.startswith("Error: 1 of 2 runs failed, the others are saved")
    told = json.loads((job / "progress.json").read_text())
    assert (told["state"], "nowhere.npz" in told["message"]) == ("failed", True)
    assert sweep.summary(job) == "1 of 2 runs done, 1 failed"
    done = store.open_checkpoint(tmp_path / "checkpoints" / grid.checkpoints[0])
    assert done.manifest.trained.finished
    assert sorted(os.listdir(tmp_path / "checkpoints")) == sorted([done.name, f"{grid.name}.sweep.json"])


@pytest.mark.slow
def test_a_dask_worker_that_is_killed_in_mid_run_does_not_stop_the_sweep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed import LocalCluster

    grid, folder, killed = plan(SMALL | {"seed": [0, 1]}), tmp_path / "checkpoints", tmp_path / "killed"
    do = backends.do

    def dies_in_mid_run(task: backends.Task) -> None:
        """The worker that is first to note progress is killed at that note, between two steps of its run."""

        def write_status(folder: Path, name: str, status: Status) -> None:
            sweep.write_status(folder, name, status)
            if status.state == "running" and 0 < status.fraction < 1:
                with contextlib.suppress(FileExistsError), killed.open("x") as file:
                    json.dump([os.getpid(), name], file)
                    file.flush()
                    os.kill(os.getpid(), signal.SIGKILL)

        backends.write_status = write_status  # in the worker, where nothing else runs
        do(task)

    monkeypatch.setattr(backends, "do", dies_in_mid_run)
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        workers = {nanny.pid for nanny in cluster.workers.values()}
        found = backends.run(grid, folder, "dask", address=cluster.scheduler_address)
    process, name = json.loads(killed.read_text())
    assert process in workers
    assert name in grid.checkpoints
    assert [run.state for run in found.values()] == ["done", "done"]
    for name in grid.checkpoints:
        assert store.open_checkpoint(folder / name).manifest.trained.finished


@pytest.mark.parametrize(("backend", "package"), [("ray", "ray"), ("dask", "distributed")])
def test_an_engine_that_is_not_installed_is_named_before_anything_is_trained(
    backend: str,
    package: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    real = importlib.import_module

    def missing(name: str, *other: Any) -> ModuleType:
        if name.split(".")[0] == package:
            raise ModuleNotFoundError(name)
        return real(name, *other)

    monkeypatch.setattr(importlib, "import_module", missing)
    assert (
        main.main(["sweep", "--seed", "0", "1", "--backend", backend, "--folder", str(tmp_path / "c")]) == 1
    )
    assert capsys.readouterr().err == (
        f"Error: The {backend} backend needs the package {package}, which is not installed here; "
        f"install it with: pip install {package}, or take --backend loky.\n"
    )
    assert not [path for path in (tmp_path / "c").iterdir() if path.is_dir()]


def test_a_dry_run_lists_the_runs_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["sweep", "--beta", "1", "4", "--dry-run", "--folder", str(tmp_path / "c")]) == 0
    assert capsys.readouterr().out.split() == plan({"beta": [1, 4]}).checkpoints
    assert not (tmp_path / "c").exists()


# --- what is on disk ---


def test_a_checkpoint_with_other_settings_under_that_name_is_not_taken_for_the_run(tmp_path: Path) -> None:
    from tests import tiny

    grid = plan({"epochs": [3]})
    tiny.write(tmp_path / grid.checkpoints[0])
    found = backends.run(grid, tmp_path)
    assert found[grid.checkpoints[0]].state == "failed"
    assert "other settings than its name says" in found[grid.checkpoints[0]].message
