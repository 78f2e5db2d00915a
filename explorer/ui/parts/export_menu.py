"""Export: the view as one HTML page, the networks and the codes."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from explorer import store
from explorer.export import downloads, html_page
from explorer.live.scenes import MAX_SCENES, PageName, Scene
from explorer.store import Checkpoint
from explorer.ui.parts import kept_scenes
from explorer.ui.parts.foreign_text import show_errors


def popover(
    page: PageName, view: Callable[[], html_page.View], checkpoints: Sequence[Checkpoint], title: str
) -> None:
    """The menu of downloads for the current view. Files are made when they are downloaded.

    view: returns the current view; another thread may call it.
    """
    about = "One HTML file that works without this server, ONNX, codes, and scenes for a talk."
    look: Any = {"icon": ":material/download:", "width": "stretch", "on_change": "rerun", "help": about}
    menu = st.popover("Export", key=f"take {page}", **look)
    if not menu.open:
        return
    with menu:
        name = re.sub(r"[^A-Za-z0-9._=-]+", "-", title.replace("β = ", "beta"))
        label, file = "This view as one HTML file", f"{name}.html"
        download(label, file, lambda: html_page.page([view()], title), "text/html")
        st.caption("It includes the decoder and the codes and opens from disk, without a server or network.")
        checkpoint = checkpoints[0]
        if len(checkpoints) > 1:
            by_name = {c.name: c for c in checkpoints}
            checkpoint = by_name[
                st.selectbox("Checkpoint to export", list(by_name), key=f"take {page} which")
            ]
        files: dict[str, Callable[[], bytes]] = {"decoder.onnx": partial(checkpoint.read, store.DECODER)}
        if downloads.has_encoder(checkpoint):
            files["encoder.onnx"] = partial(downloads.encoder, checkpoint)
        files["codes.npz"] = partial(downloads.codes_npz, checkpoint)
        files["codes.csv"] = partial(downloads.codes_csv, checkpoint)
        with st.container(horizontal=True):
            for part, make in files.items():
                mime = "text/csv" if part == "codes.csv" else "application/octet-stream"
                download(part, f"{checkpoint.name}-{part}", make, mime)
        st.caption("Networks as ONNX; the codes of all test images with labels, rates and errors as columns.")
        _scene_form(page)


def _scene_form(page: PageName) -> None:
    """Caption and button that save the view as a scene."""
    with st.form(f"keep {page}", border=False, clear_on_submit=True):
        caption = st.text_input(
            "Save this view as a scene", placeholder="caption for your talk", max_chars=600
        )
        submit = st.form_submit_button("Save", icon=":material/bookmark_add:")
    if submit:
        address = {name: str(value) for name, value in st.query_params.items()}
        deck = kept_scenes.scenes()
        if len(deck) >= MAX_SCENES:
            st.error(f"A deck has at most {MAX_SCENES} scenes; delete one under Present.")
            return
        with show_errors():
            kept_scenes.change([*deck, Scene(page=page, address=address, caption=caption)])
        st.toast(f"Scene {len(deck)} is saved: find it under Present.")


def download(label: str, name: str, make: Callable[[], bytes], mime: str) -> None:
    """A button that makes a file when it is pressed."""
    st.download_button(label, make, name, mime, on_click="ignore", key=f"download {name}")
