"""A sweep over β from the page: a small form, and the progress of its job."""

import math
from typing import Any, get_args

import streamlit as st

from explorer import data, environment, jobs, store
from explorer.config import ModelConfig, RunConfig, flat
from explorer.data import upload
from explorer.errors import ExplorerError
from explorer.training import presets
from explorer.training.sweep import Sweep, job_folder, plan, summary
from explorer.ui.parts import job_view
from explorer.ui.parts.foreign_text import plain, show_errors
from explorer.ui.session import session

DATA: dict[str, dict[str, Any]] = {
    "digits": {"hidden": (256, 128), "likelihood": "gaussian", "variance": 0.02},
    "sprites": {"body": "conv", "batch_size": 64, "learning_rate": 5e-4},
    "faces": presets.PRESETS["Faces"].settings,
}
"""Settings that suit a data set; others have the defaults, and somebody's own images those of the Train page."""
BODIES: tuple[str, ...] = get_args(ModelConfig.model_fields["body"].annotation)


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


def suited(images: str) -> dict[str, Any]:
    """The settings that suit these images, where they differ from the defaults."""
    if shape := upload.image_shape(images):
        default = flat(RunConfig())
        return {k: v for k, v in presets.for_images(images, shape).items() if v != default[k]}
    return DATA.get(images, {})


def planned(images: str, betas: str, seeds: int, latents: int, epochs: int, body: str) -> Sweep:
    """The sweep of these entries. Raises ExplorerError if they are invalid."""
    axes: dict[str, list[Any]] = {
        "data": [images],
        "beta": betas_of(betas),
        "seed": list(range(seeds)),
        "latent_size": [latents],
    }
    fixed = suited(images) | {"epochs": epochs, "body": body}
    return plan({name: [value] for name, value in fixed.items()} | axes)


def _form() -> None:
    choice = st.columns([2, 2, 6])
    images = choice[0].selectbox("Images", list(data.describe_datasets()), key="sweep images")
    usual = suited(images).get("body", "mlp")
    about = "encoder and decoder networks"
    body = choice[1].selectbox(
        "Body", BODIES, index=BODIES.index(usual), key=f"sweep body {images}", help=about
    )
    with st.form("sweep", border=False):
        first = st.columns([4, 1, 1, 1])
        betas = first[0].text_input("β, rising", "0.5, 1, 2, 4, 8")
        seeds = first[1].number_input(
            "Seeds", 1, 20, 1, help="runs of every β, each from another initialisation"
        )
        latents = first[2].number_input("Latents", 1, 64, 10)
        epochs = first[3].number_input("Epochs", 1, 10_000, 60, help="an epoch of sprites is 720,896 images")
        st.caption("Finished runs are not repeated, and stopped runs continue where they were.")
        if not st.form_submit_button("Start the sweep"):
            return
    with show_errors():
        sweep = planned(images, betas, int(seeds), int(latents), int(epochs), body)
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
