"""How long a training will take, measured in the background while the form is filled in."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import streamlit as st

from explorer.config import RunConfig, flat
from explorer.disk import read_json, replace_json
from explorer.errors import ExplorerError
from explorer.jobs import process as jobs
from explorer.training import runs as trainings
from explorer.training import warnings
from explorer.training.estimate import FILE, Estimate

FREE = {"epochs", "beta", "seed", "patience", "pretrain_epochs", "warmup", "warmup_epochs", "capacity_epochs"} | {
    "gamma", "learning_rate", "corruption_level", "variance", "free_bits",
}  # fmt: skip
"""Settings that do not change the time of a step."""
LOOK = {"measuring": 0.5, "waiting": 2.0, "due": 2.0}
"""Seconds between looks at what will change by itself."""
RUNNING = "estimating"
ASKED = "train dialog"
"""Set while a dialog is open, which a rerun of the page would close."""


def _folder(config: RunConfig) -> Path:
    costly = {name: value for name, value in flat(config).items() if name not in FREE}
    name = hashlib.sha256(json.dumps(costly, sort_keys=True).encode()).hexdigest()[:16]
    return jobs.runs_folder() / "estimates" / name


def stored(config: RunConfig) -> Estimate | None:
    """What was measured for settings like these."""
    told = read_json(_folder(config) / FILE)
    try:
        return Estimate(**{**told, "shape": tuple(told["shape"])}) if told else None
    except (TypeError, KeyError):
        return None


def begin(config: RunConfig) -> None:
    """Measure, instead of what is being measured for this session, unless a training needs the machine."""
    folder = _folder(config)
    if st.session_state.get(RUNNING) not in (None, folder):
        stop()
    if jobs.status(folder) or _busy():
        return
    folder.mkdir(parents=True, exist_ok=True)
    replace_json(folder / "settings.json", flat(config))
    jobs.start(folder, ["estimate", "--settings", str((folder / "settings.json").resolve())])
    st.session_state[RUNNING] = folder


def _busy() -> bool:
    return any(trainings.standing(run).state in ("running", "waiting") for run in trainings.runs())


def stop() -> None:
    """The machine is needed, or other settings are looked at."""
    if folder := st.session_state.pop(RUNNING, None):
        jobs.stop(folder)
        (folder / "job.json").unlink(missing_ok=True)  # so that it can be measured another time


def show(config: RunConfig) -> None:
    """One line: how long it will take, and what is wrong with the size of the model, as soon as it is known."""
    stands = _stands(config)
    st.fragment(_line, run_every=LOOK.get(stands))(config, stands)


def _stands(config: RunConfig) -> str:
    """Whether its time is "known", "measuring", "failed", "waiting" for a training to end, or "due"."""
    if stored(config):
        return "known"
    if status := jobs.status(_folder(config)):
        return {"running": "measuring", "failed": "failed"}.get(status.state, "unknown")
    return "waiting" if _busy() else "due"


def _line(config: RunConfig, stood: str) -> None:
    now = _stands(config)
    if now != stood and not st.session_state.get(ASKED):
        st.rerun()
    if now == "due":  # the training that was in the way has ended since the page asked
        quietly_begin(config)
    elif now == "measuring":
        st.caption("Measuring how long it will take …")
    elif now == "waiting":
        st.caption("The time is measured when no training is running.")
    elif found := stored(config):
        _told(config, found)
    elif now == "failed" and (status := jobs.status(_folder(config))):
        st.warning(status.message)


def _told(config: RunConfig, found: Estimate) -> None:
    seconds = found.seconds(config)
    c, h, w = found.shape
    st.caption(
        f"About **{jobs.duration(seconds)}** on this machine: {found.images:,} training images of {h}×{w} pixels"
        f"{' in colour' if c == 3 else ''}, {found.parameters:,} weights, {jobs.duration(found.epoch)} per epoch."
    )
    for sentence in warnings.of_size(config.model, found.parameters, found.shape, found.images, found.memory):
        st.warning(sentence)


def quietly_begin(config: RunConfig) -> bool:
    """`begin`, where a disk that cannot be written costs only the estimate; whether there was none."""
    try:
        begin(config)
    except (ExplorerError, OSError):
        st.caption("The time could not be measured: the folder of runs cannot be written.")
        return False
    return True
