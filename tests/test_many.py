"""Many of everything: trainings in the queue, servers on one folder, checkpoints, reruns of a page, lines of a log."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from websockets.asyncio.client import connect

from benchmarks.crowd import Session, check, told
from explorer import environment, jobs, store
from explorer.jobs import process
from explorer.live.choice import stored_models
from explorer.server.early.opening import opening
from explorer.ui.pages.gallery import groups
from scripts.driving import running
from tests import tiny
from tests.coroutines import run
from tests.test_jobs import BEGIN, END, script, wait

__all__ = ["script"]

TURN = """
import json, sys, time
from pathlib import Path
folder = Path(sys.argv[2])
said = json.loads((folder / "settings.json").read_text())["said"]
for what in ("begins", "ends"):
    with open(said, "a") as file:
        file.write(f"{folder.name} {what}\\n")
    time.sleep(0.02)
note = {"state": "done", "message": "done", "fraction": 1.0, "time": time.time()}
(folder / "progress.new").write_text(json.dumps(note))
(folder / "progress.new").replace(folder / "progress.json")
"""


@pytest.mark.slow
def test_fifty_trainings_and_two_servers_on_one_folder(script: Path, tmp_path: Path) -> None:
    """Each runs once, one at a time, in the order in which they were asked for."""
    script.write_text(TURN)
    said, names = tmp_path / "said.txt", [f"run-{n:02}" for n in range(50)]
    stop = tmp_path / "stop"
    servers = []
    for _ in range(2):
        if not (server := os.fork()):
            while not stop.exists():
                jobs.advance()
            os._exit(0)
        servers.append(server)
    try:
        for name in names:
            jobs.submit(jobs.job_folder("training", name), "train", {"said": str(said)})
        deadline = time.monotonic() + 240
        while jobs.active("training"):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        stop.touch()
        for server in servers:
            os.waitpid(server, 0)
    assert said.read_text().split("\n")[:-1] == [
        f"{name} {what}" for name in names for what in ("begins", "ends")
    ]


def test_the_queue_of_fifty_is_short_work(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_TRAININGS", "0")
    monkeypatch.setattr(jobs.queue, "capacity", lambda _: 0)
    folders = [jobs.job_folder("training", f"run-{n:02}") for n in range(50)]
    for folder in folders:
        jobs.submit(folder, "train", {})
    began = time.process_time()
    jobs.advance()
    assert [place.place for place in map(jobs.status, folders) if place] == list(range(50))
    assert time.process_time() - began < 1


def test_the_log_of_a_job_stays_short(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    print_much = """
from explorer.jobs import process
process.LOG_BYTES, process.LOG_CHECK_SECONDS = 100_000, 0.02
if not jobs.claim(folder): sys.exit()
def work():
    for n in range(200):
        print("x" * 9_990, n, flush=True)  # 2 MB in all
        time.sleep(0.005)
    print("the last line", flush=True)
    time.sleep(0.2)
    return {}
"""
    script.write_text(BEGIN + print_much + END)
    folder = jobs.job_folder("project", "one")
    jobs.submit(folder, "project", {})
    wait(folder, "done")
    log = folder / "log.txt"
    assert log.stat().st_size < 500_000
    assert log.read_text().endswith("the last line\n")
    assert log.read_text().startswith("...")
    assert "\0" not in log.read_text()


def test_a_log_is_shortened_from_its_beginning(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    log.write_text("short")
    process.shorten_log(log)
    assert log.read_text() == "short"
    log.write_bytes(b"a" * process.LOG_BYTES + b"the end")
    process.shorten_log(log)
    assert log.stat().st_size == process.LOG_BYTES // 2 + 4
    assert log.read_bytes().endswith(b"the end")


@pytest.mark.slow
def test_five_hundred_checkpoints_are_a_gallery_within_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the processor's time; three times that is allowed for a slow machine."""
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path))
    manifest, files = tiny.parts()
    for n in range(500):
        manifest["training"] |= {"seed": n}
        manifest["objective"] |= {"beta": n % 10 / 2}
        store.write(tmp_path / f"model-{n:03}", manifest, files)
    groups(stored_models()[0])  # imports
    began = time.process_time()
    shown = groups(stored_models()[0])
    payload = json.dumps([group.dump() for group in shown])
    took = time.process_time() - began
    assert sum(len(group.cards) for group in shown) == 500
    assert len(payload) < 2_000_000
    assert took < 3, f"{took:.2f} s"
    began = time.process_time()
    assert opening({"checkpoint": "model-250"})
    assert time.process_time() - began < 3


@pytest.mark.slow
def test_three_hundred_reruns_keep_nothing(tmp_path: Path) -> None:
    with running(tmp_path, **{environment.READ_ONLY: "1"}) as app:
        server = psutil.Process(app.process.pid)

        async def reruns() -> list[tuple[int, int]]:
            seen = []
            session = Session(1, "digits-vae-z2", 2)
            address = app.url.replace("http", "ws", 1) + "/_stcore/stream"
            async with connect(address, max_size=None, origin=app.url) as socket:  # type: ignore[arg-type]
                hashes: dict[str, Any] = {"kept": {}}
                for turn in range(350):
                    check(session, await told(socket, hashes, session, session.query))
                    if turn in (49, 349):
                        seen.append((server.memory_info().rss, server.num_fds()))
            return seen

        (before, files), (after, more) = run(reruns())
    assert more - files <= 2
    assert (after - before) / 2**20 < 25


@pytest.mark.slow
def test_visits_give_their_descriptors_back(tmp_path: Path) -> None:
    """When Streamlit forgets them, which it does at the next visit after two minutes, here after two seconds."""
    forget = {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "2"}
    with running(tmp_path, **forget, **{environment.READ_ONLY: "1"}) as app:
        server = psutil.Process(app.process.pid)

        async def visit() -> None:
            session = Session(1, "digits-vae-z2", 2)
            address = app.url.replace("http", "ws", 1) + "/_stcore/stream"
            async with connect(address, max_size=None, origin=app.url) as socket:  # type: ignore[arg-type]
                await told(socket, {"kept": {}}, session, session.query)

        run(visit())
        before = server.num_fds()
        for _ in range(10):
            run(visit())
        for _ in range(30):
            time.sleep(1)
            run(visit())
            if server.num_fds() <= before + 6:
                return
        pytest.fail(f"{server.num_fds()} descriptors, {before} before")
