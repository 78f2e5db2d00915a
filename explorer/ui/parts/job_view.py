"""Jobs on a page: progress, remaining time, a button that stops each, and why one failed."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from explorer import environment, jobs
from explorer.jobs import Status
from explorer.store import Checkpoint
from explorer.ui.parts.foreign_text import plain, show_errors
from explorer.ui.session import session

POLL = 0.7
"""Seconds between updates while a job waits or runs."""
Statuses = Mapping[Path, Status | None]


def folder(checkpoint: Checkpoint, kind: str, *parts: str) -> Path:
    """The folder of a job for this version of a checkpoint."""
    return jobs.job_folder(kind, "-".join([checkpoint.name, checkpoint.version, *parts]))


def submit(folder: Path, command: str, checkpoint: Checkpoint, **settings: Any) -> None:
    """Submit a command for a checkpoint. Raises ExplorerError if the folder cannot be written."""
    place = {"name": checkpoint.name, "folder": str(checkpoint.path.parent.resolve())}
    jobs.submit(folder, command, place | settings)


def watch(find: Callable[[], list[Path]], draw: Callable[[Statuses], None]) -> None:
    """Draw the statuses of the jobs in `find()`, again every `POLL` seconds while one of them waits or runs. The whole
    page reruns when a job ends or another starts."""
    active = _active(_statuses(find))
    st.fragment(_watch, run_every=POLL if active else None)(find, draw, active)


def _watch(find: Callable[[], list[Path]], draw: Callable[[Statuses], None], before: list[Path]) -> None:
    now = _statuses(find)
    draw(now)
    if _active(now) != before and not session().dialog:
        st.rerun()


def _statuses(find: Callable[[], list[Path]]) -> Statuses:
    with show_errors():
        jobs.advance()
    return {folder: jobs.status(folder) for folder in find()}


def _active(statuses: Statuses) -> list[Path]:
    return [folder for folder, status in statuses.items() if status and status.active]


def offer(checkpoint: Checkpoint, command: str, label: str, aim: str = "measured") -> None:
    """A button that has a result of a checkpoint computed by a command in the background, and its progress; `aim` is
    what it was not where it failed."""
    job = folder(checkpoint, command)
    if environment.read_only():
        st.caption(plain(f"It has not been {aim} yet: python -m explorer {command} {checkpoint.name}"))
        return

    def draw(statuses: Statuses) -> None:
        status = statuses[job]
        if status and status.state == "done":
            st.rerun()
        bars(statuses, lambda _: checkpoint.name, aim)
        if not (status and status.active) and st.button(label, key=f"start {command} {checkpoint.name}"):
            with show_errors():
                submit(job, command, checkpoint)
            st.rerun()

    watch(lambda: [job], draw)


def bars(statuses: Statuses, label: Callable[[Path], str], aim: str) -> None:
    """A bar for each job that waits or runs; for each that failed, the sentence that it "was not `aim`"."""
    for folder, status in statuses.items():
        if status and status.active:
            bar, button = st.columns([6, 1], vertical_alignment="center")
            bar.progress(status.fraction, plain(f"{label(folder)}: {status.text()}"))
            key = f"stop {folder.parent.name} {folder.name}"
            button.button("Stop", key=key, on_click=_stop, args=(folder,))
        elif status and status.state == "failed":
            sentence, _, lines = status.message.partition("\n\n")
            st.error(plain(f"{label(folder)} was not {aim}: {sentence}"))
            if lines:
                st.code(lines, language="python")


def _stop(folder: Path) -> None:
    with show_errors():
        jobs.stop(folder)
