"""Directions that visitors save with a checkpoint by name: a small JSON file beside its own.

Its name has the hash of the codes, whose rows the groups are: a checkpoint that is replaced has none yet.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from explorer.disk import disk_errors, locked, read_file, replace_file
from explorer.errors import ExplorerError
from explorer.store.folder import Checkpoint
from explorer.store.names import CODES

MOST = 100
MAX_NAME, MAX_GROUP, MAX_SIZE = 60, 2000, 1000
MAX_BYTES = 1 << 20

GroupText = Annotated[str, Field(max_length=MAX_GROUP, pattern=r"^[A-Za-z0-9%._:;~!*'()-]*$")]
"""Test images by their class, by the value of a factor, or by their rows: `writeGroup` in
`live/frontend/src/directions/groups.ts` says how."""
Component = Annotated[float, Field(ge=-1e6, le=1e6)]


class SavedDirection(BaseModel):
    """A direction by name: from group `b` to group `a` of the checkpoint's codes by `method`, or else a `vector`."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, from_attributes=True)

    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
    a: GroupText = ""
    b: GroupText = ""
    method: Literal["means", "probe"] = "means"
    vector: Annotated[tuple[Component, ...] | None, Field(max_length=MAX_SIZE)] = None


_LIST = TypeAdapter(Annotated[list[SavedDirection], Field(max_length=MOST)])


def read_directions(checkpoint: Checkpoint) -> list[SavedDirection]:
    """The directions saved with a checkpoint. Raises ExplorerError if their file is damaged."""
    path = _path(checkpoint)
    try:
        return _LIST.validate_python(json.loads(read_file(path, MAX_BYTES)))
    except FileNotFoundError:
        return []
    except (OSError, ValueError, RecursionError):  # a ValidationError is a ValueError
        raise ExplorerError(
            f"{path.name} of {checkpoint.name} is not a file of directions; move it away to save others."
        ) from None


def find_directions(checkpoint: Checkpoint) -> list[SavedDirection]:
    """The same; none if their file is damaged."""
    try:
        return read_directions(checkpoint)
    except ExplorerError:
        return []


def save_direction(checkpoint: Checkpoint, direction: SavedDirection) -> None:
    """Save a direction with a checkpoint, in the place of one of the same name. Raises ExplorerError if that fails."""
    with _changing(checkpoint):
        others = [saved for saved in read_directions(checkpoint) if saved.name != direction.name]
        if len(others) >= MOST:
            raise ExplorerError(f"{checkpoint.name} has {MOST} directions; delete one of them first.")
        _write(checkpoint, [*others, direction])


def delete_direction(checkpoint: Checkpoint, name: str) -> None:
    """Delete a saved direction, if there is one of this name. Raises ExplorerError if that fails."""
    with _changing(checkpoint):
        _write(checkpoint, [saved for saved in read_directions(checkpoint) if saved.name != name])


@contextmanager
def _changing(checkpoint: Checkpoint) -> Iterator[None]:
    """Two visitors do not save at once, and a disk that refuses says so in a sentence."""
    with disk_errors("The direction", checkpoint.path), locked(checkpoint.path):
        yield


def _write(checkpoint: Checkpoint, directions: Sequence[SavedDirection]) -> None:
    text = json.dumps([d.model_dump(exclude_defaults=True) for d in directions], ensure_ascii=False, indent=1)
    replace_file(_path(checkpoint), (text + "\n").encode())


def _path(checkpoint: Checkpoint) -> Path:
    return checkpoint.path / f"directions-{checkpoint.manifest.files[CODES][:12]}.json"
