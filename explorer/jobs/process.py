"""The process of a job: started beside the server, known again by its number and its birth, asked to end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from explorer import environment
from explorer.disk import disk_errors, read_json, replace_json
from explorer.jobs.progress import LOG, Report

JOB = "job.json"
STOP = "stop"
"""The file that says that a job was asked to end."""
NOBODY = 1 << 30
"""No process has this number."""

_children: dict[int, subprocess.Popen[bytes]] = {}


def launch(folder: Path, command: str) -> None:
    """Start `command` of the command line as the job of `folder`, in a session of its own: it outlives the server.

    One core is left to the page, and idle threads sleep instead of spinning. Raises ExplorerError if the folder
    cannot be written.
    """
    threads = str(max(1, (os.cpu_count() or 2) - 1))
    quiet = {"OMP_NUM_THREADS": threads, "OMP_WAIT_POLICY": "PASSIVE", "NUMBA_NUM_THREADS": threads}
    folder = folder.resolve()
    with disk_errors(f"Job {folder.name}", folder.parent), (folder / LOG).open("wb") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "explorer", "job", command, str(folder)],
            cwd=Path(__file__).parents[2],
            env=os.environ | quiet | {environment.JOB: str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        _children[child.pid] = child
        replace_json(folder / JOB, {"pid": child.pid, "started": time.time(), "born": _born(child.pid)})


def refuse(folder: Path, why: str) -> None:
    """Say of a job that cannot even be started that it has failed, so that the next one may. Raises OSError."""
    Report(folder)(0.0, why, "failed")
    replace_json(folder / JOB, {"pid": NOBODY, "started": time.time(), "born": 0.0})


def end(folder: Path) -> None:
    """Ask the process of a folder to end, if there is one; it keeps what it has."""
    job = read_json(folder / JOB)
    if job and is_alive(job):
        with contextlib.suppress(OSError):  # it ends all the same
            (folder / STOP).touch()
        with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
            os.kill(job["pid"], signal.SIGTERM)


def is_alive(job: dict[str, Any]) -> bool:
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


def _born(pid: int) -> float:
    import psutil

    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return 0.0
