"""Charts of a ladder: what β costs and brings, every run a point, seeds as a band. Plotly is imported when asked."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from explorer import reports
from explorer.metrics.disentanglement.evaluation import DisentanglementReport, Score
from explorer.metrics.disentanglement.scores import SCORES
from explorer.store import Checkpoint

if TYPE_CHECKING:
    import plotly.graph_objects as go

ACROSS = 5
TALL = 250  # pixels of one chart


class Run(NamedTuple):
    """A point of every chart."""

    name: str
    beta: float
    seed: int
    rate: float | None
    distortion: float | None
    elbo: float | None
    active: float | None
    report: DisentanglementReport | None


def run_of(checkpoint: Checkpoint) -> Run:
    """What is known of a run: its likelihood as evaluated after training, and its scores where they are stored."""
    m = checkpoint.manifest
    return Run(
        checkpoint.name,
        m.objective.beta,
        m.training.seed,
        m.metric("rate"),
        m.metric("distortion"),
        m.metric("elbo"),
        m.metric("active_units"),
        reports.disentanglement().find(checkpoint),
    )


def likelihood(runs: Sequence[Run]) -> go.Figure:
    """Rate against distortion, and ELBO and active units against log β."""
    figure = _figure(["rate and distortion", "ELBO, nats", "active units"], 3)
    _curve(figure, runs)
    _against_beta(figure, runs, 2, lambda run: run.elbo, "nats")
    _against_beta(figure, runs, 3, lambda run: run.active, "dimensions")
    figure.update_xaxes(title="rate, nats", row=1, col=1)
    figure.update_yaxes(title="distortion, nats", row=1, col=1)
    most = max((run.active for run in runs if run.active is not None), default=1)
    step = max(1, math.ceil(most / 5))  # dimensions are whole
    figure.update_yaxes(range=[-0.3 * step, most + 0.6 * step], dtick=step, tick0=0, row=1, col=3)
    return figure


def disentanglement(runs: Sequence[Run]) -> go.Figure:
    """Each stored score against log β. The band goes over seeds; of a single run it is the interval over evaluation
    seeds. Dots across: a random code, as far as it was scored."""
    names = [name for name in SCORES if any(run.report and name in run.report.scores for run in runs)]
    figure = _figure([SCORES[name][0] for name in names], ACROSS)
    for k, name in enumerate(names, start=1):

        def value(run: Run, name: str = name) -> float | None:
            score = _score(run, name)
            return score.mean if score else None

        def reach(run: Run, name: str = name) -> tuple[float, float]:
            score = _score(run, name)
            assert score
            return score.low, score.high

        _against_beta(figure, runs, k, value, "", reach)
        bases = [s.random for run in runs if (s := _score(run, name)) and s.random is not None]
        if bases:
            row, col = _place(k, ACROSS)
            figure.add_hline(
                y=sum(bases) / len(bases),
                line={"dash": "dot", "width": 1.5, "color": "#8b93a1"},
                row=row,
                col=col,
            )
        figure.update_yaxes(range=[-0.04, 1.04], **_cell(k, ACROSS))
    return figure


def _score(run: Run, name: str) -> Score | None:
    return run.report.scores.get(name) if run.report else None


def _figure(titles: Sequence[str], across: int) -> go.Figure:
    from plotly.subplots import make_subplots

    columns = max(1, min(across, len(titles)))
    rows = max(1, -(-len(titles) // columns))
    figure = make_subplots(
        rows, columns, subplot_titles=titles, horizontal_spacing=0.07, vertical_spacing=0.34 / rows
    )
    figure.update_layout(
        height=TALL * rows + 50, margin={"l": 10, "r": 10, "t": 36, "b": 10}, showlegend=False, hovermode="closest",
        clickmode="event+select", dragmode=False,
    )  # fmt: skip
    figure.update_annotations(font_size=14)
    return figure


def _place(k: int, across: int) -> tuple[int, int]:
    return (k - 1) // across + 1, (k - 1) % across + 1


def _cell(k: int, across: int) -> dict[str, int]:
    row, col = _place(k, across)
    return {"row": row, "col": col}


def _curve(figure: go.Figure, runs: Sequence[Run]) -> None:
    import plotly.graph_objects as go

    known = [run for run in runs if run.rate is not None and run.distortion is not None]
    groups: dict[float, list[Run]] = defaultdict(list)
    for run in known:
        groups[run.beta].append(run)
    means = [
        tuple(
            sum(v) / len(v)
            for v in zip(*((run.rate or 0.0, run.distortion or 0.0) for run in groups[b]), strict=True)
        )
        for b in sorted(groups)
    ]
    if means:
        x, y = zip(*means, strict=True)
        line = {"width": 1.5, "color": "#3f90da"}
        figure.add_trace(go.Scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip"), row=1, col=1)
    figure.add_trace(
        go.Scatter(
            x=[run.rate for run in known],
            y=[run.distortion for run in known],
            mode="markers+text",
            text=[f"{run.beta:g}" for run in known],
            textposition="top right",
            customdata=[[run.name] for run in known],
            hovertemplate="%{customdata[0]}<br>β = %{text}, rate %{x:.2f}, distortion %{y:.2f} nats<extra></extra>",
            marker={"size": 9, "color": "#3f90da"},
            cliponaxis=False,
        ),
        row=1,
        col=1,
    )


def _against_beta(
    figure: go.Figure,
    runs: Sequence[Run],
    k: int,
    value: Callable[[Run], float | None],
    unit: str,
    reach: Callable[[Run], tuple[float, float]] | None = None,
) -> None:
    """Runs over log β, their mean as a line, least to greatest as a band."""
    import plotly.graph_objects as go

    cell = _cell(k, ACROSS)
    known = [(run, v) for run in runs if run.beta > 0 and (v := value(run)) is not None]
    groups: dict[float, list[tuple[Run, float]]] = defaultdict(list)
    for run, v in known:
        groups[run.beta].append((run, v))
    betas = sorted(groups)
    low, high, middle = [], [], []
    for beta in betas:
        values = [v for _, v in groups[beta]]
        single = reach(groups[beta][0][0]) if reach and len(values) == 1 else None
        low.append(single[0] if single else min(values))
        high.append(single[1] if single else max(values))
        middle.append(sum(values) / len(values))
    quiet = {"hoverinfo": "skip", "mode": "lines", "showlegend": False}
    figure.add_trace(go.Scatter(x=betas, y=low, line={"width": 0}, **quiet), **cell)
    figure.add_trace(
        go.Scatter(x=betas, y=high, line={"width": 0}, fill="tonexty", fillcolor="rgba(63,144,218,0.18)", **quiet),
        **cell,
    )  # fmt: skip
    figure.add_trace(go.Scatter(x=betas, y=middle, line={"width": 1.5, "color": "#3f90da"}, **quiet), **cell)
    figure.add_trace(
        go.Scatter(
            x=[run.beta for run, _ in known],
            y=[v for _, v in known],
            mode="markers",
            marker={"size": 9, "color": "#3f90da"},
            customdata=[[run.name, run.seed] for run, _ in known],
            hovertemplate="%{customdata[0]}, seed %{customdata[1]}<br>β = %{x:g}: %{y:.3f} "
            + unit
            + "<extra></extra>",
        ),
        **cell,
    )
    ticks = betas if len(betas) < 9 else betas[:: -(-len(betas) // 8)]
    figure.update_xaxes(
        type="log", tickvals=ticks, ticktext=[f"{b:g}" for b in ticks], title="β", minor={"ticks": ""}, **cell
    )
