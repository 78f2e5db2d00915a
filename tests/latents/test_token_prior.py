"""The autoregressive prior: it is causal, reaches the entropy of a known source, and is sampled as it is trained."""

from __future__ import annotations

import math

import numpy as np
import onnxruntime
import pytest
import torch

from explorer.discrete import CodeShape, neighbours
from explorer.latents.prior_fit import fit_prior, mean_nats
from explorer.latents.samplers import draw_noise
from explorer.metrics.prior_bits import PriorReport, compute_marginal
from explorer.models.token_prior import HEADS, TokenPrior
from explorer.store import prior_graph
from explorer.store.stored_prior import StoredPrior, load_prior

LINE, GRID = CodeShape(6, 5, 2), CodeShape(16, 7, 3, 4)
CHAIN = np.array([[0.8, 0.1, 0.1], [0.05, 0.05, 0.9], [0.3, 0.7, 0.0]])
"""Transition probabilities of a Markov chain of three words, with one step that it never makes."""
REPORT = PriorReport(
    images=2, training=3, epochs=1, tokens=6, words=5, distortion=9.0, uniform=3.0, marginal=2.0, learned=1.0
)


def chain(n: int, length: int, seed: int) -> torch.Tensor:
    """Tokens `(n, length)` of the Markov chain from its stationary distribution."""
    rng = np.random.default_rng(seed)
    tokens = np.empty((n, length), np.int64)
    tokens[:, 0] = rng.choice(3, n, p=stationary())
    for t in range(1, length):
        tokens[:, t] = (rng.random((n, 1)) > CHAIN[tokens[:, t - 1]].cumsum(1)).sum(1)
    return torch.from_numpy(tokens.clip(max=2))


def stationary() -> np.ndarray:
    values, vectors = np.linalg.eig(CHAIN.T)
    vector: np.ndarray = vectors[:, np.argmax(values.real)].real
    return vector / vector.sum()


def entropy(p: np.ndarray) -> float:
    return float(-(p[p > 0] * np.log(p[p > 0])).sum())


@pytest.mark.parametrize("code", [LINE, GRID], ids=["line", "grid"])
def test_a_token_depends_on_those_before_it_alone(code: CodeShape) -> None:
    torch.manual_seed(0)
    prior = TokenPrior(code).double()
    near = torch.tensor(neighbours(code))
    tokens = torch.randint(code.words, (3, code.tokens))
    padded = torch.nn.functional.one_hot(tokens, code.words + 1).double().requires_grad_()
    none = torch.zeros(3, 1, code.words + 1, dtype=torch.double)
    none[..., -1] = 1
    seen = torch.cat((padded, none), 1)[
        :, near
    ]  # (B, T, N, K + 1): the tokens as numbers that have a gradient
    logits = prior.predict([seen[:, :, i] @ table for i, table in enumerate(prior.words)])
    torch.testing.assert_close(logits, prior(tokens))
    for t in range(code.tokens):
        (gradient,) = torch.autograd.grad(logits[:, t].square().sum(), padded, retain_graph=True)
        size = gradient.abs().sum((0, 2))
        assert (size[:t] > 0).all()  # all that came before is seen, also beyond the neighbours
        assert (size[t:] == 0).all()


