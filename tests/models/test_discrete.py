"""Discrete posteriors against written formulas, SciPy, Monte Carlo, enumeration and finite differences."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import logsumexp, softmax

from explorer.config import ModelConfig, ObjectiveConfig, RunConfig
from explorer.errors import ExplorerError
from explorer.metrics.likelihood import compute_log_likelihood
from explorer.models import Autoencoder
from explorer.models.discrete_posteriors import BinaryHead, CategoricalCode, CategoricalHead, nearest_words
from explorer.models.quantizers import DECAY, FSQHead, VQHead
from explorer.models.token_grid import FromTokens, ToTokens
from explorer.objectives import compute_loss, rate_per_dimension

FEATURES = 5


def config(**settings: Any) -> ModelConfig:
    return ModelConfig.model_validate(settings)


def categorical(batch: int = 3, groups: int = 2, boxes: int = 4, seed: int = 0) -> CategoricalCode:
    torch.manual_seed(seed)
    head = CategoricalHead(
        FEATURES, config(posterior="categorical", latent_size=groups * boxes, groups=groups)
    )
    q: CategoricalCode = head.double()(3 * torch.randn(batch, FEATURES).double())
    return q


def gradient(function: Callable[[np.ndarray], float], at: np.ndarray, step: float = 1e-6) -> np.ndarray:
    """Central differences."""
    result = np.zeros_like(at)
    for place in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[place] += step
        down[place] -= step
        result[place] = (function(up) - function(down)) / (2 * step)
    return result


# --- boxes and switches ---


@given(groups=st.integers(1, 3), boxes=st.integers(2, 6), seed=st.integers(0, 1000))
def test_the_rate_of_boxes_is_their_divergence_from_uniform_ones(groups: int, boxes: int, seed: int) -> None:
    q = categorical(groups=groups, boxes=boxes, seed=seed)
    probabilities = softmax(q.token.logits.detach().numpy(), axis=-1)
    written = stats.entropy(probabilities, np.full(boxes, 1 / boxes), axis=-1)  # SciPy's is KL
    rate = rate_per_dimension(q).detach()
    np.testing.assert_allclose(rate.sum(1), written.sum(1), rtol=1e-9, atol=1e-14)
    by_box = rate.reshape(3, groups, boxes).numpy()
    chosen = probabilities.argmax(-1)
    assert ((by_box != 0).sum(-1) <= 1).all()
    np.testing.assert_allclose(
        np.take_along_axis(by_box, chosen[..., None], -1)[..., 0], written, rtol=1e-9, atol=1e-14
    )


def test_the_rate_is_what_monte_carlo_estimates() -> None:
    q = categorical()
    z = q.rsample(torch.Size([100_000]))
    ratio = (q.log_prob(z) - q.log_prior(z)).detach().numpy()
    error = 4.5 * ratio.std(0) / math.sqrt(len(ratio))
    assert (np.abs(ratio.mean(0) - q.rate.sum(1).detach().numpy()) < error).all()


@given(seed=st.integers(0, 1000))
def test_the_rate_of_switches_is_that_of_coins(seed: int) -> None:
    torch.manual_seed(seed)
    head = BinaryHead(FEATURES, config(posterior="binary", latent_size=4)).double()
    features = torch.randn(3, FEATURES).double()
    q, p = head(features), torch.sigmoid(head.linear(features)).detach().numpy()
    written = math.log(2) + p * np.log(p) + (1 - p) * np.log1p(-p)
    np.testing.assert_allclose(q.rate.detach(), written, rtol=1e-7, atol=1e-12)
    np.testing.assert_array_equal(q.mode, np.where(p > 0.5, 1.0, -1.0))
    np.testing.assert_allclose(q.mean.detach(), 2 * p - 1, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(q.variance.detach(), 1 - (2 * p - 1) ** 2, rtol=1e-6, atol=1e-12)


def test_samples_are_boxes_as_often_as_they_are_probable() -> None:
    q = categorical()
    draws = q.rsample(torch.Size([50_000])).detach().reshape(50_000, 3, 2, 4).numpy()
    assert set(np.unique(draws.round(9))) == {0.0, 1.0}
    np.testing.assert_allclose(draws.sum(-1), 1)
    p = q.token.probs.detach().numpy()
    assert (np.abs(draws.mean(0) - p) < 4.5 * np.sqrt(p * (1 - p) / len(draws)) + 1e-9).all()


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_the_gradient_of_a_sample_is_that_of_the_relaxed_one(temperature: float) -> None:
    """Jang et al. 2017: y = softmax((logits + g)/τ) with Gumbel noise g; the sample is its largest box."""
    logits = torch.randn(2, 1, 4, generator=torch.Generator().manual_seed(5)).double().requires_grad_()
    weights = torch.randn(4, generator=torch.Generator().manual_seed(6)).double()
    torch.manual_seed(7)
    noise = -torch.empty_like(logits).exponential_().log().detach().numpy()
    torch.manual_seed(7)
    z = CategoricalCode(logits, torch.eye(4), temperature).rsample()
    (z @ weights).sum().backward()

    def relaxed(at: np.ndarray) -> float:
        return float((softmax((at + noise) / temperature, axis=-1) @ weights.numpy()).sum())

    start = logits.detach().numpy()
    np.testing.assert_array_equal(z.detach().round().argmax(1), (start + noise)[:, 0].argmax(1))
    assert logits.grad is not None
    np.testing.assert_allclose(logits.grad, gradient(relaxed, start), rtol=1e-5, atol=1e-8)


# --- finite scalar quantization ---


def paper(z: np.ndarray, levels: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """The code of appendix A.1 of Mentzer et al. 2024, in NumPy: the quantized vector and its index."""
    several = np.array(levels)
    half_l = (several - 1) * (1 - 1e-3) / 2
    offset = np.where(several % 2 == 1, 0.0, 0.5)
    shift = np.tan(offset / half_l)
    quantized = np.round(np.tanh(z + shift) * half_l - offset)
    half_width = several // 2
    basis = np.concatenate(([1], np.cumprod(several[:-1])))
    return quantized / half_width, ((quantized + half_width) * basis).sum(-1).astype(int)


@given(levels=st.lists(st.integers(2, 8), min_size=1, max_size=4), seed=st.integers(0, 1000))
def test_fsq_is_that_of_the_paper(levels: list[int], seed: int) -> None:
    torch.manual_seed(seed)
    head = FSQHead(FEATURES, config(posterior="fsq", levels=levels)).double().eval()
    features = 4 * torch.randn(20, FEATURES).double()
    q = head(features)
    code, index = paper(head.normalise(features).detach().numpy()[:, 0], tuple(levels))
    np.testing.assert_allclose(q.mode.detach(), code, atol=1e-6)
    np.testing.assert_array_equal(q.tokens[:, 0], index)
    np.testing.assert_allclose(q.rsample().detach(), code, atol=1e-6)
    assert q.rate.sum(1) == pytest.approx(np.full(20, math.log(math.prod(levels))))


def test_the_words_of_fsq_are_all_products_of_its_levels() -> None:
    head = FSQHead(FEATURES, config(posterior="fsq"))
    assert len({tuple(word) for word in head.words.tolist()}) == 8 * 6 * 5
    for column, count in zip(head.words.T, (8, 6, 5), strict=True):
        half = count // 2
        assert sorted(set(column.tolist())) == pytest.approx([k / half for k in range(-half, count - half)])
    # every word is reached by some output
    grid = torch.cartesian_prod(*(torch.linspace(-4, 4, 60).double() for _ in range(3)))
    levels = head.double().bound(grid).round() + head.half_width
    assert len((levels * head.basis).sum(-1).unique()) == 240


def test_the_gradient_of_fsq_is_that_of_the_bound() -> None:
    levels = (8, 5)
    head = FSQHead(FEATURES, config(posterior="fsq", levels=levels)).double().eval()
    features = torch.randn(3, FEATURES, generator=torch.Generator().manual_seed(1)).double()
    weights = torch.tensor([0.7, -1.3]).double()
    (head(features).rsample() @ weights).sum().backward()

    def bounded(bias: np.ndarray) -> float:
        z = ((features @ head.linear.weight.T).detach().numpy() + bias) / math.sqrt(
            1 + 1e-5
        )  # of untrained averages
        half_l = (np.array(levels) - 1) * (1 - 1e-3) / 2
        offset = np.array([0.5, 0.0])
        value = np.tanh(z + np.tan(offset / half_l)) * half_l - offset
        return float((value / (np.array(levels) // 2) @ weights.numpy()).sum())

    bias = head.linear.bias
    assert bias.grad is not None
    np.testing.assert_allclose(bias.grad, gradient(bounded, bias.detach().numpy()), rtol=1e-6)


def test_outputs_are_normalised_over_the_batch_and_later_by_its_moving_average() -> None:
    head = FSQHead(FEATURES, config(posterior="fsq", levels=(5, 5))).double()
    features = 3 + torch.randn(400, FEATURES).double()
    for _ in range(200):
        batch = head.train().normalise(features)
    np.testing.assert_allclose(batch.detach().mean((0, 1)), 0, atol=1e-9)
    np.testing.assert_allclose(batch.detach().var((0, 1), correction=0), 1, rtol=1e-3)
    np.testing.assert_allclose(head.eval().normalise(features).detach(), batch.detach(), atol=0.02)
    assert "norm.num_batches_tracked" not in head.state_dict()  # weights are floats


# --- a code book ---


def book(words: int = 6, size: int = 3, **settings: Any) -> VQHead:
    torch.manual_seed(2)
    return VQHead(FEATURES, config(posterior="vq", words=words, word_size=size, **settings)).double()


def test_an_output_becomes_the_nearest_word() -> None:
    words, z = torch.randn(7, 3), torch.randn(2, 5, 3)
    brute = (z.unsqueeze(-2) - words).square().sum(-1).argmin(-1)
    assert torch.equal(nearest_words(z, words), brute)


def test_the_gradient_passes_by_the_words_and_outputs_commit_to_them() -> None:
    head = book().eval()
    features = torch.randn(4, FEATURES).double()
    q = head(features)
    z = q.z.detach().requires_grad_()
    code = type(q)(z, q.tokens, q.words, q.dimension_rate)
    weights = torch.randn(3).double()
    (code.rsample() @ weights).sum().backward()
    assert torch.equal(z.grad, weights.expand(4, 1, 3))  # that of the code, unchanged
    z.grad = None
    code.commitment.sum().backward()
    np.testing.assert_allclose(z.grad, 2 * (z - head.words[q.tokens]).detach())
    assert torch.equal(code.rsample(), head.words[q.tokens[:, 0]])


def test_the_first_update_is_a_step_of_k_means_and_the_next_are_moving_averages() -> None:
    head = book(words=3)
    rng = np.random.default_rng(0)
    z = torch.tensor(rng.normal(size=(90, 3)))
    tokens = nearest_words(z, head.words)
    assert len(tokens.unique()) == 3
    head.update(z, tokens)
    means = np.stack([z[tokens == k].mean(0).numpy() for k in range(3)])
    np.testing.assert_allclose(head.words, means, rtol=2e-4)  # counts are smoothed by 1e-5
    counts: np.ndarray = (1 - DECAY) * np.bincount(tokens, minlength=3)
    sums = counts[:, None] * means
    again = nearest_words(z + 1, head.words)
    head.update(z + 1, again)
    now = np.bincount(again, minlength=3)
    added = np.stack([(z + 1)[again == k].sum(0).numpy() for k in range(3)])
    counts = DECAY * counts + (1 - DECAY) * now
    np.testing.assert_allclose(head.counts, counts)
    np.testing.assert_allclose(head.words, (DECAY * sums + (1 - DECAY) * added) / counts[:, None], rtol=2e-4)


def test_a_dead_word_starts_again_at_an_output() -> None:
    head = book(words=4)
    head.words[3] = 100.0
    z = torch.randn(60, 3).double()
    tokens = nearest_words(z, head.words)
    assert 3 not in tokens
    head.update(z, tokens)
    assert (z == head.words[3]).all(1).any()


def test_a_code_book_changes_in_training_only() -> None:
    head = book()
    before = head.words.clone()
    features = torch.randn(8, FEATURES).double()
    head.eval()(features)
    assert torch.equal(head.words, before)
    head.train()(features)
    assert not torch.equal(head.words, before)


# --- the whole model ---

KINDS: list[dict[str, Any]] = [
    {"posterior": "categorical", "latent_size": 6, "groups": 2},
    {"posterior": "binary", "latent_size": 3},
    {"posterior": "fsq", "levels": (3, 2)},
    {"posterior": "vq", "words": 5, "word_size": 4},
    {"posterior": "vq", "words": 5, "word_size": 4, "body": "conv", "grid": 4},
    {"posterior": "fsq", "levels": (3, 2), "body": "residual", "width": 8, "grid": 4},
]


def model(settings: dict[str, Any], seed: int = 0) -> Autoencoder:
    torch.manual_seed(seed)
    return Autoencoder(config(hidden=(12,), **settings), (1, 8, 8)).eval()


@pytest.mark.parametrize("settings", KINDS, ids=lambda s: f"{s['posterior']}{s.get('grid', '')}")
def test_the_loss_is_distortion_and_rate(settings: dict[str, Any]) -> None:
    ours, x = model(settings), torch.rand(4, 1, 8, 8)
    torch.manual_seed(3)
    terms = compute_loss(ObjectiveConfig(beta=2.0, commitment=0.5, balance=3.0), ours, x, x)
    torch.manual_seed(3)
    q = ours.encode(x)
    z = q.rsample()
    expected = -ours.decode(z).log_prob(x).mean()
    commitment = balance = 0.0
    if settings["posterior"] in ("categorical", "binary"):
        average = q.token.probs.mean(0).detach().numpy()  # type: ignore[attr-defined]
        balance = 3 * stats.entropy(average, np.full_like(average, 1 / average.shape[1]), axis=1).sum()
    if settings["posterior"] == "vq":
        commitment = 0.5 * (q.z - q.words[q.tokens]).square().flatten(1).sum(1).mean().item()  # type: ignore[attr-defined]
    code = ours.config.code
    assert code
    most = code.tokens * math.log(code.words)
    assert terms.distortion.item() == pytest.approx(expected.item(), rel=1e-5)
    assert terms.penalty.item() == pytest.approx(2 * terms.rate.sum().item() + commitment + balance, rel=1e-4)
    assert 0 <= terms.rate.sum().item() <= most + 1e-4
    if settings["posterior"] in ("fsq", "vq"):
        assert terms.rate.sum().item() == pytest.approx(most, rel=1e-6)
    terms.loss.backward()
    reached = [p for p in ours.encoder.parameters() if p.grad is not None and p.grad.abs().sum() > 0]
    assert len(reached) == len(list(ours.encoder.parameters()))


def test_the_elbo_and_log_p_are_those_of_enumeration() -> None:
    """With three words: log p(x) = log Σ_k p(x|k)/3, and the ELBO is short of it by KL(q‖p(z|x))."""
    ours = model({"posterior": "categorical", "latent_size": 3}).double()
    x = torch.rand(5, 1, 8, 8).double()
    with torch.no_grad():
        q = ours.encode(x)
        given_word = (
            ours.decode(torch.eye(3).double()[:, None].expand(3, 5, 3)).log_prob(x).numpy().T
        )  # (5, 3)
    truth = logsumexp(given_word, axis=1) - math.log(3)
    probabilities = q.token.probs[:, 0].numpy()  # type: ignore[attr-defined]
    elbo = (probabilities * given_word).sum(1) - q.rate.sum(1).numpy()  # type: ignore[attr-defined]
    true_posterior = softmax(given_word, axis=1)
    np.testing.assert_allclose(truth - elbo, stats.entropy(probabilities, true_posterior, axis=1), rtol=1e-6)
    torch.manual_seed(0)
    np.testing.assert_allclose(compute_log_likelihood(ours, x, 20_000), truth, atol=0.03)


def test_a_grid_of_features_is_read_row_by_row_and_put_back() -> None:
    x = torch.arange(2 * 3 * 4 * 4).reshape(2, 3, 4, 4)
    rows = ToTokens()(x)
    assert torch.equal(rows[1, 6], x[1, :, 1, 2])
    assert torch.equal(FromTokens(4)(rows.flatten(1)), x)


def test_a_token_changes_the_image_where_it_is() -> None:
    ours = model(KINDS[-2])
    with torch.no_grad():
        q = ours.encode(torch.rand(1, 1, 8, 8))
        for token in (0, 5, 14):
            tokens = q.tokens.clone()  # type: ignore[attr-defined]
            tokens[0, token] = (tokens[0, token] + 1) % len(q.words)  # type: ignore[attr-defined]
            words = q.words[tokens].flatten(1)  # type: ignore[attr-defined]
            change = (ours.mean_image(words) - ours.mean_image(q.mode))[0, 0].abs().numpy()
            most = np.unravel_index(change.argmax(), change.shape)
            row, column = divmod(token, 4)
            assert abs(most[0] - (2 * row + 0.5)) < 3
            assert abs(most[1] - (2 * column + 0.5)) < 3


def test_settings_that_contradict_each_other_are_named() -> None:
    refused: list[tuple[dict[str, Any], str]] = [
        ({"posterior": "categorical", "latent_size": 9, "groups": 2}, "shared out"),
        ({"posterior": "vq", "grid": 4}, "conv or residual"),
        ({"posterior": "fsq", "levels": (64, 64, 2)}, "take fewer"),
        ({"posterior": "diagonal", "latent_size": 129}, "less than or equal to 128"),
        ({"posterior": "fsq", "capacity": 3.0}, "capacity to none"),
        ({"posterior": "binary", "free_bits": 0.1}, "free_bits to 0"),
        ({"posterior": "categorical", "divergence": "kl-pq"}, "divergence to kl-qp"),
        ({"posterior": "vq", "beta_range": (0.5, 4.0)}, "beta_range"),
    ]
    for settings, said in refused:
        with pytest.raises(ExplorerError, match=said):
            RunConfig.from_flat(settings)
    with pytest.raises(ExplorerError, match="grids that fit: 14 or 7"):
        Autoencoder(config(posterior="vq", grid=5, body="conv"), (1, 28, 28))
    with pytest.raises(ExplorerError, match="only square images"):
        Autoencoder(config(posterior="vq", grid=4, body="conv"), (1, 8, 16))


def test_extreme_logits_keep_rates_and_gradients_finite() -> None:
    logits = torch.tensor([[[200.0, -200.0, 0.0]]], requires_grad=True)
    q = CategoricalCode(logits, torch.eye(3))
    (q.rate.sum() + q.rsample().sum()).backward()
    assert logits.grad is not None
    assert torch.isfinite(q.rate).all()
    assert torch.isfinite(logits.grad).all()
    assert q.rate.sum().item() == pytest.approx(math.log(3), rel=1e-5)


def test_the_distortion_of_a_few_boxes_is_what_sampling_estimates() -> None:
    ours, x = model({"posterior": "categorical", "latent_size": 5}), torch.rand(6, 1, 8, 8)
    with torch.no_grad():
        q = ours.encode(x)
        draws = -ours.decode(q.rsample(torch.Size([20_000]))).log_prob(x)
        terms = compute_loss(ObjectiveConfig(), ours, x, x)
    means = draws.mean(1)
    error = 4.5 * means.std().item() / math.sqrt(len(means))
    assert terms.distortion.item() == pytest.approx(means.mean().item(), abs=error + 1e-4)
