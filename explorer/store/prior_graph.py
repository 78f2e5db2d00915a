"""One step of an autoregressive prior as ONNX, built from its stored weights without torch.

The graph is that of `explorer.models.token_prior`, for one token at a time: what earlier tokens are to attention comes
from a cache, so that T steps cost as much as one pass over all T tokens.
"""

from collections.abc import Mapping

import numpy as np

from explorer.discrete import CodeShape, neighbours
from explorer.store.network_check import check_sizes
from explorer.store.onnx_nodes import Nodes

OPSET = 18
HEADS = 4
"""`explorer.models.token_prior.HEADS`."""
EPSILON = 1e-5
"""Of torch's layer_norm."""
UNSEEN = -1e9
"""Added to the score of a row of the cache that is not filled yet."""


def check_prior(code: CodeShape, weights: Mapping[str, np.ndarray]) -> tuple[int, int]:
    """Width and number of layers of a prior over these codes. Raises ValueError, the end of a sentence, if its weights
    do not fit them."""
    place = weights.get("place", np.empty(0)).shape
    inner = weights.get("layers.0.wide.bias", np.empty(0)).shape
    if len(place) != 2 or place[0] != code.tokens or place[1] % HEADS or not place[1] or len(inner) != 1:
        raise ValueError(f"is a prior of other codes than {code.tokens} tokens of {code.words} words")
    width, layers = place[1], sum(name.endswith(".wide.bias") for name in weights)
    shapes: dict[str, tuple[int, ...]] = {
        "place": place,
        "logits.weight": (code.words, width),
        "logits.bias": (code.words,),
    }
    shapes["words"] = (len(neighbours(code)[0]), code.words + 1, width)
    for i in range(layers):
        sizes = {
            "attention": (3 * width, width),
            "mixed": (width, width),
            "wide": (*inner, width),
            "narrow": (width, *inner),
        }
        shapes |= {f"layers.{i}.{name}.weight": size for name, size in sizes.items()}
        shapes |= {f"layers.{i}.{name}.bias": size[:1] for name, size in sizes.items()}
    given = {name: array.shape for name, array in weights.items()}
    if given != shapes:
        wrong = sorted(name for name in given.keys() | shapes if given.get(name) != shapes.get(name))[0]
        raise ValueError(f"has {wrong[:60]} of {given.get(wrong)}, where its codes need {shapes.get(wrong)}")
    return width, layers


def prior_onnx(code: CodeShape, weights: Mapping[str, np.ndarray]) -> bytes:
    """The prior as ONNX, for any number n of codes. Raises ValueError as `check_prior` does.

    Inputs: `near` (n, N) int64, the neighbours of a token (`explorer.discrete.neighbours`), `position` (n,) int64, its
    number t, and `cache` (n, T, C) float32, whose rows before t are the entries of earlier tokens. Outputs: `logits`
    (n, K) of its words, and `entry` (n, C).
    """
    from onnx import TensorProto, helper

    width, layers = check_prior(code, weights)
    graph, near = Nodes(weights), len(neighbours(code)[0])
    _add_constants(graph, code, width)
    x = graph.add("Gather", [graph.weight("place"), "position"], "x.place", axis=0)
    tables = graph.weight("words")
    for i in range(near):
        place = graph.constant(f"near.{i}", i)
        table = graph.add("Gather", [tables, place], f"words.{i}", axis=0)
        number = graph.add("Gather", ["near", place], f"number.{i}", axis=1)
        x = graph.add("Add", [graph.add("Gather", [table, number], f"word.{i}", axis=0), x], f"x.{i}")
    sizes = graph.constant("cache.sizes", [width] * 2 * layers)
    graph.add("Split", ["cache", sizes], *(f"cache.{i}" for i in range(2 * layers)), axis=2)
    entries: list[str] = []
    for i in range(layers):
        x = _layer(graph, x, i, width, entries)
    graph.add("Gemm", [_normal(graph, x, "x.last"), *graph.layer("logits")], "logits", transB=1)
    graph.add("Concat", entries, "entry", axis=1)
    size = 2 * width * layers
    floats, whole = TensorProto.FLOAT, TensorProto.INT64
    proto = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "prior",
            [
                helper.make_tensor_value_info("near", whole, ["batch", near]),
                helper.make_tensor_value_info("position", whole, ["batch"]),
                helper.make_tensor_value_info("cache", floats, ["batch", code.tokens, size]),
            ],
            [
                helper.make_tensor_value_info("logits", floats, ["batch", code.words]),
                helper.make_tensor_value_info("entry", floats, ["batch", size]),
            ],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=9,
    )
    check_sizes(proto)
    data: bytes = proto.SerializeToString()
    return data


