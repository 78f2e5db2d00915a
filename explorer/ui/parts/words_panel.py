"""Below the stage of Explore: which class each box of a one-hot code holds, and what codes cost under a prior."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from explorer import reports
from explorer.metrics.clustering import ClassReport
from explorer.metrics.prior_bits import NAMES, PriorReport
from explorer.store import Checkpoint
from explorer.ui.parts import charts, job_view
from explorer.ui.parts.foreign_text import plain, show_errors
from explorer.ui.session import Widget

if TYPE_CHECKING:
    import plotly.graph_objects as go

SHADES = [[0, "rgba(11,110,138,0)"], [1, "rgba(11,110,138,0.9)"]]
ROW, HEAD = 30, 90
"""Pixels of a row of the table of boxes, and of its head."""
MAX_BOXES = 64
ON_DARK, ON_LIGHT = "#ffffff", "#7a828f"
"""Numbers in dark cells, and in those that let the page's own light or dark ground through."""
PRIOR_LABEL = "Train a prior over its words: minutes on a grid, in the background"


def show_classes(checkpoint: Checkpoint) -> None:
    """Boxes against labels, for a one-hot code of images with classes; plotly is imported only when it is open."""
    manifest = checkpoint.manifest
    code = manifest.model.code
    one_hot = code is not None and manifest.model.posterior == "categorical" and code.tokens == 1
    if not one_hot or code is None or code.words > MAX_BOXES or checkpoint.codes.labels is None:
        return
    if not st.toggle("Has it found the classes without being told?", key=Widget.EXPLORE_CLASSES):
        return
    with show_errors():
        if not (found := reports.classes().find(checkpoint)):
            job_view.offer(
                checkpoint, "classes", "Compare its boxes with the labels: a minute, in the background"
            )
            return
        st.markdown(plain(sentence(found)))
        st.html(charts.SCROLLING)
        with st.container(key="wide chart classes"):
            st.plotly_chart(figure(found), key="chart classes", config={"displayModeBar": False})
        st.caption(
            f"{found.images:,} test images. Every row is a box, named by its class in the one-to-one assignment by "
            "which most images are right. Nothing of the labels was used in training."
        )


def sentence(report: ClassReport) -> str:
    """What was found, in words."""
    (_, own), *others = report.figures.items()
    beside = "; ".join(f"{name}: {100 * f.accuracy:.0f} %, {f.nmi:.2f}" for name, f in others)
    return (
        f"{100 * own.accuracy:.0f} % of images lie in the box of their class, and the mutual information of boxes and "
        f"classes is {own.nmi:.2f} of their mean entropy (NMI). By comparison, {beside}."
    )


def figure(report: ClassReport) -> go.Figure:
    """Images by box and class; rows in the order of the classes that boxes are assigned to, the unassigned last."""
    import plotly.graph_objects as go

    assigned = report.assignment
    order = sorted(range(report.boxes), key=lambda box: (assigned[box] < 0, assigned[box], box))
    names = [
        f"box {box + 1} – {report.classes[assigned[box]]}" if assigned[box] >= 0 else f"box {box + 1}"
        for box in order
    ]
    counts = [list(report.confusion[box]) for box in order]
    half = max(map(max, counts)) / 2
    names = [plain(name) for name in names]
    classes = [plain(name) for name in report.classes]
    heat = go.Heatmap(
        z=counts,
        x=classes,
        y=names,
        colorscale=SHADES,
        showscale=False,
        xgap=2,
        ygap=2,
        hovertemplate="%{y}<br>class %{x}: %{z:,} images<extra></extra>",
    )
    cells = [(n, classes[j], names[i]) for i, row in enumerate(counts) for j, n in enumerate(row) if n]
    numbers = go.Scatter(
        x=[name for _, name, _ in cells],
        y=[name for _, _, name in cells],
        text=[f"{n:,}" for n, _, _ in cells],
        mode="text",
        textfont={"color": [ON_DARK if n > half else ON_LIGHT for n, _, _ in cells]},
        hoverinfo="skip",
        showlegend=False,
    )
    drawn = go.Figure([heat, numbers])
    drawn.update_xaxes(type="category", side="top", title="class", showgrid=False, fixedrange=True)
    drawn.update_yaxes(type="category", autorange="reversed", showgrid=False, fixedrange=True)
    drawn.update_layout(
        height=HEAD + ROW * report.boxes, margin={"l": 10, "r": 10, "t": 60, "b": 10}, dragmode=False
    )
    return drawn


def show_prior(checkpoint: Checkpoint) -> None:
    """What the codes of several tokens cost under three priors, on Explore."""
    if not reports.has_prior(checkpoint):
        return
    if not st.toggle("How many bits does an image take?", key=Widget.EXPLORE_PRIOR):
        return
    with show_errors():
        found = reports.token_prior().find(checkpoint)
        if not found:
            job_view.offer(checkpoint, "prior", PRIOR_LABEL, "trained")
            return
        st.markdown(table(found.report))
        st.caption(
            f"Means over {found.report.images:,} test images, unseen by the model and its priors, which were fitted "
            f"to {found.report.training:,} training images. Samples draws from each of them."
        )


def offer_prior(checkpoint: Checkpoint) -> None:
    """A button on Samples that trains the prior of a model, where one can be trained and is not there yet."""
    if reports.has_prior(checkpoint) and not reports.token_prior().stored(checkpoint):
        with show_errors():
            job_view.offer(checkpoint, "prior", f"{PRIOR_LABEL} ({checkpoint.name})", "trained")


def table(report: PriorReport) -> str:
    """The report as a table in Markdown: bits, bits per token, and the bound on −log p(x) in nats."""
    lines = [
        "| prior over words | bits per image | bits per token | −ELBO, nats |",
        "| --- | ---: | ---: | ---: |",
    ]
    for name, bits in report.rates().items():
        bound = report.distortion + bits * math.log(2)
        lines.append(f"| {NAMES[name]} | {bits:.1f} | {bits / report.tokens:.2f} | {bound:.1f} |")
    return "\n".join(lines)
