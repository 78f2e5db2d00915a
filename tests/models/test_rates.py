"""A model of a range of β: it begins as the model of one β, takes a β for each image, and is exported with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest
import torch
from scipy import stats
from torch.distributions import MultivariateNormal

from explorer.config import ModelConfig, beta_grid
from explorer.models import Autoencoder
from explorer.models.bodies import build_body
from explorer.models.film import TurningFiLM
from explorer.models.onnx_graph import DecoderWriter, decoder_onnx, store_weights_as_float16
from explorer.models.posteriors import HEADS
from explorer.models.rates import draw_betas
from explorer.store.decoder import RemoteDecoder, open_decoder, open_session
from explorer.store.encoder_graph import build_encoder

RANGE = (0.5, 16.0)
Case = tuple[str, tuple[int, int, int], tuple[int, ...]]
CASES: list[Case] = [
    ("mlp", (3, 9, 12), (16, 8)),
    ("mlp", (1, 4, 4), ()),
    ("conv", (3, 21, 13), ()),
    ("residual", (1, 25, 18), ()),
]


def new(case: Case, posterior: str = "diagonal", beta_range: Any = RANGE) -> Autoencoder:
    body, shape, hidden = case
    flat = {"body": body, "hidden": hidden, "posterior": posterior, "latent_size": 3, "width": 8}
    torch.manual_seed(0)
    return Autoencoder(ModelConfig.model_validate(flat | {"beta_range": beta_range}), shape).eval()


def varied(case: Case, posterior: str = "diagonal") -> Autoencoder:
    """One whose scales and shifts differ over β, as after training."""
    model = new(case, posterior)
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(0.1 * torch.randn_like(weight))
    return model


def images(model: Autoencoder, count: int = 5) -> torch.Tensor:
    return torch.rand(count, *model.image_shape, generator=torch.Generator().manual_seed(1))


# --- the architecture ---


@pytest.mark.parametrize("case", CASES)
def test_a_model_of_one_beta_is_untouched(case: Case) -> None:
    """Body, head and nothing else are drawn, in this order, and they alone give the code and the image."""
    model = new(case, beta_range=None)
    torch.manual_seed(0)
    body = build_body(model.config, case[1])
    head = HEADS["diagonal"](body.features, 3)
    parts = {"encoder": body.encoder, "head": head, "decoder": body.decoder}
    expected = {f"{part}.{name}": w for part, m in parts.items() for name, w in m.state_dict().items()}
    assert model.state_dict().keys() == expected.keys()
    assert all(torch.equal(w, expected[name]) for name, w in model.state_dict().items())
    x = images(model)
    z = model.encode(x).mean
    assert torch.equal(z, head(body.encoder(x)).mean)
    assert torch.equal(model.mean_image(z), body.decoder(z).sigmoid())


@pytest.mark.parametrize("posterior", ["diagonal", "full"])
@pytest.mark.parametrize("case", CASES)
def test_it_begins_as_the_model_of_one_beta(case: Case, posterior: str) -> None:
    model, one = new(case, posterior), new(case, posterior, beta_range=None)
    ours = model.state_dict()
    assert all(torch.equal(w, ours[name]) for name, w in one.state_dict().items())
    x = images(model)
    for beta in (0.5, 3.0, 16.0):
        q, wanted = model.encode(x, beta), one.encode(x)
        torch.testing.assert_close(q.mean, wanted.mean)
        torch.testing.assert_close(q.stddev, wanted.stddev)
        torch.testing.assert_close(model.mean_image(q.mean, beta), one.mean_image(q.mean))


@pytest.mark.parametrize("case", CASES)
def test_the_smallest_beta_has_the_plain_network_and_a_step_holds_above_it(case: Case) -> None:
    model = varied(case)
    x = images(model)
    z = model.encode(x, RANGE[0]).mean
    torch.testing.assert_close(z, model.head(model.encoder(x)).mean)
    torch.testing.assert_close(model.mean_image(z, RANGE[0]), model.decoder(z).sigmoid())
    assert model.rates
    with torch.no_grad():
        for weight in model.rates.parameters():
            above = weight.T if weight.dim() == 2 else weight
            above[1:] = 0  # what is learned over the first interval alone
    first, last = (model.encode(x, beta).mean for beta in (beta_grid(RANGE)[1], RANGE[1]))
    torch.testing.assert_close(first, last)
    assert (first - z).abs().max() > 1e-3


def channels_of(model: Autoencoder, block: torch.nn.Module) -> int:
    """How many units or channels a block gives on the way of an image through the model."""
    seen: list[int] = []
    hook = block.register_forward_hook(lambda _, __, out: seen.append(out.shape[1]))
    model.decode(model.encode(images(model)).mean)
    hook.remove()
    return seen[0]


@pytest.mark.parametrize("case", CASES)
def test_every_hidden_unit_depends_on_beta(case: Case) -> None:
    """A scale and a shift for every unit or channel of every block with weights, but not for the pixels."""
    model = new(case)
    assert model.rates
    for name, last in (("encoder", None), ("decoder", -1)):
        blocks = [b for b in getattr(model, name) if any(True for _ in b.parameters())][:last]
        channels = [channels_of(model, block) for block in blocks]
        assert [w.shape[0] for w in getattr(model.rates, name).parameters()] == [2 * c for c in channels]
    assert model.rates.head.linear.weight.shape[0] == 2 * model.head.linear.out_features
    assert model.rates.code.linear.weight.shape[0] == 2 * 3


@pytest.mark.parametrize("posterior", ["diagonal", "full"])
def test_the_axes_of_the_code_can_turn_with_beta(posterior: str) -> None:
    """Turned by M at β on the way in and by its inverse on the way out: other codes, the same images and widths."""
    model, plain = new(CASES[0], posterior), new(CASES[0], posterior)
    assert model.rates
    head, code = model.rates.head, model.rates.code
    assert isinstance(head, TurningFiLM)
    assert isinstance(code, TurningFiLM)
    turn = torch.linalg.qr(torch.randn(3, 3, generator=torch.Generator().manual_seed(2)))[0]
    with torch.no_grad():
        head.mix[-1] = turn - torch.eye(3)  # the last ramp is 1 at the largest β alone
        code.mix[-1] = turn.T - torch.eye(3)
    x = images(model)
    q, wanted = model.encode(x, RANGE[1]), plain.encode(x, RANGE[1])
    torch.testing.assert_close(q.mean, wanted.mean @ turn)
    torch.testing.assert_close(q.stddev, wanted.stddev)
    torch.testing.assert_close(model.mean_image(q.mean, RANGE[1]), plain.mean_image(wanted.mean, RANGE[1]))
    assert torch.equal(model.encode(x, RANGE[0]).mean, plain.encode(x, RANGE[0]).mean)


@pytest.mark.parametrize("posterior", ["diagonal", "full"])
@pytest.mark.parametrize("case", CASES)
def test_every_image_has_its_own_beta(case: Case, posterior: str) -> None:
    model = varied(case, posterior)
    x, betas = images(model), torch.tensor([0.5, 1.0, 3.0, 7.7, 16.0])
    with torch.no_grad():
        q = model.encode(x, betas)
        z = q.rsample((2,))
        pixels = model.mean_image(z, betas)
        for i, beta in enumerate(betas.tolist()):
            alone = model.encode(x[i : i + 1], beta)
            torch.testing.assert_close(q.mean[i : i + 1], alone.mean, atol=1e-4, rtol=1e-4)
            torch.testing.assert_close(q.stddev[i : i + 1], alone.stddev, atol=1e-4, rtol=1e-4)
            torch.testing.assert_close(pixels[:, i], model.mean_image(z[:, i], beta), atol=1e-4, rtol=1e-4)
        assert (model.encode(x, 0.5).mean - model.encode(x, 16.0).mean).abs().max() > 0.01
        assert (model.mean_image(z, 0.5) - model.mean_image(z, 16.0)).abs().max() > 0.001
        model.beta = 3.0
        assert torch.equal(model.encode(x).mean, model.encode(x, 3.0).mean)
        assert torch.equal(model.mean_image(z), model.mean_image(z, 3.0))
        # beyond the ends there is nothing to be had
        assert torch.equal(model.encode(x, 99.0).mean, model.encode(x, 16.0).mean)


# --- β ---


def test_betas_are_log_uniform_in_the_range() -> None:
    torch.manual_seed(3)
    draws = torch.cat([draw_betas(RANGE, torch.empty(50)) for _ in range(200)]).double().log().numpy()
    low, high = np.log(RANGE)
    assert draws.min() >= low - 1e-6
    assert draws.max() <= high + 1e-6
    assert stats.kstest(draws, stats.uniform(low, high - low).cdf).pvalue > 0.05
    batch = np.sort(draws[:50])
    assert (
        np.abs(batch - stats.uniform(low, high - low).ppf((np.arange(50) + 0.5) / 50)).max()
        < (high - low) / 50
    )


def test_a_grid_goes_from_end_to_end() -> None:
    assert beta_grid(RANGE, 6) == pytest.approx([0.5, 1, 2, 4, 8, 16])
    assert (beta_grid((0.3, 7.0), 5)[0], beta_grid((0.3, 7.0), 5)[-1]) == (0.3, 7.0)


# --- ONNX ---


@pytest.mark.parametrize("case", CASES)
def test_the_decoder_of_onnx_runtime_is_that_of_pytorch(case: Case) -> None:
    model = varied(case)
    model.beta = 2.0
    data = decoder_onnx(model)
    rng = np.random.default_rng(0)
    z, betas = rng.normal(size=(70, 3)).astype(np.float32), rng.uniform(*RANGE, 70).astype(np.float32)
    with torch.no_grad():
        expected = model.mean_image(torch.from_numpy(z), torch.from_numpy(betas)).numpy()
        default = model.mean_image(torch.from_numpy(z)).numpy()
    raw = open_session(data).run(["image"], {"z": z, "beta": betas[:, None]})[0]
    np.testing.assert_allclose(raw, expected, atol=1e-4)
    for start in (open_decoder, RemoteDecoder):
        decoder = start(data, 3, case[1], 2.0)
        np.testing.assert_allclose(decoder.decode(z, betas), expected, atol=1e-4)
        np.testing.assert_allclose(decoder.decode(z), default, atol=1e-4)
        np.testing.assert_allclose(decoder.decode(z[:3], float(betas[0]))[0], expected[0], atol=1e-4)
    half = open_decoder(store_weights_as_float16(data), 3, case[1], 2.0)
    np.testing.assert_allclose(half.decode(z, betas), expected, atol=0.02)
    assert np.abs(expected - default).max() > 0.001


def test_a_decoder_of_one_beta_is_none_of_a_range_and_the_other_way_round() -> None:
    of_range, of_one = (decoder_onnx(new(CASES[1], beta_range=r)) for r in (RANGE, None))
    with pytest.raises(ValueError, match=r"maps z tensor\(float\) any 3 to beta .* but the model needs z"):
        open_decoder(of_range, 3, (1, 4, 4))
    with pytest.raises(ValueError, match=r"but the model needs z .* to beta tensor\(float\) any 1 to image"):
        open_decoder(of_one, 3, (1, 4, 4), 1.0)


def test_a_filled_decoder_is_the_exported_one() -> None:
    writer, model = DecoderWriter(), new(CASES[0])
    writer(model)
    assert writer.ready(model)
    changed = varied(CASES[0])
    assert writer(changed) == decoder_onnx(changed)


@pytest.mark.parametrize("posterior", ["diagonal", "full"])
@pytest.mark.parametrize("case", CASES)
def test_the_encoder_of_onnx_runtime_is_that_of_pytorch(case: Case, posterior: str) -> None:
    model = varied(case, posterior)
    weights = {name: w.detach().numpy() for name, w in model.state_dict().items()}
    data = build_encoder(model.config, case[1], weights)
    onnx.checker.check_model(onnx.load_from_string(data), full_check=True)
    x, betas = images(model), torch.tensor([0.1, 0.5, 1.7, 11.0, 40.0])
    mean, second = open_session(data).run(None, {"image": x.numpy(), "beta": betas[:, None].numpy()})
    with torch.no_grad():
        q = model.encode(x, betas)
    np.testing.assert_allclose(mean, q.mean, atol=1e-4)
    if isinstance(q, MultivariateNormal):
        np.testing.assert_allclose(second, q.scale_tril, rtol=1e-5, atol=1e-4)  # some are near 100
    else:
        np.testing.assert_allclose(np.exp(second / 2), q.stddev, atol=1e-4)
