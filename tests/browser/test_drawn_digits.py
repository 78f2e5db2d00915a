"""Digits of MNIST drawn by the mouse lie on the map among codes of their own class."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page
from scipy.spatial import cKDTree

from explorer import store
from explorer.live import columns, thumbnails
from tests.browser.test_own_image import open_board, sliders
from tests.browser.waiting import until
from tests.strokes import strokes

NAME = "mnist-vae-z2"
DIGITS, NEIGHBOURS = 100, 10
SHIPPED = Path(__file__).parents[2] / "checkpoints"


@pytest.mark.slow
@pytest.mark.skipif("DRAWN_DIGITS" not in os.environ, reason="takes many minutes: DRAWN_DIGITS=1 runs it")
def test_digits_that_are_drawn_lie_among_their_own(page: Page, serve: Callable) -> None:
    """Those that do so as images of the test set: the majority of ten neighbours is of their class."""
    checkpoint = store.open_checkpoint(SHIPPED / NAME)
    codes = checkpoint.codes
    labels = codes.labels
    assert labels is not None
    sheet = np.asarray(Image.open(io.BytesIO(thumbnails.originals(checkpoint, 0))).convert("L"))
    images = sheet.reshape(32, 28, 32, 28).swapaxes(1, 2).reshape(-1, 28, 28) / 255
    places = columns.positions(codes, "dims:0,1")
    tree = cKDTree(places)

    def among(place: np.ndarray, row: int) -> int:
        near = [i for i in tree.query(place, NEIGHBOURS + 1)[1] if i != row][:NEIGHBOURS]
        return int(np.bincount(labels[near]).argmax())

    rows = [row for row in range(4 * DIGITS) if among(places[row], row) == labels[row]][:DIGITS]
    assert len(rows) == DIGITS
    open_board(page, serve().url, NAME)
    box = page.locator(".board").bounding_box()
    assert box
    scale, right = box["width"] / 28, 0
    for row in rows:
        page.get_by_role("button", name="Clear", exact=True).click()
        for corners, width in strokes(images[row]):
            page.locator("input.width").evaluate(
                "(e, width) => { e.value = width; e.dispatchEvent(new Event('input')); }", str(width)
            )
            spots = [(box["x"] + scale * x, box["y"] + scale * y) for x, y in corners]
            page.mouse.move(*spots[0])
            page.mouse.down()
            for spot in spots[1:]:
                page.mouse.move(*spot)
            page.mouse.up()
        right += among(settled(page), row) == labels[row]
    print(f"{right} of {DIGITS} drawn digits lie among their own")
    assert right >= 95


def settled(page: Page) -> np.ndarray:
    """The code of what is drawn, once it has been the same for three looks."""
    seen: list[list[float]] = []

    def same() -> bool:
        seen.append(sliders(page))
        return len(seen) > 2 and seen[-1] == seen[-2] == seen[-3]

    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    until(page, same, "a code at rest")
    return np.array(seen[-1])
