"""Samples: the same random codes through two to four models, live, and scores of the images."""

from collections.abc import Sequence

import streamlit as st

from explorer import jobs
from explorer.export import html_page
from explorer.live import samples_payload as live
from explorer.live import titles
from explorer.live.choice import ready
from explorer.live.schema import ReportStatus, SamplesData, SamplesState
from explorer.metrics.sample_quality import DENSITIES, MEASURES
from explorer.store import Checkpoint
from explorer.ui.parts import export_menu, job_view, model_picker, sample_scores, words_panel
from explorer.ui.parts.foreign_text import show_errors
from explorer.ui.parts.proposals import MAX_MODELS, columns, proposals, unlike_codes, word_proposals
from explorer.ui.session import Widget, key_of, session

CODES = (
    "**The same random codes, through every model.** A plain AE decodes a random code well only by luck: nothing "
    "determines where its codes lie. A VAE is trained to decode every code that N(0, I) draws, at the price of blur."
)
WORDS = (
    "**The same random numbers, through every prior.** Words that are drawn one by one seldom fit together; a prior "
    "that is trained after the model draws each word given those before it."
)


def show() -> None:
    """The page."""
    text, export = st.columns([18, 3], gap="medium", vertical_alignment="center")
    models = columns(_choose(model_picker.checkpoints()))
    text.markdown(WORDS if models and all(c.manifest.model.code for c in models) else CODES)
    if models:
        bench = session().samples
        with export:
            export_menu.popover(
                "samples",
                lambda: html_page.comparing(
                    models, titles.kinds(models), bench.state(models), "", _numbers(models), MEASURES
                ),
                models,
                ",".join(c.name for c in models),
            )
        job_view.watch(lambda: jobs.active(sample_scores.KIND), lambda _: _live(models))
        for checkpoint in dict.fromkeys(models):
            words_panel.offer_prior(checkpoint)


def _choose(checkpoints: list[Checkpoint]) -> list[Checkpoint]:
    """Two to four models that fit together, and a button for those with one latent dimension."""
    choices = proposals(checkpoints) | word_proposals(checkpoints)
    moons = [label for label, models in choices.items() if models[0].manifest.model.latent_size == 1]
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
            "samples", session().samples, checkpoints, choices, keys, MAX_MODELS, unlike_codes
        )


# --- the bench ---


def _numbers(models: Sequence[Checkpoint]) -> list[dict[str, ReportStatus]]:
    return [
        {
            kind: score
            for kind in live.sources(c)
            if kind in DENSITIES and (score := sample_scores.report_status(c, kind))
        }
        for c in models
    ]


def _live(models: list[Checkpoint]) -> None:
    """The component, from its last state in this visit or from the link."""
    bench = session().samples
    begin = bench.beginning(models, lambda: _beginning(models))
    with show_errors():
        shown = [live.describe(ready(c), t) for c, t in zip(models, titles.kinds(models), strict=True)]
        data = SamplesData(models=shown, state=begin, numbers=_numbers(models), measures=MEASURES)
        state, kinds = live.comparison(data, key=f"samples {key_of(models)}")
        bench.keep(models, state)
        st.query_params.from_dict({"models": ",".join(bench.models)} | (state or begin).to_link())
        if kinds:
            sample_scores.submit(models, kinds)
            st.rerun()


def _beginning(models: Sequence[Checkpoint]) -> SamplesState:
    """The random codes, not the view, of the previous models; else the link's state. Columns of one model begin with a
    prior each."""
    states = session().samples.states
    last = states[list(states)[-1]] if states else SamplesState.from_link(st.query_params)
    if states:
        last = SamplesState(seed=last.seed, count=last.count, temperature=last.temperature)
    if last.sources is None and len(models) > 1 and len(set(models)) == 1:
        return last.model_copy(update={"sources": list(live.sources(models[0]))})
    return last
