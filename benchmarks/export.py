"""How long until the exported story shows something: one HTML file, opened from disk without a server.

    python -m benchmarks.export [--rounds 5] [--json FILE]

Each round opens the file in a fresh context of Chromium, and of Firefox where there is one. From the start of the
navigation, measured in the page by frames: until the first image is on its canvas (it comes decoded with the file),
and until the decoder itself has painted one. Then every scene by its key: until no canvas of it is empty.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks import results
from explorer import store
from explorer.export import html_page
from explorer.shipped.story import story
from explorer.ui.parts import scene_views
from scripts.browsers import CHROMIUM, FIREFOX, SHIM, find
from scripts.driving import FLAGS, ROOT, NotStartedError, wait_for

WATCH = """(() => {
  window.seen = {};
  const painted = (canvas) => {
    const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    return data.some((value, i) => value !== data[i % 4]);
  };
  const here = () => [...document.querySelectorAll(".slide:not([inert]) canvas")].filter((c) => c.width && c.height);
  window.full = () => here().length > 0 && here().every(painted);
  const look = () => {
    const decoded = here().filter((c) => c.getAttribute("aria-label") === "decoded image");
    if (!seen.image && decoded.some(painted)) seen.image = performance.now();
    if (!seen.decoder && window.__stage?.paints.total > 0) seen.decoder = performance.now();
    if (!seen.decoder) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  document.addEventListener("keydown", () => {
    const from = performance.now();
    const wait = () => void (full() ? (seen.step = performance.now() - from) : requestAnimationFrame(wait));
    seen.step = 0;
    requestAnimationFrame(wait);
  }, true);
})()"""
SPEAKING = 1500  # ms that a lecturer stays on a scene at least


def opened(browser: Browser, address: str) -> dict[str, float]:
    """Milliseconds until the first image, until the decoder's own, and the slowest step to a scene."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address, wait_until="commit")
    wait_for(page, "window.seen?.decoder > 0", timeout=60_000)
    found: dict[str, float] = page.evaluate("window.seen")
    steps = []
    scenes = page.locator(".dots button").count()
    for number in range(2, scenes + 1):
        page.wait_for_timeout(SPEAKING)
        page.keyboard.press("PageDown")
        wait_for(page, "window.seen.step > 0")
        steps.append(float(page.evaluate("window.seen.step")))
        place = page.locator(".deck footer output").inner_text()
        assert place == f"{number} / {scenes}", place
    context.close()
    return {"image": found["image"], "decoder": found["decoder"], "step": max(steps)}


def story_file(path: Path) -> int:
    """Write the story as one file; its size in bytes."""
    checkpoints = {c.name: c for c in store.list_checkpoints(ROOT / "checkpoints")[0]}
    views = [scene_views.view(scene, checkpoints) for scene in story(list(checkpoints.values()))]
    return path.write_bytes(html_page.page(views, "The story"))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    results.add_option(parser)
    options = parser.parse_args()
    if (chromium_path := find(CHROMIUM)) is None:
        raise NotStartedError("No Chromium was found: run ./test, or set EXPLORER_CHROMIUM to one.")
    os.environ["NODE_OPTIONS"] = f"--require {SHIM}"  # of Playwright's own process, before it starts
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "story.html"
        size = story_file(file)
        browsers = {"Chromium": playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)}
        if firefox_path := find(FIREFOX):
            browsers["Firefox"] = playwright.firefox.launch(
                channel="moz-firefox", executable_path=firefox_path
            )
        figures: dict[str, Any] = {"bytes": size}
        print(f"{size / 1e6:.1f} MB; ms, median of {options.rounds} (range)")
        for name, browser in browsers.items():
            rounds = [opened(browser, file.as_uri()) for _ in range(options.rounds)]
            figures[name] = {}
            for key in ("image", "decoder", "step"):
                values = [r[key] for r in rounds]
                figures[name][key] = median = statistics.median(values)
                print(f"{name:10} {key:10} {median:7.0f} ({min(values):.0f}-{max(values):.0f})")
            browser.close()
    results.keep(options.json, figures)


if __name__ == "__main__":
    main()
