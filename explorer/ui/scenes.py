"""Present: scenes of live views, one after another."""

from __future__ import annotations

import streamlit as st

from explorer.scenes import PageName, Scene

KEPT = "scenes"

__all__ = ["PageName", "keeper"]


def keeper(page: PageName) -> None:
    """Caption and button that keep what is on show as a scene."""
    with st.form(f"keep {page}", border=False, clear_on_submit=True):
        caption = st.text_input(
            "Keep this view as a scene", placeholder="what is to be said to it", max_chars=600
        )
        kept = st.form_submit_button("Keep", icon=":material/bookmark_add:")
    if kept:
        address = {name: str(value) for name, value in st.query_params.items()}
        deck: list[Scene] = st.session_state.setdefault(KEPT, [])
        deck.append(Scene(page=page, address=address, caption=caption))
        st.toast(f"Scene {len(deck)} is kept: find it under Present.")
