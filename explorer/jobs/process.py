"""The process of a job: started beside the server, known again by its log, which it locks, asked to end.

It notes itself (`claim`): a server may die between starting it and noting it, and another one then starts a second
process, of which one alone may work.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from explorer import environment
from explorer.disk import disk_errors, hold, is_held, locked, read_json, replace_json
from explorer.jobs.progress import LOG, Report

JOB, QUEUED = "job.json", "queued.json"
STOP = "stop"
"""The file that says that a job was asked to end."""
NO_PROCESS = 1 << 30
"""No process has this number."""
LOG_BYTES = 1 << 20
"""Of a longer log the last half of this is kept."""
LOG_LOOK = 1.0
"""Seconds between looks at how long it is."""

_children: dict[int, subprocess.Popen[bytes]] = {}


def launch(folder: Path, command: str) -> None:
    """Start `command` of the command line as the job of `folder`, in a session of its own: it outlives the server.

    One core is left to the page, and idle threads sleep instead of spinning. Raises ExplorerError if the folder
    cannot be written.
    """
    threads = str(max(1, (os.cpu_count() or 2) - 1))
    quiet = {"OMP_NUM_THREADS": threads, "OMP_WAIT_POLICY": "PASSIVE", "NUMBA_NUM_THREADS": threads}
    folder = folder.resolve()
    # appended to, so that what is written after it was shortened follows what was kept
    with disk_errors(f"Job {folder.name}", folder.parent), (folder / LOG).open("ab") as log:
        log.truncate(0)
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
        _write_job(folder, child.pid)


def claim(folder: Path) -> bool:
    """Make this process the one that does the job of `folder`; False if another one does or did. Raises OSError."""
    with locked(folder.parent):  # not while a server starts it
        job = read_json(folder / JOB)
        orphan = job is None and (folder / QUEUED).exists()  # whoever started it died before it noted it
        if not orphan and (job is None or job["pid"] != os.getpid()):
            return False
        for _ in range(100):  # others look for a moment whether it is held
            if hold(folder / LOG) is not None:
                break
            time.sleep(0.01)
        else:
            return False
        if orphan:
            _write_job(folder, os.getpid())
            (folder / QUEUED).unlink()
    threading.Thread(target=_keep_short, args=(folder / LOG,), daemon=True).start()
    return True


def _keep_short(log: Path) -> None:
    """Whatever a library prints in each of a million steps, the disk has room for it."""
    while True:
        with contextlib.suppress(OSError):
            shorten_log(log)
        time.sleep(LOG_LOOK)


def shorten_log(log: Path) -> None:
    """Keep the last half of `LOG_BYTES` of a log that is longer than that. Raises OSError."""
    if log.stat().st_size > LOG_BYTES:
        with log.open("r+b") as file:
            file.seek(-LOG_BYTES // 2, os.SEEK_END)
            last = file.read()
            file.seek(0)
            file.truncate()
            file.write(b"...\n" + last)


def _write_job(folder: Path, pid: int) -> None:
    replace_json(folder / JOB, {"pid": pid, "started": time.time(), "born": _born(pid)})


def mark_failed(folder: Path, why: str) -> None:
    """Say of a job that cannot even be started that it has failed, so that the next one may. Raises OSError."""
    Report(folder)(0.0, why, "failed")
    replace_json(folder / JOB, {"pid": NO_PROCESS, "started": time.time(), "born": 0.0})


def terminate(folder: Path) -> None:
    """Ask the process of a folder to end, if there is one; it keeps what it has."""
    job = read_json(folder / JOB)
    if job and is_alive(folder, job):
        with contextlib.suppress(OSError):  # it ends all the same
            (folder / STOP).touch()
        if _is_same(folder, job):
            with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
                os.kill(job["pid"], signal.SIGTERM)


def is_alive(folder: Path, job: dict[str, Any]) -> bool:
    """Whether the process of a job runs: it holds its log or, as long as it has not taken it, is known again."""
    return _is_same(folder, job) or is_held(folder / LOG)


def _is_same(folder: Path, job: dict[str, Any]) -> bool:
    """Whether the number of that process is still its own: it was born then or, as the clock may have been set since,
    was started for this folder."""
    import psutil

    child = _children.get(job["pid"])
    if child and child.poll() is not None:  # reaps it
        _children.pop(job["pid"], None)
    try:
        process = psutil.Process(job["pid"])
        same = abs(process.create_time() - job["born"]) < 2 or process.cmdline()[-1:] == [
            str(folder.resolve())
        ]
        return same and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _born(pid: int) -> float:
    import psutil

    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return 0.0
