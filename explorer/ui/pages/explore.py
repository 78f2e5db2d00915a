"""Explore: one checkpoint on the live stage, its map, its sliders and its walks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from explorer import environment
from explorer.errors import ExplorerError
from explorer.export import html_page
from explorer.jobs import process as jobs
from explorer.latents.projection import METHODS
from explorer.live.address import from_address, to_address
from explorer.live.stage import stage, stage_data
from explorer.reports import stored_projections
from explorer.store import Checkpoint
from explorer.ui.parts import export_menu, shared

MAP = "**Every dot is an image, placed by its code.** Drag a slider, or move over the map."
LINE = "**One number holds the whole image.** Drag the slider: every place on the line decodes."


def show() -> None:
    """The page."""
    found = shared.checkpoints()
    text, menu, away = st.columns([10, 8, 3], gap="medium", vertical_alignment="center")
    if shared.arrived("explore"):
        _arrive(found)
    with menu:
        checkpoint = _choose(found)
    text.markdown(LINE if checkpoint.manifest.model.latent_size == 1 else MAP)
    if sentence := st.session_state.get("unknown"):
        st.info(sentence)
    try:
        ready = shared.opened(checkpoint)
    except ExplorerError as error:
        st.error(str(error))
        return
    with away:
        shown = partial(_shown, ready, st.session_state.setdefault("stages", {}), _begin(ready))
        export_menu.popover("explore", shown, [ready], ready.name)
    _stage(ready)
    if ready.manifest.model.latent_size > 2 and not environment.read_only():
        _projections(ready)


# --- which checkpoint, and where it begins ---


def _arrive(found: Sequence[Checkpoint]) -> None:
    """Take the checkpoint, and where it begins, from the link that was opened, or from the visit so far."""
    session = st.session_state
    name, linked, unknown = meant(found, st.query_params.to_dict(), session.get("explored"))
    session.update(checkpoint=name, linked=linked, unknown=unknown, begin=None)


def meant(
    found: Sequence[Checkpoint], address: Mapping[str, str], explored: str | None = None
) -> tuple[str, dict[str, Any], str | None]:
    """What a link asks for: the name of a checkpoint, the state in which it begins, and a sentence if it is another
    one than was asked for. explored: the one that was shown in this visit before."""
    names, asked = [c.name for c in found], address.get("checkpoint")
    name = next(n for n in (asked, explored, _first(found)) if n in names)
    if asked is None or asked in names:
        return name, from_address(address), None
    return (
        name,
        {},  # the rest of the link is about another model
        f"The link asks for the checkpoint {asked[:80]!r}, which is not among those here; this is another one.",
    )


def _first(found: Sequence[Checkpoint]) -> str:
    """The first whose codes make a map in which every place means something."""
    good = (
        c.name for c in found if c.manifest.model.posterior != "point" and c.manifest.model.latent_size > 1
    )
    return next(good, found[0].name)


def _choose(found: Sequence[Checkpoint]) -> Checkpoint:
    by_name = {c.name: c for c in found}
    if st.session_state.get("checkpoint") not in by_name:  # deleted since
        st.session_state["checkpoint"] = _first(found)
    name = st.selectbox(
        "Checkpoint",
        list(by_name),
        format_func=lambda n: f"{shared.describe(by_name[n])} — {n}",
        key="checkpoint",
        on_change=_chosen,
        label_visibility="collapsed",
    )
    st.session_state["explored"] = name
    return by_name[name]


def _chosen() -> None:
    st.session_state["unknown"] = None
    st.session_state["linked"] = {}  # what the link said was about the model that it named


def _begin(checkpoint: Checkpoint) -> dict[str, Any]:
    """Where the stage begins: where it was left in this visit, else as the link says, else at the test image that
    was shown with the model before.

    Within one stay it must not change: what is sent back would fight with the hand on the slider.
    """
    session, key = st.session_state, _key(checkpoint)
    kept: dict[str, dict[str, Any]] = session.setdefault("stages", {})
    if session.get("begin") is None or session["begin"][0] != key:
        session["begin"] = (key, kept.get(key) or session["linked"] or _carried(checkpoint))
    begin: dict[str, Any] = session["begin"][1]
    return begin


def _carried(checkpoint: Checkpoint) -> dict[str, Any]:
    """What one model takes over from another: the test image, encoded anew, and its colouring. No codes: those of
    one model mean nothing to another."""
    before: tuple[Checkpoint, dict[str, Any]] | None = st.session_state.get("latest")
    if before is None:
        return {}
    other, state = before
    row = state.get("selected")
    if other.manifest.data != checkpoint.manifest.data or not isinstance(row, int):
        return {}
    if not np.array_equal(other.codes.index, checkpoint.codes.index):
        return {}
    return {"selected": row, "z": checkpoint.codes.mean[row].tolist(), "colour": state.get("colour")}


def _key(checkpoint: Checkpoint) -> str:
    return shared.key_of([checkpoint])


# --- the stage ---


def _shown(
    checkpoint: Checkpoint, kept: Mapping[str, dict[str, Any]], begin: dict[str, Any]
) -> html_page.View:
    """What is on the stage now, to be taken away."""
    return html_page.exploring(checkpoint, kept.get(_key(checkpoint), begin))


@st.fragment
def _stage(checkpoint: Checkpoint) -> None:
    begin = _begin(checkpoint)
    state = stage(stage_data(checkpoint, begin), key=f"stage {_key(checkpoint)}")
    if state:
        st.session_state["stages"][_key(checkpoint)] = state
        st.session_state["latest"] = (checkpoint, state)
    st.query_params.from_dict({"checkpoint": checkpoint.name} | to_address(state or begin))


# --- further maps ---


def _projections(checkpoint: Checkpoint) -> None:
    stored = stored_projections(checkpoint)
    missing = [method for method in METHODS if method not in stored]
    if not missing:
        return
    running = any(jobs.running(shared.job(checkpoint, method)) for method in missing)
    began = st.session_state.get("maps") == _key(checkpoint)  # in this visit, however it went on
    with st.expander("More maps: UMAP and t-SNE", expanded=running or began):
        st.caption("They keep neighbours together, but there is no way back from the map to a code.")
        st.fragment(_progress, run_every=0.5 if running else None)(checkpoint, missing, running)


def _progress(checkpoint: Checkpoint, missing: Sequence[str], watching: bool) -> None:
    """The jobs as they stand. The page runs again when one begins, and when the last has ended."""
    statuses = {method: jobs.status(shared.job(checkpoint, method)) for method in missing}
    done = [method for method in missing if method in stored_projections(checkpoint)]
    for method in done:
        st.toast(f"{METHODS[method]} is ready: choose it in the menu above the map.")
    running = any(status and status.state == "running" for status in statuses.values())
    if done or running != watching:
        st.rerun()
    for method, status in statuses.items():
        if status and status.state == "running":
            label = METHODS[method]
            stop = partial(jobs.stop, shared.job(checkpoint, method))
            shared.bar(status.fraction, f"{label}: {status.text()}", f"stop {method}", stop)
        elif status and status.state == "failed":
            st.error(status.message)
    idle = [method for method, status in statuses.items() if status is None or status.state != "running"]
    with st.container(horizontal=True):
        for method in idle:
            if st.button(f"Compute {METHODS[method]}", key=f"start {method}"):
                _start(checkpoint, method)


def _start(checkpoint: Checkpoint, method: str) -> None:
    place = ["--folder", str(checkpoint.path.parent)]
    try:
        jobs.start(shared.job(checkpoint, method), ["project", checkpoint.name, "--method", method, *place])
    except ExplorerError as error:
        st.error(str(error))
    else:
        st.session_state["maps"] = _key(checkpoint)
        st.rerun()
