"""Charts of a ladder against β: every run a point, seeds as a band. Plotly is imported on first use."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from statistics import fmean as mean
from typing import TYPE_CHECKING, Any, NamedTuple

from explorer import reports
from explorer.latents.codes import ACTIVE
from explorer.live.stage import beta_range
from explorer.metrics.disentanglement.evaluation import SCORES, DisentanglementReport
from explorer.store import Checkpoint

if TYPE_CHECKING:
    import plotly.graph_objects as go

ACROSS = 5
SCROLLING = (
    "<style>@media (max-width: 900px) { [class*='st-key-wide-chart'] { overflow-x: auto; } "
    "[class*='st-key-wide-chart'] > * { min-width: 900px; } }</style>"
)
"""On a narrow page charts in a container whose key begins with "wide chart" scroll."""
HOVER = "%{{customdata[0]}}, seed %{{customdata[1]}}<br>β = %{{x:g}}: %{{y:.3f}} {}<extra></extra>"
TALL = 250  # pixels of one chart
LINE, BAND, POINT = (
    {"width": 1.5, "color": "#3f90da"}, "rgba(63,144,218,0.18)", {"size": 9, "color": "#3f90da"},
)  # fmt: skip
EVERY = {"width": 2, "color": "#e76300"}
"""The line of a model of a range of β."""


class AtBeta(NamedTuple):
    """A model of a range at one β: nats per image, and its stored scores."""

    beta: float
    rate: float
    distortion: float
    active: float
    scores: dict[str, float]


class Run(NamedTuple):
    """A point of every chart: likelihood metrics after training, and disentanglement scores where they are stored.

    range: a model of a range of β, as it is at each of them.
    """

    name: str
    beta: float
    seed: int
    rate: float | None
    distortion: float | None
    elbo: float | None
    active: float | None
    report: DisentanglementReport | None
    range: tuple[AtBeta, ...] = ()


def run_of(checkpoint: Checkpoint) -> Run:
    """A checkpoint's metrics and stored scores."""
    m, report = checkpoint.manifest, reports.disentanglement().find(checkpoint)
    rate, distortion, elbo, active = map(m.metric, ("rate", "distortion", "elbo", "active_units"))
    values = (rate, distortion, elbo, active, report, _range_of(checkpoint))
    return Run(checkpoint.name, m.beta, m.training.seed, *values)


def _range_of(checkpoint: Checkpoint) -> tuple[AtBeta, ...]:
    # without it, no codes need to be read
    about = beta_range(checkpoint.codes) if checkpoint.manifest.model.beta_range else None
    if about is None:
        return ()
    stored = reports.disentanglement_by_beta().find(checkpoint)
    scores = stored.scores if stored else [{} for _ in about.betas]
    return tuple(
        AtBeta(beta, sum(rate), distortion, sum(v > ACTIVE for v in variance), its)
        for beta, rate, distortion, variance, its in zip(
            about.betas, about.rate, about.distortion, about.variance, scores, strict=True
        )
    )


class Value(NamedTuple):
    """A run's value on a chart over β, and its own interval."""

    run: Run
    mean: float
    low: float
    high: float


def likelihood(runs: Sequence[Run]) -> go.Figure:
    """Rate against distortion, and ELBO and active units against log β."""
    figure = _figure(["rate and distortion", "ELBO, nats", "active units"], 3)
    _rate_and_distortion(figure, runs)
    for run in runs:
        _curve(figure, 1, run, lambda at: at.distortion, lambda at: at.rate)
        _curve(figure, 2, run, lambda at: -at.rate - at.distortion)
        _curve(figure, 3, run, lambda at: at.active)
    elbos = [Value(run, run.elbo, run.elbo, run.elbo) for run in runs if run.elbo is not None]
    active = [Value(run, run.active, run.active, run.active) for run in runs if run.active is not None]
    _against_beta(figure, 2, elbos, "nats")
    _against_beta(figure, 3, active, "dimensions")
    most = max((value.mean for value in active), default=1)
    step = max(1, math.ceil(most / 5))  # dimensions are whole
    figure.update_yaxes(range=[-0.3 * step, most + 0.6 * step], dtick=step, tick0=0, **_cell(3))
    return figure


def disentanglement(runs: Sequence[Run]) -> go.Figure:
    """Each stored score against log β. The band spans seeds; for a single run it is the interval over evaluation seeds.
    Dotted line: a random code, where it was scored."""
    scored = [(run, run.report.scores) for run in runs if run.report]
    names = [name for name in SCORES if any(name in scores for _, scores in scored)]
    figure = _figure([SCORES[name][0] for name in names], ACROSS)
    for k, name in enumerate(names, start=1):
        here = [(run, scores[name]) for run, scores in scored if name in scores]
        _against_beta(figure, k, [Value(run, s.mean, s.low, s.high) for run, s in here], "")
        if bases := [score.random for _, score in here if score.random is not None]:
            line = {"dash": "dot", "width": 1.5, "color": "#8b93a1"}
            figure.add_hline(y=mean(bases), line=line, **_cell(k))
        for run, _ in scored:
            _curve(figure, k, run, lambda at, name=name: at.scores.get(name))  # type: ignore[misc]
        figure.update_yaxes(range=[-0.04, 1.04], **_cell(k))
    return figure


