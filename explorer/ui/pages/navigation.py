"""The script that Streamlit runs: navigation over the pages.

It lies among them because Streamlit takes a folder `pages` beside its script for pages of its own.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from explorer.ui.pages import compare, explore, gallery, imports, present, samples, train
from explorer.ui.parts import links

ABOUT = "Latent Explorer: take the latent space of an autoencoder, a VAE or a β-VAE in your hands."

st.set_page_config(
    page_title="Latent Explorer",
    page_icon=Path(__file__).with_name("icon.png"),
    layout="wide",
    menu_items={"About": ABOUT},  # without an entry the menu, and with it the theme switch, is hidden
)
# Streamlit leaves six rem empty above the first line, and a gap of one for the script below; and its columns know
# no least width, so that “Take it with you” was cut off beside a long menu
st.html(
    "<style>.stMainBlockContainer { padding-top: 3rem; padding-bottom: 2rem; } "
    '@media (min-width: 641px) { .stColumn:has([class*="st-key-take-"]) { min-width: 10.6rem; } '
    '.stHorizontalBlock:has([class*="st-key-take-"]) { flex-wrap: nowrap; } }</style>'
)
# Streamlit enters every change of the address into the history, where each settled slider would be a step back
# that leads nowhere; only another page is a step, and an older link to a checkpoint is none.
script = Path(__file__).with_name("history.js").read_text(encoding="utf-8")
st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
page = st.navigation(
    [
        st.Page(gallery.show, title="Gallery", icon=":material/apps:", default=True),
        st.Page(explore.show, title="Explore", icon=":material/explore:", url_path="explore"),
        st.Page(samples.show, title="Samples", icon=":material/grid_view:", url_path="samples"),
        st.Page(compare.show, title="Compare", icon=":material/tune:", url_path="compare"),
        st.Page(train.show, title="Train", icon=":material/model_training:", url_path="train"),
        st.Page(imports.show, title="Bring", icon=":material/upload:", url_path="bring"),
        st.Page(present.show, title="Present", icon=":material/slideshow:", url_path="present"),
    ],
    position="top",
)
links.arrive(page.url_path)
page.run()
