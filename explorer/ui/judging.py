"""Judging samples in the background, one model and one source after another, while the page goes on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from explorer import jobs, settings
from explorer.errors import ExplorerError
from explorer.metrics.samples import DENSITIES, read, stored
from explorer.store import Checkpoint
from explorer.ui import shared


def queue() -> list[tuple[Checkpoint, str]]:
    """What is still to be judged: checkpoints and kinds of source, the one at work first."""
    waiting: list[tuple[Checkpoint, str]] = st.session_state.setdefault("to judge", [])
    return waiting


def _job(checkpoint: Checkpoint, kind: str) -> Path:
    return shared.job(checkpoint, f"samples-{kind}")


def running(checkpoint: Checkpoint, kind: str) -> bool:
    """Whether its job runs, whoever started it."""
    return jobs.running(_job(checkpoint, kind))


def any_running(models: Sequence[Checkpoint]) -> bool:
    """Whether anything about these models is being judged, whoever asked."""
    return any(running(c, kind) for c in models for kind in DENSITIES)


def judged(checkpoint: Checkpoint, kind: str) -> dict[str, Any] | None:
    """The stored report of a model and a source, or how far it is; None if nobody has asked."""
    if stored(checkpoint, kind):
        try:
            return {"report": read(checkpoint, kind).model_dump(mode="json")}
        except ExplorerError as error:
            return {"failed": str(error)}
    status = jobs.status(_job(checkpoint, kind))
    if status and status.state == "running":
        return {"fraction": status.fraction, "message": status.message}
    if settings.read_only():
        return {"closed": "Samples are not judged on this server, which is read-only."}
    if any(c.name == checkpoint.name and kind == k for c, k in queue()):
        return {"fraction": 0.0, "message": "waiting for its turn"}
    return {"failed": status.message} if status and status.state == "failed" else None


def ask(models: Sequence[Checkpoint], kinds: Sequence[str]) -> None:
    """Judge what is shown, and for every model N(0, I) and a mixture too: only side by side do they tell."""
    if settings.read_only():
        return
    wanted = [(c, kind) for c, kind in zip(models, kinds, strict=True) if kind in DENSITIES]
    wanted += [(c, kind) for kind in ("prior", "mixture") for c in models]
    waiting, known = queue(), {(c.name, kind) for c, kind in queue()}
    for c, kind in wanted:
        if not stored(c, kind) and (c.name, kind) not in known:
            known.add((c.name, kind))
            waiting.append((c, kind))
    advance()


def advance() -> bool:
    """Start the next job once the one before has ended; False when there is nothing left to wait for.

    Says on the page if it cannot be started; then nothing else is tried.
    """
    waiting = queue()
    while waiting and not running(*waiting[0]):
        c, kind = waiting[0]
        started = st.session_state.setdefault("judging", None)
        if stored(c, kind) or started == (c.name, kind):  # done, or ended without a result
            waiting.pop(0)
            st.session_state["judging"] = None
            continue
        try:
            jobs.start(_job(c, kind), ["samples", c.name, "--kind", kind, "--folder", str(c.path.parent)])
        except ExplorerError as error:
            waiting.clear()
            st.error(str(error))
            break
        st.session_state["judging"] = (c.name, kind)
    return bool(waiting)
