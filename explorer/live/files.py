"""The files of a checkpoint that the browser fetches, by their names below its address.

Exported pages carry the same files. Arrays are little-endian float32 unless said otherwise, and PNGs end in `.png`.
"""

import re
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from explorer import reports, store
from explorer.errors import ExplorerError
from explorer.live import (
    columns,
    covers,
    denoise,
    nearest,
    samples_payload,
    spectra,
    sprite_renders,
    thumbnails,
    words,
)
from explorer.store import Checkpoint, cache
from explorer.store.encoder_graph import encoder_onnx

_sheet = lru_cache(maxsize=64)(thumbnails.originals)
_encoder = lru_cache(maxsize=8)(denoise.encoder)


def read(checkpoint: Checkpoint, name: str, rows: int | None = None) -> bytes:
    """The file of this name, as in "codes" or "column/rate"; of one with a row for each code, the first `rows`.

    Raises ExplorerError if there is no such file.
    """
    kind, slash, rest = name.partition("/")
    if kind + slash not in FILES:
        raise ExplorerError(f"A checkpoint has no file {name[:80]!r}; reload the page.")
    data = FILES[kind + slash](checkpoint, *([rest] if slash else []))
    return data if rows is None else data[: len(data) // len(checkpoint.codes) * rows]


def _floats(array: np.ndarray) -> bytes:
    return np.ascontiguousarray(array, "<f4").tobytes()


@lru_cache(maxsize=256)
def _cover(checkpoint: Checkpoint) -> bytes:
    return covers.cover_png(checkpoint, cache.decoder_session(checkpoint))


@lru_cache(maxsize=32)
def _positions(checkpoint: Checkpoint, name: str) -> bytes:
    """The x column of a projection, then the y column."""
    if name in reports.stored_projections(checkpoint):
        return _floats(reports.projection(name).read(checkpoint).T)
    return _floats(columns.positions(checkpoint.codes, name).T)


def _originals(checkpoint: Checkpoint, file: str) -> bytes:
    if not re.fullmatch(r"[0-9]{1,9}\.png", file):
        raise ExplorerError("A sheet of images is addressed by its number.")
    return _sheet(checkpoint, int(file.removesuffix(".png")))


@lru_cache(maxsize=512)
def _sprites(checkpoint: Checkpoint, file: str) -> bytes:
    """`FACTORS/images.png`, or `FACTORS/codes`."""
    factors, _, what = file.partition("/")
    if what == "images.png":
        return sprite_renders.sheet(factors)
    sprite_renders.check_known(checkpoint)  # fail before torch is imported
    return sprite_renders.codes(checkpoint, _encoder(checkpoint), factors)


def _restored(checkpoint: Checkpoint, file: str) -> bytes:
    """`KIND/LEVEL/SEED/ROWS`, or `KIND/LEVEL/SEED/ROWS/BETA` of a model of a range of β."""
    kind, level, seed, rows, beta = (file.split("/", 4) + [""] * 4)[:5]
    request = denoise.parse_request(kind, level, seed, rows, len(checkpoint.codes))
    given = columns.parse_beta(checkpoint, beta) if beta else None
    thumbnails.dataset(checkpoint)  # fail before torch is imported
    return denoise.restored_bytes(checkpoint, _encoder(checkpoint), kind, *request, given)


def _training(checkpoint: Checkpoint, file: str) -> bytes:
    """`CODE`, or `CODE/CLASS` of a conditional model."""
    code, _, label = file.partition("/")
    z = nearest.code(code, checkpoint.manifest.model.latent_size)
    if label and not (label.isdecimal() and len(label) < 6 and int(label) < checkpoint.manifest.classes):
        raise ExplorerError(f"{checkpoint.name} has no class number {label[:20]!r}.")
    given = np.array([int(label)]) if label else None
    return nearest.nearest_bytes(checkpoint, cache.decoder_session(checkpoint), z, given)


FILES: dict[str, Callable[..., bytes]] = {
    "decoder.onnx": lambda c: c.read(store.DECODER),
    "encoder.onnx": encoder_onnx,
    "codes": lambda c: _floats(c.codes.mean),
    "words": words.word_bytes,
    "scales": lambda c: _floats(c.codes.scale),
    "beta-codes": lambda c: columns.at_betas(c.codes, "mean"),
    "beta-scales": lambda c: columns.at_betas(c.codes, "scale"),
    "support": samples_payload.support_bytes,
    "real-images.onnx": lambda c: reports.real_images().read(c),
    "prior.onnx": lru_cache(maxsize=8)(reports.prior_network),
    "spectrum": spectra.spectrum_bytes,
    "cover": lambda c: _floats(covers.keyframes(c)),
    "cover.png": _cover,
    "column/": lambda c, key: columns.values(c.codes, c.manifest, key).tobytes(),
    "positions/": _positions,
    "sampler/": lru_cache(maxsize=64)(samples_payload.sampler_bytes),
    "originals/": _originals,
    "sprites/": _sprites,
    "restored/": _restored,
    "training/": _training,
}
"""What makes each of them, of a checkpoint and, where the name ends in a slash, of what follows it. Those at several β
are float16."""
