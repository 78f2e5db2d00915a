"""One page in Firefox, in a process of its own: `python -m tests.browser.in_firefox PATH PAGE ADDRESS`.

Two browsers of Playwright's synchronous interface cannot share a process. Firefox runs headless, so without WebGL2:
maps are drawn in 2-D.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from playwright.sync_api import Page, expect, sync_playwright

from scripts.driving import wait_for

LONG = 90_000
# canvases of which no pixel differs from the first one
BLANK = """() => [...document.querySelectorAll(".slide:not([inert]) canvas")].filter((canvas) => {
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return data.every((value, i) => value === data[i % 4]);
}).length"""


def gallery(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".card").first).to_be_visible(timeout=LONG)


def explore(page: Page, address: str) -> None:
    """A slider that is moved by a key decodes another image."""
    page.goto(f"{address}/explore?checkpoint=digits-vae-z2&z=1,0.5")
    wait_for(page, "window.__stage?.paints.total > 0", timeout=LONG)
    before = page.evaluate("window.__stage.paints.total")
    page.locator(".dimension input[type=range]").first.focus()
    page.keyboard.press("ArrowRight")
    wait_for(page, "total => window.__stage.paints.total > total", before, timeout=LONG)


def samples(page: Page, address: str) -> None:
    page.goto(f"{address}/samples?models=digits-ae-z10,digits-vae-z10")
    expect(page.locator(".model-column canvas.grid")).to_have_count(2, timeout=LONG)
    wait_for(page, "window.__stage?.strips.total > 0", timeout=LONG)


def compare(page: Page, address: str) -> None:
    page.goto(f"{address}/compare?models=digits-vae-z10,digits-vae-beta4-z10")
    wait_for(page, "window.__stage?.strips.total > 0", timeout=LONG)


def present(page: Page, address: str) -> None:
    """All eight scenes by keys; nothing on them is empty. Also for the exported file, whose address is the whole."""
    page.goto(address if address.startswith("file:") else f"{address}/present")
    place = page.locator(".deck footer output")
    for number in range(1, 9):
        expect(place).to_have_text(f"{number} / 8", timeout=LONG)
        wait_for(page, f"(() => {{ const blank = {BLANK}; return blank() === 0; }})()", timeout=LONG)
        assert page.locator(".slide:not([inert]) .notice:not(:empty)").count() == 0
        page.keyboard.press("ArrowRight")


PAGES: dict[str, Callable[[Page, str], None]] = {
    "gallery": gallery,
    "explore": explore,
    "samples": samples,
    "compare": compare,
    "present": present,
}


def main(path: str, name: str, address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.firefox.launch(channel="moz-firefox", executable_path=path)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        try:
            PAGES[name](page, address)
        except Exception:
            page.screenshot(path=f"firefox-{name}.png")
            raise
        finally:
            browser.close()
        assert not errors, errors


if __name__ == "__main__":
    main(*sys.argv[1:])
