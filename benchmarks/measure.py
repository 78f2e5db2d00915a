"""What the browser benchmarks share: percentiles, recording frames, and moving the mouse at its own pace."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from playwright.sync_api import Page

RECORD = """() => {
  window.frames_ = []; window.recording = true; let last;
  const step = (now) => { if (last !== undefined) frames_.push(now - last); last = now;
                          if (window.recording) requestAnimationFrame(step); };
  requestAnimationFrame(step);
}"""


def percentile(values: list[float], share: float) -> float:
    """The value below which a share of the values lies; NaN of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else math.nan


def frames_during(page: Page, act: Callable[[], None]) -> list[float]:
    """Milliseconds from frame to frame while `act` goes on."""
    page.evaluate(RECORD)
    act()
    frames: list[float] = page.evaluate("() => { window.recording = false; return window.frames_; }")
    return frames


def orbit(cx: float, cy: float, rx: float, ry: float, steps: int) -> Iterator[tuple[float, float]]:
    """Points of a wandering path about (cx, cy), within rx and ry of it."""
    for k in range(steps):
        yield cx + rx * math.sin(0.13 * k), cy + ry * math.cos(0.171 * k)
