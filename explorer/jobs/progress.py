"""How far a job is: what its process writes into the folder, and what others read there."""

import contextlib
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from explorer import environment
from explorer.disk import disk_errors, read_json, replace_json
from explorer.errors import ExplorerError

State = Literal["waiting", "running", "paused", "stopped", "done", "failed"]
PROGRESS, RESULT, LOG = "progress.json", "result.json", "log.txt"
PACE = 0.2
"""Seconds between two notes of the progress."""


@dataclass(frozen=True)
class Status:
    """How a job stands.

    message: what it is doing, or in a sentence why it is not. fraction: 0 to 1. seconds: since it was started.
    place: how many jobs come before it, while it waits. begun: the fraction that was there when it started.
    silent: whether its process ended before it could say why.
    """

    state: State
    message: str = ""
    fraction: float = 0.0
    seconds: float = 0.0
    place: int = 0
    begun: float = 0.0
    silent: bool = False

    @property
    def active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ("waiting", "running")

    @property
    def seconds_left(self) -> float | None:
        """An estimate from the time since the start, None before there is anything to go by."""
        gained = self.fraction - self.begun
        if self.state != "running" or gained < 0.01:
            return None
        return self.seconds * (1 - self.fraction) / gained

    def text(self) -> str:
        """What it is doing, and how much longer."""
        left = self.seconds_left
        return f"{self.message}, about {duration(left)} left" if left else self.message


def duration(seconds: float) -> str:
    """In the unit that suits it."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def read_progress(folder: Path) -> tuple[Status, float] | None:
    """What the job of a folder last said of itself, and when; None if it has said nothing."""
    note = read_json(folder / PROGRESS)
    if note is None:
        return None
    state, message = note.get("state", "running"), str(note.get("message", ""))
    fraction, begun = float(note.get("fraction", 0)), float(note.get("begun", 0))
    return Status(state, message, fraction, begun=begun), float(note.get("time", 0))


@dataclass
class Report:
    """Notes the progress of the job in `folder`; without a folder, in a terminal, it notes nothing.

    A disk that is full costs the note, not the work.
    """

    folder: Path | None = field(default_factory=environment.job_folder)
    begun: float = 0.0
    last: float = -math.inf

    def __call__(self, fraction: float, message: str, state: State = "running", force: bool = False) -> None:
        """Note the progress, at most a few times a second unless `force`; any other state is noted at once."""
        now = time.monotonic()
        if self.folder and (force or state != "running" or now - self.last > PACE):
            self.last = now
            note = {
                "state": state,
                "fraction": fraction,
                "message": message,
                "time": time.time(),
                "begun": self.begun,
            }
            with contextlib.suppress(OSError):
                replace_json(self.folder / PROGRESS, note)


def run_reported(folder: Path, work: Callable[[], Mapping[str, Any]]) -> None:
    """Do `work` as the job of `folder`: keep what it returns as the result, and note its end however it ends.

    Errors go on to the caller. `explorer.__main__` makes a KeyboardInterrupt of the signal that asks a job to end.
    """

    def end(state: State, message: str) -> None:
        last = read_progress(folder)
        fraction = 1.0 if state == "done" else last[0].fraction if last else 0.0
        Report(folder)(fraction, message, state)

    try:
        result = work()
        with disk_errors("The result", folder):
            replace_json(folder / RESULT, result)
    except ExplorerError as error:
        end("failed", str(error))
        raise
    except KeyboardInterrupt:
        end("stopped", "stopped")
        raise
    except BaseException as error:
        end("failed", f"It failed unexpectedly ({type(error).__name__}); {folder / LOG} says more.")
        raise
    end("done", "done")
