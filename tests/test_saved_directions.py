"""Directions that are saved with a checkpoint: what is written is read again, and nothing else is taken for one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from explorer import store
from explorer.errors import ExplorerError
from explorer.store import Checkpoint
from explorer.store.saved_directions import (
    MOST,
    SavedDirection,
    delete_direction,
    find_directions,
    read_directions,
    save_direction,
)
from tests import tiny

SMILE = SavedDirection(name="smile", a="factor%3Amouth:0", b="factor%3Amouth:3", method="probe")
AXIS = SavedDirection(name='an "axis" <b>', vector=(0.6, -0.8))


@pytest.fixture
def checkpoint(tmp_path: Path) -> Checkpoint:
    manifest, files = tiny.parts()
    return store.write(tmp_path / "m", manifest, files)


def the_file(checkpoint: Checkpoint) -> Path:
    (path,) = checkpoint.path.glob("directions-*.json")
    return path


def test_directions_are_saved_replaced_and_deleted_by_name(checkpoint: Checkpoint) -> None:
    assert read_directions(checkpoint) == []
    save_direction(checkpoint, SMILE)
    save_direction(checkpoint, AXIS)
    assert read_directions(checkpoint) == [SMILE, AXIS]
    other = SavedDirection(name="smile", a="labels:1", b="labels:2")
    save_direction(checkpoint, other)
    assert read_directions(checkpoint) == [AXIS, other]
    delete_direction(checkpoint, AXIS.name)
    delete_direction(checkpoint, "nothing")
    assert read_directions(checkpoint) == [other]
    store.verify(store.open_checkpoint(checkpoint.path))  # it is not one of the checkpoint's own files


def test_a_checkpoint_of_other_codes_does_not_have_them(checkpoint: Checkpoint) -> None:
    save_direction(checkpoint, SMILE)
    stored = the_file(checkpoint).read_bytes()
    manifest, files = tiny.parts(1)
    other = store.write(checkpoint.path, manifest, files)
    (other.path / "directions-000000000000.json").write_bytes(stored)
    assert read_directions(other) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[" * 100_000,
        '[{"name": ""}]',
        '[{"name": "x", "a": "<script>"}]',
        '[{"name": "x", "vector": [NaN]}]',
        '[{"name": "x", "run": "it"}]',
        json.dumps([{"name": "x" * 61}]),
        json.dumps([{"name": str(i)} for i in range(MOST + 1)]),
        " " * (1 << 21),
    ],
)
def test_a_file_with_anything_else_is_refused_and_not_overwritten(checkpoint: Checkpoint, text: str) -> None:
    save_direction(checkpoint, SMILE)
    path = the_file(checkpoint)
    path.write_text(text)
    for act in (lambda: read_directions(checkpoint), lambda: save_direction(checkpoint, AXIS)):
        with pytest.raises(
            ExplorerError, match=r"^directions-\w+\.json of m is not a file of directions; .*\.$"
        ):
            act()
    assert find_directions(checkpoint) == []
    assert path.read_text() == text


def test_a_read_only_server_saves_nothing(checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_READ_ONLY", "1")
    with pytest.raises(ExplorerError, match="read-only"):
        save_direction(checkpoint, SMILE)
    assert not list(checkpoint.path.glob("directions-*"))


def test_one_more_than_fits_is_said(checkpoint: Checkpoint) -> None:
    save_direction(checkpoint, SMILE)
    full = json.dumps([{"name": str(i)} for i in range(MOST)])
    the_file(checkpoint).write_text(full)
    with pytest.raises(ExplorerError, match="delete one of them first"):
        save_direction(checkpoint, SMILE)
    save_direction(checkpoint, SavedDirection(name="7", a="labels:1"))  # in the place of another
