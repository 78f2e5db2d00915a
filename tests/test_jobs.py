"""Jobs: child processes whose folder tells all there is to know, in queues that every process may advance."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from explorer import jobs
from explorer.cli.main import main
from explorer.disk import read_json, replace_json
from explorer.errors import ExplorerError
from explorer.jobs import Status, process


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Jobs run this file (to be written by the test) instead of the whole command line: quick to start."""
    path = tmp_path / "script.py"
    real = process.subprocess.Popen

    def popen(command: list[str], **options: object) -> object:
        assert command[1:4] == ["-m", "explorer", "job"]
        return real([sys.executable, str(path), *command[4:]], **options)  # type: ignore[call-overload]

    monkeypatch.setattr(process.subprocess, "Popen", popen)
    monkeypatch.setenv("PYTHONPATH", str(Path(jobs.__file__).parents[2]))
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    return path


def wait(folder: Path, wanted: str, message: str = "") -> Status:
    for _ in range(3000):  # two minutes, of which a job on a busy machine may take a good part to start
        now = jobs.status(folder)
        if now and now.state == wanted and message in now.message:
            return now
        time.sleep(0.04)
        jobs.advance()
    raise AssertionError(f"never {wanted}: {now}")


BEGIN = """
import os, signal, sys, time
from pathlib import Path
from explorer import jobs
from explorer.errors import ExplorerError
signal.signal(signal.SIGTERM, signal.default_int_handler)  # as explorer.__main__ does
command, folder = sys.argv[1], Path(sys.argv[2])
note, settings = jobs.Report(), jobs.settings(folder)
"""
END = "\njobs.run_reported(folder, work)\n"
COUNTING = "def work():\n note(0.3, 'counting')\n time.sleep(600)"


def test_a_job_tells_its_progress_its_end_and_its_result(script: Path, tmp_path: Path) -> None:
    script.write_text(
        BEGIN
        + "def work():\n note(0.5, 'half way')\n while not os.path.exists(settings['go']): time.sleep(0.02)\n"
        " return {'command': command, 'go': settings['go']}" + END
    )
    folder, given = jobs.job_folder("project", "one"), {"go": str(tmp_path / "go")}
    assert jobs.status(folder) is None
    jobs.submit(folder, "project", given)
    half = wait(folder, "running", "half way")
    assert half.fraction == 0.5
    assert half.seconds_left == pytest.approx(half.seconds)
    assert half.text().startswith("half way, about ")
    assert jobs.active("project") == [folder]
    assert jobs.result(folder) is None
    pid = read_json(folder / "job.json")
    jobs.submit(folder, "project", {})  # running already: nothing happens
    assert read_json(folder / "job.json") == pid
    assert jobs.settings(folder) == given
    (tmp_path / "go").touch()
    assert wait(folder, "done").fraction == 1
    assert jobs.result(folder) == {"command": "project"} | given
    assert jobs.active("project") == []
    (tmp_path / "go").unlink()
    jobs.submit(folder, "project", given)  # another time: what came of the first is forgotten
    wait(folder, "running", "half way")
    assert jobs.result(folder) is None
    jobs.stop(folder)
    wait(folder, "stopped")


def test_an_error_reaches_the_page_as_its_sentence(script: Path) -> None:
    script.write_text(BEGIN + "def work():\n raise ExplorerError('The disk is full.')" + END)
    folder = jobs.job_folder("import", "one")
    jobs.submit(folder, "import", {})
    assert wait(folder, "failed").message == "The disk is full."
    assert jobs.result(folder) is None


def test_an_unforeseen_error_is_named_without_a_traceback(script: Path) -> None:
    script.write_text(BEGIN + "def work():\n 1 / 0" + END)
    folder = jobs.job_folder("import", "one")
    jobs.submit(folder, "import", {})
    said = wait(folder, "failed").message
    assert "ZeroDivisionError" in said
    assert "Traceback" not in said
    assert "Traceback" in (folder / "log.txt").read_text()


def test_a_killed_job_is_not_taken_for_a_running_one(script: Path) -> None:
    script.write_text(BEGIN + COUNTING + END)
    folder = jobs.job_folder("samples", "one")
    jobs.submit(folder, "samples", {})
    wait(folder, "running", "counting")
    job = read_json(folder / "job.json")
    assert job is not None
    os.kill(job["pid"], signal.SIGKILL)
    now = wait(folder, "failed")
    assert "'counting'" in now.message
    assert now.silent


