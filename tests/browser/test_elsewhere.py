"""Pages in Firefox and in WebKit. Each is skipped where that browser is not there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from explorer import store
from explorer.export import html_page
from explorer.shipped.story import story
from explorer.ui.parts import scene_views
from scripts import browsers, webkit
from tests.browser.elsewhere import PAGES

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = {"firefox": browsers.FIREFOX, "webkit": browsers.WEBKIT}
ON_ITS_DISPLAY: dict[str, Sequence[str]] = {"firefox": (), "webkit": webkit.COMMAND}
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=BROWSERS)
def browser_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if browsers.find(BROWSERS[name]) is None:
        pytest.skip(f"no {name}: run ./test as root on Debian, or set EXPLORER_{name.upper()}")
    return name


def works(name: str, page: str, address: str, folder: Path) -> None:
    python = [
        sys.executable,
        "-m",
        f"tests.browser.in_{name}",
        str(browsers.find(BROWSERS[name])),
        page,
        address,
    ]
    env = os.environ | {"NODE_OPTIONS": f"--require {browsers.SHIM}", "PYTHONPATH": str(ROOT)}
    command = [*ON_ITS_DISPLAY[name], *python]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0, f"{done.stderr[-3000:]}\nScreenshots are in {folder}."


@pytest.mark.parametrize("page", PAGES)
def test_a_page(browser_name: str, page: str, app_url: str, tmp_path: Path) -> None:
    works(browser_name, page, app_url, tmp_path)


def test_the_exported_story(browser_name: str, shipped_checkpoints: Path, tmp_path: Path) -> None:
    found = {c.name: c for c in store.list_checkpoints(shipped_checkpoints)[0]}
    views = [scene_views.view(scene, found) for scene in story(list(found.values()))]
    file = tmp_path / "story.html"
    file.write_bytes(html_page.page(views, "The story"))
    works(browser_name, "present", file.as_uri(), tmp_path)
