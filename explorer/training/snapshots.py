"""The time machine's material: a run's snapshots, each a small checkpoint in the run's folder, and when they are
taken. Nothing here imports torch."""

import contextlib
import os
from functools import lru_cache
from pathlib import Path

from explorer import store
from explorer.store import Checkpoint

FOLDER = "snapshots"
CODES = 1000
"""Test images whose codes a snapshot keeps."""


def is_due(epoch: int) -> bool:
    """Whether a snapshot is kept after `epoch` epochs: 0, 1, 2, 3, 4, 6, 8, 11, 16, ... (powers of √2).

    A thousand epochs leave 20, and the last.
    """
    return epoch == 0 or epoch in {round(2 ** (k / 2)) for k in range(2 * epoch.bit_length() + 1)}


def name_of(epoch: int) -> str:
    """The folder's name; names sort by epoch."""
    return f"epoch-{epoch:06}"


def size(run: Path) -> int:
    """Bytes on disk of the snapshots of the run in folder `run`. They never change, so each is looked at once."""
    with contextlib.suppress(OSError):  # of a run that is deleted at this very moment
        kept = [entry for entry in os.scandir(run / FOLDER) if not entry.name.startswith(".")]
        return sum(_size(entry.path, entry.stat().st_mtime_ns) for entry in kept)
    return 0


@lru_cache(maxsize=4096)
def _size(snapshot: str, changed: int) -> int:
    return sum(entry.stat().st_size for entry in os.scandir(snapshot))


def stored(run: Path) -> list[Checkpoint]:
    """The snapshots of the run in folder `run`, earliest first."""
    good, _ = store.list_checkpoints(run / FOLDER)
    return sorted(good, key=lambda c: c.manifest.trained.epochs)
