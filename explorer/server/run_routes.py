"""Routes that tell the Train page how the trainings stand: small JSON, polled while the page is looked at."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from explorer import store
from explorer.disk import read_json
from explorer.errors import ExplorerError
from explorer.live.stage import describe
from explorer.training import curve, runs, snapshots
from explorer.training.runs import Run
from explorer.ui.parts.shared import describe_run


def run_routes(base: str = "") -> list[BaseRoute]:
    """`trainings/standings` tells all runs, and what is new of the one named `run`, `trainings/{run}/snapshots` what
    the time machine of one needs.

    base: the path the app is served under.
    """
    at = f"/{base.strip('/')}" if base.strip("/") else ""
    return [
        Route(at + "/trainings/standings", _answer(_standings)),
        Route(at + "/trainings/{run}/snapshots", _answer(_snapshots)),
    ]


def snapshots_of(run: str) -> Path:
    """Where the snapshots of a run lie."""
    return runs.folder() / run / snapshots.FOLDER


def _answer(handler: Callable[[Request], Any]) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        headers = {"Cache-Control": "no-store"}
        try:
            return JSONResponse(handler(request), headers=headers)
        except ExplorerError as error:
            return PlainTextResponse(str(error), 404, headers=headers)

    return endpoint


def _standings(request: Request) -> dict[str, Any]:
    asked = request.query_params
    found = runs.runs()
    run = next((r for r in found if r.name == asked.get("run")), None)
    rows = []
    for r in found:
        with contextlib.suppress(ExplorerError):  # deleted at this very moment
            rows.append(_row(r))
    told: dict[str, Any] = {"runs": rows}
    if run:
        told["live"] = _live(run, _number(asked.get("after")), asked.get("seen", ""))
    return told


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 16 else 0


def _row(run: Run) -> dict[str, Any]:
    now = runs.standing(run)
    try:
        config = run.config
        title, epochs, d = describe_run(config), config.training.epochs, config.model.latent_size
    except ExplorerError as error:
        title, epochs, d = str(error), 0, 0
    return {
        "name": run.name,
        "title": title,
        "state": now.state,
        "message": now.message,
        "fraction": round(now.fraction, 4),
        "seconds": round(now.seconds, 1),
        "place": now.place,
        "epochs": epochs,
        "latentSize": d,
        "parent": list(run.parent) if run.parent else None,
        "model": store.exists(run.checkpoint),
        "bytes": snapshots.size(run.path),
    }


def _live(run: Run, after: int, seen: str) -> dict[str, Any]:
    """Lines of the curve from byte `after` on, and the preview if it is another than `seen`."""
    try:
        if (run.path / curve.FILE).stat().st_size < after:
            after = 0  # it was resumed, and what comes again was dropped
    except OSError:
        after = 0
    lines, following = curve.read(run.path / curve.FILE, after)
    told: dict[str, Any] = {"name": run.name, "from": after, "lines": lines, "next": following}
    try:
        stamp = str((run.path / runs.PREVIEW).stat().st_mtime_ns)
    except OSError:
        stamp = ""
    if stamp != seen:
        told |= {"preview": read_json(run.path / runs.PREVIEW), "seen": stamp}
    told["snapshots"] = sum(1 for _ in snapshots_of(run.name).glob("epoch-*"))
    return told


def _snapshots(request: Request) -> dict[str, Any]:
    """The last snapshot as the stage knows a model, and for each its epoch, address and test loss."""
    run = runs.find(request.path_params["run"])
    stored = snapshots.stored(run.path)
    if not stored:
        raise ExplorerError(f"{run.name} has no snapshots yet; they are kept from its first epoch on.")
    at = f"trainings/{run.name}/snapshots/"
    rows = [
        {
            "epoch": c.manifest.trained.epochs,
            "base": f"{at}{c.name}/{c.version}/",
            "test": (c.history() or [{}])[-1].get("test_loss"),
        }
        for c in stored
    ]
    last = stored[-1]
    model = describe(last) | {"base": rows[-1]["base"]}
    told: dict[str, Any] = json.loads(json.dumps({"model": model, "snapshots": rows}))
    return told
