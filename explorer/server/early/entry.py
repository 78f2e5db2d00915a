"""The HTML that a page begins as: Streamlit's own, told where its server is.

Opened by its address, a page does not know whether `/explore` is a page or the path that the app is served under: it
asks for a server below `/explore` first, logs that there is none, and waits 100 ms before it asks one level higher.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Route

from explorer.live.bundle import build_hash

PAGES = ("explore", "samples", "compare", "train", "bring", "present")
"""The pages that have an address of their own. One that is missing here opens too, but later."""

# Streamlit's scripts are addressed relative to the page in the same way, so this is right wherever they are found
_SERVER = '<script>window.__streamlit = { BACKEND_BASE_URL: new URL(".", location.href).href };</script>'


arrays: Callable[[Mapping[str, str]], Sequence[str]] | None = None
"""What Explore draws first of the model that a query asks for, as addresses below the app's root. Set by the server
once it has imported what knows; until then a page is answered without."""


@cache
def _html() -> str:
    from streamlit import file_util

    text = (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")
    return text.replace("<head>", "<head>" + _SERVER, 1)


def _entry(request: Request) -> HTMLResponse:
    text = _html()
    if request.url.path.endswith("/explore"):
        text = text.replace(_SERVER, _SERVER + _opening(request), 1)
    return HTMLResponse(text, headers={"Cache-Control": "no-cache"})


def _opening(request: Request) -> str:
    """The script of `opening` and what it imports, asked for before Streamlit's sixty files are, and run as soon as
    they are there."""
    query = escape(urlencode(request.query_params.multi_items()))
    addresses = arrays(dict(request.query_params)) if arrays else []
    return (
        f'<link rel="modulepreload" fetchpriority="high" href="./live/{build_hash()}/stage.js">'
        f'<script type="module" async fetchpriority="high" src="./live/opening.js?{query}"></script>'
        + "".join(map(_preload, addresses))
    )


def _preload(address: str) -> str:
    return f'<link rel="preload" as="fetch" crossorigin fetchpriority="high" href="./{escape(address)}">'


def page_routes(base: str = "") -> list[BaseRoute]:
    """Routes to hand to the server app. base: the path the app is served under."""
    at = base.strip("/")
    return [Route(f"/{at}/{page}" if at else f"/{page}", _entry) for page in PAGES]