def _add_constants(graph: Nodes, code: CodeShape, width: int) -> None:
    """Numbers that all layers use, and the mask of the rows of the cache that are filled, with one for the token
    itself."""
    graph.constant("ones", np.ones(width), np.float32)
    graph.constant("zeros", np.zeros(width), np.float32)
    graph.constant("scale", (width / HEADS) ** -0.5, np.float32)
    graph.constant("heads", [0, 0, HEADS, width // HEADS])
    graph.constant("joined", [0, width])
    graph.constant("row", [1])
    graph.constant("seen", 0.0, np.float32)
    graph.constant("unseen", UNSEEN, np.float32)
    own = np.append(np.arange(code.tokens), -1)  # the last row is the token's own
    column = graph.add("Unsqueeze", ["position", "row"], "position.column")
    before = graph.add("Less", [graph.constant("rows", own), column], "before")
    mask = graph.add("Where", [before, "seen", "unseen"], "mask.rows")
    graph.add("Unsqueeze", [mask, graph.constant("mask.axes", [1, 2])], "mask")


def _normal(graph: Nodes, x: str, name: str) -> str:
    return graph.add("LayerNormalization", [x, "ones", "zeros"], f"{name}.normal", axis=-1, epsilon=EPSILON)


def _layer(graph: Nodes, x: str, i: int, width: int, entries: list[str]) -> str:
    """`explorer.models.token_prior.Layer` of the features x `(n, width)`; adds its keys and values to the entries."""
    name = f"layers.{i}"
    both = graph.linear(_normal(graph, x, f"{name}.x"), f"{name}.attention")
    own = [f"{name}.{part}" for part in ("query", "key", "value")]
    graph.add("Split", [both, graph.constant(f"{name}.sizes", [width] * 3)], *own, axis=1)
    entries += own[1:]
    query = graph.add("Unsqueeze", [own[0], "row"], f"{own[0]}.row")
    rows = [query]
    for part, past in zip(own[1:], (2 * i, 2 * i + 1), strict=True):
        row = graph.add("Unsqueeze", [part, "row"], f"{part}.row")
        rows.append(graph.add("Concat", [f"cache.{past}", row], f"{part}.rows", axis=1))
    orders = ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3])
    q, k, v = (
        graph.add("Transpose", [graph.add("Reshape", [r, "heads"], f"{r}.split")], f"{r}.heads", perm=order)
        for r, order in zip(rows, orders, strict=True)
    )
    scores = graph.add("Mul", [graph.add("MatMul", [q, k], f"{name}.products"), "scale"], f"{name}.scaled")
    share = graph.add(
        "Softmax", [graph.add("Add", [scores, "mask"], f"{name}.scores")], f"{name}.share", axis=-1
    )
    seen = graph.add("Reshape", [graph.add("MatMul", [share, v], f"{name}.mix"), "joined"], f"{name}.seen")
    x = graph.add("Add", [x, graph.linear(seen, f"{name}.mixed")], f"{name}.attended")
    inner = graph.silu(graph.linear(_normal(graph, x, f"{name}.y"), f"{name}.wide"))
    return graph.add("Add", [x, graph.linear(inner, f"{name}.narrow")], f"{name}.out")
