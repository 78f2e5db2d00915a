"""Which ONNX files are opened at all: whole in one file, plain arithmetic, and of sizes that codes cannot change."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

OPERATORS = frozenset(
    """
    Abs Add And ArgMax ArgMin AveragePool BatchNormalization Cast CastLike Ceil Celu Clip Concat Constant
    Conv ConvTranspose Cos DepthToSpace DequantizeLinear Div Dropout Elu Equal Erf Exp Expand Flatten
    Floor Gather GatherElements Gelu Gemm GlobalAveragePool GlobalMaxPool Greater GreaterOrEqual
    GroupNormalization HardSigmoid HardSwish Identity InstanceNormalization LayerNormalization LeakyRelu
    Less LessOrEqual Log LogSoftmax MatMul Max MaxPool Mean Min Mish Mul Neg Not OneHot Or PRelu Pad Pow
    QuantizeLinear Reciprocal ReduceL2 ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare
    Relu Reshape Resize Round ScatterElements ScatterND Selu Shape Sigmoid Sign Sin Slice Softmax Softplus
    Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Swish Tan Tanh ThresholdedRelu Tile Transpose Trilu
    Unsqueeze Upsample Where
    """.split()  # noqa: SIM905
)
"""Arithmetic without loops, branches, randomness or files."""
MAX_ELEMENTS = 1 << 24
"""Numbers in any one tensor that a single code or image leads to: 64 MiB."""
MAX_NODES = 10_000


def parse_network(data: bytes) -> Any:
    """The `onnx.ModelProto` of a file that keeps to the rules above.

    Raises ValueError with the end of a sentence about the file: "is damaged ...", "holds ...".
    """
    import onnx

    try:
        proto = onnx.load_from_string(data)
    except Exception as error:  # protobuf's own kinds
        raise ValueError(f"is damaged or no ONNX file ({_short(error)})") from None
    for message in _messages(proto):  # before the checker, which looks for the files that tensors name
        _check_message(message)
    if len(proto.graph.node) > MAX_NODES:
        raise ValueError(f"holds {len(proto.graph.node):,} operations, more than {MAX_NODES:,}")
    try:
        onnx.checker.check_model(proto)
    except Exception as error:
        raise ValueError(f"is damaged or no ONNX file ({_short(error)})") from None
    _check_finite(proto)
    return proto


def check_sizes(proto: Any) -> None:
    """Infer the shape of every tensor, for one and for three inputs: all must follow from the batch size alone.

    Raises ValueError with the end of a sentence, as `parse_network` does.
    """
    one, three = _sizes(proto, 1), _sizes(proto, 3)
    for name, size in one.items():
        if size > MAX_ELEMENTS:
            raise ValueError(f"needs {size:,} numbers at once ({name[:60]!r}), more than {MAX_ELEMENTS:,}")
        if three.get(name, math.inf) > 3 * size:
            raise ValueError(f"grows faster than its batch ({name[:60]!r})")


def _messages(message: Any) -> Iterator[Any]:
    """A protobuf message and all that are in it, at any depth."""
    waiting = [message]
    while waiting:
        yield (message := waiting.pop())
        for field, value in message.ListFields():
            values = (
                [value] if isinstance(value, str | bytes) or not hasattr(value, "__len__") else list(value)
            )
            if field.message_type is not None:
                waiting += values
            elif field.type == field.TYPE_STRING and not all(isinstance(text, str) for text in values):
                raise ValueError(f"is damaged: its {field.name} is no text")


def _check_message(message: Any) -> None:
    kind = message.DESCRIPTOR.name
    if kind == "TensorProto" and (message.data_location or message.external_data):
        raise ValueError("keeps its weights in another file")
    if kind in ("FunctionProto", "TrainingInfoProto", "SparseTensorProto"):
        raise ValueError(f"holds a {kind.removesuffix('Proto').lower()}, which is not run here")
    if kind == "AttributeProto" and (message.HasField("g") or message.graphs):
        raise ValueError("holds a loop or a branch, which is not run here")
    if kind == "NodeProto" and (message.op_type not in OPERATORS or message.domain not in ("", "ai.onnx")):
        name = f"{message.domain}.{message.op_type}".lstrip(".")
        raise ValueError(f"holds the operation {name[:60]!r}, which is not run here")


def _check_finite(proto: Any) -> None:
    from onnx import TensorProto, numpy_helper

    floats = (TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.FLOAT16)
    for tensor in (m for m in _messages(proto) if isinstance(m, TensorProto) and m.data_type in floats):
        if math.prod(tensor.dims) > MAX_ELEMENTS * 16:
            raise ValueError(f"holds a weight of {math.prod(tensor.dims):,} numbers")
        try:
            values = numpy_helper.to_array(tensor)
        except Exception:  # fewer or more bytes than its dims say
            raise ValueError(f"is damaged: the weight {tensor.name[:60]!r} is not of its size") from None
        if not np.isfinite(values).all():
            raise ValueError(f"holds a weight, {tensor.name[:60]!r}, that is not a finite number")


def _sizes(proto: Any, batch: int) -> dict[str, int]:
    """How many numbers each tensor holds, for inputs whose first dimension is `batch`."""
    import onnx

    copy = onnx.ModelProto()
    copy.CopyFrom(proto)
    graph = copy.graph
    weights = {tensor.name for tensor in graph.initializer}
    for end in graph.input:
        if end.name not in weights:
            end.type.tensor_type.shape.dim[0].dim_value = batch
    del graph.value_info[:]  # what the file says of itself proves nothing
    for end in graph.output:
        end.type.tensor_type.ClearField("shape")
    try:
        graph = onnx.shape_inference.infer_shapes(copy, strict_mode=True, data_prop=True).graph
    except Exception as error:
        raise ValueError(f"does not fit together ({_short(error)})") from None
    sizes = {}
    for end in (*graph.value_info, *graph.output):
        shape = end.type.tensor_type.shape
        if end.type.tensor_type.HasField("shape") and all(dim.HasField("dim_value") for dim in shape.dim):
            sizes[end.name] = math.prod(dim.dim_value for dim in shape.dim)
    for node in graph.node:
        for name in node.output:
            if name and name not in sizes:
                raise ValueError(f"has sizes that depend on its input ({name[:60]!r}, by {node.op_type})")
    return sizes


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:120]
