"""Start the real app and a real browser: for the browser tests and the benchmarks."""

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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Page, sync_playwright

from scripts import browsers

ROOT = Path(__file__).resolve().parents[1]
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
    # Those that Playwright turns off, since the last such flag counts, and the page that Chromium loads for its own
    # address bar beside every page: a second of the processor's time.
    "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,OptimizationHints,"
    "PaintHolding,ThirdPartyStoragePartitioning,WebUIOmniboxPopup,WebUIOmniboxAimPopup",
]


class NotStartedError(RuntimeError):
    """The app or the browser could not be started; says why."""


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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def healthy(port: int, base: str = "") -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", f"{base}/_stcore/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def end(process: subprocess.Popen[bytes]) -> None:
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
def running(
    folder: Path, script: str | Path = "app.py", base: str = "", address: str = "127.0.0.1", **env: str
) -> Iterator[App]:
    """A server of the app, with `folder` for its log, data, runs and a copy of the shipped checkpoints.

    base: the path below which it is served, as "/lab". address: what it is bound to.

    Raises NotStartedError with its log.
    """
    shipped = folder / "checkpoints"
    if "EXPLORER_CHECKPOINTS" not in env:
        # A copy, so that what a test trains or deletes stays with it.
        shutil.copytree(ROOT / "checkpoints", shipped) if (ROOT / "checkpoints").is_dir() else shipped.mkdir()
    surroundings = os.environ | {
        "EXPLORER_DATA": str(folder / "data"),
        "EXPLORER_CHECKPOINTS": str(shipped),
        "EXPLORER_RUNS": str(folder / "runs"),
        "PYTHONUNBUFFERED": "1",
    }
    port = free_port()
    log_path = folder / "server.log"
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless", "true"]
    command += ["--server.port", str(port), "--server.address", address]
    command += ["--server.baseUrlPath", base] if base else []
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
    app = App(f"http://127.0.0.1:{port}{base}", log_path, process)
    try:
        deadline = time.monotonic() + START_TIMEOUT
        while not healthy(port, base):
            if process.poll() is not None:
                raise NotStartedError(f"The app ended before it could be used:\n{app.log}")
            if time.monotonic() > deadline:
                raise NotStartedError(f"The app did not start in {START_TIMEOUT:.0f} s:\n{app.log}")
            time.sleep(0.05)
        yield app
    finally:
        end(process)


WAIT = """(given) => new Promise((resolve, reject) => {
  const holds = %s, end = performance.now() + %d;
  const look = () => {
    try {
      if (holds(given)) resolve(true);
      else if (performance.now() > end) resolve(false);
      else requestAnimationFrame(look);
    } catch (error) { reject(error); }
  };
  look();
})"""


def wait_for(page: Page, condition: str, arg: Any = None, timeout: float = 30_000) -> None:
    """Wait, frame by frame, until a JavaScript expression, or function of `arg`, is true; `timeout` in milliseconds.

    Playwright's own `wait_for_function` evaluates a string in the page, which the app's security policy forbids.
    Raises TimeoutError.
    """
    function = condition if re.match(r"\s*(\([^()]*\)|\w+)\s*=>", condition) else f"() => ({condition})"
    deadline = time.monotonic() + timeout / 1000
    while time.monotonic() < deadline:
        left = 1000 * (deadline - time.monotonic())
        try:
            if page.evaluate(WAIT % (f"({function})", left), arg):
                return
        except Error as error:
            if (
                "context was destroyed" not in error.message
            ):  # another page has come; it may fulfil the condition
                raise
    raise TimeoutError(f"not within {timeout:.0f} ms: {condition}")


@contextmanager
def browsing(*flags: str) -> Iterator[Browser]:
    """A headless Chromium. Raises NotStartedError if there is none."""
    path = browsers.find(browsers.CHROMIUM)
    if path is None:
        raise NotStartedError("No Chromium was found: run ./test, or set EXPLORER_CHROMIUM to one.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])
        yield browser
        browser.close()
