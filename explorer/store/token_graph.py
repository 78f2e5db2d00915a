"""The parts of a stored encoder's graph that give discrete codes: its body on a grid of tokens, and its head."""

import math
from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from explorer.config import ModelConfig

EPSILON = 1e-3
"""`explorer.models.quantizers.EPSILON`."""

BATCH_NORM = 1e-5
"""Of torch's BatchNorm1d."""


class Graph(Protocol):
    """What builds the graph (`explorer.store.encoder_graph`)."""

    weights: Mapping[str, np.ndarray]

    def add(self, kind: str, inputs: list[str], *names: str, **settings: Any) -> str: ...
    def constant(self, name: str, value: Any, kind: type = np.int64) -> str: ...
    def weight(self, name: str) -> str: ...
    def linear(self, x: str, name: str) -> str: ...
    def conv(self, x: str, name: str, size: int, stride: int) -> str: ...
    def relu(self, x: str) -> str: ...
    def silu(self, x: str) -> str: ...


def to_tokens(graph: Graph, x: str, config: ModelConfig, stages: int) -> str:
    """Features of a grid, `(B, F, g, g)`, as rows, one per token: `(B·T, F)`."""
    conv = config.body == "conv"
    x = graph.relu(graph.conv(x, f"encoder.{stages}.0", 3, 1)) if conv else graph.silu(x)
    x = graph.add("Transpose", [x], "rows.wide", perm=[0, 2, 3, 1])
    width = graph.weights["head.linear.weight"].shape[1]
    return graph.add("Reshape", [x, graph.constant("rows.shape", [-1, width])], "rows")


def add_code(graph: Graph, config: ModelConfig, features: str) -> list[str]:
    """Adds the code's outputs and returns their names: `mean` `(B, d)`, the most probable words one after the other;
    `tokens` `(B, T)` int64, their numbers; and `rate` `(B,)`, KL(q‖p) in nats."""
    code = config.code
    assert code
    rows = (code.words if config.posterior == "categorical" else code.size) * (
        1 if code.side else code.tokens
    )
    given = graph.weights["head.linear.weight"].shape
    if given[:1] != (rows,):
        raise ValueError(f"has a head.linear.weight of {given}, where its posterior needs {rows} rows")
    parameters = graph.linear(features, "head.linear")
    if config.posterior == "vq":
        tokens, words = _nearest(graph, config, parameters)
    elif config.posterior == "fsq":
        tokens, words = _levels(graph, config, parameters)
    else:
        tokens, words = _most_probable(graph, config, parameters)
    z = graph.add("Gather", [words, tokens], "code", axis=0)
    graph.add("Reshape", [z, graph.constant("code.shape", [-1, code.tokens * code.size])], "mean")
    if config.posterior in ("fsq", "vq"):
        zero = graph.constant("rate.zero", 0.0, np.float32)
        value = graph.constant("rate.value", code.tokens * math.log(code.words), np.float32)
        first = graph.add("ReduceSum", ["mean", graph.constant("rate.axis", [1])], "rate.any", keepdims=0)
        graph.add("Add", [graph.add("Mul", [first, zero], "rate.none"), value], "rate")
    return ["mean", "tokens", "rate"]


def _by_token(graph: Graph, x: str, tokens: int, size: int) -> str:
    """`(B, T·size)`, or `(B·T, size)` of a grid, as `(B, T, size)`."""
    return graph.add("Reshape", [x, graph.constant("tokens.shape", [-1, tokens, size])], "by.token")


