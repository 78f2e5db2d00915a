"""Samples: the same random codes through two to four models, live, with what explains and what judges them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from explorer import jobs
from explorer.errors import ExplorerError
from explorer.export import html_page
from explorer.live import samples_payload as live
from explorer.live import titles
from explorer.live.choice import ready
from explorer.live.schema import Judged, SamplesData, SamplesState
from explorer.metrics.sample_quality import DENSITIES, measures
from explorer.store import Checkpoint
from explorer.ui.parts import export_menu, job_view, model_picker, sample_scores
from explorer.ui.parts.foreign_text import plain
from explorer.ui.parts.proposals import MOST, proposals, unlike_codes
from explorer.ui.session import Bench, Widget, key_of, session


def show() -> None:
    """The page."""
    text, away = st.columns([18, 3], gap="medium", vertical_alignment="center")
    text.markdown(
        "**The same random codes, through every model.** A plain AE decodes a random code well only by luck: nothing "
        "says where its codes lie. A VAE was trained to make something of every code that N(0, I) draws, and pays "
        "with blur."
    )
    models = _choose(model_picker.checkpoints())
    if models:
        with away:
            view = partial(_view, models, session().samples)
            export_menu.popover("samples", view, models, ",".join(c.name for c in models))
        _bench(models)


def _choose(found: list[Checkpoint]) -> list[Checkpoint]:
    """Two to four models that fit together, and a button for those with one latent dimension."""
    offered = proposals(found)
    moons = [label for label, models in offered.items() if models[0].manifest.model.latent_size == 1]
    menu, button = st.columns([5, 1]) if moons else (st.container(), None)
    if button and button.button(
        "The moon",
        icon=":material/dark_mode:",
        width="stretch",
        help="One latent dimension: a single slider.",
    ):
        st.session_state[Widget.SAMPLES_PROPOSAL] = moons[0]
    keys = Widget.SAMPLES_PROPOSAL, Widget.SAMPLES_MODELS
    with menu:
        return model_picker.pick_several(
            "samples", session().samples, found, offered, keys, MOST, unlike_codes
        )


# --- the bench ---


def _view(models: list[Checkpoint], bench: Bench[SamplesState]) -> html_page.View:
    """What is on the bench now, to be taken away."""
    return html_page.comparing(
        models,
        titles.kinds(models),
        bench.state(models),
        numbers=_numbers(models),
        measures=measures(),
    )


def _numbers(models: Sequence[Checkpoint]) -> list[dict[str, Judged]]:
    return [{kind: now for kind in DENSITIES if (now := sample_scores.judged(c, kind))} for c in models]


def _bench(models: list[Checkpoint]) -> None:
    job_view.watch(lambda: jobs.active(sample_scores.KIND), lambda _: _live(models))


def _live(models: list[Checkpoint]) -> None:
    """The component, beginning where it was left: in this visit, or in the link that was opened."""
    bench = session().samples
    begin = bench.beginning(models, _beginning)
    try:
        described = [
            live.describe(ready(c), name) for c, name in zip(models, titles.kinds(models), strict=True)
        ]
    except ExplorerError as error:
        st.error(plain(error))
        return
    data = SamplesData(models=described, state=begin, numbers=_numbers(models), measures=measures())
    state, kinds = live.comparison(data, key=f"samples {key_of(models)}")
    bench.keep(models, state)
    st.query_params.from_dict({"models": ",".join(bench.models)} | (state or begin).to_link())
    if kinds:
        sample_scores.ask(models, kinds)
        st.rerun()


def _beginning() -> SamplesState:
    """With the codes, not the view, of the models that were shown before; else as the link says."""
    states = session().samples.states
    if not states:
        return SamplesState.from_link(st.query_params)
    last = states[list(states)[-1]]
    return SamplesState(seed=last.seed, count=last.count, temperature=last.temperature)
