"""The replay of a training: its snapshots, each with the address of its files."""

from explorer.errors import ExplorerError
from explorer.live.page_schema import SnapshotList, SnapshotRow
from explorer.live.stage import describe
from explorer.training import runs, snapshots

LOSSES = "validation_loss", "test_loss"
"""Columns of a history, the second in those from before there were validation images."""


def snapshot_list(name: str) -> SnapshotList:
    """The last snapshot of a run as the stage knows a model, and for each its epoch, address and validation loss.

    Raises ExplorerError if there is no such run, or no snapshot of it.
    """
    run = runs.find(name)
    stored = snapshots.list_snapshots(run.path)
    if not stored:
        raise ExplorerError(f"{run.name} has no snapshots yet; they are kept from its first epoch on.")
    at = f"trainings/{run.name}/snapshots/"
    rows = [
        SnapshotRow(
            epoch=c.manifest.trained.epochs,
            base=f"{at}{c.name}/{c.version}/",
            test=next((row[key] for row in c.history()[-1:] for key in LOSSES if key in row), None),
            branch=snapshots.can_branch(c),
        )
        for c in stored
    ]
    return SnapshotList(model=describe(stored[-1]).model_copy(update={"base": rows[-1].base}), snapshots=rows)