def _nearest(graph: Graph, config: ModelConfig, parameters: str) -> tuple[str, str]:
    code = config.code
    assert code
    given = graph.weights.get("head.words", np.empty(0)).shape
    if given != (code.words, code.size):
        raise ValueError(f"has head.words of {given}, where its code book is {(code.words, code.size)}")
    words = graph.weight("head.words")
    z = _by_token(graph, parameters, code.tokens, code.size)
    squares = np.square(graph.weights["head.words"].astype(np.float32)).sum(1)
    twice = graph.add("Mul", [z, graph.constant("two", 2.0, np.float32)], "twice")
    product = graph.add(
        "MatMul", [twice, graph.add("Transpose", [words], "words.across", perm=[1, 0])], "products"
    )
    far = graph.add("Sub", [graph.constant("squares", squares, np.float32), product], "distances")
    return graph.add("ArgMin", [far], "tokens", axis=2, keepdims=0), words


def _levels(graph: Graph, config: ModelConfig, parameters: str) -> tuple[str, str]:
    """`explorer.models.quantizers.FSQHead`."""
    code = config.code
    assert code
    levels = np.array(config.levels)
    reach = (levels - 1) * (1 - EPSILON) / 2
    offset = np.where(levels % 2 == 1, 0.0, 0.5)
    basis = np.cumprod([1, *config.levels[:-1]])
    table = ((np.arange(code.words)[:, None] // basis) % levels - levels // 2) / (levels // 2)
    numbers = {
        "shift": np.tan(offset / reach),
        "reach": reach,
        "offset": offset,
        "lowest": levels // 2,
        "basis": basis,
    }
    for name, value in numbers.items():
        graph.constant(f"levels.{name}", value, np.float32)
    z = _by_token(graph, parameters, code.tokens, code.size)
    variance = graph.weights.get("head.norm.running_var", np.empty(0)).astype(np.float32)
    if variance.shape != (code.size,):
        raise ValueError(
            f"has head.norm.running_var of {variance.shape}, where words have {code.size} numbers"
        )
    graph.constant("norm.scale", np.sqrt(variance + BATCH_NORM), np.float32)
    z = graph.add("Sub", [z, graph.weight("head.norm.running_mean")], "norm.centred")
    z = graph.add("Div", [z, "norm.scale"], "norm")
    for kind, name in (
        ("Add", "shift"),
        ("Tanh", ""),
        ("Mul", "reach"),
        ("Sub", "offset"),
        ("Round", ""),
        ("Add", "lowest"),
    ):
        z = graph.add(kind, [z, f"levels.{name}"] if name else [z], f"levels.{kind}.{name}")
    place = graph.add("Mul", [z, "levels.basis"], "levels.places")
    number = graph.add("ReduceSum", [place, graph.constant("levels.axis", [2])], "levels.number", keepdims=0)
    return _whole(graph, number, "tokens"), graph.constant("words", table, np.float32)


def _most_probable(graph: Graph, config: ModelConfig, parameters: str) -> tuple[str, str]:
    """Boxes or switches, and their rate, Σ q log q + log K of every token."""
    code = config.code
    assert code
    if config.posterior == "binary":
        odds = _by_token(graph, parameters, code.tokens, 1)
        zero = graph.add("Sub", [odds, odds], "odds.none")
        logits = graph.add("Concat", [zero, odds], "logits", axis=2)
        words = np.array([[-1.0], [1.0]])
    else:
        logits, words = _by_token(graph, parameters, code.tokens, code.words), np.eye(code.words)
    q = graph.add("Softmax", [logits], "q", axis=2)
    negative = graph.add("Mul", [q, graph.add("LogSoftmax", [logits], "log.q", axis=2)], "q.log.q")
    total = graph.add(
        "ReduceSum", [negative, graph.constant("q.axes", [1, 2])], "negative.entropy", keepdims=0
    )
    most = graph.constant("most", code.tokens * math.log(code.words), np.float32)
    graph.add("Add", [total, most], "rate")
    return graph.add("ArgMax", [logits], "tokens", axis=2, keepdims=0), graph.constant(
        "words", words, np.float32
    )


def _whole(graph: Graph, x: str, name: str) -> str:
    from onnx import TensorProto

    return graph.add("Cast", [x], name, to=TensorProto.INT64)
