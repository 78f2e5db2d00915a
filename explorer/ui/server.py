"""What the server does once, when it starts."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any


def base_path() -> str:
    """The path below which the app is served (Streamlit's `server.baseUrlPath`)."""
    from streamlit import config

    return str(config.get_option("server.baseUrlPath") or "")


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[dict[str, Any]]:
    """Import what the first page needs while the browser is still loading its own files."""
    warming = asyncio.get_running_loop().run_in_executor(None, _warm)
    yield {}
    await warming


def _warm() -> None:
    import numpy  # noqa: F401
    import onnxruntime  # noqa: F401
    import plotly.graph_objects  # noqa: F401
    import safetensors.numpy  # noqa: F401

    freeze()


def freeze() -> None:
    """Streamlit collects garbage after every script run, over everything that was ever imported; frozen, what is
    there now is left out of it: a rerun takes about a quarter of the time (docs/performance.md)."""
    gc.collect()
    gc.freeze()
