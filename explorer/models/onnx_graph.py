"""Decoders as ONNX files, which the browser and ONNX Runtime run. Encoders are in `explorer.store.encoder_graph`."""

import contextlib
import copy
import hashlib
import io
import logging
import math
import warnings
from functools import cache
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from explorer.disk import read_file, replace_file
from explorer.models import Autoencoder
from explorer.models.onnx_doubling import fuse_doublings

OPSET = 18
WORTH_HALVING = 1024  # numbers in a weight


class _MeanImage(nn.Module):
    """z, and the β or the class that the model is given, to the mean image in [0, 1]."""

    def __init__(self, model: Autoencoder) -> None:
        super().__init__()
        self.decoder, self.likelihood = model.decoder, model.likelihood
        self.rates, self.classes = model.rates, model.classes

    def forward(self, z: Tensor, given: Tensor | None = None) -> Tensor:
        if given is None:
            output = self.decoder(z)
        elif self.rates is not None:
            output = self.rates.decode(self.decoder, z, self.rates.features(given.flatten()))
        else:
            assert self.classes is not None
            output = self.classes.decode(self.decoder, z, given)
        mean: Tensor = self.likelihood(output).mean
        return mean.clamp(0, 1)


class DecoderWriter:
    """`decoder_onnx` of one model during its training: exported once, which takes seconds, then only filled
    with the current weights.

    shared: a folder in which the exported graphs of all architectures are kept, for the next training.
    """

    def __init__(self, shared: Path | None = None) -> None:
        self.shared = shared
        self._template: onnx.ModelProto | None = None

    def ready(self, model: Autoencoder) -> bool:
        """Whether the graph is exported already."""
        if self._template is None and self.shared:
            with contextlib.suppress(Exception):  # not there, or no ONNX: then it is exported
                template = onnx.load_from_string(read_file(self._path(model)))
                self._template = template if _fits(template, model) else None
        return self._template is not None

    def __call__(self, model: Autoencoder) -> bytes:
        """The decoder as `decoder_onnx` gives it."""
        if not self.ready(model):
            data = decoder_onnx(model)
            template = onnx.load_from_string(data)
            if _fits(template, model):  # the exporter has folded no weight into another
                self._template = template
                self._keep(model, data)
            return data
        assert self._template is not None
        stored = {constant.name: constant for constant in self._template.graph.initializer}
        for name, w in _weights(model).items():
            stored[name].raw_data = w.detach().cpu().float().numpy().tobytes()
        filled: bytes = self._template.SerializeToString()
        return filled

    def _path(self, model: Autoencoder) -> Path:
        assert self.shared
        classes = model.classes.count if model.classes else 0
        what = f"{model.config.model_dump_json()} {model.image_shape} {classes} {torch.__version__} {_code()}"
        return self.shared / f"{hashlib.sha256(what.encode()).hexdigest()[:24]}.onnx"

    def _keep(self, model: Autoencoder, data: bytes) -> None:
        if self.shared:
            with contextlib.suppress(OSError):  # it would only have saved time
                self.shared.mkdir(parents=True, exist_ok=True)
                replace_file(self._path(model), data)


def _weights(model: Autoencoder) -> dict[str, Tensor]:
    parts = ("decoder.", *(f"{by}.{part}." for by in ("rates", "classes") for part in ("decoder", "code")))
    return {name: w for name, w in model.state_dict().items() if name.startswith(parts)}


def _fits(template: onnx.ModelProto, model: Autoencoder) -> bool:
    stored = {constant.name: list(constant.dims) for constant in template.graph.initializer}
    return all(stored.get(name) == list(w.shape) for name, w in _weights(model).items())


@cache
def _code() -> str:
    """Changes with the code that decides what the graph is."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()


def decoder_onnx(model: Autoencoder) -> bytes:
    """The decoder as ONNX: input `z` (B, d) float32, output `image` (B, C, H, W) in [0, 1], any batch size B.

    That of a model of a range of β has a second input, `beta` (B, 1) float32; that of a conditional model has `label`
    (B, K) float32, the weights of the classes, which are one-hot for a class.
    """
    copied = copy.deepcopy(model).cpu().float()
    inputs = {"z": torch.zeros(2, model.config.latent_size)}
    if model.rates is not None:
        inputs["beta"] = torch.ones(2, 1)
    if model.classes is not None:
        inputs["label"] = torch.eye(2, model.classes.count)
    return export_network(_MeanImage(copied).eval(), inputs, ["image"])


def export_network(module: nn.Module, inputs: dict[str, Tensor], outputs: list[str]) -> bytes:
    """`module` as ONNX, for any batch size: its inputs by name, each with an example `(2, ...)`, and its outputs."""
    quiet = logging.getLogger("torch.onnx")
    level = quiet.level
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        quiet.setLevel(logging.ERROR)
        batch = torch.export.Dim("batch")
        try:
            program = torch.onnx.export(
                module,
                tuple(inputs.values()),
                dynamo=True,
                opset_version=OPSET,
                input_names=list(inputs),
                output_names=outputs,
                dynamic_shapes=tuple({0: batch} for _ in inputs),
                verbose=False,
            )
        finally:
            quiet.setLevel(level)
    assert program is not None
    proto = program.model_proto
    for part in (proto, proto.graph, *proto.graph.node, *proto.graph.value_info, *proto.graph.initializer):
        del part.metadata_props[:]  # source paths and stack traces of the exporting machine
    fuse_doublings(proto)
    data: bytes = proto.SerializeToString()
    return data


def store_weights_as_float16(decoder: bytes) -> bytes:
    """Convert a decoder's ONNX weights to float16, which halves the file; the graph casts them back to float32.

    Weights that float16 cannot represent are rounded.
    """
    proto = onnx.load_from_string(decoder)
    casts = []
    for tensor in proto.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or math.prod(tensor.dims) < WORTH_HALVING:
            continue
        name = tensor.name
        array = numpy_helper.to_array(tensor).astype(np.float16)
        tensor.CopyFrom(numpy_helper.from_array(array, f"{name}.half"))
        casts.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *proto.graph.node]
    proto.graph.ClearField("node")
    proto.graph.node.extend(nodes)
    data: bytes = proto.SerializeToString()
    return data
