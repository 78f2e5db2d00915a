"""ONNX networks of other programs: an encoder and a decoder with unknown conventions."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.errors import ExplorerError
from explorer.store.decoder import open_session, run
from explorer.store.network_check import check_sizes, parse_network

MAX_LATENTS, MAX_SIDE = 128, 512
EXPORT = "export it again, as one file and with fixed sizes"
FLOAT = "tensor(float)"


@dataclass(frozen=True)
class Network:
    """A network with one input. size: the input's shape without the batch, None for a dimension that is not fixed."""

    name: str
    data: bytes
    session: Any
    size: tuple[int | None, ...]
    outputs: int

    def run(self, x: np.ndarray) -> list[np.ndarray]:
        """All outputs for a batch. Raises ExplorerError if it fails or an output is not finite."""
        try:
            outputs = run(self.session, {self.session.get_inputs()[0].name: np.ascontiguousarray(x)})
        except Exception as error:  # ONNX Runtime raises a dozen types
            reason = " ".join(str(error).split())[:160]
            raise ExplorerError(
                f"{self.name} does not run on a batch of {len(x)} ({reason}): export it with a dynamic batch size."
            ) from None
        for array in outputs:
            if not isinstance(array, np.ndarray) or array.dtype.kind != "f" or len(array) != len(x):
                raise ExplorerError(
                    f"{self.name} does not output one array of numbers for each of {len(x)} inputs."
                )
            if not np.isfinite(array).all():
                raise ExplorerError(
                    f"{self.name} outputs values that are not finite; its weights are broken."
                )
        return outputs


def open_network(name: str, data: bytes) -> Network:
    """Open an ONNX file. Raises ExplorerError if it is damaged, uses unsafe operators, or has several inputs."""
    try:
        parse_network(data)
    except ValueError as error:
        raise ExplorerError(f"{name} {error}: {EXPORT}.") from None
    try:
        session = open_session(data)
    except Exception as error:
        reason = " ".join(str(error).split())[:120]
        raise ExplorerError(f"{name} cannot be run by ONNX Runtime ({reason}): export it again.") from None
    inputs = session.get_inputs()
    if len(inputs) != 1 or inputs[0].type != FLOAT or len(inputs[0].shape) < 2:
        raise ExplorerError(
            f"{name} has the inputs {', '.join(f'{i.name} {i.type}' for i in inputs)[:120] or '(none)'}; it must have "
            "one, a float32 batch."
        )
    size = tuple(n if isinstance(n, int) else None for n in inputs[0].shape[1:])
    return Network(name, data, session, size, len(session.get_outputs()))


def check_decoder(decoder: Network) -> None:
    """Raises ExplorerError if any size in the decoder depends on more than the batch size."""
    try:
        check_sizes(parse_network(decoder.data))
    except ValueError as error:
        raise ExplorerError(f"{decoder.name} {error}: {EXPORT}.") from None


@dataclass(frozen=True)
class Layout:
    """The layout of a decoder's output: (C, H, W) of its images, and whether channels come last."""

    shape: tuple[int, int, int]
    last: bool = False

    def images(self, output: np.ndarray) -> np.ndarray:
        """Float32 `(B, C, H, W)`."""
        c, h, w = self.shape
        images = (
            output.reshape(-1, h, w, c).transpose(0, 3, 1, 2) if self.last else output.reshape(-1, c, h, w)
        )
        return images.astype(np.float32)

    def inputs(self, images: np.ndarray, size: tuple[int | None, ...]) -> np.ndarray:
        """Images in the layout of an encoder whose input has this `size`."""
        if len(size) == 3 and size[2] in (1, 3) and size[0] not in (1, 3):
            images = images.transpose(0, 2, 3, 1)
        if len(size) == 1:
            return images.reshape(len(images), -1)
        return images[:, 0] if len(size) == 2 else images


