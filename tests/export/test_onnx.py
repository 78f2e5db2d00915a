"""The exported decoder against PyTorch, run by ONNX Runtime."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from explorer.config import ModelConfig
from explorer.models import Autoencoder
from explorer.models.onnx_graph import OPSET, decoder_onnx

LIKELIHOODS = ["bernoulli", "gaussian", "learned-gaussian", "continuous-bernoulli"]
MODELS = [
    ("mlp", (3, 9, 12), (16,)),
    ("conv", (1, 16, 16), ()),
    ("conv", (3, 21, 13), ()),
    ("residual", (3, 32, 16), ()),
    ("residual", (1, 17, 32), ()),
]


@cache
def exported(
    body: str, shape: tuple[int, int, int], hidden: tuple[int, ...], likelihood: str = "bernoulli", d: int = 3
) -> tuple[Autoencoder, bytes]:
    torch.manual_seed(0)
    flat = {"body": body, "hidden": hidden, "likelihood": likelihood, "latent_size": d}
    model = Autoencoder(ModelConfig.model_validate(flat), shape).eval()
    with torch.no_grad():  # an untrained decoder gives grey everywhere: make it say something
        for parameter in model.decoder.parameters():
            parameter.mul_(2)
    return model, decoder_onnx(model)


def session(data: bytes) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("likelihood", LIKELIHOODS)
@pytest.mark.parametrize(("body", "shape", "hidden"), MODELS)
def test_onnx_runtime_draws_what_pytorch_draws(
    body: str, shape: tuple[int, int, int], hidden: tuple[int, ...], likelihood: str
) -> None:
    model, data = exported(body, shape, hidden, likelihood)
    running = session(data)
    for batch in (1, 2, 7):
        z = 3 * torch.randn(batch, 3, generator=torch.Generator().manual_seed(batch))
        (image,) = running.run(["image"], {"z": z.numpy()})
        with torch.no_grad():
            expected = model.mean_image(z).numpy()
        assert image.dtype == np.float32
        assert image.shape == (batch, *shape)
        np.testing.assert_allclose(image, expected, atol=1e-4)
        assert image.min() >= 0
        assert image.max() <= 1
        assert np.ptp(expected) > 0.01


@pytest.mark.slow
def test_the_continuous_bernoulli_mean_of_every_logit() -> None:
    """Its mean is a series near logit 0 and a quotient elsewhere; both must be exported."""
    model, _ = exported("mlp", (3, 9, 12), (), "continuous-bernoulli")
    logits = np.sinh(np.linspace(-6, 6, 324))  # ±202, close to 0 in the middle
    with torch.no_grad():
        decoder = model.decoder[0][0]  # type: ignore[index]
        decoder.weight.zero_()
        decoder.bias.copy_(torch.tensor(logits))
    (image,) = session(decoder_onnx(model)).run(None, {"z": np.zeros((1, 3), np.float32)})
    np.testing.assert_allclose(image.flatten(), 1 / (1 - np.exp(-logits)) - 1 / logits, atol=1e-4)


@pytest.mark.parametrize("d", [1, 2, 128])
def test_the_file_describes_itself(d: int) -> None:
    _, data = exported("mlp", (1, 8, 8), (16,), d=d)
    proto = onnx.load_from_string(data)
    onnx.checker.check_model(proto, full_check=True)
    assert [o.version for o in proto.opset_import if o.domain == ""] == [OPSET]
    running = session(data)
    (z,), (image,) = running.get_inputs(), running.get_outputs()
    assert (z.name, z.type, z.shape[1]) == ("z", "tensor(float)", d)
    assert (image.name, image.type, image.shape[1:]) == ("image", "tensor(float)", [1, 8, 8])
    assert isinstance(z.shape[0], str)  # any batch size
    assert z.shape[0] == image.shape[0]


@pytest.mark.slow
@pytest.mark.parametrize("body", ["mlp", "conv"])
def test_the_file_tells_nothing_of_this_machine(body: str) -> None:
    _, data = exported(body, (1, 16, 16), (16,))
    strings = b"\n".join(re.findall(rb"[\x20-\x7e]{4,}", data)).decode()
    project = str(Path(__file__).resolve().parents[2])
    for trace in (
        project,
        sys.prefix,
        str(Path.home()) + "/",
        "site-packages",
        ".py",
        "Traceback",
        "torch/nn",
    ):
        assert trace not in strings
    assert not re.search(r"(/[A-Za-z][\w.-]+){2,}|[A-Z]:\\", strings)


def test_the_file_is_as_large_as_its_weights() -> None:
    """One copy of each weight, and the encoder stays at home."""
    model, data = exported("conv", (1, 16, 16), ())
    decoder = 4 * sum(p.numel() for p in model.decoder.parameters())
    assert decoder < len(data) < 1.05 * decoder + 8_000


def test_exporting_leaves_the_model_as_it_was() -> None:
    torch.manual_seed(0)
    model = Autoencoder(ModelConfig(hidden=(4,)), (1, 8, 8)).double().train()
    before = {name: w.clone() for name, w in model.state_dict().items()}
    decoder_onnx(model)
    assert model.training
    assert all(torch.equal(w, before[name]) for name, w in model.state_dict().items())
    assert all(p.requires_grad for p in model.decoder.parameters())
