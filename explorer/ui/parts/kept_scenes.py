"""The scenes of a visit: kept in the browser, and on disk where the server may write."""

import contextlib
from pathlib import Path
from typing import Any

from explorer import disk, environment
from explorer.errors import ExplorerError
from explorer.live.scenes import MAX_BYTES, MAX_SCENES, Scene, dump_scenes, load_scenes, parse_scenes
from explorer.ui.session import session


def scenes() -> list[Scene]:
    """The scenes of this visit, which begins with those on disk."""
    visit = session()
    if not visit.scenes_read:
        visit.scenes_read = True
        if not environment.read_only():
            with contextlib.suppress(OSError, ExplorerError):  # what is no deck of ours is left as it is
                visit.scenes.extend(load_scenes(disk.read_file(_file(), MAX_BYTES)))
    return visit.scenes


def change(new: list[Scene]) -> None:
    """Replace the scenes of this visit, on disk too where the server may write. Raises ExplorerError."""
    scenes()[:] = new
    if environment.read_only():
        return
    disk.save_file(_file(), dump_scenes(new), "The deck of scenes")


def restore(kept: list[Any]) -> None:
    """Add what the browser keeps from earlier visits to the scenes of this one. Raises ExplorerError."""
    session().scenes_restored = True
    here = scenes()
    earlier = [scene for scene in parse_scenes(kept, "What this browser keeps") if scene not in here]
    if earlier:
        change([*earlier, *here][:MAX_SCENES])


def _file() -> Path:
    return environment.runs_folder() / "scenes.json"
