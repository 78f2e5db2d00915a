"""Work in the background, as several pages show it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from explorer.jobs import process as jobs
from explorer.store import Checkpoint


def job(checkpoint: Checkpoint, what: str) -> Path:
    """The folder of a job about a checkpoint as it is now."""
    return jobs.runs_folder() / f"{what}-{checkpoint.name}-{checkpoint.version}"


def about(folder: Path, what: str) -> str:
    """The name of the checkpoint that the job of a folder is about."""
    return folder.name.removeprefix(f"{what}-").rpartition("-")[0]


def bar(fraction: float, text: str, key: str, stop: Callable[[], None]) -> None:
    """A job that is at work, and the button that ends it."""
    progress, button = st.columns([6, 1], vertical_alignment="center")
    progress.progress(fraction, text)
    button.button("Stop", key=key, on_click=stop)
