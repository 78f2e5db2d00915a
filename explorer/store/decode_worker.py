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

    β of a model of a range of β is the last column of the codes, and so are the labels of a conditional model.
    """
    shape, beta, classes = tuple(question["image_shape"]), question["beta"], question["classes"]
    key = (question["hash"], question["latents"], shape, beta, classes)
    latents, size, more = question["latents"], question.get("size", 0), beta is not None or bool(classes)
    try:
        if size:
            _opened[key] = open_decoder(payload[:size], *key[1:])
            while len(_opened) > MAX_OPEN:
                _opened.pop(next(iter(_opened)))
        if key not in _opened:
            return {"unknown": True}, b""
        z = np.frombuffer(payload[size:], "<f4").reshape(-1, latents + more)
        given = {"label" if classes else "beta": z[:, -1]} if more else {}
        return {}, _opened[key].decode(z[:, :latents], **given).tobytes()
    except ValueError as error:
        return {"wrong": str(error)}, b""
