"""Scores asked for on the Compare page: one run after another, of whichever ladder, each with its progress."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer import reports
from explorer.errors import ExplorerError
from explorer.jobs import queue
from explorer.jobs.process import Status
from explorer.live.schema import Judged
from explorer.ui.parts import ladder_panel, sample_scores
from tests import tiny


class Work:
    """Jobs that end when the test says so."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.standing: dict[str, Status] = {}
        self.scored: set[str] = set()

    def start(self, folder: Path, arguments: list[str]) -> None:
        self.started.append(arguments[1])
        self.standing[folder.name] = Status("running", 0.25, "encoding, seed 1 of 5", 10)

    def end(self, name: str, message: str = "") -> None:
        job = next(job for job in self.standing if job.startswith(f"disentangle-{name}-"))
        self.standing[job] = Status("failed" if message else "done", 1, message)
        if not message:
            self.scored.add(name)


def panel(folder: str, names: list[str]) -> None:
    from pathlib import Path

    from explorer import store
    from explorer.ui.parts import ladder_panel

    ladder_panel._missing([store.open_checkpoint(Path(folder) / name) for name in names])


def lines(page: AppTest) -> list[str]:
    assert not page.exception
    return [bar.proto.text for bar in page.get("progress")]


def test_what_is_asked_for_waits_its_turn_and_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two", "three"):
        tiny.write(tmp_path / name)
    work = Work()
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(ladder_panel.jobs, "start", work.start)
    monkeypatch.setattr(ladder_panel.jobs, "status", lambda folder: work.standing.get(folder.name))
    monkeypatch.setattr(reports.Result, "find", lambda _, c: c if c.name in work.scored else None)
    page = AppTest.from_function(panel, args=(str(tmp_path), ["one", "two"]), default_timeout=120).run()
    page.button[0].click().run()
    assert work.started == ["one"]
    assert lines(page) == ["one: encoding, seed 1 of 5, about 30 s left", "two: waiting for its turn"]
    work_before = list(work.started)
    # the page is loaded again, on another ladder, while that goes on
    page = AppTest.from_function(panel, args=(str(tmp_path), ["three"]), default_timeout=120).run()
    assert lines(page) == ["one: encoding, seed 1 of 5, about 30 s left", "two: waiting for its turn"]
    assert work.started == work_before
    next(b for b in page.button if b.label.startswith("Compute")).click().run()
    assert work.started == ["one"]
    assert [line.split(":")[0] for line in lines(page)] == ["one", "two", "three"]
    work.end("one")
    page.run()
    assert work.started == ["one", "two"]
    assert [line.split(":")[0] for line in lines(page)] == ["two", "three"]
    work.end("two", "the data are not there")
    page.run()
    assert work.started == ["one", "two", "three"]
    page.args = (str(tmp_path), ["one", "two"])
    page.run()
    assert "two was not scored: the data are not there" in page.error[0].value
    assert [line.split(":")[0] for line in lines(page)] == ["three"]
    assert page.button[-1].label == "Compute disentanglement scores: 1 run has none yet"
    work.end("three")
    page.run()
    assert lines(page) == []
    assert work.started == ["one", "two", "three"]  # what failed is tried again when it is asked for
    page.button[-1].click().run()
    assert work.started[-1] == "two"


def test_the_queue_is_on_disk_for_every_page_and_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Models waiting to be judged, four jobs each of which the one before has to end first."""
    models = [tiny.write(tmp_path / name) for name in ("one", "two")]
    work = Work()
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(queue.jobs, "start", work.start)
    monkeypatch.setattr(queue.jobs, "status", lambda folder: work.standing.get(folder.name))
    monkeypatch.setattr(queue.jobs, "stop", lambda folder: None)
    queue.advance("samples")  # there is nothing yet, not even a folder
    sample_scores.ask(models, ["prior", "uniform"])
    sample_scores.ask(models, ["prior", "prior"])  # asked again: nothing changes
    order = ["prior-one", "prior-two", "mixture-one", "mixture-two"]
    names = [folder.name.rpartition("-")[0] for folder in queue.at_work("samples")]
    assert names == [f"samples-{name}" for name in order]
    assert [sample_scores.judged(c, "mixture") for c in models] == [
        Judged(fraction=0.0, message="waiting for its turn")
    ] * 2
    queue.put(tmp_path / "runs" / "disentangle-one-0", ["disentangle", "one"])
    queue.withdraw(queue.at_work("samples")[1])
    started = []
    for _ in range(4):
        for kind in queue.KINDS:  # what the server does every two seconds
            queue.advance(kind)
        started += [name for name in work.standing if name not in started]
        work.standing |= {n: Status("done") for n in work.standing if n.startswith("samples")}
    assert [name.rpartition("-")[0] for name in started] == [
        "samples-prior-one", "disentangle-one", "samples-mixture-one", "samples-mixture-two",
    ]  # fmt: skip
    assert not sample_scores.advance()
    assert [folder.name for folder in queue.at_work("disentangle")] == ["disentangle-one-0"]


def test_what_cannot_be_started_does_not_wait_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path, arguments: list[str]) -> None:
        raise ExplorerError("The disk is full.")

    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(queue.jobs, "start", refuse)
    for name in ("samples-a-0", "samples-b-0"):
        queue.put(tmp_path / "runs" / name, ["samples", name])
    queue.advance("samples")
    for name in ("samples-a-0", "samples-b-0"):
        now = queue.jobs.status(tmp_path / "runs" / name)
        assert now
        assert (now.state, now.message) == ("failed", "The disk is full.")
    assert queue.at_work("samples") == []
    queue.put(tmp_path / "runs" / "samples-a-0", ["samples", "a"])  # and may be asked for again
    assert queue.at_work("samples") == [tmp_path / "runs" / "samples-a-0"]
    (tmp_path / "file").touch()
    with pytest.raises(ExplorerError, match="could not be written"):
        queue.put(tmp_path / "file" / "samples-a-0", ["samples", "a"])
