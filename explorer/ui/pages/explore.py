"""Explore: one checkpoint on the live stage, its map, its sliders and its walks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st

from explorer import environment
from explorer.errors import ExplorerError
from explorer.export import html_page
from explorer.jobs import process as jobs
from explorer.latents.projection import METHODS
from explorer.live.choice import ready
from explorer.live.schema import StageState
from explorer.live.stage import stage, stage_data
from explorer.reports import stored_projections
from explorer.store import Checkpoint
from explorer.ui.parts import export_menu, model_picker, shared
from explorer.ui.session import Bench, key_of, session

MAP = "**Every dot is an image, placed by its code.** Drag a slider, or move over the map."
LINE = "**One number holds the whole image.** Drag the slider: every place on the line decodes."


def show() -> None:
    """The page."""
    found = model_picker.checkpoints()
    text, menu, away = st.columns([10, 8, 3], gap="medium", vertical_alignment="center")
    with menu:
        checkpoint = model_picker.pick_one(found)
    text.markdown(LINE if checkpoint.manifest.model.latent_size == 1 else MAP)
    try:
        checkpoint = ready(checkpoint)
    except ExplorerError as error:
        st.error(str(error))
        return
    bench = session().explore
    bench.beginning([checkpoint], partial(_beginning, checkpoint))
    with away:
        export_menu.popover("explore", partial(_view, checkpoint, bench), [checkpoint], checkpoint.name)
    _stage(checkpoint)
    if checkpoint.manifest.model.latent_size > 2 and not environment.read_only():
        _projections(checkpoint)


def _view(checkpoint: Checkpoint, bench: Bench[StageState]) -> html_page.View:
    """What is on the stage now, to be taken away."""
    return html_page.exploring(checkpoint, bench.state([checkpoint]))


def _beginning(checkpoint: Checkpoint) -> StageState:
    """As the link says, else at the test image that was shown with the model before."""
    linked = session().explore.linked or StageState()
    return linked if linked != StageState() else _carried(checkpoint)


def _carried(checkpoint: Checkpoint) -> StageState:
    """What one model takes over from another: the test image, encoded anew, and its colouring. No codes: those of
    one model mean nothing to another."""
    other, state = session().latest or (None, StageState())
    if other is None or state.selected is None or other.manifest.data != checkpoint.manifest.data:
        return StageState()
    if not np.array_equal(other.codes.index, checkpoint.codes.index):
        return StageState()
    z = checkpoint.codes.mean[state.selected].tolist()
    return StageState(selected=state.selected, z=z, colour=state.colour)


@st.fragment
def _stage(checkpoint: Checkpoint) -> None:
    bench = session().explore
    begin = bench.beginning([checkpoint], partial(_beginning, checkpoint))
    state = stage(stage_data(checkpoint, begin), key=f"stage {key_of([checkpoint])}")
    bench.keep([checkpoint], state)
    if state:
        session().latest = checkpoint, state
    st.query_params.from_dict({"checkpoint": checkpoint.name} | (state or begin).to_link())


# --- further maps ---


def _projections(checkpoint: Checkpoint) -> None:
    stored = stored_projections(checkpoint)
    missing = [method for method in METHODS if method not in stored]
    if not missing:
        return
    running = any(jobs.running(shared.job(checkpoint, method)) for method in missing)
    began = session().maps == key_of([checkpoint])  # in this visit, however it went on
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
        session().maps = key_of([checkpoint])
        st.rerun()
