"""A sweep over β from the page: a small form, and the job that trains its runs beside the page."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import streamlit as st

from explorer import environment, store
from explorer.cli.sweep_command import arguments
from explorer.errors import ExplorerError
from explorer.jobs import process as jobs
from explorer.training.sweep import Sweep, job_folder, plan, status
from explorer.ui.parts import shared

DATA: dict[str, dict[str, list[Any]]] = {  # what trains within minutes on a laptop, and how
    "digits": {"hidden": [(256, 128)], "likelihood": ["gaussian"], "variance": [0.02]},
    "sprites": {"body": ["conv"], "batch_size": [64], "learning_rate": [5e-4]},
    "mnist": {"likelihood": ["bernoulli"]},
}
STARTED = "sweep that was started"


def show() -> None:
    """The form, or how far the sweep is that was started in this visit. Nothing on a read-only server."""
    if environment.read_only():
        return
    name = st.session_state.get(STARTED)
    with st.expander("Train another ladder", expanded=name is not None):
        if name is None:
            _form()
        else:
            running = jobs.running(job_folder(name))
            st.fragment(_progress, run_every=1.0 if running else None)(name, running)


def betas_of(text: str) -> list[float]:
    """The βs of a text such as "1, 4 16", each once and rising. Raises ExplorerError if it names none, or nonsense."""
    parts = text.replace(",", " ").replace(";", " ").split()
    try:
        found = sorted({float(part) for part in parts})
    except ValueError:
        found = [math.nan]
    if len(found) < 2 or not all(math.isfinite(b) and 0 <= b <= 1e6 for b in found):
        raise ExplorerError(
            f"A ladder needs two numbers β or more, such as 1, 4, 16; {text[:40]!r} does not say them."
        )
    return found


def planned(data: str, betas: str, seeds: int, latents: int, epochs: int) -> Sweep:
    """The sweep of these entries. Raises ExplorerError if they make none."""
    return plan(
        {
            "data": [data],
            "beta": betas_of(betas),
            "seed": list(range(seeds)),
            "latent_size": [latents],
            "epochs": [epochs],
            **DATA[data],
        }
    )


def _form() -> None:
    with st.form("sweep", border=False):
        first = st.columns([2, 3, 1, 1, 1])
        data = first[0].selectbox("Images", list(DATA))
        betas = first[1].text_input("β, rising", "0.5, 1, 2, 4, 8")
        seeds = first[2].number_input("Seeds", 1, 20, 1, help="runs of every β, each from another start")
        latents = first[3].number_input("Latents", 1, 64, 10)
        epochs = first[4].number_input("Epochs", 1, 10_000, 60, help="an epoch of sprites is 720,896 images")
        st.caption(
            "Runs that are finished already are not repeated, and what is stopped goes on where it was."
        )
        if not st.form_submit_button("Start the sweep"):
            return
    try:
        sweep = planned(data, betas, int(seeds), int(latents), int(epochs))
        given = {name: list(values) for name, values in sweep.axes.items()} | {
            name: [value] for name, value in sweep.settings.items()
        }
        folder = ["--folder", str(store.checkpoints_folder()), "--jobs", "1"]
        jobs.start(job_folder(sweep.name), [*arguments(given, sweep.name), *folder])
    except ExplorerError as error:
        st.error(str(error))
    else:
        st.session_state[STARTED] = sweep.name
        st.rerun()


def _progress(name: str, watching: bool) -> None:
    job, runs = jobs.status(job_folder(name)), status(job_folder(name))
    running = job is not None and job.state == "running"
    if running != watching:
        st.rerun()  # the runs are there to be chosen
    text = runs.text() if runs else (job.message if job else "")
    if job and job.state == "failed":
        st.error(job.message)
    if running:
        fraction = runs.fraction if runs else 0.0
        shared.bar(
            fraction, f"{name}: {text or 'starting'}", "stop sweep", partial(jobs.stop, job_folder(name))
        )
        return
    line, button = st.columns([6, 1], vertical_alignment="center")
    line.write(f"{name}: {text}. Its runs are in the menu at the top of the page.")
    if button.button("Another", key="another sweep"):
        st.session_state[STARTED] = None
        st.rerun()
