"""A sweep over β from the page: a small form, and the progress of its job."""

import math
from typing import Any

import streamlit as st

from explorer import environment, jobs, store
from explorer.errors import ExplorerError
from explorer.training.sweep import Sweep, job_folder, plan, summary
from explorer.ui.parts import job_view
from explorer.ui.parts.foreign_text import plain, show_errors
from explorer.ui.session import session

DATA: dict[str, dict[str, list[Any]]] = {  # settings that train within minutes on a laptop
    "digits": {"hidden": [(256, 128)], "likelihood": ["gaussian"], "variance": [0.02]},
    "sprites": {"body": ["conv"], "batch_size": [64], "learning_rate": [5e-4]},
    "mnist": {"likelihood": ["bernoulli"]},
}


def show() -> None:
    """The form, or the progress of the sweep that was started in this visit. Nothing on a read-only server."""
    if environment.read_only():
        return
    name = session().sweep
    with st.expander("Train another ladder", expanded=bool(name)):
        _progress(name) if name else _form()


def betas_of(text: str) -> list[float]:
    """The βs in a text such as "1, 4 16", sorted and unique. Raises ExplorerError unless there are two or more."""
    parts = text.replace(",", " ").replace(";", " ").split()
    try:
        betas = sorted({float(part) for part in parts})
    except ValueError:
        betas = [math.nan]
    if len(betas) < 2 or not all(math.isfinite(b) and 0 <= b <= 1e6 for b in betas):
        raise ExplorerError(f"A ladder needs two or more values of β, such as 1, 4, 16, not {text[:40]!r}.")
    return betas


def planned(data: str, betas: str, seeds: int, latents: int, epochs: int) -> Sweep:
    """The sweep of these entries. Raises ExplorerError if they are invalid."""
    axes: dict[str, list[Any]] = {
        "data": [data],
        "beta": betas_of(betas),
        "seed": list(range(seeds)),
        "latent_size": [latents],
    }
    return plan({**axes, "epochs": [epochs], **DATA[data]})


def _form() -> None:
    with st.form("sweep", border=False):
        first = st.columns([2, 3, 1, 1, 1])
        data = first[0].selectbox("Images", list(DATA))
        betas = first[1].text_input("β, rising", "0.5, 1, 2, 4, 8")
        seeds = first[2].number_input(
            "Seeds", 1, 20, 1, help="runs of every β, each from another initialisation"
        )
        latents = first[3].number_input("Latents", 1, 64, 10)
        epochs = first[4].number_input("Epochs", 1, 10_000, 60, help="an epoch of sprites is 720,896 images")
        st.caption("Finished runs are not repeated, and stopped runs continue where they were.")
        if not st.form_submit_button("Start the sweep"):
            return
    with show_errors():
        sweep = planned(data, betas, int(seeds), int(latents), int(epochs))
        axes = {name: list(values) for name, values in sweep.axes.items()}
        settings = {name: [value] for name, value in sweep.settings.items()}
        place = {"name": sweep.name, "folder": str(store.checkpoints_folder().resolve()), "jobs": 1}
        jobs.submit(job_folder(sweep.name), "sweep", axes | settings | place)
        session().sweep = sweep.name
        st.rerun()


def _progress(name: str) -> None:
    folder = job_folder(name)

    def draw(statuses: job_view.Statuses) -> None:
        job_view.bars(statuses, lambda _: name, "finished")
        if (status := statuses[folder]) and status.active:
            return
        line, button = st.columns([6, 1], vertical_alignment="center")
        line.write(plain(f"{name}: {summary(folder)}. Its runs are in the menu at the top of the page."))
        if button.button("New sweep", key="another sweep"):
            session().sweep = ""
            st.rerun()

    job_view.watch(lambda: [folder], draw)
