"""What `streamlit run app.py` (or ./run) starts: the server app with its own routes, and the page it serves."""

from streamlit.starlette import App

from explorer.server.app import guards, late_routes, lifespan

app = App("explorer/ui/pages/navigation.py", routes=late_routes(), middleware=guards(), lifespan=lifespan)
