"""Jobs: child processes whose folder tells all there is to know."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from explorer.disk import read_json, replace_json
from explorer.errors import ExplorerError
from explorer.jobs import process as jobs


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Jobs run this file (to be written by the test) instead of the whole command line: quick to start."""
    path = tmp_path / "script.py"
    real = jobs.subprocess.Popen

    def popen(command: list[str], **options: object) -> object:
        assert command[1:3] == ["-m", "explorer"]
        return real([sys.executable, str(path), *command[3:]], **options)  # type: ignore[call-overload]

    monkeypatch.setattr(jobs.subprocess, "Popen", popen)
    monkeypatch.setenv("PYTHONPATH", str(Path(jobs.__file__).parents[2]))
    return path


def wait(folder: Path, wanted: str, message: str = "") -> jobs.Status:
    for _ in range(3000):  # two minutes, of which a job on a busy machine may take a good part to start
        now = jobs.status(folder)
        if now and now.state == wanted and message in now.message:
            return now
        time.sleep(0.04)
    raise AssertionError(f"never {wanted}: {now}")


BEGIN = "import time\nfrom explorer.jobs.process import reported\nfrom explorer.errors import ExplorerError\n"


def test_a_job_tells_its_progress_and_its_end(script: Path, tmp_path: Path) -> None:
    script.write_text(
        BEGIN + "def work(tell):\n tell(0.5, 'half way')\n while not __import__('os').path.exists('go'): "
        "time.sleep(0.02)\nimport os, sys\nos.chdir(sys.argv[1])\nreported(work)\n"
    )
    folder = tmp_path / "job"
    assert jobs.status(folder) is None
    jobs.start(folder, [str(tmp_path)])
    half = wait(folder, "running", "half way")
    assert half.fraction == 0.5
    assert half.seconds_left == pytest.approx(half.seconds)
    pid = read_json(folder / "job.json")
    jobs.start(folder, [str(tmp_path)])  # running already: nothing happens
    assert read_json(folder / "job.json") == pid
    (tmp_path / "go").touch()
    assert wait(folder, "done").fraction == 1


def test_an_error_reaches_the_page_as_its_sentence(script: Path, tmp_path: Path) -> None:
    script.write_text(BEGIN + "def work(tell):\n raise ExplorerError('The disk is full.')\nreported(work)\n")
    jobs.start(tmp_path / "job", [])
    assert wait(tmp_path / "job", "failed").message == "The disk is full."


def test_an_unforeseen_error_is_named_without_a_traceback(script: Path, tmp_path: Path) -> None:
    script.write_text(BEGIN + "def work(tell):\n 1 / 0\nreported(work)\n")
    jobs.start(tmp_path / "job", [])
    said = wait(tmp_path / "job", "failed").message
    assert "ZeroDivisionError" in said
    assert "Traceback" not in said
    assert "Traceback" in (tmp_path / "job" / "log.txt").read_text()


def test_a_killed_job_is_not_taken_for_a_running_one(script: Path, tmp_path: Path) -> None:
    script.write_text(BEGIN + "def work(tell):\n tell(0.3, 'counting')\n time.sleep(600)\nreported(work)\n")
    folder = tmp_path / "job"
    jobs.start(folder, [])
    wait(folder, "running", "counting")
    told = read_json(folder / "job.json")
    assert told is not None
    os.kill(told["pid"], signal.SIGKILL)
    assert "'counting'" in wait(folder, "failed").message


def test_another_process_with_the_same_number_is_not_the_job(tmp_path: Path) -> None:
    replace_json(tmp_path / "job.json", {"pid": os.getpid(), "started": time.time(), "born": 1.0})
    now = jobs.status(tmp_path)
    assert now is not None
    assert now.state == "failed"
    assert "start it again" in now.message


def test_stop_ends_it(script: Path, tmp_path: Path) -> None:
    script.write_text(BEGIN + "def work(tell):\n tell(0.3, 'counting')\n time.sleep(600)\nreported(work)\n")
    folder = tmp_path / "job"
    jobs.start(folder, [])
    wait(folder, "running", "counting")
    jobs.stop(folder)
    assert wait(folder, "stopped").message == "stopped"


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ExplorerError, match="could not be written"):
        jobs.start(tmp_path / "file" / "job", [])


def test_a_job_that_is_stopped_while_it_starts_was_stopped_and_has_not_failed(
    script: Path, tmp_path: Path
) -> None:
    script.write_text("import time\ntime.sleep(600)\n")  # as long as imports last, no handler is in place
    folder = tmp_path / "job"
    jobs.start(folder, [])
    wait(folder, "running", "starting")
    jobs.stop(folder)
    assert wait(folder, "stopped").message == "stopped"
    again = time.time()
    jobs.start(folder, [])  # and what was asked then does not hold for the next
    assert wait(folder, "running", "starting").seconds <= time.time() - again
    jobs.stop(folder)
    wait(folder, "stopped")
