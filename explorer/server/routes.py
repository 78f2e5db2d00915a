"""HTTP routes of the live stage: built front end files, and the arrays of checkpoints.

URLs contain a content hash, so browsers cache responses forever and a changed file has another URL. Nothing here
imports streamlit or torch.
"""

import gzip
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from explorer import reports, store
from explorer.errors import ExplorerError
from explorer.live import (
    columns,
    covers,
    denoise,
    nearest,
    relatives,
    samples_payload,
    siblings,
    spectra,
    sprite_renders,
    thumbnails,
)
from explorer.live.bundle import DIST, build_hash
from explorer.server.decode_route import decode_codes, labels_of, read_codes
from explorer.store import Checkpoint, cache
from explorer.store.encoder_graph import encoder_onnx

TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".wasm": "application/wasm"}
IMMUTABLE = "public, max-age=31536000, immutable"

ProjectionReader = Callable[[Checkpoint], np.ndarray]
"""Reads the 2-D projection of a checkpoint's codes, float32 `(N, 2)`."""


_sheet = lru_cache(maxsize=64)(thumbnails.originals)
_sampler = lru_cache(maxsize=64)(samples_payload.sampler_bytes)
_encoder = lru_cache(maxsize=8)(denoise.encoder)


@lru_cache(maxsize=512)
def _drawn(checkpoint: Checkpoint, factors: str) -> bytes:
    sprite_renders.check_known(checkpoint)  # fail before torch is imported
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
    """Routes of the live stage for the server app.

    folder: folder of checkpoints (default: `EXPLORER_CHECKPOINTS`). base: path the app is served under (Streamlit's
    `server.baseUrlPath`). projections: stored projections by name, in addition to `dims:i,j` and `pca`. snapshots:
    maps the name of a run to its folder of snapshots.
    """
    root = folder or store.checkpoints_folder()
    stored_projections = dict(projections or {})

    @lru_cache(maxsize=32)
    def positions(checkpoint: Checkpoint, name: str) -> bytes:
        xy = (
            stored_projections[name](checkpoint)
            if name in stored_projections
            else columns.positions(checkpoint.codes, name)
        )
        return np.ascontiguousarray(xy.T, "<f4").tobytes()  # the x column, then the y column

    def find(request: Request) -> Checkpoint:
        run = request.path_params.get("run")
        place = snapshots(store.check_name(run)) if snapshots and run else root
        path = place / store.check_name(request.path_params["name"])
        return cache.open_version(path, request.path_params["version"])

    def decoder(request: Request) -> Response:
        return _immutable(find(request).read(store.DECODER))

    def encoder(request: Request) -> Response:
        return _immutable(encoder_onnx(find(request)))

    def codes(request: Request) -> Response:
        return _immutable(find(request).codes.mean.astype("<f4").tobytes())

    def scales(request: Request) -> Response:
        return _immutable(find(request).codes.scale.astype("<f4").tobytes())

    def beta_codes(request: Request) -> Response:
        return _immutable(columns.at_betas(find(request).codes, "mean"))

    def beta_scales(request: Request) -> Response:
        return _immutable(columns.at_betas(find(request).codes, "scale"))

    def sampler(request: Request) -> Response:
        return _immutable(_sampler(find(request), request.path_params["kind"]))

    def support(request: Request) -> Response:
        return _immutable(samples_payload.support_bytes(find(request)))

    def real_images(request: Request) -> Response:
        return _immutable(reports.real_images().read(find(request)))

    def restored(request: Request) -> Response:
        checkpoint, params = find(request), request.path_params
        level, seed, rows = denoise.parse_request(
            params["kind"], params["level"], params["seed"], params["rows"], len(checkpoint.codes)
        )
        thumbnails.dataset(checkpoint)  # fail before torch is imported
        model = _encoder(checkpoint)
        return _immutable(denoise.restored_bytes(checkpoint, model, params["kind"], level, seed, rows))

    def training(request: Request) -> Response:
        checkpoint = find(request)
        z = nearest.code(request.path_params["code"], checkpoint.manifest.model.latent_size)
        label = labels_of(checkpoint, request.query_params.get("labels"), 1)
        return _immutable(nearest.nearest_bytes(checkpoint, cache.decoder_session(checkpoint), z, label))

    def drawn_codes(request: Request) -> Response:
        return _immutable(_drawn(find(request), request.path_params["factors"]))

    def drawn_images(request: Request) -> Response:
        find(request)
        return _immutable(sprite_renders.sheet(request.path_params["factors"]), kind="image/png")

    def place(request: Request) -> Response:
        return _immutable(positions(find(request), request.path_params["projection"]))

    def column(request: Request) -> Response:
        checkpoint = find(request)
        values = columns.values(checkpoint.codes, checkpoint.manifest, request.path_params["key"])
        return _immutable(values.tobytes(), {"X-Dtype": str(values.dtype)})

    def originals(request: Request) -> Response:
        sheet = request.path_params["sheet"]
        if not (sheet.isdecimal() and len(sheet) < 10):
            raise ExplorerError("A sheet of images is addressed by its number.")
        return _immutable(_sheet(find(request), int(sheet)), kind="image/png")

    def spectrum(request: Request) -> Response:
        return _immutable(spectra.spectrum_bytes(find(request)))

    def kin(request: Request) -> Response:
        data = relatives.relatives_data(find(request), store.list_checkpoints(root)[0])
        return JSONResponse(data.dump(), headers={"Cache-Control": "no-store"})  # models come and go

    def beside(request: Request) -> Response:
        data = siblings.siblings(find(request), store.list_checkpoints(root)[0])
        return JSONResponse(data.dump(), headers={"Cache-Control": "no-store"})

    def cover(request: Request) -> Response:
        return _immutable(_cover(find(request)), kind="image/png")

    def cover_path(request: Request) -> Response:
        return _immutable(covers.keyframes(find(request)).astype("<f4").tobytes())

    async def decode(request: Request) -> Response:
        checkpoint = await run_in_threadpool(find, request)  # before the body is read
        body = await read_codes(request, checkpoint.manifest.model.latent_size)
        images = await run_in_threadpool(
            decode_codes, checkpoint, body, *map(request.query_params.get, ("beta", "labels"))
        )
        return Response(images, headers=_PLAIN)

    at = base.strip("/")
    start = f"/{at}" if at else ""
    routes = [Route(start + "/live/{build}/{file}", _answer(_dist))]
    places = ["/checkpoints/{name}/{version}"]
    if snapshots:
        places.append("/trainings/{run}/snapshots/{name}/{version}")
    for at in (start + place for place in places):
        routes += [
            Route(at + "/decoder.onnx", _answer(decoder)),
            Route(at + "/encoder.onnx", _answer(encoder)),
            Route(at + "/codes", _answer(codes)),
            Route(at + "/scales", _answer(scales)),
            Route(at + "/beta-codes", _answer(beta_codes)),
            Route(at + "/beta-scales", _answer(beta_scales)),
            Route(at + "/sampler/{kind}", _answer(sampler)),
            Route(at + "/support", _answer(support)),
            Route(at + "/real-images.onnx", _answer(real_images)),
            Route(at + "/restored/{kind}/{level}/{seed}/{rows}", _answer(restored)),
            Route(at + "/training/{code}", _answer(training)),
            Route(at + "/sprites/{factors}/codes", _answer(drawn_codes)),
            Route(at + "/sprites/{factors}/images.png", _answer(drawn_images)),
            Route(at + "/positions/{projection}", _answer(place)),
            Route(at + "/column/{key:path}", _answer(column)),
            Route(at + "/originals/{sheet}.png", _answer(originals)),
            Route(at + "/spectrum", _answer(spectrum)),
            Route(at + "/relatives", _answer(kin)),
            Route(at + "/siblings", _answer(beside)),
            Route(at + "/cover.png", _answer(cover)),
            Route(at + "/cover", _answer(cover_path)),
            Route(at + "/decode", _answer_async(decode), methods=["POST"]),
        ]
    return list(routes)


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
        return _immutable(gzip.decompress(data), kind=kind)
    headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding", "Cache-Control": IMMUTABLE}
    return Response(data, media_type=kind, headers=headers)


# arrays and PNGs do not compress; an explicit encoding keeps the server from trying at every request
_PLAIN = {"Content-Encoding": "identity", "X-Content-Type-Options": "nosniff"}


def _immutable(
    data: bytes, headers: dict[str, str] | None = None, kind: str = "application/octet-stream"
) -> Response:
    return Response(data, media_type=kind, headers=_PLAIN | {"Cache-Control": IMMUTABLE} | (headers or {}))


def _sentence(error: ExplorerError, status: int) -> Response:
    return PlainTextResponse(str(error), status, headers={"Cache-Control": "no-store"})


def _answer(handler: Callable[[Request], Response]) -> Callable[[Request], Response]:
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
