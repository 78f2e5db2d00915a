"""Judging samples in the background, one model and one source after another, while the page goes on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from explorer import environment, reports
from explorer.errors import ExplorerError
from explorer.jobs import process as jobs
from explorer.jobs import queue
from explorer.live.schema import Judged, Report
from explorer.metrics.sample_quality import DENSITIES
from explorer.store import Checkpoint
from explorer.ui.parts import shared

KIND = "samples"


def _job(checkpoint: Checkpoint, kind: str) -> Path:
    return shared.job(checkpoint, f"{KIND}-{kind}")


def judged(checkpoint: Checkpoint, kind: str) -> Judged | None:
    """The stored report of a model and a source, or how far it is; None if nobody has asked."""
    result = reports.samples(kind)
    if result.stored(checkpoint):
        try:
            return Judged(report=Report.model_validate(result.read(checkpoint)))
        except ExplorerError as error:
            return Judged(failed=str(error))
    status = jobs.status(_job(checkpoint, kind))
    if status and status.state == "running":
        return Judged(fraction=status.fraction, message=status.message)
    if environment.read_only():
        return Judged(closed="Samples are not judged on this server, which is read-only.")
    if queue.queued(_job(checkpoint, kind)):
        return Judged(fraction=0.0, message="waiting for its turn")
    return Judged(failed=status.message) if status and status.state == "failed" else None


def ask(models: Sequence[Checkpoint], kinds: Sequence[str]) -> None:
    """Judge what is shown, and for every model N(0, I) and a mixture too: only side by side do they tell."""
    if environment.read_only():
        return
    wanted = [(c, kind) for c, kind in zip(models, kinds, strict=True) if kind in DENSITIES]
    wanted += [(c, kind) for kind in ("prior", "mixture") for c in models]
    try:
        for c, kind in wanted:
            if not reports.samples(kind).stored(c):
                line = [KIND, c.name, "--kind", kind, "--folder", str(c.path.parent)]
                queue.put(_job(c, kind), line)
    except ExplorerError as error:
        st.error(str(error))
    advance()


def advance() -> bool:
    """Start the next job once the one before has ended; False when there is nothing left to wait for, whoever asked.

    Says on the page if it cannot be started.
    """
    try:
        queue.advance(KIND)
    except ExplorerError as error:
        st.error(str(error))
    return bool(queue.at_work(KIND))