def test_a_server_that_dies_before_it_notes_its_child_does_not_start_the_job_twice(
    script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child waits for the lock of the queue, which it gets when its server is dead, and notes itself."""
    count = "def work():\n with open(settings['log'], 'a') as f: f.write('begun ')\n time.sleep(600)"
    script.write_text(BEGIN + "if not jobs.claim(folder): sys.exit()" + count.replace("def", "\ndef") + END)
    folder = jobs.job_folder("project", "one")
    log = tmp_path / "begun.txt"
    with monkeypatch.context() as dying:
        dying.setattr(process, "_write_job", lambda *_: os._exit(9))
        if not (server := os.fork()):
            jobs.submit(folder, "project", {"log": str(log)})
    assert os.waitstatus_to_exitcode(os.waitpid(server, 0)[1]) == 9
    assert not (folder / "job.json").exists() or jobs.status(folder)
    jobs.advance()  # the next server, which may come before the child or after it
    wait(folder, "running")
    for _ in range(600):
        if log.exists():
            break
        time.sleep(0.05)
    time.sleep(2)
    jobs.advance()
    assert log.read_text() == "begun "
    jobs.stop(folder)
    wait(folder, "stopped")
    assert log.read_text() == "begun "


def test_a_second_process_leaves_a_job_to_the_first(script: Path, tmp_path: Path) -> None:
    script.write_text(BEGIN + "if not jobs.claim(folder): sys.exit(7)\n" + COUNTING + END)
    folder = jobs.job_folder("project", "one")
    jobs.submit(folder, "project", {})
    wait(folder, "running", "counting")
    noted = (folder / "job.json").read_text()
    second = [sys.executable, "-m", "explorer", "job", "project", str(folder)]
    assert subprocess.run(second).returncode == 7
    assert (folder / "job.json").read_text() == noted
    (folder / "job.json").unlink()
    replace_json(folder / "queued.json", {"command": "project", "since": 1.0})
    assert subprocess.run(second).returncode == 7  # the log is held
    assert not (folder / "job.json").exists()
    (folder / "job.json").write_text(noted)
    jobs.stop(folder)
    wait(folder, "stopped")


def test_a_clock_that_is_set_loses_no_job(script: Path) -> None:
    """The birth of a process, as the system tells it, moves with the clock; so does the time since the start."""
    script.write_text(BEGIN + "jobs.claim(folder)\n" + COUNTING + END)
    folder = jobs.job_folder("project", "one")
    jobs.submit(folder, "project", {})
    wait(folder, "running", "counting")
    job = read_json(folder / "job.json") or {}
    for shift in (-7200, 7200):
        times = {name: job[name] + shift for name in ("started", "born")}
        replace_json(folder / "job.json", job | times)
        now = jobs.status(folder)
        assert now
        assert (now.state, now.seconds >= 0) == ("running", True)
    jobs.stop(folder)
    assert wait(folder, "stopped").message == "stopped"


def test_a_clock_that_is_set_back_stops_neither_the_progress_nor_the_order(
    launched: list[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now = time.time()
    report = jobs.Report(tmp_path)
    report(0.1, "before")
    monkeypatch.setattr(report, "last", report.last - 1)
    for place, name in enumerate("cba"):
        monkeypatch.setattr(time, "time", lambda place=place: now - 3600 * place)
        jobs.submit(jobs.job_folder("samples", name), "samples", {})
    report(0.2, "after")
    assert (read_json(tmp_path / "progress.json") or {})["message"] == "after"
    assert [folder.name for folder in jobs.active("samples")] == ["c", "b", "a"]


def test_a_result_says_that_a_job_was_done(script: Path) -> None:
    """Killed between the two notes at its end."""
    script.write_text(BEGIN + "def work():\n return {}" + END)
    folder = jobs.job_folder("project", "one")
    jobs.submit(folder, "project", {})
    wait(folder, "done")
    replace_json(folder / "progress.json", {"state": "running", "fraction": 0.9, "time": time.time()})
    assert wait(folder, "done").fraction == 1


def test_another_process_with_the_same_number_is_not_the_job(tmp_path: Path) -> None:
    replace_json(tmp_path / "job.json", {"pid": os.getpid(), "started": time.time(), "born": 1.0})
    now = jobs.status(tmp_path)
    assert now is not None
    assert now.state == "failed"
    assert "start it again" in now.message


def test_stop_ends_it(script: Path) -> None:
    script.write_text(BEGIN + COUNTING + END)
    folder = jobs.job_folder("samples", "one")
    jobs.submit(folder, "samples", {})
    wait(folder, "running", "counting")
    jobs.stop(folder)
    now = wait(folder, "stopped")
    assert (now.message, now.fraction) == ("stopped", 0.3)  # how far it came


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ExplorerError, match="could not be written"):
        jobs.submit(tmp_path / "file" / "job", "samples", {})


def test_a_job_that_is_stopped_while_it_starts_was_stopped_and_has_not_failed(script: Path) -> None:
    script.write_text("import time\ntime.sleep(600)\n")  # as long as imports last, no handler is in place
    folder = jobs.job_folder("samples", "one")
    jobs.submit(folder, "samples", {})
    wait(folder, "running", "starting")
    jobs.stop(folder)
    assert wait(folder, "stopped").message == "stopped"
    again = time.time()
    jobs.submit(folder, "samples", {})  # and what was asked then does not hold for the next
    assert wait(folder, "running", "starting").seconds <= time.time() - again
    jobs.stop(folder)
    wait(folder, "stopped")


def test_a_command_gets_its_arguments_from_the_settings_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real command line, in a process of its own."""
    from tests import tiny

    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    tiny.write(tmp_path / "models" / "one")
    place, to = str(tmp_path / "models"), str(tmp_path / "codes.csv")
    folder = jobs.job_folder("export", "one")
    jobs.submit(folder, "export", {"name": "one", "to": to, "folder": place})
    assert wait(folder, "done").message == "done"
    assert jobs.result(folder) == {"file": to, "bytes": Path(to).stat().st_size}
    jobs.submit(folder, "export", {"name": "two", "to": to, "folder": place})
    assert "two" in wait(folder, "failed").message
    assert jobs.result(folder) is None


# --- turns ---


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """Nothing is started; jobs count as running from when they would be until the test ends them."""
    folders: list[Path] = []

    def launch(folder: Path, command: str) -> None:
        folders.append(folder)
        me = process._create_time(os.getpid())
        replace_json(folder / "job.json", {"pid": os.getpid(), "started": time.time(), "born": me})

    monkeypatch.setattr(process, "launch", launch)
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    return folders


def finish(folder: Path) -> None:
    jobs.Report(folder)(1.0, "done", "done")


@pytest.mark.parametrize(("kind", "at_once"), [("training", 2), ("samples", 1), ("disentangle", 1)])
def test_jobs_of_a_kind_take_turns_as_they_came(
    kind: str, at_once: int, launched: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_TRAININGS", "2")
    folders = [jobs.job_folder(kind, name) for name in "dacb"]
    for folder in folders:
        jobs.submit(folder, "command", {})
    assert launched == folders[:at_once]
    assert sorted(jobs.active(kind)) == sorted(folders)
    assert [jobs.status(f) for f in folders[at_once:]] == [
        Status("waiting", "waiting for its turn", place=place) for place in range(4 - at_once)
    ]
    jobs.stop(folders[2])  # it had not begun
    assert jobs.status(folders[2]) is None
    other = jobs.job_folder("import", "one")
    jobs.submit(other, "import", {})  # of a kind that waits for nobody
    assert launched[-1] == other
    for folder in (*folders[:2], folders[3]):
        jobs.advance()
        finish(folder)
    jobs.advance()
    assert launched == [*folders[:at_once], other, *(folders[n] for n in (1, 3) if n >= at_once)]
    assert jobs.active(kind) == []


def test_the_time_of_a_training_is_measured_while_none_runs(launched: list[Path]) -> None:
    training, estimate = jobs.job_folder("training", "one"), jobs.job_folder("estimate", "two")
    jobs.submit(training, "train", {})
    jobs.submit(estimate, "estimate", {})
    assert launched == [training]
    finish(training)
    jobs.advance()
    assert launched == [training, estimate]


def test_one_time_is_measured_at_once_however_many_visits_ask(launched: list[Path]) -> None:
    folders = [jobs.job_folder("estimate", str(n)) for n in range(8)]
    for folder in folders:
        jobs.submit(folder, "estimate", {})
    for turn, folder in enumerate(folders):
        jobs.advance()
        assert launched == folders[: turn + 1]
        finish(folder)


def test_what_cannot_be_started_does_not_wait_for_ever(
    launched: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path, command: str) -> None:
        raise ExplorerError("The disk is full.")

    folders = [jobs.job_folder("samples", name) for name in ("first", "a", "b")]
    for folder in folders:
        jobs.submit(folder, "samples", {})
    finish(folders[0])
    monkeypatch.setattr(process, "launch", refuse)
    for _ in range(2):
        jobs.advance()
    for folder in folders[1:]:
        now = jobs.status(folder)
        assert now
        assert (now.state, now.message) == ("failed", "The disk is full.")
    assert jobs.active("samples") == []
    monkeypatch.undo()
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(process, "launch", lambda *_: None)
    jobs.submit(folders[1], "samples", {})  # and may be asked for again
    assert jobs.result(folders[1]) is None
    assert jobs.status(folders[1]) is None  # started, as far as this one starts


def test_what_an_older_version_left_is_listed_or_refused_in_a_sentence(launched: list[Path]) -> None:
    base = jobs.job_folder("training", "one").parent
    for name in ("queued", "done"):
        (base / name).mkdir(parents=True)
    replace_json(base / "queued" / "queued.json", {"since": 5.0})
    replace_json(base / "done" / "job.json", {"pid": 1 << 30, "started": 5.0, "born": 0.0})
    replace_json(
        base / "done" / "progress.json", {"state": "done", "fraction": 1.0, "message": "done", "time": 8}
    )
    jobs.advance()
    assert jobs.status(base / "done") == Status("done", "done", 1.0, 3.0)
    refused = jobs.status(base / "queued")
    assert refused
    assert refused.state == "failed"
    assert "older version" in refused.message
    assert launched == []


def test_a_read_only_server_starts_nothing_that_waits(
    launched: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [jobs.job_folder("samples", name) for name in "ab"]
    for folder in folders:
        jobs.submit(folder, "samples", {})
    finish(folders[0])
    monkeypatch.setenv("EXPLORER_READ_ONLY", "1")
    jobs.advance()
    assert launched == folders[:1]
    with pytest.raises(ExplorerError, match="read-only"):
        jobs.submit(folders[0], "samples", {})


def test_the_job_command_is_not_offered_to_people(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    assert "disentangle" in shown
    assert "job " not in shown
