"""What the Samples component fetches, and what it is handed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from starlette.applications import Starlette

from explorer import reports
from explorer.latents.samplers import KINDS, draw_noise, fit
from explorer.live import samples_payload
from explorer.server.routes import live_routes
from explorer.store import Checkpoint
from tests.live.conftest import Client, D, N, serving


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[Client]:
    with serving(Starlette(routes=live_routes(folder))) as client:
        yield client


@pytest.fixture
def at(checkpoint: Checkpoint) -> str:
    return f"/checkpoints/{checkpoint.name}/{checkpoint.version}"


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "around"] + ["around:3"])
def test_the_numbers_of_a_sampler_draw_what_it_draws(checkpoint: Checkpoint, kind: str) -> None:
    numbers = np.frombuffer(samples_payload.sampler_bytes(checkpoint, kind), "<f4")
    k, rest = divmod(len(numbers), 1 + D + D * D)
    assert rest == 0
    weights, means, factors = np.split(numbers, [k, k + k * D])
    noise = draw_noise(0, 50, D)
    chosen = np.minimum(np.searchsorted(weights.cumsum(dtype=np.float64), noise.pick, side="right"), k - 1)
    moved = np.einsum("nij,nj->ni", factors.reshape(k, D, D)[chosen], noise.epsilon)
    name, _, row = kind.partition(":")
    expected = fit(name, checkpoint.codes, int(row) if row else None).sample(noise, 50, 0.7)
    np.testing.assert_allclose(means.reshape(k, D)[chosen] + 0.7 * moved, expected, rtol=1e-5, atol=1e-5)


def test_a_sampler_is_fetched_once_and_kept(client: Client, at: str, checkpoint: Checkpoint) -> None:
    answer = client.get(f"{at}/sampler/gaussian-full")
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert answer.content == samples_payload.sampler_bytes(checkpoint, "gaussian-full")


def test_the_network_of_real_images_is_there_once_it_was_computed(
    client: Client, at: str, checkpoint: Checkpoint
) -> None:
    assert not samples_payload.describe(checkpoint, "VAE").real
    missing = client.get(f"{at}/real-images.onnx")
    assert missing.status_code == 404
    assert "has not been computed yet" in missing.text
    place = reports.real_images().path(checkpoint)
    try:
        place.write_bytes(b"a network")
        assert samples_payload.describe(checkpoint, "VAE").real
        assert client.get(f"{at}/real-images.onnx").content == b"a network"
    finally:
        place.unlink()


@pytest.mark.parametrize("kind", ["nonsense", "around", "around:-1", f"around:{N}", "around:9999999999999"])
def test_a_sampler_that_is_not_there_is_said_in_a_sentence(client: Client, at: str, kind: str) -> None:
    answer = client.get(f"{at}/sampler/{kind}")
    assert answer.status_code == 404
    assert answer.text.endswith(".")
    assert "Traceback" not in answer.text


def test_support_is_measured_between_draws_from_the_posteriors(
    client: Client, at: str, checkpoint: Checkpoint
) -> None:
    numbers = np.frombuffer(client.get(f"{at}/support").content, "<f4")
    unit, reach, drawn = numbers[0], numbers[1], numbers[2:].reshape(N, D).astype(np.float64)
    standard = (drawn - checkpoint.codes.mean) / checkpoint.codes.scale
    assert standard.mean(0) == pytest.approx(np.zeros(D), abs=4 / np.sqrt(N))
    assert standard.std(0) == pytest.approx(np.ones(D), abs=0.1)
    apart = np.linalg.norm(drawn[:, None] - drawn, axis=2)
    np.fill_diagonal(apart, np.inf)
    assert unit == pytest.approx(np.median(apart.min(0)), rel=1e-5)
    assert (apart.min(0) <= reach * unit).mean() == pytest.approx(0.95, abs=2 / N)


def test_models_are_of_the_same_images_exactly_if_their_codes_are(checkpoint: Checkpoint) -> None:
    described = samples_payload.describe(checkpoint, "VAE")
    assert described.title == "VAE"
    assert [source.key for source in described.sources] == list(KINDS)
    assert described.images == samples_payload.describe(checkpoint, "other").images
