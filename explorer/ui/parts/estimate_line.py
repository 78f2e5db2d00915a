"""How long a training will take, measured in the background while the form is filled in."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import streamlit as st

from explorer import jobs
from explorer.config import RunConfig, flat
from explorer.errors import ExplorerError
from explorer.jobs.queue import ESTIMATE
from explorer.training import warnings
from explorer.training.estimate import Estimate
from explorer.ui.parts import job_view
from explorer.ui.parts.foreign_text import plain
from explorer.ui.session import session

FREE = {"epochs", "beta", "seed", "patience", "pretrain_epochs", "warmup", "warmup_epochs", "capacity_epochs"} | {
    "gamma", "learning_rate", "corruption_level", "variance", "free_bits",
}  # fmt: skip
"""Settings that do not change the time of a step."""


def _folder(config: RunConfig) -> Path:
    costly = {name: value for name, value in flat(config).items() if name not in FREE}
    name = hashlib.sha256(json.dumps(costly, sort_keys=True).encode()).hexdigest()[:16]
    return jobs.job_folder(ESTIMATE, name)


def _stored(config: RunConfig) -> Estimate | None:
    """What was measured for settings like these."""
    values = jobs.result(_folder(config)) or {}
    try:
        return Estimate(
            **{name: values[name] for name in Estimate._fields} | {"shape": tuple(values["shape"])}
        )
    except (TypeError, KeyError):
        return None


def stop() -> None:
    """The machine is needed, or other settings are looked at."""
    if folder := session().estimating:
        session().estimating = None
        jobs.stop(folder)


def show(config: RunConfig) -> None:
    """One line: how long it will take, and what is wrong with the size of the model, as soon as it is measured, instead
    of what else is being measured for this session. A disk that cannot be written costs only the estimate."""
    folder = _folder(config)
    try:
        if session().estimating != folder:
            stop()
        status = jobs.status(folder)
        if status is None or status.state == "stopped":
            jobs.submit(folder, "estimate", flat(config))
            session().estimating = folder
    except ExplorerError:
        st.caption("The time could not be measured: the folder of runs cannot be written.")
        return
    job_view.watch(lambda: [folder], lambda statuses: _draw(config, statuses[folder]))


def _draw(config: RunConfig, status: jobs.Status | None) -> None:
    if estimate := _stored(config):
        _describe(config, estimate)
    elif status and status.state == "failed":
        st.warning(plain(status.message))
    elif status and status.state == "waiting":
        st.caption("The time is measured when no training is running.")
    elif status and status.state == "running":
        st.caption("Measuring how long it will take …")


def _describe(config: RunConfig, estimate: Estimate) -> None:
    seconds = estimate.seconds(config)
    c, h, w = estimate.shape
    st.caption(
        f"About **{jobs.duration(seconds)}** on this machine: {estimate.images:,} training images of {h}×{w} pixels"
        f"{' in colour' if c == 3 else ''}, {estimate.parameters:,} weights, {jobs.duration(estimate.epoch)} per epoch."
    )
    sizes = (estimate.parameters, estimate.shape, estimate.images, estimate.memory)
    for sentence in warnings.of_size(config.model, *sizes):
        st.warning(plain(sentence))
