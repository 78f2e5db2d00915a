"""What the disk says, as sentences."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from explorer.errors import ExplorerError


@contextmanager
def disk_errors(what: str, where: Path) -> Iterator[None]:
    """Turn an OSError inside into an ExplorerError: "`what` could not be written in `where`: ..."."""
    try:
        yield
    except OSError as error:
        reasons = {
            errno.ENOSPC: "the disk is full; free some space and try again",
            errno.EDQUOT: "your disk quota is used up; free some space and try again",
            errno.EACCES: "you have no permission to write there; choose another folder",
            errno.EROFS: "the disk is read-only; choose another folder",
        }
        reason = reasons.get(error.errno or 0, error.strerror or str(error))
        raise ExplorerError(f"{what} could not be written in {where}: {reason}.") from None
