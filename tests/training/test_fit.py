"""The training loop: its numbers, its randomness and its failures."""

from __future__ import annotations

import csv
import io
import itertools
import math
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from scipy import stats
from torch._dynamo.testing import CompileCounter

from explorer.data.batches import epoch_order
from explorer.errors import ExplorerError
from explorer.models import Autoencoder
from explorer.training import fit as fit_module
from explorer.training.fit import count_parameters, fit, new_model
from explorer.training.state import TrainingState, build_optimizer
from tests.training.small import blobs, settings, train, weights

STILL = 1e-30  # a learning rate at which float32 weights stay what they are
NOISY = {"binarize": "stochastic", "corruption": "gaussian", "posterior_samples": 2}


@pytest.fixture
def every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Report after each step instead of four times a second."""
    monkeypatch.setattr(fit_module, "REPORT_SECONDS", -1.0)


# --- what it computes ---


def numpy_losses(model: Autoencoder, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(squared error + constant of N(·, ½), KL) per image of a linear VAE whose posterior is almost a point."""
    parts = {name: w.detach().double().numpy() for name, w in model.named_parameters()}
    x = images.reshape(len(images), -1) / 255.0
    out = x @ parts["head.linear.weight"].T + parts["head.linear.bias"]
    mean, log_variance = np.split(out, 2, axis=1)
    restored = mean @ parts["decoder.0.0.weight"].T + parts["decoder.0.0.bias"]
    distortion = ((x - restored) ** 2).sum(1) + 0.5 * x.shape[1] * np.log(np.pi)
    rate = 0.5 * (mean**2 + np.exp(log_variance) - 1 - log_variance)
    return distortion, rate


def narrow(model: Autoencoder, d: int) -> None:
    """Make q(z|x) so narrow that its noise does not show in a loss."""
    with torch.no_grad():
        model.head.linear.weight[d:] = 0
        model.head.linear.bias[d:] = -24


def test_losses_are_means_over_images_whatever_the_batches(every_step: None) -> None:
    """40 training images in batches of 12, 12, 12 and 4; the numbers of each step against NumPy."""
    data = blobs()
    config = settings(
        hidden=(), likelihood="gaussian", beta=2.0, optimizer="sgd", learning_rate=STILL, epochs=2
    )
    model = new_model(config, data)
    narrow(model, 2)
    before = weights(model)
    images = np.asarray(data.images[np.arange(50)])
    distortion, rate = numpy_losses(model, images)
    seen = list(fit(model, data, config))
    torch.testing.assert_close(weights(model), before, rtol=0, atol=1e-20)
    assert [p.step for p in seen] == [1, 2, 3, 4, 4, 5, 6, 7, 8, 8]
    assert [p.epoch for p in seen] == [0, 0, 0, 0, 1, 1, 1, 1, 1, 2]
    assert [p.validation is not None for p in seen] == [False] * 4 + [True] + [False] * 4 + [True]
    for p, ends in zip(seen, [12, 24, 36, 40, 40] * 2, strict=True):
        so_far = data.train_index[epoch_order(40, 0, (p.step - 1) // 4).numpy()[:ends]]
        assert p.train["distortion"] == pytest.approx(distortion[so_far].mean(), rel=1e-4)
        assert p.rates == pytest.approx(rate[so_far].mean(0), rel=1e-4)
        assert p.train["rate"] == pytest.approx(sum(p.rates))
        assert p.train["penalty"] == pytest.approx(2 * sum(p.rates), rel=1e-5)
        assert p.train["loss"] == pytest.approx(p.train["distortion"] + p.train["penalty"], rel=1e-5)
        assert p.images_per_second > 0
        assert p.steps == 8
    for p in (seen[4], seen[-1]):
        assert p.validation is not None
        assert p.validation["distortion"] == pytest.approx(distortion[data.validation_index].mean(), rel=1e-4)
        assert p.validation["rate"] == pytest.approx(rate[data.validation_index].sum(1).mean(), rel=1e-4)
    assert seen[-1].seconds_left == 0
    assert all(0 < p.seconds_left < 60 for p in seen[:-2])


def test_an_epoch_visits_every_image_once_in_a_new_order() -> None:
    orders = [tuple(epoch_order(40, 3, epoch).tolist()) for epoch in range(5)]
    assert all(sorted(order) == list(range(40)) for order in orders)
    assert len(set(orders)) == 5
    assert epoch_order(40, 3, 2).tolist() == list(orders[2])
    assert epoch_order(40, 4, 2).tolist() != list(orders[2])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("adam", torch.optim.Adam),
        ("adamw", torch.optim.AdamW),
        ("rmsprop", torch.optim.RMSprop),
        ("sgd", torch.optim.SGD),
    ],
)
def test_a_run_is_the_plain_loop_one_would_write(name: str, kind: Any) -> None:
    """The same weights as ten lines of PyTorch, with L1 and L2 written out."""
    data = blobs()
    config = settings(
        posterior="point", likelihood="gaussian", optimizer=name, learning_rate=0.01, l1=0.02, l2=0.03
    )
    model, plain = new_model(config, data), new_model(config, data)
    list(fit(model, data, config))
    optimizer = kind(plain.parameters(), lr=0.01)
    x = torch.tensor(np.asarray(data.images[data.train_index])).float() / 255
    for epoch in range(3):
        for rows in epoch_order(40, 0, epoch).split(12):
            restored = plain.decoder(plain.head(plain.encoder(x[rows])).loc)
            loss = (x[rows] - restored).square().sum((1, 2, 3)).mean()
            for w in plain.parameters():
                if w.dim() == 2:  # weight matrices, not biases
                    loss = loss + 0.02 * w.abs().sum() + 0.03 * (w**2).sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    torch.testing.assert_close(weights(model), weights(plain), rtol=1e-4, atol=1e-5)


