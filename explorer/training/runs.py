"""Trainings in the background: one run is one folder, and the folders are all there is to know about them.

A run is a job (`explorer.jobs`) of the command line's `train`, with a name, a home for its checkpoint, and perhaps a
parent that it branched from; it can be paused and resumed. Nothing here imports torch.
"""

import contextlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from explorer import environment, jobs, store
from explorer.config import RunConfig, flat
from explorer.disk import disk_errors, locked, read_json, remove_folder, replace_json
from explorer.errors import ExplorerError
from explorer.jobs import Status
from explorer.jobs.queue import SETTINGS, TRAINING
from explorer.store import Checkpoint
from explorer.training import snapshots
from explorer.training.run_names import default_name, free_name

RUN = "run.json"
KEEP = "keep"
"""The file that says that the stop that was asked for is the run's end, not a pause."""
PREVIEW = "preview.json"
"""What a running training shows of its model (`explorer.training.preview`)."""


def folder() -> Path:
    """Where the runs are."""
    return environment.runs_folder() / TRAINING


@dataclass(frozen=True)
class Run:
    """settings: those that were given, by name. home: where its checkpoint goes. parent: the run and the epoch that
    it branched from. created: seconds since 1970."""

    path: Path
    name: str
    settings: dict[str, Any]
    home: Path
    created: float
    parent: tuple[str, int] | None = None

    @property
    def config(self) -> RunConfig:
        """All its settings. Raises ExplorerError if somebody has spoilt them."""
        return RunConfig.from_flat(self.settings)

    @property
    def checkpoint(self) -> Path:
        """Where its model is saved."""
        return self.home / self.name


# --- what there is ---


def runs() -> list[Run]:
    """All runs, the newest first."""
    try:
        names = [
            entry.name for entry in os.scandir(folder()) if entry.is_dir() and not entry.name.startswith(".")
        ]
    except OSError:
        return []
    return sorted((run for name in names if (run := _read(name))), key=lambda run: -run.created)


def find(name: str) -> Run:
    """Raises ExplorerError if there is no run of that name."""
    run = _read(store.check_name(name))
    if run is None:
        raise ExplorerError(f"There is no training {name!r} any more; choose one of those that are listed.")
    return run


def _read(name: str) -> Run | None:
    path = folder() / name
    about, settings = read_json(path / RUN), read_json(path / SETTINGS)
    if about is None or settings is None:
        return None
    try:
        parent = about["parent"] and (str(about["parent"][0]), int(about["parent"][1]))
        return Run(path, name, settings, Path(about["home"]), float(about["created"]), parent)
    except (KeyError, TypeError, ValueError, IndexError):
        return None


def status(run: Run) -> Status:
    """How `run` stands now; one that was stopped is paused, unless it is to be kept as it is."""
    now = jobs.status(run.path)
    if now is None:
        return Status("paused", "Paused before it began.")
    if now.state == "stopped":
        kept = (run.path / KEEP).exists()
        return replace(now, state="stopped" if kept else "paused", message=_saved(run))
    if now.silent and _complete(run):  # it had only not yet said so
        return replace(now, state="done", message="", fraction=1.0, silent=False)
    if now.silent:
        return replace(now, message=f"The training was ended from outside, or the machine was. {_saved(run)}")
    return replace(now, message="") if now.state == "done" else now


def _complete(run: Run) -> bool:
    """Whether the model of `run` is saved as it is at the end of a training."""
    with contextlib.suppress(ExplorerError):
        manifest = store.open_checkpoint(run.checkpoint).manifest
        return manifest.trained.finished and bool(manifest.metrics) and manifest.run == run.config
    return False


def _saved(run: Run) -> str:
    return _saved_then(run.name, _changed(run.path / snapshots.FOLDER), _changed(run.checkpoint))


@lru_cache(maxsize=256)
def _saved_then(name: str, *_: int) -> str:
    """What `name` has saved; the times of its folders make the cache follow them."""
    source = latest_checkpoint(find(name))
    if source is None:
        return "Nothing was saved yet: it begins anew when it is resumed."
    done = source.manifest.trained
    return f"Saved in epoch {done.epochs + 1}." if done.step else f"Saved after epoch {done.epochs}."


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def latest_checkpoint(run: Run) -> Checkpoint | None:
    """The latest that a run has saved with all that is needed to go on: its checkpoint or a snapshot."""
    found = list(snapshots.list_snapshots(run.path))
    with contextlib.suppress(ExplorerError):
        found.append(store.open_checkpoint(run.checkpoint))
    usable = [c for c in found if store.RESUME in c.manifest.files and c.manifest.run == run.config]
    return max(usable, key=lambda c: (c.manifest.trained.epochs, c.manifest.trained.step), default=None)


