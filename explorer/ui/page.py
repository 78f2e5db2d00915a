"""The page: navigation over its parts."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from explorer.ui import compare, explore, samples

ABOUT = "Latent Explorer: take the latent space of an autoencoder, a VAE or a β-VAE in your hands."

st.set_page_config(
    page_title="Latent Explorer",
    page_icon=Path(__file__).with_name("icon.png"),
    layout="wide",
    menu_items={"About": ABOUT},  # without an entry the menu, and with it the theme switch, is hidden
)
# Streamlit leaves six rem empty above the first line, and a gap of one for the script below
st.html("<style>.stMainBlockContainer { padding-top: 3rem; padding-bottom: 2rem; }</style>")
# Streamlit enters every change of the address into the history, where each settled slider would be a step back
# that leads nowhere; only another page is a step.
st.html(
    """<script>
    if (!window.ownHistory) {
      window.ownHistory = true;
      const push = history.pushState.bind(history);
      history.pushState = (state, title, url) =>
        new URL(url ?? "", location.href).pathname === location.pathname
          ? history.replaceState(state, title, url)
          : push(state, title, url);
    }
    </script>""",
    unsafe_allow_javascript=True,
)
st.navigation(
    [
        st.Page(explore.show, title="Explore", icon=":material/explore:", default=True),
        st.Page(samples.show, title="Samples", icon=":material/grid_view:", url_path="samples"),
        st.Page(compare.show, title="Compare", icon=":material/tune:", url_path="compare"),
    ],
    position="top",
).run()
