"""HTTP routes of the live stage: its built files, and checkpoints as arrays by immutable address.

Everything a browser needs to decode by itself is fetched from here once and cached for good: the address holds
a content hash, so a changed file has another address. Nothing here imports streamlit or torch.
"""

import gzip
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from explorer import reports, store
from explorer.errors import ExplorerError
from explorer.live import columns, covers, denoise, nearest, samples_payload, sprite_renders, thumbnails
from explorer.live.bundle import DIST, build_hash
from explorer.store import Checkpoint, cache
from explorer.store.encoder_graph import encoder_onnx

TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".wasm": "application/wasm"}
FOREVER = "public, max-age=31536000, immutable"
MAX_BATCH = 1024

ProjectionReader = Callable[[Checkpoint], np.ndarray]
"""Places codes on the map: a checkpoint to float32 `(N, 2)`."""


_sheet = lru_cache(maxsize=64)(thumbnails.originals)
_sampler = lru_cache(maxsize=64)(samples_payload.sampler_bytes)
_encoder = lru_cache(maxsize=8)(denoise.encoder)


@lru_cache(maxsize=512)
def _drawn(checkpoint: Checkpoint, factors: str) -> bytes:
    sprite_renders.check_known(checkpoint)  # before torch is imported for nothing
    return sprite_renders.codes(checkpoint, _encoder(checkpoint), factors)


@lru_cache(maxsize=256)
def _cover(checkpoint: Checkpoint) -> bytes:
    return covers.cover_png(checkpoint, cache.decoder_session(checkpoint))


def live_routes(
    folder: Path | None = None,
    base: str = "",
    projections: Mapping[str, ProjectionReader] | None = None,
    snapshots: Callable[[str], Path] | None = None,
) -> list[BaseRoute]:
    """Routes to hand to the server app.

    folder: where checkpoints lie (default: the project's). base: the path the app is served under
    (Streamlit's `server.baseUrlPath`). projections: further map projections by name, beside `dims:i,j` and `pca`.
    snapshots: where those of a training lie, which are small checkpoints, by its name.
    """
    root = folder or store.checkpoints_folder()
    further = dict(projections or {})

    @lru_cache(maxsize=32)
    def positions(checkpoint: Checkpoint, name: str) -> bytes:
        xy = further[name](checkpoint) if name in further else columns.positions(checkpoint.codes, name)
        return np.ascontiguousarray(xy.T, "<f4").tobytes()  # the x column, then the y column

    def find(request: Request) -> Checkpoint:
        run = request.path_params.get("run")
        place = snapshots(store.check_name(run)) if snapshots and run else root
        path = place / store.check_name(request.path_params["name"])
        return cache.open_version(path, request.path_params["version"])

    def decoder(request: Request) -> Response:
        return _forever(find(request).read(store.DECODER))

    def encoder(request: Request) -> Response:
        return _forever(encoder_onnx(find(request)))

    def codes(request: Request) -> Response:
        return _forever(find(request).codes.mean.astype("<f4").tobytes())

    def scales(request: Request) -> Response:
        return _forever(find(request).codes.scale.astype("<f4").tobytes())

    def sampler(request: Request) -> Response:
        return _forever(_sampler(find(request), request.path_params["kind"]))

    def support(request: Request) -> Response:
        return _forever(samples_payload.support_bytes(find(request)))

    def real_images(request: Request) -> Response:
        return _forever(reports.real_images().read(find(request)))

    def restored(request: Request) -> Response:
        checkpoint, said = find(request), request.path_params
        level, seed, rows = denoise.asked(said["level"], said["seed"], said["rows"], len(checkpoint.codes))
        thumbnails.dataset(checkpoint)  # before torch is imported for nothing
        model = _encoder(checkpoint)
        return _forever(denoise.restored_bytes(checkpoint, model, said["kind"], level, seed, rows))

    def training(request: Request) -> Response:
        checkpoint = find(request)
        z = nearest.code(request.path_params["code"], checkpoint.manifest.model.latent_size)
        return _forever(nearest.nearest_bytes(checkpoint, cache.decoder_session(checkpoint), z))

    def drawn_codes(request: Request) -> Response:
        return _forever(_drawn(find(request), request.path_params["factors"]))

    def drawn_images(request: Request) -> Response:
        find(request)
        return _forever(sprite_renders.sheet(request.path_params["factors"]), kind="image/png")

    def place(request: Request) -> Response:
        return _forever(positions(find(request), request.path_params["projection"]))

    def column(request: Request) -> Response:
        checkpoint = find(request)
        values = columns.values(checkpoint.codes, checkpoint.manifest, request.path_params["key"])
        return _forever(values.tobytes(), {"X-Dtype": str(values.dtype)})

    def originals(request: Request) -> Response:
        sheet = request.path_params["sheet"]
        if not (sheet.isdecimal() and len(sheet) < 10):
            raise ExplorerError("A sheet of images has a number.")
        return _forever(_sheet(find(request), int(sheet)), kind="image/png")

    def cover(request: Request) -> Response:
        return _forever(_cover(find(request)), kind="image/png")

    def cover_path(request: Request) -> Response:
        return _forever(covers.keyframes(find(request)).astype("<f4").tobytes())

    async def decode(request: Request) -> Response:
        checkpoint = await run_in_threadpool(find, request)  # before anything of the body is read
        d = checkpoint.manifest.model.latent_size
        body = await _body(request, 4 * d * MAX_BATCH, f"Send between 1 and {MAX_BATCH} codes of {d} numbers")
        return await run_in_threadpool(_decode, checkpoint, body)

    at = base.strip("/")
    start = f"/{at}" if at else ""
    found = [Route(start + "/live/{build}/{file}", _answer(_dist))]
    places = ["/checkpoints/{name}/{version}"]
    if snapshots:
        places.append("/trainings/{run}/snapshots/{name}/{version}")
    for one in (start + place for place in places):
        found += [
            Route(one + "/decoder.onnx", _answer(decoder)),
            Route(one + "/encoder.onnx", _answer(encoder)),
            Route(one + "/codes", _answer(codes)),
            Route(one + "/scales", _answer(scales)),
            Route(one + "/sampler/{kind}", _answer(sampler)),
            Route(one + "/support", _answer(support)),
            Route(one + "/real-images.onnx", _answer(real_images)),
            Route(one + "/restored/{kind}/{level}/{seed}/{rows}", _answer(restored)),
            Route(one + "/training/{code}", _answer(training)),
            Route(one + "/sprites/{factors}/codes", _answer(drawn_codes)),
            Route(one + "/sprites/{factors}/images.png", _answer(drawn_images)),
            Route(one + "/positions/{projection}", _answer(place)),
            Route(one + "/column/{key:path}", _answer(column)),
            Route(one + "/originals/{sheet}.png", _answer(originals)),
            Route(one + "/cover.png", _answer(cover)),
            Route(one + "/cover", _answer(cover_path)),
            Route(one + "/decode", _answer_async(decode), methods=["POST"]),
        ]
    return list(found)


