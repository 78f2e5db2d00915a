"""What the disk says as sentences, and files and folders that are there whole or not at all."""

import errno
import json
import os
import shutil
import stat
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from explorer.environment import check_writes
from explorer.errors import ExplorerError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

OLD, WRITING = ".replaced", ".writing-"
NONBLOCK = getattr(os, "O_NONBLOCK", 0)
"""Nobody waits for the other end of a pipe; plain files are read all the same."""
FORGOTTEN = 3600.0  # seconds, where there are no locks: no write takes that long


@contextmanager
def disk_errors(what: str, where: Path) -> Iterator[None]:
    """Turn an OSError inside into an ExplorerError: "`what` could not be written in `where`: ...".

    All that is written is written inside such a block; on a read-only server it is refused before it begins.
    """
    check_writes(what)
    try:
        yield
    except OSError as error:
        reasons = {
            errno.ENOSPC: "the disk is full; free some space and try again",
            errno.EDQUOT: "your disk quota is used up; free some space and try again",
            errno.EACCES: "you have no permission to write there; choose another folder",
            errno.EROFS: "the disk is read-only; choose another folder",
            errno.ENOENT: "there is no such folder; choose another one",
            errno.ENOTDIR: "a file is where a folder should be; choose another folder",
            errno.EEXIST: "a file is where a folder should be; choose another folder",
            errno.ENAMETOOLONG: "that name is too long; choose a shorter one",
        }
        reason = reasons.get(
            error.errno or 0, f"{error.strerror or error}; try again or choose another folder"
        )
        raise ExplorerError(f"{what} could not be written in {where}: {reason}.") from None


def check_writable(folder: Path) -> None:
    """Find out before long work whether its result can be written. Raises ExplorerError."""
    with disk_errors("The result", folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass


def set_aside(path: Path) -> Path:
    """Where the older state of `path` lies while `replace_folder` puts the newer one in its place."""
    return path.with_name(f".{path.name}{OLD}")


def appears(folder: Path) -> bool:
    """Whether a folder is there, or comes within the time that its replacement takes between its two renames."""
    for _ in range(8):
        if folder.is_dir():
            return True
        time.sleep(0.01)
    return False


def read_file(path: Path, most: int | None = None) -> bytes:
    """A plain file's content. Raises OSError, also for what would never end (a pipe, a device) or has more than `most`
    bytes."""
    with open_file(path) as file:
        if most is not None and os.fstat(file.fileno()).st_size > most:
            raise OSError(errno.EFBIG, f"it has more than {most:,} bytes")
        return file.read()


def open_file(path: Path) -> BinaryIO:
    """A plain file, open for reading. Raises OSError, for a pipe or a device too."""
    descriptor = os.open(path, os.O_RDONLY | NONBLOCK | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is not a plain file")
    return os.fdopen(descriptor, "rb")


def replace_file(path: Path, data: bytes) -> None:
    """Write a file, replacing an older one, whole or not at all. Raises OSError."""
    beside = _beside(path)
    try:
        _write_through(beside, data)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def replace_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write a small JSON file that others read meanwhile, whole or not at all. Raises OSError.

    It is not forced to disk: it tells how things stand, and after a power cut they stand otherwise.
    """
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(value))
    beside.replace(path)


def read_json(path: Path) -> dict[str, Any] | None:
    """The object in a JSON file, None if there is no such file or it holds something else."""
    try:
        value = json.loads(read_file(path))
    except (OSError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def replace_folder(path: Path, contents: Mapping[str, bytes]) -> None:
    """Make `path` a folder of exactly the files `{name: bytes}`. Raises OSError; then the older one is untouched.

    The files go to a hidden folder beside it, are forced to disk, and that is renamed: whenever the process
    dies, either `path` is complete, old or new, or it is missing and `set_aside(path)` is the complete older one.
    What other processes left when they died is removed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _workplace(path) as new:
        for name, data in contents.items():
            _write_through(new / name, data)
        _sync(new)
        with locked(path.parent):
            _swap(new, path)


def remove_folder(path: Path) -> None:
    """Remove a folder and what was set aside of it, at once: no crash leaves a part of it. Raises OSError."""
    with locked(path.parent):
        for folder in (set_aside(path), path):  # in this order: the older one must not come back
            if folder.is_dir():
                gone = _beside(path)
                folder.rename(gone)
                shutil.rmtree(gone, ignore_errors=True)


def _swap(new: Path, path: Path) -> None:
    old = set_aside(path)
    if path.is_dir():
        shutil.rmtree(old, ignore_errors=True)  # left by a crash after the second rename
        path.rename(old)
    try:
        new.rename(path)
    except OSError:
        if old.is_dir() and not path.exists():
            old.rename(path)
        raise
    _sync(path.parent)
    shutil.rmtree(old, ignore_errors=True)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}{WRITING}{uuid.uuid4().hex[:8]}")


@contextmanager
def _workplace(path: Path) -> Iterator[Path]:
    """A hidden folder beside `path`, locked for as long as this process lives and the block lasts."""
    new = _beside(path)
    with locked(path.parent):
        _clear(path.parent)
        new.mkdir()
        lock = _open_locked(new, wait=False)
    try:
        yield new
    finally:
        shutil.rmtree(new, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def _clear(folder: Path) -> None:
    """Remove what dead processes left; the folder's lock must be held."""
    for entry in folder.glob(".*"):
        if not entry.is_dir():
            continue
        if entry.name.endswith(OLD):
            whole = entry.with_name(entry.name[1 : -len(OLD)])
            if whole.is_dir():
                shutil.rmtree(entry, ignore_errors=True)
        elif WRITING in entry.name and _abandoned(entry):
            shutil.rmtree(entry, ignore_errors=True)


def _abandoned(folder: Path) -> bool:
    """Whether no living process writes there."""
    try:
        if fcntl is None:
            return time.time() - folder.stat().st_mtime > FORGOTTEN
        lock = _open_locked(folder, wait=False)
    except OSError:
        return False
    if lock is not None:
        os.close(lock)
    return lock is not None


def hold(path: Path) -> int | None:
    """Lock a file for as long as this process lives. Returns the descriptor of the lock, None if another process has
    it, -1 where there are no locks. Raises OSError if there is no such file."""
    return -1 if fcntl is None else _open_locked(path, wait=False)


def is_held(path: Path) -> bool:
    """Whether a living process holds a file, in whatever container it runs."""
    try:
        descriptor = hold(path)
    except OSError:
        return False
    if descriptor is not None and descriptor >= 0:
        os.close(descriptor)
    return descriptor is None


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Alone among processes in a folder. The lock ends with its process, so that none is ever left behind.

    Where there are no such locks (Windows, some network disks) nothing is locked.
    """
    lock = _open_locked(folder, wait=True)
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def _open_locked(path: Path, wait: bool) -> int | None:
    """A descriptor that holds the lock of `path` until it is closed; None if it cannot be had."""
    if fcntl is None:
        return None
    descriptor = os.open(path, os.O_RDONLY | NONBLOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BaseException as error:
        os.close(descriptor)
        if isinstance(error, OSError):
            return None
        raise
    return descriptor


def _write_through(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network disks have no such thing
                raise
        finally:
            os.close(descriptor)
