"""Drive WebKit, Safari's engine, in the browser tests.

Playwright drives only a WebKit build of its own, so this speaks the W3C's WebDriver protocol with the driver of
Debian's WebKitGTK (https://www.w3.org/TR/webdriver2/), as far as the tests need it. WebKit has no headless mode:
`COMMAND` runs a command on a display of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.driving import free_port

COMMAND = ("dbus-run-session", "--", "xvfb-run", "-a", "-s", "-screen 0 1600x1200x24")
# With several threads painting by OpenGL in software, Mesa's driver crashes now and then, and the page with it.
ON_THE_CPU = {"WEBKIT_SKIA_ENABLE_CPU_RENDERING": "1", "WEBKIT_DISABLE_COMPOSITING_MODE": "1"}
KEYS = {"ArrowLeft": "\ue012", "ArrowRight": "\ue014", "Escape": "\ue00c", "PageDown": "\ue00f"}


def _browser() -> Path | None:
    """The bare browser that is packaged with the library."""
    return next(iter(sorted(Path("/usr/lib").glob("*/webkit2gtk-4*/MiniBrowser"))), None)


@dataclass(frozen=True)
class Driver:
    """A WebKit with one window."""

    address: str  # of its session

    def go(self, url: str) -> None:
        self._ask("POST", "/url", {"url": url})

    def run(self, script: str, *args: Any) -> Any:
        """What the body of a JavaScript function returns on the page."""
        return self._ask("POST", "/execute/sync", {"script": script, "args": list(args)})

    def press(self, key: str) -> None:
        """Press and release a key, by the name that it has in JavaScript."""
        value = KEYS.get(key, key)
        strokes = [{"type": kind, "value": value} for kind in ("keyDown", "keyUp")]
        self._ask("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": strokes}]})

    def screenshot(self) -> str:
        """A PNG of the window, as base64."""
        return str(self._ask("GET", "/screenshot"))

    def _ask(self, method: str, command: str, body: dict[str, Any] | None = None) -> Any:
        return ask(method, self.address + command, body)


def ask(method: str, url: str, body: dict[str, Any] | None = None) -> Any:
    """The value that a driver answers. Raises RuntimeError with its error."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        url, data, {"Content-Type": "application/json; charset=utf-8"}, method=method
    )
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as error:
        told = json.load(error)["value"]
        raise RuntimeError(f"{told['error']}: {told['message']}") from None


@contextmanager
def driving(path: str, width: int, height: int) -> Iterator[Driver]:
    """A WebKit of this window size; needs a display."""
    port = free_port()
    process = subprocess.Popen([path, f"--port={port}"], env=os.environ | ON_THE_CPU, start_new_session=True)
    base = f"http://127.0.0.1:{port}"
    try:
        _wait(base)
        options = {"binary": str(_browser()), "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        session = ask("POST", f"{base}/session", wanted)["sessionId"]
        driver = Driver(f"{base}/session/{session}")
        try:
            ask("POST", f"{driver.address}/window/rect", {"x": 0, "y": 0, "width": width, "height": height})
            yield driver
        finally:
            ask("DELETE", driver.address)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(base: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            if ask("GET", f"{base}/status")["ready"]:
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.1)
