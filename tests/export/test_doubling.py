"""Enlargement and convolution as one transposed convolution, against PyTorch, and where it is not one."""

from __future__ import annotations

from collections import Counter

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn import functional

from explorer.config import ModelConfig
from explorer.models import Autoencoder
from explorer.models.onnx_doubling import SUMS, fuse_doublings
from explorer.models.onnx_graph import decoder_onnx, export_network


@settings(max_examples=20, deadline=None)
@given(
    channels=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    size=st.tuples(st.integers(1, 6), st.integers(1, 6)),
    seed=st.integers(0, 2**16),
)
def test_the_sums_are_those_of_a_transposed_convolution(
    channels: tuple[int, int], size: tuple[int, int], seed: int
) -> None:
    draw = torch.Generator().manual_seed(seed)
    weight = torch.randn(channels[1], channels[0], 3, 3, generator=draw)
    x = torch.randn(2, channels[0], *size, generator=draw)
    wanted = functional.conv2d(x.repeat_interleave(2, 2).repeat_interleave(2, 3), weight, padding=1)
    sums = torch.from_numpy(SUMS)
    kernel = sums @ weight.transpose(0, 1) @ sums.T
    torch.testing.assert_close(functional.conv_transpose2d(x, kernel, None, 2, 1), wanted)


def kinds(data: bytes) -> Counter[str]:
    return Counter(node.op_type for node in onnx.load_from_string(data).graph.node)


@pytest.mark.parametrize(("shape", "doubled", "enlarged"), [((3, 32, 16), 2, 0), ((1, 17, 32), 1, 1)])
def test_a_residual_decoder_enlarges_by_transposed_convolutions_where_sizes_double(
    shape: tuple[int, int, int], doubled: int, enlarged: int
) -> None:
    model = Autoencoder(ModelConfig.model_validate({"body": "residual", "latent_size": 3}), shape).eval()
    data = decoder_onnx(model)
    assert (kinds(data)["ConvTranspose"], kinds(data)["Resize"]) == (doubled, enlarged)
    graph = onnx.load_from_string(data).graph
    # weights keep their names and shapes, so they are stored once
    stored = {constant.name: list(constant.dims) for constant in graph.initializer}
    convolutions = {name: list(w.shape) for name, w in model.decoder.state_dict().items() if w.ndim == 4}
    assert all(stored[f"decoder.{name}"] == shape for name, shape in convolutions.items())
    read = {name for node in graph.node for name in node.input}
    assert read.issuperset(stored)  # nothing is left over


class Twice(nn.Module):
    """An enlarged image that something else reads too."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(2, 2, 3, padding=1)

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        large = functional.interpolate(z, scale_factor=2)
        out: torch.Tensor = self.conv(large) + large
        return out


@pytest.mark.parametrize(
    "layers",
    [
        Twice(),
        nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(2, 2, 3)),
        nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(2, 2, 3, 2, 1)),
        nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(2, 2, 3, padding=1, groups=2)),
        nn.Sequential(nn.Upsample(scale_factor=3), nn.Conv2d(2, 2, 3, padding=1)),
        nn.Sequential(nn.Upsample(scale_factor=2, mode="bilinear"), nn.Conv2d(2, 2, 3, padding=1)),
    ],
)
def test_what_is_no_plain_doubling_stays_as_it_is(layers: nn.Module) -> None:
    z = torch.randn(2, 2, 5, 4)
    data = export_network(layers.eval(), {"z": z}, ["image"])
    assert not kinds(data)["ConvTranspose"]
    (image,) = onnxruntime.InferenceSession(data).run(None, {"z": z.numpy()})
    np.testing.assert_allclose(image, layers(z).detach().numpy(), atol=1e-5)


def test_without_shapes_nothing_is_changed() -> None:
    weight = numpy_helper.from_array(np.ones((1, 1, 3, 3), np.float32), "w")
    sizes = numpy_helper.from_array(np.array([1, 1, 4, 4]), "sizes")
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("z", "image")]
    nodes = [
        helper.make_node("Resize", ["z", "", "", "sizes"], ["large"], mode="nearest"),
        helper.make_node("Conv", ["large", "w"], ["image"], pads=[1, 1, 1, 1]),
    ]
    proto = helper.make_model(helper.make_graph(nodes, "two", ends[:1], ends[1:], [weight, sizes]))
    before = proto.SerializeToString()
    fuse_doublings(proto)
    assert proto.SerializeToString() == before
