"""Compare: a ladder of β, or any models of one latent size, under one hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.errors import ExplorerError
from explorer.export import html_page
from explorer.live import compare_payload as live
from explorer.live.address import numbers
from explorer.store import Checkpoint
from explorer.ui.parts import export_menu, ladder_panel, shared, sweep_form
from explorer.ui.parts.ladders import MOST, kin, ladders, mismatch, rungs

OWN = "my own choice …"
TABS = ("columns", "ladder", "factors", "two-way")
WHOLE = ("lead", "strand", "image", "seed", "rows", "factor")
WORDS = ("plane", "colour")
NUMBERS = ("offset", "turn", "sprite")


def show() -> None:
    """The page."""
    text, menu, away = st.columns([10, 8, 3], gap="medium", vertical_alignment="center")
    text.markdown(
        "**The same model, paid differently.** β weighs the rate: as it rises, distortion rises, codes carry less, and "
        "what is left may come apart into single factors."
    )
    found = shared.checkpoints()
    with menu:
        models = _choose(found)
    if models:
        _compare(found, models, away)
    sweep_form.show()


def _compare(found: Sequence[Checkpoint], models: Sequence[Checkpoint], away: DeltaGenerator) -> None:
    try:
        ready = [shared.opened(c) for c in models]
        if sentence := mismatch(ready):
            st.info(sentence)
            return
        with away:
            states = [st.session_state.setdefault(name, {}) for name in ("compare", "compare begin")]
            export_menu.popover("compare", partial(_shown, ready, states), ready, _called(ready))
        _bench(ready)
        ladder_panel.show(_runs(found, ready))
    except ExplorerError as error:
        st.error(str(error))


# --- which models ---


def _arrive(by_name: Mapping[str, Checkpoint], offered: Mapping[str, list[Checkpoint]]) -> None:
    """Take the models from the link that was opened, or from the visit so far."""
    session = st.session_state
    session.pop("compare begin", None)
    names, session["not among them"] = shared.linked(by_name, session.get("side by side", []), MOST)
    same = [label for label, runs in offered.items() if [c.name for c in rungs(runs)] == names]
    session["ladder"] = same[0] if same else OWN if names or not offered else next(iter(offered))
    session["own columns"] = names
    session[ladder_panel.SHOWN] = st.query_params.get("charts") == "1"


def _choose(found: list[Checkpoint]) -> list[Checkpoint]:
    """Models from the address, a ladder, or by hand; β rising."""
    by_name, offered = {c.name: c for c in found}, ladders(found)
    if shared.arrived("compare"):
        _arrive(by_name, offered)
    if st.session_state.get("ladder") not in [*offered, OWN]:  # deleted since
        st.session_state["ladder"] = next(iter([*offered, OWN]))
    label = st.selectbox("Models", [*offered, OWN], key="ladder", label_visibility="collapsed")
    if label != OWN:
        models = rungs(offered[label])
        st.session_state["own columns"] = [c.name for c in models]
    else:
        names = st.multiselect(
            "Models",
            list(by_name),
            key="own columns",
            max_selections=MOST,
            label_visibility="collapsed",
            placeholder="Choose models of one latent size",
        )
        models = sorted((by_name[n] for n in names), key=_rung)
    st.session_state["side by side"] = [c.name for c in models]
    if sentence := st.session_state.get("not among them"):
        st.info(sentence)
    return _enough(models)


def _rung(checkpoint: Checkpoint) -> tuple[bool, float, str]:
    m = checkpoint.manifest
    return m.model.posterior != "point", m.objective.beta, checkpoint.name


def _runs(found: Sequence[Checkpoint], models: Sequence[Checkpoint]) -> list[Checkpoint]:
    """The models, and every other run that differs from one of them in β and seed alone."""
    kinds = {kin(c) for c in models if c.manifest.model.posterior != "point"}
    return sorted((c for c in found if kin(c) in kinds), key=_rung)


def _enough(models: list[Checkpoint]) -> list[Checkpoint]:
    if len(models) > 1:
        return models
    st.query_params.from_dict({"models": ",".join(c.name for c in models)})
    st.info(mismatch(models))
    return []


# --- the columns ---


def titled(models: Sequence[Checkpoint]) -> list[str]:
    """β, and the name where that is not enough."""
    short = [
        "AE" if c.manifest.model.posterior == "point" else f"β = {c.manifest.objective.beta:g}"
        for c in models
    ]
    return [t if short.count(t) == 1 else f"{t}, {c.name}" for t, c in zip(short, models, strict=True)]


def _called(models: Sequence[Checkpoint]) -> str:
    """A ladder by what its models share, others by their names."""
    label = str(st.session_state.get("ladder", OWN))
    return " · ".join(c.name for c in models) if label == OWN else label


def _shown(models: Sequence[Checkpoint], states: Sequence[Mapping[str, dict[str, Any]]]) -> html_page.View:
    """What is under the hand now, to be taken away: the first of `states` that knows these models."""
    key = shared.key_of(models)
    return view(models, next((known[key] for known in states if key in known), {}))


def view(models: Sequence[Checkpoint], state: Mapping[str, Any], caption: str = "") -> html_page.View:
    """The live view of these models, beginning at `state`; of their files it has those that this page asks for.

    No sprites can be drawn and encoded in it, for that needs the encoders, which are not taken away.
    """
    described = []
    for number, (c, title) in enumerate(zip(models, titled(models), strict=True)):
        told = live.describe(c, title) | {"sprites": False, "projections": [], "originals": number == 0}
        told["columns"] = [column for column in told["columns"] if "names" in column]
        del told["sources"]
        described.append(told)
    data = {"models": described, **live.relations(models), "state": dict(state)}
    return html_page.View("compare", data, models, caption)


@st.fragment
def _bench(models: list[Checkpoint]) -> None:
    """The component, beginning where it was left: in this visit, or in the link that was opened."""
    key = shared.key_of(models)
    kept: dict[str, dict[str, Any]] = st.session_state.setdefault("compare", {})
    begin: dict[str, dict[str, Any]] = st.session_state.setdefault("compare begin", {})
    if key not in begin:
        # within one stay it must not change: what is sent back would fight with the hand on the slider
        begin[key] = kept.get(key) or from_address(st.query_params)
    described = [live.describe(c, title) for c, title in zip(models, titled(models), strict=True)]
    state = live.comparison(described, live.relations(models), key=f"compare {key}", state=begin[key])
    if state:
        kept[key] = state
    names = ",".join(c.name for c in models)
    charts = {"charts": "1"} if st.session_state.get(ladder_panel.SHOWN) else {}
    st.query_params.from_dict({"models": names} | to_address(state or begin[key]) | charts)


# --- the address ---


def to_address(state: Mapping[str, Any]) -> dict[str, str]:
    """Query parameters of a settled state; what is not set is left out."""
    found = {name: str(state[name]) for name in ("tab", *WHOLE) if state.get(name) is not None}
    found |= {name: str(state[name]) for name in WORDS if state.get(name)}
    if state.get("at"):
        found["at"] = f"{state['at']:g}"
    for name in NUMBERS:
        if any(values := state.get(name) or []):
            found[name] = ",".join(f"{value:.4g}" for value in values)
    return found


def from_address(address: Mapping[str, str]) -> dict[str, Any]:
    """The state that `to_address` wrote; whatever is not well-formed is left out, since people edit links."""
    state: dict[str, Any] = {}
    if (tab := address.get("tab")) in TABS:
        state["tab"] = tab
    for name in WHOLE:
        if (text := address.get(name, "")).isdecimal() and len(text) < 11:
            state[name] = int(text)
    state |= {name: address[name][:80] for name in WORDS if address.get(name)}
    for name in NUMBERS:
        if values := numbers(address.get(name, "")):
            state[name] = values
    if at := numbers(address.get("at", "")):
        state["at"] = at[0]
    return state
