"""The stage that Explore opens with, on the screen before Streamlit's own page is up.

Streamlit's page takes some 0.4 s until it asks for a component, and more than a second in a browser that never saw
it. Which model a link asks for, and how it begins, is known without it: the browser is handed just what the component
would be. The component takes the running stage over when it comes (`frontend/src/early`).
"""

import json
from collections.abc import Mapping
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from explorer.errors import ExplorerError
from explorer.live.bundle import build_hash
from explorer.live.choice import explore_choice, ready, stored_models
from explorer.live.schema import StageData
from explorer.live.stage import stage_data

COLOURS = {
    "--st-background-color": "backgroundColor",
    "--st-secondary-background-color": "secondaryBackgroundColor",
    "--st-text-color": "textColor",
    "--st-primary-color": "primaryColor",
}
"""The custom properties of Streamlit that the stage is drawn with, and the settings that they come from."""


def opening(address: Mapping[str, str]) -> StageData | None:
    """What the stage is handed when Explore is opened with this query; None where it cannot be shown."""
    try:
        found, _ = stored_models()
        if not found:
            return None
        name, begin, _ = explore_choice(found, address)
        return stage_data(ready({c.name: c for c in found}[name]), begin)
    except ExplorerError:
        return None  # the page says why


def arrays(data: StageData) -> list[str]:
    """Addresses below the app's root of the positions and colours of the map that opens, as the stage asks for them."""
    if data.view != "explore":
        return []
    keys = {"positions": data.state.projection, "column": data.state.colour}
    return [f"{data.model.base}{kind}/{quote(key, safe='')}" for kind, key in keys.items() if key]


def script(data: StageData, built: str) -> str:
    """The module that shows what `opening` gives; fit to stand in a script element. built: where the front end's
    builds are served."""
    handed = ", ".join(json.dumps(part).replace("<", "\\u003c") for part in (data.dump(), themes()))
    return f'import {{ early }} from "{built}{build_hash()}/stage.js";\nearly({handed});\n'


def themes() -> dict[str, dict[str, str]]:
    """Streamlit's custom properties in the light theme and in the dark."""
    from streamlit import config

    return {
        theme: {variable: config.get_option(f"theme.{theme}.{name}") for variable, name in COLOURS.items()}
        | {"--st-font": '"Source Sans", sans-serif', "color-scheme": theme}
        for theme in ("light", "dark")
    }


def opening_routes(base: str = "") -> list[BaseRoute]:
    """The script as a route to hand to the server app. base: the path the app is served under."""
    at = base.strip("/")
    return [Route((f"/{at}" if at else "") + "/live/opening.js", _answer)]


def _answer(request: Request) -> Response:
    data = opening(dict(request.query_params))
    text = "export {};" if data is None else script(data, "./")
    return Response(text, media_type="text/javascript", headers={"Cache-Control": "no-store"})
