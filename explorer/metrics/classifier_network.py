"""The classifier's network: strided convolutions, 64 features, one linear layer."""

import io
from collections.abc import Mapping

import onnx
import torch
from torch import Tensor, nn

from explorer.models.onnx_graph import export_network

MIN_SIDE, MAX_CHANNELS = 7, 64  # pixels below which it is not halved again; channels


class LogRelu(nn.Module):
    """log(1 + relu(x)): without it a faint image has small features, and so lies near every other."""

    def forward(self, x: Tensor) -> Tensor:
        """Of any shape."""
        return torch.log1p(torch.relu(x))


def build(shape: tuple[int, int, int], features: int, outputs: int) -> tuple[nn.Module, nn.Module]:
    """Images `(B, C, H, W)` to features `(B, features)`, and features to logits `(B, outputs)`."""
    channels, height, width = shape
    layers: list[nn.Module] = []
    wide = 16
    while min(height, width) >= MIN_SIDE:
        layers += [nn.Conv2d(channels, wide, 3, 2, 1), nn.ReLU()]
        channels, wide = wide, min(MAX_CHANNELS, 2 * wide)
        height, width = (height + 1) // 2, (width + 1) // 2
    body = nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels * height * width, features), LogRelu())
    return body, nn.Linear(features, outputs)


def export(body: nn.Module, shape: tuple[int, int, int], properties: Mapping[str, str]) -> bytes:
    """As ONNX: input `image` (B, C, H, W) float32 in [0, 1], output `features` (B, f)."""
    network = export_network(body.eval(), {"image": torch.full((2, *shape), 0.5)}, ["features"])
    model = onnx.load(io.BytesIO(network))
    onnx.helper.set_model_props(model, dict(properties))
    data: bytes = model.SerializeToString()
    return data
