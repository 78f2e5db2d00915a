"""Compare: a ladder of β, or any models of one latent size, under one hand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from explorer.export import html_page
from explorer.live import titles
from explorer.live.compare_payload import compare_data, comparison
from explorer.live.schema import CompareState
from explorer.store import Checkpoint
from explorer.ui.parts import export_menu, ladder_panel, model_picker, sweep_form
from explorer.ui.parts.ladders import MOST, kin, ladders, mismatch, rungs
from explorer.ui.session import Bench, Widget, key_of, session


def show() -> None:
    """The page."""
    text, menu, away = st.columns([10, 8, 3], gap="medium", vertical_alignment="center")
    text.markdown(
        "**The same model, paid differently.** β weighs the rate: as it rises, distortion rises, codes carry less, and "
        "what is left may come apart into single factors."
    )
    found = model_picker.checkpoints()
    if session().page != "compare":
        st.session_state[Widget.COMPARE_CHARTS] = st.query_params.get("charts") == "1"
    offered = {label: rungs(runs) for label, runs in ladders(found).items()}
    keys, bench = (Widget.COMPARE_LADDER, Widget.COMPARE_MODELS), session().compare
    with menu:
        picked = model_picker.pick_several("compare", bench, found, offered, keys, MOST, mismatch)
    models = sorted(picked, key=_rung)
    if models:
        with away:
            view = partial(_view, models, bench)
            export_menu.popover("compare", view, models, _title(models))
        _bench(models)
        ladder_panel.show(_runs(found, models))
    sweep_form.show()


def _rung(checkpoint: Checkpoint) -> tuple[bool, float, str]:
    m = checkpoint.manifest
    return m.model.posterior != "point", m.objective.beta, checkpoint.name


def _runs(found: Sequence[Checkpoint], models: Sequence[Checkpoint]) -> list[Checkpoint]:
    """The models, and every other run that differs from one of them in β and seed alone."""
    kinds = {kin(c) for c in models if c.manifest.model.posterior != "point"}
    return sorted((c for c in found if kin(c) in kinds), key=_rung)


def _title(models: Sequence[Checkpoint]) -> str:
    """A ladder by what its models share, others by their names."""
    label = str(st.session_state[Widget.COMPARE_LADDER])
    return " · ".join(c.name for c in models) if label == model_picker.OWN else label


def _view(models: list[Checkpoint], bench: Bench[CompareState]) -> html_page.View:
    """What is under the hand now, to be taken away."""
    return html_page.steering(models, bench.state(models))


@st.fragment
def _bench(models: list[Checkpoint]) -> None:
    """The component, beginning where it was left: in this visit, or in the link that was opened."""
    bench = session().compare
    begin = bench.beginning(models, lambda: CompareState.from_link(st.query_params))
    data = compare_data(models, titles.betas(models), begin)
    state = comparison(data, key=f"compare {key_of(models)}")
    bench.keep(models, state)
    link = {"models": ",".join(c.name for c in models)} | (state or begin).to_link()
    st.query_params.from_dict(link | ({"charts": "1"} if st.session_state.get(Widget.COMPARE_CHARTS) else {}))
