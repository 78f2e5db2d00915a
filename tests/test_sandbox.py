"""Children with limits: whatever they are made to do, the server goes on, and the next question is answered."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
import pytest

from explorer.errors import ExplorerError
from explorer.sandbox import LimitError, Sandbox

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits are the kernel's")


@pytest.fixture
def child() -> Iterator[Sandbox]:
    with Sandbox("tests.sandbox_handlers:act", memory=1 << 30) as it:
        yield it


def test_a_child_answers_again_and_again(child: Sandbox) -> None:
    first, data = child.ask({"what": "print"}, b"abc" * 100_000)
    assert data == b"cba" * 100_000
    second, _ = child.ask({"what": "nothing"})
    assert first["pid"] == second["pid"] != os.getpid()
    with pytest.raises(ExplorerError, match=r"^No\.$"):
        child.ask({"what": "refuse"})
    child.close()
    assert not psutil.pid_exists(first["pid"])


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("fill", "more memory"),
        ("fill behind Python's back", "exit status -11"),
        ("sleep", "longer than 1 s"),
        ("hold the interpreter", "longer than 1 s"),
        ("crash", "exit status -11"),
    ],
)
def test_what_reaches_a_limit_ends_alone(child: Sandbox, what: str, reason: str) -> None:
    began, before = time.monotonic(), psutil.Process().memory_info().rss
    with pytest.raises(LimitError, match=reason):
        child.ask({"what": what}, seconds=1)
    assert time.monotonic() - began < 8
    assert psutil.Process().memory_info().rss - before < 50 << 20
    child.ask({"what": "nothing"})  # anew


def test_a_child_ends_with_its_time_though_its_server_is_gone() -> None:
    program = (
        "import threading, os, time\n"
        "from explorer.sandbox import Sandbox\n"
        "child = Sandbox('tests.sandbox_handlers:act')\n"
        "print(child.ask({'what': 'nothing'})[0]['pid'], flush=True)\n"
        "threading.Thread(target=child.ask, args=({'what': 'hold the interpreter'}, b'', 3)).start()\n"
        "time.sleep(0.5)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    server = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=False)
    assert server.returncode == -9
    orphan = int(server.stdout)
    for _ in range(80):
        if not psutil.pid_exists(orphan) or psutil.Process(orphan).status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.1)
    psutil.Process(orphan).kill()
    pytest.fail("it went on")
