"""Present: a deck of live views, kept for the visit, exported as a file or as one page."""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import streamlit as st

from explorer.errors import ExplorerError
from explorer.export import html_page
from explorer.live.component import mount
from explorer.live.page_schema import DeckData
from explorer.live.scenes import MOST, Scene, dumped, loaded
from explorer.shipped.story import story
from explorer.store import Checkpoint
from explorer.ui.parts import export_menu, links, model_picker, scene_views
from explorer.ui.parts.foreign_text import plain, show_errors
from explorer.ui.session import Widget, session

OWN, READY = "My scenes", "The story in eight scenes"


def show() -> None:
    """The page."""
    links.arrived("present")
    checkpoints = {c.name: c for c in model_picker.checkpoints()}
    visit = session()
    own = visit.scenes
    text, menu, edit, export = st.columns([9, 6, 3, 3], gap="medium", vertical_alignment="center")
    text.markdown("**Live views, one after another.** → shows the next scene; every scene is interactive.")
    if visit.deck_opened:
        st.session_state[Widget.PRESENT_DECK], visit.deck_opened = OWN, False
    st.session_state.setdefault(Widget.PRESENT_DECK, OWN if own else READY)
    collapsed: Any = {"required": True, "label_visibility": "collapsed", "width": "stretch"}
    which = menu.segmented_control("Deck", [READY, OWN], key=Widget.PRESENT_DECK, **collapsed)
    with edit.popover("Edit scenes", icon=":material/edit:", width="stretch"):
        _edit(own, checkpoints)
    scenes = own if which == OWN else _story(tuple(checkpoints.values()))
    views = []
    for number, scene in enumerate(scenes, 1):
        try:
            views.append(scene_views.view(scene, checkpoints))
        except ExplorerError as error:
            st.warning(plain(f"Scene {number} is left out: {error}"))
    if not views:
        st.info("No scenes yet: open a view on Explore, Samples or Compare, and save it under “Export”.")
        return
    look: Any = {"icon": ":material/download:", "width": "stretch", "on_change": "rerun"}
    with export.popover("Export", key="take deck", **look) as popover:
        if popover.open:
            deck = partial(html_page.page, views, str(which))
            export_menu.download("The deck as one HTML file", "scenes.html", deck, "text/html")
            st.caption("It includes all its models and opens from disk, without a server or network.")
            export_menu.download("Scenes as JSON", "scenes.json", partial(dumped, scenes), "application/json")
            st.caption("Open it again under “Edit scenes”.")
    mount("deck", DeckData(title="", scenes=[v.scene for v in views]), key="deck of scenes", hears=())


_story = lru_cache(maxsize=4)(story)


# --- editing ---


def _edit(own: list[Scene], checkpoints: Mapping[str, Checkpoint]) -> None:
    """Edit captions and order, delete scenes, open a deck, or add the story."""
    for i, scene in enumerate(own):
        with st.container(horizontal=True, vertical_alignment="center"):
            # the key has all that a scene holds: a field with an old key would show the old caption
            key = f"caption {i} {hash(scene.model_dump_json())}"
            caption = st.text_input(f"Scene {i + 1}: {scene.page}", scene.caption, max_chars=600, key=key)
            if caption.strip() != scene.caption:
                own[i] = scene.model_copy(update={"caption": caption.strip()})
            for label, to in (("up", -1), ("down", 1)):
                move: Any = {
                    "on_click": _swap,
                    "args": (own, i, i + to),
                    "disabled": not 0 <= i + to < len(own),
                }
                icon, about = f":material/arrow_{label}ward:", f"Move scene {i + 1} {label}"
                st.button("", icon=icon, key=f"{label} {i}", help=about, **move)
            delete: Any = {"on_click": own.__delitem__, "args": (i,), "help": f"Delete scene {i + 1}"}
            st.button("", icon=":material/delete:", key=f"delete {i}", **delete)
    if not own:
        st.caption("Save views under “Export” on their pages, or start from the story.")
    extend: Any = {"on_click": _extend, "args": (own, _story(tuple(checkpoints.values())))}
    st.button("Add the eight scenes of the story", disabled=len(own) + 8 > MOST, **extend)
    file = st.file_uploader("Open a deck of scenes (JSON)", type="json", key="deck file")
    if file is not None and session().deck_file != file.file_id:
        session().deck_file = file.file_id
        with show_errors():
            own[:] = loaded(file.getvalue(), file.name[:80])
            session().deck_opened = True
            st.rerun()


def _swap(own: list[Scene], i: int, j: int) -> None:
    own[i], own[j] = own[j], own[i]


def _extend(own: list[Scene], more: Sequence[Scene]) -> None:
    own.extend(more)
    st.session_state[Widget.PRESENT_DECK] = OWN
