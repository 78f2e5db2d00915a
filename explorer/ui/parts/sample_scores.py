"""Judging samples in the background, one model and one source after another, while the page goes on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from explorer import environment, jobs, reports
from explorer.errors import ExplorerError
from explorer.live.schema import Judged, Report
from explorer.metrics.sample_quality import DENSITIES
from explorer.store import Checkpoint
from explorer.ui.parts import job_view
from explorer.ui.parts.foreign_text import plain

KIND = "samples"


def _job(checkpoint: Checkpoint, source: str) -> Path:
    return job_view.folder(checkpoint, KIND, source)


def judged(checkpoint: Checkpoint, source: str) -> Judged | None:
    """The stored report of a model and a source, or how far it is; None if nobody has asked."""
    result = reports.samples(source)
    if result.stored(checkpoint):
        try:
            return Judged(report=Report.model_validate(result.read(checkpoint)))
        except ExplorerError as error:
            return Judged(failed=str(error))
    status = jobs.status(_job(checkpoint, source))
    if status and status.active:
        return Judged(fraction=status.fraction, message=status.message)
    if environment.read_only():
        return Judged(closed="Samples are not judged on this server, which is read-only.")
    return Judged(failed=status.message) if status and status.state == "failed" else None


def ask(models: Sequence[Checkpoint], sources: Sequence[str]) -> None:
    """Judge what is shown, and for every model N(0, I) and a mixture too: only side by side do they tell."""
    if environment.read_only():
        return
    wanted = [(c, source) for c, source in zip(models, sources, strict=True) if source in DENSITIES]
    wanted += [(c, source) for source in ("prior", "mixture") for c in models]
    try:
        for c, source in wanted:
            if not reports.samples(source).stored(c):
                job_view.submit(_job(c, source), KIND, c, kind=source)
    except ExplorerError as error:
        st.error(plain(error))
