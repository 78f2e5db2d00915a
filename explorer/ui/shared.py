"""What several pages need to show checkpoints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

import streamlit as st

from explorer import store
from explorer.config import RunConfig
from explorer.live.kept import kept, session
from explorer.store import Checkpoint


def checkpoints() -> list[Checkpoint]:
    """The stored checkpoints, models of the same images side by side, from the plain AE to the largest β; says on
    the page which cannot be opened, and stops if there is none."""
    good, bad = store.list_checkpoints()
    for sentence in bad:
        st.warning(sentence)
    if not good:
        st.info("There are no checkpoints yet. Train one with `python -m explorer train`.")
        st.stop()
    return sorted(good, key=_place)


def _place(checkpoint: Checkpoint) -> tuple[str, int, bool, float, str]:
    m = checkpoint.manifest
    return m.data.data, m.model.latent_size, m.model.posterior != "point", m.objective.beta, checkpoint.name


def describe(checkpoint: Checkpoint) -> str:
    """A checkpoint in a few words: "VAE, β = 4 · digits · 10 latents"."""
    return describe_run(checkpoint.manifest.run)


def describe_run(m: RunConfig) -> str:
    """The same of its settings alone."""
    if m.model.posterior == "point":
        kind = "AE"
    else:
        kind = "VAE" if m.objective.beta == 1 else f"β-VAE, β = {m.objective.beta:g}"
    d = m.model.latent_size
    return f"{kind} · {m.data.data} · {d} latent{'s' if d > 1 else ''}"


def opened(checkpoint: Checkpoint) -> Checkpoint:
    """A checkpoint that is fit to be shown: codes and decoder are read and checked, once. Raises ExplorerError."""
    ready = kept(checkpoint)
    ready.codes  # noqa: B018 (reads and checks)
    session(ready)
    return ready


def go(path: str, query: Mapping[str, str]) -> NoReturn:
    """Show another page of the app, by its path and with its query, without loading the app again."""
    # Streamlit's own query_params would be entered into the address of the page that is left
    st.session_state["on the way"] = (path, dict(query))
    st.switch_page(st.Page(lambda: None, url_path=path, title=path))


def arrive(path: str) -> None:
    """On the first run after `go`: give the page at `path` its query."""
    to, query = st.session_state.pop("on the way", (None, {}))
    if to == path:
        st.query_params.from_dict(query)


def arrived(page: str) -> bool:
    """Whether this is the first run of `page` since another page, or none, was shown."""
    before = st.session_state.get("page")
    st.session_state["page"] = page
    return before != page
