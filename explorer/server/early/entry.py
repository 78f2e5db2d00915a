"""The HTML of a page: Streamlit's index.html with the address of the server and, for Explore, the early stage.

Opened by its URL, Streamlit's page cannot tell whether `/explore` is a page or the base path of the app: it looks for a
server below `/explore` first, logs an error, and waits 100 ms before it tries one level higher.

Streamlit's index.html is private. If it is not the version known here, or `EXPLORER_EARLY` is 0, there are no routes
and Streamlit serves its page unchanged.
"""

import logging
import re
from html import escape
from pathlib import Path
from threading import Event
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Route

from explorer import environment
from explorer.live.bundle import build_hash

PAGES = ("explore", "samples", "compare", "train", "bring", "present", "glossary")
"""The pages with a URL. A page missing here opens too, but more slowly."""

KNOWN = (r"<head>", r'<script type="module"[^>]* src="\./static/js/[^"]+"', r'<div id="root"></div>')
"""Patterns that occur once in Streamlit's page: where our script goes, its start script, and its mount point."""

# Streamlit resolves its scripts relative to the page too, so this URL is right whenever they load
_SERVER = '<script>window.__streamlit = { BACKEND_BASE_URL: new URL(".", location.href).href };</script>'


def page_routes(base: str, warm: Event) -> list[BaseRoute]:
    """Routes of the pages for the server app.

    base: path the app is served under. warm: set once the imports are done that the data of Explore needs; before, the
    page is served at once and the browser requests the data separately.
    """
    if not environment.early():
        return []
    html = _streamlit_page()
    if any(len(re.findall(pattern, html)) != 1 for pattern in KNOWN):
        logging.getLogger(__name__).warning(
            "This version of Streamlit has an unknown index.html, so Explore is shown after Streamlit has loaded."
        )
        return []
    before, after = html.split("<head>")

    def page(request: Request) -> HTMLResponse:
        return HTMLResponse(f"{before}<head>{_SERVER}{after}", headers={"Cache-Control": "no-cache"})

    def explore(request: Request) -> HTMLResponse:
        text = f"{before}<head>{_SERVER}{_early(request, warm)}{after}"
        return HTMLResponse(text, headers={"Cache-Control": "no-store"})

    at = base.strip("/")
    start = f"/{at}" if at else ""
    return [Route(f"{start}/{name}", explore if name == "explore" else page) for name in PAGES]


def inline_scripts() -> list[str]:
    """The inline scripts of every page; the Content-Security-Policy lists their hashes."""
    return re.findall(r"<script>(.*?)</script>", _SERVER + _streamlit_page(), re.DOTALL)


def _streamlit_page() -> str:
    from streamlit import file_util

    return (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")


def _early(request: Request, warm: Event) -> str:
    """HTML that opens the early stage and preloads its files ahead of the sixty files of Streamlit."""
    bundle = f'<link rel="modulepreload" fetchpriority="high" href="./live/{build_hash()}/stage.js">'
    if not warm.is_set():
        query = escape(urlencode(request.query_params.multi_items()))
        return f'{bundle}<script type="module" async fetchpriority="high" src="./live/opening.js?{query}"></script>'
    from explorer.server.early import opening

    data = opening.opening(dict(request.query_params))
    if data is None:
        return ""
    script = opening.script(data, "./live/")
    request.scope.get("scripts", []).append(script)  # for the Content-Security-Policy of this response
    return (
        bundle
        + f'<script type="module" async>{script}</script>'
        + "".join(map(_preload, opening.arrays(data)))
    )


def _preload(address: str) -> str:
    return f'<link rel="preload" as="fetch" crossorigin fetchpriority="high" href="./{escape(address)}">'
