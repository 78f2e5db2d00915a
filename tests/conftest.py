"""What holds for every test: few threads, reproducible examples, and folders of its own."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Set before anything imports torch or numpy. Small arrays gain nothing from many threads, and test
# processes side by side (pytest -n) would fight for the cores.
for _name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

# A first example may wait for an import of seconds, and any of them for a busy machine.
patient: Any = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("desk", **patient)
settings.register_profile("ci", derandomize=True, print_blob=True, **patient)
settings.load_profile("ci" if os.environ.get("CI") else "desk")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def _folders_of_the_session(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Fixtures wider than one test share folders, which are not those of the person at the desk."""
    base = tmp_path_factory.mktemp("session")
    os.environ["EXPLORER_DATA"] = str(base / "data")
    os.environ["EXPLORER_CHECKPOINTS"] = str(base / "checkpoints")


@pytest.fixture(autouse=True)
def _folders_of_the_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a data folder and a checkpoint folder of its own, which do not exist yet."""
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path / "checkpoints"))


@pytest.fixture(autouse=True)
def _the_main_module_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is tested in this process becomes its `__main__`, which processes started later would run."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def shipped_checkpoints(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the test see the checkpoints that come with the project; returns their folder. Read them only."""
    folder = ROOT / "checkpoints"
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(folder))
    return folder
