"""Weights that are kept once: those of the decoder in `decoder.onnx`, all others in `weights.safetensors`."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from explorer.store.network_check import parse_network

HALF = ".half"
"""What `store_weights_as_float16` adds to the name of a weight."""


def kept_in_decoder(decoder: bytes, weights: Mapping[str, np.ndarray]) -> tuple[str, ...]:
    """The names of those weights that a decoder holds, under their own names and with the same values."""
    stored = _constants(decoder)
    return tuple(
        name
        for name, w in weights.items()
        if name in stored and np.array_equal(_array(stored[name]), w) and not np.isnan(w).any()
    )


def read_weights(decoder: bytes, names: Iterable[str]) -> dict[str, np.ndarray]:
    """Those weights. Raises ValueError with the end of a sentence about the file: it is no decoder, or lacks one."""
    stored = _constants(decoder)
    for name in names:
        if name not in stored:
            raise ValueError(f"has no weight {name[:60]}, which config.json says it holds")
    return {name: _array(stored[name]) for name in names}


def _constants(decoder: bytes) -> dict[str, Any]:
    return {t.name.removesuffix(HALF): t for t in parse_network(decoder).graph.initializer}


def _array(constant: Any) -> np.ndarray:
    from onnx import numpy_helper

    array: np.ndarray = numpy_helper.to_array(constant)
    return array
