"""The deck component: scenes of live views, one after another, stepped through with the arrow keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from explorer.live.loader import loader


def deck(scenes: Sequence[Mapping[str, Any]], *, key: str) -> None:
    """Show scenes: each an `entry` (a bundle of the front end), the `data` that it is given, and a `caption`."""
    import streamlit as st

    component = st.components.v2.component("latent-explorer-deck", js=loader("deck"))
    component(key=key, data={"title": "", "scenes": [dict(scene) for scene in scenes]})
