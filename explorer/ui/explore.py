"""Explore: one checkpoint on the live stage, its map, its sliders and its walks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from explorer import jobs
from explorer.latents import project
from explorer.live import stage
from explorer.store import Checkpoint
from explorer.ui import shared
from explorer.ui.address import PARAMETERS, from_address, to_address


def show() -> None:
    """The page."""
    st.markdown(
        "**Every dot is an image, placed by its code.** Drag a slider, or move over the map: each code decodes."
    )
    checkpoint = _choose()
    _stage(checkpoint)
    if checkpoint.manifest.model.latent_size > 2:
        _projections(checkpoint)


def _choose() -> Checkpoint:
    found = {c.name: c for c in shared.checkpoints()}
    first = next((i for i, c in enumerate(found.values()) if c.manifest.model.posterior != "point"), 0)
    name = st.selectbox(
        "Checkpoint",
        list(found),
        index=first,
        format_func=lambda n: f"{shared.describe(found[n])} — {n}",
        key="checkpoint",
        bind="query-params",
        label_visibility="collapsed",
    )
    return found[name]


@st.fragment
def _stage(checkpoint: Checkpoint) -> None:
    """The stage, beginning where it was left: in this visit, or in the link that was opened."""
    ready, _ = shared.opened(str(checkpoint.path), checkpoint.version)
    kept: dict[str, dict[str, Any]] = st.session_state.setdefault("stages", {})
    begin: dict[str, dict[str, Any]] = st.session_state.setdefault("begin", {})
    linked = from_address(st.query_params) if not kept else {}
    if shared.arrived("explore") or checkpoint.name not in begin:
        # within one stay it must not change: what is sent back would fight with the hand on the slider
        begin[checkpoint.name] = kept.get(checkpoint.name, linked)
    placed = [(name, label) for name, label in project.METHODS.items() if project.stored(ready, name)]
    state = stage(
        ready,
        key=f"stage {checkpoint.name} {checkpoint.version}",
        state=begin[checkpoint.name],
        placements=placed,
    )
    if state:
        kept[checkpoint.name] = state
    address = to_address(state or begin[checkpoint.name])
    for name in PARAMETERS:
        if name in address:
            st.query_params[name] = address[name]
        else:
            st.query_params.pop(name, None)


def _job(checkpoint: Checkpoint, method: str) -> Path:
    return jobs.runs_folder() / f"{method}-{checkpoint.name}-{checkpoint.version}"


def _projections(checkpoint: Checkpoint) -> None:
    missing = [m for m in project.METHODS if not project.stored(checkpoint, m)]
    if not missing:
        return
    running = [m for m in missing if (s := jobs.status(_job(checkpoint, m))) and s.state == "running"]
    with st.expander("More maps: UMAP and t-SNE", expanded=bool(running)):
        st.caption("They keep neighbours together, but there is no way back from the map to a code.")
        st.fragment(_progress, run_every=0.5 if running else None)(checkpoint, missing)


def _progress(checkpoint: Checkpoint, missing: list[str]) -> None:
    for method in missing:
        label, folder = project.METHODS[method], _job(checkpoint, method)
        status = jobs.status(folder)
        if project.stored(checkpoint, method):
            st.rerun()
        if status and status.state == "running":
            left = f", about {status.seconds_left:.0f} s left" if status.seconds_left is not None else ""
            bar, button = st.columns([6, 1], vertical_alignment="center")
            bar.progress(status.fraction, f"{label}: {status.message}{left}")
            if button.button("Stop", key=f"stop {method}"):
                jobs.stop(folder)
            continue
        if status and status.state == "failed":
            st.error(status.message)
        if st.button(f"Compute {label}", key=f"start {method}"):
            place = ["--folder", str(checkpoint.path.parent)]
            jobs.start(folder, ["project", checkpoint.name, "--method", method, *place])
            st.rerun()
