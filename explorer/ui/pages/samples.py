"""Samples: the same random codes through two to four models, live, with what explains and what judges them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Any

import streamlit as st

from explorer.errors import ExplorerError
from explorer.export import html_page
from explorer.live import denoise
from explorer.live import samples_payload as live
from explorer.metrics.sample_quality import DENSITIES, measures
from explorer.store import Checkpoint
from explorer.ui.parts import export_menu, sample_scores, shared

MOST = 4
OWN = "my own choice …"
TABS = ("codes", "rebuilt", "line")


def show() -> None:
    """The page."""
    text, away = st.columns([18, 3], gap="medium", vertical_alignment="center")
    text.markdown(
        "**The same random codes, through every model.** A plain AE decodes a random code well only by luck: nothing "
        "says where its codes lie. A VAE was trained to make something of every code that N(0, I) draws, and pays "
        "with blur."
    )
    chosen = _choose(shared.checkpoints())
    if chosen:
        with away:
            states = [st.session_state.setdefault(name, {}) for name in ("samples", "samples begin")]
            export_menu.popover("samples", partial(_shown, chosen, states), chosen, _names(chosen))
        _bench(chosen)


# --- which models ---


def proposals(found: Sequence[Checkpoint]) -> dict[str, list[Checkpoint]]:
    """Models worth comparing: a plain AE and up to three of increasing β, of one data set and latent size.

    The richest comparison comes first; names are unique.
    """

    def kin(c: Checkpoint) -> tuple[str, int, tuple[int, ...]]:
        return c.manifest.data.model_dump_json(), c.manifest.model.latent_size, c.manifest.image_shape

    offered: dict[str, list[Checkpoint]] = {}
    for _, group in groupby(sorted(found, key=kin), key=kin):
        members = sorted(group, key=lambda c: (c.manifest.objective.beta, c.name))
        plain = [c for c in members if c.manifest.model.posterior == "point"]
        variational = [c for c in members if c.manifest.model.posterior != "point"]
        if plain and variational:
            models = [plain[0], *variational[: MOST - 1]]
            offered.setdefault(_label(models), models)
    return dict(
        sorted(offered.items(), key=lambda item: (item[1][0].manifest.model.latent_size == 1, -len(item[1])))
    )


def _label(models: Sequence[Checkpoint]) -> str:
    m = models[0].manifest
    kinds = " · ".join(title(c) for c in models)
    return f"{m.data.data}, {shared.latents(m.model.latent_size)}: {kinds}"


def title(checkpoint: Checkpoint) -> str:
    """AE, VAE, or β-VAE with its β."""
    return shared.describe(checkpoint).split(" · ")[0]


def mismatch(models: Sequence[Checkpoint]) -> str:
    """Why these models cannot be compared, in a sentence; empty if they can."""
    if len(models) < 2:
        return "Choose two to four models to compare."
    return shared.unlike(models, "the same code cannot go through both")


def _names(models: Sequence[Checkpoint]) -> str:
    return ",".join(c.name for c in models)


def _arrive(by_name: Mapping[str, Checkpoint], offered: Mapping[str, Sequence[Checkpoint]]) -> None:
    """Take the models from the link that was opened, or from the visit so far."""
    session = st.session_state
    session.pop("samples begin", None)
    names, session["not here"] = shared.linked(by_name, session.get("compared", []), MOST)
    same = [label for label, models in offered.items() if [c.name for c in models] == names]
    session["proposal"] = same[0] if same else OWN if names or not offered else next(iter(offered))
    session["own models"] = names


def _choose(found: list[Checkpoint]) -> list[Checkpoint]:
    """Two to four models that fit together, from the address, the proposals, or by hand."""
    by_name, offered = {c.name: c for c in found}, proposals(found)
    if shared.arrived("samples"):
        _arrive(by_name, offered)
    if st.session_state.get("proposal") not in [*offered, OWN]:  # deleted since
        st.session_state["proposal"] = next(iter([*offered, OWN]))
    moons = [label for label, models in offered.items() if models[0].manifest.model.latent_size == 1]
    menu, button = st.columns([5, 1]) if moons else (st.container(), None)
    if button and button.button(
        "The moon",
        icon=":material/dark_mode:",
        width="stretch",
        help="One latent dimension: a single slider.",
    ):
        st.session_state["proposal"] = moons[0]
    label = menu.selectbox("Models", [*offered, OWN], key="proposal", label_visibility="collapsed")
    if label != OWN:
        models = offered[label]
        st.session_state["own models"] = [c.name for c in models]
    else:
        names = st.multiselect(
            "Two to four models",
            list(by_name),
            key="own models",
            max_selections=MOST,
            label_visibility="collapsed",
        )
        models = [by_name[n] for n in names]
    st.session_state["compared"] = [c.name for c in models]
    if sentence := st.session_state.get("not here"):
        st.info(sentence)
    if sentence := mismatch(models):
        st.query_params.from_dict({"models": _names(models)})
        st.info(sentence)
        return []
    return models


# --- the bench ---


def _shown(models: list[Checkpoint], states: Sequence[Mapping[str, dict[str, Any]]]) -> html_page.View:
    """What is on the bench now, to be taken away."""
    key = shared.key_of(models)
    return html_page.comparing(
        models,
        titled(models),
        next((known[key] for known in states if key in known), None),
        numbers=_numbers(models),
        measures=measures(),
    )


def titled(models: Sequence[Checkpoint]) -> list[str]:
    titles = [title(c) for c in models]
    return [t if titles.count(t) == 1 else c.name for t, c in zip(titles, models, strict=True)]


def _numbers(models: Sequence[Checkpoint]) -> list[dict[str, Any]]:
    return [{kind: told for kind in DENSITIES if (told := sample_scores.judged(c, kind))} for c in models]


def _bench(models: list[Checkpoint]) -> None:
    busy = sample_scores.advance()
    st.fragment(_live, run_every=0.7 if busy else None)(models, busy)


def _live(models: list[Checkpoint], busy: bool) -> None:
    """The component, beginning where it was left: in this visit, or in the link that was opened."""
    key = shared.key_of(models)
    kept: dict[str, dict[str, Any]] = st.session_state.setdefault("samples", {})
    begin: dict[str, dict[str, Any]] = st.session_state.setdefault("samples begin", {})
    if key not in begin:
        # within one stay it must not change: what is sent back would fight with the hand on the slider
        begin[key] = kept.get(key) or _carried(kept) or from_address(st.query_params)
    try:
        described = [
            live.describe(shared.opened(c), name) for c, name in zip(models, titled(models), strict=True)
        ]
    except ExplorerError as error:
        st.error(str(error))
        return
    result = live.comparison(
        described,
        key=f"samples {key}",
        state=begin[key],
        numbers=_numbers(models),
        measures=measures(),
    )
    if state := result["state"]:
        kept.pop(key, None)
        kept[key] = state  # the latest comes last
    st.query_params.from_dict({"models": _names(models)} | to_address(state or begin[key]))
    if asked := result["judge"]:
        sample_scores.ask(models, asked)
        st.rerun()
    if busy and not sample_scores.advance():
        st.rerun()  # all is there: no need to look again


def _carried(kept: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """What other models take over from those that were shown before: the codes, not the view."""
    if not kept:
        return {}
    last = kept[list(kept)[-1]]
    return {name: last[name] for name in ("seed", "count", "temperature") if name in last}


# --- the address ---


def to_address(state: Mapping[str, Any]) -> dict[str, str]:
    """Query parameters of a settled state; what is not set is left out."""
    found = {name: str(state[name]) for name in ("tab", "seed", "image") if state.get(name) is not None}
    if "count" in state:
        found["n"] = str(state["count"])
    if "temperature" in state:
        found["t"] = f"{state['temperature']:g}"
    if state.get("sources"):
        found["from"] = ",".join(state["sources"])
    if state.get("noise"):
        found |= {"noise": state["noise"], "level": f"{state['level']:g}"}
    if state.get("span"):
        found["span"] = state["span"]
    if state.get("at") is not None:
        found["at"] = f"{state['at']:g}"
    return found


def from_address(address: Mapping[str, str]) -> dict[str, Any]:
    """The state that `to_address` wrote; whatever is not well-formed is left out, since people edit links."""
    state: dict[str, Any] = {}
    if (tab := address.get("tab")) in TABS:
        state["tab"] = tab
    for name, key in (("seed", "seed"), ("n", "count"), ("image", "image")):
        if (text := address.get(name, "")).isdecimal() and len(text) < 11:
            state[key] = int(text)
    if (noise := address.get("noise")) in denoise.KINDS:
        state["noise"] = noise
    for name, key in (("t", "temperature"), ("at", "at"), ("level", "level")):
        try:
            value = float(address.get(name, ""))
        except ValueError:
            continue
        if math.isfinite(value):
            state[key] = value
    if address.get("span") == "prior":
        state["span"] = "prior"
    if sources := address.get("from"):
        state["sources"] = sources.split(",")[:MOST]
    return state
