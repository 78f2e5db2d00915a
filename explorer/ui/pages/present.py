"""Present: scenes of live views one after another, kept in a visit, taken away as a file or as one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import streamlit as st

from explorer.errors import ExplorerError
from explorer.export import html_page
from explorer.live import titles
from explorer.live.choice import ready
from explorer.live.component import mount
from explorer.live.page_schema import DeckData, LessonData
from explorer.live.scenes import MOST, Scene, dumped, loaded
from explorer.live.schema import CompareState, SamplesState, StageState
from explorer.live.stage import describe
from explorer.metrics.sample_quality import measures
from explorer.shipped.story import story
from explorer.store import Checkpoint
from explorer.ui.parts import ladders, links, model_picker
from explorer.ui.parts.foreign_text import plain
from explorer.ui.parts.proposals import unlike_codes
from explorer.ui.session import Widget, session

OWN, READY = "My scenes", "The story in eight scenes"


def show() -> None:
    """The page."""
    links.arrived("present")
    found = {c.name: c for c in model_picker.checkpoints()}
    visit = session()
    own = visit.scenes
    text, menu, edit, away = st.columns([9, 6, 3, 3], gap="medium", vertical_alignment="center")
    text.markdown("**Live views, one after another.** → steps on; everything on a scene can be touched.")
    if visit.deck_opened:
        st.session_state[Widget.PRESENT_DECK], visit.deck_opened = OWN, False
    st.session_state.setdefault(Widget.PRESENT_DECK, OWN if own else READY)
    which = menu.segmented_control(
        "Deck",
        [READY, OWN],
        key=Widget.PRESENT_DECK,
        required=True,
        label_visibility="collapsed",
        width="stretch",
    )
    with edit.popover("Edit scenes", icon=":material/edit:", width="stretch"):
        _edit(own, found)
    scenes = own if which == OWN else _story(tuple(found.values()))
    views, wrong = _views(scenes, found)
    for sentence in wrong:
        st.warning(plain(sentence))
    if not views:
        st.info(
            "No scenes yet: open a view on Explore, Samples or Compare, and keep it under “Take it with you”."
        )
        return
    with away.popover(
        "Take it with you", icon=":material/download:", width="stretch", key="take deck", on_change="rerun"
    ) as menu_away:
        if menu_away.open:
            st.download_button(
                "The deck as one HTML file",
                lambda: html_page.page(views, str(which)),
                "scenes.html",
                "text/html",
                on_click="ignore",
            )
            st.caption("All its models are inside: it opens from disk, without server or network.")
            st.download_button(
                "Scenes as JSON", dumped(scenes), "scenes.json", "application/json", on_click="ignore"
            )
            st.caption("To go on with it here another time, under “Edit scenes”.")
    mount("deck", DeckData(title="", scenes=[v.scene for v in views]), key="deck of scenes", hears=())


_story = lru_cache(maxsize=4)(story)


# --- scenes as views ---


def _views(
    scenes: Sequence[Scene], found: Mapping[str, Checkpoint]
) -> tuple[list[html_page.View], list[str]]:
    """What can be shown, and a sentence for each scene that cannot."""
    views, wrong = [], []
    for number, scene in enumerate(scenes, 1):
        try:
            views.append(view(scene, found))
        except ExplorerError as error:
            wrong.append(f"Scene {number} is left out: {error}")
    return views, wrong


def view(scene: Scene, found: Mapping[str, Checkpoint]) -> html_page.View:
    """The live view of a scene. Raises ExplorerError if a checkpoint that it shows is not among `found`."""
    if scene.page == "tug":
        return html_page.View("lessons", LessonData(kind="tug"), [], scene.caption)
    names = scene.address.get("models" if scene.page in ("samples", "compare") else "checkpoint", "")
    models = [_opened(name, found) for name in dict.fromkeys(names.split(",")[: ladders.MOST])]
    if scene.page == "explore":
        return html_page.exploring(models[0], StageState.from_link(scene.address), scene.caption)
    if scene.page == "samples":
        if len(models) > 1 and (sentence := unlike_codes(models)):
            raise ExplorerError(sentence)
        state = SamplesState.from_link(scene.address)
        return html_page.comparing(models, titles.kinds(models), state, scene.caption, measures=measures())
    if scene.page == "compare":
        if sentence := ladders.mismatch(models):
            raise ExplorerError(sentence)
        return html_page.steering(models, CompareState.from_link(scene.address), scene.caption)
    data = LessonData(kind=scene.page, model=describe(models[0]))
    return html_page.View("lessons", data, models, scene.caption)


def _opened(name: str, found: Mapping[str, Checkpoint]) -> Checkpoint:
    if name not in found:
        raise ExplorerError(f"It shows the checkpoint {name[:80]!r}, which is not among those here.")
    return ready(found[name])


# --- editing ---


def _edit(own: list[Scene], found: Mapping[str, Checkpoint]) -> None:
    """Captions, order, deletion; a deck from a file; the story to start from."""
    for i, scene in enumerate(own):
        with st.container(horizontal=True, vertical_alignment="center"):
            caption = st.text_input(
                f"Scene {i + 1}: {scene.page}",
                scene.caption,
                max_chars=600,
                key=f"caption {i} {_mark(scene)}",
            )
            if caption.strip() != scene.caption:
                own[i] = scene.model_copy(update={"caption": caption.strip()})
            for icon, label, to in (
                (":material/arrow_upward:", "up", -1),
                (":material/arrow_downward:", "down", 1),
            ):
                st.button(
                    "",
                    icon=icon,
                    key=f"{label} {i}",
                    help=f"Move scene {i + 1} {label}",
                    disabled=not 0 <= i + to < len(own),
                    on_click=_swap,
                    args=(own, i, i + to),
                )
            st.button(
                "",
                icon=":material/delete:",
                key=f"delete {i}",
                help=f"Delete scene {i + 1}",
                on_click=own.__delitem__,
                args=(i,),
            )
    if not own:
        st.caption("Keep views under “Take it with you” on their pages, or start from the story.")
    st.button(
        "Add the eight scenes of the story",
        disabled=len(own) + 8 > MOST,
        on_click=_extend,
        args=(own, _story(tuple(found.values()))),
    )
    file = st.file_uploader("Open a deck of scenes (JSON)", type="json", key="deck file")
    if file is not None and session().deck_file != file.file_id:
        session().deck_file = file.file_id
        try:
            own[:] = loaded(file.getvalue(), file.name[:80])
        except ExplorerError as error:
            st.error(plain(error))
        else:
            session().deck_opened = True
            st.rerun()


def _mark(scene: Scene) -> int:
    """Names a scene's field by all it holds: a field that is named alike would keep the words of the scene before."""
    return hash((scene.page, scene.caption, tuple(scene.address.items())))


def _swap(own: list[Scene], i: int, j: int) -> None:
    own[i], own[j] = own[j], own[i]


def _extend(own: list[Scene], more: Sequence[Scene]) -> None:
    own.extend(more)
    st.session_state[Widget.PRESENT_DECK] = OWN
