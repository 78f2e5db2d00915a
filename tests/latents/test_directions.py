"""Directions against those that were planted, and the stated rate of their cone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import chi2

from explorer.errors import ExplorerError
from explorer.latents.decoder_axes import compute_decoder_axes, compute_jacobian
from explorer.latents.directions import LEVEL, METHODS, Method, compute_direction, project


def groups(rng: np.random.Generator, n: int, d: int, gap: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Standard normal codes of two groups of n, `gap` apart along a unit vector; the groups, and the vector."""
    truth = rng.standard_normal(d)
    truth /= np.linalg.norm(truth)
    codes = rng.standard_normal((2 * n, d))
    codes[:n] += gap * truth
    return codes, np.arange(2 * n), truth


def angle(u: np.ndarray, v: np.ndarray) -> float:
    return float(np.degrees(np.arccos(np.clip(u @ v / np.linalg.norm(u) / np.linalg.norm(v), -1, 1))))


@pytest.mark.parametrize(("method", "within"), [("means", 2), ("probe", 4)])
def test_the_planted_direction_is_found(method: Method, within: float) -> None:
    codes, rows, truth = groups(np.random.default_rng(0), 5000, 10, 2.0)
    found = compute_direction(codes, rows[:5000], rows[5000:], method)
    assert angle(found.vector, truth) < within
    assert np.linalg.norm(found.vector) == pytest.approx(1)
    # two unit Gaussians 2 apart: Φ(1) of each is on its side of the middle
    assert found.accuracy == pytest.approx(0.841, abs=0.01)
    # the mixture's deviation along the axis is √(1 + 1)
    assert found.scale == pytest.approx(np.sqrt(2), rel=0.02)
    assert found.gap == pytest.approx(2 / np.sqrt(2), rel=0.03)


def test_codes_are_placed_along_a_direction_in_its_deviations() -> None:
    codes, rows, _ = groups(np.random.default_rng(1), 5000, 10, 3.0)
    found = compute_direction(codes, rows[:5000], rows[5000:])
    places = project(codes, found)
    assert places.std() == pytest.approx(1, rel=1e-3)
    assert places[:5000].mean() - places[5000:].mean() == pytest.approx(found.gap, rel=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "d", "gap"), [(50, 10, 1.5), (200, 4, 0.8)])
def test_the_cone_holds_the_truth_as_often_as_it_says(n: int, d: int, gap: float) -> None:
    rng = np.random.default_rng(2)
    inside = []
    for case in range(1000):
        codes, rows, truth = groups(rng, n, d, gap)
        found = compute_direction(codes, rows[:n], rows[n:], seed=case)
        inside.append(angle(found.vector, truth) <= found.cone)
    assert np.mean(inside) == pytest.approx(LEVEL, abs=0.02)


def test_groups_that_do_not_differ_have_a_wide_cone_and_are_told_apart_by_chance() -> None:
    codes, rows, _ = groups(np.random.default_rng(3), 2000, 10, 0.0)
    found = compute_direction(codes, rows[:2000], rows[2000:])
    assert found.cone > 45
    assert found.accuracy == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("n", [300, 3000])
def test_the_cone_is_as_wide_as_gaussian_noise_makes_it(n: int) -> None:
    """The difference of the means has a variance of 2/n across the direction, in d − 1 dimensions."""
    codes, rows, _ = groups(np.random.default_rng(4), n, 10, 1.0)
    found = compute_direction(codes, rows[:n], rows[n:])
    expected = np.degrees(np.arctan(np.sqrt(chi2.ppf(LEVEL, 9) * 2 / n)))
    assert found.cone == pytest.approx(expected, rel=0.1)


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ([], [1, 2], "Group A is empty"),
        ([1, 2], [], "Group B is empty"),
        ([1, 1], [2, 3], "Group A has one image"),
        ([1, 2], [3], "Group B has one image"),
        ([1, 2], [2, 1], "Both groups are the same images"),
        ([1, 2, 3], [3, 4], "one image is in both"),
        ([1, 2, 3], [3, 2, 4], "2 images are in both"),
        ([0, 1], [2, 3], "nothing tells the groups apart"),
    ],
)
def test_groups_without_a_direction_are_said_in_a_sentence(a: list[int], b: list[int], said: str) -> None:
    codes = np.zeros((9, 3))
    codes[[1, 3], 0] = 1
    with pytest.raises(ExplorerError, match=said) as caught:
        compute_direction(codes, np.array(a, np.int64), np.array(b, np.int64))
    assert str(caught.value).endswith(".")


