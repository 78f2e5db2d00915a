"""Glossary: the terms on the pages, each with a sentence and a formula."""

import streamlit as st

from explorer.live.terms import terms
from explorer.ui.parts import links


def show() -> None:
    """The page."""
    links.arrived("glossary")
    st.markdown("**The terms on these pages.** On the pages themselves, the “?” beside a term says the same.")
    for term in terms().values():
        name, meaning = st.columns([1, 4], gap="medium")
        name.markdown(f"#### {term.title}")
        meaning.markdown(term.sentence)
        meaning.code(term.formula, language=None, wrap_lines=True)
