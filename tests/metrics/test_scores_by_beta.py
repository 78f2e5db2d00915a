"""Disentanglement scores at every β of one model, where they are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explorer import reports
from explorer.errors import ExplorerError
from explorer.metrics.disentanglement.by_beta import ScoresByBeta, compute_scores_by_beta
from explorer.metrics.disentanglement.scores import compute_scores
from explorer.ui.parts import charts
from tests import ranged, tiny


def test_scores_rise_with_what_the_codes_say_of_the_factors() -> None:
    rng = np.random.default_rng(0)
    factors = rng.integers(0, 4, (600, 2))
    noise = rng.standard_normal((600, 2))
    oracle = factors + 0.01 * noise
    mixed = oracle @ np.array([[1, 1], [-1, 1]]) / np.sqrt(2)  # both factors in both dimensions
    constant = np.column_stack([factors, np.full(600, 7)])  # is left out
    found = compute_scores_by_beta([1, 2, 4], np.stack([noise, mixed, oracle]), constant)
    none, half, whole = found.scores
    assert whole["mig"] > 0.95
    assert whole["dci_disentanglement"] > 0.9 > half["dci_disentanglement"]
    assert abs(none["mig"] - found.random["mig"]) < 0.05
    assert none["dci_informativeness"] < 0.4 < half["dci_informativeness"]
    assert half["mig"] < 0.4
    order = np.random.default_rng(0).permutation(600)
    assert whole == compute_scores(oracle[order], factors[order], 0)


def test_the_report_is_kept_with_the_checkpoint_and_drawn_as_a_curve(tmp_path: Path) -> None:
    checkpoint = ranged.write(tmp_path / "every")
    assert reports.disentanglement_by_beta().find(checkpoint) is None
    seen: list[float] = []
    report = reports.disentanglement_by_beta().compute(checkpoint, lambda share, _: seen.append(share))
    assert seen == sorted(seen)
    assert reports.disentanglement_by_beta().read(checkpoint) == report
    assert isinstance(report, ScoresByBeta)
    assert report.text().splitlines()[2].split()[0] == "0.5"
    run = charts.run_of(checkpoint)
    assert [at.beta for at in run.range] == pytest.approx(np.geomspace(0.5, 16, 11), rel=1e-3)
    assert [at.scores for at in run.range] == report.scores
    figure = charts.likelihood([run])
    codes = checkpoint.codes
    assert codes.beta_rate is not None
    assert codes.beta_distortion is not None
    lines = [trace for trace in figure.data if len(trace.x or ()) == 11]
    np.testing.assert_allclose(lines[0].x, codes.beta_rate.sum(1), rtol=1e-5)
    np.testing.assert_allclose(lines[0].y, codes.beta_distortion, rtol=1e-5)


def test_a_model_of_one_beta_has_none(tmp_path: Path) -> None:
    with pytest.raises(ExplorerError, match="one is a model of one β"):
        reports.disentanglement_by_beta().compute(tiny.write(tmp_path / "one"))
