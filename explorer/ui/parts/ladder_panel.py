"""Below the columns of Compare: charts over all runs of a ladder, and jobs for missing scores."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from explorer import environment, jobs, reports
from explorer.store import Checkpoint
from explorer.ui.parts import charts, job_view, links
from explorer.ui.parts.foreign_text import plain, show_errors
from explorer.ui.session import Widget

KIND = "disentangle"


def show(runs: Sequence[Checkpoint]) -> None:
    """The panel; plotly is imported only when it is open."""
    label = "Charts over all runs: rate and distortion, ELBO, active units, disentanglement"
    if not st.toggle(label, key=Widget.COMPARE_CHARTS):
        return
    st.html(charts.SCROLLING)
    points = [charts.run_of(c) for c in runs]
    st.caption(
        f"{len(runs)} runs of this model on these images; click a point to open that run in Explore. Lines join "
        "means over seeds, bands span the lowest to the highest seed."
    )
    _chart("likelihood", charts.likelihood(points))
    scored = [run for run in points if run.report]
    if scored:
        _chart("disentanglement", charts.disentanglement(points))
        st.caption(plain(_about(scored)))
    _missing(runs)


def _chart(name: str, figure: object) -> None:
    with st.container(key=f"wide chart {name}"):
        select: Any = {"on_select": "rerun", "selection_mode": "points", "config": {"displayModeBar": False}}
        event = st.plotly_chart(figure, key=f"chart {name}", **select)
    points = event["selection"]["points"] if isinstance(event, dict) else []
    for data in (point["customdata"] for point in points if point.get("customdata")):
        # Streamlit passes a single column as a list, several as a dict
        links.go("explore", {"checkpoint": str(data[0] if isinstance(data, list) else data["0"])})


def _about(scored: Sequence[charts.Run]) -> str:
    reports = [run.report for run in scored if run.report]
    left = " ".join(text for report in reports[:1] for text in (report.left_out, report.warning) if text)
    return (
        f"Scores are means over {reports[0].seeds} draws of {reports[0].images:,} images; for a β with one run the "
        f"band is their 95% interval. The dotted line is an uninformative code. {left}"
    ).strip()


def _missing(runs: Sequence[Checkpoint]) -> None:
    """A bar for every active job, of this ladder or another, and a button for the runs without scores."""
    report = reports.disentanglement()
    by_beta = reports.disentanglement_by_beta()
    unscored = [
        c
        for c in runs
        if c.manifest.rebuildable
        and (report.find(c) is None or (c.manifest.model.beta_range and by_beta.find(c) is None))
    ]
    left = {job_view.folder(c, KIND): c for c in unscored}
    if environment.read_only() or not (left or jobs.active(KIND)):
        return

    def draw(statuses: job_view.Statuses) -> None:
        job_view.bars(statuses, lambda folder: jobs.settings(folder)["name"], "scored")
        rest = {job: c for job, c in left.items() if not ((status := statuses[job]) and status.active)}
        what = "1 run has" if len(rest) == 1 else f"{len(rest)} runs have"
        if rest and st.button(f"Compute disentanglement scores: {what} none yet"):
            with show_errors():
                for job, c in rest.items():
                    job_view.submit(job, KIND, c)
            st.rerun()

    job_view.watch(lambda: list(dict.fromkeys([*jobs.active(KIND), *left])), draw)
