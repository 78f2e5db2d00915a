"""The water level, in a real browser: on Compare, in a deck, and from disk."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, Request, expect

from explorer import store
from explorer.live.spectra import spectrum_bytes
from explorer.metrics.spectrum import Spectrum
from scripts.driving import ROOT, App
from tests.browser.test_compare import pixels
from tests.browser.test_present import looked_at
from tests.browser.waiting import alike, differs, holds, quiet, resting, until
from tests.metrics.water_filling import live_directions, read_spectrum, restore

MODELS = "digits-vae-z10,digits-vae-beta4-z10"


def spectrum() -> Spectrum:
    checkpoint = store.open_checkpoint(ROOT / "checkpoints" / "digits-vae-z10")
    return read_spectrum(spectrum_bytes(checkpoint))


def count(page: Page) -> int:
    return int(page.locator(".water-count b").inner_text())


def level(page: Page) -> float:
    return float(np.exp(float(slider(page).input_value())))


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="water level")


def restored(page: Page) -> Locator:
    return page.get_by_role("img", name="restored image 1")


def original(page: Page) -> Locator:
    return page.get_by_role("img", name="test image 1", exact=True)


def follows(page: Page, known: Spectrum) -> None:
    """Wait until count and image are those of the level on the slider."""

    def counted() -> None:
        assert count(page) == live_directions(known.eigenvalues, level(page)).sum()

    holds(page, counted)
    x = pixels(original(page)).reshape(1, -1) / 255
    wanted = 255 * restore(known, x, level(page)).clip(0, 1).reshape(8, 8)
    alike(page, lambda: pixels(restored(page)), wanted, 2, "restored image")


def test_the_water_is_dragged_and_the_server_hears_nothing(page: Page, app_url: str) -> None:
    known = spectrum()
    page.goto(f"{app_url}/compare?models={MODELS}")
    page.get_by_text("Why dimensions die").click()
    expect(page.locator(".water-count b")).to_be_visible(timeout=60_000)
    until(page, lambda: pixels(restored(page)).any(), "a restored image")
    expect(page).to_have_url(re.compile("water=1"))
    follows(page, known)
    quiet(page)
    asked: list[Request] = []

    def hear(request: Request) -> None:
        asked.append(request)

    page.on("request", hear)
    chart = page.get_by_role("img", name="eigenvalues of the images")
    chart.scroll_into_view_if_needed()
    box = resting(page, chart).bounding_box()
    assert box
    before, image = count(page), pixels(restored(page))
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + 0.6 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + 0.15 * box["height"], steps=8)
    until(page, lambda: count(page) < before, "fewer live dimensions")
    differs(page, lambda: pixels(restored(page)), image, 20)
    follows(page, known)
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + 0.9 * box["height"], steps=8)
    page.mouse.up()
    until(page, lambda: count(page) > before, "more live dimensions")
    follows(page, known)
    # a bar under the pointer says what it is
    page.mouse.move(box["x"] + box["width"] - 3, box["y"] + box["height"] / 2)
    expect(page.locator(".water-bar")).to_contain_text(f"Dimension {len(known.components)},")
    assert asked == []


def test_the_water_is_moved_by_keys_and_images_are_exchanged(page: Page, app_url: str) -> None:
    known = spectrum()
    page.goto(f"{app_url}/compare?models={MODELS}&water=1")
    until(page, lambda: page.locator(".water-count b").count() and pixels(restored(page)).any(), "images", 60)
    slider(page).press("End")
    until(page, lambda: count(page) == 0, "nothing above the water")
    expect(page.locator(".water-words")).to_contain_text("every image becomes the mean image")
    alike(page, lambda: pixels(restored(page)), 255 * known.mean.reshape(8, 8), 1, "the mean")
    slider(page).press("Home")
    follows(page, known)
    chart = page.get_by_role("img", name="eigenvalues of the images")
    chart.press("ArrowRight")
    expect(page.locator(".water-bar")).to_contain_text("Dimension 2,")
    before = level(page)
    chart.press("ArrowUp")
    until(page, lambda: level(page) > before, "a higher level")
    first = pixels(original(page))
    page.get_by_role("button", name="another test image").first.click()
    differs(page, lambda: pixels(original(page)), first, 20)
    follows(page, known)


def scene(page: Page, url: str, app: App, models: str) -> None:
    """A deck of this one scene, on the full screen."""
    deck = {"format": 1, "scenes": [{"page": "water", "address": {"models": models}, "caption": "Why?"}]}
    (app.log_path.parent / "runs").mkdir(exist_ok=True)
    (app.log_path.parent / "runs" / "scenes.json").write_text(json.dumps(deck), encoding="utf-8")
    page.add_init_script("delete Element.prototype.requestFullscreen")
    page.goto(f"{url}/present")
    expect(page.locator(".water-count b")).to_be_visible(timeout=60_000)


@pytest.mark.slow
def test_as_a_scene_it_fills_the_screen_and_works_from_disk(
    new_page: Callable[..., Page], serve: Callable[..., App], tmp_path: Path
) -> None:
    known, app = spectrum(), serve()
    page = new_page(viewport={"width": 1920, "height": 1080})
    scene(page, app.url, app, MODELS)
    page.keyboard.press("p")
    expect(page.locator(".deck.filling")).to_be_visible()
    until(page, lambda: not looked_at(page)["blank"], "a scene with nothing empty")
    seen = looked_at(page)
    assert (seen["small"], seen["outside"], seen["scrolls"]) == ([], [], False), seen
    assert seen["right"] > 0.9
    assert seen["bottom"] > 0.75
    page.keyboard.press("1")
    before = level(page)
    page.keyboard.press("ArrowRight")
    until(page, lambda: level(page) > before, "a higher level")
    first = pixels(original(page))
    page.keyboard.press("n")
    differs(page, lambda: pixels(original(page)), first, 20)
    follows(page, known)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Export").click()
    with page.expect_download(timeout=60_000) as download:
        resting(page, page.get_by_role("button", name="The deck as one HTML file")).click()
    file = tmp_path / "water.html"
    download.value.save_as(file)
    alone = new_page(offline=True)
    alone.goto(file.as_uri())
    until(alone, lambda: alone.locator(".water-count b").count() and pixels(restored(alone)).any(), "images")
    slider(alone).press("PageUp")
    follows(alone, known)
