"""Jobs that wait for their turn: of each kind one at a time, in the order in which they were asked for.

What waits is a file in the job's own folder (`explorer.jobs`), so that every page, in any session, before and after
it is loaded again or the server is started again, sees the same queue.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from explorer import environment
from explorer.disk import disk_errors, locked, read_json, replace_json
from explorer.errors import ExplorerError
from explorer.jobs import process as jobs

QUEUED = "queued.json"
KINDS = ("disentangle", "samples")
"""With which the names of their folders begin."""


def put(folder: Path, arguments: Sequence[str]) -> None:
    """Let the job of a folder, `python -m explorer ARGUMENTS`, wait behind those of its kind that wait already.

    Does nothing if it waits or runs. Raises ExplorerError if the folder cannot be written.
    """
    base = folder.parent
    with disk_errors(f"Job {folder.name}", base):
        base.mkdir(parents=True, exist_ok=True)
        with locked(base):
            if queued(folder) or jobs.running(folder):
                return
            folder.mkdir(exist_ok=True)
            (folder / "job.json").unlink(missing_ok=True)  # how it ended before does not count any more
            replace_json(folder / QUEUED, {"since": time.time(), "arguments": list(arguments)})


def queued(folder: Path) -> bool:
    """Whether the job of a folder waits."""
    return (folder / QUEUED).exists()


def withdraw(folder: Path) -> None:
    """Let it wait no longer, or end if it runs."""
    with disk_errors(f"Job {folder.name}", folder.parent):
        (folder / QUEUED).unlink(missing_ok=True)
    jobs.stop(folder)


def at_work(kind: str) -> list[Path]:
    """The folders of all jobs of a kind that run or wait, in the order of their turns."""
    found = sorted(jobs.runs_folder().glob(f"{kind}-*"))
    return [folder for folder in found if jobs.running(folder)] + _waiting(kind)


def advance(kind: str) -> None:
    """Start the next job of a kind if none runs; one that cannot be started has failed, and says why.

    Any process may call this at any time. Raises ExplorerError if the queue cannot be written.
    """
    base = jobs.runs_folder()
    if environment.read_only() or not _waiting(kind):
        return
    with disk_errors("The queue of jobs", base), locked(base):
        while (left := _waiting(kind)) and not any(map(jobs.running, base.glob(f"{kind}-*"))):
            arguments = (read_json(left[0] / QUEUED) or {}).get("arguments", [])
            (left[0] / QUEUED).unlink(missing_ok=True)
            try:
                jobs.start(left[0], arguments)
            except ExplorerError as error:
                jobs.refuse(left[0], str(error))


def _waiting(kind: str) -> list[Path]:
    return sorted((path.parent for path in jobs.runs_folder().glob(f"{kind}-*/{QUEUED}")), key=_since)


def _since(folder: Path) -> float:
    told = read_json(folder / QUEUED)
    return float(told.get("since", 0.0)) if told else 0.0  # taken away meanwhile
