"""Below the columns of Compare: charts over all runs of a ladder, and the scores that are still to be computed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from explorer import environment, jobs, reports
from explorer.errors import ExplorerError
from explorer.store import Checkpoint
from explorer.ui.parts import charts, job_view, links
from explorer.ui.parts.foreign_text import plain
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
        st.caption(plain(_about(scored)))
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
    return job_view.folder(checkpoint, KIND)


def ask(runs: Sequence[Checkpoint]) -> None:
    """Score these after those that were asked for before, on this page or another."""
    try:
        for c in runs:
            job_view.submit(_job(c), KIND, c)
    except ExplorerError as error:
        st.error(plain(error))


def _missing(runs: Sequence[Checkpoint]) -> None:
    """A line for every run at work or waiting, of this ladder or another, and a button for those without scores."""
    left = {_job(c): c for c in runs if c.manifest.rebuildable and reports.disentanglement().find(c) is None}
    if environment.read_only() or not (left or jobs.active(KIND)):
        return

    def draw(statuses: job_view.Statuses) -> None:
        job_view.bars(statuses, lambda folder: jobs.settings(folder)["name"], "scored")
        rest = [c for job, c in left.items() if not ((status := statuses[job]) and status.active)]
        what = "1 run has" if len(rest) == 1 else f"{len(rest)} runs have"
        if rest and st.button(f"Compute disentanglement scores: {what} none yet"):
            ask(rest)
            st.rerun()

    job_view.watch(lambda: list(dict.fromkeys([*jobs.active(KIND), *left])), draw)
