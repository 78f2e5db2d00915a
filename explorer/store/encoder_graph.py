"""A stored encoder as ONNX, built from `config.json` and the stored weights without torch.

The graph is that of `explorer.models`: one body, then one head. Weights stay in the precision in which they are stored
and are computed with as float32, as `explorer.store.weights.load_model` does.
"""

import math
from collections.abc import Mapping

import numpy as np

from explorer.config import BETA_KNOTS, ModelConfig
from explorer.errors import ExplorerError
from explorer.store.folder import AGAIN, Checkpoint
from explorer.store.network_check import check_sizes
from explorer.store.onnx_nodes import Nodes
from explorer.store.token_graph import add_code, to_tokens

OPSET = 18
GROUP = 8
"""Channels that are normalised together (`explorer.models.bodies.GROUP`)."""
EPSILON = 1e-5
"""Of torch's GroupNorm."""
SECOND = {"point": (), "diagonal": ("log_variance",), "full": ("scale_tril",)}
"""Outputs beside the mean, by posterior."""


def encoder_onnx(checkpoint: Checkpoint) -> bytes:
    """The encoder as ONNX: input `image` (B, C, H, W) float32 in [0, 1], any batch size B; that of a model of a range
    of β has a second input, `beta` (B, 1) float32, and that of a conditional model `label` (B, K) float32, the weights
    of the classes, which are one-hot for a class.

    Outputs: `mean` (B, d) and, of a diagonal posterior, `log_variance` (B, d); of a full one `scale_tril` (B, d, d),
    lower triangular; of discrete codes those of `explorer.store.token_graph.add_code`. Raises ExplorerError if the
    weights are not there or do not fit the model.
    """
    manifest = checkpoint.manifest
    if not manifest.rebuildable:
        raise ExplorerError(
            f"{checkpoint.name} was read from {manifest.imported}, without the weights of its encoder."
        )
    try:
        return build_encoder(manifest.model, manifest.image_shape, checkpoint.weights(), manifest.classes)
    except ValueError as error:
        raise ExplorerError(
            f"Checkpoint {checkpoint.name}: the weights do not fit the model that config.json describes: "
            f"the encoder {error}; {AGAIN}."
        ) from None


def build_encoder(
    config: ModelConfig,
    image_shape: tuple[int, int, int],
    weights: Mapping[str, np.ndarray],
    classes: int = 0,
) -> bytes:
    """The same from a model's settings, its weights and its number of classes. Raises ValueError with the end of a
    sentence."""
    from onnx import TensorProto, helper

    floats = TensorProto.FLOAT
    inputs: dict[str, list[str | int]] = {"image": ["batch", *image_shape]}
    graph = _Graph(weights)
    if config.beta_range:
        inputs["beta"] = ["batch", 1]
        graph.add_rate(config.beta_range)
    if classes:
        inputs["label"] = ["batch", classes]
        graph.add_label(classes)
    body = {"mlp": _mlp, "conv": _conv, "residual": _residual}[config.body]
    features = body(graph, config, image_shape)
    outputs = _head(graph, config, features)
    d = config.latent_size
    shapes: dict[str, tuple[int, ...]] = {
        "mean": (d,),
        "log_variance": (d,),
        "scale_tril": (d, d),
        "rate": (),
    }
    kinds = {"tokens": TensorProto.INT64}
    shapes["tokens"] = (config.code.tokens if config.code else 0,)
    proto = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "encoder",
            [helper.make_tensor_value_info(name, floats, shape) for name, shape in inputs.items()],
            [helper.make_tensor_value_info(n, kinds.get(n, floats), ["batch", *shapes[n]]) for n in outputs],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=9,
    )
    check_sizes(proto)
    data: bytes = proto.SerializeToString()
    return data