def _curve(
    figure: go.Figure,
    k: int,
    run: Run,
    y: Callable[[AtBeta], float | None],
    x: Callable[[AtBeta], float] = lambda at: at.beta,
) -> None:
    """Draw a model of a range of β on chart k: a line through what it is at every β."""
    import plotly.graph_objects as go

    places = [(x(at), value, at.beta) for at in run.range if (value := y(at)) is not None]
    if places:
        xs, ys, betas = zip(*places, strict=True)
        hover = "%{customdata[0]}<br>β = %{customdata[1]:.3g}: %{y:.3f}<extra></extra>"
        names = [[run.name, beta] for beta in betas]
        look = {"mode": "lines+markers", "line": EVERY, "marker": {"size": 4}, "hovertemplate": hover}
        figure.add_trace(go.Scatter(x=xs, y=ys, customdata=names, **look), **_cell(k))


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


def _cell(k: int) -> dict[str, int]:
    """Row and column of chart k, counted from 1."""
    return {"row": (k - 1) // ACROSS + 1, "col": (k - 1) % ACROSS + 1}


def _by_beta(rows: Iterable[tuple[Any, ...]]) -> dict[float, list[Any]]:
    """Group rows by the β of their first element, a run, in rising order."""
    groups: dict[float, list[Any]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row[0].beta):
        groups[row[0].beta].append(row)
    return groups


def _rate_and_distortion(figure: go.Figure, runs: Sequence[Run]) -> None:
    import plotly.graph_objects as go

    known = [
        (run, run.rate, run.distortion) for run in runs if run.rate is not None and run.distortion is not None
    ]
    groups = _by_beta(known)
    x = [mean(rate for _, rate, _ in group) for group in groups.values()]
    y = [mean(distortion for *_, distortion in group) for group in groups.values()]
    figure.add_trace(go.Scatter(x=x, y=y, mode="lines", line=LINE, hoverinfo="skip"), **_cell(1))
    text = {"text": [f"{run.beta:g}" for run, *_ in known], "textposition": "top right"}
    hover = "%{customdata[0]}<br>β = %{text}, rate %{x:.2f}, distortion %{y:.2f} nats<extra></extra>"
    look = {"mode": "markers+text", "marker": POINT, "cliponaxis": False, "hovertemplate": hover} | text
    x, y, names = [r for _, r, _ in known], [d for *_, d in known], [[run.name] for run, *_ in known]
    figure.add_trace(go.Scatter(x=x, y=y, customdata=names, **look), **_cell(1))
    figure.update_xaxes(title="rate, nats", **_cell(1))
    figure.update_yaxes(title="distortion, nats", **_cell(1))


def _against_beta(figure: go.Figure, k: int, values: Sequence[Value], unit: str) -> None:
    """Draw runs over log β on chart k: means as a line, minimum to maximum as a band."""
    import plotly.graph_objects as go

    cell = _cell(k)
    values = [value for value in values if value.run.beta > 0]
    groups = _by_beta(values)
    betas = list(groups)
    low = [group[0].low if len(group) == 1 else min(v.mean for v in group) for group in groups.values()]
    high = [group[0].high if len(group) == 1 else max(v.mean for v in group) for group in groups.values()]
    means = [mean(v.mean for v in group) for group in groups.values()]
    quiet = {"x": betas, "hoverinfo": "skip", "mode": "lines", "showlegend": False}
    figure.add_trace(go.Scatter(y=low, line={"width": 0}, **quiet), **cell)
    figure.add_trace(go.Scatter(y=high, line={"width": 0}, fill="tonexty", fillcolor=BAND, **quiet), **cell)
    figure.add_trace(go.Scatter(y=means, line=LINE, **quiet), **cell)
    look = {"mode": "markers", "marker": POINT, "hovertemplate": HOVER.format(unit)}
    x, y = [v.run.beta for v in values], [v.mean for v in values]
    names = [[v.run.name, v.run.seed] for v in values]
    figure.add_trace(go.Scatter(x=x, y=y, customdata=names, **look), **cell)
    ticks = betas if len(betas) < 9 else betas[:: -(-len(betas) // 8)]
    figure.update_xaxes(
        type="log", tickvals=ticks, ticktext=[f"{b:g}" for b in ticks], title="β", minor={"ticks": ""}, **cell
    )
