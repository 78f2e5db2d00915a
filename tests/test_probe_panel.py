"""The chart of what labels are worth shows the report's own numbers."""

from __future__ import annotations

import pytest

from explorer.metrics.label_efficiency import Accuracy, LabelReport
from explorer.ui.parts.probe_panel import figure


def report(every: int) -> LabelReport:
    rows = [
        Accuracy(features=features, probe=probe, labels=n, mean=m, low=m - 0.1, high=m + 0.05)
        for features, probe in (("codes", "linear"), ("pixels", "neighbours"), ("random", "tuned"))
        for n, m in ((10, 0.4), (1000, 0.8), (every, 0.9))
    ]
    return LabelReport(accuracies=tuple(rows), classes=10, size=4, draws=5, steps=200, test=50)


def test_every_curve_is_drawn_with_its_band() -> None:
    drawn = figure(report(55_000))
    named = {trace.name: trace for trace in drawn.data if trace.name}
    assert list(named) == ["codes, linear probe", "pixels, k-NN", "same network, random weights"]
    for trace in named.values():
        assert list(trace.x) == [10, 1000, 55_000]
        assert list(trace.y) == pytest.approx([0.4, 0.8, 0.9])
    assert [trace.xaxis for trace in named.values()] == ["x", "x", "x2"]
    low, high = drawn.data[:2]
    assert list(low.y) == pytest.approx([0.3, 0.7, 0.8])
    assert list(high.y) == pytest.approx([0.45, 0.85, 0.95])
    assert drawn.layout.xaxis.ticktext == ("10", "1,000", "all 55,000")


def test_numbers_of_labels_that_are_close_share_one_tick() -> None:
    assert figure(report(1294)).layout.xaxis.ticktext == ("10", "all 1,294")