def test_a_linear_decoder_has_its_singular_vectors_as_axes() -> None:
    rng = np.random.default_rng(5)
    left, _ = np.linalg.qr(rng.standard_normal((48, 4)))
    right, _ = np.linalg.qr(rng.standard_normal((4, 4)))
    strength = np.array([4.0, 2.0, 1.0, 0.25])
    matrix = (left * strength) @ right.T

    def decode(z: np.ndarray) -> np.ndarray:
        return (z @ matrix.T).reshape(-1, 3, 4, 4).astype(np.float32)

    codes = rng.standard_normal((20, 4)).astype(np.float32)
    np.testing.assert_allclose(compute_jacobian(decode, codes[0]), matrix, atol=1e-4)
    axes = compute_decoder_axes(decode, codes, 3)
    np.testing.assert_allclose(axes.strength, strength[:3], rtol=1e-3)
    for direction, truth in zip(axes.directions, right.T, strict=False):
        assert min(angle(direction, truth), angle(direction, -truth)) < 2


def test_the_jacobian_is_that_of_autograd() -> None:
    import torch

    torch.manual_seed(0)
    network = torch.nn.Sequential(torch.nn.Linear(3, 16), torch.nn.Tanh(), torch.nn.Linear(16, 12))
    z = torch.randn(3)

    def decode(codes: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return network(torch.from_numpy(codes)).reshape(-1, 3, 2, 2).numpy()

    expected = torch.autograd.functional.jacobian(network, z).numpy()
    np.testing.assert_allclose(compute_jacobian(decode, z.numpy()), expected, atol=1e-4)


KNOWN = Path(__file__).parents[2] / "explorer/live/frontend/tests/directions/known.json"


def known() -> dict[str, Any]:
    """Codes of two groups, and their directions: what the browser is to find as well."""
    rng = np.random.default_rng(6)
    drawn = rng.standard_normal((150, 4)) * [1, 2, 0.5, 1] + rng.standard_normal((150, 1))
    drawn[:60] += [0.8, -0.5, 0.2, 0.0]
    codes = drawn.astype(np.float32).round(3)
    a, b = np.arange(60), np.arange(60, 130)
    found = {method: compute_direction(codes, a, b, method) for method in METHODS}
    return {
        "codes": codes.tolist(),
        "a": a.tolist(),
        "b": b.tolist(),
        "found": {
            method: {
                "vector": [round(float(v), 6) for v in f.vector],
                "scale": round(f.scale, 6),
                "gap": round(f.gap, 6),
                "accuracy": round(f.accuracy, 4),
                "cone": round(f.cone, 3),
                "places": [round(float(p), 5) for p in project(codes, f)[:5]],
            }
            for method, f in found.items()
        },
    }


def test_the_browser_is_tested_against_these_directions() -> None:
    stored, made = json.loads(KNOWN.read_text()), json.loads(json.dumps(known()))
    assert {k: stored[k] for k in ("a", "b")} == {k: made[k] for k in ("a", "b")}
    np.testing.assert_allclose(stored["codes"], made["codes"], atol=1e-6)
    for method in METHODS:
        for name, value in made["found"][method].items():
            np.testing.assert_allclose(stored["found"][method][name], value, atol=2e-4, err_msg=name)
