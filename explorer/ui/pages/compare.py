"""Compare: one set of sliders for a ladder of β, or for any models of one latent size."""

from collections.abc import Sequence

import streamlit as st

from explorer.export import html_page
from explorer.live import titles
from explorer.live.choice import stored_models
from explorer.live.compare_payload import compare_data, comparison
from explorer.live.schema import CompareState
from explorer.store import Checkpoint
from explorer.ui.parts import export_menu, ladder_panel, model_picker, sweep_form, water_panel
from explorer.ui.parts.foreign_text import plain
from explorer.ui.parts.ladders import (
    MAX_MODELS,
    budget_differences,
    kin,
    ladders,
    mismatch,
    mixed_ladders,
    ranges,
    rungs,
)
from explorer.ui.session import Widget, key_of, session

PANELS = {"water": Widget.COMPARE_WATER, "charts": Widget.COMPARE_CHARTS}
"""The panels below the columns, by their parameter in a link."""


def show() -> None:
    """The page."""
    text, menu, export = st.columns([10, 8, 3], gap="medium", vertical_alignment="center")
    text.markdown(
        "**Different β, side by side.** β weighs the rate: as it rises, distortion rises, codes carry less, and "
        "the dimensions that remain may separate into single factors."
    )
    checkpoints = model_picker.checkpoints()
    if session().page != "compare":
        for panel, key in PANELS.items():
            st.session_state[key] = st.query_params.get(panel) == "1"
    proposals = {
        label: rungs(runs) for label, runs in (ladders(checkpoints) | mixed_ladders(checkpoints)).items()
    } | ranges(checkpoints)
    keys, bench = (Widget.COMPARE_LADDER, Widget.COMPARE_MODELS), session().compare
    with menu:
        models = model_picker.pick_several(
            "compare", bench, checkpoints, proposals, keys, MAX_MODELS, mismatch
        )
    models = sorted(models, key=_rung)
    if models:
        with export:
            export_menu.popover(
                "compare", lambda: html_page.steering(models, bench.state(models)), models, _title(models)
            )
        if differences := budget_differences(models):
            st.caption(
                plain(
                    f"Not the same budget: these models also differ in {', '.join(differences)}, so β alone does not "
                    "explain what differs between them."
                )
            )
        _bench(models)
        water_panel.show(models)
        ladder_panel.show(_runs(checkpoints, models))
    sweep_form.show()


def _rung(checkpoint: Checkpoint) -> tuple[bool, bool, float, str]:
    m = checkpoint.manifest
    return not m.plain, m.model.beta_range is not None, m.beta, checkpoint.name


def _runs(checkpoints: Sequence[Checkpoint], models: Sequence[Checkpoint]) -> list[Checkpoint]:
    """The models, and every other run that differs from one of them in β and seed alone."""
    kinds = {kin(c) for c in models if not c.manifest.plain}
    return sorted((c for c in checkpoints if kin(c) in kinds), key=_rung)


def _title(models: Sequence[Checkpoint]) -> str:
    """The ladder's label, or the names of models that were chosen by hand."""
    label = str(st.session_state[Widget.COMPARE_LADDER])
    return " · ".join(c.name for c in models) if label == model_picker.OWN else label


@st.fragment
def _bench(models: list[Checkpoint]) -> None:
    """The component, from its last state in this visit or from the link."""
    bench = session().compare
    begin = bench.beginning(models, lambda: CompareState.from_link(st.query_params))
    data = compare_data(models, titles.betas(models), begin, stored_models()[0])
    state = comparison(data, key=f"compare {key_of(models)}")
    bench.keep(models, state)
    link = {"models": ",".join(c.name for c in models)} | (state or begin).to_link()
    st.query_params.from_dict(
        link | {panel: "1" for panel, key in PANELS.items() if st.session_state.get(key)}
    )
