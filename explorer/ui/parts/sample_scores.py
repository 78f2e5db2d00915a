"""Scores of samples, computed in the background for one model and one source after another."""

from collections.abc import Sequence
from pathlib import Path

from explorer import environment, jobs, reports
from explorer.errors import ExplorerError
from explorer.live.schema import Report, ReportStatus
from explorer.metrics.sample_quality import DENSITIES
from explorer.store import Checkpoint
from explorer.ui.parts import job_view
from explorer.ui.parts.foreign_text import show_errors

KIND = "samples"


def _job(checkpoint: Checkpoint, source: str) -> Path:
    return job_view.folder(checkpoint, KIND, source)


def report_status(checkpoint: Checkpoint, source: str) -> ReportStatus | None:
    """The stored report of a model and a source, or the job's progress; None if there is no job."""
    result = reports.samples(source)
    if result.stored(checkpoint):
        try:
            return ReportStatus(report=Report.model_validate(result.read(checkpoint)))
        except ExplorerError as error:
            return ReportStatus(error=str(error))
    status = jobs.status(_job(checkpoint, source))
    if status and status.active:
        return ReportStatus(fraction=status.fraction, message=status.message)
    if environment.read_only():
        return ReportStatus(disabled="This server is read-only and does not score samples.")
    return ReportStatus(error=status.message) if status and status.state == "failed" else None


def submit(models: Sequence[Checkpoint], sources: Sequence[str]) -> None:
    """Score the samples on the page, and of every model those from the prior and from a fitted density, for
    comparison."""
    if environment.read_only():
        return
    pairs = [(c, source) for c, source in zip(models, sources, strict=True) if source in DENSITIES]
    pairs += [(c, "prior") for c in models]
    pairs += [(c, "mixture" if c.manifest.model.code is None else "marginal") for c in models]
    with show_errors():
        for c, source in dict.fromkeys(pairs):
            if not reports.samples(source).stored(c):
                job_view.submit(_job(c, source), KIND, c, kind=source)
