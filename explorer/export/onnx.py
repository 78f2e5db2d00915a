"""Decoder and encoder as ONNX files, which the browser and ONNX Runtime run."""

from __future__ import annotations

import contextlib
import copy
import io
import logging
import math
import warnings

import numpy as np
import onnx
import torch
from torch import Tensor, nn
from torch.distributions import MultivariateNormal

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


class _Posterior(nn.Module):
    def __init__(self, model: Autoencoder) -> None:
        super().__init__()
        self.model = model

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        posterior = self.model.encode(image)
        if self.model.config.posterior == "point":
            return (posterior.mean,)
        if isinstance(posterior, MultivariateNormal):
            return posterior.mean, posterior.scale_tril
        return posterior.mean, posterior.variance.log()


SECOND = {"point": (), "diagonal": ("log_variance",), "full": ("scale_tril",)}
"""What an encoder's file gives beside the mean, by posterior."""


class DecoderWriter:
    """`decoder_onnx` of one model again and again while it is trained: exported once, which takes seconds, and
    from then on only filled with the weights of the moment."""

    def __init__(self) -> None:
        self._template: onnx.ModelProto | None = None

    def __call__(self, model: Autoencoder) -> bytes:
        """The decoder as `decoder_onnx` gives it."""
        if self._template is None:
            data = decoder_onnx(model)
            self._template = onnx.load_from_string(data)
            return data
        weights = {f"decoder.{name}": w for name, w in model.decoder.state_dict().items()}
        stored = {constant.name: constant for constant in self._template.graph.initializer}
        if not weights.keys() <= stored.keys():  # the exporter has folded some into others
            return decoder_onnx(model)
        for name, w in weights.items():
            stored[name].raw_data = w.detach().cpu().float().numpy().tobytes()
        filled: bytes = self._template.SerializeToString()
        return filled


def decoder_onnx(model: Autoencoder) -> bytes:
    """The decoder as ONNX: input `z` (B, d) float32, output `image` (B, C, H, W) in [0, 1], any batch size B."""
    module = _MeanImage(copy.deepcopy(model).cpu().float()).eval()
    return _exported(module, torch.zeros(2, model.config.latent_size), "z", ["image"])


def encoder_onnx(model: Autoencoder) -> bytes:
    """The encoder as ONNX: input `image` (B, C, H, W) float32 in [0, 1], any batch size B; output `mean` (B, d) and,
    of a diagonal posterior, `log_variance` (B, d), of a full one `scale_tril` (B, d, d), lower triangular."""
    module = _Posterior(copy.deepcopy(model).cpu().float()).eval()
    outputs = ["mean", *SECOND[model.config.posterior]]
    return _exported(module, torch.full((2, *model.image_shape), 0.5), "image", outputs)


def _exported(module: nn.Module, example: Tensor, name: str, outputs: list[str]) -> bytes:
    quiet = logging.getLogger("torch.onnx")
    level = quiet.level
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        quiet.setLevel(logging.ERROR)
        try:
            program = torch.onnx.export(
                module,
                (example,),
                dynamo=True,
                opset_version=OPSET,
                input_names=[name],
                output_names=outputs,
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
