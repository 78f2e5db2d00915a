"""Encoders and decoders of discrete codes as ONNX against PyTorch: the same words, exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from explorer.config import ModelConfig
from explorer.models import Autoencoder, DiscreteCode
from explorer.models.onnx_graph import decoder_onnx
from explorer.objectives import rate_per_dimension
from explorer.store.decoder import open_decoder
from explorer.store.encoder_graph import build_encoder
from explorer.store.network_check import check_sizes, parse_network

KINDS: list[tuple[tuple[int, int, int], dict[str, Any]]] = [
    ((3, 9, 12), {"posterior": "categorical", "latent_size": 12, "groups": 3, "hidden": (16,)}),
    ((1, 8, 8), {"posterior": "binary", "latent_size": 5, "hidden": ()}),
    ((1, 8, 8), {"posterior": "fsq", "levels": (8, 6, 5), "hidden": (12,)}),
    ((1, 16, 16), {"posterior": "fsq", "levels": (2, 7), "body": "conv"}),
    ((1, 8, 8), {"posterior": "vq", "words": 30, "word_size": 4, "hidden": (12,)}),
    ((3, 28, 28), {"posterior": "vq", "words": 20, "word_size": 4, "body": "conv", "grid": 7}),
    (
        (1, 28, 28),
        {"posterior": "vq", "words": 20, "word_size": 4, "body": "residual", "width": 8, "grid": 14},
    ),
    ((1, 25, 25), {"posterior": "fsq", "levels": (4, 3), "body": "residual", "width": 8, "grid": 6}),
]


def spread_out(model: Autoencoder) -> None:
    """Centre and scale what the head is given, so that images have many different words."""
    features, linear = model.encoder(torch.rand(50, *model.image_shape)), model.head.linear
    rows = torch.nn.functional.linear(features, linear.weight, linear.bias).reshape(-1, len(linear.bias))
    linear.bias.copy_((linear.bias - rows.mean(0)) / rows.std(0))
    linear.weight.div_(rows.std(0)[:, None])


@pytest.mark.parametrize(
    ("shape", "settings"), KINDS, ids=lambda v: v["posterior"] if isinstance(v, dict) else str(v[1])
)
def test_the_words_of_an_image_are_those_of_pytorch(
    shape: tuple[int, int, int], settings: dict[str, Any]
) -> None:
    torch.manual_seed(1)
    model = Autoencoder(ModelConfig.model_validate(settings), shape).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
        spread_out(model)
    weights = {name: w.detach().numpy() for name, w in model.state_dict().items()}
    data = build_encoder(model.config, shape, weights)
    onnx.checker.check_model(onnx.load_from_string(data), full_check=True)
    check_sizes(parse_network(data))
    session = onnxruntime.InferenceSession(data)
    names = [o.name for o in session.get_outputs()]
    for batch in (1, 7):
        images = np.random.default_rng(batch).random((batch, *shape), np.float32)
        found = dict(zip(names, session.run(None, {"image": images}), strict=True))
        with torch.no_grad():
            q = model.encode(torch.from_numpy(images))
            rate = rate_per_dimension(q).sum(1)
        assert isinstance(q, DiscreteCode)
        np.testing.assert_array_equal(found.pop("tokens"), q.tokens)
        np.testing.assert_allclose(found.pop("mean"), q.mode, atol=1e-6)
        np.testing.assert_allclose(found.pop("rate"), rate, rtol=1e-4, atol=1e-5)
        assert not found
        assert batch == 1 or len(np.unique(q.tokens)) > 1


@pytest.mark.parametrize(("shape", "settings"), KINDS[:1] + KINDS[5:6], ids=["boxes", "grid"])
def test_a_decoder_takes_words(shape: tuple[int, int, int], settings: dict[str, Any]) -> None:
    torch.manual_seed(2)
    model = Autoencoder(ModelConfig.model_validate(settings), shape).eval()
    decoder = open_decoder(decoder_onnx(model), model.config.latent_size, shape)
    with torch.no_grad():
        z = model.encode(torch.rand(3, *shape)).mode
        expected = model.mean_image(z)
    np.testing.assert_allclose(decoder.decode(z.numpy()), expected, atol=2e-6)


def test_weights_of_another_code_are_refused() -> None:
    shape, settings = KINDS[4]
    model = Autoencoder(ModelConfig.model_validate(settings), shape)
    weights = {name: w.detach().numpy() for name, w in model.state_dict().items()}
    for wrong, said in (
        ({"head.words": weights["head.words"][1:]}, "code book"),
        ({"head.linear.weight": np.zeros((3, 12), np.float32)}, "4 rows"),
    ):
        with pytest.raises(ValueError, match=said):
            build_encoder(model.config, shape, weights | wrong)
