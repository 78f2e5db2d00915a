"""The process of a job: start it, identify it by the lock on its log, and terminate it.

The process registers itself (`claim`). A server may die between starting it and registering it, and another server
then starts a second process; only one of the two may work.
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
from explorer.disk import acquire_lock, disk_errors, is_locked, locked, read_json, replace_json
from explorer.jobs.progress import LOG, Report, as_number

JOB, QUEUED = "job.json", "queued.json"
STOP = "stop"
"""Marker file: the job is to stop."""
NO_PROCESS = 1 << 30
"""A process id that no process has."""
LOG_BYTES = 1 << 20
"""Maximum size of a log in bytes; a longer one is cut to its last half of this."""
LOG_CHECK_SECONDS = 1.0
"""Seconds between checks of the log's size."""

_children: dict[int, subprocess.Popen[bytes]] = {}


def launch(folder: Path, command: str) -> None:
    """Start `command` of the command line as the job of `folder`, in its own session, so that it outlives the server.

    Leaves one core to the page and makes idle OpenMP threads sleep. Raises ExplorerError if the folder cannot be
    written.
    """
    threads = str(max(1, (os.cpu_count() or 2) - 1))
    threading_env = {"OMP_NUM_THREADS": threads, "OMP_WAIT_POLICY": "PASSIVE", "NUMBA_NUM_THREADS": threads}
    folder = folder.resolve()
    # append mode, so that output continues at the end after the log is cut
    with disk_errors(f"Job {folder.name}", folder.parent), (folder / LOG).open("ab") as log:
        log.truncate(0)
        child = subprocess.Popen(
            [sys.executable, "-m", "explorer", "job", command, str(folder)],
            cwd=Path(__file__).parents[2],
            env=os.environ | threading_env | {environment.JOB: str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        _children[child.pid] = child
        _write_job(folder, child.pid)


def read_job(folder: Path) -> dict[str, Any] | None:
    """pid, time of start and time of birth of a job's process; None if it has not been started.

    A damaged file names no process, so that the job counts as ended.
    """
    path = folder / JOB
    job = read_json(path)
    if job is None and not path.is_file():
        return None
    pid = (job or {}).get("pid")
    is_pid = isinstance(pid, int) and not isinstance(pid, bool) and 0 < pid < 1 << 31
    times = {key: as_number((job or {}).get(key)) for key in ("started", "born")}
    return {"pid": pid if is_pid else NO_PROCESS} | times


def claim(folder: Path) -> bool:
    """Register this process to run the job of `folder`; False if another one does or did. Raises OSError."""
    with locked(folder.parent):  # a server may be starting it
        job = read_job(folder)
        # the server died before it registered the process
        orphan = job is None and (folder / QUEUED).exists()
        if not orphan and (job is None or job["pid"] != os.getpid()):
            return False
        for _ in range(100):  # `is_locked` in other processes locks it briefly
            if acquire_lock(folder / LOG) is not None:
                break
            time.sleep(0.01)
        else:
            return False
        if orphan:
            _write_job(folder, os.getpid())
            (folder / QUEUED).unlink()
    threading.Thread(target=_limit_log, args=(folder / LOG,), daemon=True).start()
    return True


def _limit_log(log: Path) -> None:
    """Limit the log's size, whatever libraries print in a million steps."""
    while True:
        with contextlib.suppress(OSError):
            shorten_log(log)
        time.sleep(LOG_CHECK_SECONDS)


def shorten_log(log: Path) -> None:
    """Cut a log longer than `LOG_BYTES` to the last half of that. Raises OSError."""
    if log.stat().st_size > LOG_BYTES:
        with log.open("r+b") as file:
            file.seek(-LOG_BYTES // 2, os.SEEK_END)
            last = file.read()
            file.seek(0)
            file.truncate()
            file.write(b"...\n" + last)


def _write_job(folder: Path, pid: int) -> None:
    replace_json(folder / JOB, {"pid": pid, "started": time.time(), "born": _create_time(pid)})


def mark_failed(folder: Path, why: str) -> None:
    """Mark a job that cannot be started as failed, so that the queue continues. Raises OSError."""
    Report(folder)(0.0, why, "failed")
    replace_json(folder / JOB, {"pid": NO_PROCESS, "started": time.time(), "born": 0.0})


def terminate(folder: Path) -> None:
    """Ask the process of a job to stop, if it runs; it saves its work."""
    job = read_job(folder)
    if job and is_alive(folder, job):
        with contextlib.suppress(OSError):  # the signal stops it too
            (folder / STOP).touch()
        if _is_same(folder, job):
            with contextlib.suppress(ProcessLookupError):  # it has ended meanwhile
                os.kill(job["pid"], signal.SIGTERM)


def is_alive(folder: Path, job: dict[str, Any]) -> bool:
    """Whether the process of a job runs: it locks its log or, before it does, its process id still matches."""
    return _is_same(folder, job) or is_locked(folder / LOG)


def _is_same(folder: Path, job: dict[str, Any]) -> bool:
    """Whether the process id still belongs to the job: the creation time matches or, as the clock may have been set,
    the command line names this folder."""
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


def _create_time(pid: int) -> float:
    import psutil

    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return 0.0
