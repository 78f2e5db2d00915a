"""The time that a training will take, measured in the background while the form is open."""

import contextlib
import hashlib
import json
import shutil
from pathlib import Path

import streamlit as st

from explorer import environment, jobs
from explorer.config import RunConfig, flat
from explorer.errors import ExplorerError
from explorer.jobs.queue import ESTIMATE
from explorer.training import snapshots, warnings
from explorer.training.estimate import Estimate
from explorer.ui.parts import job_view
from explorer.ui.parts.foreign_text import plain
from explorer.ui.session import session

FREE = {"epochs", "beta", "seed", "patience", "pretrain_epochs", "warmup", "warmup_epochs", "capacity_epochs"} | {
    "gamma", "learning_rate", "corruption_level", "variance", "free_bits",
}  # fmt: skip
"""Settings that do not change the time per step."""


def _folder(config: RunConfig) -> Path:
    costly = {name: value for name, value in flat(config).items() if name not in FREE}
    name = hashlib.sha256(json.dumps(costly, sort_keys=True).encode()).hexdigest()[:16]
    return jobs.job_folder(ESTIMATE, name)


def _stored(config: RunConfig) -> Estimate | None:
    """The measurement for these settings, up to those in `FREE`."""
    values = jobs.result(_folder(config)) or {}
    try:
        return Estimate(**{n: values[n] for n in Estimate._fields} | {"shape": tuple(values["shape"])})
    except (TypeError, KeyError):
        return None


def stop() -> None:
    """Stop the current measurement: a training starts, or the settings have changed."""
    if folder := session().estimating:
        session().estimating = None
        jobs.stop(folder)


def show(config: RunConfig) -> None:
    """The estimated time, and warnings about the size of the model, once they are measured. Replaces the session's
    other measurement. If the disk cannot be written, only the estimate is missing."""
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
    elif status and status.silent:
        st.warning("The training time was not measured: that took too long, or too much memory.")
    elif status and status.state == "failed":
        st.warning(plain(status.message))
    elif status and status.state == "waiting":
        st.caption("The time is measured when no training and no other measurement is running.")
    elif status and status.state == "running":
        st.caption("Measuring the training time …")


def _snapshots_size(config: RunConfig, estimate: Estimate) -> str:
    """What the snapshots of a training will take of the disk."""
    needed, place = snapshots.expected_size(estimate.parameters, config), environment.runs_folder()
    size = f"about {_bytes(needed)}"
    with contextlib.suppress(OSError):
        free = shutil.disk_usage(place).free
        if needed > free // snapshots.DISK_SHARE:
            return (
                f"at most {_bytes(free // snapshots.DISK_SHARE)}, 1/{snapshots.DISK_SHARE} of the free disk; all of "
                f"them would take {size}"
            )
    return size


def _bytes(count: int) -> str:
    return (
        f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{max(0.1, count / 1e6):.{1 if count < 1e7 else 0}f} MB"
    )


def _describe(config: RunConfig, estimate: Estimate) -> None:
    seconds = estimate.seconds(config)
    c, h, w = estimate.shape
    st.caption(
        f"About **{jobs.duration(seconds)}** on this machine: {estimate.images:,} training images of {h}×{w} pixels"
        f"{' in colour' if c == 3 else ''}, {estimate.parameters:,} weights, {jobs.duration(estimate.epoch)} per epoch."
        f" Snapshots: {plain(_snapshots_size(config, estimate))}."
    )
    sizes = (estimate.parameters, estimate.shape, estimate.images, estimate.memory)
    for sentence in warnings.of_size(config.model, *sizes):
        st.warning(plain(sentence))