def layout_of(decoder: Network, output: np.ndarray, data_shape: tuple[int, int, int] | None) -> Layout:
    """The layout of a decoder's images, from its `output` for a batch and the shape of the data, if known.

    Raises ExplorerError if the output cannot be images.
    """
    sizes = output.shape[1:]
    last = False
    if len(sizes) == 3 and sizes[0] not in (1, 3) and sizes[2] in (1, 3):
        shape, last = (sizes[2], sizes[0], sizes[1]), True
    elif len(sizes) == 3:
        shape = sizes
    elif len(sizes) == 2:
        shape = (1, *sizes)
    else:
        pixels = math.prod(sizes)
        side = math.isqrt(pixels)
        shape = data_shape if data_shape and math.prod(data_shape) == pixels else (1, side, side)
        if math.prod(shape) != pixels:
            raise ExplorerError(
                f"{decoder.name} outputs {pixels} numbers per image, not a square number; export it with (C, H, W)."
            )
    if shape[0] not in (1, 3) or not 1 <= min(shape[1:]) <= max(shape[1:]) <= MAX_SIDE:
        raise ExplorerError(
            f"{decoder.name} outputs arrays of {shape}; images have 1 or 3 channels and sides up to {MAX_SIDE}."
        )
    return Layout(shape, last)


def describe_shape(shape: tuple[int, ...]) -> str:
    """(C, H, W) in words."""
    return f"{shape[2]}×{shape[1]} pixels in {shape[0]} channel{'s' if shape[0] > 1 else ''}"


def pair(networks: list[Network]) -> tuple[Network, Network | None, int]:
    """The decoder and the encoder among one or two networks, and the number of latents. Raises ExplorerError."""
    decoders = [n for n in networks if len(n.size) == 1 and n.size[0] and n.size[0] <= MAX_LATENTS]
    encoders = [n for n in networks if n not in decoders]
    named = [n for n in networks if "dec" in n.name.lower()]
    if len(decoders) > 1 and len(named) == 1:
        decoders, encoders = named, [n for n in networks if n is not named[0]]
    if len(networks) > 2 or len(decoders) != 1 or len(encoders) > 1:
        raise ExplorerError(
            "Choose one ONNX decoder, whose input is (batch, latents) with at most "
            f"{MAX_LATENTS} latents, and at most one encoder, whose input is images."
        )
    size = decoders[0].size[0]
    assert size is not None
    return decoders[0], encoders[0] if encoders else None, size


CONVERTED = {
    "probabilities": "mean = Identity (shaped)",
    "logits": "mean = Sigmoid (shaped)",
    "signed": "halved = Mul (shaped, half)  mean = Add (halved, half)",
    "bytes": "mean = Mul (shaped, grey)",
}
"""How an output becomes [0, 1], by the keys of `explorer.importing.checks.OUTPUTS`."""


def adapt_decoder(decoder: Network, layout: Layout, output: str) -> bytes:
    """The decoder from `z` to `image` `(B, C, H, W)` in [0, 1], its output converted by the key `output`."""
    import onnx

    proto = onnx.compose.add_prefix(onnx.load_from_string(decoder.data), "imported/")
    graph = proto.graph
    c, h, w = layout.shape
    ends = onnx.parser.parse_graph(f"""
        adapted (float[batch, {decoder.size[0]}] z) => (float[batch, {c}, {h}, {w}] image) {{
            code = Identity (z)
            sized = Reshape (output, sizes)
            shaped = {"Transpose <perm = [0, 3, 1, 2]>" if layout.last else "Identity"} (sized)
            {CONVERTED[output]}
            image = Clip (mean, zero, one)
        }}""")
    ends.node[0].output[0], ends.node[1].input[0] = _only_input(graph), graph.output[0].name
    sizes = np.array([-1, h, w, c] if layout.last else [-1, c, h, w])
    scalars = {"zero": 0, "one": 1, "half": 0.5, "grey": 1 / 255}
    constants = {"sizes": sizes} | {name: np.array(value, np.float32) for name, value in scalars.items()}
    nodes = [ends.node[0], *graph.node, *ends.node[1:]]
    del graph.node[:], graph.input[:], graph.output[:]
    del graph.value_info[:]  # shapes of the batch that it was exported with
    graph.node.extend(nodes)
    graph.input.extend(ends.input)
    graph.output.extend(ends.output)
    graph.initializer.extend(onnx.numpy_helper.from_array(array, name) for name, array in constants.items())
    data: bytes = proto.SerializeToString()
    return data


def _only_input(graph: Any) -> str:
    """The input that is not a weight: older files list weights as inputs too."""
    weights = {tensor.name for tensor in graph.initializer}
    names: list[str] = [end.name for end in graph.input if end.name not in weights]
    return names[0]
