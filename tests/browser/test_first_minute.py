"""The first minute with the app, by hand and by keys: the live picture, the path, the terms, and what fits a screen."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from explorer import store
from explorer.live.terms import terms
from explorer.store import cache
from explorer.ui.parts import first_steps
from scripts.driving import wait_for
from tests.browser.conftest import Serve
from tests.browser.waiting import holds, resting, until

SHIPPED = Path(__file__).parents[2] / "checkpoints"
SLIDER = ".hero input[type=range]"

# the pixels of the canvas in its own resolution, (H, W, 4)
PIXELS = """() => {
  const roots = [document, ...[...document.querySelectorAll("*")].map((element) => element.shadowRoot)];
  const canvas = roots.map((root) => root?.querySelector(".hero canvas")).find(Boolean);
  const { width, height } = canvas;
  return [height, width, [...canvas.getContext("2d").getImageData(0, 0, width, height).data]];
}"""


def picture(page: Page) -> np.ndarray:
    height, width, values = page.evaluate(PIXELS)
    return np.array(values).reshape(height, width, 4)[..., :3].transpose(2, 0, 1)


def test_the_leading_picture_decodes_what_its_slider_says(page: Page, app_url: str) -> None:
    page.goto(app_url)
    slider = page.locator(SLIDER)
    expect(slider).to_be_visible()
    expect(page.get_by_text("drag me")).to_be_visible()
    found = [store.open_checkpoint(path.parent) for path in SHIPPED.glob("*/config.json")]
    hero = first_steps.hero([c for c in found if c.name == "faces-vae-z24"])
    assert hero is not None
    checkpoint = cache.shared(store.open_checkpoint(SHIPPED / hero.name))

    def decoded(value: float) -> np.ndarray:
        z = np.array([hero.z], "<f4")
        z[0, hero.dimension] = value
        return cache.decode(checkpoint, z)[0].astype(float)

    first = decoded(hero.z[hero.dimension])
    holds(page, lambda: np.testing.assert_allclose(picture(page), first, atol=2))
    box = slider.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    value = float(slider.input_value())
    assert value > 2
    assert np.abs(decoded(value) - first).mean() > 5
    holds(page, lambda: np.testing.assert_allclose(picture(page), decoded(value), atol=2))


def test_the_first_screen_holds_words_picture_and_path(page: Page, app_url: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(app_url)
    for part in (".hero canvas", SLIDER, ".opening h1", "a.step >> nth=0", "a.step >> nth=3"):
        box = page.locator(part).bounding_box()
        assert box
        assert box["y"] + box["height"] <= 900, part
    page.set_viewport_size({"width": 390, "height": 844})
    box = page.locator(SLIDER).bounding_box()
    assert box
    assert box["y"] + box["height"] <= 844


def test_the_path_opens_what_it_says(page: Page, app_url: str) -> None:
    page.goto(app_url)
    expect(page.locator("a.step")).to_have_count(4)
    page.locator("a.step").nth(0).click()
    wait_for(page, "location.pathname.endsWith('/samples')")
    expect(page.locator(".model-column h3")).to_have_text(["AE", "VAE"])
    page.go_back()
    page.locator("a.step").nth(1).click()
    wait_for(page, "location.pathname.endsWith('/explore')")
    expect(page.get_by_role("combobox", name="Checkpoint")).to_have_value(
        "VAE · mnist · 2 latents — mnist-vae-z2"
    )
    expect(page.get_by_label("decoded plane")).to_be_checked()
    page.go_back()
    page.locator("a.step").nth(2).click()
    wait_for(page, "location.pathname.endsWith('/compare')")
    expect(page.locator(".cell.head h3")).to_have_text(["β = 1", "β = 4", "β = 16"])


def test_a_question_mark_says_what_a_term_means(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/explore?checkpoint=mnist-vae-z2")
    page.wait_for_load_state(
        "networkidle"
    )  # the stage moves once from the early page to Streamlit's, which closes a box
    mark = page.get_by_role("button", name="What is Active unit?")
    mark.click()
    box = page.locator(".term-box:popover-open")
    expect(box).to_contain_text(terms()["active"].sentence)
    expect(box).to_contain_text(terms()["active"].formula)
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    page.goto(f"{app_url}/glossary")
    for term in terms().values():
        expect(page.get_by_role("heading", name=term.title, exact=True)).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("size", [(390, 844), (1024, 768), (1920, 1080)], ids=lambda size: str(size[0]))
@pytest.mark.parametrize(
    "address",
    ["explore?checkpoint=mnist-vae-z2", "samples?models=mnist-ae-z10,mnist-vae-z10", "compare"],
    ids=lambda address: address.partition("?")[0],
)
def test_every_question_mark_opens_whole_and_beside_its_term(
    new_page: Callable[..., Page], app_url: str, address: str, size: tuple[int, int]
) -> None:
    page = new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(f"{app_url}/{address}")
    marks = page.locator("button.term:visible")
    expect(marks.first).to_be_visible(timeout=60_000)
    box = page.locator(".term-box:popover-open")
    for i in range(marks.count()):
        marks.nth(i).scroll_into_view_if_needed()
        resting(page, marks.nth(i)).click()  # the page is still being filled
        expect(box).to_have_count(1)
        shown, mark = box.bounding_box(), marks.nth(i).bounding_box()
        assert shown
        assert mark
        assert shown["x"] >= 0
        assert shown["x"] + shown["width"] <= size[0]
        assert shown["y"] >= 0
        assert shown["y"] + shown["height"] <= size[1]
        below = shown["y"] - (mark["y"] + mark["height"])
        above = mark["y"] - (shown["y"] + shown["height"])
        assert 0 <= max(below, above) <= 16, (mark, shown)  # close to it, and not over it
        assert box.evaluate(
            "box => box.scrollWidth <= box.clientWidth && box.scrollHeight <= box.clientHeight"
        )
        page.keyboard.press("Escape")
        expect(box).to_have_count(0)


@pytest.mark.slow
def test_typing_a_range_of_two_and_a_half(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/explore?checkpoint=mnist-vae-z2")
    field = page.get_by_label("range in prior standard deviations")
    field.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("2.5", delay=60)
    expect(field).to_have_value("2.5")
    slider = page.get_by_role("slider", name="latent dimension 1,")
    expect(slider).to_have_attribute("max", "2.5")
    page.keyboard.press("Control+a")
    page.keyboard.type("99", delay=60)
    page.keyboard.press("Tab")
    expect(field).to_have_value("9")  # the last that a slider can have


@pytest.mark.parametrize("name", ["mnist-vae-z2", "faces-vae-z24"])
def test_image_and_sliders_stand_beside_the_map_at_1024(page: Page, app_url: str, name: str) -> None:
    page.set_viewport_size({"width": 1024, "height": 768})
    page.goto(f"{app_url}/explore?checkpoint={name}")
    expect(page.locator(".dimension").first).to_be_visible()

    def beside() -> None:
        boxes = {part: page.locator(part).first.bounding_box() for part in (".map", ".current", ".dimension")}
        assert all(boxes.values())
        edge = boxes[".map"]["x"] + boxes[".map"]["width"]  # type: ignore[index]
        for part in (".current", ".dimension"):
            box = boxes[part]
            assert box
            assert box["x"] >= edge
            assert box["y"] + min(box["height"], 90) <= 768, part
        button = page.locator("button.present").bounding_box()
        assert button
        for part in (".current canvas >> nth=0", ".original", ".sigma input"):
            box = page.locator(part).bounding_box()
            assert box
            apart = (
                box["x"] + box["width"] <= button["x"]
                or box["y"] >= button["y"] + button["height"]
                or button["y"] >= box["y"] + box["height"]
            )
            assert apart, part

    holds(page, beside)


@pytest.mark.slow
def test_five_columns_fit_at_1024(page: Page, serve: Serve) -> None:
    app = serve()
    place = app.log_path.parent / "checkpoints"
    names = [
        "mnist-vae-z10",
        "mnist-vae-beta4-z10",
        "mnist-vae-beta16-z10",
        "again-vae-z10",
        "again-beta4-z10",
    ]
    for copy, name in zip(names[3:], names, strict=False):  # as many as fit do not ship
        shutil.copytree(place / name, place / copy)
    page.set_viewport_size({"width": 1024, "height": 768})
    page.goto(f"{app.url}/compare?models={','.join(names)}")
    expect(page.locator(".cell.head")).to_have_count(5)

    def whole() -> None:
        frame = page.locator(".scroller").first.bounding_box()
        last = page.locator(".cell.head").last.bounding_box()
        assert frame
        assert last
        assert last["x"] + last["width"] <= frame["x"] + frame["width"] + 1

    holds(page, whole)


@pytest.mark.slow
def test_hair_has_its_own_colour_on_the_map(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/explore?checkpoint=faces-vae-z24")
    swatch = page.locator(".legend button", has_text="silver").locator("i")
    expect(swatch).to_have_css("background-color", "rgb(180, 180, 184)")


@pytest.mark.slow
def test_small_images_are_smooth_by_choice(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/explore?checkpoint=mnist-vae-z2")
    canvas = page.locator("canvas.large")
    expect(canvas).to_have_css("image-rendering", "pixelated")
    page.get_by_label("smooth").check()
    expect(canvas).to_have_css("image-rendering", "auto")
    page.reload()
    expect(page.locator("canvas.large")).to_have_css("image-rendering", "auto")
    until(page, lambda: page.get_by_label("smooth").is_checked(), "the choice is kept")
