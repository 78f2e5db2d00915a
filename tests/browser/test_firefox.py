"""Pages in Firefox: each opens, decodes and answers to a key. Skipped where there is no Firefox."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from explorer import store
from explorer.export import html_page
from explorer.shipped.story import story
from explorer.ui.parts import scene_views
from scripts import browsers
from tests.browser.in_firefox import PAGES

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def path() -> str:
    found = browsers.find(browsers.FIREFOX)
    if found is None:
        pytest.skip("no Firefox: run ./test as root on Debian, or set EXPLORER_FIREFOX")
    return found


def works(path: str, page: str, address: str, folder: Path) -> None:
    command = [sys.executable, "-m", "tests.browser.in_firefox", path, page, address]
    env = os.environ | {"NODE_OPTIONS": f"--require {browsers.SHIM}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, f"{done.stderr[-3000:]}\nScreenshots are in {folder}."


@pytest.mark.parametrize("page", PAGES)
def test_a_page(path: str, page: str, app_url: str, tmp_path: Path) -> None:
    works(path, page, app_url, tmp_path)


def test_the_exported_story(path: str, shipped_checkpoints: Path, tmp_path: Path) -> None:
    found = {c.name: c for c in store.list_checkpoints(shipped_checkpoints)[0]}
    views = [scene_views.view(scene, found) for scene in story(list(found.values()))]
    file = tmp_path / "story.html"
    file.write_bytes(html_page.page(views, "The story"))
    works(path, "present", file.as_uri(), tmp_path)
