"""Bodies: shapes for every image, the layouts of the literature, and mirrored pairs that mirror."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from explorer.config import ModelConfig
from explorer.errors import ExplorerError
from explorer.models import Autoencoder
from explorer.models.bodies import ResidualBlock, build_body

SIDES = st.integers(8, 128)
CHANNELS = st.sampled_from([1, 3])


def model(shape: tuple[int, int, int], **settings: object) -> Autoencoder:
    torch.manual_seed(0)
    return Autoencoder(ModelConfig.model_validate(settings), shape).eval()


def count(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


def widths(module: nn.Module) -> list[tuple[int, int]]:
    return [(m.in_features, m.out_features) for m in module.modules() if isinstance(m, nn.Linear)]


@pytest.mark.parametrize("body", ["mlp", "conv", "residual"])
@settings(max_examples=25)
@given(channels=CHANNELS, height=SIDES, width=SIDES, d=st.integers(1, 5))
def test_images_come_back_in_their_shape(body: str, channels: int, height: int, width: int, d: int) -> None:
    shape = (channels, height, width)
    autoencoder = model(shape, body=body, hidden=(5,), latent_size=d)
    x = torch.rand(2, *shape)
    with torch.no_grad():
        q = autoencoder.encode(x)
        assert q.mean.shape == (2, d)
        assert autoencoder.decode(q.mean).mean.shape == x.shape


@pytest.mark.slow
def test_conv_takes_every_side() -> None:
    for side in range(8, 129):
        for channels in (1, 3):
            autoencoder = model((channels, side, side), body="conv")
            with torch.no_grad():
                image = autoencoder.mean_image(autoencoder.encode(torch.rand(1, channels, side, side)).mean)
            assert image.shape == (1, channels, side, side)


@pytest.mark.parametrize(
    ("body", "shape", "hidden"),
    [
        ("mlp", (1, 28, 28), (512, 256)),
        ("mlp", (3, 9, 11), (16, 8, 4)),
        ("mlp", (1, 8, 8), ()),
        ("conv", (1, 8, 8), ()),
        ("conv", (1, 64, 64), ()),
        ("conv", (3, 27, 33), ()),
        ("conv", (3, 8, 128), ()),
        ("residual", (1, 8, 8), ()),
        ("residual", (3, 27, 33), ()),
    ],
)
def test_mirrored_blocks_map_each_others_outputs_back(
    body: str, shape: tuple[int, int, int], hidden: tuple[int, ...]
) -> None:
    built = build_body(ModelConfig.model_validate({"body": body, "hidden": hidden}), shape)
    x = torch.rand(2, *shape)
    if list(built.encoder.parameters()):  # a linear model has no block but the head
        assert len(built.decoder) == len(built.encoder) + 1
        for i, block in enumerate(built.encoder):
            below, x = x, block(x)
            assert built.decoder[-1 - i](x).shape == below.shape
    assert built.encoder(torch.rand(2, *shape)).shape == (2, built.features)
    assert built.decoder[0](torch.rand(2, 2)).shape[1:] == (
        shape if hidden == () and body == "mlp" else x.shape[1:]
    )


def test_the_default_mlp_is_784_512_256_z_256_512_784() -> None:
    autoencoder = model((1, 28, 28), latent_size=20)
    assert widths(autoencoder.encoder) == [(784, 512), (512, 256)]
    assert widths(autoencoder.head) == [(256, 40)]
    assert widths(autoencoder.decoder) == [(20, 256), (256, 512), (512, 784)]


def test_no_hidden_layer_is_a_linear_model() -> None:
    autoencoder = model((1, 4, 5), latent_size=3, hidden=())
    assert widths(autoencoder) == [(20, 6), (3, 20)]
    assert not [m for m in autoencoder.modules() if isinstance(m, nn.ReLU)]


def test_conv_at_64_is_the_layout_of_burgess_et_al() -> None:
    """4 convolutions of 32 4×4 kernels, stride 2, to 4×4; two layers of 256; the reverse to decode."""
    autoencoder = model((1, 64, 64), body="conv", latent_size=10)
    first, inner = 32 * 1 * 16 + 32, 32 * 32 * 16 + 32
    assert count(autoencoder.encoder) == first + 3 * inner + (512 * 256 + 256) + (256 * 256 + 256)
    assert count(autoencoder.head) == 256 * 20 + 20
    last = 32 * 1 * 16 + 1
    assert count(autoencoder.decoder) == (
        (10 * 256 + 256) + (256 * 256 + 256) + (256 * 512 + 512) + 3 * inner + last
    )
    convolutions = [m for m in autoencoder.modules() if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d))]
    assert len(convolutions) == 8
    assert {(m.kernel_size, m.stride) for m in convolutions} == {((4, 4), (2, 2))}
    assert autoencoder.encoder[:4](torch.rand(1, 1, 64, 64)).shape == (1, 32, 4, 4)


@pytest.mark.parametrize("body", ["mlp", "conv", "residual"])
def test_the_network_ends_without_an_activation(body: str) -> None:
    """The likelihood applies the sigmoid: outputs of the decoder itself are not confined to (0, 1)."""
    autoencoder = model((1, 16, 16), body=body, hidden=(8,))
    with torch.no_grad():
        output = autoencoder.decoder(50 * torch.randn(64, 2))
    assert output.min() < -0.1
    assert output.max() > 0.1


@pytest.mark.parametrize("shape", [(1, 7, 64), (1, 64, 7), (3, 129, 64), (1, 64, 200)])
def test_conv_says_which_sides_it_takes(shape: tuple[int, int, int]) -> None:
    with pytest.raises(ExplorerError, match=f"from 8 to 128 pixels, not {shape[1]}×{shape[2]}"):
        model(shape, body="conv")


@pytest.mark.parametrize("body", ["mlp", "conv", "residual"])
@pytest.mark.parametrize("lead", [(), (1,), (3,), (2, 3), (2, 1, 4), (0,)])
def test_codes_may_have_any_leading_shape(body: str, lead: tuple[int, ...]) -> None:
    autoencoder = model((3, 8, 9), body=body, latent_size=4, hidden=(6,))
    z = torch.randn(*lead, 4)
    with torch.no_grad():
        images = autoencoder.mean_image(z)
        flat = autoencoder.mean_image(z.reshape(-1, 4))
    assert images.shape == (*lead, 3, 8, 9)
    torch.testing.assert_close(images.reshape(-1, 3, 8, 9), flat)


def test_mean_images_lie_between_black_and_white() -> None:
    autoencoder = model((1, 8, 8), likelihood="gaussian", hidden=())
    with torch.no_grad():
        image = autoencoder.mean_image(100 * torch.randn(50, 2))
    assert (image.min().item(), image.max().item()) == (0, 1)


def test_a_residual_body_doubles_its_channels_up_to_four_times() -> None:
    built = build_body(ModelConfig(body="residual", width=16, latent_size=10), (3, 64, 64))
    encoder = [m for m in built.encoder.modules() if isinstance(m, nn.Conv2d)]
    assert [(m.in_channels, m.out_channels) for m in encoder if m.stride == (2, 2)] == [
        (3, 16), (16, 32), (32, 64), (64, 64),
    ]  # fmt: skip
    decoder = [m for m in built.decoder.modules() if isinstance(m, nn.Conv2d)]
    assert [(m.in_channels, m.out_channels) for m in decoder[2::3]] == [(64, 64), (64, 32), (32, 16), (16, 3)]
    assert widths(built.encoder) == [(64 * 4 * 4, 256)]


def test_a_residual_block_adds_to_what_it_gets() -> None:
    block = ResidualBlock(16)
    x, last = torch.randn(2, 16, 6, 5), block.layers[-1]
    assert isinstance(last, nn.Conv2d)
    assert last.bias is not None
    nn.init.zeros_(last.weight)
    nn.init.zeros_(last.bias)
    torch.testing.assert_close(block(x), x)
    # its normalisation makes what it adds independent of the scale of x
    nn.init.normal_(last.weight)
    torch.testing.assert_close(block(1000 * x) - 1000 * x, block(100 * x) - 100 * x, rtol=1e-3, atol=1e-2)
