"""The HTML that a page begins as: Streamlit's own, told where its server is, and for Explore the early stage.

Opened by its address, a page does not know whether `/explore` is a page or the path that the app is served under: it
asks for a server below `/explore` first, logs that there is none, and waits 100 ms before it asks one level higher.

All of this rests on a page that is Streamlit's private matter. Where that page is not the one known here, and where
`EXPLORER_EARLY` is 0, there are no routes, and Streamlit serves its page as it is.
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
"""The pages that have an address of their own. One that is missing here opens too, but later."""

KNOWN = (r"<head>", r'<script type="module"[^>]* src="\./static/js/[^"]+"', r'<div id="root"></div>')
"""What Streamlit's page has exactly one of: where the first script goes, the script that starts it, where it mounts."""

# Streamlit's scripts are addressed relative to the page in the same way, so this is right wherever they are found
_SERVER = '<script>window.__streamlit = { BACKEND_BASE_URL: new URL(".", location.href).href };</script>'


def page_routes(base: str, warm: Event) -> list[BaseRoute]:
    """Routes to hand to the server app.

    base: the path the app is served under. warm: set once what Explore opens with can be computed without importing
    anything first; until then the browser is told to ask for it, and gets its page at once.
    """
    if not environment.early():
        return []
    html = _streamlit_page()
    if any(len(re.findall(pattern, html)) != 1 for pattern in KNOWN):
        logging.getLogger(__name__).warning(
            "This version of Streamlit has a page that is not known here, so Explore is shown when that page is up."
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
    """The scripts that are written into every page, which its security policy names by their hashes."""
    return re.findall(r"<script>(.*?)</script>", _SERVER + _streamlit_page(), re.DOTALL)


def _streamlit_page() -> str:
    from streamlit import file_util

    return (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")


def _early(request: Request, warm: Event) -> str:
    """The script that opens the early stage, and what it needs: asked for before Streamlit's sixty files are."""
    bundle = f'<link rel="modulepreload" fetchpriority="high" href="./live/{build_hash()}/stage.js">'
    if not warm.is_set():
        query = escape(urlencode(request.query_params.multi_items()))
        return f'{bundle}<script type="module" async fetchpriority="high" src="./live/opening.js?{query}"></script>'
    from explorer.server.early import opening

    data = opening.opening(dict(request.query_params))
    if data is None:
        return ""
    script = opening.script(data, "./live/")
    request.scope.get("scripts", []).append(script)  # for the security policy of this answer
    return (
        bundle
        + f'<script type="module" async>{script}</script>'
        + "".join(map(_preload, opening.arrays(data)))
    )


def _preload(address: str) -> str:
    return f'<link rel="preload" as="fetch" crossorigin fetchpriority="high" href="./{escape(address)}">'
