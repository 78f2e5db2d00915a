"""What several pages need: choosing a checkpoint, decoding, drawing images and class colours."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from explorer import store
from explorer.store import Checkpoint


def checkpoints() -> list[Checkpoint]:
    """The stored checkpoints; says on the page which cannot be opened, and stops if there is none."""
    good, bad = store.list_checkpoints()
    for sentence in bad:
        st.warning(sentence)
    if not good:
        st.info("There are no checkpoints yet. Train one with `python -m explorer train`.")
        st.stop()
    return good


def describe(checkpoint: Checkpoint) -> str:
    """A checkpoint in a few words: "VAE, β = 4 · digits · 10 latents"."""
    m = checkpoint.manifest
    if m.model.posterior == "point":
        kind = "AE"
    else:
        kind = "VAE" if m.objective.beta == 1 else f"β-VAE, β = {m.objective.beta:g}"
    d = m.model.latent_size
    return f"{kind} · {m.data.data} · {d} latent{'s' if d > 1 else ''}"


@st.cache_resource(max_entries=16, show_spinner=False)
def opened(path: str, version: str) -> tuple[Checkpoint, Any]:
    """A checkpoint with its codes read and its decoder ready; `version` makes the cache follow the content."""
    checkpoint = store.open_checkpoint(path)
    checkpoint.codes  # noqa: B018 (reads and checks)
    return checkpoint, checkpoint.decoder_session()


def arrived(page: str) -> bool:
    """Whether this is the first run of `page` since another page, or none, was shown."""
    before = st.session_state.get("page")
    st.session_state["page"] = page
    return before != page


def decode(checkpoint: Checkpoint, z: np.ndarray) -> np.ndarray:
    """uint8 images `(B, H, W, C)` of codes z `(B, d)`."""
    ready, session = opened(str(checkpoint.path), checkpoint.version)
    images = ready.decode(session, z)
    return np.rint(images.clip(0, 1) * 255).astype(np.uint8).transpose(0, 2, 3, 1)


def enlarged(images: np.ndarray, columns: int, side: int, gap: int = 1) -> np.ndarray:
    """Images `(B, H, W, C)` as one sheet `(height, width, 3)` with crisp pixels, each at least `side` pixels wide.

    The gaps are mid-grey, so that the sheet sits on a light and on a dark page.
    """
    count, h, w, _ = images.shape
    factor = max(1, -(-side // w))
    rows = -(-count // columns)
    big = images.repeat(factor, axis=1).repeat(factor, axis=2)
    if big.shape[-1] == 1:
        big = big.repeat(3, axis=-1)
    step_y, step_x = h * factor + gap, w * factor + gap
    sheet = np.full((rows * step_y - gap, columns * step_x - gap, 3), 128, np.uint8)
    for i, image in enumerate(big):
        y, x = i // columns * step_y, i % columns * step_x
        sheet[y : y + h * factor, x : x + w * factor] = image
    return sheet
