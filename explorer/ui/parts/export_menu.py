"""Take it with you: what is on show as one page, as networks and as numbers."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from pathlib import Path

import streamlit as st

from explorer import store
from explorer.errors import ExplorerError
from explorer.export import downloads, html_page
from explorer.live.scenes import MOST, PageName, Scene
from explorer.store import Checkpoint
from explorer.ui.session import session

SECONDS = 120.0  # torch is imported, on a machine that may be busy with training


def popover(
    page: PageName, view: Callable[[], html_page.View], checkpoints: Sequence[Checkpoint], title: str
) -> None:
    """The menu of downloads for the view that is shown. Nothing is made before it is asked for.

    view: what is on show at the moment in which it is called; it may be called from another thread.
    """
    menu = st.popover(
        "Take it with you",
        icon=":material/download:",
        width="stretch",
        key=f"take {page}",
        on_change="rerun",
        help="One HTML file that works without this server, ONNX, codes, and scenes for a talk.",
    )
    if not menu.open:
        return
    with menu:
        name = re.sub(r"[^A-Za-z0-9._=-]+", "-", title.replace("β = ", "beta"))
        _download(
            "This view as one HTML file", f"{name}.html", lambda: html_page.page([view()], title), "text/html"
        )
        st.caption("Decoder and codes are inside: it opens from disk, without server or network.")
        chosen = checkpoints[0]
        if len(checkpoints) > 1:
            by_name = {c.name: c for c in checkpoints}
            chosen = by_name[st.selectbox("Checkpoint to take", list(by_name), key=f"take {page} which")]
        row = st.container(horizontal=True)
        with row:
            _download("decoder.onnx", f"{chosen.name}-decoder.onnx", lambda: chosen.read(store.DECODER))
            if downloads.has_encoder(chosen):
                _download("encoder.onnx", f"{chosen.name}-encoder.onnx", partial(_encoder, chosen))
            _download("codes.npz", f"{chosen.name}-codes.npz", partial(downloads.codes_npz, chosen))
            _download(
                "codes.csv", f"{chosen.name}-codes.csv", partial(downloads.codes_csv, chosen), "text/csv"
            )
        st.caption("Networks as ONNX; the codes of all test images with labels, rates and errors as columns.")
        _keeper(page)


def _keeper(page: PageName) -> None:
    """Caption and button that keep what is on show as a scene."""
    with st.form(f"keep {page}", border=False, clear_on_submit=True):
        caption = st.text_input(
            "Keep this view as a scene", placeholder="what is to be said to it", max_chars=600
        )
        kept = st.form_submit_button("Keep", icon=":material/bookmark_add:")
    if kept:
        address = {name: str(value) for name, value in st.query_params.items()}
        deck = session().scenes
        if len(deck) >= MOST:
            st.error(f"A deck has at most {MOST} scenes; delete one under Present.")
            return
        deck.append(Scene(page=page, address=address, caption=caption))
        st.toast(f"Scene {len(deck)} is kept: find it under Present.")


def _download(
    label: str, name: str, make: Callable[[], bytes], mime: str = "application/octet-stream"
) -> None:
    st.download_button(label, make, name, mime, on_click="ignore", key=f"download {name}")


def _encoder(checkpoint: Checkpoint) -> bytes:
    return _converted(checkpoint.path, checkpoint.version)


@lru_cache(maxsize=4)
def _converted(path: Path, version: str) -> bytes:
    """The encoder as ONNX, by a child process: converting takes seconds of processor, which the page needs itself.

    The child writes to its standard output alone, so that a read-only server can hand it out too.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "explorer.export.encoder", str(path)],
            cwd=Path(__file__).parents[3],
            capture_output=True,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise ExplorerError(
            f"Converting {path.name} took more than {SECONDS:.0f} s; try again when the machine is less busy."
        ) from None
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise ExplorerError(lines[-1] if lines else f"{path.name} was not converted.")
    return done.stdout
