"""Start of the server: its routes and middleware, warm-up imports, and the task that advances the job queues."""

import asyncio
import contextlib
import logging
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
from explorer.server.upload_limit import UploadLimit

QUEUE_SECONDS = 2.0
"""Seconds between checks of the job queues."""
MAX_OPEN_FILES = 65_536


def base_path() -> str:
    """The path below which the app is served (Streamlit's `server.baseUrlPath`)."""
    from streamlit import config

    return str(config.get_option("server.baseUrlPath") or "")


_import_lock = Lock()
"""One thread imports large packages at a time, because another thread cannot use a partly imported one."""

_warm_done = Event()
"""Set when `_warm` has imported what the first page needs."""


class _LazyRoutes:
    """The routes of the live stage, imported on the first request, so that the server starts faster."""

    def __init__(self) -> None:
        self.router: Router | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.router is None:
            self.router = await run_in_threadpool(_router)
        scope = dict(scope)  # the routes contain the whole path, so undo the mount's root_path
        scope["root_path"] = scope.get("app_root_path", "")
        await self.router(scope, receive, send)


def guards() -> list[Middleware]:
    """The middleware of the server app: `Guard` with the inline scripts of the pages, then `UploadLimit`."""
    from streamlit import config

    history = Path(explorer.__file__).parent / "ui" / "pages" / "history.js"
    scripts = [*inline_scripts(), history.read_text(encoding="utf-8")]
    address = config.get_option("server.address") or ""
    return [Middleware(Guard, address=address, scripts=scripts), Middleware(UploadLimit)]


def late_routes() -> list[BaseRoute]:
    """The routes of the live stage and of the pages, for the server app."""
    at, lazy = base_path().strip("/"), _LazyRoutes()
    start = f"/{at}" if at else ""
    stage = [Mount(start + place, lazy) for place in ("/live", "/checkpoints", "/trainings")]
    return [*stage, *page_routes(base_path(), _warm_done)]


def _router() -> Router:
    with _import_lock:
        from explorer.server.early.opening import opening_routes
        from explorer.server.routes import live_routes
        from explorer.server.run_routes import run_routes, snapshots_of

    stage = live_routes(base=base_path(), snapshots=snapshots_of)
    return Router(stage + opening_routes(base_path()) + run_routes(base_path()))


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[dict[str, Any]]:
    """Import what the first page needs while the browser loads its files, and advance the job queues."""
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
    """Raise the limit of open files to `MAX_OPEN_FILES`, or to what the system grants: every session holds several."""
    # Windows has no such module; some systems grant less than their hard limit
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        limit = MAX_OPEN_FILES if hard == resource.RLIM_INFINITY else min(MAX_OPEN_FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, limit), hard))


async def _advance_queues() -> None:
    """Start the next job of each kind when the previous one has ended, whether a page is open or not."""
    from explorer import jobs

    last = ""
    while True:
        await asyncio.sleep(QUEUE_SECONDS)
        try:
            await run_in_threadpool(jobs.advance)
        except (ExplorerError, OSError):
            pass  # the page shows the error; the next check may succeed
        except Exception as error:  # whatever one job's files hold, the others go on
            if repr(error) != last:
                logging.getLogger(__name__).exception(
                    "The queue of jobs could not be advanced; it is tried again."
                )
            last = repr(error)


def _warm() -> None:
    with _import_lock:
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
    """Decode the images of the first page in advance."""
    from explorer.live.choice import stored_models
    from explorer.ui.parts import first_steps

    models, _ = stored_models()
    if models:
        first_steps.hero(models)
        first_steps.steps(models)
