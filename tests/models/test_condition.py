"""A conditional model: it begins as the unconditional one, takes a class for each image, and is exported with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest
import torch
from torch.distributions import MultivariateNormal

from explorer.config import ModelConfig, RunConfig
from explorer.errors import ExplorerError
from explorer.models import Autoencoder
from explorer.models.onnx_graph import DecoderWriter, decoder_onnx, store_weights_as_float16
from explorer.objectives import compute_loss
from explorer.store.decoder import RemoteDecoder, open_decoder, open_session
from explorer.store.encoder_graph import build_encoder

CLASSES = 3
Case = tuple[str, tuple[int, int, int], tuple[int, ...]]
CASES: list[Case] = [
    ("mlp", (3, 9, 12), (16, 8)),
    ("mlp", (1, 4, 4), ()),
    ("conv", (3, 21, 13), ()),
    ("residual", (1, 25, 18), ()),
]


def new(case: Case, posterior: str = "diagonal", **more: Any) -> Autoencoder:
    body, shape, hidden = case
    flat = {"body": body, "hidden": hidden, "posterior": posterior, "latent_size": 3, "width": 8}
    torch.manual_seed(0)
    config = ModelConfig.model_validate(flat | {"condition": "label"} | more)
    return Autoencoder(config, shape, classes=CLASSES).eval()


def varied(case: Case, posterior: str = "diagonal") -> Autoencoder:
    """One whose scales and shifts differ between classes, as after training."""
    model = new(case, posterior)
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(0.1 * torch.randn_like(weight))
    return model


def images(model: Autoencoder, count: int = 5) -> torch.Tensor:
    return torch.rand(count, *model.image_shape, generator=torch.Generator().manual_seed(1))


LABELS = torch.tensor([0, 1, 2, 2, 0])


# --- the architecture ---


@pytest.mark.parametrize("posterior", ["point", "diagonal", "full"])
@pytest.mark.parametrize("case", CASES)
def test_it_begins_as_the_unconditional_model(case: Case, posterior: str) -> None:
    model, plain = new(case, posterior), new(case, posterior, condition="none")
    ours = model.state_dict()
    assert all(torch.equal(w, ours[name]) for name, w in plain.state_dict().items())
    assert ours.keys() > plain.state_dict().keys()
    x = images(model)
    for label in range(CLASSES):
        q, wanted = model.encode(x, label=label), plain.encode(x)
        torch.testing.assert_close(q.mean, wanted.mean)
        torch.testing.assert_close(model.mean_image(q.mean, label=label), plain.mean_image(q.mean))


@pytest.mark.parametrize("posterior", ["point", "diagonal", "full"])
@pytest.mark.parametrize("case", CASES)
def test_every_image_has_its_own_class(case: Case, posterior: str) -> None:
    model = varied(case, posterior)
    x = images(model)
    with torch.no_grad():
        q = model.encode(x, label=LABELS)
        z = q.rsample((2,))
        pixels = model.mean_image(z, label=LABELS)
        for i, label in enumerate(LABELS.tolist()):
            alone = model.encode(x[i : i + 1], label=label)
            torch.testing.assert_close(q.mean[i : i + 1], alone.mean, atol=1e-4, rtol=1e-4)
            torch.testing.assert_close(q.variance[i : i + 1], alone.variance, atol=1e-4, rtol=1e-4)
            image = model.mean_image(z[:, i], label=label)
            torch.testing.assert_close(pixels[:, i], image, atol=1e-4, rtol=1e-4)
        assert (model.encode(x, label=0).mean - model.encode(x, label=1).mean).abs().max() > 0.01
        assert (model.mean_image(z, label=0) - model.mean_image(z, label=1)).abs().max() > 0.001
        weights = torch.nn.functional.one_hot(LABELS, CLASSES).float()
        assert torch.equal(model.mean_image(z, label=weights), pixels)


@pytest.mark.parametrize("case", CASES)
def test_what_a_class_changes_is_learned_from_its_own_images(case: Case) -> None:
    """The loss of images of one class has no gradient in the scales and shifts of another."""
    model = varied(case)
    x = images(model)
    compute_loss(RunConfig().objective, model, x, x, label=torch.full((5,), 1)).loss.backward()
    assert model.classes
    touched = {name: w.grad for name, w in model.classes.named_parameters() if w.grad is not None}
    assert {name.split(".")[0] for name in touched} >= {"head", "code"}
    for gradient in touched.values():
        assert gradient[:, 1].abs().max() > 0
        assert gradient[:, [0, 2]].abs().max() == 0


def test_what_cannot_be_conditioned_says_why() -> None:
    config = ModelConfig(condition="label")
    with pytest.raises(ExplorerError, match="these images have no classes: set condition to none, or choose"):
        Autoencoder(config, (1, 4, 4))
    with pytest.raises(ExplorerError, match="only one class"):
        Autoencoder(config, (1, 4, 4), classes=1)
    with pytest.raises(ExplorerError, match="a model of a range of β takes no condition"):
        RunConfig.from_flat({"condition": "label", "beta_range": (0.5, 16.0)})
    with pytest.raises(ValueError, match="needs the label"):
        new(CASES[1]).mean_image(torch.zeros(1, 3))


# --- ONNX ---


@pytest.mark.parametrize("case", CASES)
def test_the_decoder_of_onnx_runtime_is_that_of_pytorch(case: Case) -> None:
    model = varied(case)
    data = decoder_onnx(model)
    rng = np.random.default_rng(0)
    z, label = rng.normal(size=(70, 3)).astype(np.float32), rng.integers(CLASSES, size=70)
    with torch.no_grad():
        expected = model.mean_image(torch.from_numpy(z), label=torch.from_numpy(label)).numpy()
        in_turn = model.mean_image(torch.from_numpy(z), label=torch.arange(70) % CLASSES).numpy()
    weights = np.eye(CLASSES, dtype=np.float32)[label]
    raw = open_session(data).run(["image"], {"z": z, "label": weights})[0]
    np.testing.assert_allclose(raw, expected, atol=1e-4)
    for start in (open_decoder, RemoteDecoder):
        decoder = start(data, 3, case[1], classes=CLASSES)
        np.testing.assert_allclose(decoder.decode(z, label=label), expected, atol=1e-4)
        np.testing.assert_allclose(decoder.decode(z), in_turn, atol=1e-4)
        first = decoder.decode(z[:3], label=int(label[0]))[0]
        np.testing.assert_allclose(first, expected[0], atol=1e-4)
    half = open_decoder(store_weights_as_float16(data), 3, case[1], classes=CLASSES)
    np.testing.assert_allclose(half.decode(z, label=label), expected, atol=0.02)
    assert np.abs(expected - in_turn).max() > 0.001


def test_a_decoder_of_other_classes_is_refused() -> None:
    data = decoder_onnx(new(CASES[1]))
    with pytest.raises(ValueError, match=r"to label tensor\(float\) any 3 .* but the model needs z"):
        open_decoder(data, 3, (1, 4, 4))
    with pytest.raises(ValueError, match=r"needs z tensor\(float\) any 3 to label tensor\(float\) any 4"):
        open_decoder(data, 3, (1, 4, 4), classes=4)


def test_a_filled_decoder_is_the_exported_one() -> None:
    writer, model = DecoderWriter(), new(CASES[0])
    writer(model)
    assert writer.ready(model)
    changed = varied(CASES[0])
    assert writer(changed) == decoder_onnx(changed)


@pytest.mark.parametrize("posterior", ["point", "diagonal", "full"])
@pytest.mark.parametrize("case", CASES)
def test_the_encoder_of_onnx_runtime_is_that_of_pytorch(case: Case, posterior: str) -> None:
    model = varied(case, posterior)
    weights = {name: w.detach().numpy() for name, w in model.state_dict().items()}
    data = build_encoder(model.config, case[1], weights, CLASSES)
    onnx.checker.check_model(onnx.load_from_string(data), full_check=True)
    x, given = images(model), torch.nn.functional.one_hot(LABELS, CLASSES).float()
    mean, *second = open_session(data).run(None, {"image": x.numpy(), "label": given.numpy()})
    with torch.no_grad():
        q = model.encode(x, label=LABELS)
    np.testing.assert_allclose(mean, q.mean, atol=1e-4)
    if posterior == "point":
        assert not second
    elif isinstance(q, MultivariateNormal):
        np.testing.assert_allclose(second[0], q.scale_tril, atol=1e-4)
    else:
        np.testing.assert_allclose(np.exp(second[0] / 2), q.stddev, atol=1e-4)
    with pytest.raises(ValueError, match="modulations by"):
        build_encoder(model.config, case[1], weights, CLASSES + 1)
