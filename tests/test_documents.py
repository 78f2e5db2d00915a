"""The documents say what is there: their figures are the benchmarks', and what they name can be found."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import results, training
from scripts import tables

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = tables.documents()
ROOTS = {path.name for path in ROOT.iterdir()} - {"data", "runs"}
NAMES = [path.name for path in DOCUMENTS]


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_tables_are_what_the_benchmarks_found(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert tables.rendered(text) == text, "run python -m scripts.tables"


def test_every_table_is_shown_and_every_result_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = {block[2] for path in DOCUMENTS for block in tables.BLOCK.finditer(path.read_text("utf-8"))}
    assert shown == tables.TABLES.keys()
    asked: set[str] = set()
    result = tables.result

    def noted(name: str) -> dict[str, Any]:
        asked.add(name)
        return result(name)

    monkeypatch.setattr(tables, "result", noted)
    for table in tables.TABLES.values():
        table()
    assert asked == {path.stem for path in tables.RESULTS.glob("*.json")}


def test_what_is_not_measured_on_one_machine_shares_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    machines = {"a": "2 cores, no GPU", "b": "8 cores, no GPU"}
    monkeypatch.setattr(tables, "result", lambda name: {"date": "2026-11", "machine": machines[name]})
    assert tables.measured("a", "a") == "\n\n2 cores, no GPU; 2026-11."
    with pytest.raises(SystemExit, match="a, b were measured on 2 cores, no GPU and on 8 cores"):
        tables.measured("a", "b")


def test_a_benchmark_keeps_its_figures_with_date_and_machine(tmp_path: Path) -> None:
    results.keep(None, {})
    results.keep(tmp_path / "a.json", {"all": 13.912345, "runs": [1.0, 2], "torch": "no"})
    kept = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert kept["figures"] == {"all": 13.912, "runs": [1.0, 2], "torch": "no"}
    assert re.fullmatch(r"\d{4}-\d\d", kept["date"])
    assert re.fullmatch(r"\d+ cores, (no|a) GPU", kept["machine"])


def test_figures_of_a_race() -> None:
    rates = {"ours": [10.0, 20.0, 40.0], "bound": [5.0, 10.0, 20.0], "peak": [1e9, 3e9]}
    assert training.figures_of(rates, per_image=1e6) == {
        "ours": {"images per second": 20.0},
        "bound": {"images per second": 10.0, "ratio": 2.0},
        "peak": {"images per second": 3000.0, "GFLOP/s": 3.0},
    }


# --- names ---


def paths(text: str) -> Iterator[str]:
    """Paths in backticks that begin at the root of the project; patterns and places of a run's own are none."""
    for quoted in re.findall(r"`([^`\n]+)`", text):
        first = quoted.split("/")[0]
        if re.fullmatch(r"[\w./-]+", quoted) and first in ROOTS and ("/" in quoted or "." in first):
            yield quoted


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_paths_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [name for name in paths(text) if not (ROOT / name).exists()] == []
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    assert [
        name for name in links if not ((path.parent / name).exists() or (path.parent / f"{name}.md").exists())
    ] == []


def test_paths_in_the_picture_exist() -> None:
    text = (ROOT / "docs" / "architecture.svg").read_text(encoding="utf-8")
    named = set(re.findall(r"explorer/[\w./]*", text))
    rooms = {f"explorer/{path.parent.name}/" for path in (ROOT / "explorer").glob("*/__init__.py")}
    # metrics and reports stand beside latents
    assert rooms - named == {"explorer/shipped/", "explorer/metrics/", "explorer/reports/"}
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_python_names_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    names = set(re.findall(r"\b((?:explorer|benchmarks|scripts)(?:\.[A-Za-z_]\w*)+)", text))
    names = {name for name in names if not name.endswith((".py", ".json"))}
    for module, imported in re.findall(r"from (explorer[\w.]*) import (\w+)", text):
        names.add(f"{module}.{imported}")
    assert [name for name in sorted(names) if not exists(name)] == []


def exists(name: str) -> bool:
    """Whether this is a module, or something in one."""
    module, _, attribute = name.rpartition(".")
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        try:
            return hasattr(importlib.import_module(module), attribute)
        except ModuleNotFoundError:
            return False
    return True


def test_the_map_of_the_readme_names_every_room() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rooms = {path.parent.name for path in (ROOT / "explorer").glob("*/__init__.py")}
    assert [room for room in sorted(rooms) if f"| `explorer/{room}/` |" not in text] == []


def test_every_threat_names_its_tests() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 15
    for row in rows:
        who, can, stops, tests = (cell.strip() for cell in row.strip("|").split(" | "))
        assert who
        assert can
        assert stops
        named = re.findall(r"`(tests/[\w/]+\.py)`", tests)
        assert named, row
        for name in named:
            assert re.search(r"^def test_", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE), name
