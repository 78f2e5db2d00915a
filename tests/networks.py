"""ONNX files that are made to harm: harmless for the codes that are tried, or of sizes of their own choosing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper


def network(
    nodes: Sequence[Any], weights: dict[str, np.ndarray], latents: int = 2, side: int = 8, **more: Any
) -> Any:
    """A decoder, `z` to `image`, of any nodes."""
    graph = helper.make_graph(
        list(nodes),
        "g",
        [helper.make_tensor_value_info("z", TensorProto.FLOAT, ["batch", latents])],
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 1, side, side])],
        [numpy_helper.from_array(np.asarray(array), name) for name, array in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9, **more)


def plain(latents: int = 2, side: int = 8, before: Sequence[Any] = (), **weights: np.ndarray) -> Any:
    """A linear decoder; `before` are nodes that may take its image, "linear", and give "odd", which is added."""
    nodes = [
        helper.make_node("Gemm", ["z", "w"], ["flat"]),
        helper.make_node("Reshape", ["flat", "s"], ["shaped"]),
        helper.make_node("Sigmoid", ["shaped"], ["linear"]),
        *before,
        helper.make_node(
            "Max" if before else "Identity", ["linear", *(["odd"] if before else [])], ["image"]
        ),
    ]
    sizes: dict[str, np.ndarray] = {
        "w": np.full((latents, side * side), 0.1, np.float32),
        "s": np.array([-1, 1, side, side], np.int64),
    }
    return network(nodes, sizes | weights, latents, side)


def slow(steps: int = 3000) -> Any:
    """Of allowed operations and fixed sizes, and for minutes."""
    names = [f"step{i}" for i in range(steps)]
    nodes = [
        helper.make_node("ReduceMean", ["linear", "axes"], ["first"], keepdims=1),
        helper.make_node("Expand", ["first", "wide"], [names[0]]),
        *(helper.make_node("Tanh", [a], [b]) for a, b in pairwise(names)),
        helper.make_node("ReduceMean", [names[-1], "axes"], ["odd"], keepdims=1),
    ]
    return plain(before=nodes, axes=np.array([2, 3], np.int64), wide=np.array([1, 1, 4096, 4096], np.int64))


def loop() -> Any:
    """As long a loop as the code says: none for the codes that are tried."""
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go"], ["on"]),
            helper.make_node("Concat", ["v", "v"], ["longer"], axis=0),
        ],
        "body",
        [
            helper.make_tensor_value_info("i", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            helper.make_tensor_value_info("v", TensorProto.FLOAT, None),
        ],
        [
            helper.make_tensor_value_info("on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("longer", TensorProto.FLOAT, None),
        ],
    )
    nodes = [
        helper.make_node("ReduceMax", ["z"], ["top"], keepdims=0),
        helper.make_node("Cast", ["top"], ["count"], to=TensorProto.INT64),
        helper.make_node("Loop", ["count", "true", "linear"], ["long"], body=body),
        helper.make_node("ReduceMean", ["long"], ["odd"], keepdims=0),
    ]
    return plain(before=nodes, true=np.array(True))


def repeat() -> Any:
    """As many copies as the code says."""
    nodes = [
        helper.make_node("ReduceMax", ["z"], ["top"], keepdims=1),
        helper.make_node("Cast", ["top"], ["count"], to=TensorProto.INT64),
        helper.make_node("Reshape", ["count", "one"], ["times"]),
        helper.make_node("Tile", ["flat", "times"], ["long"]),
        helper.make_node("ReduceMean", ["long"], ["odd"], keepdims=0),
    ]
    return plain(before=nodes, one=np.array([1], np.int64))


def huge() -> Any:
    """64 GiB for every code, whatever it is."""
    nodes = [
        helper.make_node("ReduceMean", ["linear", "axes"], ["first"], keepdims=1),
        helper.make_node("Expand", ["first", "wide"], ["vast"]),
        helper.make_node("ReduceMean", ["vast", "axes"], ["odd"], keepdims=1),
    ]
    return plain(
        before=nodes, axes=np.array([2, 3], np.int64), wide=np.array([1, 1, 1 << 17, 1 << 17], np.int64)
    )


def external(tensor: Any, place: str = "../../etc/hostname") -> None:
    """Let a tensor name a file for its numbers."""
    for field in ("raw_data", "float_data"):
        tensor.ClearField(field)
    tensor.data_location = TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", place