def test_neighbours_come_before() -> None:
    for code in (LINE, GRID, CodeShape(4, 2, 1, 2)):
        for t, row in enumerate(neighbours(code)):
            assert all(s == code.tokens or s < t for s in row)
            wanted = {t - 1} if t else set()
            if code.side:
                y, x = divmod(t, code.side)
                wanted |= {s for s in range(t) if s // code.side == y - 1 and abs(s % code.side - x) <= 1}
            assert {s for s in row if s < code.tokens} == wanted
    assert neighbours(LINE)[0] == [6]
    assert neighbours(LINE)[3] == [2]


def test_it_reaches_the_entropy_of_a_markov_chain() -> None:
    length = 12
    code = CodeShape(length, 3, 1)
    held = chain(4000, length, 1)
    prior = fit_prior(code, lambda epoch: chain(6000, length, 100 + epoch), held, epochs=6)
    rate = sum(weight * entropy(row) for weight, row in zip(stationary(), CHAIN, strict=True))
    truth = entropy(stationary()) + (length - 1) * rate
    test = chain(8000, length, 2)
    found = mean_nats(prior, test)
    assert (
        truth * 0.985 < found < truth * 1.03
    )  # nothing can be below it, but for the noise of the test tokens
    alone = compute_marginal(held.numpy(), test.numpy(), 3)  # frequencies do not see the order
    assert alone == pytest.approx(length * entropy(stationary()), rel=0.01)
    assert found < 0.75 * alone


@pytest.mark.parametrize("code", [LINE, GRID], ids=["line", "grid"])
def test_steps_of_the_stored_graph_are_one_pass_of_the_model(code: CodeShape) -> None:
    torch.manual_seed(1)
    prior = TokenPrior(code)
    for parameter in prior.parameters():
        parameter.data.mul_(3)  # away from uniform
    stored = {name: weight.numpy() for name, weight in prior.state_dict().items()}
    session = onnxruntime.InferenceSession(prior_graph.prior_onnx(code, stored))
    tokens = torch.randint(code.words, (5, code.tokens))
    with torch.no_grad():
        expected = prior(tokens).numpy()
    padded = np.concatenate((tokens.numpy(), np.full((5, 1), code.words)), 1)
    width, layers = prior_graph.check_prior(code, stored)
    cache = np.full((5, code.tokens, 2 * width * layers), 7, np.float32)  # what is not filled yet is not seen
    for t in range(code.tokens):
        feeds = {"near": padded[:, neighbours(code)[t]], "position": np.full(5, t), "cache": cache}
        logits, cache[:, t] = session.run(None, feeds)
        np.testing.assert_allclose(logits, expected[:, t], rtol=2e-4, atol=2e-4)
    assert prior_graph.HEADS == HEADS


def test_samples_have_the_frequencies_of_the_model() -> None:
    code = CodeShape(2, 3, 2)
    torch.manual_seed(2)
    prior = TokenPrior(code)
    for parameter in prior.parameters():
        parameter.data.mul_(4)
    pairs = torch.cartesian_prod(torch.arange(3), torch.arange(3))
    with torch.no_grad():
        expected = torch.exp(-prior.nats(pairs)).numpy()
    assert expected.sum() == pytest.approx(1, abs=1e-5)
    assert expected.max() > 3 * expected.min()
    n, words = 40_000, np.arange(6, dtype=np.float32).reshape(3, 2)
    stored = StoredPrior({name: weight.numpy() for name, weight in prior.state_dict().items()}, REPORT)
    sampler = stored.sampler(code, words)
    noise = draw_noise(0, n, 4)
    tokens = sampler.tokens(noise, n)
    found = np.bincount(tokens[:, 0] * 3 + tokens[:, 1], minlength=9) / n
    np.testing.assert_allclose(found, expected, atol=4 * math.sqrt(0.25 / n))
    np.testing.assert_array_equal(sampler.sample(noise, 5), words[tokens[:5]].reshape(5, 4))
    np.testing.assert_array_equal(
        sampler.tokens(noise, 5), tokens[:5]
    )  # a code does not depend on how many there are
    assert len(np.unique(sampler.tokens(noise, 100, temperature=0), axis=0)) == 1


def test_what_is_stored_is_read_again_and_what_does_not_fit_is_refused() -> None:
    prior = TokenPrior(LINE)
    weights = {name: weight.half().numpy() for name, weight in prior.state_dict().items()}
    data = StoredPrior(weights, REPORT).dump()
    found = load_prior(data, LINE, "x")
    assert found.report == REPORT
    assert all((found.weights[name] == weight).all() for name, weight in weights.items())
    for code in (GRID, LINE._replace(words=6), LINE._replace(tokens=7)):
        with pytest.raises(ValueError, match="codes"):
            load_prior(data, code, "x")
    with pytest.raises(ValueError, match=r"[Hh]eader"):
        load_prior(data[::-1], LINE, "x")
    broken = weights | {"logits.bias": np.full(5, np.nan, np.float16)}
    with pytest.raises(ValueError, match="finite"):
        load_prior(StoredPrior(broken, REPORT).dump(), LINE, "x")
    with pytest.raises(ValueError, match=r"logits\.bias"):
        load_prior(
            StoredPrior({k: v for k, v in weights.items() if k != "logits.bias"}, REPORT).dump(), LINE, "x"
        )


def test_the_report_says_bits_and_nats() -> None:
    text = REPORT.text()
    assert f"{1 / math.log(2):7.1f}" in text
    assert f"{9.0 + 1.0:14.1f}" in text