class _Graph(Nodes):
    """Nodes of an encoder; every value is named by the module that gives it."""

    def __init__(self, weights: Mapping[str, np.ndarray]) -> None:
        super().__init__(weights)
        self.given, self.by = "", ""
        """The features that modulate the networks, and the module that does; empty in most models."""

    def conv(self, x: str, name: str, size: int, stride: int) -> str:
        shape = {"kernel_shape": [size] * 2, "strides": [stride] * 2, "pads": [1] * 4}
        return self.add("Conv", [x, *self.layer(name)], name, **shape)

    def flat(self, x: str) -> str:
        return self.add("Flatten", [x], f"{x}.flat", axis=1)

    def group_norm(self, x: str, name: str, shape: tuple[int, int, int]) -> str:
        """Of channels in groups: each group normalised as one instance, then a scale and a shift per channel."""
        groups = shape[0] // GROUP
        grouped = self.constant(f"{name}.groups", [0, groups, -1])
        ones = self.constant(f"{name}.ones", np.ones(groups), np.float32)
        zeros = self.constant(f"{name}.zeros", np.zeros(groups), np.float32)
        parts = self.add("Reshape", [x, grouped], f"{name}.grouped")
        normal = self.add(
            "InstanceNormalization", [parts, ones, zeros], f"{name}.normalised", epsilon=EPSILON
        )
        whole = self.add("Reshape", [normal, self.constant(f"{name}.shape", [0, *shape])], f"{name}.whole")
        axes = self.constant(f"{name}.axes", [1, 2])
        scale, shift = (
            self.add("Unsqueeze", [self.weight(f"{name}.{part}"), axes], f"{name}.{part}.wide")
            for part in ("weight", "bias")
        )
        return self.add("Add", [self.add("Mul", [whole, scale], f"{name}.scaled"), shift], name)

    def add_rate(self, beta_range: tuple[float, float]) -> None:
        """`explorer.models.rates.RateFeatures`."""
        low, high = map(math.log, beta_range)
        steps = BETA_KNOTS - 1
        scalars = {"low": low, "high": high, "width": (high - low) / steps, "zero": 0.0}
        for name, value in scalars.items():
            self.constant(f"rate.{name}", value, np.float32)
        self.constant("one", 1.0, np.float32)
        self.constant("rate.starts", np.arange(steps)[None], np.float32)
        t = self.add("Clip", [self.add("Log", ["beta"], "rate.log"), "rate.low", "rate.high"], "rate.clipped")
        t = self.add("Div", [self.add("Sub", [t, "rate.low"], "rate.above"), "rate.width"], "rate.place")
        above = self.add("Sub", [t, "rate.starts"], "rate.beyond")
        self.given, self.by = self.add("Clip", [above, "rate.zero", "one"], "rate.ramps"), "rates"

    def add_label(self, classes: int) -> None:
        """`explorer.models.condition.Classes`."""
        self.constant("one", 1.0, np.float32)
        self.given, self.by = "label", "classes"
        width = self.weights.get("classes.head.linear.weight", np.empty((0, 0))).shape[1:]
        if width != (classes,):
            raise ValueError(f"has modulations by {width} classes, where there are {classes}")

    def modulated(self, x: str, name: str, dims: int = 0) -> str:
        """`explorer.models.film.FiLM` of x, whose channels have so many dimensions behind them."""
        if not self.given:
            return x
        name = f"{self.by}.{name}"
        weight = f"{name}.linear.weight"
        parts = self.add("Gemm", [self.given, self.weight(weight)], f"{name}.parts", transB=1)
        sizes = self.constant(f"{name}.sizes", [len(self.weights[weight]) // 2] * 2)
        both = [f"{name}.scale", f"{name}.shift"]
        self.add("Split", [parts, sizes], *both, axis=1)
        if dims:
            axes = self.constant(f"{name}.axes", range(2, 2 + dims))
            both = [self.add("Unsqueeze", [part, axes], f"{part}.wide") for part in both]
        scale = self.add("Add", [both[0], "one"], f"{name}.factor")
        return self.add("Add", [self.add("Mul", [x, scale], f"{name}.scaled"), both[1]], name)

    def turned(self, x: str, out: str, name: str) -> str:
        """What `explorer.models.film.TurningFiLM` of x adds to `out`, the FiLM of x; models of before turn nothing."""
        name = f"{self.by}.{name}"
        if not self.given or f"{name}.mix" not in self.weights:
            return out
        d, channels = self.weights[f"{name}.mix"].shape[-1], len(self.weights[f"{name}.linear.weight"]) // 2
        bounds = [self.constant(f"{name}.{end}", [at]) for end, at in (("from", 0), ("to", d), ("axis", 1))]
        code = self.add("Slice", [x, *bounds], f"{name}.code")
        each = self.add("MatMul", [code, self.weight(f"{name}.mix")], f"{name}.each")  # (features, B, d)
        given = self.add("Transpose", [self.given], f"{name}.given", perm=[1, 0])
        given = self.add("Unsqueeze", [given, self.constant(f"{name}.last", [2])], f"{name}.given.wide")
        weighted = self.add("Mul", [each, given], f"{name}.weighted")
        turn = self.add(
            "ReduceSum", [weighted, self.constant(f"{name}.first", [0])], f"{name}.turn", keepdims=0
        )
        pads = self.constant(f"{name}.pads", [0, 0, 0, channels - d])
        return self.add("Add", [out, self.add("Pad", [turn, pads], f"{name}.turn.wide")], f"{name}.turned")


def _mlp(graph: _Graph, config: ModelConfig, shape: tuple[int, int, int]) -> str:
    x = graph.flat("image")
    for i in range(len(config.hidden)):
        x = graph.relu(graph.linear(x, f"encoder.{i}.{0 if i else 1}"))  # the first follows the flattening
        x = graph.modulated(x, f"encoder.{i}")
    return x


def _conv(graph: _Graph, config: ModelConfig, shape: tuple[int, int, int]) -> str:
    x, grid = "image", config.code.side if config.code else 0
    stages = _stages(shape, grid)
    for i in range(stages):
        x = graph.modulated(graph.relu(graph.conv(x, f"encoder.{i}.0", 4, 2)), f"encoder.{i}", 2)
    if grid:
        return to_tokens(graph, x, config, stages)
    x = graph.relu(graph.linear(graph.flat(x), f"encoder.{stages}.1"))
    x = graph.modulated(x, f"encoder.{stages}")
    x = graph.relu(graph.linear(x, f"encoder.{stages + 1}.0"))
    return graph.modulated(x, f"encoder.{stages + 1}")


def _residual(graph: _Graph, config: ModelConfig, shape: tuple[int, int, int]) -> str:
    x, grid = "image", config.code.side if config.code else 0
    stages = _stages(shape, grid)
    _, h, w = shape
    for i in range(stages):
        h, w = h // 2, w // 2
        size = (config.width * min(2**i, 4), h, w)
        x = graph.conv(x, f"encoder.{i}.0", 4, 2)
        inner, block = x, f"encoder.{i}.1.layers"
        for layer in (0, 3):
            inner = graph.silu(graph.group_norm(inner, f"{block}.{layer}", size))
            inner = graph.conv(inner, f"{block}.{layer + 2}", 3, 1)
        x = graph.modulated(graph.add("Add", [x, inner], f"encoder.{i}.1"), f"encoder.{i}", 2)
    if grid:
        return to_tokens(graph, x, config, stages)
    x = graph.silu(graph.linear(graph.flat(graph.silu(x)), f"encoder.{stages}.2"))
    return graph.modulated(x, f"encoder.{stages}")


def _stages(shape: tuple[int, int, int], grid: int = 0) -> int:
    """How often a convolutional body halves images: until their shorter side is below 8, or that of the grid."""
    side, stages = min(shape[1:]), 0
    while side >= 8 and side != grid:
        side, stages = side // 2, stages + 1
    return stages


def _head(graph: _Graph, config: ModelConfig, features: str) -> list[str]:
    """Adds the outputs; returns their names."""
    d = config.latent_size
    if config.code:
        return add_code(graph, config, features)
    outputs = ["mean", *SECOND[config.posterior]]
    plain = graph.linear(features, "head.linear")
    parameters = graph.turned(plain, graph.modulated(plain, "head"), "head")
    below = d * (d - 1) // 2
    sizes = {"point": [d], "diagonal": [d, d], "full": [d, d, below]}[config.posterior]
    given = graph.weights["head.linear.weight"].shape
    if given[:1] != (sum(sizes),):
        raise ValueError(f"has a head.linear.weight of {given}, where its posterior needs {sum(sizes)} rows")
    if config.posterior == "full" and not below:  # an empty part cannot be split off
        sizes = sizes[:2]
    if len(sizes) == 1:
        graph.add("Identity", [parameters], "mean")
        return outputs
    split = graph.constant("head.sizes", sizes)
    parts = ["mean", "log_variance" if config.posterior == "diagonal" else "log_scale", "below"][: len(sizes)]
    graph.add("Split", [parameters, split], *parts, axis=1)
    if config.posterior == "full":
        _lower_triangle(graph, d, parts)
    return outputs


def _lower_triangle(graph: _Graph, d: int, parts: list[str]) -> None:
    """`scale_tril` of the scales' logarithms and what is below them: its entries are looked up in a row of these that
    ends in a zero."""
    below = d * (d - 1) // 2
    scale = graph.add("Exp", ["log_scale"], "scale")
    row = graph.add("Concat", [scale, *parts[2:]], "entries", axis=1)
    padded = graph.add("Pad", [row, graph.constant("zero", [0, 0, 0, 1])], "padded")
    place = np.full((d, d), d + below)
    place[np.diag_indices(d)] = np.arange(d)
    place[np.tril_indices(d, -1)] = d + np.arange(below)
    flat = graph.add("Gather", [padded, graph.constant("places", place.ravel())], "triangle", axis=1)
    graph.add("Reshape", [flat, graph.constant("square", [0, d, d])], "scale_tril")
