"""Queues of jobs, one for each kind, first in, first out. The jobs of a kind are folders in `runs/KIND/`.

Any process may read and advance a queue: the server does so every few seconds, and so does every page with a job.
"""

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from explorer import environment
from explorer.disk import disk_errors, locked, read_json, replace_json
from explorer.errors import ExplorerError
from explorer.jobs import process
from explorer.jobs.process import JOB, QUEUED, STOP
from explorer.jobs.progress import PROGRESS, RESULT, Status, as_number, read_progress

SETTINGS = "settings.json"
TRAINING, ESTIMATE = "training", "estimate"
SCORES = ("samples", "disentangle")
UNLIMITED = 1000
"""Capacity of a kind of jobs that do not queue."""


def job_folder(kind: str, name: str) -> Path:
    """The folder of a job: `runs/KIND/NAME`."""
    return environment.runs_folder() / kind / name


def capacity(kind: str) -> int:
    """How many jobs of a kind may run in parallel now.

    An estimate measures time, so it waits for trainings and other estimates; this also bounds the load when many
    visitors open the form.
    """
    if kind == ESTIMATE:
        return 0 if active(TRAINING) else 1
    return environment.trainings_at_once() if kind == TRAINING else 1 if kind in SCORES else UNLIMITED


def submit(folder: Path, command: str, settings: Mapping[str, Any]) -> None:
    """Queue `command` of the command line with these arguments as the job of `folder`.

    Does nothing if it already waits or runs; removes an earlier result. Raises ExplorerError if the folder cannot be
    written.
    """
    base = folder.parent
    with disk_errors(f"Job {folder.name}", base):
        base.mkdir(parents=True, exist_ok=True)
        with locked(base):
            if (now := status(folder)) and now.active:
                return
            folder.mkdir(exist_ok=True)
            for stale in (JOB, PROGRESS, RESULT, STOP):
                (folder / stale).unlink(missing_ok=True)
            replace_json(folder / SETTINGS, settings)
            last = max(map(_queued_at, _waiting(base)), default=0.0)
            since = max(time.time(), last + 1e-3)  # last in the queue even if the clock was set back
            replace_json(folder / QUEUED, {"command": command, "since": since})
    advance(base.name)


def advance(kind: str = "*") -> None:
    """Start waiting jobs of one kind or of all kinds, as capacity allows; a job that cannot start fails.

    Raises ExplorerError if the queue cannot be written.
    """
    if environment.read_only():
        return
    for base in {path.parents[1] for path in environment.runs_folder().glob(f"{kind}/*/{QUEUED}")}:
        with disk_errors("The queue of jobs", base), locked(base):
            slots = capacity(base.name)
            if slots < UNLIMITED:
                slots -= sum(map(_is_running, _folders_with(JOB, base)))
            for folder in _waiting(base)[: max(0, slots)]:
                _start(folder)


def _start(folder: Path) -> None:
    command = (read_json(folder / QUEUED) or {}).get("command")
    try:
        if not isinstance(command, str) or not command:
            raise ExplorerError("It was queued by an older version of the explorer; start it again.")
        process.launch(folder, command)
    except ExplorerError as error:
        process.mark_failed(folder, str(error))
    (folder / QUEUED).unlink(missing_ok=True)


def stop(folder: Path) -> None:
    """Remove a job from the queue, or ask it to stop; its files stay."""
    if folder.is_dir():
        # the lock keeps other processes from starting the job meanwhile
        with disk_errors(f"Job {folder.name}", folder.parent), locked(folder.parent):
            (folder / QUEUED).unlink(missing_ok=True)
            process.terminate(folder)


def status(folder: Path) -> Status | None:
    """The status of the job in a folder; None if there is no job."""
    job = process.read_job(folder)
    if job is None:
        if not (folder / QUEUED).exists():
            return None
        queue = _waiting(folder.parent)
        place = queue.index(folder) if folder in queue else 0
        return Status("waiting", "waiting for its turn", place=place)
    alive = process.is_alive(folder, job)  # before reading the progress, which is then final
    now, written = read_progress(folder) or (Status("running", "starting"), job["started"])
    seconds = (time.time() if alive and now.active else written) - job["started"]
    now = replace(now, seconds=max(0.0, seconds))  # the clock may have been set back
    if now.state != "running":
        return now
    stopping = (folder / STOP).exists()
    if alive:
        return replace(now, message="stopping") if stopping else now
    if stopping:  # before it could write its status
        return replace(now, state="stopped", message="stopped")
    if (folder / RESULT).exists():  # it ended before it wrote its status
        return replace(now, state="done", message="done", fraction=1.0)
    why = f"The job ended without an error message while it was {now.message!r}; start it again."
    return replace(now, state="failed", message=why, silent=True)


def active(kind: str) -> list[Path]:
    """The folders of all running and waiting jobs of a kind, in queue order."""
    base = environment.runs_folder() / kind
    waiting = _waiting(base)  # before the running ones: a job that starts meanwhile is listed, not missed
    return list(dict.fromkeys([*filter(_is_running, _folders_with(JOB, base)), *waiting]))


def settings(folder: Path) -> dict[str, Any]:
    """The arguments a job was submitted with."""
    return read_json(folder / SETTINGS) or {}


def result(folder: Path) -> dict[str, Any] | None:
    """The result of a job's command; None before it is done or if it failed."""
    return read_json(folder / RESULT)


def _folders_with(file: str, base: Path) -> list[Path]:
    """The folders in `base` that contain `file`, except hidden ones, which are being removed."""
    return sorted(path.parent for path in base.glob(f"*/{file}") if not path.parent.name.startswith("."))


def _is_running(folder: Path) -> bool:
    now = status(folder)
    return now is not None and now.state == "running"


def _waiting(base: Path) -> list[Path]:
    """The waiting jobs in `base`, first in first."""
    return sorted((f for f in _folders_with(QUEUED, base) if not (f / JOB).exists()), key=_queued_at)


def _queued_at(folder: Path) -> float:
    return as_number((read_json(folder / QUEUED) or {}).get("since"))  # another process may have removed it
