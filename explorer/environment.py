"""Settings of the server, read from environment variables."""

import os
import re
from pathlib import Path

from explorer.errors import ExplorerError

PROJECT = Path(__file__).resolve().parents[1]
READ_ONLY = "EXPLORER_READ_ONLY"
"""1: nothing is trained, uploaded, computed in the background or written, for a public server."""
JOB = "EXPLORER_JOB"
"""The job's folder; the explorer sets it in the process of a job."""
EARLY = "EXPLORER_EARLY"
"""0: Explore is shown only after Streamlit has loaded, for a version of Streamlit that the early stage does not fit."""


def checkpoints_folder() -> Path:
    """The folder of checkpoints: `EXPLORER_CHECKPOINTS`, else `checkpoints/` in the project."""
    return _folder("EXPLORER_CHECKPOINTS", "checkpoints")


def data_folder() -> Path:
    """The folder of data sets: `EXPLORER_DATA`, else `data/` in the project."""
    return _folder("EXPLORER_DATA", "data")


def runs_folder() -> Path:
    """The folder of jobs: `EXPLORER_RUNS`, else `runs/` in the project."""
    return _folder("EXPLORER_RUNS", "runs")


def trainings_at_once() -> int:
    """How many trainings run in parallel: `EXPLORER_TRAININGS`, else 1."""
    number = os.environ.get("EXPLORER_TRAININGS", "")
    return max(1, int(number)) if number.isdecimal() else 1


def job_folder() -> Path | None:
    """The folder of the job that this process runs; None if it is not a job."""
    folder = os.environ.get(JOB)
    return Path(folder) if folder else None


def _folder(variable: str, default: str) -> Path:
    path = os.environ.get(variable, "")
    return Path(path).expanduser() if path else PROJECT / default


HOSTS = "EXPLORER_HOSTS"
"""Host names and addresses that the server accepts in addition to those of this machine, separated by commas.
`*.lab.org` accepts all its subdomains; `*` accepts any name, for a server behind a proxy that checks names."""

FRAMES = "EXPLORER_FRAMES"
"""Origins whose pages may frame the explorer, such as `https://course.example.com`, separated by commas."""


def hosts() -> tuple[str, ...]:
    """The additional host names that the server accepts, in lower case."""
    return _listed(HOSTS)


def frames() -> tuple[str, ...]:
    """The origins that may frame the explorer."""
    return _listed(FRAMES)


def _listed(variable: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\s,;]+", os.environ.get(variable, "").lower()))


def read_only() -> bool:
    """Whether the server is read-only; pages then leave out what trains, uploads or writes."""
    return _flag(READ_ONLY, default=False)


def early() -> bool:
    """Whether Explore is shown before Streamlit has loaded (`explorer.server.early`)."""
    return _flag(EARLY, default=True)


def _flag(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    return value not in ("0", "false", "no") if value else default


def check_writes(what: str) -> None:
    """Raises ExplorerError on a read-only server, where `what` must not be written.

    `explorer.disk.disk_errors` calls this before every write, so that no page can forget it.
    """
    if read_only():
        raise ExplorerError(
            f"This server is read-only ({READ_ONLY} is set), so {what[:1].lower() + what[1:]} was not written; "
            "run the explorer on your own machine for that."
        )
