"""Below the columns of Compare: charts over all runs of a ladder, and the scores that are still to be computed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from explorer import jobs, settings
from explorer.errors import ExplorerError
from explorer.metrics.disentanglement.report import stored
from explorer.store import Checkpoint
from explorer.ui import charts, shared

SHOWN = "charts of the ladder"


def show(runs: Sequence[Checkpoint]) -> None:
    """The panel: nothing of it is drawn, or imported, before it is asked for."""
    if not st.toggle(
        "Charts over all runs: rate and distortion, ELBO, active units, disentanglement", key=SHOWN
    ):
        return
    # on a narrow page charts beside each other are scrolled through, not squeezed
    st.html(
        "<style>@media (max-width: 900px) { [class*='st-key-wide-chart'] { overflow-x: auto; } "
        "[class*='st-key-wide-chart'] > * { min-width: 900px; } }</style>"
    )
    found = [charts.run_of(c) for c in runs]
    st.caption(
        f"{len(runs)} runs of this model on these images; a click on a point opens that run in Explore. Lines join "
        "means over seeds, bands reach from the least seed to the greatest."
    )
    _chart("likelihood", charts.likelihood(found))
    scored = [run for run in found if run.report]
    if scored:
        _chart("disentanglement", charts.disentanglement(found))
        st.caption(_about(scored))
    _missing(runs)


def _chart(name: str, figure: object) -> None:
    with st.container(key=f"wide chart {name}"):
        chosen = st.plotly_chart(
            figure,
            key=f"chart {name}",
            on_select="rerun",
            selection_mode="points",
            config={"displayModeBar": False},
        )
    points = chosen["selection"]["points"] if isinstance(chosen, dict) else []
    named = [point["customdata"] for point in points if point.get("customdata")]
    if named:
        data = named[0]
        name = (
            data[0] if isinstance(data, list) else data["0"]
        )  # as Streamlit passes a single column, or several
        shared.go("explore", {"checkpoint": str(name)})


def _about(scored: Sequence[charts.Run]) -> str:
    reports = [run.report for run in scored if run.report]
    left = reports[0].left_out
    return (
        f"Scores are means over {reports[0].seeds} draws of {reports[0].images:,} images; a β with one run has as its "
        f"band their 95% interval. The dotted line is a code that knows nothing. {left}"
    ).strip()


# --- scores that are not there yet ---


def _job(checkpoint: Checkpoint) -> Path:
    return shared.job(checkpoint, "disentangle")


def _missing(runs: Sequence[Checkpoint]) -> None:
    left = [c for c in runs if c.manifest.rebuildable and stored(c) is None]
    if not left or settings.read_only():
        return
    busy = _running(left) is not None or bool(st.session_state.get("to score"))
    st.fragment(_scoring, run_every=1.0 if busy else None)(left, busy)


def _running(runs: Sequence[Checkpoint]) -> Checkpoint | None:
    return next((c for c in runs if jobs.running(_job(c))), None)


def _scoring(left: Sequence[Checkpoint], busy: bool) -> None:
    """One run after another is scored, while the page goes on; it runs again as soon as one is ready."""
    waiting: list[str] = st.session_state.setdefault("to score", [])
    now = _running(left)
    if any(stored(c) is not None for c in left) or busy != (now is not None or bool(waiting)):
        st.rerun()
    if now is None and waiting:
        now = next((c for c in left if c.name == waiting[0]), None)
        waiting.pop(0)
        if now:
            _start(now)
    for c in left:
        status = jobs.status(_job(c))
        if status and status.state == "failed":
            st.error(status.message)
    if now:
        _progress(now, len(waiting))
        return
    what = "1 run has" if len(left) == 1 else f"{len(left)} runs have"
    if st.button(f"Compute disentanglement scores: {what} none yet"):
        st.session_state["to score"] = [c.name for c in left]
        st.rerun()


def _start(checkpoint: Checkpoint) -> None:
    try:
        jobs.start(
            _job(checkpoint), ["disentangle", checkpoint.name, "--folder", str(checkpoint.path.parent)]
        )
    except ExplorerError as error:
        st.session_state["to score"] = []
        st.error(str(error))


def _progress(checkpoint: Checkpoint, more: int) -> None:
    status = jobs.status(_job(checkpoint))
    if status is None:
        return
    behind = f"; {more} more after it" if more else ""
    text = f"{checkpoint.name}: {status.text()}{behind}"
    shared.bar(status.fraction, text, "stop scoring", partial(_stop, checkpoint))


def _stop(checkpoint: Checkpoint) -> None:
    st.session_state["to score"] = []
    jobs.stop(_job(checkpoint))
