"""The gallery: every stored model as a card, by data set. The first page."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import streamlit as st

from explorer import data
from explorer.data import upload
from explorer.live.choice import data_rank
from explorer.live.component import mount
from explorer.live.covers import COLUMNS, ROWS
from explorer.live.page_schema import CardData, Comparison, Destination, Figure, GalleryData, Group
from explorer.live.terms import terms
from explorer.live.titles import collapse, kind, latents, likelihood_note, mark
from explorer.store import Checkpoint, Manifest
from explorer.ui.parts import first_steps, links, model_picker
from explorer.ui.parts.ladders import ladders, rungs
from explorer.ui.parts.proposals import proposals

MAX_MODELS = 6
"""Maximum number of comparisons for one data set."""


def show() -> None:
    """The page. An address with a checkpoint is an older link to Explore, and redirects there."""
    if "checkpoint" in st.query_params:
        links.go("explore", dict(st.query_params))
    links.arrived("gallery")
    st.query_params.clear()
    found = model_picker.checkpoints()
    shown = GalleryData(hero=first_steps.hero(found), steps=first_steps.steps(found), groups=groups(found))
    mount("gallery", shown, key="gallery", hears=())


def groups(checkpoints: Sequence[Checkpoint]) -> list[Group]:
    """The cards by data set, with comparisons of the models in each group."""

    def place(c: Checkpoint) -> tuple[int, str]:
        return data_rank(c.manifest.data.data)

    about = data.describe_datasets()
    result = []
    for (_, name), group in groupby(sorted(checkpoints, key=place), key=place):
        models = list(group)
        known = name in about and about[name] != upload.ABOUT
        result.append(
            Group(
                title=Path(name).name,
                about=_credited(name, about[name].split(";")[0] if known else _images(models[0])),
                cards=[_card(c) for c in models],
                comparisons=comparisons(models),
            )
        )
    return result


def _credited(name: str, about: str) -> str:
    return f"{about}. {credit}" if (credit := data.attribution(name)) else about


def _card(checkpoint: Checkpoint) -> CardData:
    """The content of a card; reads only the checkpoint's `config.json`."""
    manifest = checkpoint.manifest
    return CardData(
        name=checkpoint.name,
        title=kind(manifest.run),
        mark=mark(manifest),
        caption=manifest.caption,
        base=f"checkpoints/{checkpoint.name}/{checkpoint.version}/",
        latent_size=manifest.model.latent_size,
        image_shape=manifest.image_shape,
        rows=ROWS,
        columns=COLUMNS,
        figures=figures(checkpoint),
        to=Destination(page="explore", query={"checkpoint": checkpoint.name}),
    )


def _images(checkpoint: Checkpoint) -> str:
    c, h, w = checkpoint.manifest.image_shape
    return f"your own images, {w}×{h} {'in colour' if c == 3 else 'grey'}"


def comparisons(models: Sequence[Checkpoint]) -> list[Comparison]:
    """Links that set models of one data set side by side: an AE and VAEs on Samples, a ladder of β on Compare."""

    def comparison(page: str, chosen: Sequence[Checkpoint], label: str, about: str) -> Comparison:
        size = latents(chosen[0].manifest.model.latent_size)
        to = Destination(page=page, query={"models": ",".join(c.name for c in chosen)})
        return Comparison(label=f"{label}, {size}", about=about, to=to)

    rows = []
    for members in proposals(models).values():
        ae, *variational = members
        vae = next((c for c in variational if c.manifest.beta == 1), variational[0])
        label = f"AE beside {kind(vae.manifest.run)}"
        rows.append(comparison("samples", [ae, vae], label, "The same random codes through both models."))
    for runs in ladders(models).values():
        steps = ", ".join(f"{c.manifest.beta:g}" for c in rungs(runs))
        about = "The same model with a rising weight of the rate, driven by one set of sliders."
        rows.append(comparison("compare", rungs(runs), f"β = {steps}", about))
    return rows[:MAX_MODELS]


def figures(checkpoint: Checkpoint) -> list[Figure]:
    """The numbers on a card, where they are known: latents, β, likelihood and active units; of a discrete code, whose
    dimensions are no numbers to choose, tokens and words instead."""
    m = checkpoint.manifest
    d, plain, code = m.model.latent_size, m.plain, m.model.code
    rows = [Figure(label="latents", value=str(d), about="numbers per code")]
    if code:
        rows = [Figure(label="tokens", value=str(code.tokens), about="words per code")]
        rows.append(Figure(label="words", value=str(code.words), about="that each token is one of"))
    elif not plain and m.rebuildable:
        betas = " to ".join(f"{beta:g}" for beta in m.model.beta_range or (m.beta,))
        rows.append(Figure(label="β", value=betas, about="weight of the rate in training"))
    metrics = {
        "elbo": ("ELBO", f"mean over test images; log p(x) is at least this{likelihood_note(m)}"),
        "log_likelihood": ("log p(x)", _estimated(m) + likelihood_note(m)),
    }
    if plain:
        about = "−log p(x|z), mean over test images: how well images are reconstructed"
        metrics = {"distortion": ("distortion", about)}
    for key, (label, about) in metrics.items():
        if (number := m.metric(key)) is not None:
            value = f"{number:.1f}".replace("-", "−")
            rows.append(Figure(label=label, value=value, unit="nats", about=about))
    if not code and (active := m.metric("active_units")) is not None:
        value = f"{active:g} of {d}" if active else collapse(d)
        rows.append(Figure(label="active units", value=value, about=terms()["active"].sentence))
    return rows


def _estimated(manifest: Manifest) -> str:
    error, draws = manifest.metric("log_likelihood_error"), manifest.metrics.get("samples")
    within = "" if error is None else f", ± {error:.1f} standard error over images"
    return f"mean over test images, by importance sampling with {draws} draws{within}"
