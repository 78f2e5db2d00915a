"""The deck component: scenes of live views, one after another, stepped through with the arrow keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from explorer.live.component import mount


def deck(scenes: Sequence[Mapping[str, Any]], *, key: str) -> None:
    """Show scenes: each an `entry` (a bundle of the front end), the `data` that it is given, and a `caption`."""
    mount("deck", {"title": "", "scenes": [dict(scene) for scene in scenes]}, key=key)
