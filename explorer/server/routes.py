"""HTTP routes of the live stage: built front end files, and the arrays of checkpoints.

URLs contain a content hash, so browsers cache responses forever and a changed file has another URL. Nothing here
imports streamlit or torch.
"""

import gzip
from collections.abc import Callable
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from explorer import store
from explorer.errors import ExplorerError
from explorer.live import files, relatives, siblings
from explorer.live.bundle import DIST, build_hash
from explorer.live.wire import Wire
from explorer.server.decode_route import decode_codes, read_codes
from explorer.store import Checkpoint, cache

TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".wasm": "application/wasm"}
IMMUTABLE = "public, max-age=31536000, immutable"


def live_routes(
    folder: Path | None = None, base: str = "", snapshots: Callable[[str], Path] | None = None
) -> list[BaseRoute]:
    """Routes of the live stage for the server app.

    folder: folder of checkpoints (default: `EXPLORER_CHECKPOINTS`). base: path the app is served under (Streamlit's
    `server.baseUrlPath`). snapshots: maps the name of a run to its folder of snapshots.
    """
    root = folder or store.checkpoints_folder()

    def find(request: Request) -> Checkpoint:
        run = request.path_params.get("run")
        place = snapshots(store.check_name(run)) if snapshots and run else root
        path = place / store.check_name(request.path_params["name"])
        return cache.open_version(path, request.path_params["version"])

    def file(request: Request) -> Response:
        name = request.path_params["file"]
        kind = "image/png" if name.endswith(".png") else "application/octet-stream"
        return _immutable(files.read(find(request), name), kind)

    def kin(request: Request) -> Response:
        return current(relatives.relatives_data(find(request), store.list_checkpoints(root)[0]))

    def beside(request: Request) -> Response:
        return current(siblings.siblings(find(request), store.list_checkpoints(root)[0]))

    async def decode(request: Request) -> Response:
        checkpoint = await run_in_threadpool(find, request)  # before the body is read
        body = await read_codes(request, checkpoint.manifest.model.latent_size)
        images = await run_in_threadpool(
            decode_codes, checkpoint, body, *map(request.query_params.get, ("beta", "labels"))
        )
        return Response(images, headers=_PLAIN)

    at = base.strip("/")
    start = f"/{at}" if at else ""
    routes: list[BaseRoute] = [Route(start + "/live/{build}/{file}", answering(_dist))]
    places = ["/checkpoints/{name}/{version}"]
    if snapshots:
        places.append("/trainings/{run}/snapshots/{name}/{version}")
    for at in (start + place for place in places):
        routes += [
            Route(at + "/relatives", answering(kin)),
            Route(at + "/siblings", answering(beside)),
            Route(at + "/decode", _answer_async(decode), methods=["POST"]),
            Route(at + "/{file:path}", answering(file)),
        ]
    return routes


def _dist(request: Request) -> Response:
    name = request.path_params["file"]
    present = {p.name: p for p in DIST.iterdir()}
    kind = TYPES.get(Path(name).suffix)
    if kind is None or request.path_params["build"] != build_hash():
        raise ExplorerError(f"There is no file {name!r} in this build; reload the page.")
    if name in present:
        return Response(present[name].read_bytes(), media_type=kind, headers={"Cache-Control": IMMUTABLE})
    if f"{name}.gz" not in present:
        raise ExplorerError(f"There is no file {name!r} in this build; reload the page.")
    data = present[f"{name}.gz"].read_bytes()
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return _immutable(gzip.decompress(data), kind)
    headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding", "Cache-Control": IMMUTABLE}
    return Response(data, media_type=kind, headers=headers)


# arrays and PNGs do not compress; an explicit encoding keeps the server from trying at every request
_PLAIN = {"Content-Encoding": "identity", "X-Content-Type-Options": "nosniff"}


def _immutable(data: bytes, kind: str) -> Response:
    return Response(data, media_type=kind, headers=_PLAIN | {"Cache-Control": IMMUTABLE})


def current(value: Wire) -> Response:
    """An object as JSON that is asked for anew every time."""
    return JSONResponse(value.dump(), headers={"Cache-Control": "no-store"})


def _sentence(error: ExplorerError, status: int) -> Response:
    return PlainTextResponse(str(error), status, headers={"Cache-Control": "no-store"})


def answering(handler: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """An endpoint that answers an ExplorerError with a 404. Plain functions run in the server's thread pool."""

    def endpoint(request: Request) -> Response:
        try:
            return handler(request)
        except ExplorerError as error:
            return _sentence(error, 404)

    return endpoint


def _answer_async(handler: Callable) -> Callable:
    async def endpoint(request: Request) -> Response:
        try:
            response: Response = await handler(request)
        except ExplorerError as error:
            return _sentence(error, 400)
        return response

    return endpoint
