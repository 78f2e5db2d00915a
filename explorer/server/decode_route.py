"""Decoding on the server, for browsers that cannot run the decoder."""

import numpy as np
from starlette.requests import ClientDisconnect, Request

from explorer.errors import ExplorerError
from explorer.live.columns import parse_beta
from explorer.store import Checkpoint, cache

MAX_BATCH = 1024


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


def decode_codes(checkpoint: Checkpoint, body: bytes, beta: str | None, labels: str | None = None) -> bytes:
    """Decode float32 codes `(B, d)` to uint8 images `(B, C, H, W)`.

    beta: that of a model of a range of β, as text; without it, its default. labels: as `labels_of` reads them. Raises
    ExplorerError for bytes that are no codes, for a β out of range, and for classes that there are not.
    """
    d = checkpoint.manifest.model.latent_size
    if not body or len(body) % (4 * d):
        raise ExplorerError(
            f"Send between 1 and {MAX_BATCH} codes of {d} float32 numbers, not {len(body)} bytes."
        )
    z = np.frombuffer(body, "<f4").reshape(-1, d)
    if not np.isfinite(z).all():
        raise ExplorerError("A code holds a number that is not finite.")
    label = labels_of(checkpoint, labels, len(z))
    return cache.decode(checkpoint, z, parse_beta(checkpoint, beta) if beta else None, label).tobytes()


def labels_of(checkpoint: Checkpoint, text: str | None, count: int) -> np.ndarray | None:
    """The classes in an address, as numbers separated by commas: one for all of `count` codes, or one for each.

    None without any, when a conditional model decodes its classes in turn. Raises ExplorerError for others.
    """
    if not text:
        return None
    parts = text.split(",", MAX_BATCH)
    numbers = [int(part) for part in parts if part.isdecimal() and len(part) < 6]
    classes = checkpoint.manifest.classes
    if len(numbers) != len(parts) or len(numbers) not in (1, count) or max(numbers) >= classes:
        raise ExplorerError(f"{checkpoint.name} cannot decode {count} codes as the classes {text[:20]!r}.")
    return np.broadcast_to(np.array(numbers), (count,))
