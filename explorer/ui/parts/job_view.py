"""Jobs on a page: how far each is, how much longer, a button that stops it, and why one has failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from explorer import jobs
from explorer.errors import ExplorerError
from explorer.jobs import Status
from explorer.store import Checkpoint
from explorer.ui.parts.foreign_text import plain
from explorer.ui.session import session

POLL = 0.7
"""Seconds between two looks at jobs that wait or run."""
Statuses = Mapping[Path, Status | None]


def folder(checkpoint: Checkpoint, kind: str, *parts: str) -> Path:
    """The folder of a job about a checkpoint as it is now."""
    return jobs.job_folder(kind, "-".join([checkpoint.name, checkpoint.version, *parts]))


def submit(folder: Path, command: str, checkpoint: Checkpoint, **settings: Any) -> None:
    """Submit a command about a checkpoint. Raises ExplorerError if the folder cannot be written."""
    place = {"name": checkpoint.name, "folder": str(checkpoint.path.parent.resolve())}
    jobs.submit(folder, command, place | settings)


def watch(find: Callable[[], list[Path]], draw: Callable[[Statuses], None]) -> None:
    """Draw how the jobs of the folders `find()` stand, again and again while one of them waits or runs. The whole page
    runs again when one of them ends, or another begins."""
    active = _active(_look(find))
    st.fragment(_watch, run_every=POLL if active else None)(find, draw, active)


def _watch(find: Callable[[], list[Path]], draw: Callable[[Statuses], None], before: list[Path]) -> None:
    now = _look(find)
    draw(now)
    if _active(now) != before and not session().dialog:
        st.rerun()


def _look(find: Callable[[], list[Path]]) -> Statuses:
    try:
        jobs.advance()
    except ExplorerError as error:
        st.error(plain(error))
    return {folder: jobs.status(folder) for folder in find()}


def _active(statuses: Statuses) -> list[Path]:
    return [folder for folder, status in statuses.items() if status and status.active]


def bars(statuses: Statuses, label: Callable[[Path], str], aim: str) -> None:
    """A bar for each job that waits or runs, and a sentence for each that failed: it "was not `aim`"."""
    for folder, status in statuses.items():
        if status and status.active:
            bar, button = st.columns([6, 1], vertical_alignment="center")
            bar.progress(status.fraction, plain(f"{label(folder)}: {status.text()}"))
            key = f"stop {folder.parent.name} {folder.name}"
            button.button("Stop", key=key, on_click=_stop, args=(folder,))
        elif status and status.state == "failed":
            st.error(plain(f"{label(folder)} was not {aim}: {status.message}"))


def _stop(folder: Path) -> None:
    try:
        jobs.stop(folder)
    except ExplorerError as error:
        st.error(plain(error))
