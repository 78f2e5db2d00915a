"""Stored decoders in ONNX Runtime, on the CPU: in this process, or in one that can be killed."""

import hashlib
import threading
from typing import Any, Protocol

import numpy as np

from explorer import sandbox
from explorer.store.network_check import check_sizes, parse_network

SECONDS = 30.0
"""What one call of a decoder may take."""
BLOCK = 64
"""Codes that are decoded at once."""


Given = float | np.ndarray | None
"""What a decoder is given beside codes: one number for all of them, or one for each, `(B,)`."""


class Decoder(Protocol):
    """A decoder that is ready to run."""

    def decode(self, z: np.ndarray, beta: Given = None, label: Given = None) -> np.ndarray:
        """Images `(B, C, H, W)` float32 of codes `(B, d)` float32. Raises ValueError, the end of a sentence.

        beta: for the decoder of a model of a range of β, one for all codes or one for each, `(B,)`; without it, its
        default. label: for that of a conditional model, the number of a class; without it, the classes in turn. Other
        decoders have no such inputs.
        """


class LocalDecoder:
    """A decoder in this process."""

    def __init__(
        self, session: Any, image_shape: tuple[int, ...], beta: float | None = None, classes: int = 0
    ) -> None:
        self.session, self.image_shape, self.beta, self.classes = session, image_shape, beta, classes

    def decode(self, z: np.ndarray, beta: Given = None, label: Given = None) -> np.ndarray:
        images = np.empty((len(z), *self.image_shape), np.float32)
        inputs = {"z": z}
        if self.beta is not None:
            inputs["beta"] = _column(self.beta if beta is None else beta, len(z))
        if self.classes:
            column = _labels(label, self.classes, len(z))
            inputs["label"] = (column == np.arange(self.classes)).astype(np.float32)
        for start in range(0, len(z), BLOCK):
            block = {
                name: np.ascontiguousarray(array[start : start + BLOCK], np.float32)
                for name, array in inputs.items()
            }
            size = len(block["z"])
            try:
                (result,) = run(self.session, block)
            except Exception:  # ONNX Runtime raises a dozen kinds, all of which mean the same here
                raise ValueError(f"failed on {len(z)} codes") from None
            if result.shape != (size, *self.image_shape):
                raise ValueError(
                    f"gives arrays of {result.shape}, where {size} codes need {self.image_shape}"
                )
            images[start : start + BLOCK] = result
        return images


class RemoteDecoder:
    """A decoder in the one process that runs those of a server: a hostile one ends that process, not the server."""

    def __init__(
        self,
        network: bytes,
        latents: int,
        image_shape: tuple[int, ...],
        beta: float | None = None,
        classes: int = 0,
    ) -> None:
        self.network, self.image_shape, self.trouble = network, image_shape, ""
        self.beta, self.classes = beta, classes
        self.key = {
            "hash": hashlib.sha256(network).hexdigest(),
            "latents": latents,
            "image_shape": list(image_shape),
            "beta": beta,
            "classes": classes,
        }
        self.decode(np.zeros((0, latents), np.float32))

    def decode(self, z: np.ndarray, beta: Given = None, label: Given = None) -> np.ndarray:
        if self.trouble:  # it has had its chance
            raise ValueError(self.trouble)
        if self.beta is not None:  # sent as one more column
            z = np.hstack((z, _column(self.beta if beta is None else beta, len(z))))
        if self.classes:  # so are labels
            z = np.hstack((z, _labels(label, self.classes, len(z))))
        codes = np.ascontiguousarray(z, "<f4").tobytes()
        try:
            answer, data = _worker.ask(self.key, codes, SECONDS)
            if "unknown" in answer:
                question = self.key | {"size": len(self.network)}
                answer, data = _worker.ask(question, self.network + codes, SECONDS)
        except sandbox.LimitError as error:
            self.trouble = f"cannot be run, {error}"
            raise ValueError(self.trouble) from None
        if "wrong" in answer:
            raise ValueError(answer["wrong"])
        return np.frombuffer(data, "<f4").reshape(-1, *self.image_shape)


def _column(given: float | np.ndarray, count: int) -> np.ndarray:
    """What each of `count` codes is given, `(count, 1)`."""
    return np.broadcast_to(np.asarray(given, np.float32), (count,))[:, None]


def _labels(label: Given, classes: int, count: int) -> np.ndarray:
    """The class of each of `count` codes, `(count, 1)`."""
    return _column(np.arange(count) % classes if label is None else label, count)


_worker = sandbox.Sandbox("explorer.store.decode_worker:answer")
start_worker = _worker.start
"""Starts that process ahead of the first decode; returns at once."""


def open_session(network: bytes) -> Any:
    """A session of an ONNX file. Raises ONNX Runtime's own errors, of a dozen kinds."""
    import onnxruntime

    onnxruntime.set_default_logger_severity(4)  # it prints a warning beside every error that it raises
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])


def run(session: Any, inputs: dict[str, np.ndarray], seconds: float = SECONDS) -> list[np.ndarray]:
    """All outputs of a network, which is told to end after `seconds`. Raises ONNX Runtime's own errors."""
    import onnxruntime

    options = onnxruntime.RunOptions()
    options.log_severity_level = 4
    timer = threading.Timer(seconds, setattr, (options, "terminate", True))
    timer.daemon = True
    timer.start()
    try:
        outputs: list[np.ndarray] = session.run(None, inputs, options)
        return outputs
    finally:
        timer.cancel()


def open_decoder(
    network: bytes, latents: int, image_shape: tuple[int, ...], beta: float | None = None, classes: int = 0
) -> LocalDecoder:
    """A decoder that maps `z` `(B, latents)` to `image` `(B, *image_shape)`, both float32, for any batch size B.

    beta: the default β of a model of a range of β, whose decoder has a second input `beta` `(B, 1)`. classes: how many
    a conditional model is given, whose decoder has a second input `label` `(B, classes)`.
    Raises ValueError that says what it is instead, as the end of a sentence.
    """
    check_sizes(parse_network(network))
    try:
        session = open_session(network)
        ends = [*session.get_inputs(), *session.get_outputs()]
        given = [(end.name, end.type, *_dimensions(end.shape)) for end in ends]
    except Exception:  # ONNX Runtime raises a dozen kinds, all of which mean the same here
        raise ValueError("is not a decoder that ONNX Runtime runs") from None
    kind = "tensor(float)"
    given_too = [] if beta is None else [("beta", kind, "any", 1)]
    given_too += [("label", kind, "any", classes)] if classes else []
    wanted = [("z", kind, "any", latents), *given_too, ("image", kind, "any", *image_shape)]
    if given != wanted:
        shown = [" to ".join(" ".join(map(str, end)) for end in ends) for ends in (given, wanted)]
        raise ValueError(f"maps {shown[0]}, but the model needs {shown[1]}")
    return LocalDecoder(session, image_shape, beta, classes)


def _dimensions(shape: list[Any]) -> list[int | str]:
    return [size if isinstance(size, int) else "any" for size in shape]
