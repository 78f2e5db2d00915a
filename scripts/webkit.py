"""Print the path of WebKit's driver for the browser tests; install Debian's WebKitGTK where there is none and we may.

WebKit is Safari's engine. Playwright drives only a WebKit build of its own, so `Driver` speaks the W3C's WebDriver
protocol with WebKitGTK's driver (https://www.w3.org/TR/webdriver2/), as far as the tests need it. WebKit has no
headless mode: `COMMAND` runs a command on a display of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGES = ("webkit2gtk-driver", "xvfb", "xauth", "dbus", "libegl1", "libgles2", "libgl1-mesa-dri")
COMMAND = ("dbus-run-session", "--", "xvfb-run", "-a", "-s", "-screen 0 1600x1200x24")
KEYS = {"ArrowLeft": "\ue012", "ArrowRight": "\ue014", "Escape": "\ue00c", "PageDown": "\ue00f"}


def find() -> str | None:
    """The path of WebKit's driver, or None where anything that it needs is missing. `EXPLORER_WEBKIT` overrules the
    search."""
    driver = os.environ.get("EXPLORER_WEBKIT") or shutil.which("WebKitWebDriver")
    return driver if driver and all(map(shutil.which, (COMMAND[0], COMMAND[2]))) and _browser() else None


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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen([path, f"--port={port}"], start_new_session=True)
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


def install() -> None:
    """Install the system's packages, as root on Debian; do nothing elsewhere."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    for command in (
        ["apt-get", "update"],
        ["apt-get", "install", "-y", "--no-install-recommends", *PACKAGES],
    ):
        # Standard output is kept for the path.
        subprocess.run(command, stdout=sys.stderr, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


def main() -> int:
    path = find()
    if path is None and "EXPLORER_WEBKIT" not in os.environ:
        install()
        path = find()
    if path is None:
        print("No WebKit was found or installed; its tests are skipped.", file=sys.stderr)
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
