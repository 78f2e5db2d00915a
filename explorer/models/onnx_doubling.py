"""Enlargement to twice the size and the 3×3 convolution after it, as one transposed convolution in an ONNX graph.

The nearest neighbour of two pixels beside one another is the same, so the nine weights that make a pixel of the large
image meet four of the small one: 16 multiplications for each pixel of the small image and pair of channels, where
there were 36. The weights stay as they are stored; the graph adds them up, and a runtime does so once.
"""

from collections.abc import Iterator, Mapping

import numpy as np
from onnx import GraphProto, ModelProto, NodeProto, ValueInfoProto, helper, numpy_helper

SUMS = np.array([[0, 0, 1], [0, 1, 1], [1, 1, 0], [1, 0, 0]], np.float32)
"""Row k has the weights, in one direction, that lead from a small pixel to the large one at 2i + k − 1."""
ROWS, COLUMNS = "doubling.rows", "doubling.columns"
NEAREST = {"mode": b"nearest", "coordinate_transformation_mode": b"asymmetric", "nearest_mode": b"floor"}
PLAIN = {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1], "strides": [1, 1], "dilations": [1, 1], "group": 1}


def fuse_doublings(proto: ModelProto) -> None:
    """Change a graph in place: every nearest-neighbour enlargement to twice the height and width that a plain 3×3
    convolution alone reads becomes part of it. The graph must name the shapes between its nodes."""
    graph = proto.graph
    shapes = {value.name: _shape(value) for value in graph.value_info}
    source = {name: node for node in graph.node for name in node.output}
    nodes: list[NodeProto] = []
    for node in graph.node:
        large = source.get(node.input[0]) if node.input else None
        if large is not None and _is_doubling(node, large, shapes) and _readers(graph, large) == 1:
            nodes += _transposed(node, large.input[0])
        else:
            nodes.append(node)
    if len(nodes) == len(graph.node):
        return
    for name, sums in ((ROWS, SUMS), (COLUMNS, SUMS.T)):
        graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(sums), name))
    _replace(graph, nodes)


def _is_doubling(conv: NodeProto, large: NodeProto, shapes: dict[str, list[int]]) -> bool:
    if conv.op_type != "Conv" or large.op_type != "Resize":
        return False
    small, big = (shapes.get(name, []) for name in (large.input[0], large.output[0]))
    twice = len(small) == len(big) == 4 and all(small[2:]) and big[2:] == [2 * n for n in small[2:]]
    return twice and _has(large, NEAREST) and _has(conv, PLAIN)


def _has(node: NodeProto, wanted: Mapping[str, object]) -> bool:
    found = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    return all(found.get(name) == value for name, value in wanted.items())


def _shape(value: ValueInfoProto) -> list[int]:
    """Sizes; 0 for those that depend on the batch."""
    return [size.dim_value for size in value.type.tensor_type.shape.dim]


def _readers(graph: GraphProto, node: NodeProto) -> int:
    return sum(name in node.output for reader in graph.node for name in reader.input)


def _transposed(conv: NodeProto, small: str) -> Iterator[NodeProto]:
    """The convolution of the small image: weights (out, in, 3, 3) as (in, out, 4, 4), the sums along both sides."""
    weight, (image,) = conv.input[1], conv.output
    yield helper.make_node("Transpose", [weight], [f"{weight}.turned"], perm=[1, 0, 2, 3])
    yield helper.make_node("MatMul", [ROWS, f"{weight}.turned"], [f"{weight}.tall"])
    yield helper.make_node("MatMul", [f"{weight}.tall", COLUMNS], [f"{weight}.doubling"])
    yield helper.make_node(
        "ConvTranspose",
        [small, f"{weight}.doubling", *conv.input[2:]],
        [image],
        name=conv.name,
        kernel_shape=[4, 4],
        strides=[2, 2],
        pads=[1, 1, 1, 1],
    )


def _replace(graph: GraphProto, nodes: list[NodeProto]) -> None:
    """Give the graph these nodes, but for those whose results nothing reads any more."""
    wanted, kept = {value.name for value in graph.output}, list[NodeProto]()
    for node in reversed(nodes):
        if wanted.intersection(node.output):
            wanted.update(node.input)
            kept.append(node)
    known = [value for value in graph.value_info if value.name in wanted]
    constants = [constant for constant in graph.initializer if constant.name in wanted]
    for field, values in (("node", kept[::-1]), ("value_info", known), ("initializer", constants)):
        graph.ClearField(field)
        getattr(graph, field).extend(values)
