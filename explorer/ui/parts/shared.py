"""What several pages need to show checkpoints."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import streamlit as st

from explorer import store
from explorer.config import RunConfig
from explorer.jobs import process as jobs
from explorer.store import Checkpoint, cache


def checkpoints() -> list[Checkpoint]:
    """The stored checkpoints, models of the same images side by side, from the plain AE to the largest β; says on
    the page which cannot be opened, and stops if there is none."""
    good, bad = listed()
    for sentence in bad:
        st.warning(sentence)
    if not good:
        st.info(
            "There are no checkpoints yet: train one on the page Train, or with `python -m explorer train`."
        )
        st.stop()
    return good


def listed() -> tuple[list[Checkpoint], list[str]]:
    """The same, and a sentence about each that cannot be opened."""
    good, bad = store.list_checkpoints()
    return sorted(good, key=_place), bad


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
    return f"{kind} · {m.data.data} · {latents(m.model.latent_size)}"


def latents(d: int) -> str:
    """So many of them, in words."""
    return f"{d} latent{'s' if d > 1 else ''}"


def key_of(models: Sequence[Checkpoint]) -> str:
    """Names what is shown of these models: other content is another thing."""
    return " ".join(f"{c.name} {c.version}" for c in models)


def linked(by_name: Mapping[str, Checkpoint], before: Sequence[str], most: int) -> tuple[list[str], str]:
    """The models that the link asks for, else those of `before`, as far as they are here, at most `most`; and a
    sentence about those that are not."""
    asked = [name for name in st.query_params.get("models", "").split(",") if name]
    names = list(dict.fromkeys(n for n in asked or before if n in by_name))[:most]
    missing = [name[:80] for name in asked if name not in by_name]
    verb = "is" if len(missing) == 1 else "are"
    return names, (
        f"The link asks for {', '.join(map(repr, missing))}, which {verb} not among the checkpoints here."
        if missing
        else ""
    )


def unlike(models: Sequence[Checkpoint], because: str) -> str:
    """Why these models cannot take the same codes or show the same images, in a sentence; empty if they can."""
    first = models[0]
    for c in models[1:]:
        if c.manifest.model.latent_size != first.manifest.model.latent_size:
            return (
                f"{first.name} has {first.manifest.model.latent_size} latent dimensions and {c.name} has "
                f"{c.manifest.model.latent_size}: {because}; choose models of one latent size."
            )
        if c.manifest.image_shape != first.manifest.image_shape:
            return (
                f"{first.name} makes images of {_size(first)} and {c.name} of {_size(c)}: choose models of one "
                "image size."
            )
    return ""


def _size(checkpoint: Checkpoint) -> str:
    c, h, w = checkpoint.manifest.image_shape
    return f"{w}×{h} pixels" + (" in colour" if c == 3 else "")


# --- work in the background ---


def job(checkpoint: Checkpoint, what: str) -> Path:
    """The folder of a job about a checkpoint as it is now."""
    return jobs.runs_folder() / f"{what}-{checkpoint.name}-{checkpoint.version}"


def about(folder: Path, what: str) -> str:
    """The name of the checkpoint that the job of a folder is about."""
    return folder.name.removeprefix(f"{what}-").rpartition("-")[0]


def bar(fraction: float, text: str, key: str, stop: Callable[[], None]) -> None:
    """A job that is at work, and the button that ends it."""
    progress, button = st.columns([6, 1], vertical_alignment="center")
    progress.progress(fraction, text)
    button.button("Stop", key=key, on_click=stop)


# --- from page to page ---


def opened(checkpoint: Checkpoint) -> Checkpoint:
    """A checkpoint that is fit to be shown: codes and decoder are read and checked, once. Raises ExplorerError."""
    ready = cache.shared(checkpoint)
    ready.codes  # noqa: B018 (reads and checks)
    cache.decoder_session(ready)
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
