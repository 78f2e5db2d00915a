"""Dragging one slider that moves six models: the Compare page with six decoders of 64×64 images side by side.

    python -m benchmarks.compare [--models 6] [--seconds 4] [--rounds 3] [--json FILE]

Untrained decoders of ten latents with the convolutions of Burgess et al. (2018) to 64×64, codes of 10,000 images, a
headless Chromium with software rendering. Two hands move the first slider: `mouse` is a real drag of one mouse move
after the other; `script` is an input event in every frame of the page. A frame counts when all models have painted
the image of one input; latency goes from an input to the picture that shows it, of each model.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Page

from benchmarks import results
from benchmarks.live import FRAMES
from benchmarks.measure import frames_during, orbit, percentile
from benchmarks.synthetic import checkpoint
from explorer import store
from scripts.driving import browsing, running, wait_for

SEEK = """
const all = (root, what) => [...root.querySelectorAll('*')].flatMap((e) =>
  [...(e.matches(what) ? [e] : []), ...(e.shadowRoot ? all(e.shadowRoot, what) : [])]);
window.slider_ = () => all(document, '.shared-slider input[type=range]')[0];
"""
SCRIPT = """(frames) => new Promise((resolve) => {
  const slider = slider_();
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
  let i = 0;
  const step = () => {
    if (i++ >= frames) return resolve();
    set.call(slider, String(2.5 * Math.sin(i / 9)));
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""
PLACE = """() => { const box = slider_().getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2, box.width * 0.4]; }"""


def ladder(folder: Path, models: int) -> list[str]:
    """That many models that differ in β alone, as far as their files say."""
    names = []
    for k in range(models):
        name = f"beta{2**k}"
        checkpoint(folder / name, "conv", 10, 10_000)
        saved = store.open_checkpoint(folder / name)
        objective = saved.manifest.objective.model_dump() | {"beta": float(2**k)}
        files = {file: saved.read(file) for file in saved.manifest.files}
        store.write(folder / name, saved.manifest.model_dump() | {"objective": objective}, files)
        names.append(name)
    return names


def mouse(seconds: float) -> Callable[[Page], None]:
    def hand(page: Page) -> None:
        x, y, reach = page.evaluate(PLACE)
        page.mouse.move(x, y)
        page.mouse.down()
        end = time.perf_counter() + seconds
        for place, _ in orbit(x, y, reach, 0, 100_000):
            page.mouse.move(place, y)
            if time.perf_counter() > end:
                break
        page.mouse.up()

    return hand


def script(seconds: float) -> Callable[[Page], None]:
    return lambda page: page.evaluate(SCRIPT, round(60 * seconds))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--models", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=3)
    results.add_option(parser)
    args = parser.parse_args()
    hands = {"mouse": mouse(args.seconds), "script": script(args.seconds)}
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        folder = Path(place)
        names = ladder(folder / "models", args.models)
        (folder / "app").mkdir()
        app = stack.enter_context(running(folder / "app", EXPLORER_CHECKPOINTS=str(folder / "models")))
        browser = stack.enter_context(browsing())
        page = browser.new_page(viewport={"width": 1440, "height": 1300})
        start = time.perf_counter()
        page.goto(f"{app.url}/compare?models={','.join(names)}")
        ready = (
            f"window.__stage?.paints.total >= {len(names)} && window.__stage.strips.total >= {3 * len(names)}"
        )
        wait_for(page, ready, timeout=120_000)
        print(
            f"all {len(names)} models shown {time.perf_counter() - start:.1f} s after the address was opened"
        )
        page.wait_for_timeout(2000)
        page.evaluate(SEEK)
        results.keep(args.json, measure(page, hands, len(names), args.rounds))


def measure(
    page: Page, hands: dict[str, Callable[[Page], None]], models: int, rounds: int
) -> dict[str, float]:
    """Frames per second of every hand."""
    figures = {}
    print(f"{'hand':>8} {'frames/s':>9} {'latency median':>15} {'p95':>7} {'longest frame':>14}   (ms)")
    for name, hand in hands.items():
        shown, seconds = 0.0, 0.0
        latency: list[float] = []
        frames: list[float] = []
        for _ in range(rounds):
            began = page.evaluate("__stage.paints.total")
            start = time.perf_counter()
            frames += frames_during(page, lambda hand=hand: hand(page))  # type: ignore[misc]
            seconds += time.perf_counter() - start
            rows = page.evaluate("(n) => __stage.paints.read(n)", began)
            shown += (page.evaluate("__stage.paints.total") - began) / models
            latency += [painted - asked for asked, _, painted in rows]
            page.wait_for_timeout(1000)
        middle, late = percentile(latency, 0.5), percentile(latency, 0.95)
        print(f"{name:>8} {shown / seconds:9.1f} {middle:15.1f} {late:7.1f} {max(frames):14.0f}")
        figures[name] = shown / seconds
    print(f"the page at rest: {page.evaluate(FRAMES, 1000):.0f} frames/s; load {os.getloadavg()[0]:.1f}")
    return figures


if __name__ == "__main__":
    main()
