"""Decoders in ONNX Runtime, on the CPU."""

from __future__ import annotations

from typing import Any


def open_session(network: bytes) -> Any:
    """A session of an ONNX file. Raises ONNX Runtime's own errors, of a dozen kinds."""
    import onnxruntime

    onnxruntime.set_default_logger_severity(4)  # it prints a warning beside every error that it raises
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])


def open_decoder(network: bytes, latents: int, image_shape: tuple[int, ...]) -> Any:
    """A session that maps `z` `(B, latents)` to `image` `(B, *image_shape)`, both float32, for any batch size B.

    Raises ValueError that says what it is instead.
    """
    try:
        session = open_session(network)
        (z,), (image,) = session.get_inputs(), session.get_outputs()
        given = [(end.name, end.type, *_dimensions(end.shape)) for end in (z, image)]
    except Exception:  # ONNX Runtime raises a dozen kinds, all of which mean the same here
        raise ValueError("is not a decoder that ONNX Runtime runs") from None
    kind = "tensor(float)"
    wanted = [("z", kind, "any", latents), ("image", kind, "any", *image_shape)]
    if given != wanted:
        shown = ["{} to {}".format(*(" ".join(map(str, end)) for end in ends)) for ends in (given, wanted)]
        raise ValueError(f"maps {shown[0]}, but the model needs {shown[1]}")
    return session


def _dimensions(shape: list[Any]) -> list[int | str]:
    return [size if isinstance(size, int) else "any" for size in shape]
