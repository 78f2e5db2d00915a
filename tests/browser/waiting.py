"""Wait for what a page will show, instead of for a time: the same test passes on a fast machine and on a busy one."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np
from playwright.sync_api import Locator, Page, Request

T = TypeVar("T")
PATIENCE = 30.0
"""Seconds; also for what `expect` waits for. Only a failing test ever takes as long."""
STEP = 40
"""Milliseconds from one look to the next."""


def until(page: Page, wanted: Callable[[], T], what: str, seconds: float = PATIENCE) -> T:
    """Wait until `wanted()` is true, and return it."""
    deadline = time.monotonic() + seconds
    while not (found := wanted()):
        assert time.monotonic() < deadline, f"never: {what}"
        page.wait_for_timeout(STEP)
    return found


def holds(page: Page, check: Callable[[], None], seconds: float = PATIENCE) -> None:
    """Repeat a block of assertions until none fails; at the end the last failure counts."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return check()
        except AssertionError:
            if time.monotonic() > deadline:
                raise
        page.wait_for_timeout(STEP)


def alike(
    page: Page, shown: Callable[[], np.ndarray], wanted: np.ndarray, tolerance: float, what: str = "picture"
) -> None:
    """Wait until what is shown is `wanted`, give or take `tolerance` at each pixel."""

    def check() -> None:
        try:
            now = shown()
        except (ValueError, IndexError) as error:  # a canvas that is not laid out yet
            raise AssertionError(f"{what}: {error}") from error
        assert now.shape == wanted.shape, f"{what}: {now.shape} instead of {wanted.shape}"
        off = float(np.abs(now - wanted).max())
        assert off <= tolerance, f"{what}: off by {off:.1f}, at most {tolerance} is allowed"

    holds(page, check)


def differs(page: Page, shown: Callable[[], np.ndarray], before: np.ndarray, least: float) -> None:
    """Wait until some pixel of what is shown is further than `least` from what it was."""

    def changed() -> bool:
        now = shown()
        return now.shape != before.shape or bool(np.abs(now - before).max() > least)

    until(page, changed, f"another picture, by more than {least} at some pixel")


def still(page: Page, shown: Callable[[], T]) -> T:
    """Wait until what is shown has come to rest (a picture: with something on it), and return it."""
    seen: list[T] = []

    def rests() -> bool:
        seen.append(shown())
        last = seen[-1]
        blank = isinstance(last, np.ndarray) and not last.any()
        return len(seen) > 8 and not blank and all(np.array_equal(s, last) for s in seen[-8:])  # type: ignore[arg-type]

    until(page, rests, "a picture at rest")
    return seen[-1]


def quiet(page: Page) -> None:
    """Wait until the page has asked for nothing for a second in which it was free to ask."""
    asked: list[Request] = []
    seen: list[int] = []

    def ask(request: Request) -> None:
        asked.append(request)

    page.on("request", ask)

    def calm() -> bool:
        page.evaluate("new Promise(requestAnimationFrame)")
        seen.append(len(asked))
        return len(seen) > 25 and seen[-26] == seen[-1]

    until(page, calm, "a second without a request")
    page.remove_listener("request", ask)


def resting(page: Page, place: Locator) -> Locator:
    """Wait until an element stays where it is, and return it.

    Playwright looks where an element is before it presses the mouse, not again before it releases it: a button
    that moves in between, as in a part of the page that is still unfolding, is pressed and never clicked.
    """
    seen: list[object] = []

    def still() -> bool:
        seen.append(place.bounding_box())
        return len(seen) > 5 and seen[-1] is not None and all(box == seen[-1] for box in seen[-5:])

    until(page, still, "an element at rest")
    return place


def unfold(page: Page, label: str) -> Locator:
    """Open an expander, wait until it is unfolded, and return it."""
    expander = page.get_by_test_id("stExpander").filter(has_text=label)
    expander.locator("summary").click()
    return resting(page, expander)


def sweep(
    page: Page, places: Callable[[float], tuple[float, float]], enough: Callable[[], bool], what: str
) -> None:
    """Move the mouse, its button as it is, to and fro over `places` (of 0 to 1, beginning at 0) until it is enough."""
    deadline, step = time.monotonic() + PATIENCE, 0
    while True:
        step += 1
        page.mouse.move(*places(0.5 - 0.5 * math.cos(step / 6)))
        if enough():
            return
        assert time.monotonic() < deadline, f"never, after {step} moves: {what}"
