"""The early stage: Explore on the screen before Streamlit has loaded.

Streamlit's page takes about 0.4 s until it requests a component, and more than a second without a browser cache. The
model and the state of a link are known before that, so the browser gets the data of the component with the page. When
the component arrives, it takes over the running stage (`frontend/src/early`).
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
"""Custom properties of Streamlit that the stage uses, and the theme settings with their values."""


def opening(address: Mapping[str, str]) -> StageData | None:
    """The data of the stage when Explore is opened with the query `address`; None if it cannot be shown."""
    try:
        models, _ = stored_models()
        if not models:
            return None
        name, state, _ = explore_choice(models, address)
        return stage_data(ready({c.name: c for c in models}[name]), state)
    except ExplorerError:
        return None  # the page shows the error


def arrays(data: StageData) -> list[str]:
    """URLs of the map's positions and colours, or of the words of discrete codes, relative to the app's root,
    exactly as the stage requests them."""
    if data.view != "explore":
        return []
    model = data.model
    if model.code:
        classes = any(column.key == "labels" for column in model.columns)
        return [f"{model.base}words", *([f"{model.base}column/labels"] if classes else [])]
    keys = {"positions": data.state.projection, "column": data.state.colour}
    if data.state.colour not in [column.key for column in data.model.columns]:
        del keys["column"]  # a direction, which the browser computes
    return [f"{data.model.base}{kind}/{quote(key, safe='')}" for kind, key in keys.items() if key]


def script(data: StageData, built: str) -> str:
    """JavaScript module that shows the data of `opening`, escaped for a script element. built: URL of the front end's
    builds."""
    arguments = ", ".join(json.dumps(part).replace("<", "\\u003c") for part in (data.dump(), themes()))
    return f'import {{ early }} from "{built}{build_hash()}/stage.js";\nearly({arguments});\n'


def themes() -> dict[str, dict[str, str]]:
    """Streamlit's custom properties in the light and the dark theme."""
    from streamlit import config

    return {
        theme: {variable: config.get_option(f"theme.{theme}.{name}") for variable, name in COLOURS.items()}
        | {"--st-font": '"Source Sans", sans-serif', "color-scheme": theme}
        for theme in ("light", "dark")
    }


def opening_routes(base: str = "") -> list[BaseRoute]:
    """The script as a route for the server app. base: path the app is served under."""
    at = base.strip("/")
    return [Route((f"/{at}" if at else "") + "/live/opening.js", _answer)]


def _answer(request: Request) -> Response:
    data = opening(dict(request.query_params))
    text = "export {};" if data is None else script(data, "./")
    return Response(text, media_type="text/javascript", headers={"Cache-Control": "no-store"})
