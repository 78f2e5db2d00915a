"""Print the path of a Chromium, a Firefox or WebKit's driver for the browser tests; install one where there is none.

python scripts/browsers.py chromium
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Kind(NamedTuple):
    """version: a word that `option` prints. commands: what it may be called, best first. package: Debian's, for
    apt-get. variable: the environment variable that names one, which overrules the search. needs: other commands
    without which it is of no use."""

    title: str
    version: str
    commands: tuple[str, ...]
    package: tuple[str, ...]
    variable: str
    needs: tuple[str, ...] = ()
    option: str = "--version"


CHROMIUM_COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = Kind("Chromium or Chrome", "Chrom", CHROMIUM_COMMANDS, ("chromium",), "EXPLORER_CHROMIUM")
FIREFOX_PACKAGE = ("--no-install-recommends", "firefox-esr")
FIREFOX = Kind("Firefox", "Firefox", ("firefox-esr", "firefox"), FIREFOX_PACKAGE, "EXPLORER_FIREFOX")
GRAPHICS = ("libegl1", "libgles2", "libgl1-mesa-dri")
WEBKIT_PACKAGE = ("--no-install-recommends", "webkit2gtk-driver", "xvfb", "xauth", "dbus", *GRAPHICS)
DISPLAY = ("dbus-run-session", "xvfb-run")
WEBKIT = Kind(
    "WebKitGTK", "WebKit", ("WebKitWebDriver",), WEBKIT_PACKAGE, "EXPLORER_WEBKIT", DISPLAY, "--help"
)
KINDS = {"chromium": CHROMIUM, "firefox": FIREFOX, "webkit": WEBKIT}
SHIM = Path(__file__).with_name("firefox_shim.cjs")
"""What Node must require (`NODE_OPTIONS`) for Playwright to drive a Firefox that is not its own."""
MAC_APPS = ("Chromium", "Google Chrome")


def works(kind: Kind, path: str) -> bool:
    """Whether the browser starts (some systems have a command that only says how to get one)."""
    if not all(map(shutil.which, kind.needs)):
        return False
    try:
        answer = subprocess.run([path, kind.option], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and kind.version in answer.stdout


def candidates(kind: Kind) -> Iterator[str]:
    """Where a browser may be, best first; last the Chromium in Playwright's cache."""
    yield from filter(None, map(shutil.which, kind.commands))
    if kind is CHROMIUM:
        for folder in (Path("/Applications"), Path.home() / "Applications"):
            yield from (str(folder / f"{app}.app" / "Contents" / "MacOS" / app) for app in MAC_APPS)
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            yield playwright.chromium.executable_path


def find(kind: Kind) -> str | None:
    """The path of a browser that starts, or None."""
    chosen = os.environ.get(kind.variable)
    return next((path for path in ([chosen] if chosen else candidates(kind)) if works(kind, path)), None)


def install(kind: Kind) -> None:
    """Install a browser: Debian's package where we may, else Playwright's build of Chromium."""
    commands: list[list[str]] = []
    if os.geteuid() == 0 and shutil.which("apt-get"):
        commands = [["apt-get", "update"], ["apt-get", "install", "-y", *kind.package]]
    if kind is CHROMIUM:
        commands.append([sys.executable, "-m", "playwright", "install", "chromium"])
    for command in commands:
        # Standard output is kept for the path.
        subprocess.run(command, stdout=sys.stderr, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
        if "install" in command and find(kind):
            return


def main() -> int:
    kind = KINDS[sys.argv[1]]
    path = find(kind)
    if path is None and kind.variable in os.environ:
        chosen = os.environ[kind.variable]
        print(f"{kind.variable} names {chosen}, which is no {kind.title} that starts.", file=sys.stderr)
        return 1
    if path is None:
        print(f"No {kind.title} was found; installing one for the browser tests.", file=sys.stderr)
        install(kind)
        path = find(kind)
    if path is None:
        remedy = f"install {kind.title}, or set {kind.variable} to its path"
        print(f"No {kind.title} could be installed: {remedy}.", file=sys.stderr)
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
