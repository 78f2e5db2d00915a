"""Print the path of a Chromium or Chrome for the browser tests; install one where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPS = ("Chromium", "Google Chrome")


def works(path: str) -> bool:
    """Whether the browser starts (some systems have a command that only says how to get one)."""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and "Chrom" in answer.stdout


def candidates() -> list[str]:
    """Where a browser may be, best first."""
    found = [path for name in NAMES if (path := shutil.which(name))]
    for folder in (Path("/Applications"), Path.home() / "Applications"):
        found += [str(folder / f"{app}.app" / "Contents" / "MacOS" / app) for app in MAC_APPS]
    return [path for path in found if Path(path).is_file()]


def playwrights_own() -> str | None:
    """The browser in Playwright's cache."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def find() -> str | None:
    """The path of a browser that starts, or None. `EXPLORER_CHROMIUM` overrules the search."""
    if chosen := os.environ.get("EXPLORER_CHROMIUM"):
        return chosen if works(chosen) else None
    for path in candidates():
        if works(path):
            return path
    own = playwrights_own()
    return own if own and works(own) else None


def install() -> None:
    """Install a browser: the system's package where we may, else Playwright's build."""
    commands = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        commands = [["apt-get", "update"], ["apt-get", "install", "-y", "chromium"], *commands]
    for command in commands:
        # Standard output is kept for the path.
        subprocess.run(command, stdout=sys.stderr, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
        if command[-1] == "chromium" and find():
            return


def main() -> int:
    path = find()
    if path is None and "EXPLORER_CHROMIUM" in os.environ:
        chosen = os.environ["EXPLORER_CHROMIUM"]
        print(f"EXPLORER_CHROMIUM names {chosen}, which is no Chromium that starts.", file=sys.stderr)
        return 1
    if path is None:
        print("No Chromium or Chrome was found; installing one for the browser tests.", file=sys.stderr)
        install()
        path = find()
    if path is None:
        print(
            "No Chromium could be installed: install Chromium or Chrome, or set EXPLORER_CHROMIUM to its path.",
            file=sys.stderr,
        )
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
