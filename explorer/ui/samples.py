"""Samples: the same random codes through an AE and a VAE."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import streamlit as st

from explorer.store import Checkpoint
from explorer.ui import shared

ROWS, COLUMNS = 6, 6


def show() -> None:
    """The page."""
    shared.arrived("samples")
    st.title("The same random codes, two decoders", anchor=False)
    st.markdown(
        "Both models restore images well. But draw codes from N(0, I) and decode them: the VAE was trained to make "
        "an image of every code the prior can draw; the AE's codes follow no known distribution."
    )
    pairs = _pairs(shared.checkpoints())
    if not pairs:
        st.info("This page needs an AE and a VAE of the same data with the same number of latent dimensions.")
        return
    name = st.selectbox("Models", list(pairs), key="pair")
    seed = int(st.number_input("Seed", 0, 2**31 - 1, 0, key="seed", width=160))
    temperature = st.slider("Temperature (scales every code)", 0.0, 3.0, 1.0, 0.05, key="temperature")
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((ROWS * COLUMNS, pairs[name][0].manifest.model.latent_size), np.float32)
    for column, checkpoint in zip(st.columns(2, gap="large"), pairs[name], strict=True):
        with column:
            st.subheader(shared.describe(checkpoint), anchor=False)
            st.image(shared.enlarged(shared.decode(checkpoint, temperature * noise), COLUMNS, 64, gap=2))


def _pairs(found: list[Checkpoint]) -> dict[str, tuple[Checkpoint, Checkpoint]]:
    """AE and VAE (the lowest β of those there are) of the same data, latent size and image shape."""

    def kin(c: Checkpoint) -> tuple[str, int, tuple[int, int, int]]:
        return c.manifest.data.data, c.manifest.model.latent_size, c.manifest.image_shape

    pairs = {}
    for (data, d, _), group in groupby(sorted(found, key=kin), key=kin):
        members = sorted(group, key=lambda c: c.manifest.objective.beta)
        plain = [c for c in members if c.manifest.model.posterior == "point"]
        variational = [c for c in members if c.manifest.model.posterior != "point"]
        if plain and variational:
            pairs[f"{data}, {d} latents"] = (plain[0], variational[0])
    return pairs
