"""The fixtures of this folder, on a page of three lines."""

from __future__ import annotations

import http.client
import os
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from scripts.driving import NotStartedError
from tests.browser.waiting import PATIENCE

pytest_plugins = ["pytester"]

SCRIPT = """
import os, subprocess
import streamlit as st

child = st.cache_resource(lambda: subprocess.Popen(["sleep", "300"]))()
if st.button("Greet"):
    st.write(f"Hello {os.environ['GUEST']}, child {child.pid}.")
st.write("Data in " + os.environ["EXPLORER_DATA"])
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "tiny page.py"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


def _answers(url: str) -> bool:
    parts = urlsplit(url)
    assert parts.hostname
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=5)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except OSError:
        return False


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_a_served_page_answers_and_ends_with_its_children(
    start_app: Callable, page: Page, script: Path, tmp_path: Path
) -> None:
    with start_app(script, GUEST="Ada", EXPLORER_DATA=str(tmp_path / "elsewhere")) as app:
        page.goto(app.url)
        expect(page.get_by_text(f"Data in {tmp_path / 'elsewhere'}")).to_be_visible()
        page.get_by_role("button", name="Greet").click()
        greeting = page.get_by_text("Hello Ada, child")
        expect(greeting).to_be_visible()
        child = int(greeting.inner_text().rstrip(".").split()[-1])
        assert _answers(app.url)
        assert app.url.startswith("http://127.0.0.1:")
        assert app.url.split(":")[-1] in app.log
        if Path("/proc/self").exists():
            assert _alive(child)
        page.goto("about:blank")
    assert not _answers(app.url)
    assert app.process.poll() is not None
    deadline = time.monotonic() + PATIENCE
    while _alive(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(child)


@pytest.mark.slow
def test_two_servers_at_once(serve: Callable, new_page: Callable[..., Page], script: Path) -> None:
    apps = [serve(script, GUEST=guest) for guest in ("Ada", "Bo")]
    for app, guest in zip(apps, ("Ada", "Bo"), strict=True):
        page = new_page(color_scheme="dark")
        page.goto(app.url)
        page.get_by_role("button", name="Greet").click()
        expect(page.get_by_text(f"Hello {guest}")).to_be_visible()


def test_both_themes_come_from_the_settings(
    serve: Callable, new_page: Callable[..., Page], script: Path
) -> None:
    app = serve(script)
    for scheme, background in (("light", "rgb(251, 252, 252)"), ("dark", "rgb(13, 15, 16)")):
        page = new_page(color_scheme=scheme)
        page.goto(app.url)
        expect(page.get_by_role("button", name="Greet")).to_be_visible()
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", background)


def test_a_server_that_cannot_start_says_why(serve: Callable, tmp_path: Path) -> None:
    with pytest.raises(NotStartedError, match=r"nowhere\.py"):
        serve(tmp_path / "nowhere.py")


INNER = """
import pytest

def test_quiet(page):
    page.goto("data:text/html,<p>Hello")
    assert page.inner_text("p") == "Hello"

def test_console(page):
    page.goto("data:text/html,<script>console.error('one went wrong')</script>")

def test_uncaught(page):
    page.goto("data:text/html,<script>throw Error('two went wrong')</script>")

@pytest.mark.page_errors("went wrong")
def test_expected(page):
    page.goto("data:text/html,<script>console.error('three went wrong')</script>")

@pytest.mark.page_errors("went wrong")
def test_other_than_expected(page):
    page.goto("data:text/html,<script>console.error('four broke')</script>")

def test_failing(page):
    page.goto("data:text/html,<p>Hello")
    assert page.inner_text("p") == "Goodbye"
"""


def test_errors_in_the_browser_fail_the_test(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Path(__file__).resolve().parents[2]
    monkeypatch.setenv("PYTHONPATH", str(root))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makepyfile(INNER)
    result = pytester.runpytest_subprocess("-p", "tests.browser.conftest", "--strict-markers", "-rA")
    result.assert_outcomes(passed=5, failed=1, errors=4)
    out = result.stdout.str()
    for name, message in (("console", "one went"), ("uncaught", "two went"), ("other_than", "four broke")):
        assert message in out, name
    assert "three went wrong" not in out
    shots = [line.split(": ", 1)[1] for line in out.splitlines() if line.startswith("Screenshot: ")]
    assert len(shots) == 1
    assert Path(shots[0]).read_bytes().startswith(b"\x89PNG")
    assert os.path.getsize(shots[0]) > 1000
