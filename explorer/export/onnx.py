"""The decoder as an ONNX file, which the browser and ONNX Runtime run."""

from __future__ import annotations

import contextlib
import copy
import io
import logging
import math
import warnings

import numpy as np
import torch
from torch import Tensor, nn

from explorer.models import Autoencoder

OPSET = 18
WORTH_HALVING = 1024  # numbers in a weight


class _MeanImage(nn.Module):
    def __init__(self, model: Autoencoder) -> None:
        super().__init__()
        self.decoder, self.likelihood = model.decoder, model.likelihood

    def forward(self, z: Tensor) -> Tensor:
        mean: Tensor = self.likelihood(self.decoder(z)).mean
        return mean.clamp(0, 1)


def decoder_onnx(model: Autoencoder) -> bytes:
    """The decoder as ONNX: input `z` (B, d) float32, output `image` (B, C, H, W) in [0, 1], any batch size B."""
    module = _MeanImage(copy.deepcopy(model).cpu().float()).eval()
    z = torch.zeros(2, model.config.latent_size)
    quiet = logging.getLogger("torch.onnx")
    level = quiet.level
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        quiet.setLevel(logging.ERROR)
        try:
            program = torch.onnx.export(
                module,
                (z,),
                dynamo=True,
                opset_version=OPSET,
                input_names=["z"],
                output_names=["image"],
                dynamic_shapes=({0: torch.export.Dim("batch")},),
                verbose=False,
            )
        finally:
            quiet.setLevel(level)
    assert program is not None
    proto = program.model_proto
    for part in (proto, proto.graph, *proto.graph.node, *proto.graph.value_info, *proto.graph.initializer):
        del part.metadata_props[:]  # source paths and stack traces of the exporting machine
    data: bytes = proto.SerializeToString()
    return data


def stored_in_half(decoder: bytes) -> bytes:
    """The same decoder with its weights kept as float16 and computed with as float32: half the bytes.

    The weights are rounded, unless they are half precision already.
    """
    from onnx import TensorProto, helper, load_from_string, numpy_helper

    proto = load_from_string(decoder)
    casts = []
    for tensor in proto.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or math.prod(tensor.dims) < WORTH_HALVING:
            continue
        name = tensor.name
        array = numpy_helper.to_array(tensor).astype(np.float16)
        tensor.CopyFrom(numpy_helper.from_array(array, f"{name}.half"))
        casts.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *proto.graph.node]
    del proto.graph.node[:]
    proto.graph.node.extend(nodes)
    data: bytes = proto.SerializeToString()
    return data
