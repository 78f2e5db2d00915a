"""Scores asked for on the Compare page: one run after another, of whichever ladder, each with its progress."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer import jobs, reports
from explorer.jobs import Status, process, queue
from explorer.live.schema import ReportStatus
from explorer.ui.parts import sample_scores
from tests import tiny


class Work:
    """Jobs that end when the test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, runs: Path) -> None:
        self.started: list[str] = []
        self.standing: dict[Path, Status] = {}
        self.scored: set[str] = set()
        real = queue.status
        monkeypatch.setenv("EXPLORER_RUNS", str(runs))
        monkeypatch.setattr(process, "launch", self.launch)
        for module in (queue, jobs):
            monkeypatch.setattr(module, "status", lambda folder: self.standing.get(folder) or real(folder))

    def launch(self, folder: Path, command: str) -> None:
        self.started.append(f"{command} {folder.name.partition('-')[0]}")
        self.standing[folder] = Status("running", "encoding, seed 1 of 5", 0.25, 10)
        (folder / "job.json").write_text("{}")

    def end(self, name: str, message: str = "") -> None:
        job = next(job for job in self.standing if job.name.startswith(f"{name}-"))
        self.standing[job] = Status("failed" if message else "done", message, 1)
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
    work = Work(monkeypatch, tmp_path / "runs")
    monkeypatch.setattr(reports.Result, "find", lambda _, c: c if c.name in work.scored else None)
    page = AppTest.from_function(panel, args=(str(tmp_path), ["one", "two"]), default_timeout=120).run()
    page.button[0].click().run()
    assert work.started == ["disentangle one"]
    assert lines(page) == ["one: encoding, seed 1 of 5, about 30 s left", "two: waiting for its turn"]
    work_before = list(work.started)
    # the page is loaded again, on another ladder, while that goes on
    page = AppTest.from_function(panel, args=(str(tmp_path), ["three"]), default_timeout=120).run()
    assert lines(page) == ["one: encoding, seed 1 of 5, about 30 s left", "two: waiting for its turn"]
    assert work.started == work_before
    next(b for b in page.button if b.label.startswith("Compute")).click().run()
    assert work.started == ["disentangle one"]
    assert [line.split(":")[0] for line in lines(page)] == ["one", "two", "three"]
    work.end("one")
    page.run()
    assert work.started == ["disentangle one", "disentangle two"]
    assert [line.split(":")[0] for line in lines(page)] == ["two", "three"]
    work.end("two", "the data are not there")
    page.run()
    assert work.started == ["disentangle one", "disentangle two", "disentangle three"]
    page.args = (str(tmp_path), ["one", "two"])
    page.run()
    assert "two was not scored: the data are not there" in page.error[0].value
    assert [line.split(":")[0] for line in lines(page)] == ["three"]
    assert page.button[-1].label == "Compute disentanglement scores: 1 run has none yet"
    work.end("three")
    page.run()
    assert lines(page) == []
    assert work.started == [
        "disentangle one",
        "disentangle two",
        "disentangle three",
    ]  # what failed is tried again when it is asked for
    page.button[-1].click().run()
    assert work.started[-1] == "disentangle two"


def test_the_queue_is_on_disk_for_every_page_and_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Models waiting to be judged, four jobs each of which the one before has to end first."""
    models = [tiny.write(tmp_path / name) for name in ("one", "two")]
    work = Work(monkeypatch, tmp_path / "runs")
    jobs.advance()  # there is nothing yet, not even a folder
    sample_scores.submit(models, ["prior", "uniform"])
    sample_scores.submit(models, ["prior", "prior"])  # asked again: nothing changes
    order = [("one", "prior"), ("two", "prior"), ("one", "mixture"), ("two", "mixture")]
    settings = [jobs.settings(folder) for folder in jobs.active("samples")]
    assert [(given["name"], given["kind"]) for given in settings] == order
    assert [sample_scores.report_status(c, "mixture") for c in models] == [
        ReportStatus(fraction=0.0, message="waiting for its turn")
    ] * 2
    jobs.submit(jobs.job_folder("disentangle", "one-0"), "disentangle", {"name": "one"})
    jobs.stop(jobs.active("samples")[1])
    for _ in range(3):
        work.standing |= {f: Status("done") for f in work.standing if f.parent.name == "samples"}
        jobs.advance()  # what the server does every two seconds
    assert work.started == ["samples one", "disentangle one", "samples one", "samples two"]
    assert [folder.name for folder in jobs.active("disentangle")] == ["one-0"]
    assert jobs.active("samples") == []
