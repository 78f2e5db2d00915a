"""The report of a model: from images to scores, and its baselines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explorer.data.dataset import ImageDataset
from explorer.errors import ExplorerError
from explorer.metrics.disentanglement.evaluation import compute_report, ground_truth, labels, shares
from explorer.metrics.disentanglement.scores import SCORES
from tests.metrics.disentanglement.worlds import SIZES, draw, perfect


def world(factors: np.ndarray | None, labelled: np.ndarray | None = None) -> ImageDataset:
    """Images that nobody looks at, with these factors or labels."""
    known = factors if factors is not None else labelled
    count = 300 if known is None else len(known)
    names = tuple("abcd"[: 0 if factors is None else factors.shape[1]])
    sizes = () if factors is None else tuple(int(s) for s in factors.max(axis=0) + 1)
    images = np.zeros((count, 1, 2, 2), np.uint8)
    every = np.arange(count)
    return ImageDataset("world", images, every[:-1], every[-1:], labelled, (), factors, names, sizes)


def test_a_report_has_every_score_between_its_baselines() -> None:
    factors = draw(count=900)
    heard: list[float] = []
    codes = np.concatenate([perfect(factors)[:, :3], np.random.default_rng(0).normal(size=(900, 3))], axis=1)
    found = compute_report(
        lambda i: codes[i], world(factors), 6, 2, lambda fraction, _: heard.append(fraction)
    )
    assert found.scores.keys() == SCORES.keys()
    for name, score in found.scores.items():
        assert score.low <= score.mean <= score.high, name
        assert score.random is not None
        assert score.oracle is not None
        assert score.random - 0.05 < score.mean < score.oracle + 0.05, name
    for name in ("modularity", "dci_disentanglement", "dci_completeness", "beta_vae", "factor_vae"):
        assert found.scores[name].oracle == pytest.approx(1, abs=0.01), name
    assert (found.images, found.seeds, found.left_out) == (900, 2, "")
    assert (found.factor_names, found.factor_sizes) == (list("abcd"), list(SIZES))
    assert np.shape(found.mutual_information) == (4, 6)
    assert found.factor_entropy == pytest.approx(np.log(SIZES), abs=0.02)
    assert [k for k, _ in shares(found.mutual_information)][:3] == [0, 1, 2]
    assert heard == sorted(heard)
    assert 0 <= heard[0] < heard[-1] <= 1
    named = labels(found)
    assert named[3] == "no factor"
    assert named[2].startswith("c, ")
    assert 80 < int(named[2].removeprefix("c, ").removesuffix(" %")) <= 100


def test_labels_alone_are_one_factor_and_the_rest_is_left_out_with_a_sentence() -> None:
    classes = np.arange(600) % 10
    codes = np.stack([classes + 0.1 * np.random.default_rng(0).normal(size=600), np.zeros(600)], axis=1)
    found = compute_report(lambda i: codes[i], world(None, classes), 2, 2)
    assert found.factor_names == ["class"]
    assert found.scores.keys() == {"mig", "sap", "dci_completeness", "dci_informativeness", "explicitness"}
    assert found.left_out == (
        "Left out, because there is only one factor: β-VAE score, FactorVAE score, DCI disentanglement, modularity."
    )
    assert labels(found) == [f"class, {found.mutual_information[0][0]:.2f} nats", "no factor"]
    assert all(s.oracle is not None for s in found.scores.values())


def test_a_factor_that_never_changes_does_not_count() -> None:
    factors = draw(count=300)[:, :3]
    factors[:, 1] = 2
    found = compute_report(lambda i: factors[i].astype(float), world(factors), 3, 2)
    assert found.factor_names == ["a", "c"]
    assert found.left_out.startswith("Left out, because it is the same in all images: b.")


@pytest.mark.parametrize(
    ("dataset", "seeds", "said"),
    [
        (world(None), 2, "neither factors nor labels"),
        (world(np.zeros((300, 1), int)), 2, "same factors or labels"),
        (world(draw(count=50)), 2, "50 images"),
        (world(draw(count=300)), 1, "at least 2 seeds"),
    ],
)
def test_what_cannot_be_scored_is_explained(dataset: ImageDataset, seeds: int, said: str) -> None:
    with pytest.raises(ExplorerError, match=said):
        compute_report(lambda i: np.zeros((len(i), 2)), dataset, 2, seeds)


def test_factors_come_before_labels() -> None:
    both = replace(world(draw(count=300)), labels=np.zeros(300, np.int64))
    assert ground_truth(both)[1] == list("abcd")
