"""Words under the hand: dragging over the wall of a code, and painting the tokens of a grid, on Explore.

    python -m benchmarks.words [--seconds 4] [--rounds 3] [--json FILE]

The models that ship: `mnist-fsq-8x6x5`, whose wall has every image that it can draw, with its three rows of levels
following, and `mnist-vq-7x7x128`, whose tokens are painted, a stroke over all of them with one word after another. A
headless Chromium with software rendering; the mouse is pressed and moves without a pause, one move after the other, and
on the wall the arrow keys then go through the words, ten a second. Latency: from the time stamp of the pointer or key
event that changed the code until the image of it or of a later one is painted. A pointer event waits for the frame in
which the browser hands it out; that is part of its latency.
"""

from __future__ import annotations

import bisect
import itertools
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, FloatRect, Locator, Page

from benchmarks import results
from benchmarks.measure import orbit, percentile
from explorer import environment
from scripts.driving import ROOT, browsing, running, wait_for

WALL, GRID = "mnist-fsq-8x6x5", "mnist-vq-7x7x128"
SIDE = 7
MOVES = 2
"""Moves of the mouse from one token to the next."""
LISTEN = """() => {
  window.events_ = [];
  for (const kind of ["pointerdown", "pointermove", "keydown"])
    addEventListener(kind, (event) => events_.push([performance.now(), event.timeStamp]), true);
}"""
Hand = Callable[[Page, float], None]


def opened(browser: Browser, url: str, model: str) -> Page:
    """Explore with a model, at rest."""
    page = browser.new_page(viewport={"width": 1440, "height": 1100})
    page.goto(f"{url}/explore?checkpoint={model}")
    wait_for(page, "window.__stage?.paints.total > 0", timeout=60_000)
    page.locator("canvas.tile-wall").wait_for()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(3000)
    page.evaluate(LISTEN)
    return page


def box_of(canvas: Locator) -> FloatRect:
    box = canvas.bounding_box()
    assert box
    return box


def over_the_wall(page: Page, seconds: float) -> None:
    """A pressed mouse wanders over the wall."""
    box = box_of(page.locator("canvas.tile-wall"))
    across, down = box["width"] / 2, box["height"] / 2
    path = orbit(box["x"] + across, box["y"] + down, 0.95 * across, 0.95 * down, 1 << 20)
    press(page, path, seconds)


def over_the_tokens(page: Page, seconds: float) -> None:
    """A pressed mouse goes over all tokens in lines, with another word in every stroke."""
    end = time.perf_counter() + seconds
    wall = page.locator("canvas.tile-wall")
    box = box_of(page.locator("canvas.token-grid"))
    for _ in itertools.takewhile(lambda _: time.perf_counter() < end, itertools.count()):
        wall.evaluate("(wall) => wall.focus({ preventScroll: true })")
        page.keyboard.press("ArrowRight")
        press(page, lines(box), end - time.perf_counter())


def lines(box: FloatRect) -> Iterator[tuple[float, float]]:
    """From token to token, in lines to and fro."""
    for row in range(SIDE):
        for k in range(SIDE * MOVES):
            share = (k + 0.5) / (SIDE * MOVES)
            x = box["x"] + box["width"] * (share if row % 2 == 0 else 1 - share)
            yield x, box["y"] + box["height"] * (row + 0.5) / SIDE


def press(page: Page, path: Iterator[tuple[float, float]], seconds: float) -> None:
    """Press the mouse, move it along a path for some seconds, and let go."""
    end = time.perf_counter() + seconds
    page.mouse.move(*next(path))
    page.mouse.down()
    for x, y in itertools.takewhile(lambda _: time.perf_counter() < end, path):
        page.mouse.move(x, y)
    page.mouse.up()


def by_keys(page: Page, seconds: float) -> None:
    """Arrow keys go through the wall and back."""
    page.locator("canvas.tile-wall").focus()
    page.keyboard.press("Home")
    for k in range(round(10 * seconds)):
        page.keyboard.press("ArrowRight" if k // 20 % 2 == 0 else "ArrowLeft")
        page.wait_for_timeout(100)


def measure(page: Page, hand: Hand, seconds: float, rounds: int) -> dict[str, float]:
    """The latency of every painted image, in ms, and images per second."""
    latency: list[float] = []
    spent = 0.0
    for _ in range(rounds):
        page.bring_to_front()
        page.evaluate("() => void (window.events_.length = 0)")
        since = page.evaluate("window.__stage.paints.total")
        start = time.perf_counter()
        hand(page, seconds)
        spent += time.perf_counter() - start
        page.wait_for_timeout(500)
        rows = page.evaluate("(n) => window.__stage.paints.read(n)", since)
        events = page.evaluate("window.events_")
        latency += waits(rows, events)
        page.wait_for_timeout(1000)
    return {
        "median": percentile(latency, 0.5),
        "p95": percentile(latency, 0.95),
        "images": len(latency),
        "pictures per second": len(latency) / spent,
    }


def waits(rows: list[list[float]], events: list[list[float]]) -> list[float]:
    """From the event in whose turn each image was asked for until it was painted. rows: asked, begun and painted;
    events: when each was handed out, and its time stamp."""
    handed = [at for at, _ in events]
    places = [bisect.bisect_right(handed, asked) - 1 for asked, _, _ in rows]
    return [
        painted - events[place][1] for place, (_, _, painted) in zip(places, rows, strict=True) if place >= 0
    ]


def main() -> None:
    args = results.drag_options(__doc__)
    load = os.getloadavg()[0]
    figures: dict[str, Any] = {}
    parts: list[tuple[str, str, Hand]] = [
        ("wall", WALL, over_the_wall),
        ("keys", WALL, by_keys),
        ("tokens", GRID, over_the_tokens),
    ]
    with tempfile.TemporaryDirectory() as name:
        env = {"EXPLORER_DATA": str(environment.data_folder().resolve()), "PYTHONPATH": str(ROOT)}
        with running(Path(name), "app.py", **env) as app, browsing() as browser:
            pages = {model: opened(browser, app.url, model) for model in (WALL, GRID)}
            for part, model, hand in parts:
                row = figures[part] = measure(pages[model], hand, args.seconds, args.rounds)
                print(
                    f"{part:7} {model:18} event to painted image: median {row['median']:.1f}, p95 {row['p95']:.1f} ms "
                    f"of {row['images']}; {row['pictures per second']:.1f} images/s; load {os.getloadavg()[0]:.1f}",
                    flush=True,
                )
    # what ran beside it already
    results.keep(args.json, figures, load=round(load, 1))


if __name__ == "__main__":
    main()
