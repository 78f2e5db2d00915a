"""Explore: the map, the sliders and the walks of one checkpoint."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np
import streamlit as st

from explorer import data, environment, jobs
from explorer.export import html_page
from explorer.latents.projection import METHODS
from explorer.live.choice import ready
from explorer.live.schema import DirectionAct, StageState
from explorer.live.stage import label_of, stage, stage_data
from explorer.reports import stored_projections
from explorer.store import Checkpoint
from explorer.store.saved_directions import SavedDirection, delete_direction, save_direction
from explorer.ui.parts import export_menu, job_view, model_picker, probe_panel, words_panel
from explorer.ui.parts.foreign_text import plain, show_errors
from explorer.ui.session import key_of, session

MAP = "**Every dot is an image, placed by its code.** Drag a slider, or move over the map."
WORDS = "**Every image this model can draw is made of words.** Press one, or change the code."
LINE = "**One number describes the whole image.** Drag the slider: every point on the line decodes."


def show() -> None:
    """The page."""
    checkpoints = model_picker.checkpoints()
    text, menu, export = st.columns([10, 8, 3], gap="medium", vertical_alignment="center")
    with menu:
        checkpoint = model_picker.pick_one(checkpoints)
    model = checkpoint.manifest.model
    text.markdown(WORDS if model.code else LINE if model.latent_size == 1 else MAP)
    with show_errors():
        checkpoint = ready(checkpoint)
        bench = session().explore
        bench.beginning([checkpoint], partial(_beginning, checkpoint))
        with export:
            export_menu.popover(
                "explore",
                lambda: html_page.exploring(checkpoint, bench.state([checkpoint])),
                [checkpoint],
                checkpoint.name,
            )
        _stage(checkpoint)
        if credit := data.attribution(checkpoint.manifest.data.data):
            st.caption(plain(credit))
        probe_panel.show(checkpoint)
        words_panel.show_classes(checkpoint)
        words_panel.show_prior(checkpoint)
        if model.latent_size > 2 and not model.code and not environment.read_only():
            _projections(checkpoint)


def _beginning(checkpoint: Checkpoint) -> StageState:
    """The link's state; else the test image and the colouring of the previous model. Codes are not taken over: those
    of one model mean nothing to another."""
    linked = session().explore.linked or StageState()
    if linked != StageState():
        return linked
    other, state = session().latest or (None, StageState())
    if other is None or state.selected is None or other.manifest.data != checkpoint.manifest.data:
        return StageState()
    if not np.array_equal(other.codes.index, checkpoint.codes.index):
        return StageState()
    z = checkpoint.codes.mean[state.selected].tolist()
    label = label_of(checkpoint, state.selected)
    return StageState(selected=state.selected, z=z, colour=state.colour, label=label)


@st.fragment
def _stage(checkpoint: Checkpoint) -> None:
    bench = session().explore
    begin = bench.beginning([checkpoint], partial(_beginning, checkpoint))
    key = f"stage {key_of([checkpoint])}"
    state = stage(stage_data(checkpoint, begin), key=key, act=partial(_act, checkpoint))
    bench.keep([checkpoint], state)
    if state:
        session().latest = checkpoint, state
    st.query_params.from_dict({"checkpoint": checkpoint.name} | (state or begin).to_link())


def _act(checkpoint: Checkpoint, act: DirectionAct) -> None:
    """Save a direction with the checkpoint, or delete one, and show what is saved now."""
    with show_errors():
        if act.do == "delete":
            delete_direction(checkpoint, act.direction.name)
        elif act.direction.name:
            save_direction(checkpoint, SavedDirection.model_validate(act.direction))
        st.rerun(scope="fragment")


# --- further maps ---


def _projections(checkpoint: Checkpoint) -> None:
    stored = stored_projections(checkpoint)
    missing = {
        job_view.folder(checkpoint, "project", method): method for method in METHODS if method not in stored
    }
    if not missing:
        return
    busy = any(status.active for job in missing if (status := jobs.status(job)))
    requested = session().maps == key_of([checkpoint])
    with st.expander("More maps: UMAP and t-SNE", expanded=busy or requested):
        st.caption("They keep neighbours together, but a place on the map cannot be decoded.")
        job_view.watch(lambda: list(missing), partial(_progress, checkpoint, missing))


def _progress(checkpoint: Checkpoint, missing: Mapping[Path, str], statuses: job_view.Statuses) -> None:
    """Progress of the jobs, and a button for each map that is not computed and not queued."""
    complete = [method for method in missing.values() if method in stored_projections(checkpoint)]
    for method in complete:
        st.toast(f"{METHODS[method]} is ready: choose it in the menu above the map.")
    if complete:
        st.rerun()
    job_view.bars(statuses, lambda job: METHODS[missing[job]], "computed")
    with st.container(horizontal=True):
        for job, method in missing.items():
            idle = not ((status := statuses[job]) and status.active)
            if idle and st.button(f"Compute {METHODS[method]}", key=f"start {method}"):
                with show_errors():
                    job_view.submit(job, "project", checkpoint, method=method)
                    session().maps = key_of([checkpoint])
                    st.rerun()