def test_the_history_is_what_was_reported() -> None:
    run = train(blobs(), settings(warmup="linear", warmup_epochs=2, beta=3))
    assert [row["epoch"] for row in run.state.history] == [1, 2, 3]
    assert [row["train_beta"] for row in run.state.history] == [1.5, 3, 3]
    for row, p in zip(run.state.history, run.epochs, strict=True):
        assert p.validation is not None
        for name in ("loss", "distortion", "penalty", "rate"):
            assert row[f"train_{name}"] == p.train[name]
            assert row[f"validation_{name}"] == p.validation[name]
        assert [row["rate_0"], row["rate_1"]] == p.rates
    seconds = [row["seconds"] for row in run.state.history]
    assert seconds == sorted(seconds)
    assert run.state.finished
    file = io.StringIO()
    csv.DictWriter(file, run.state.history[0]).writerows(run.state.history)  # rows share their columns


def test_the_validation_loss_uses_the_final_beta_and_the_same_draws_every_epoch() -> None:
    config = settings(
        beta=5,
        warmup="linear",
        warmup_epochs=100,
        optimizer="sgd",
        learning_rate=STILL,
        binarize="stochastic",
    )
    run = train(blobs(), config)
    tests = [p.validation for p in run.epochs]
    assert tests[0] == tests[1] == tests[2]
    assert tests[0] is not None
    assert tests[0]["penalty"] == pytest.approx(5 * tests[0]["rate"], rel=1e-5)


def test_stochastic_binarization_draws_anew_in_every_epoch() -> None:
    config = settings(binarize="stochastic", posterior="point", optimizer="sgd", learning_rate=STILL)
    losses = [p.train["loss"] for p in train(blobs(), config).epochs]
    assert len(set(losses)) == 3


def test_images_drawn_on_demand_train_as_those_in_memory() -> None:
    class OnDemand:
        def __init__(self, images: Any) -> None:
            self.images, self.shape = images, images.shape

        def __getitem__(self, index: np.ndarray) -> np.ndarray:
            picked: np.ndarray = self.images[index]
            return picked

    data = blobs(120)
    config = settings(**NOISY)
    drawn = replace(data, images=OnDemand(data.images))
    assert torch.equal(weights(train(data, config).model), weights(train(drawn, config).model))


def test_no_epochs_leave_the_model_as_it_was() -> None:
    data, config = blobs(), settings(epochs=0)
    run = train(data, config)
    assert not run.seen
    assert torch.equal(weights(run.model), weights(new_model(config, data)))


# --- randomness ---


def test_a_seed_decides_everything() -> None:
    data = blobs()
    first, again = (weights(train(data, settings(seed=4, **NOISY)).model) for _ in range(2))
    assert torch.equal(first, again)
    other = weights(train(data, settings(seed=5, **NOISY)).model)
    assert not torch.equal(first, other)
    assert not torch.equal(
        weights(new_model(settings(seed=4), data)), weights(new_model(settings(seed=5), data))
    )


def test_how_often_it_reports_changes_nothing(every_step: None, monkeypatch: pytest.MonkeyPatch) -> None:
    often = weights(train(blobs(), settings(**NOISY)).model)
    monkeypatch.setattr(fit_module, "REPORT_SECONDS", 100.0)
    assert torch.equal(often, weights(train(blobs(), settings(**NOISY)).model))


def test_interleaved_runs_do_not_meet(every_step: None) -> None:
    """Two runs taking turns step by step, with foreign random draws between, and a global generator untouched."""
    data = blobs()
    configs = [settings(seed=1, **NOISY), settings(seed=2, pretrain_epochs=1, **NOISY)]
    alone = [weights(train(data, config).model) for config in configs]
    torch.manual_seed(123)
    models = [new_model(config, data) for config in configs]
    runs = [fit(model, data, config) for model, config in zip(models, configs, strict=True)]
    drawn = [torch.rand(3) for _ in itertools.zip_longest(*runs)]
    assert all(torch.equal(weights(m), w) for m, w in zip(models, alone, strict=True))
    torch.manual_seed(123)
    assert all(torch.equal(torch.rand(3), numbers) for numbers in drawn)


