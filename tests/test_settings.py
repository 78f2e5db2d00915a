"""A read-only server writes nothing, whatever a page asks for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from explorer import environment, jobs, reports, store
from explorer.disk import check_writable
from explorer.errors import ExplorerError
from explorer.export.downloads import export
from explorer.ui.parts import sample_scores
from tests import tiny


@pytest.mark.parametrize(
    ("value", "closed"),
    [("", False), ("0", False), ("no", False), ("False", False), ("1", True), ("yes", True)],
)
def test_the_setting(monkeypatch: pytest.MonkeyPatch, value: str, closed: bool) -> None:
    monkeypatch.setenv(environment.READ_ONLY, value)
    assert environment.read_only() is closed


def test_nothing_is_written_or_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tiny.write(tmp_path / "models" / "kept")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    monkeypatch.setenv(environment.READ_ONLY, "1")
    monkeypatch.setattr(reports, "project", lambda mean, *_: np.zeros((len(mean), 2), np.float32))
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    attempts: list[Callable[[], object]] = [
        lambda: tiny.write(tmp_path / "models" / "new"),
        lambda: tiny.write(kept.path, seed=1),
        lambda: store.delete(kept.path),
        lambda: export(kept, tmp_path / "codes.csv"),
        lambda: jobs.submit(tmp_path / "runs" / "export" / "one", "export", {}),
        lambda: check_writable(tmp_path / "models"),
        lambda: reports.projection("umap").compute(kept),
    ]
    for attempt in attempts:
        with pytest.raises(ExplorerError, match=r"read-only.*; run the explorer on your own machine"):
            attempt()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    told = sample_scores.report_status(store.open_checkpoint(kept.path), "prior")
    assert told is not None
    assert "read-only" in (told.disabled or "")
