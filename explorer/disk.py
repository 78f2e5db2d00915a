"""Atomic writes of files and folders, locks between processes, and disk errors as sentences."""

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
"""Opening a pipe does not block; reading plain files is unaffected."""
STALE_SECONDS = 3600.0  # age of leftovers where there are no locks: no write takes that long


@contextmanager
def disk_errors(what: str, where: Path) -> Iterator[None]:
    """Turn an OSError inside into an ExplorerError: "`what` could not be written in `where`: ...".

    Every write happens inside such a block; on a read-only server it raises ExplorerError before the write.
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
    """Check before long work that its result can be written. Raises ExplorerError."""
    with disk_errors("The result", folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass


def set_aside(path: Path) -> Path:
    """The path of the old version of `path` while `replace_folder` moves the new one into place."""
    return path.with_name(f".{path.name}{OLD}")


def wait_for_folder(folder: Path) -> bool:
    """Whether a folder exists, after waiting for the moment between the two renames of a replacement."""
    for _ in range(8):
        if folder.is_dir():
            return True
        time.sleep(0.01)
    return False


def read_file(path: Path, max_bytes: int | None = None) -> bytes:
    """Read a plain file. Raises OSError, also for a pipe, a device, or a file larger than `max_bytes`."""
    with open_file(path) as file:
        if max_bytes is not None and os.fstat(file.fileno()).st_size > max_bytes:
            raise OSError(errno.EFBIG, f"it has more than {max_bytes:,} bytes")
        return file.read()


def open_file(path: Path) -> BinaryIO:
    """Open a plain file for reading. Raises OSError, also for a pipe or a device."""
    descriptor = os.open(path, os.O_RDONLY | NONBLOCK | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is not a plain file")
    return os.fdopen(descriptor, "rb")


def replace_file(path: Path, data: bytes) -> None:
    """Write or replace a file atomically. Raises OSError."""
    temporary = _temporary(path)
    try:
        _write_synced(temporary, data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def save_file(path: Path, data: bytes, what: str) -> None:
    """Write or replace a file atomically, in a folder that is made if need be. Raises ExplorerError, which names
    `what` could not be written."""
    with disk_errors(what, path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, data)


def replace_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write or replace a small JSON file atomically for concurrent readers. Raises OSError.

    No fsync: the file holds a momentary status, which is obsolete after a power cut.
    """
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(value))
    temporary.replace(path)


def read_json(path: Path) -> dict[str, Any] | None:
    """Read the object in a JSON file; None if the file is missing or holds anything else."""
    try:
        data = read_file(path)
        value = json.loads(data)
        if b"\\u" in data:
            json.dumps(value, ensure_ascii=False).encode()  # half of a character is no text
    except (OSError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def replace_folder(path: Path, contents: Mapping[str, bytes]) -> None:
    """Make `path` a folder with exactly the files `{name: bytes}`. On OSError the old folder is unchanged.

    Writes to a hidden folder beside it, syncs that to disk and renames it. Whenever the process dies, either `path` is
    complete, old or new, or it is missing and `set_aside(path)` is the complete old folder. Removes the leftovers of
    dead processes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _temporary_folder(path) as new:
        for name, data in contents.items():
            _write_synced(new / name, data)
        _sync(new)
        with locked(path.parent):
            _swap(new, path)


def remove_folder(path: Path) -> None:
    """Remove a folder and its old version atomically: no crash leaves a part of it. Raises OSError."""
    with locked(path.parent):
        for folder in (set_aside(path), path):  # in this order, or a crash brings the old version back
            if folder.is_dir():
                trash = _temporary(path)
                folder.rename(trash)
                shutil.rmtree(trash, ignore_errors=True)


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


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}{WRITING}{uuid.uuid4().hex[:8]}")


@contextmanager
def _temporary_folder(path: Path) -> Iterator[Path]:
    """A hidden temporary folder beside `path`, locked until the block or the process ends."""
    new = _temporary(path)
    with locked(path.parent):
        _remove_leftovers(path.parent)
        new.mkdir()
        lock = _open_locked(new, wait=False)
    try:
        yield new
    finally:
        shutil.rmtree(new, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def _remove_leftovers(folder: Path) -> None:
    """Remove the leftovers of dead processes; call with the lock of `folder`."""
    for entry in folder.glob(".*"):
        if not entry.is_dir():
            continue
        if entry.name.endswith(OLD):
            current = entry.with_name(entry.name[1 : -len(OLD)])
            if current.is_dir():
                shutil.rmtree(entry, ignore_errors=True)
        elif WRITING in entry.name and _abandoned(entry):
            shutil.rmtree(entry, ignore_errors=True)


def _abandoned(folder: Path) -> bool:
    """Whether no living process writes to a temporary folder."""
    try:
        if fcntl is None:
            return time.time() - folder.stat().st_mtime > STALE_SECONDS
        lock = _open_locked(folder, wait=False)
    except OSError:
        return False
    if lock is not None:
        os.close(lock)
    return lock is not None


def acquire_lock(path: Path) -> int | None:
    """Lock a file until this process ends. Returns the lock's descriptor, None if another process holds it, -1 where
    there are no locks. Raises OSError if there is no such file."""
    return -1 if fcntl is None else _open_locked(path, wait=False)


def is_locked(path: Path) -> bool:
    """Whether a living process holds the lock of a file, in any container."""
    try:
        descriptor = acquire_lock(path)
    except OSError:
        return False
    if descriptor is not None and descriptor >= 0:
        os.close(descriptor)
    return descriptor is None


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the exclusive lock of a folder inside the block. The lock ends with its process, so none is left behind.

    A no-op where there are no such locks (Windows, some network disks).
    """
    lock = _open_locked(folder, wait=True)
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def _open_locked(path: Path, wait: bool) -> int | None:
    """Lock `path` until the returned descriptor is closed; None if that is impossible."""
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


def _write_synced(path: Path, data: bytes) -> None:
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
            # some network disks have no fsync of folders
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):
                raise
        finally:
            os.close(descriptor)
