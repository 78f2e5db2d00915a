"""Trainings in the background: one run is one folder, and the folders are all there is to know about them.

So every browser session sees the same, before and after a restart of the server. A run is a child process on the
command line's `train` (`explorer.jobs`), by default one at a time; the others wait in the order in which they came.
Nothing here imports torch.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from explorer import environment, store
from explorer.config import RunConfig, flat
from explorer.disk import disk_errors, locked, read_json, remove_folder, replace_json
from explorer.errors import ExplorerError
from explorer.jobs import process as jobs
from explorer.store import Checkpoint
from explorer.training import snapshots
from explorer.training.run_names import default_name, free_name

State = Literal["waiting", "running", "paused", "stopped", "done", "failed"]

RUN, SETTINGS, QUEUED = "run.json", "settings.json", "queued.json"
KEEP = "keep"
"""The file that says that the stop that was asked for is the run's end, not a pause."""
PREVIEW = "preview.json"
"""What a running training shows of its model (`explorer.training.preview`)."""


def folder() -> Path:
    """Where the runs are."""
    return jobs.runs_folder() / "training"


def at_a_time() -> int:
    """How many trainings may run side by side: `EXPLORER_TRAININGS`, else 1."""
    number = os.environ.get("EXPLORER_TRAININGS", "")
    return max(1, int(number)) if number.isdecimal() else 1


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


@dataclass(frozen=True)
class Standing:
    """How a run stands. message: what it is doing, or in a sentence why it is not. seconds: since it was started.
    place: how many runs come before it, while it waits."""

    state: State
    message: str
    fraction: float = 0.0
    seconds: float = 0.0
    place: int = 0


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
    told, given = read_json(path / RUN), read_json(path / SETTINGS)
    if told is None or given is None:
        return None
    try:
        parent = told["parent"] and (str(told["parent"][0]), int(told["parent"][1]))
        return Run(path, name, given, Path(told["home"]), float(told["created"]), parent)
    except (KeyError, TypeError, ValueError, IndexError):
        return None


def standing(run: Run) -> Standing:
    """How `run` stands now."""
    status = jobs.status(run.path)
    if status is None:
        queued = read_json(run.path / QUEUED)
        if queued is None:
            return Standing("paused", "Paused before it began.")
        place = len([other for other in _waiting() if other != run.name and _since(other) < _since(run.name)])
        return Standing("waiting", "waiting for its turn", place=place)
    if status.state == "running":
        return Standing("running", status.message, status.fraction, status.seconds)
    if status.state == "stopped":
        kept = (run.path / KEEP).exists()
        return Standing("stopped" if kept else "paused", _where(run), status.fraction, status.seconds)
    if status.state == "done":
        return Standing("done", "", 1.0, status.seconds)
    gone = f"The training was ended from outside, or the machine was. {_where(run)}"
    return Standing("failed", gone if status.silent else status.message, status.fraction, status.seconds)


def _where(run: Run) -> str:
    return _told(run.name, _changed(run.path / snapshots.FOLDER), _changed(run.checkpoint))


@lru_cache(maxsize=256)
def _told(name: str, *_: int) -> str:
    """What `name` has saved; the times of its folders make the cache follow them."""
    source = newest(find(name))
    if source is None:
        return "Nothing was saved yet: it begins anew when it is resumed."
    done = source.manifest.trained
    return f"Saved in epoch {done.epochs + 1}." if done.step else f"Saved after epoch {done.epochs}."


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def newest(run: Run) -> Checkpoint | None:
    """The latest that a run has saved with all that is needed to go on: its checkpoint or a snapshot."""
    found = list(snapshots.stored(run.path))
    with contextlib.suppress(ExplorerError):
        found.append(store.open_checkpoint(run.checkpoint))
    usable = [c for c in found if store.RESUME in c.manifest.files and c.manifest.run == run.config]
    return max(usable, key=lambda c: (c.manifest.trained.epochs, c.manifest.trained.step), default=None)


def taken(name: str) -> bool:
    """Whether a run or a checkpoint has this name."""
    return store.exists(store.checkpoints_folder() / name) or os.path.lexists(folder() / name)


def propose(config: RunConfig) -> str:
    """A free name for a run with these settings."""
    return free_name(default_name(config), taken)


# --- what can be done ---


