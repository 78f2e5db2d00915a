"""The gallery: every stored model as a card, by data set. The first page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import streamlit as st

from explorer import data
from explorer.data import upload
from explorer.live import gallery_payload as live
from explorer.store import Checkpoint
from explorer.ui.pages import samples
from explorer.ui.parts import shared
from explorer.ui.parts.ladders import beta, ladders, rungs

FIRST = ("mnist", "digits", "sprites", "moons")
"""Data sets that come before the others, in the order in which the story is told."""
MOST = 6
"""Comparisons that are offered for one data set."""


def show() -> None:
    """The page. An address that names a checkpoint is an older link to Explore, and leads there."""
    if "checkpoint" in st.query_params:
        shared.go("explore", dict(st.query_params))
    shared.arrived("gallery")
    st.query_params.clear()
    st.markdown(
        "**Every card is a trained model. Point at one and it decodes; open it and take the sliders.**"
    )
    live.gallery(groups(shared.checkpoints()), key="gallery")


def groups(found: Sequence[Checkpoint]) -> list[dict[str, Any]]:
    """The cards of `found`, by data set, with the comparisons that each group allows."""

    def place(c: Checkpoint) -> tuple[int, str]:
        name = c.manifest.data.data
        return FIRST.index(name) if name in FIRST else len(FIRST), name

    about = data.catalogue()
    shown = []
    for (_, name), group in groupby(sorted(found, key=place), key=place):
        models = list(group)
        shown.append(
            {
                "title": Path(name).name,
                "about": about[name].split(";")[0]
                if name in about and about[name] != upload.ABOUT
                else _images(models[0]),
                "cards": [
                    live.card(c, samples.title(c), figures(c), _to("explore", checkpoint=c.name))
                    for c in models
                ],
                "comparisons": comparisons(models),
            }
        )
    return shown


def _images(checkpoint: Checkpoint) -> str:
    c, h, w = checkpoint.manifest.image_shape
    return f"your own images, {w}×{h} {'in colour' if c == 3 else 'grey'}"


def _to(page: str, **query: str) -> dict[str, Any]:
    return {"page": page, "query": query}


def comparisons(models: Sequence[Checkpoint]) -> list[dict[str, Any]]:
    """Links that set models of one data set side by side: an AE and VAEs on Samples, a ladder of β on Compare."""
    found = [
        {
            "label": f"AE beside VAE, {shared.latents(members[0].manifest.model.latent_size)}",
            "about": "The same random codes through each of them.",
            "to": _to("samples", models=",".join(c.name for c in members)),
        }
        for members in samples.proposals(models).values()
    ]
    for runs in ladders(models).values():
        chosen = rungs(runs)
        steps = ", ".join(f"{beta(c):g}" for c in chosen)
        found.append(
            {
                "label": f"β = {steps}, {shared.latents(chosen[0].manifest.model.latent_size)}",
                "about": "The same model with a rising weight of the rate, under one hand.",
                "to": _to("compare", models=",".join(c.name for c in chosen)),
            }
        )
    return found[:MOST]


def figures(checkpoint: Checkpoint) -> list[dict[str, str]]:
    """The numbers on a card, as far as they are known: latents, β, likelihood and active units."""
    m = checkpoint.manifest
    d, plain = m.model.latent_size, m.model.posterior == "point"
    rows = [_row("latents", str(d), "how many numbers each image becomes")]
    if not plain and m.rebuildable:
        rows.append(_row("β", f"{m.objective.beta:g}", "weight of the rate in training"))
    shown = {
        "elbo": ("ELBO", "mean over test images; log p(x) is at least this"),
        "log_likelihood": ("log p(x)", _estimated(m.metrics)),
    }
    if plain:
        shown = {
            "distortion": ("distortion", "−log p(x|z), mean over test images: how well images are rebuilt")
        }
    for key, (label, about) in shown.items():
        value = m.metrics.get(key)
        if isinstance(value, int | float):
            rows.append(_row(label, f"{value:.1f}".replace("-", "−"), about, "nats"))
    active = m.metrics.get("active_units")
    if isinstance(active, int | float):
        about = "dimensions whose posterior mean varies from image to image by a variance above 0.01"
        rows.append(_row("active units", f"{active:g} of {d}", about))
    return rows


def _estimated(metrics: Mapping[str, Any]) -> str:
    error, draws = metrics.get("log_likelihood_error"), metrics.get("samples")
    within = f", ± {error:.1f} standard error over images" if isinstance(error, int | float) else ""
    return f"mean over test images, by importance sampling with {draws} draws{within}"


def _row(label: str, value: str, about: str, unit: str = "") -> dict[str, str]:
    return {"label": label, "value": value, "about": about} | ({"unit": unit} if unit else {})