async def _body(request: Request, most: int, demand: str) -> bytes:
    """The body of a request, of which no more than `most` bytes are ever held. Raises ExplorerError for more."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or len(declared) > 15 or int(declared) > most:
        raise ExplorerError(f"{demand}, not {declared[:15]} bytes.")
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > most:
                raise ExplorerError(f"{demand}, not more than {most} bytes.")
    except ClientDisconnect:
        raise ExplorerError("The connection was closed before all codes had arrived.") from None
    return bytes(body)


def _decode(checkpoint: Checkpoint, body: bytes) -> Response:
    """uint8 images `(B, C, H, W)` of float32 codes `(B, d)`: for browsers that cannot decode themselves."""
    d = checkpoint.manifest.model.latent_size
    if not body or len(body) % (4 * d):
        raise ExplorerError(
            f"Send between 1 and {MAX_BATCH} codes of {d} float32 numbers, not {len(body)} bytes."
        )
    z = np.frombuffer(body, "<f4").reshape(-1, d)
    if not np.isfinite(z).all():
        raise ExplorerError("A code holds a number that is not finite.")
    return Response(cache.decode(checkpoint, z).tobytes(), headers=_PLAIN)


def _dist(request: Request) -> Response:
    name = request.path_params["file"]
    present = {p.name: p for p in DIST.iterdir()}
    kind = TYPES.get(Path(name).suffix)
    if kind is None or request.path_params["build"] != build_hash():
        raise ExplorerError(f"There is no file {name!r} in this build; reload the page.")
    if name in present:
        return Response(present[name].read_bytes(), media_type=kind, headers={"Cache-Control": FOREVER})
    if f"{name}.gz" not in present:
        raise ExplorerError(f"There is no file {name!r} in this build; reload the page.")
    data = present[f"{name}.gz"].read_bytes()
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return _forever(gzip.decompress(data), kind=kind)
    headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding", "Cache-Control": FOREVER}
    return Response(data, media_type=kind, headers=headers)


# numbers and PNGs do not shrink; naming an encoding keeps the server from compressing them at every request
_PLAIN = {"Content-Encoding": "identity", "X-Content-Type-Options": "nosniff"}


def _forever(
    data: bytes, headers: dict[str, str] | None = None, kind: str = "application/octet-stream"
) -> Response:
    return Response(data, media_type=kind, headers=_PLAIN | {"Cache-Control": FOREVER} | (headers or {}))


def _sentence(error: ExplorerError, status: int) -> Response:
    return PlainTextResponse(str(error), status, headers={"Cache-Control": "no-store"})


def _answer(handler: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """An endpoint that says an ExplorerError as a 404. Plain functions run in the server's thread pool."""

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
