"""What the server does once, when it starts."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event, Lock
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Router
from starlette.types import Receive, Scope, Send

import explorer
from explorer.errors import ExplorerError
from explorer.server.early.entry import inline_scripts, page_routes
from explorer.server.middleware import Guard, notice

LOOK = 2.0
"""Seconds between looks at the queues."""
FILES = 65_536


def base_path() -> str:
    """The path below which the app is served (Streamlit's `server.baseUrlPath`)."""
    from streamlit import config

    return str(config.get_option("server.baseUrlPath") or "")


_importing = Lock()
"""Large packages are imported by one thread at a time: halves of one are not what another can use."""

_warm_done = Event()
"""Set when `_warm` has imported what the first page needs."""


class _Late:
    """The routes of the stage, imported when the first of them is asked for: the server answers sooner."""

    def __init__(self) -> None:
        self.router: Router | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.router is None:
            self.router = await run_in_threadpool(_router)
        scope = dict(scope)  # the mount has moved its own part of the path aside; the routes hold all of it
        scope["root_path"] = scope.get("app_root_path", "")
        await self.router(scope, receive, send)


def guards() -> list[Middleware]:
    """The middleware to hand to the server app: `Guard`, told which inline scripts are the page's own."""
    from streamlit import config

    history = Path(explorer.__file__).parent / "ui" / "pages" / "history.js"
    scripts = [*inline_scripts(), history.read_text(encoding="utf-8")]
    return [Middleware(Guard, address=config.get_option("server.address") or "", scripts=scripts)]


def late_routes() -> list[BaseRoute]:
    """The routes of the stage and of the pages, to hand to the server app."""
    at, late = base_path().strip("/"), _Late()
    start = f"/{at}" if at else ""
    stage = [Mount(start + place, late) for place in ("/live", "/checkpoints", "/trainings")]
    return [*stage, *page_routes(base_path(), _warm_done)]


def _router() -> Router:
    with _importing:
        return _assembled()


def _assembled() -> Router:
    from explorer import reports
    from explorer.latents.projection import METHODS
    from explorer.server.early.opening import opening_routes
    from explorer.server.routes import live_routes
    from explorer.server.run_routes import run_routes, snapshots_of

    projections = {method: reports.projection(method).read for method in METHODS}
    stage = live_routes(base=base_path(), projections=projections, snapshots=snapshots_of)
    return Router(stage + opening_routes(base_path()) + run_routes(base_path()))


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[dict[str, Any]]:
    """Import what the first page needs while the browser is still loading its own files."""
    from streamlit import config

    raise_file_limit()
    if sentence := notice(config.get_option("server.address") or ""):
        print(sentence, flush=True)
    warming = asyncio.get_running_loop().run_in_executor(None, _warm)
    queue = asyncio.create_task(_advance_queues())
    yield {}
    queue.cancel()
    await warming


def raise_file_limit() -> None:
    """Allow `FILES` open files, if the system grants them: every visit holds several."""
    with contextlib.suppress(
        ImportError, OSError, ValueError
    ):  # Windows; a system that grants less than it says
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


async def _advance_queues() -> None:
    """The next job of a kind begins when the one before has ended, whether a page is open or not."""
    from explorer import jobs

    while True:
        await asyncio.sleep(LOOK)
        with contextlib.suppress(ExplorerError, OSError):  # said on the page; the next look may do better
            await run_in_threadpool(jobs.advance)


def _warm() -> None:
    with _importing:
        from explorer.store.decoder import start_worker

        start_worker()
        import safetensors.numpy  # noqa: F401

        from explorer.live.bundle import build_hash
        from explorer.live.heap import freeze
        from explorer.server.early import opening  # noqa: F401

        build_hash()
        freeze()
    _warm_done.set()
    _decode_first()


def _decode_first() -> None:
    """Decode the picture that leads the first page, so that nobody waits for it there."""
    from explorer.live.choice import stored_models
    from explorer.ui.parts import first_steps

    found, _ = stored_models()
    if found:
        first_steps.hero(found)
        first_steps.steps(found)
