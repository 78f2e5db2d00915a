"""Run as a process: saves a checkpoint over and over and breaks off at every single call to the file system.

    python -m tests.crashes HOW START FOLDER

HOW: `kill` ends the process with SIGKILL at the n-th call, `full` lets that call and all later ones that need
space fail with "no space left", `fail` lets that one call fail with an input/output error. For n = 1, 2, ... until
the save comes through, `FOLDER/n` is what is left of it, and `FOLDER/n.txt` what the person was told.
START: what is there before: nothing, an old checkpoint, or what an earlier crash left of one.
"""

from __future__ import annotations

import errno
import io
import itertools
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from explorer import store
from explorer.disk import set_aside
from explorer.errors import ExplorerError
from tests import tiny

OLD, NEW = 0, 1
CALLS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.scandir", "os.listdir", "fcntl.flock"}
SPACE = {"open to write", "os.mkdir", "write", "fsync"}
THROUGH = 7


def prepare(path: Path, start: str) -> None:
    path.parent.mkdir()
    if start == "nothing":
        return
    tiny.write(path, OLD)
    if start == "between renames":
        path.rename(set_aside(path))
    elif start == "leftovers":
        shutil.copytree(path, set_aside(path))
        shutil.copytree(path, path.with_name(".x.writing-dead"))
        path.with_name(".other.writing-dead").mkdir()


def break_at(number: int, how: str) -> Callable[[], bool]:
    """From now on count the calls, and break off at the `number`-th; returns whether that was reached."""
    count, broken = itertools.count(1), []

    def tick(call: str) -> None:
        if how == "full" and call not in SPACE:
            return
        now = next(count)
        if now == number or (how == "full" and now > number):
            broken.append(call)
            if how == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            code = errno.ENOSPC if how == "full" else errno.EIO
            raise OSError(code, os.strerror(code))

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in CALLS:
            writing = event == "open" and arguments[1] is not None and set(arguments[1]) & set("wxa+")
            tick("open to write" if writing else event)

    class Halves:
        """A file that writes in two steps, so that a break leaves half of what was to be written."""

        def __init__(self, file: Any) -> None:
            self.file = file

        def __enter__(self) -> Halves:
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()

        def __getattr__(self, name: str) -> Any:
            return getattr(self.file, name)

        def write(self, data: bytes) -> None:
            for half in (data[: len(data) // 2], data[len(data) // 2 :]):
                tick("write")
                self.file.write(half)
                self.file.flush()

    plain_open, plain_fsync = io.open, os.fsync

    def open_halves(file: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
        opened = plain_open(file, mode, *rest, **named)
        return Halves(opened) if "x" in mode else opened

    def fsync(descriptor: int) -> None:
        tick("fsync")
        plain_fsync(descriptor)

    io.open, os.fsync = open_halves, fsync  # type: ignore[assignment]
    sys.addaudithook(hook)
    return lambda: bool(broken)


def save(path: Path, number: int, how: str, new: Any) -> int:
    broken, told = break_at(number, how), ""
    try:
        store.write(path, *new)
    except ExplorerError as error:
        told = str(error)
    if not broken():
        return THROUGH
    os.write(os.open(path.parent.with_suffix(".txt"), os.O_WRONLY | os.O_CREAT), told.encode())
    return 0


def main(how: str, start: str, folder: Path) -> None:
    new = tiny.parts(NEW)
    for number in itertools.count(1):
        path = folder / f"{number:03}" / "x"
        prepare(path, start)
        child = os.fork()
        if not child:
            status = 1
            try:
                status = save(path, number, how, new)
            finally:
                os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status == THROUGH:
            break
        assert status == (-signal.SIGKILL if how == "kill" else 0), f"call {number} ended with {status}"


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
