"""One page in WebKit, on a display of its own: `python -m tests.browser.in_webkit PATH PAGE ADDRESS`."""

from __future__ import annotations

import base64
import sys
from contextlib import suppress
from pathlib import Path

from scripts.webkit import driving
from tests.browser.elsewhere import PAGES


def main(path: str, name: str, address: str) -> None:
    with driving(path, 1280, 900) as driver:
        try:
            PAGES[name](driver, address)
        except BaseException:
            with suppress(RuntimeError):  # a page that crashed has none
                Path(f"webkit-{name}.png").write_bytes(base64.b64decode(driver.screenshot()))
            raise


if __name__ == "__main__":
    main(*sys.argv[1:])
