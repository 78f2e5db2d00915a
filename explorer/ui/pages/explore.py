"""Explore: one checkpoint on the live stage, its map, its sliders and its walks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np
import streamlit as st

from explorer import environment, jobs
from explorer.errors import ExplorerError
from explorer.export import html_page
from explorer.latents.projection import METHODS
from explorer.live.choice import ready
from explorer.live.schema import StageState
from explorer.live.stage import stage, stage_data
from explorer.reports import stored_projections
from explorer.store import Checkpoint
from explorer.ui.parts import export_menu, job_view, model_picker
from explorer.ui.parts.foreign_text import plain
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
        st.error(plain(error))
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
    missing = {_job(checkpoint, method): method for method in METHODS if method not in stored}
    if not missing:
        return
    busy = any(status.active for job in missing if (status := jobs.status(job)))
    began = session().maps == key_of([checkpoint])  # in this visit, however it went on
    with st.expander("More maps: UMAP and t-SNE", expanded=busy or began):
        st.caption("They keep neighbours together, but there is no way back from the map to a code.")
        job_view.watch(lambda: list(missing), partial(_progress, checkpoint, missing))


def _job(checkpoint: Checkpoint, method: str) -> Path:
    return job_view.folder(checkpoint, "project", method)


def _progress(checkpoint: Checkpoint, missing: Mapping[Path, str], statuses: job_view.Statuses) -> None:
    """The jobs as they stand, and a button for each map that is neither there nor on its way."""
    ready = [method for method in missing.values() if method in stored_projections(checkpoint)]
    for method in ready:
        st.toast(f"{METHODS[method]} is ready: choose it in the menu above the map.")
    if ready:
        st.rerun()
    job_view.bars(statuses, lambda job: METHODS[missing[job]], "computed")
    with st.container(horizontal=True):
        for job, method in missing.items():
            idle = not ((status := statuses[job]) and status.active)
            if idle and st.button(f"Compute {METHODS[method]}", key=f"start {method}"):
                _start(checkpoint, method)


def _start(checkpoint: Checkpoint, method: str) -> None:
    try:
        job_view.submit(_job(checkpoint, method), "project", checkpoint, method=method)
    except ExplorerError as error:
        st.error(plain(error))
    else:
        session().maps = key_of([checkpoint])
        st.rerun()
