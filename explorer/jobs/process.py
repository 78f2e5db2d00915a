"""Long work in a child process: the folder it runs in is the only truth about it, so that any page, in any
browser session, before or after a restart of the server, sees the same."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from explorer.disk import disk_errors, read_json, replace_json
from explorer.errors import ExplorerError

State = Literal["running", "done", "failed", "stopped"]
FOLDER_VARIABLE = "EXPLORER_JOB"
STOP = "stop"
"""The file that says that a job was asked to end."""
NOBODY = 1 << 30
"""No process has this number."""


def runs_folder() -> Path:
    """`EXPLORER_RUNS`, else `runs/` of the project."""
    return Path(os.environ.get("EXPLORER_RUNS") or Path(__file__).parents[2] / "runs")


@dataclass(frozen=True)
class Status:
    """fraction: 0 to 1. message: what is being done, or why it failed. seconds: since it was started. silent: whether
    its process was ended before it could say why."""

    state: State
    fraction: float = 0.0
    message: str = ""
    seconds: float = 0.0
    silent: bool = False

    @property
    def seconds_left(self) -> float | None:
        """An estimate from the time so far, None before there is anything to go by."""
        if self.state != "running" or self.fraction < 0.02:
            return None
        return self.seconds * (1 - self.fraction) / self.fraction

    def text(self) -> str:
        """What is being done, and how much longer."""
        left = self.seconds_left
        return self.message if left is None else f"{self.message}, about {duration(left)} left"


def duration(seconds: float) -> str:
    """In the unit that suits it."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


_children: dict[int, subprocess.Popen[bytes]] = {}


def start(folder: Path, arguments: Sequence[str]) -> None:
    """Run `python -m explorer ARGUMENTS` beside the server, in its own session, so that it outlives it.

    One core is left to the page, and idle threads sleep instead of spinning. Does nothing if the job of that
    folder is running. Raises ExplorerError if the folder cannot be written.
    """
    if running(folder):
        return
    threads = str(max(1, (os.cpu_count() or 2) - 1))
    quiet = {"OMP_NUM_THREADS": threads, "OMP_WAIT_POLICY": "PASSIVE", "NUMBA_NUM_THREADS": threads}
    with disk_errors(f"Job {folder.name}", folder.parent):
        folder.mkdir(parents=True, exist_ok=True)
        for stale in ("job.json", "progress.json", STOP):
            (folder / stale).unlink(missing_ok=True)
        with (folder / "log.txt").open("wb") as log:
            child = subprocess.Popen(
                [sys.executable, "-m", "explorer", *arguments],
                cwd=Path(__file__).parents[2],
                env=os.environ | quiet | {FOLDER_VARIABLE: str(folder.resolve())},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _children[child.pid] = child
        replace_json(
            folder / "job.json", {"pid": child.pid, "started": time.time(), "born": _born(child.pid)}
        )


def refuse(folder: Path, why: str) -> None:
    """Say of a job that cannot even be started that it has failed, so that the next one may. Raises OSError."""
    now = time.time()
    replace_json(folder / "progress.json", {"state": "failed", "fraction": 0.0, "message": why, "time": now})
    replace_json(folder / "job.json", {"pid": NOBODY, "started": now, "born": 0.0})


def status(folder: Path) -> Status | None:
    """How the job of a folder stands, None if there never was one."""
    job = read_json(folder / "job.json")
    if job is None:
        return None
    alive = _alive(job)  # asked before the last progress is read: what is read is then final
    told = read_json(folder / "progress.json") or {}
    fraction, message = float(told.get("fraction", 0)), str(told.get("message", "starting"))
    seconds = (time.time() if alive else float(told.get("time", job["started"]))) - float(job["started"])
    if told.get("state") in ("done", "failed", "stopped"):
        return Status(told["state"], fraction, message, seconds)
    asked = (folder / STOP).exists()
    if alive:
        return Status("running", fraction, "stopping" if asked else message, seconds)
    if asked:  # so early that it could not say so itself
        return Status("stopped", fraction, "stopped", seconds)
    why = f"The job ended without a word while it was {message!r}; start it again."
    return Status("failed", fraction, why, seconds, silent=True)


def running(folder: Path) -> bool:
    """Whether the job of a folder is at work."""
    now = status(folder)
    return now is not None and now.state == "running"


def stop(folder: Path) -> None:
    """Ask the job of a folder to end; it keeps what it has."""
    job = read_json(folder / "job.json")
    if job and _alive(job):
        with contextlib.suppress(OSError):  # it ends all the same
            (folder / STOP).touch()
        with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
            os.kill(job["pid"], signal.SIGTERM)


def _born(pid: int) -> float:
    import psutil

    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return 0.0


def _alive(job: dict[str, Any]) -> bool:
    """Whether that very process runs: numbers are given out again, birth times are not."""
    import psutil

    child = _children.get(job["pid"])
    if child and child.poll() is not None:  # reaps it
        _children.pop(job["pid"], None)
    try:
        process = psutil.Process(job["pid"])
        same = abs(process.create_time() - job["born"]) < 2  # the clock may have been set meanwhile
        return same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@dataclass
class Report:
    """The job's own side: tells how far it is, if it was started as a job at all."""

    every: float = 0.2
    last: float = 0.0
    ended: bool = False

    def __call__(self, fraction: float, message: str, state: State = "running", force: bool = False) -> None:
        """Note the progress, at most a few times a second unless `force`; an end is noted at once, and stays."""
        folder, now = os.environ.get(FOLDER_VARIABLE), time.time()
        if folder and not self.ended and (force or state != "running" or now - self.last > self.every):
            self.last, self.ended = now, state != "running"
            told = {"state": state, "fraction": fraction, "message": message, "time": now}
            replace_json(Path(folder) / "progress.json", told)


def reported(work: Callable[[Report], None]) -> None:
    """Do `work`, telling its end however it ends; errors go on to the caller."""
    report = Report()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what `stop` sends
    try:
        work(report)
    except ExplorerError as error:
        report(0.0, str(error), "failed")
        raise
    except KeyboardInterrupt:
        report(0.0, "stopped", "stopped")
        raise
    except BaseException as error:
        log = Path(os.environ.get(FOLDER_VARIABLE, "")) / "log.txt"
        report(0.0, f"It failed unexpectedly ({type(error).__name__}); {log} says more.", "failed")
        raise
    report(1.0, "done", "done")