def start(given: Mapping[str, Any], name: str | None = None, parent: tuple[str, int] | None = None) -> Run:
    """Put a training with the settings `given` into the queue, and start it if it is its turn.

    parent: run and epoch of the snapshot to begin from; `given` are then all settings of the branch.
    Raises ExplorerError for bad settings, a name that is taken, or a disk that cannot be written.
    """
    config = RunConfig.from_flat(dict(given))
    base, home = folder(), store.checkpoints_folder()
    with disk_errors("The training", base):
        base.mkdir(parents=True, exist_ok=True)
        with locked(base):
            name = store.check_name(name) if name else propose(config)
            if taken(name):
                raise ExplorerError(
                    f"There is a model or a training named {name} already; call this one "
                    f"{free_name(name, taken)}, or choose another name."
                )
            path = base / name
            path.mkdir()
            now = time.time()
            replace_json(path / SETTINGS, flat(config))
            replace_json(path / QUEUED, {"since": now})
            # last, for it makes the folder a run
            replace_json(path / RUN, {"home": str(home.resolve()), "created": now, "parent": parent})
    advance()
    return find(name)


def pause(name: str) -> None:
    """Let a run stop where it is, so that it can be resumed bit for bit."""
    run = find(name)
    with disk_errors(f"Training {name}", run.path), locked(folder()):  # it must not start in between
        (run.path / QUEUED).unlink(missing_ok=True)
        jobs.stop(run.path)


def stop(name: str) -> None:
    """End a run and keep the model as it is, evaluated like one that was trained to its end."""
    run = find(name)
    with disk_errors(f"Training {name}", run.path):
        (run.path / KEEP).touch()
    pause(name)


def resume(name: str) -> None:
    """Put a run that was paused, stopped or failed into the queue again. Raises ExplorerError if it is done."""
    run = find(name)
    with disk_errors(f"Training {name}", run.path), locked(folder()):
        now = standing(run).state
        if now == "done":
            raise ExplorerError(
                f"{name} has been trained to its end; branch from its last snapshot to go on."
            )
        if now not in ("running", "waiting"):
            _forget(run)
            replace_json(run.path / QUEUED, {"since": time.time()})
    advance()


def _forget(run: Run) -> None:
    """How its process ended: another one is to come."""
    for stale in ("job.json", "progress.json", jobs.STOP, KEEP):
        (run.path / stale).unlink(missing_ok=True)


def delete(name: str, model: bool) -> None:
    """Remove a run with its curve and snapshots, and its model too if `model`. Raises ExplorerError if it runs."""
    run = find(name)
    if standing(run).state == "running":
        raise ExplorerError(f"{name} is being trained: stop it before it is deleted.")
    with disk_errors(f"Training {name}", run.path):
        remove_folder(run.path)
    if model and store.exists(run.checkpoint):
        store.delete(run.checkpoint)


def advance() -> None:
    """Start what waits, as far as there is room. Any process may call this at any time."""
    base = folder()
    if environment.read_only() or not _waiting():
        return
    with locked(base):
        found = {run.name: (run, standing(run)) for run in runs()}
        room = at_a_time() - sum(now.state == "running" for _, now in found.values())
        turn = sorted((n for n, (_, now) in found.items() if now.state == "waiting"), key=_since)
        for name in turn[: max(0, room)]:
            run = found[name][0]
            try:
                _launch(run)
            except ExplorerError as error:
                jobs.refuse(run.path, str(error))
            (run.path / QUEUED).unlink(missing_ok=True)


def _waiting() -> list[str]:
    return [path.parent.name for path in folder().glob(f"*/{QUEUED}")]


def _since(name: str) -> float:
    queued = read_json(folder() / name / QUEUED)
    return float(queued.get("since", 0.0)) if queued else float("inf")


def _launch(run: Run) -> None:
    source, own = newest(run), True
    if source is None and run.parent:
        source, own = _snapshot(*run.parent), False
    arguments = ["train", "--name", run.name, "--folder", str(run.home)]
    if source is None or not own:
        arguments += ["--settings", str((run.path / SETTINGS).resolve())]
    if source is not None:
        arguments += ["--branch", str(source.path.resolve())]
        arguments += ["--replace"] if own else []
    jobs.start(run.path, arguments)


def _snapshot(parent: str, epoch: int) -> Checkpoint:
    return store.open_checkpoint(folder() / parent / snapshots.FOLDER / snapshots.name_of(epoch))
