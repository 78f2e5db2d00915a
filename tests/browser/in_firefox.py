"""One page in Firefox, in a process of its own: `python -m tests.browser.in_firefox PATH PAGE ADDRESS`.

Two browsers of Playwright's synchronous interface cannot share a process. Firefox runs headless, so without WebGL2:
maps are drawn in 2-D.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.browser.elsewhere import PAGES


@dataclass(frozen=True)
class Firefox:
    page: Page

    def go(self, url: str) -> None:
        self.page.goto(url)

    def run(self, script: str) -> Any:
        return self.page.evaluate(f"() => {{ {script} }}")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)


def main(path: str, name: str, address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.firefox.launch(channel="moz-firefox", executable_path=path)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        try:
            PAGES[name](Firefox(page), address)
        except Exception:
            page.screenshot(path=f"firefox-{name}.png")
            raise
        finally:
            browser.close()
        assert not errors, errors


if __name__ == "__main__":
    main(*sys.argv[1:])
