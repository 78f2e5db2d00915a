"""From page to page of the app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

import streamlit as st

from explorer.ui.session import session


def go(path: str, query: Mapping[str, str]) -> NoReturn:
    """Show another page of the app, by its path and with its query, without loading the app again."""
    # Streamlit's own query_params would be entered into the address of the page that is left
    session().destination = path, dict(query)
    st.switch_page(st.Page(lambda: None, url_path=path, title=path))


def arrive(path: str) -> None:
    """On the first run after `go`: give the page at `path` its query."""
    to, query = session().destination or (None, {})
    session().destination = None
    if to == path:
        st.query_params.from_dict(query)


def arrived(page: str) -> bool:
    """Whether this is the first run of `page` since another page, or none, was shown."""
    before, session().page = session().page, page
    return before != page
