"""The requirements files say exactly what the project imports, and it can be imported."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINE = re.compile(r"([A-Za-z0-9._-]+)==(\S+) +# \S.*")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(name: str) -> dict[str, str]:
    """Distribution -> version; fails on a line that pins nothing or does not say why it is there."""
    found = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "-r ")):
            match = LINE.fullmatch(line)
            assert match, line
            found[canonical(match[1])] = match[2]
    return found


@cache
def distributions() -> dict[str, set[str]]:
    """Module -> the installed distributions that bring it."""
    return {m: {canonical(d) for d in ds} for m, ds in metadata.packages_distributions().items()}


def imported(path: Path) -> set[str]:
    """The top-level names of what a source file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_what_is_pinned_is_installed(name: str) -> None:
    wanted = pins(name)
    assert wanted == {distribution: metadata.version(distribution) for distribution in wanted}


def test_everything_the_app_imports_is_required() -> None:
    own = {"explorer", *sys.stdlib_module_names}
    wanted = set(pins("requirements.txt"))
    missing = {
        (module, str(path.relative_to(ROOT)))
        for path in (*ROOT.glob("*.py"), *ROOT.glob("explorer/**/*.py"))
        if "node_modules" not in path.parts
        for module in imported(path) - own
        if not distributions().get(module, set()) & wanted
    }
    assert not missing


@pytest.mark.slow
def test_everything_required_can_be_imported() -> None:
    wanted = set(pins("requirements.txt"))
    modules = sorted(
        m for m, ds in distributions().items() if ds & wanted and m.isidentifier() and m[0] != "_"
    )
    assert {"streamlit", "torch", "torchvision", "sklearn", "umap", "PIL"} <= set(modules)
    script = f"import importlib\nfor m in {modules}: importlib.import_module(m)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
