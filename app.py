"""What `streamlit run app.py` (or ./run) starts: the server app with its own routes, and the page it serves."""

from functools import partial

from streamlit.starlette import App

from explorer.latents import project
from explorer.live.routes import live_middleware, live_routes
from explorer.ui.server import base_path, lifespan

app = App(
    "explorer/ui/page.py",
    routes=live_routes(
        base=base_path(), placements={m: partial(project.read, method=m) for m in project.METHODS}
    ),
    middleware=live_middleware(),
    lifespan=lifespan,
)
