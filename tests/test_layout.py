"""The layout that a reader relies on: module names are unique, rooms are few and modules are short.

What may import what is checked by import-linter (pyproject.toml).
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

EXPLORER = Path(__file__).resolve().parents[1] / "explorer"
MODULES = [path for path in EXPLORER.rglob("*.py") if "node_modules" not in path.parts]
SCRIPTS = [*(EXPLORER / "live" / "frontend" / "src").rglob("*.ts")]


def test_no_two_modules_share_a_name() -> None:
    stems = Counter(path.stem for path in MODULES if not path.stem.startswith("__"))
    assert [stem for stem, count in stems.items() if count > 1] == []


def test_at_most_eight_modules_lie_beside_the_packages() -> None:
    beside = [path.name for path in EXPLORER.glob("*.py") if not path.stem.startswith("__")]
    assert len(beside) <= 8, beside


def test_no_module_is_longer_than_300_lines() -> None:
    generated = "schema.ts"
    lines = {
        path.relative_to(EXPLORER): len(path.read_text(encoding="utf-8").splitlines())
        for path in MODULES + SCRIPTS
        if path.name != generated
    }
    assert {path: count for path, count in lines.items() if count > 300} == {}
