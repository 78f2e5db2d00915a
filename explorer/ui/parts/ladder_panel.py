"""Below the columns of Compare: charts over all runs of a ladder, and the scores that are still to be computed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from explorer import environment, reports
from explorer.errors import ExplorerError
from explorer.jobs import process as jobs
from explorer.jobs import queue
from explorer.store import Checkpoint
from explorer.ui.parts import charts, links, shared
from explorer.ui.session import Widget

KIND = "disentangle"


def show(runs: Sequence[Checkpoint]) -> None:
    """The panel: nothing of it is drawn, or imported, before it is asked for."""
    if not st.toggle(
        "Charts over all runs: rate and distortion, ELBO, active units, disentanglement",
        key=Widget.COMPARE_CHARTS,
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
        links.go("explore", {"checkpoint": str(name)})


def _about(scored: Sequence[charts.Run]) -> str:
    reports = [run.report for run in scored if run.report]
    left = reports[0].left_out
    return (
        f"Scores are means over {reports[0].seeds} draws of {reports[0].images:,} images; a β with one run has as its "
        f"band their 95% interval. The dotted line is a code that knows nothing. {left}"
    ).strip()


# --- scores that are not there yet ---


def _job(checkpoint: Checkpoint) -> Path:
    return shared.job(checkpoint, KIND)


def ask(runs: Sequence[Checkpoint]) -> None:
    """Score these after those that were asked for before, on this page or another."""
    try:
        for c in runs:
            queue.put(_job(c), [KIND, c.name, "--folder", str(c.path.parent)])
    except ExplorerError as error:
        st.error(str(error))
    advance()


def advance() -> None:
    """Start the next job once the one before has ended, however it ended."""
    try:
        queue.advance(KIND)
    except ExplorerError as error:
        st.error(str(error))


def _missing(runs: Sequence[Checkpoint]) -> None:
    if environment.read_only():
        return
    left = [c for c in runs if c.manifest.rebuildable and reports.disentanglement().find(c) is None]
    advance()
    shown = queue.at_work(KIND)
    if left or shown:
        st.fragment(_scoring, run_every=1.0 if shown else None)(left, shown)


def _scoring(left: Sequence[Checkpoint], watched: Sequence[Path]) -> None:
    """A line for every run at work or waiting, of this ladder or another; the page runs again as soon as one of them
    is ready."""
    advance()
    shown = queue.at_work(KIND)
    if shown != list(watched):
        st.rerun()
    for folder in shown:
        _progress(folder)
    rest = [c for c in left if _job(c) not in watched]
    for c in rest:
        status = jobs.status(_job(c))
        if status and status.state == "failed":
            st.error(f"{c.name} was not scored: {status.message}")
    what = "1 run has" if len(rest) == 1 else f"{len(rest)} runs have"
    if rest and st.button(f"Compute disentanglement scores: {what} none yet"):
        ask(rest)
        st.rerun()


def _progress(folder: Path) -> None:
    status, name = jobs.status(folder), shared.about(folder, KIND)
    running = status is not None and status.state == "running"
    fraction, said = (status.fraction, status.text()) if status and running else (0.0, "waiting for its turn")
    shared.bar(fraction, f"{name}: {said}", f"stop scoring {folder.name}", partial(_stop, folder))


def _stop(folder: Path) -> None:
    try:
        queue.withdraw(folder)
    except ExplorerError as error:
        st.error(str(error))
