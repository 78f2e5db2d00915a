"""The decoder as an ONNX file, which the browser and ONNX Runtime run."""

from __future__ import annotations

import contextlib
import copy
import io
import logging
import warnings

import torch
from torch import Tensor, nn

from explorer.models import Autoencoder

OPSET = 18


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
