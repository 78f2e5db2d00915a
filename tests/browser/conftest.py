"""A real app in a real browser.

- `app_url`: the address of one server of the app, shared by all tests that do not change its state.
- `serve(script="app.py", **env)`: a server of the test's own, with environment variables of its own.
- `start_app`: the same as a context manager, for fixtures wider than one test.
- `page`: a fresh page in a fresh context. `new_page(**options)` opens more, with options of Playwright's
  `browser.new_context`.

Pages are closed before any server of the test ends: a page that loses its server says so in its console.

A test fails if a page logged an error to its console or left an exception uncaught, unless the test is
marked `@pytest.mark.page_errors("regular expression")` and every such message matches. A failing test leaves
screenshots in its temporary folder and says where, with what the pages logged.

How fast the machine is must not matter: wait for conditions (`expect`, `waiting.py`), not for times. With
EXPLORER_SLOW_BROWSER=6 every page runs six times slower, which shows where a test does not.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from scripts.driving import App, browsing, running
from tests.browser.waiting import PATIENCE

SLOWER = float(os.environ.get("EXPLORER_SLOW_BROWSER", "1"))
expect.set_options(timeout=1000 * PATIENCE)
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

StartApp = Callable[..., AbstractContextManager[App]]
Serve = Callable[..., App]


@pytest.fixture(scope="session")
def start_app(tmp_path_factory: pytest.TempPathFactory) -> StartApp:
    """`with start_app(script="app.py", **env) as app`: a server for as long as the block lasts."""

    def start(script: str | Path = "app.py", **env: str) -> AbstractContextManager[App]:
        return running(tmp_path_factory.mktemp("app"), script, **env)

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
def browser() -> Iterator[Browser]:
    with browsing("--host-resolver-rules=MAP evil.example 127.0.0.1") as browser:  # an attacker's own name
        yield browser


def _told(said: ConsoleMessage) -> str:
    """An error in the console, with the address that it is about."""
    return f"{said.text} ({said.location.get('url') or 'no address'})"


@pytest.fixture
def new_page(
    browser: Browser, request: pytest.FixtureRequest, tmp_path: Path, serve: Serve
) -> Iterator[Callable[..., Page]]:
    """Open a page in a context of its own; see the head of this file for what is checked at the end.

    It depends on `serve` only so that pages are closed before the servers that it started end.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | options))
        contexts.append(context)
        page = context.new_page()
        if SLOWER > 1:
            context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.on("console", lambda said: errors.append(_told(said)) if said.type == "error" else None)
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
