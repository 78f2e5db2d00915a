"""A real app in a real browser.

- `app_url`: the address of one server of the app, shared by all tests that do not change its state.
- `serve(script="app.py", **env)`: a server of the test's own, with environment variables of its own.
- `start_app`: the same as a context manager, for fixtures wider than one test.
- `page`: a fresh page in a fresh context. `new_page(**options)` opens more, with options of Playwright's
  `browser.new_context`.

A test fails if a page logged an error to its console or left an exception uncaught, unless the test is
marked `@pytest.mark.page_errors("regular expression")` and every such message matches. A failing test leaves
screenshots in its temporary folder and says where, with what the pages logged.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from scripts import chromium

ROOT = Path(__file__).resolve().parents[2]
START_TIMEOUT = 90.0  # seconds; the first import of torch on a cold disk takes long

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

_outcome = pytest.StashKey[pytest.TestReport]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "page_errors(pattern): messages in the browser's console to allow")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[_outcome] = report
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


# --- the server ---


@dataclass(frozen=True)
class App:
    """A running server."""

    url: str  # without a slash at the end
    log_path: Path
    process: subprocess.Popen[bytes]

    @property
    def log(self) -> str:
        """What the server has printed so far."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and what it started in its group."""
    for kind in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, kind)
        except ProcessLookupError:
            break
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            continue
    process.wait()


@contextmanager
def _running(folder: Path, script: str | Path = "app.py", **env: str) -> Iterator[App]:
    shipped = folder / "checkpoints"
    if "EXPLORER_CHECKPOINTS" not in env:
        # A copy, so that what a test trains or deletes stays with it.
        shutil.copytree(ROOT / "checkpoints", shipped) if (ROOT / "checkpoints").is_dir() else shipped.mkdir()
    surroundings = os.environ | {
        "EXPLORER_DATA": str(folder / "data"),
        "EXPLORER_CHECKPOINTS": str(shipped),
        "PYTHONUNBUFFERED": "1",
    }
    port = _free_port()
    log_path = folder / "server.log"
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless", "true"]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=surroundings | env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    app = App(f"http://127.0.0.1:{port}", log_path, process)
    try:
        deadline = time.monotonic() + START_TIMEOUT
        while not _healthy(port):
            if process.poll() is not None:
                pytest.fail(f"The app ended before it could be used:\n{app.log}", pytrace=False)
            if time.monotonic() > deadline:
                pytest.fail(f"The app did not start in {START_TIMEOUT:.0f} s:\n{app.log}", pytrace=False)
            time.sleep(0.05)
        yield app
    finally:
        _end(process)


StartApp = Callable[..., AbstractContextManager[App]]
Serve = Callable[..., App]


@pytest.fixture(scope="session")
def start_app(tmp_path_factory: pytest.TempPathFactory) -> StartApp:
    """`with start_app(script="app.py", **env) as app`: a server for as long as the block lasts."""

    def start(script: str | Path = "app.py", **env: str) -> AbstractContextManager[App]:
        return _running(tmp_path_factory.mktemp("app"), script, **env)

    return start


@pytest.fixture
def serve(start_app: StartApp) -> Iterator[Serve]:
    """Start a server of the test's own; it ends with the test."""
    with ExitStack() as stack:

        def start(script: str | Path = "app.py", **env: str) -> App:
            return stack.enter_context(start_app(script, **env))

        yield start


@pytest.fixture(scope="session")
def app_url(start_app: StartApp) -> Iterator[str]:
    """The address of the shared server."""
    with start_app() as app:
        yield app.url


# --- the browser ---


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = chromium.find()
    if path is None:
        pytest.fail("No Chromium was found: run ./test, or set EXPLORER_CHROMIUM to one.", pytrace=False)
    return path


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(
    browser: Browser, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[..., Page]]:
    """Open a page in a context of its own; see the head of this file for what is checked at the end."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | options))
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_page

    report = request.node.stash.get(_outcome, None)
    shots = []
    for number, page in enumerate(page for context in contexts for page in context.pages):
        if report is not None and report.failed:
            shots.append(tmp_path / f"page-{number}.png")
            page.screenshot(path=shots[-1])
    for context in contexts:
        context.close()
    marker = request.node.get_closest_marker("page_errors")
    unexpected = [e for e in errors if marker is None or not re.search(marker.args[0], e)]
    said = "\n".join(["The browser reported:", *unexpected]) if unexpected else ""
    if shots:
        pytest.fail("\n".join([*(f"Screenshot: {shot}" for shot in shots), said]).strip(), pytrace=False)
    if unexpected:
        pytest.fail(said, pytrace=False)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()
