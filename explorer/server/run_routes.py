"""Routes with the status of all runs as JSON, which the Train page polls."""

import contextlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from explorer import store
from explorer.disk import read_json
from explorer.errors import ExplorerError
from explorer.live.page_schema import (
    CurveLine,
    LiveRun,
    Preview,
    RunRow,
    Standings,
)
from explorer.live.replay import snapshot_list
from explorer.live.titles import describe_run
from explorer.server.routes import answering, current
from explorer.training import curve, runs, snapshots
from explorer.training.beta_turns import can_turn
from explorer.training.runs import Run


def run_routes(base: str = "") -> list[BaseRoute]:
    """Routes of the Train page for the server app. base: path the app is served under.

    `trainings/standings`: the status of all runs, and new data of the run named `run`. `trainings/{run}/snapshots`:
    the snapshots of a run, for its replay.
    """
    at = f"/{base.strip('/')}" if base.strip("/") else ""
    return [
        Route(at + "/trainings/standings", answering(_standings)),
        Route(at + "/trainings/{run}/snapshots", answering(_snapshots)),
    ]


def snapshots_of(run: str) -> Path:
    """The folder with the snapshots of a run."""
    return runs.folder() / run / snapshots.FOLDER


def _standings(request: Request) -> Response:
    query = request.query_params
    all_runs = runs.runs()
    run = next((r for r in all_runs if r.name == query.get("run")), None)
    rows = []
    for r in all_runs:
        with contextlib.suppress(ExplorerError):  # the run is being deleted
            rows.append(_row(r))
    live = _live(run, _number(query.get("after")), query.get("seen", "")) if run else None
    return current(Standings(runs=rows, live=live))


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 16 else 0


def _row(run: Run) -> RunRow:
    now = runs.status(run)
    try:
        config = run.config
        title, epochs, d = describe_run(config), config.training.epochs, config.model.latent_size
        numbers = config.objective.beta_turns
        turns = list(zip(numbers[::2], numbers[1::2], strict=True)) if can_turn(config) else None
    except ExplorerError as error:
        title, epochs, d, turns = str(error), 0, 0, None
    return RunRow(
        name=run.name,
        title=title,
        state=now.state,
        message=now.message,
        fraction=round(now.fraction, 4),
        seconds=round(now.seconds, 1),
        place=now.place,
        epochs=epochs,
        latent_size=d,
        parent=run.parent,
        model=store.exists(run.checkpoint),
        bytes=snapshots.size(run.path),
        turns=turns,
    )


def _live(run: Run, after: int, seen: str) -> LiveRun:
    """Lines of the curve from byte `after` on, and the preview unless its time stamp is `seen`."""
    try:
        if (run.path / curve.FILE).stat().st_size < after:
            after = 0  # a resumed run drops lines of steps that it repeats
    except OSError:
        after = 0
    lines, following = curve.read_lines(run.path / curve.FILE, after)
    stamp = str(runs.modified(run.path / runs.PREVIEW) or "")
    count = sum(1 for _ in snapshots_of(run.name).glob("epoch-*"))
    return LiveRun(
        name=run.name,
        start=after,
        lines=[line for line in map(CurveLine.read, lines) if line],
        next=following,
        preview=None if stamp == seen else Preview.read(read_json(run.path / runs.PREVIEW)),
        seen=None if stamp == seen else stamp,
        snapshots=count,
    )


def _snapshots(request: Request) -> Response:
    return current(snapshot_list(request.path_params["run"]))
