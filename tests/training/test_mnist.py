"""The known result: a 784-512-256-20 VAE on binary MNIST. Needs MNIST in the data folder; about five minutes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from explorer.config import DataConfig, RunConfig
from explorer.data import load
from explorer.metrics.likelihood import compute_likelihood
from tests.training.small import train

# Read at import: during a test the variable points to a folder of the test's own.
FOLDER = Path(os.environ.get("EXPLORER_DATA") or Path(__file__).resolve().parents[2] / "data").resolve()
RAW = FOLDER / "MNIST" / "raw"


@pytest.mark.slow
@pytest.mark.skipif(
    not (RAW / "train-images-idx3-ubyte").is_file(), reason=f"no MNIST in {FOLDER}; set EXPLORER_DATA"
)
def test_mnist_reaches_the_elbo_of_the_literature(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_DATA", str(FOLDER))
    data = load(DataConfig(data="mnist"))
    config = RunConfig.from_flat(
        {"data": "mnist", "binarize": "stochastic", "latent_size": 20, "epochs": 20, "device": "auto"}
    )
    assert config.model.hidden == (512, 256)
    assert (config.training.batch_size, config.training.learning_rate) == (128, 1e-3)
    model = train(data, config).model
    whole = compute_likelihood(model, data, "stochastic")
    assert whole.images == 10_000
    assert whole.elbo is not None
    assert whole.elbo >= -100
    some = compute_likelihood(model, data, "stochastic", samples=500, images=1000)
    assert some.elbo is not None
    assert some.log_likelihood is not None
    assert 4 <= some.log_likelihood - some.elbo <= 9
