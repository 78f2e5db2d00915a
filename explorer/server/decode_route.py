"""Decoding on the server, for browsers that cannot run the decoder."""

import math

import numpy as np
from starlette.requests import ClientDisconnect, Request

from explorer.errors import ExplorerError
from explorer.store import Checkpoint, cache

MAX_BATCH = 1024
ROUNDING = 1e-6


async def read_codes(request: Request, d: int) -> bytes:
    """Read codes of d float32 numbers from a request's body. Raises ExplorerError for more than `MAX_BATCH`."""
    return await _read_body(
        request, 4 * d * MAX_BATCH, f"Send between 1 and {MAX_BATCH} codes of {d} numbers"
    )


async def _read_body(request: Request, max_bytes: int, demand: str) -> bytes:
    """Read the body of a request, holding at most `max_bytes`. Raises ExplorerError for a larger body."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or len(declared) > 15 or int(declared) > max_bytes:
        raise ExplorerError(f"{demand}, not {declared[:15]} bytes.")
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > max_bytes:
                raise ExplorerError(f"{demand}, not more than {max_bytes} bytes.")
    except ClientDisconnect:
        raise ExplorerError("The connection was closed before all codes had arrived.") from None
    return bytes(body)


def decode_codes(checkpoint: Checkpoint, body: bytes, beta: str | None) -> bytes:
    """Decode float32 codes `(B, d)`, each followed by its class for a conditional model, to uint8 images
    `(B, C, H, W)`.

    beta: that of a model of a range of β, as text; without it, its default. Raises ExplorerError for bytes that are no
    codes, and for a β out of range.
    """
    d = numbers_of(checkpoint)
    if not body or len(body) % (4 * d):
        raise ExplorerError(
            f"Send between 1 and {MAX_BATCH} codes of {d} float32 numbers, not {len(body)} bytes."
        )
    z = np.frombuffer(body, "<f4").reshape(-1, d)
    if not np.isfinite(z).all():
        raise ExplorerError("A code holds a number that is not finite.")
    z, label = split_numbers(checkpoint, z)
    return cache.decode(checkpoint, z, _beta_of(checkpoint, beta) if beta else None, label).tobytes()


def numbers_of(checkpoint: Checkpoint) -> int:
    """How many numbers stand for an image: those of its code, and for a conditional model its class."""
    return checkpoint.manifest.model.latent_size + bool(checkpoint.manifest.classes)


def split_numbers(checkpoint: Checkpoint, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """Codes `(B, d)`, and the classes `(B,)` that a conditional model is given, None for other models."""
    if not checkpoint.manifest.classes:
        return numbers, None
    return numbers[:, :-1], numbers[:, -1]


def _beta_of(checkpoint: Checkpoint, text: str) -> float:
    betas = checkpoint.manifest.model.beta_range
    try:
        beta = float(text)
    except ValueError:
        beta = math.nan
    if betas is None or not betas[0] * (1 - ROUNDING) <= beta <= betas[1] * (1 + ROUNDING):
        raise ExplorerError(f"{checkpoint.name} cannot decode at a β of {text[:20]!r}.")
    return beta
