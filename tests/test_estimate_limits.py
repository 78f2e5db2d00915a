"""Estimates begin without a click: what they may take."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from explorer import jobs
from explorer.cli import train_command
from explorer.data import limits, upload
from tests.test_jobs import wait

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits are the kernel's")

PROGRAM = """
import sys, time
from pathlib import Path
from explorer import jobs
from explorer.cli import main as command_line, train_command
{change}
folder = Path(sys.argv[-1])
jobs.claim(folder)
sys.exit(command_line.main(sys.argv[1:]))
"""


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Path]:
    """The real command in a process of its own, with a line that changes it."""
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    script, real = tmp_path / "job.py", subprocess.Popen

    def popen(command: list[str], **options: object) -> object:
        return real([sys.executable, str(script), *command[3:]], **options)  # type: ignore[call-overload]

    monkeypatch.setattr(jobs.process.subprocess, "Popen", popen)
    monkeypatch.setenv("PYTHONPATH", str(Path(jobs.__file__).parents[2]))

    def estimate(change: str, **settings: object) -> Path:
        script.write_text(PROGRAM.format(change=change))
        folder = jobs.job_folder("estimate", "one")
        jobs.submit(folder, "estimate", settings)
        return folder

    return estimate


def test_an_estimate_keeps_within_its_limits(limited: Callable[..., Path]) -> None:
    folder = limited("")
    wait(folder, "done")
    assert (jobs.result(folder) or {})["images"] > 1000


def test_an_estimate_that_takes_too_long_is_ended(limited: Callable[..., Path]) -> None:
    folder = limited(
        "from explorer.training import estimate\n"
        "estimate.measure = lambda config: sum(range(10**12))  # it holds the interpreter\n"
        "train_command.ESTIMATE_SECONDS = 1.0"
    )
    now = wait(folder, "failed")
    assert now.silent
    assert now.seconds < 60


def test_an_estimate_that_needs_too_much_memory_says_so(limited: Callable[..., Path], tmp_path: Path) -> None:
    np.savez(tmp_path / "own.npz", images=np.zeros((40_000, 128, 128), np.uint8))  # 655 MB
    folder = limited(
        "import psutil, torch, explorer.training.estimate\n"
        "train_command.estimate_memory = lambda: psutil.Process().memory_info().vms + (500 << 20)",
        data=str(tmp_path / "own.npz"),
    )
    now = wait(folder, "failed")
    assert "more memory than it may have: choose fewer or smaller images" in now.message


def test_what_an_estimate_may_take_suffices_for_the_largest_images() -> None:
    assert train_command.estimate_memory() > limits.MAX_BYTES
    assert train_command.ESTIMATE_SECONDS <= upload.MAX_SECONDS
