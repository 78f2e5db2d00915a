"""The script that Streamlit runs: navigation over the pages.

It is inside `pages` because Streamlit treats a folder `pages` beside its script as its own pages.
"""

from pathlib import Path

import streamlit as st

from explorer.ui.pages import compare, explore, gallery, glossary, imports, present, samples, train
from explorer.ui.parts import links

ABOUT = "Latent Explorer: explore the latent space of an autoencoder, a VAE or a β-VAE live."

st.set_page_config(
    page_title="Latent Explorer",
    page_icon=Path(__file__).with_name("icon.png"),
    layout="wide",
    menu_items={"About": ABOUT},  # without an entry the menu, and with it the theme switch, is hidden
)
# Streamlit leaves 6 rem empty above the first line and a gap of 1 rem for the script below; its columns have no
# minimum width, so a long menu would cut off “Export”
st.html(
    "<style>.stMainBlockContainer { padding-top: 3rem; padding-bottom: 2rem; } "
    '@media (min-width: 641px) { .stColumn:has([class*="st-key-take-"]) { min-width: 10.6rem; } '
    '.stHorizontalBlock:has([class*="st-key-take-"]) { flex-wrap: nowrap; } }</style>'
)
# Streamlit adds every change of the address to the history, so each settled slider would be a useless step back;
# only another page is a step, but not the redirect of an older link to a checkpoint.
script = Path(__file__).with_name("history.js").read_text(encoding="utf-8")
st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
page = st.navigation(
    [
        st.Page(gallery.show, title="Gallery", icon=":material/apps:", default=True),
        st.Page(explore.show, title="Explore", icon=":material/explore:", url_path="explore"),
        st.Page(samples.show, title="Samples", icon=":material/grid_view:", url_path="samples"),
        st.Page(compare.show, title="Compare", icon=":material/tune:", url_path="compare"),
        st.Page(train.show, title="Train", icon=":material/model_training:", url_path="train"),
        st.Page(imports.show, title="Import", icon=":material/upload:", url_path="bring"),
        st.Page(present.show, title="Present", icon=":material/slideshow:", url_path="present"),
        st.Page(glossary.show, title="Glossary", icon=":material/menu_book:", url_path="glossary"),
    ],
    position="top",
)
links.arrive(page.url_path)
page.run()
