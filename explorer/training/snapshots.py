"""Snapshots of a run for its replay: when they are saved and what they take on disk. Nothing here imports torch.

A snapshot is a small checkpoint in the folder of the run.
"""

import contextlib
import os
import shutil
from functools import lru_cache
from pathlib import Path

from explorer import store
from explorer.config import BETA_KNOTS, RunConfig
from explorer.errors import ExplorerError
from explorer.store import Checkpoint

FOLDER = "snapshots"
CODES = 1000
"""Number of test images whose codes a snapshot holds."""
DISK_SHARE = 10
"""The snapshots of a run take at most 1/DISK_SHARE of the free disk."""
CONFIG_BYTES = 1 << 16
"""Bytes reserved for the `config.json` of the next snapshot."""
SLOTS = {"adam": 2, "adamw": 2, "rmsprop": 1, "sgd": 0}
"""Number of values that an optimizer stores per weight."""


def is_due(epoch: int) -> bool:
    """Whether a snapshot is due after `epoch` epochs: 0, 1, 2, 3, 4, 6, 8, 11, 16, ... (powers of √2).

    A run of 1,000 epochs has 20, and the final one.
    """
    return epoch == 0 or epoch in {round(2 ** (k / 2)) for k in range(2 * epoch.bit_length() + 1)}


def keeps_state(epoch: int) -> bool:
    """Whether the snapshot of this epoch holds the training state, so that a branch can start from it: 0, 1, 2, 4, ...

    The final snapshot holds it too. The others are for inference only: weights as float16, no optimizer state.
    """
    return epoch & (epoch - 1) == 0


def branch_epochs(run: Path) -> list[int]:
    """The epochs from which a branch of the run in folder `run` can start."""
    return [c.manifest.trained.epochs for c in list_snapshots(run) if can_branch(c)]


def can_branch(snapshot: Checkpoint) -> bool:
    """Whether a branch can start from this snapshot."""
    return store.RESUME in snapshot.manifest.files


def check_branch_point(snapshot: Checkpoint) -> None:
    """Raises ExplorerError, which lists the epochs to choose from, if no branch can start from this snapshot."""
    run = snapshot.path.parent
    if not can_branch(snapshot) and run.name == FOLDER:
        at = ", ".join(map(str, branch_epochs(run.parent))) or "none"
        raise ExplorerError(
            f"The snapshot of epoch {snapshot.manifest.trained.epochs} has no training state, so no branch can start "
            f"from it; choose one of these epochs: {at}."
        )


def expected_size(parameters: int, config: RunConfig) -> int:
    """Estimate the bytes on disk of all snapshots of a run with `parameters` weights, before it is trained."""
    training, d = config.training, config.model.latent_size
    due = [epoch for epoch in range(training.epochs) if is_due(epoch)]
    full = sum(map(keeps_state, due)) + 1
    # decoder.onnx is about half the weights
    numbers = 1.5 + SLOTS[training.optimizer] + bool(training.patience)
    full_size, inference_size = 4 * parameters * numbers, 2 * parameters * 1.5
    codes = 12 * CODES * (d + 1) + (4 * BETA_KNOTS * CODES * d if config.model.beta_range else 0)
    return round(full * full_size + (len(due) + 1 - full) * inference_size + (len(due) + 1) * codes)


def free_bytes(run: Path) -> int:
    """Bytes that further snapshots of the run in folder `run` may take. Raises OSError."""
    used = size(run)
    return max(0, (shutil.disk_usage(run).free + used) // DISK_SHARE - used - CONFIG_BYTES)


def name_of(epoch: int) -> str:
    """The folder name of a snapshot; names sort by epoch."""
    return f"epoch-{epoch:06}"


def size(run: Path) -> int:
    """Bytes on disk of the snapshots of the run in folder `run`. Snapshots never change, so sizes are cached."""
    with contextlib.suppress(OSError):  # the run is being deleted
        entries = [entry for entry in os.scandir(run / FOLDER) if not entry.name.startswith(".")]
        return sum(_size(entry.path, entry.stat().st_mtime_ns) for entry in entries)
    return 0


@lru_cache(maxsize=4096)
def _size(snapshot: str, changed: int) -> int:
    return sum(entry.stat().st_size for entry in os.scandir(snapshot))


def list_snapshots(run: Path) -> list[Checkpoint]:
    """The snapshots of the run in folder `run`, earliest first."""
    good, _ = store.list_checkpoints(run / FOLDER)
    return sorted(good, key=lambda c: c.manifest.trained.epochs)
