"""A real app in a real browser.

- `app_url`: the address of one server of the app, shared by all tests that do not change its state.
- `serve(script="app.py", **env)`: a server of the test's own, with environment variables of its own.
- `start_app`: the same as a context manager, for fixtures wider than one test.
- `page`: a fresh page in a context that all tests share, so that scripts come from its cache, compiled; what pages
  store is deleted after each test. With `@pytest.mark.cold_cache` the context is the test's own.
- `new_page(**options)`: a page in a context of its own, with options of Playwright's `browser.new_context`.

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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from scripts.driving import App, browsing, running
from tests.browser.waiting import PATIENCE

SLOWER = float(os.environ.get("EXPLORER_SLOW_BROWSER", "1"))
expect.set_options(timeout=1000 * PATIENCE)
_outcome = pytest.StashKey[pytest.TestReport]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "page_errors(pattern): messages in the browser's console to allow")
    config.addinivalue_line("markers", "cold_cache: `page` is opened in a browser context of its own")


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
    flags = [
        "--host-resolver-rules=MAP evil.example 127.0.0.1",  # an attacker's own name
        "--use-fake-device-for-media-stream",  # a camera
    ]
    with browsing(*flags) as browser:
        yield browser


def _told(said: ConsoleMessage) -> str:
    """An error in the console, with the address that it is about."""
    return f"{said.text} ({said.location.get('url') or 'no address'})"


VIEWPORT: Any = {"viewport": {"width": 1280, "height": 800}}
STORES = "cookies,local_storage,indexeddb,cache_storage,service_workers"


@pytest.fixture(scope="session")
def warm_context(browser: Browser) -> BrowserContext:
    """The context whose cache the tests share."""
    return browser.new_context(**VIEWPORT)


@dataclass
class Pages:
    """The pages of one test, and what they reported."""

    browser: Browser
    warm: BrowserContext
    contexts: list[BrowserContext] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    origins: set[str] = field(default_factory=set)

    def new(self, **options: Any) -> Page:
        """A page in a context of its own."""
        context = self.browser.new_context(**(VIEWPORT | options))
        self.contexts.append(context)
        return self._watch(context.new_page())

    def share(self) -> Page:
        """A page in the shared context."""
        page = self._watch(self.warm.new_page())
        page.on("framenavigated", lambda frame: self.origins.add(frame.url))
        return page

    def all(self) -> list[Page]:
        return [page for context in (self.warm, *self.contexts) for page in context.pages]

    def close(self) -> None:
        """Close all pages and delete what those of the shared context have stored."""
        for context in self.contexts:
            context.close()
        self.warm.set_offline(False)
        if self.warm.pages:
            session = self.warm.new_cdp_session(self.warm.pages[0])
            for origin in {
                urlsplit(url)._replace(path="", query="", fragment="").geturl() for url in self.origins
            }:
                if origin.startswith("http"):
                    session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": STORES})
        for page in self.warm.pages:
            page.close()

    def _watch(self, page: Page) -> Page:
        if SLOWER > 1:
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.on("console", lambda said: self.errors.append(_told(said)) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        return page


@pytest.fixture
def pages(
    browser: Browser,
    warm_context: BrowserContext,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    serve: Serve,
) -> Iterator[Pages]:
    """See the head of this file for what is checked at the end.

    It depends on `serve` only so that pages are closed before the servers that it started end.
    """
    pages = Pages(browser, warm_context)
    yield pages
    report = request.node.stash.get(_outcome, None)
    shots = []
    if report is not None and report.failed:
        for number, page in enumerate(pages.all()):
            shots.append(tmp_path / f"page-{number}.png")
            page.screenshot(path=shots[-1])
    pages.close()
    marker = request.node.get_closest_marker("page_errors")
    unexpected = [e for e in pages.errors if marker is None or not re.search(marker.args[0], e)]
    said = "\n".join(["The browser reported:", *unexpected]) if unexpected else ""
    if shots:
        pytest.fail("\n".join([*(f"Screenshot: {shot}" for shot in shots), said]).strip(), pytrace=False)
    if unexpected:
        pytest.fail(said, pytrace=False)


@pytest.fixture
def new_page(pages: Pages) -> Callable[..., Page]:
    """Open a page in a context of its own."""
    return pages.new


@pytest.fixture
def page(pages: Pages, request: pytest.FixtureRequest) -> Page:
    return pages.new() if request.node.get_closest_marker("cold_cache") else pages.share()