def test_noise_is_not_repeated_from_step_to_step(every_step: None) -> None:
    """Each step draws fresh ε: with still weights and the same images, the losses differ as a Gaussian sample."""
    data = blobs(50)
    one = replace(data, train_index=np.zeros(12, dtype=np.int64))
    config = settings(epochs=40, optimizer="sgd", learning_rate=STILL)
    losses = [p.train["distortion"] for p in train(one, config).epochs]
    assert len(set(losses)) == 40
    assert abs(stats.pearsonr(losses[:-1], losses[1:]).statistic) < 0.5


# --- stopping ---


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_loss_that_explodes_stops_the_run_with_a_sentence(optimizer: str) -> None:
    config = settings(
        learning_rate=10, optimizer=optimizer, likelihood="gaussian", variance=1e-6, epochs=50, hidden=(8, 8)
    )
    with pytest.raises(ExplorerError, match=r"stopped being a finite number in epoch \d+"):
        train(blobs(), config)


def test_weights_that_explode_in_the_last_step_are_found_too(every_step: None) -> None:
    """No training batch ever meets the weights of the last step: the validation images do."""
    config = settings(epochs=1, batch_size=40, l2=1e30, optimizer="sgd", likelihood="gaussian")
    with pytest.raises(ExplorerError, match="stopped being a finite number in epoch 1"):
        train(blobs(), config)


def test_early_stopping_brings_the_best_weights_back() -> None:
    """30 images and a wide AE overfit at once; the weights left are those of the epoch with the best loss."""
    data = replace(blobs(60, seed=3), train_index=np.arange(20))
    config = settings(
        posterior="point", likelihood="gaussian", hidden=(64,), latent_size=8, learning_rate=0.02,
        epochs=500, patience=4,
    )  # fmt: skip
    run = train(data, config)
    losses = [p.validation["loss"] for p in run.epochs if p.validation]
    best = int(np.argmin(losses))
    assert len(losses) == best + 1 + 4 < 500
    assert run.state.finished
    assert run.state.best == losses[best]
    x = torch.tensor(np.asarray(data.images[data.validation_index])).float() / 255
    with torch.no_grad():
        kept = (x - run.model.decode(run.model.encode(x).mean).mean).square().sum((1, 2, 3)).mean().item()
    assert kept + 8 * math.log(math.pi) == pytest.approx(losses[best], rel=1e-5)


def test_without_patience_a_run_goes_to_its_end() -> None:
    assert len(train(blobs(), settings(learning_rate=0.1, epochs=6)).epochs) == 6


def test_settings_that_clash_with_the_model_are_refused_before_training() -> None:
    data, config = blobs(), settings(divergence="tcvae", posterior="full")
    with pytest.raises(ExplorerError, match="diagonal posterior"):
        fit(new_model(config, data), data, config)


def test_parameters_counts_what_is_trained() -> None:
    data = blobs()
    model = new_model(settings(likelihood="gaussian"), data)  # its variance is fixed
    assert count_parameters(model) == (16 * 8 + 8) + (8 * 4 + 4) + (2 * 8 + 8) + (8 * 16 + 16)
    assert (
        count_parameters(new_model(settings(likelihood="learned-gaussian"), data))
        == count_parameters(model) + 1
    )


@pytest.mark.slow
def test_a_compiled_step_trains_the_same() -> None:
    data = blobs()
    config = settings(compile=True, warmup="linear", epochs=3)
    compiled = train(data, config)
    plain = train(data, settings(warmup="linear", epochs=3))
    assert compiled.epochs[-1].train["loss"] == pytest.approx(plain.epochs[-1].train["loss"], rel=0.05)


def test_a_state_begins_at_the_beginning() -> None:
    model = new_model(settings(), blobs())
    state = TrainingState(build_optimizer(model, settings().training))
    assert (state.epoch, state.step, state.finished, state.history) == (0, 0, False, [])


@pytest.mark.parametrize(
    "rising",
    [{"warmup": "linear"}, {"capacity": 4.0}, {"beta_range": (0.5, 8.0), "warmup": "linear"}],
)
def test_a_compiled_step_is_not_compiled_anew_for_every_weight(
    rising: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where β or the capacity rises, every step has another: a step that is compiled anew takes seconds."""

    def graphs(epochs: int) -> int:
        torch._dynamo.reset()
        counter = CompileCounter()
        with monkeypatch.context() as patch:
            patch.setattr(torch, "compile", partial(torch.compile, backend=counter))
            train(blobs(40), settings(compile=True, epochs=epochs, batch_size=100, **rising))
        return int(counter.frame_count)

    graphs(1)  # the first of a process are in parts, for what happens once
    assert graphs(7) == graphs(3)
