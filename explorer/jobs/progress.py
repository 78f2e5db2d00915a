"""The progress of a job: its process writes it to the job's folder, and others read it there."""

import contextlib
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from explorer import environment
from explorer.disk import disk_errors, read_json, replace_json
from explorer.errors import ExplorerError

State = Literal["waiting", "running", "paused", "stopped", "done", "failed"]
PROGRESS, RESULT, LOG = "progress.json", "result.json", "log.txt"
REPORT_SECONDS = 0.2
"""Minimum seconds between two writes of the progress."""


@dataclass(frozen=True)
class Status:
    """The status of a job.

    message: what it does, or a sentence with the reason it does not run. fraction: progress, 0 to 1. seconds: since its
    start. place: number of jobs ahead of it in the queue. start_fraction: progress at its start, if it is resumed.
    silent: its process ended without writing a reason.
    """

    state: State
    message: str = ""
    fraction: float = 0.0
    seconds: float = 0.0
    place: int = 0
    start_fraction: float = 0.0
    silent: bool = False

    @property
    def active(self) -> bool:
        """Whether the job waits or runs."""
        return self.state in ("waiting", "running")

    @property
    def seconds_left(self) -> float | None:
        """Estimated from the progress since the start; None before the first percent."""
        gained = self.fraction - self.start_fraction
        if self.state != "running" or gained < 0.01:
            return None
        return self.seconds * (1 - self.fraction) / gained

    def text(self) -> str:
        """The message and the time left."""
        left = self.seconds_left
        return f"{self.message}, about {duration(left)} left" if left else self.message


def duration(seconds: float) -> str:
    """Format seconds in a suitable unit, such as 300 ms, 5 s, 3 min or 2.0 h."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def read_progress(folder: Path) -> tuple[Status, float] | None:
    """The last progress that the job of a folder wrote, and when; None if there is none."""
    content = read_json(folder / PROGRESS)
    if content is None:
        return None
    state: State = next((state for state in get_args(State) if state == content.get("state")), "running")
    fraction, start_fraction = (
        min(1.0, max(0.0, as_number(content.get(key)))) for key in ("fraction", "begun")
    )
    status = Status(state, str(content.get("message", "")), fraction, start_fraction=start_fraction)
    return status, as_number(content.get("time"))


def as_number(value: object) -> float:
    """A number of a job's file; 0 for what is not a finite number, since anybody may have written the file."""
    is_number = isinstance(value, int | float) and abs(value) < 1e300
    return float(value) if is_number else 0.0  # type: ignore[arg-type]


@dataclass
class Report:
    """Writes the progress of the job in `folder`; without a folder, as in a terminal, it writes nothing.

    Errors of the disk are ignored, so that a full disk does not end the job.
    """

    folder: Path | None = field(default_factory=environment.job_folder)
    start_fraction: float = 0.0
    last: float = -math.inf

    def __call__(self, fraction: float, message: str, state: State = "running", force: bool = False) -> None:
        """Write the progress, at most a few times per second unless `force`; a state other than "running" at once."""
        now = time.monotonic()
        if self.folder and (force or state != "running" or now - self.last > REPORT_SECONDS):
            self.last = now
            content = {
                "state": state,
                "fraction": fraction,
                "message": message,
                "time": time.time(),
                "begun": self.start_fraction,
            }
            with contextlib.suppress(OSError):
                replace_json(self.folder / PROGRESS, content)


def run_reported(folder: Path, work: Callable[[], Mapping[str, Any]]) -> None:
    """Run `work` as the job of `folder`: save its return value as the result, and write how it ended.

    Errors are raised again. `explorer.__main__` turns the signal that stops a job into a KeyboardInterrupt.
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
        end("failed", f"It failed unexpectedly ({type(error).__name__}); see {folder / LOG}.")
        raise
    end("done", "done")
