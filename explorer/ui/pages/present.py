"""Present: a deck of live views, kept for the visit, exported as a file or as one page."""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import streamlit as st

from explorer.errors import ExplorerError
from explorer.export import html_page
from explorer.live.choice import first_choice
from explorer.live.component import mount
from explorer.live.page_schema import DeckData, SceneSource
from explorer.live.relatives import relatives
from explorer.live.scenes import MAX_SCENES, PageName, Scene, dump_scenes, load_scenes, parse_scenes
from explorer.shipped.story import story
from explorer.store import Checkpoint
from explorer.training import runs, snapshots
from explorer.ui.parts import export_menu, kept_scenes, links, model_picker, scene_views
from explorer.ui.parts.foreign_text import plain, show_errors
from explorer.ui.parts.ladders import ladders, rungs
from explorer.ui.session import Widget, session

OWN, READY = "My scenes", "The story in eight scenes"
INSIDE: tuple[tuple[PageName, str], ...] = (
    ("inside", "Inside: every number on the way from an image to its code and back."),
    ("compression", "What an image takes as a file and as a code, and what each of them restores."),
)
WATER = "Why dimensions die: a linear β-VAE keeps exactly what stands above the water, β·σ²."


def show() -> None:
    """The page."""
    links.arrived("present")
    checkpoints = {c.name: c for c in model_picker.checkpoints()}
    visit = session()
    own = kept_scenes.scenes()
    text, menu, edit, export = st.columns([5, 8, 5, 4], gap="small", vertical_alignment="center")
    text.markdown("**Live views, one after another.**")
    if visit.deck_opened:
        st.session_state[Widget.PRESENT_DECK], visit.deck_opened = OWN, False
    st.session_state.setdefault(Widget.PRESENT_DECK, OWN if own else READY)
    collapsed: Any = {"required": True, "label_visibility": "collapsed", "width": "stretch"}
    which = menu.segmented_control("Deck", [READY, OWN], key=Widget.PRESENT_DECK, **collapsed)
    with edit.popover("Open or add", icon=":material/playlist_add:", width="stretch"):
        _add(own, checkpoints)
    scenes = own if which == OWN else _story(tuple(checkpoints.values()))
    views: list[html_page.View] = []
    whole: list[Scene] = []
    for number, scene in enumerate(scenes, 1):
        try:
            views.append(scene_views.view(scene, checkpoints))
            whole.append(scene)
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
            export_menu.download(
                "Scenes as JSON", "scenes.json", partial(dump_scenes, scenes), "application/json"
            )
            st.caption("Open it again under “Open or add”.")
    shown = [
        v.scene.model_copy(update={"source": SceneSource(**scene.model_dump())} if which == OWN else {})
        for scene, v in zip(whole, views, strict=True)
    ]
    data = DeckData(title="", scenes=shown, own=which == OWN, restores=not visit.scenes_restored)
    result = mount("deck", data, key="deck of scenes", hears=("edit", "restore"))
    with show_errors():
        _hear(result, own, [scene for scene in own if scene not in whole])


def _hear(result: Mapping[str, Any], own: list[Scene], left_out: list[Scene]) -> None:
    """Take what was edited on the page, which does not show scenes that cannot be shown, and what the browser keeps."""
    before = list(own)
    if isinstance(kept := result.get("restore"), list) and not session().scenes_restored:
        kept_scenes.restore(kept)
        # also for scenes that a click has just added: this answer can carry the menu as it was before that click
        session().deck_opened = bool(own) and st.session_state[Widget.PRESENT_DECK] != OWN
    if isinstance(edited := result.get("edit"), list):
        kept_scenes.change([*parse_scenes(edited), *left_out])
    if own != before or session().deck_opened:
        st.rerun()


_story = lru_cache(maxsize=4)(story)


# --- more scenes ---


def _add(own: list[Scene], checkpoints: Mapping[str, Checkpoint]) -> None:
    """Open a deck, or add the story."""
    st.caption("Save views under “Export” on their pages, start from the story, or open a deck.")
    extend: Any = {"on_click": _extend, "args": (own, _story(tuple(checkpoints.values())))}
    st.button("Add the eight scenes of the story", disabled=len(own) + 8 > MAX_SCENES, **extend)
    _look_inside(own, checkpoints)
    if names := [run.name for run in runs.runs() if snapshots.list_snapshots(run.path)]:
        name = st.selectbox("Replay of a training", names)
        replay = Scene(page="replay", address={"run": name}, caption=f"The training of {name}, replayed.")
        again: Any = {"on_click": _extend, "args": (own, [replay]), "disabled": len(own) >= MAX_SCENES}
        st.button("Add its replay", **again)
    file = st.file_uploader("Open a deck of scenes (JSON)", type="json", key="deck file")
    if file is not None and session().deck_file != file.file_id:
        session().deck_file = file.file_id
        with show_errors():
            kept_scenes.change(load_scenes(file.getvalue(), file.name[:80]))
            session().deck_opened = True
            st.rerun()


def _look_inside(own: list[Scene], checkpoints: Mapping[str, Checkpoint]) -> None:
    """Scenes of the computation for one image and of what it takes, by a model and those of its images that are of
    another kind."""
    found = list(checkpoints.values())
    names = list(checkpoints)
    name = st.selectbox("Inside a model", names, index=names.index(first_choice(found)), key="inside of")
    models = ",".join(c.name for c in relatives(checkpoints[name], found))
    scenes = [Scene(page=page, address={"models": models}, caption=caption) for page, caption in INSIDE]
    full: Any = {"on_click": _extend, "args": (own, scenes), "disabled": len(own) + len(scenes) > MAX_SCENES}
    st.button("Add its computation, and what a code costs", **full)
    water: Any = {"on_click": _extend, "args": (own, [water_scene(checkpoints[name], found)])}
    st.button("Add the water level of its images", disabled=len(own) >= MAX_SCENES, **water)


def water_scene(checkpoint: Checkpoint, found: Sequence[Checkpoint]) -> Scene:
    """The water level of the images of a model, with those models on the curve that form a ladder of β with it."""
    ladder = next((runs for runs in ladders(found).values() if checkpoint in runs), [checkpoint])
    return Scene(page="water", address={"models": ",".join(c.name for c in rungs(ladder))}, caption=WATER)


def _extend(own: list[Scene], more: Sequence[Scene]) -> None:
    with show_errors():
        kept_scenes.change([*own, *more])
    st.session_state[Widget.PRESENT_DECK] = OWN
