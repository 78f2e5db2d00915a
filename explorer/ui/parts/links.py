"""Links between the pages of the app."""

from collections.abc import Mapping
from typing import NoReturn

import streamlit as st

from explorer.ui.session import session


def go(path: str, query: Mapping[str, str]) -> NoReturn:
    """Switch to the page at `path` with this query, without reloading the app."""
    # Streamlit would write its own query_params to the address of the current page
    session().destination = path, dict(query)
    st.switch_page(st.Page(lambda: None, url_path=path, title=path))


def arrive(path: str) -> None:
    """Set the query of the page at `path` on the first run after `go`."""
    to, query = session().destination or (None, {})
    session().destination = None
    if to == path:
        st.query_params.from_dict(query)
        session().clicked = path


def by_click(page: str) -> bool:
    """Whether the query of `page` comes from `go`, that is from a click in this visit, and not from outside; once."""
    clicked, session().clicked = session().clicked, ""
    return clicked == page


def arrived(page: str) -> bool:
    """Whether this is the first run of `page` since another page was open."""
    previous, session().page = session().page, page
    return previous != page
