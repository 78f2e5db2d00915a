"""What Firefox and WebKit must do: each page opens, decodes and answers to a key. By JavaScript and real keys only,
because no one library drives both.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

LONG = 300.0
"""Seconds; only a failing test takes as long, or one on a machine with ten others on it."""

# pages lie in shadow roots; a blank canvas is one of which no pixel differs from the first
FIND = """
const whole = (e) => (e.shadowRoot ? [e, ...inside(e.shadowRoot)] : [e]);
const inside = (root) => [...root.querySelectorAll("*")].flatMap(whole);
const find = (selector) => inside(document).filter((e) => e.matches(selector));
const blank = (canvas) => {
  if (!canvas.width || !canvas.height) return true;
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return data.every((value, i) => value === data[i % 4]);
};
"""


class Browser(Protocol):
    def go(self, url: str) -> None: ...

    def run(self, script: str) -> Any:
        """What the body of a JavaScript function returns on the page."""

    def press(self, key: str) -> None: ...


def value(browser: Browser, expression: str) -> Any:
    return browser.run(f"{FIND} return {expression};")


def wait(browser: Browser, expression: str) -> None:
    """Wait until an expression is true."""
    deadline = time.monotonic() + LONG
    while not value(browser, expression):
        assert time.monotonic() < deadline, f"never: {expression}"
        time.sleep(0.1)


def gallery(browser: Browser, address: str) -> None:
    """Cards, and a slider whose image changes with it."""
    browser.go(address)
    wait(browser, 'find(".card").length > 0')
    wait(browser, 'find(".hero canvas").length > 0 && !blank(find(".hero canvas")[0])')
    before = value(browser, 'find(".hero canvas")[0].toDataURL()')
    value(browser, 'find(".hero input[type=range]")[0].focus()')
    deadline = time.monotonic() + LONG
    while value(browser, 'find(".hero canvas")[0].toDataURL()') == before:
        browser.press("ArrowRight")  # before its decoder is there, a slider changes nothing
        assert time.monotonic() < deadline, "the image stays"


def explore(browser: Browser, address: str) -> None:
    """A slider that is moved by a key decodes another image."""
    browser.go(f"{address}/explore?checkpoint=digits-vae-z2&z=1,0.5")
    wait(browser, "window.__stage?.paints.total > 0")
    wait(browser, 'find(".dimension input[type=range]").length === 2')
    before = value(browser, "window.__stage.paints.total")
    value(browser, 'find(".dimension input[type=range]")[0].focus()')
    browser.press("ArrowRight")
    wait(browser, f"window.__stage.paints.total > {before}")
    wait(browser, '!blank(find("canvas.large")[0])')


def samples(browser: Browser, address: str) -> None:
    browser.go(f"{address}/samples?models=digits-ae-z10,digits-vae-z10")
    wait(browser, 'find(".model-column canvas.grid").filter((canvas) => !blank(canvas)).length === 2')
    wait(browser, "window.__stage?.strips.total > 0")


def compare(browser: Browser, address: str) -> None:
    browser.go(f"{address}/compare?models=digits-vae-z10,digits-vae-beta4-z10")
    wait(browser, 'find(".cell.head").length === 2')
    wait(browser, "window.__stage?.strips.total > 0")


def present(browser: Browser, address: str) -> None:
    """All eight scenes by keys; nothing on them is empty. Also for the exported file, whose address is the whole."""
    browser.go(address if address.startswith("file:") else f"{address}/present")
    for number in range(1, 9):
        wait(browser, f'find(".deck footer output")[0]?.value === "{number} / 8"')
        wait(
            browser,
            """(() => {
              const canvases = find(".slide:not([inert]) canvas");
              return canvases.length > 0 && !canvases.some(blank);
            })()""",
        )
        notices = value(
            browser, 'find(".slide:not([inert]) .notice").map((e) => e.textContent).filter(Boolean)'
        )
        assert notices == []
        browser.press("ArrowRight")


PAGES: dict[str, Callable[[Browser, str], None]] = {
    "gallery": gallery,
    "explore": explore,
    "samples": samples,
    "compare": compare,
    "present": present,
}