def is_taken(name: str) -> bool:
    """Whether a run or a checkpoint has this name; what is left of a run that could not even be written has none."""
    path = folder() / name
    return store.exists(store.checkpoints_folder() / name) or (
        os.path.lexists(path) and not _is_leftover(path)
    )


def _is_leftover(path: Path) -> bool:
    """Whether a folder holds nothing but the beginnings of a run."""
    with contextlib.suppress(OSError):
        return set(os.listdir(path)) <= {
            RUN,
            *(Path(file).with_suffix(".new").name for file in (RUN, SETTINGS)),
        }
    return False


def propose_name(config: RunConfig) -> str:
    """A free name for a run with these settings."""
    return free_name(default_name(config), is_taken)


# --- what can be done ---


def start(given: Mapping[str, Any], name: str | None = None, parent: tuple[str, int] | None = None) -> Run:
    """Put a training with the settings `given` into the queue, and start it if it is its turn.

    parent: run and epoch of the snapshot to begin from; `given` are then all settings of the branch.
    Raises ExplorerError for bad settings, a name that is taken, or a disk that cannot be written.
    """
    config = RunConfig.from_flat(dict(given))
    if parent:
        _check_parent(*parent)
    base, home = folder(), store.checkpoints_folder()
    with disk_errors("The training", base):
        base.mkdir(parents=True, exist_ok=True)
        with locked(base):
            name = store.check_name(name) if name else propose_name(config)
            if is_taken(name):
                raise ExplorerError(
                    f"There is a model or a training named {name} already; call this one "
                    f"{free_name(name, is_taken)}, or choose another name."
                )
            (base / name).mkdir(exist_ok=True)
            about = {"home": str(home.resolve()), "created": time.time(), "parent": parent}
            replace_json(base / name / RUN, about)
            replace_json(base / name / SETTINGS, flat(config))
    jobs.submit(base / name, "train", flat(config))
    return find(name)


def _check_parent(run: str, epoch: int) -> None:
    """Raises ExplorerError if no branch can begin at that snapshot; that there is none is told by the run itself."""
    path = folder() / store.check_name(run) / snapshots.FOLDER / snapshots.name_of(epoch)
    if store.exists(path):
        snapshots.check_branch_point(store.open_checkpoint(path))


def arguments(run: Run) -> dict[str, Any]:
    """What `explorer.training.run.train` takes to begin a run, or to go on where it was saved last.

    Raises ExplorerError if the snapshot that it branches from is gone.
    """
    place = {"folder": run.home, "name": run.name}
    if source := latest_checkpoint(run):
        return place | {"settings": {}, "branch": source.path, "replace": True}
    if run.parent:
        parent, epoch = run.parent
        source = store.open_checkpoint(folder() / parent / snapshots.FOLDER / snapshots.name_of(epoch))
    return place | {"settings": run.settings, "branch": source.path if source else None}


def pause(name: str) -> None:
    """Let a run stop where it is, so that it can be resumed bit for bit."""
    jobs.stop(find(name).path)


def stop(name: str) -> None:
    """End a run and keep the model as it is, evaluated like one that was trained to its end."""
    run = find(name)
    with disk_errors(f"Training {name}", run.path):
        (run.path / KEEP).touch()
    jobs.stop(run.path)


def resume(name: str) -> None:
    """Put a run that was paused, stopped or failed into the queue again. Raises ExplorerError if it is done."""
    run = find(name)
    now = status(run)
    if now.state == "done":
        raise ExplorerError(f"{name} has been trained to its end; branch from its last snapshot to go on.")
    if not now.active:
        with disk_errors(f"Training {name}", run.path):
            (run.path / KEEP).unlink(missing_ok=True)
        jobs.submit(run.path, "train", run.settings)


def delete(name: str, model: bool) -> None:
    """Remove a run with its curve and snapshots, and its model too if `model`. Raises ExplorerError if it runs."""
    run = find(name)
    if status(run).state == "running":
        raise ExplorerError(f"{name} is being trained: stop it before it is deleted.")
    with disk_errors(f"Training {name}", run.path):
        remove_folder(run.path)
    if model and store.exists(run.checkpoint):
        store.delete(run.checkpoint)
