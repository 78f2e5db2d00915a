"""The time machine's material: a run's snapshots, each a small checkpoint in the run's folder, and when they are
taken. Nothing here imports torch."""

import contextlib
import os
import shutil
from functools import lru_cache
from pathlib import Path

from explorer import store
from explorer.config import RunConfig
from explorer.errors import ExplorerError
from explorer.store import Checkpoint

FOLDER = "snapshots"
CODES = 1000
"""Test images whose codes a snapshot keeps."""
DISK_SHARE = 10
"""The snapshots of a run take at most 1 part in this of the free disk."""
ABOUT = 1 << 16
"""Bytes that are left for what the files of the next snapshot do not count, its `config.json`."""
SLOTS = {"adam": 2, "adamw": 2, "rmsprop": 1, "sgd": 0}
"""Numbers that an optimizer keeps for each weight."""


def is_due(epoch: int) -> bool:
    """Whether a snapshot is kept after `epoch` epochs: 0, 1, 2, 3, 4, 6, 8, 11, 16, ... (powers of √2).

    A thousand epochs leave 20, and the last.
    """
    return epoch == 0 or epoch in {round(2 ** (k / 2)) for k in range(2 * epoch.bit_length() + 1)}


def keeps_state(epoch: int) -> bool:
    """Whether the snapshot of this epoch keeps the training state, so that a branch can begin there: 0, 1, 2, 4, 8, ...

    The last one does too. The others are to look at: weights as float16, no optimizer.
    """
    return epoch & (epoch - 1) == 0


def branch_epochs(run: Path) -> list[int]:
    """The epochs at which a branch of the run in folder `run` can begin."""
    return [c.manifest.trained.epochs for c in list_snapshots(run) if can_branch(c)]


def can_branch(snapshot: Checkpoint) -> bool:
    """Whether a branch can begin there."""
    return store.RESUME in snapshot.manifest.files


def check_branch_point(snapshot: Checkpoint) -> None:
    """Raises ExplorerError, which names the epochs that will do, if no branch can begin at this snapshot of a run."""
    run = snapshot.path.parent
    if not can_branch(snapshot) and run.name == FOLDER:
        at = ", ".join(map(str, branch_epochs(run.parent))) or "none"
        raise ExplorerError(
            f"The snapshot of epoch {snapshot.manifest.trained.epochs} is to look at and has no training state, so no "
            f"branch can begin there; choose one of these epochs: {at}."
        )


def expected_size(parameters: int, config: RunConfig) -> int:
    """Bytes that the snapshots of a run with so many weights will take: an estimate, before it is trained."""
    training, d = config.training, config.model.latent_size
    due = [epoch for epoch in range(training.epochs) if is_due(epoch)]
    full = sum(map(keeps_state, due)) + 1
    numbers = 1.5 + SLOTS[training.optimizer] + bool(training.patience)  # the decoder's file is about half
    whole, seen = 4 * parameters * numbers, 2 * parameters * 1.5
    return round(full * whole + (len(due) + 1 - full) * seen + (len(due) + 1) * 12 * CODES * (d + 1))


def free_bytes(run: Path) -> int:
    """Bytes that the snapshots of the run in folder `run` may still take. Raises OSError."""
    taken = size(run)
    return max(0, (shutil.disk_usage(run).free + taken) // DISK_SHARE - taken - ABOUT)


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


def list_snapshots(run: Path) -> list[Checkpoint]:
    """The snapshots of the run in folder `run`, earliest first."""
    good, _ = store.list_checkpoints(run / FOLDER)
    return sorted(good, key=lambda c: c.manifest.trained.epochs)
