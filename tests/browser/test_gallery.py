"""The gallery in a real browser: pictures, what a card does under a hand and under the keyboard, and where it leads."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from explorer import store
from explorer.live import covers
from scripts.driving import wait_for
from tests.browser.conftest import Serve
from tests.browser.waiting import holds, still, until

SHIPPED = Path(__file__).parents[2] / "checkpoints"
NAMES = sorted(path.parent.name for path in SHIPPED.glob("*/config.json"))

# the images of a cover, each shrunk to its own pixels again: (15, H, W) grey levels
READ = """([canvas, columns, rows, w, h]) => {
  const small = Object.assign(document.createElement("canvas"), { width: w, height: h });
  const context = small.getContext("2d", { willReadFrequently: true });
  const gap = Math.round(3 * devicePixelRatio), out = [];
  const across = (canvas.width + gap) / columns - gap, down = (canvas.height + gap) / rows - gap;
  for (let i = 0; i < columns * rows; i++) {
    const [x, y] = [(i % columns) * (across + gap), Math.floor(i / columns) * (down + gap)];
    context.drawImage(canvas, x, y, across, down, 0, 0, w, h);
    out.push([...context.getImageData(0, 0, w, h).data].filter((_, k) => k % 4 === 0));
  }
  return out;
}"""


def card(page: Page, name: str) -> Locator:
    return page.locator("a.card", has=page.get_by_text(name, exact=True))


def shown(page: Page, name: str) -> np.ndarray:
    canvas = card(page, name).locator("canvas")
    _, h, w = store.open_checkpoint(SHIPPED / name).manifest.image_shape
    handle = canvas.element_handle()
    return np.array(page.evaluate(READ, [handle, covers.COLUMNS, covers.ROWS, w, h]))


def drawn(page: Page, name: str) -> np.ndarray:
    """The picture, once it is there and at rest."""
    card(page, name).scroll_into_view_if_needed()
    return still(page, lambda: shown(page, name))


def opened(page: Page, url: str) -> Page:
    page.goto(url)
    expect(page.locator("a.card")).to_have_count(len(NAMES))
    return page


def paints(page: Page) -> int:
    return int(page.evaluate("window.__stage.paints.total"))


def test_every_model_has_a_card_with_its_caption_and_its_numbers(page: Page, app_url: str) -> None:
    opened(page, app_url)
    for name in NAMES:
        manifest = json.loads((SHIPPED / name / "config.json").read_text())
        it = card(page, name)
        assert manifest["caption"]
        expect(it.locator(".caption")).to_have_text(manifest["caption"])
        elbo = manifest["metrics"]["elbo"]
        if elbo is not None:
            expect(it).to_contain_text(f"{elbo:.1f}".replace("-", "−"))
        href = it.get_attribute("href") or ""
        assert href.endswith(f"/explore?checkpoint={name}")


def test_a_card_comes_alive_under_the_hand_and_under_the_keyboard(page: Page, app_url: str) -> None:
    name = "digits-vae-z10"
    opened(page, app_url)
    checkpoint = store.open_checkpoint(SHIPPED / name)
    path = covers.keyframes(checkpoint)
    images = checkpoint.decode(checkpoint.decoder_session(), path[0])[:, 0].reshape(covers.CELLS, -1) * 255
    other = drawn(page, "digits-ae-z2")
    first = drawn(page, name)
    assert np.abs(first - images).mean() < 3
    page.wait_for_timeout(300)
    np.testing.assert_array_equal(shown(page, name), first)  # at rest, it rests

    for begin, end in (
        (card(page, name).hover, lambda: page.mouse.move(2, 2)),
        (card(page, name).focus, card(page, name).blur),
    ):
        before, began = drawn(page, name), paints(page)

        def moved(before: np.ndarray = before, began: int = began) -> bool:
            return paints(page) > began + 10 and bool(np.abs(shown(page, name) - before).mean() > 1)

        begin()
        until(page, moved, "another picture, by more than ten steps")
        end()
        count = still(page, lambda: paints(page))
        page.wait_for_timeout(200)
        assert paints(page) == count
    np.testing.assert_array_equal(shown(page, "digits-ae-z2"), other)


@pytest.mark.slow
def test_whoever_wants_no_motion_gets_none(new_page: Callable[..., Page], app_url: str) -> None:
    page = opened(new_page(reduced_motion="reduce"), app_url)
    before = drawn(page, NAMES[0])
    card(page, NAMES[0]).hover()
    page.wait_for_timeout(400)
    np.testing.assert_array_equal(shown(page, NAMES[0]), before)


def test_a_card_opens_explore_and_a_comparison_opens_samples(page: Page, app_url: str) -> None:
    opened(page, app_url).evaluate("window.sameDocument = true")
    card(page, NAMES[0]).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Checkpoint")).to_have_value(re.compile(f"{NAMES[0]}$"))
    expect(page).to_have_url(re.compile(f"/explore\\?checkpoint={NAMES[0]}"))
    page.go_back()
    expect(page.locator("a.card")).to_have_count(len(NAMES))
    expect(page).to_have_url(f"{app_url}/")
    link = page.get_by_role("link", name="AE beside VAE, 1 latent")
    link.click()
    expect(page.get_by_role("slider").first).to_be_visible()
    expect(page).to_have_url(re.compile("/samples.*models=moons-ae-z1"))
    assert page.evaluate("window.sameDocument") is True
    page.get_by_role("link", name="Gallery").click()
    expect(page.locator("a.card")).to_have_count(len(NAMES))


def test_pictures_fit_a_phone(new_page: Callable[..., Any], app_url: str) -> None:
    page = opened(new_page(viewport={"width": 400, "height": 800}), app_url)
    drawn(page, NAMES[0])

    def fits() -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
        box = card(page, NAMES[0]).locator("canvas").bounding_box()
        assert box
        assert 300 < box["width"] <= 376

    holds(page, fits)


@pytest.mark.slow
def test_under_a_sub_path_as_behind_a_proxy(page: Page, serve: Serve) -> None:
    app = serve(base="/lab")
    opened(page, f"{app.url}/")
    drawn(page, NAMES[0])
    card(page, NAMES[0]).click()
    expect(page.get_by_role("combobox", name="Checkpoint")).to_have_value(re.compile(f"{NAMES[0]}$"))
    expect(page).to_have_url(re.compile(f"/lab/explore\\?checkpoint={NAMES[0]}"))
    wait_for(page, "window.__stage.paints.total > 5")
    page.reload()
    wait_for(page, "window.__stage?.paints.total > 0")
    page.go_back()
    expect(page.locator("a.card")).to_have_count(len(NAMES))
