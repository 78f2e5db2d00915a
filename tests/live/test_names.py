"""Names of dimensions on their sliders, from a stored report."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer import reports, store
from explorer.live import stage
from explorer.metrics.disentanglement.evaluation import DisentanglementReport

CODES = Path("checkpoints/digits-vae-beta4-z10")


def told(factors: list[str], table: list[list[float]]) -> DisentanglementReport:
    return DisentanglementReport(
        factor_names=factors, factor_sizes=[4] * len(factors), scores={}, mutual_information=table,
        factor_entropy=[1.4] * len(factors), chance=[0.05] * len(factors), images=100, seeds=2, left_out="",
    )  # fmt: skip


def test_a_dimension_is_named_after_the_factor_it_carries(monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint = store.open_checkpoint(CODES)
    variance = checkpoint.codes.mean.var(0)
    dead = [k for k, spread in enumerate(variance) if spread <= 0.01]
    assert dead, "this model has a dead dimension, on which the test relies"
    table = [[0.81] * 10, [0.19] * 10]
    weak = next(k for k in range(10) if k not in dead)
    table[0][weak] = table[1][weak] = 0.06  # hardly more than chance
    monkeypatch.setattr(reports.Result, "find", lambda *_: told(["x position", "scale"], table))
    found = stage.names(checkpoint)
    for k, name in enumerate(found):
        assert name == ("" if k in dead or k == weak else "x position, 81 %")
    monkeypatch.setattr(reports.Result, "find", lambda *_: told(["class"], table[:1]))
    assert stage.names(checkpoint) == []
    monkeypatch.setattr(reports.Result, "find", lambda *_: None)
    assert stage.describe(checkpoint).names == ()


def test_factors_have_their_dimensions_and_the_measured_shares() -> None:
    checkpoint = store.open_checkpoint(Path("checkpoints/faces-vae-z24"))
    measured = {one.factor: one for one in reports.exchange().read(checkpoint).factors}
    found = {one.factor: one for one in stage.describe(checkpoint).factors}
    assert set(measured) < set(found)
    for name, one in measured.items():
        assert one.taken is not None
        assert one.means is not None
        assert found[name].dimensions == one.dimensions
        assert (found[name].exact, found[name].exact_means) == (one.taken.exact, one.means.exact)
    assert found["brows"].exact is found["brows"].exact_means is None  # the judge cannot read them
    assert stage.describe(store.open_checkpoint(CODES)).factors == ()
