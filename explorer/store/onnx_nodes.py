"""An ONNX graph that is built node by node from stored weights, without torch."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import DTypeLike


class Nodes:
    """Nodes and constants of a graph as they are added, over stored weights."""

    def __init__(self, weights: Mapping[str, np.ndarray]) -> None:
        self.weights, self.nodes, self.constants = weights, list[Any](), list[Any]()

    def add(self, kind: str, inputs: list[str], *names: str, **settings: Any) -> str:
        """A node with these outputs; returns the name of the first."""
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, names, **settings))
        return names[0]

    def constant(self, name: str, value: Any, kind: DTypeLike = np.int64) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.asarray(value, kind), name))
        return name

    def weight(self, name: str) -> str:
        """A stored weight as float32."""
        from onnx import TensorProto

        if name not in self.weights:
            raise ValueError(f"has no weight {name}")
        array = self.weights[name]
        if array.dtype == np.float32:
            return self.constant(name, array, np.float32)
        half = self.constant(f"{name}.half", array, array.dtype)
        return self.add("Cast", [half], name, to=TensorProto.FLOAT)

    def layer(self, name: str) -> list[str]:
        """Weight and bias of a layer, which must have as many outputs each: shape inference does not compare them."""
        both = [self.weight(f"{name}.weight"), self.weight(f"{name}.bias")]
        weight, bias = (self.weights[f"{name}.{part}"].shape for part in ("weight", "bias"))
        if bias != weight[:1]:
            raise ValueError(f"has a {name}.bias of {bias} beside a {name}.weight of {weight}")
        return both

    def linear(self, x: str, name: str) -> str:
        return self.add("Gemm", [x, *self.layer(name)], name, transB=1)

    def relu(self, x: str) -> str:
        return self.add("Relu", [x], f"{x}.relu")

    def silu(self, x: str) -> str:
        return self.add("Mul", [x, self.add("Sigmoid", [x], f"{x}.sigmoid")], f"{x}.silu")
