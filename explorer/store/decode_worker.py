"""The process in which a server's decoders run: its side of `explorer.store.decoder.RemoteDecoder`."""

from typing import Any

import numpy as np
import onnx  # noqa: F401  (both are imported as the process starts, before the first network comes)
import onnxruntime  # noqa: F401

from explorer.sandbox import Message
from explorer.store.decoder import LocalDecoder, open_decoder

MAX_OPEN = 32
_opened: dict[tuple[Any, ...], LocalDecoder] = {}


def answer(question: dict[str, Any], payload: bytes) -> Message:
    """Images of the codes in `payload`, which the network precedes if it is not known yet.

    β of a model of a range of β is the last column of the codes.
    """
    key = (question["hash"], question["latents"], tuple(question["image_shape"]), question["beta"])
    latents, ranged, size = question["latents"], question["beta"] is not None, question.get("size", 0)
    try:
        if size:
            _opened[key] = open_decoder(payload[:size], *key[1:])
            while len(_opened) > MAX_OPEN:
                _opened.pop(next(iter(_opened)))
        if key not in _opened:
            return {"unknown": True}, b""
        z = np.frombuffer(payload[size:], "<f4").reshape(-1, latents + ranged)
        return {}, _opened[key].decode(z[:, :latents], z[:, -1] if ranged else None).tobytes()
    except ValueError as error:
        return {"wrong": str(error)}, b""
