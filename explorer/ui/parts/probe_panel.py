"""Below the stage of Explore: what the codes are good for, and what they keep of the class that a model is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from explorer import reports
from explorer.metrics.label_efficiency import LabelReport
from explorer.store import Checkpoint
from explorer.ui.parts import charts, job_view
from explorer.ui.parts.foreign_text import plain, show_errors
from explorer.ui.session import Widget

if TYPE_CHECKING:
    import plotly.graph_objects as go

COLOURS = {
    "codes": "#0b6e8a",
    "pca": "#c06a1b",
    "pixels": "#7a828f",
    "pretrained": "#0b6e8a",
    "random": "#7a828f",
}
DASHES = {"linear": "solid", "neighbours": "dot", "tuned": "solid"}
TALL = 320


def show(checkpoint: Checkpoint) -> None:
    """The panel, for a model of images with classes whose encoder is there; plotly is imported only when it is open."""
    if checkpoint.codes.labels is None or not checkpoint.manifest.rebuildable:
        return
    conditional = bool(checkpoint.manifest.classes)
    title = "What does the code keep of the class?" if conditional else "What is the code good for?"
    if not st.toggle(title, key=Widget.EXPLORE_PROBES):
        return
    with show_errors():
        if conditional:
            _leakage(checkpoint)
        else:
            _label_efficiency(checkpoint)


def _leakage(checkpoint: Checkpoint) -> None:
    if found := reports.class_leakage().find(checkpoint):
        st.markdown(plain(found.sentence()))
    else:
        job_view.offer(checkpoint, "leakage", "Measure how well class and style are parted")


def _label_efficiency(checkpoint: Checkpoint) -> None:
    if not (found := reports.label_efficiency().find(checkpoint)):
        job_view.offer(checkpoint, "probe", "Measure it: a minute or several, in the background")
        return
    st.html(charts.SCROLLING)
    with st.container(key="wide chart probes"):
        st.plotly_chart(figure(found), key="chart probes", config={"displayModeBar": False})
    st.caption(
        f"Accuracy on {found.test:,} test images of {found.classes} classes that no probe has seen, against the "
        f"number of labels. Left: a linear probe (lines) and nearest neighbours (dots) on codes of {found.size} "
        "dimensions, on principal components of as many, and on pixels. Right: the encoder fine-tuned as a classifier "
        f"for {found.steps} steps, and the same network from random weights. Bands span {found.draws} draws of the "
        "labelled images."
    )


def figure(report: LabelReport) -> go.Figure:
    """Accuracy against the number of labels: probes on the left, fine-tuning on the right."""
    import plotly.graph_objects as go
    from plotly.colors import hex_to_rgb
    from plotly.subplots import make_subplots

    titles = ["probes on codes, PCA and pixels", "the encoder as a classifier"]
    drawn = make_subplots(1, 2, subplot_titles=titles, shared_yaxes=True, horizontal_spacing=0.05)
    for name, probe, rows in report.curves():
        features, kind = rows[0].features, rows[0].probe
        colour, cell = COLOURS[features], {"row": 1, "col": 2 if kind == "tuned" else 1}
        x = [row.labels for row in rows]
        band: Any = {"x": x, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
        drawn.add_trace(go.Scatter(y=[row.low for row in rows], **band), **cell)
        fill = {"fill": "tonexty", "fillcolor": f"rgba{(*hex_to_rgb(colour), 0.13)}"}
        drawn.add_trace(go.Scatter(y=[row.high for row in rows], **band, **fill), **cell)
        label = f"{name}, {probe}" if kind != "tuned" else name
        hover = f"{label}<br>%{{x:,}} labels: %{{y:.1%}}<extra></extra>"
        look: Any = {
            "mode": "lines+markers",
            "line": {"color": colour, "dash": DASHES[kind], "width": 2.5},
            "marker": {"size": 7},
        }
        drawn.add_trace(
            go.Scatter(x=x, y=[row.mean for row in rows], name=label, hovertemplate=hover, **look), **cell
        )
    *some, every = sorted({row.labels for row in report.accuracies})
    counts = [count for count in some if every > 1.5 * count] + [every]  # no two numbers on top of each other
    words = [f"{count:,}" for count in counts[:-1]] + [f"all {every:,}"]
    ticks: Any = {"tickvals": counts, "ticktext": words, "tickangle": 0, "minor": {"ticks": ""}}
    drawn.update_xaxes(type="log", title="labels", **ticks)
    drawn.update_yaxes(tickformat=".0%", range=[0, 1.02])
    drawn.update_layout(
        height=TALL, margin={"l": 10, "r": 10, "t": 36, "b": 10}, dragmode=False,
        legend={"orientation": "h", "y": -0.3, "yanchor": "top", "traceorder": "normal"},
    )  # fmt: skip
    drawn.update_annotations(font_size=14)
    return drawn
