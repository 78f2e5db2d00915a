"""Background training runs. A run is a folder, which holds its whole state.

A run is a job (`explorer.jobs`) of the command `train`. It has a name, a folder for its checkpoint and, if it is a
branch, a parent; it can be paused and resumed. Nothing here imports torch.
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
from explorer.training.beta_turns import request_beta
from explorer.training.box_source import find_source
from explorer.training.run_names import default_name, free_name

RUN = "run.json"
KEEP = "keep"
"""Marker file: the requested stop ends the run instead of pausing it."""
PREVIEW = "preview.json"
"""Preview of the model in training (`explorer.training.preview`)."""


def folder() -> Path:
    """The folder of all runs."""
    return environment.runs_folder() / TRAINING


@dataclass(frozen=True)
class Run:
    """A background run. settings: setting to value. home: folder of its checkpoint. parent: run and epoch of the
    snapshot it branches from. created: seconds since 1970."""

    path: Path
    name: str
    settings: dict[str, Any]
    home: Path
    created: float
    parent: tuple[str, int] | None = None

    @property
    def config(self) -> RunConfig:
        """All settings of the run. Raises ExplorerError if `settings.json` is invalid."""
        return RunConfig.from_flat(self.settings)

    @property
    def checkpoint(self) -> Path:
        """Path of its checkpoint."""
        return self.home / self.name


# --- queries ---


def runs() -> list[Run]:
    """All runs, newest first."""
    try:
        names = [
            entry.name for entry in os.scandir(folder()) if entry.is_dir() and not entry.name.startswith(".")
        ]
    except OSError:
        return []
    return sorted((run for name in names if (run := _read(name))), key=lambda run: -run.created)


def find(name: str) -> Run:
    """Find a run by name. Raises ExplorerError if there is none."""
    run = _read(store.check_name(name))
    if run is None:
        raise ExplorerError(f"There is no training {name!r} any more; choose one from the list.")
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
    """The status of `run`. A stopped run is "paused" unless `KEEP` ends it."""
    now = jobs.status(run.path)
    if now is None:
        return Status("paused", "Paused before it started.")
    if now.state == "stopped":
        ended = (run.path / KEEP).exists()
        return replace(now, state="stopped" if ended else "paused", message=_latest_save(run))
    if now.silent and _is_complete(run):  # it ended before it could write its status
        return replace(now, state="done", message="", fraction=1.0, silent=False)
    if now.silent:
        return replace(
            now, message=f"The training was ended from outside, or the machine stopped. {_latest_save(run)}"
        )
    return replace(now, message="") if now.state == "done" else now


def _is_complete(run: Run) -> bool:
    """Whether the final, evaluated model of `run` is saved."""
    with contextlib.suppress(ExplorerError):
        manifest = store.open_checkpoint(run.checkpoint).manifest
        return manifest.trained.finished and bool(manifest.metrics) and manifest.run == run.config
    return False


def _latest_save(run: Run) -> str:
    return _describe_saved(run.name, modified(run.path / snapshots.FOLDER), modified(run.checkpoint))


@lru_cache(maxsize=256)
def _describe_saved(name: str, *_: int) -> str:
    """Describe what the run `name` has saved; the folders' modification times are part of the cache key."""
    source = latest_checkpoint(find(name))
    if source is None:
        return "Nothing is saved yet: it starts over when it is resumed."
    done = source.manifest.trained
    return f"Saved in epoch {done.epochs + 1}." if done.step else f"Saved after epoch {done.epochs}."


