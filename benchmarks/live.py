"""Dragging a slider: the Explore page beside the same decoder behind ten `st.slider` and one `st.image`.

    python -m benchmarks.live [--seconds 4] [--rounds 3] [--json FILE]

Decoders of ten latents: an MLP (256, 512) to 28×28 and the convolutions of Burgess et al. (2018) to 64×64, with ten
strips of eleven decodes that follow. A headless Chromium with software rendering, one server for each page, all
pages measured in turn in every round. Three hands move the first slider: `mouse` is a real drag of one mouse move
after the other; `script` is an input event in every frame of the page, sent after the frame has begun, so that
waiting for the next frame (17 ms) is part of its latency; `keys` presses an arrow key ten times a second.
Latency: from the input event until the picture that shows it or a later one is painted. For the plain page, which has
no event for a painted picture, that is until the address of its image changes. Strips: from the change of z until
all 110 pictures of it are on the page, after a jump to another code. Asked: requests and WebSocket messages from
the browser to the server until the release; a slow key is a settled state, of which the server hears.
"""

from __future__ import annotations

import itertools
import math
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page

from benchmarks import results
from benchmarks.measure import percentile
from benchmarks.synthetic import checkpoint
from scripts.driving import ROOT, browsing, running, wait_for

BODIES = {"mlp": "MLP to 28×28", "conv": "conv to 64×64"}
PLAIN = """
import os
import numpy as np
import onnxruntime
import streamlit as st

@st.cache_resource
def session():
    return onnxruntime.InferenceSession(os.environ["DECODER"])

columns = st.columns(2)
z = [columns[0].slider(f"z{k + 1}", -3.0, 3.0, 0.0, 0.01) for k in range(10)]
image = session().run(None, {"z": np.array([z], np.float32)})[0][0, 0]
columns[1].image((255 * image).astype(np.uint8), width=280)
"""
SEEK = """
const all = (root, what) => [...root.querySelectorAll('*')].flatMap((e) =>
  [...(e.matches(what) ? [e] : []), ...(e.shadowRoot ? all(e.shadowRoot, what) : [])]);
window.sliders_ = () => all(document,
  '.dimension input[type=range], [data-testid=stSlider] [role=slider], [data-testid=stSlider] input[type=range]');
window.button_ = (text) => all(document, 'button').find((e) => e.textContent === text);
"""
PLACE = """() => {
  const slider = sliders_()[0], handle = slider.getBoundingClientRect();
  const track = (slider.closest('[data-testid=stSlider]') ?? slider).getBoundingClientRect();
  return [track.x, track.width, handle.y + handle.height / 2];
}"""
# what both pages are asked for: rows of [input, painted] in ms of performance.now()
WATCH_PLAIN = """() => {
  window.rows_ = []; let first = null, seen = '';
  const image = () => document.querySelector('[data-testid=stImage] img')?.src;
  seen = image();
  for (const kind of ['pointermove', 'input', 'keydown'])
    addEventListener(kind, (e) => { if (kind !== 'pointermove' || e.buttons) first ??= e.timeStamp; }, true);
  const look = () => {
    const now = image();
    if (now && now !== seen) { seen = now; if (first !== null) rows_.push([first, performance.now()]); first = null; }
    requestAnimationFrame(look);
  };
  look();
}"""
SCRIPT = """(frames) => new Promise((resolve) => {
  const slider = sliders_()[0];
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
  let i = 0;
  const step = () => {
    if (i++ >= frames) { slider.dispatchEvent(new Event('change', { bubbles: true })); return resolve(); }
    set.call(slider, String(2.5 * Math.sin(i / 9)));
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""
FRAMES = """(ms) => new Promise((resolve) => {
  const times = []; const began = performance.now();
  const step = (now) => {
    times.push(now);
    if (now - began < ms) requestAnimationFrame(step); else resolve(1000 * times.length / (now - began));
  };
  requestAnimationFrame(step);
})"""
# every strip must show the new code: they are painted once each, eleven pictures at a time
JUMP = """(count) => new Promise((resolve) => {
  const { strips } = window.__stage, before = strips.total, began = performance.now();
  button_('Random').click();
  const look = () => {
    const rows = strips.read(before).filter(([asked]) => asked >= began);
    if (rows.length < count) setTimeout(look, 1); else resolve(Math.max(...rows.map(([, painted]) => painted)) - began);
  };
  look();
})"""
OURS_READY = "() => window.__stage?.paints.total > 0 && window.__stage.strips.total >= 10"
PLAIN_READY = "() => document.querySelector('[data-testid=stImage] img')?.naturalWidth > 0"


class Drag(NamedTuple):
    pictures: int
    seconds: float
    latency: list[float]  # ms
    asked: int


class Contestant:
    """A page that is open and can be dragged."""

    def __init__(self, browser: Browser, url: str, ours: bool) -> None:
        # tall enough that every strip is on the screen
        self.page = browser.new_page(viewport={"width": 1400, "height": 1500})
        self.ours = ours
        self.asked = 0
        self.listening = False
        self.page.on("request", lambda _: self._count())
        self.page.on("websocket", lambda socket: socket.on("framesent", lambda _: self._count()))
        self.page.goto(f"{url}/explore" if ours else url)
        wait_for(self.page, OURS_READY if ours else PLAIN_READY, timeout=60_000)
        self.page.wait_for_timeout(2000)
        self.page.evaluate(SEEK)
        if not ours:
            self.page.evaluate(WATCH_PLAIN)

    def _count(self) -> None:
        self.asked += self.listening

    def rows(self, since: int) -> list[list[float]]:
        if self.ours:
            found = self.page.evaluate("(n) => window.__stage.paints.read(n)", since)
            return [[asked, painted] for asked, _, painted in found]
        return self.page.evaluate("(n) => window.rows_.slice(n)", since)

    def total(self) -> int:
        return int(
            self.page.evaluate("() => window.__stage.paints.total" if self.ours else "() => rows_.length")
        )

    def dragged(self, hand: Callable[[Page], None]) -> Drag:
        """What came of it, from the first input to the last before the release."""
        self.page.bring_to_front()
        began, self.asked = self.total(), 0
        self.listening = True
        start = time.perf_counter()
        hand(self.page)
        seconds = time.perf_counter() - start
        self.listening = False
        rows = self.rows(began)
        self.page.mouse.up()
        self.page.wait_for_timeout(1200)  # the settled state travels to the server and back
        return Drag(len(rows), seconds, [painted - asked for asked, painted in rows], self.asked)


def path(page: Page) -> Iterator[tuple[float, float]]:
    """Where a hand on the first slider goes, from its middle back and forth, without end."""
    left, width, y = page.evaluate(PLACE)
    for k in itertools.count():
        yield left + width * (0.5 + 0.4 * math.sin(k / 25)), y


def mouse(seconds: float) -> Callable[[Page], None]:
    def hand(page: Page) -> None:
        spots = path(page)
        page.mouse.move(*next(spots))
        page.mouse.down()
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            page.mouse.move(*next(spots))

    return hand


def keys(seconds: float) -> Callable[[Page], None]:
    def hand(page: Page) -> None:
        page.evaluate("() => sliders_()[0].focus()")
        end, k = time.perf_counter() + seconds, 0
        while time.perf_counter() < end:
            page.keyboard.press("ArrowRight" if k // 20 % 2 == 0 else "ArrowLeft")
            page.wait_for_timeout(100)
            k += 1

    return hand


def script(seconds: float) -> Callable[[Page], None]:
    return lambda page: page.evaluate(SCRIPT, round(60 * seconds))


def main() -> None:
    args = results.drag_options(__doc__)
    hands = {kind.__name__: kind(args.seconds) for kind in (mouse, script, keys)}
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        (folder / "plain.py").write_text(PLAIN)
        urls: dict[tuple[str, bool], str] = {}
        for body in BODIES:
            models = folder / body
            checkpoint(models / "decoder", body, 10, 10_000)
            for ours in (True, False):
                place = folder / f"{body}{ours}"
                place.mkdir()
                env = {"EXPLORER_CHECKPOINTS": str(models), "DECODER": str(models / "decoder/decoder.onnx")}
                page = "app.py" if ours else folder / "plain.py"
                urls[body, ours] = stack.enter_context(running(place, page, PYTHONPATH=str(ROOT), **env)).url
        browser = stack.enter_context(browsing())
        figures = {
            body: compare(browser, what, urls[body, True], urls[body, False], hands, args.rounds)
            for body, what in BODIES.items()
        }
    results.keep(args.json, figures)


def compare(
    browser: Browser,
    what: str,
    ours: str,
    plain: str,
    hands: dict[str, Callable[[Page], None]],
    rounds: int,
) -> dict[str, Any]:
    pages = {
        "Latent Explorer": Contestant(browser, ours, True),
        "st.slider, st.image": Contestant(browser, plain, False),
    }
    found: dict[tuple[str, str], list[Drag]] = {}
    jumps: list[float] = []
    refresh: list[float] = []
    for _ in range(rounds):
        for name, page in pages.items():
            for hand, drag in hands.items():
                if hand == "script" and not page.ours:
                    continue  # its handle is no input element: only a mouse or a key moves it
                found.setdefault((name, hand), []).append(page.dragged(drag))
        stage = pages["Latent Explorer"].page
        stage.bring_to_front()
        refresh.append(stage.evaluate(FRAMES, 1000))
        for _ in range(10):
            jumps.append(stage.evaluate(JUMP, 10))
            stage.wait_for_timeout(300)
    figures: dict[str, Any] = {"ours": {}, "plain": {}, "strips": percentile(jumps, 0.5)}
    print(f"{what:16} {'hand':>8} {'pictures/s':>11} {'latency median':>15} {'p95':>7} {'asked':>7}   (ms)")
    for (name, hand), runs in found.items():
        count, seconds = sum(r.pictures for r in runs), sum(r.seconds for r in runs)
        latency = [value for r in runs for value in r.latency]
        middle, late = percentile(latency, 0.5), percentile(latency, 0.95)
        print(
            f"{name:19} {hand:>6} {count / seconds:10.1f} {middle:15.1f} {late:7.1f} {sum(r.asked for r in runs):7}"
        )
        figures["ours" if pages[name].ours else "plain"][hand] = {
            "pictures per second": count / seconds, "median": middle, "p95": late,
            "asked": sum(r.asked for r in runs),
        }  # fmt: skip
    print(
        f"the page at rest: {max(refresh):.0f} frames/s; 110 strips after a jump: median {percentile(jumps, 0.5):.0f},"
        f" p95 {percentile(jumps, 0.95):.0f} ms" + f"; load {os.getloadavg()[0]:.1f}\n",
        flush=True,
    )
    for page in pages.values():
        page.page.close()
    return figures


if __name__ == "__main__":
    main()
