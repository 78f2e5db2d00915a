"""Print the path of a Firefox for the browser tests; install Debian's where there is none and we may."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("firefox-esr", "firefox")
SHIM = Path(__file__).with_name("firefox_shim.cjs")
"""What Node must require (`NODE_OPTIONS`) for Playwright to drive a Firefox that is not its own."""


def find() -> str | None:
    """The path of a Firefox that starts, or None. `EXPLORER_FIREFOX` overrules the search."""
    chosen = os.environ.get("EXPLORER_FIREFOX")
    for path in [chosen] if chosen else [found for name in NAMES if (found := shutil.which(name))]:
        try:
            answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if answer.returncode == 0 and "Firefox" in answer.stdout:
            return path
    return None


def install() -> None:
    """Install the system's package, as root on Debian; do nothing elsewhere."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    for command in (
        ["apt-get", "update"],
        ["apt-get", "install", "-y", "--no-install-recommends", "firefox-esr"],
    ):
        # Standard output is kept for the path.
        subprocess.run(command, stdout=sys.stderr, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


def main() -> int:
    path = find()
    if path is None and "EXPLORER_FIREFOX" not in os.environ:
        install()
        path = find()
    if path is None:
        print("No Firefox was found or installed; its tests are skipped.", file=sys.stderr)
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
