"""Jobs of one kind lie side by side in `runs/KIND/` and take turns there, in the order in which they were asked for.

Any process may look at the queue and advance it: the server does every few seconds, and every page that shows a job.
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
from explorer.jobs.progress import PROGRESS, RESULT, Status, read_progress

SETTINGS = "settings.json"
TRAINING, ESTIMATE = "training", "estimate"
SCORES = ("samples", "disentangle")
MANY = 1000
"""At once, of a kind that need not take turns."""


def job_folder(kind: str, name: str) -> Path:
    """The folder of a job."""
    return environment.runs_folder() / kind / name


def capacity(kind: str) -> int:
    """How many jobs of a kind may start side by side now. An estimate measures time, so it waits for trainings and for
    other estimates; that every visit of the form asks for one must not fill the machine either."""
    if kind == ESTIMATE:
        return 0 if active(TRAINING) else 1
    return environment.trainings_at_once() if kind == TRAINING else 1 if kind in SCORES else MANY


def submit(folder: Path, command: str, settings: Mapping[str, Any]) -> None:
    """Queue `command` of the command line with these arguments as the job of `folder`.

    Does nothing if it waits or runs already; an earlier result is removed. Raises ExplorerError if the folder
    cannot be written.
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
            last = max(map(_since, _waiting(base)), default=0.0)
            since = max(time.time(), last + 1e-3)  # last in the queue, though the clock was set back
            replace_json(folder / QUEUED, {"command": command, "since": since})
    advance(base.name)


def advance(kind: str = "*") -> None:
    """Start what waits, of one kind or of all, as far as there is room; what cannot be started has failed.

    Raises ExplorerError if the queue cannot be written.
    """
    if environment.read_only():
        return
    for base in {path.parents[1] for path in environment.runs_folder().glob(f"{kind}/*/{QUEUED}")}:
        with disk_errors("The queue of jobs", base), locked(base):
            room = capacity(base.name)
            if room < MANY:
                room -= sum(map(_runs, _holding(JOB, base)))
            for folder in _waiting(base)[: max(0, room)]:
                _start(folder)


def _start(folder: Path) -> None:
    command = (read_json(folder / QUEUED) or {}).get("command")
    try:
        if not command:
            raise ExplorerError(
                "It was put into the queue by an older version of the explorer; start it again."
            )
        process.launch(folder, command)
    except ExplorerError as error:
        process.mark_failed(folder, str(error))
    (folder / QUEUED).unlink(missing_ok=True)


def stop(folder: Path) -> None:
    """Take a job off the queue, or ask it to end; what it has written stays."""
    if folder.is_dir():
        with (
            disk_errors(f"Job {folder.name}", folder.parent),
            locked(folder.parent),
        ):  # not while it is started
            (folder / QUEUED).unlink(missing_ok=True)
            process.terminate(folder)


def status(folder: Path) -> Status | None:
    """The status of the job of a folder, None if there is none."""
    job = read_json(folder / JOB)
    if job is None:
        if not (folder / QUEUED).exists():
            return None
        queue = _waiting(folder.parent)
        place = queue.index(folder) if folder in queue else 0
        return Status("waiting", "waiting for its turn", place=place)
    alive = process.is_alive(folder, job)  # before the last progress is read: what is read is then final
    now, noted = read_progress(folder) or (Status("running", "starting"), job["started"])
    seconds = (time.time() if alive and now.active else noted) - job["started"]
    now = replace(now, seconds=max(0.0, seconds))  # the clock may have been set back
    if now.state != "running":
        return now
    stopping = (folder / STOP).exists()
    if alive:
        return replace(now, message="stopping") if stopping else now
    if stopping:  # so early that it could not say so itself
        return replace(now, state="stopped", message="stopped")
    if (folder / RESULT).exists():  # it had only not yet said so
        return replace(now, state="done", message="done", fraction=1.0)
    why = f"The job ended without an error message while it was {now.message!r}; start it again."
    return replace(now, state="failed", message=why, silent=True)


def active(kind: str) -> list[Path]:
    """The folders of all jobs of a kind that run or wait, in the order of their turns."""
    base = environment.runs_folder() / kind
    waiting = _waiting(
        base
    )  # first: what another process starts meanwhile is then found twice, and not never
    return list(dict.fromkeys([*filter(_runs, _holding(JOB, base)), *waiting]))


def settings(folder: Path) -> dict[str, Any]:
    """The arguments with which a job was submitted."""
    return read_json(folder / SETTINGS) or {}


def result(folder: Path) -> dict[str, Any] | None:
    """What the command of a job returned; None before it is done, or if it failed."""
    return read_json(folder / RESULT)


def _holding(file: str, base: Path) -> list[Path]:
    """The folders in which there is such a file; hidden ones are about to be removed."""
    return sorted(path.parent for path in base.glob(f"*/{file}") if not path.parent.name.startswith("."))


def _runs(folder: Path) -> bool:
    now = status(folder)
    return now is not None and now.state == "running"


def _waiting(base: Path) -> list[Path]:
    """What waits in a folder of jobs, first come first."""
    return sorted((f for f in _holding(QUEUED, base) if not (f / JOB).exists()), key=_since)


def _since(folder: Path) -> float:
    return float((read_json(folder / QUEUED) or {}).get("since", 0))  # another process may have removed it
