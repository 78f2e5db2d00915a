"""The stage that Explore opens with, on the screen before Streamlit's own page is up.

Streamlit's page takes some 0.4 s until it asks for a component, and more than a second in a browser that never saw
it. Which model a link asks for, and how it begins, is known without it: the browser is handed just what the component
would be. The component takes the running stage over when it comes (`early.ts`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from explorer.errors import ExplorerError
from explorer.live.bundle import build_hash
from explorer.ui.pages import explore
from explorer.ui.parts import shared

COLOURS = {
    "--st-background-color": "backgroundColor",
    "--st-secondary-background-color": "secondaryBackgroundColor",
    "--st-text-color": "textColor",
    "--st-primary-color": "primaryColor",
}
"""The custom properties of Streamlit that the stage is drawn with, and the settings that they come from."""


def opening(address: Mapping[str, str]) -> dict[str, Any] | None:
    """What the stage is handed when Explore is opened with this query; None where it cannot be shown."""
    try:
        found, _ = shared.listed()
        if not found:
            return None
        name, begin, _ = explore.meant(found, address)
        return explore.staged(shared.opened({c.name: c for c in found}[name]), begin)
    except ExplorerError:
        return None  # the page says why


def arrays(address: Mapping[str, str]) -> list[str]:
    """Addresses of the positions and colours of the map with which Explore opens, as the stage will ask for them."""
    data = opening(address)
    if data is None or data["view"] != "explore":
        return []
    model, state = data["model"], data["state"]
    chosen = [
        (kind, next((e["key"] for e in entries if e["key"] == state.get(name)), entries[0]["key"]))
        for kind, name, entries in (
            ("positions", "projection", model["projections"]),
            ("column", "colour", model["columns"]),
        )
    ]
    return [f"{model['base']}{kind}/{quote(key, safe='')}" for kind, key in chosen]


def themes() -> dict[str, dict[str, str]]:
    """Streamlit's custom properties in the light theme and in the dark."""
    from streamlit import config

    return {
        theme: {variable: config.get_option(f"theme.{theme}.{name}") for variable, name in COLOURS.items()}
        | {"--st-font": '"Source Sans", sans-serif', "color-scheme": theme}
        for theme in ("light", "dark")
    }


def opening_routes(base: str = "") -> list[BaseRoute]:
    """The script that shows it, as a route to hand to the server app. base: the path the app is served under."""
    at = base.strip("/")
    return [Route((f"/{at}" if at else "") + "/live/opening.js", _answer)]


def _answer(request: Request) -> Response:
    data = opening(dict(request.query_params))
    script = "export {};"
    if data is not None:
        script = (
            f'import {{ early }} from "./{build_hash()}/stage.js";\n'
            f"early({json.dumps(data)}, {json.dumps(themes())});\n"
        )
    return Response(script, media_type="text/javascript", headers={"Cache-Control": "no-store"})