def modified(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def latest_checkpoint(run: Run) -> Checkpoint | None:
    """The latest checkpoint or snapshot of a run with training state; None if there is none."""
    candidates = list(snapshots.list_snapshots(run.path))
    with contextlib.suppress(ExplorerError):
        candidates.append(store.open_checkpoint(run.checkpoint))
    resumable = [
        c for c in candidates if store.RESUME in c.manifest.files and _leads_to(run.config, c.manifest.run)
    ]
    return max(resumable, key=lambda c: (c.manifest.trained.epochs, c.manifest.trained.step), default=None)


def _leads_to(config: RunConfig, saved: RunConfig) -> bool:
    """Whether a run of these settings was saved with those: β may have been turned since."""
    turns = config.objective.beta_turns[: len(saved.objective.beta_turns)]
    before = config.objective.model_copy(update={"beta_turns": turns})
    return saved == config.model_copy(update={"objective": before})


def is_taken(name: str) -> bool:
    """Whether a run or a checkpoint has this name. Leftovers of a run that could not be created do not count."""
    path = folder() / name
    return store.exists(store.checkpoints_folder() / name) or (
        os.path.lexists(path) and not _is_leftover(path)
    )


def _is_leftover(path: Path) -> bool:
    """Whether a folder holds only the first files of a run whose creation failed."""
    with contextlib.suppress(OSError):
        return set(os.listdir(path)) <= {
            RUN,
            *(Path(file).with_suffix(".new").name for file in (RUN, SETTINGS)),
        }
    return False


def propose_name(config: RunConfig) -> str:
    """A free name for a run with these settings."""
    return free_name(default_name(config), is_taken)


# --- actions ---


def start(settings: Mapping[str, Any], name: str | None = None, parent: tuple[str, int] | None = None) -> Run:
    """Queue a training with `settings`, and start it if it is its turn.

    parent: run and epoch of the snapshot to branch from; `settings` are then all settings of the branch.
    Raises ExplorerError for invalid settings, a name that is in use, a model to begin from that does not fit, or a disk
    that cannot be written.
    """
    config = RunConfig.from_flat(dict(settings))
    if parent:
        _check_parent(*parent)
    else:
        find_source(config)
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
    """Raises ExplorerError if the snapshot has no training state; a missing snapshot fails when the run starts."""
    path = folder() / store.check_name(run) / snapshots.FOLDER / snapshots.name_of(epoch)
    if store.exists(path):
        snapshots.check_branch_point(store.open_checkpoint(path))


def arguments(run: Run) -> dict[str, Any]:
    """The arguments of `explorer.training.run.train` that start a run or continue it from its latest save.

    Raises ExplorerError if the snapshot it branches from is gone.
    """
    place = {"folder": run.home, "name": run.name}
    if source := latest_checkpoint(run):
        turns = {"beta_turns": run.config.objective.beta_turns}
        return place | {"settings": turns, "branch": source.path, "replace": True}
    if run.parent:
        parent, epoch = run.parent
        source = store.open_checkpoint(folder() / parent / snapshots.FOLDER / snapshots.name_of(epoch))
    return place | {"settings": run.settings, "branch": source.path if source else None}


def pause(name: str) -> None:
    """Stop a run so that it can be resumed bit for bit."""
    jobs.stop(find(name).path)


def stop(name: str) -> None:
    """End a run early, evaluate its model and keep it."""
    run = find(name)
    with disk_errors(f"Training {name}", run.path):
        (run.path / KEEP).touch()
    jobs.stop(run.path)


def resume(name: str) -> None:
    """Queue a paused, stopped or failed run again. Raises ExplorerError if it is done."""
    run = find(name)
    now = status(run)
    if now.state == "done":
        raise ExplorerError(f"{name} is trained to its end; branch from its last snapshot to continue.")
    if not now.active:
        with disk_errors(f"Training {name}", run.path):
            (run.path / KEEP).unlink(missing_ok=True)
        jobs.submit(run.path, "train", run.settings)


def turn_beta(name: str, beta: float) -> None:
    """Turn β of a running training from now on; it is recorded in its settings. Raises ExplorerError if none runs."""
    run = find(name)
    if status(run).state != "running":
        raise ExplorerError(f"{name} is not training: β can be turned while it does.")
    with disk_errors(f"Training {name}", run.path):
        request_beta(run.path, beta)


def delete(name: str, model: bool) -> None:
    """Delete a run with its curve and snapshots, and with `model` its checkpoint. Raises ExplorerError if it runs."""
    run = find(name)
    if status(run).state == "running":
        raise ExplorerError(f"{name} is training: stop it before you delete it.")
    with disk_errors(f"Training {name}", run.path):
        remove_folder(run.path)
    if model and store.exists(run.checkpoint):
        store.delete(run.checkpoint)
