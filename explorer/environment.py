"""What the person who serves the explorer decides, by environment variables."""

import os
import re
from pathlib import Path

from explorer.errors import ExplorerError

PROJECT = Path(__file__).resolve().parents[1]
READ_ONLY = "EXPLORER_READ_ONLY"
"""Set to 1, nothing is trained, uploaded, computed in the background or written: for a public server."""
JOB = "EXPLORER_JOB"
"""Set by the explorer itself in a job's process: the job's folder."""
EARLY = "EXPLORER_EARLY"
"""Set to 0, Explore is shown when Streamlit's page is up and not before: for a Streamlit that the early stage does not
fit."""


def checkpoints_folder() -> Path:
    """Where checkpoints are kept: `EXPLORER_CHECKPOINTS`, else `checkpoints/` of the project."""
    return _folder("EXPLORER_CHECKPOINTS", "checkpoints")


def data_folder() -> Path:
    """Where data sets are kept: `EXPLORER_DATA`, else `data/` of the project."""
    return _folder("EXPLORER_DATA", "data")


def runs_folder() -> Path:
    """Where jobs keep what they write: `EXPLORER_RUNS`, else `runs/` of the project."""
    return _folder("EXPLORER_RUNS", "runs")


def trainings_at_once() -> int:
    """How many trainings run side by side: `EXPLORER_TRAININGS`, else 1."""
    number = os.environ.get("EXPLORER_TRAININGS", "")
    return max(1, int(number)) if number.isdecimal() else 1


def job_folder() -> Path | None:
    """The folder of the job that this process works for, None if it is no job."""
    folder = os.environ.get(JOB)
    return Path(folder) if folder else None


def _folder(variable: str, default: str) -> Path:
    chosen = os.environ.get(variable, "")
    return Path(chosen).expanduser() if chosen else PROJECT / default


HOSTS = "EXPLORER_HOSTS"
"""Names and addresses, beside those of this machine, under which the server answers, separated by commas. `*.lab.org`
stands for all names below it, `*` for any: for a server behind a proxy that checks names itself."""

FRAMES = "EXPLORER_FRAMES"
"""Origins such as `https://course.example.com` whose pages may show the explorer in a frame, separated by commas."""


def hosts() -> tuple[str, ...]:
    """The names that the server was opened to, in lower case."""
    return _listed(HOSTS)


def frames() -> tuple[str, ...]:
    """The origins that may frame the explorer."""
    return _listed(FRAMES)


def _listed(variable: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\s,;]+", os.environ.get(variable, "").lower()))


def read_only() -> bool:
    """Whether this is a server to look at. Pages then leave out what trains, uploads or writes."""
    return _flag(READ_ONLY, default=False)


def early() -> bool:
    """Whether Explore is on the screen before Streamlit's page is (`explorer.server.early`)."""
    return _flag(EARLY, default=True)


def _flag(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    return value not in ("0", "false", "no") if value else default


def check_writes(what: str) -> None:
    """Refuse to write `what` on a read-only server. Raises ExplorerError.

    `explorer.disk.disk_errors` asks this for everything that is written, so that no page can forget it.
    """
    if read_only():
        raise ExplorerError(
            f"This server is read-only ({READ_ONLY} is set), so {what[:1].lower() + what[1:]} was not written; "
            "run the explorer on your own machine for that."
        )
