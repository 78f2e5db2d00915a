"""Present, in a real browser: the story stepped through by keys, scenes of one's own, and the deck from disk."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from scripts.driving import App, wait_for
from tests.browser.waiting import holds, resting, still, until


def shown(page: Page) -> Locator:
    return page.locator(".slide:not([inert])")


LOOK = """(slide) => {
  const deck = slide.closest(".deck");
  const seen = (element) => {
    for (let e = element; e; e = e.parentElement) if (getComputedStyle(e).opacity === "0") return false;
    return element.checkVisibility();
  };
  const says = (e) => e.tagName !== "STYLE" && e.tagName !== "OPTION"
    && [...e.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const words = [...deck.querySelectorAll("*")].filter((e) => !e.closest(".slide[inert]") && says(e) && seen(e));
  const screen = deck.getBoundingClientRect();
  const leaves = (e) => {
    const box = e.getBoundingClientRect();
    const beside = box.left < screen.left - 1 || box.right > screen.right + 1;
    return box.width && (beside || box.top < screen.top - 1 || box.bottom > screen.bottom + 1);
  };
  const canvases = [...slide.querySelectorAll("canvas")].filter(seen);
  const blank = canvases.filter((canvas) => {
    const context = canvas.getContext("2d");
    if (!context) return false; // it is WebGL's, which cannot be read
    const data = context.getImageData(0, 0, canvas.width, canvas.height).data;
    return data.every((value, i) => value === data[i % 4]);
  });
  const place = slide.getBoundingClientRect();
  const parts = [...canvases, ...slide.querySelectorAll("input, p, table")].filter(seen);
  const boxes = parts.map((e) => e.getBoundingClientRect());
  // the tallest band across the slide with nothing in it
  const gapOf = (boxes, place) => {
    let [reached, most] = [place.top, 0];
    for (const box of [...boxes].sort((a, b) => a.top - b.top)) {
      most = Math.max(most, box.top - reached);
      reached = Math.max(reached, box.bottom);
    }
    return most / place.height;
  };
  const size = (e) => parseFloat(getComputedStyle(e).fontSize);
  return {
    small: words.filter((e) => size(e) < 23.9).map((e) => `${size(e)}: ${e.textContent.slice(0, 30)}`),
    outside: [...words, ...canvases].filter(leaves).map((e) => `${e.className}: ${e.textContent.slice(0, 30)}`),
    scrolls: slide.scrollHeight > slide.clientHeight + 1 || slide.scrollWidth > slide.clientWidth + 1,
    blank: blank.map((canvas) => canvas.getAttribute("aria-label")),
    pictures: canvases.length,
    right: (Math.max(...boxes.map((box) => box.right)) - place.left) / place.width,
    empty: gapOf(boxes, place),
    bottom: (Math.max(...boxes.map((box) => box.bottom)) - place.top) / place.height,
  };
}"""


def looked_at(page: Page) -> dict[str, Any]:
    return dict(shown(page).evaluate(LOOK))


def filled(seen: dict[str, Any]) -> bool:
    """Whether there are pictures, and none is blank."""
    return bool(seen["pictures"]) and not seen["blank"]


def stepped_through(page: Page) -> None:
    """All eight scenes by keys, each alive."""
    place = page.locator(".deck footer output")
    expect(place).to_have_text("1 / 8", timeout=60_000)
    numbers = shown(page).locator(".numbers")
    expect(numbers).to_contain_text("(", timeout=60_000)
    before = numbers.inner_text()
    page.keyboard.press("t")
    until(page, lambda: numbers.inner_text() != before, "the code of another image")
    for number in range(2, 9):
        page.keyboard.press("PageDown" if number % 2 else "ArrowRight")
        expect(place).to_have_text(f"{number} / 8")
        until(page, lambda: not looked_at(page)["blank"], f"scene {number} with nothing empty", 60)
        if number == 4:
            formula = shown(page).locator(".formula")
            expect(formula).to_contain_text("1.00 ·")
            page.keyboard.press("1")  # takes the slider; its arrows are its own
            page.keyboard.press("ArrowRight")
            expect(place).to_have_text("4 / 8")
            expect(formula).to_contain_text("1.01 ·")
        if number == 5:
            cell = shown(page).locator("tbody td").first
            assert float(cell.inner_text()) > 1
            page.keyboard.press("g")
            # KL(q‖p) of q = p: as many frames as the way has steps
            expect(cell).to_have_text("0.00", timeout=180_000)
    strips = shown(page).locator(".rotate-row canvas")
    dial = shown(page).locator("input[type=range]")
    expect(dial).to_have_value("45")

    def drawings() -> list[str]:
        return [str(strips.nth(i).evaluate("c => c.toDataURL()")) for i in range(2)]

    dial.fill("0")
    first = still(page, drawings)
    dial.fill("90")

    def turned() -> None:
        now = drawings()
        assert now[0] == first[1]  # a quarter turn: one axis is the other
        assert now[1] != first[1]

    holds(page, turned)


@pytest.mark.parametrize("size", [(1920, 1080), (1440, 900), (1024, 768)], ids=lambda size: str(size[0]))
def test_every_scene_fills_the_screen_in_large_type_and_nothing_is_cut_off(
    new_page: Callable[..., Page], app_url: str, size: tuple[int, int]
) -> None:
    page = new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(f"{app_url}/present")
    expect(page.locator(".deck footer output")).to_have_text("1 / 8", timeout=60_000)
    page.keyboard.press("p")
    expect(page.locator(".deck.filling")).to_be_visible()
    for number in range(1, 9):
        if number > 1:
            page.keyboard.press("ArrowRight")
        expect(page.locator(".deck footer output")).to_have_text(f"{number} / 8")
        until(page, lambda: filled(looked_at(page)), f"scene {number} with nothing empty", 60)
        seen = looked_at(page)
        assert (seen["outside"], seen["scrolls"]) == ([], False), (number, seen)
        if size[0] >= 1440:  # a smaller screen is not looked at from the back row
            assert seen["small"] == [], (number, seen)
        assert seen["right"] > 0.9, (number, seen["right"])
        assert seen["bottom"] > 0.75 * min(1, size[0] / size[1] / 1.6), (number, seen["bottom"])
        assert seen["empty"] < 0.3, (number, seen["empty"])
        assert "not available" not in page.locator(".deck").inner_text()


def test_views_in_scenes_have_large_type_as_well(
    new_page: Callable[..., Page], serve: Callable[..., App], tmp_path: Path
) -> None:
    """A board to draw on, beta under the hand, samples, and the ladder of beta."""
    app_url = serve().url  # of its own: decks are kept on disk
    every, three = "mnist-vae-every-z10", "mnist-vae-z10,mnist-vae-beta4-z10,mnist-vae-every-z10"
    scenes = [
        {"page": "explore", "address": {"checkpoint": "mnist-vae-z10", "tool": "image"}},
        {"page": "explore", "address": {"checkpoint": every, "selected": "11", "beta": "4"}},
        {"page": "samples", "address": {"models": f"mnist-ae-z10,{every}", "betas": "0,8"}},
        {"page": "compare", "address": {"models": three, "tab": "ladder", "image": "11"}},
        {"page": "compare", "address": {"models": three, "image": "11"}},
    ]
    file = tmp_path / "scenes.json"
    file.write_text(json.dumps({"format": 1, "scenes": scenes}), encoding="utf-8")
    page = new_page(viewport={"width": 1920, "height": 1080})
    page.goto(f"{app_url}/present")
    page.get_by_role("button", name="Open or add").click(timeout=60_000)
    page.locator("input[type=file]").set_input_files(file)
    place = page.locator(".deck footer output")
    expect(place).to_have_text(f"1 / {len(scenes)}", timeout=60_000)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Present", exact=True).last.click()
    expect(page.locator(".deck.filling")).to_be_visible()
    for number in range(1, len(scenes) + 1):
        expect(place).to_have_text(f"{number} / {len(scenes)}")
        expect(shown(page).locator(".stage canvas").first).to_be_visible(timeout=60_000)
        seen = looked_at(page)
        small = [words for words in seen["small"] if float(words.split(":")[0]) < 19]  # ticks are 0.85 em
        assert small == [], (number, small)
        page.keyboard.press("PageDown")


def prepared(page: Page, count: int) -> None:
    """Wait until so many scenes are mounted out of sight."""
    ready = "slides => slides.filter(slide => slide.querySelector('.stage canvas')).length"
    hidden = page.locator(".slide[inert]")
    until(page, lambda: hidden.evaluate_all(ready) >= count, "the next scene", 60)


def test_the_next_scene_is_ready_when_its_key_is_pressed(new_page: Callable[..., Page], app_url: str) -> None:
    page = new_page()
    page.goto(f"{app_url}/present")
    expect(page.locator(".deck footer output")).to_have_text("1 / 8", timeout=60_000)
    for number in range(2, 9):
        prepared(page, 1 if number in (2, 8) else 2)
        page.wait_for_timeout(1500)  # what a lecturer takes at least to say something
        page.keyboard.press("ArrowRight")
        expect(page.locator(".deck footer output")).to_have_text(f"{number} / 8")
        page.wait_for_timeout(500)
        assert looked_at(page)["blank"] == [], number


def test_the_story_by_keys_and_then_from_disk(
    page: Page, new_page: Callable[..., Page], app_url: str, tmp_path: Path
) -> None:
    page.add_init_script(
        "delete Element.prototype.requestFullscreen"
    )  # as on a phone: the deck fills the window
    page.goto(f"{app_url}/present")
    expect(page.locator(".deck footer output")).to_have_text("1 / 8", timeout=60_000)
    page.keyboard.press("p")
    deck = page.locator(".deck.filling")
    expect(deck).to_be_visible()
    all_of_it = {"x": 0, "y": 0, "width": 1280, "height": 800}
    until(page, lambda: deck.bounding_box() == all_of_it, "a deck that leaves nothing of the app")
    stepped_through(page)
    page.keyboard.press("Escape")
    expect(deck).to_have_count(0)
    page.get_by_role("button", name="Export").click()
    with page.expect_download(timeout=60_000) as download:
        resting(page, page.get_by_role("button", name="The deck as one HTML file")).click()
    file = tmp_path / "story.html"
    download.value.save_as(file)
    print(f"{file.stat().st_size / 1e6:.1f} MB")
    alone = new_page(offline=True, color_scheme="dark")
    alone.goto(file.as_uri())
    stepped_through(alone)


@pytest.mark.slow
def test_scenes_are_kept_ordered_saved_and_opened_again(
    page: Page, serve: Callable[..., App], tmp_path: Path
) -> None:
    app_url = serve().url  # of its own: what is kept on disk would be the first deck of other tests
    page.goto(f"{app_url}/explore?checkpoint=digits-vae-z2&z=1,0.5")
    wait_for(page, "window.__stage?.paints.total > 0", timeout=60_000)
    page.get_by_role("button", name="Export").click()
    for number, caption in enumerate(("First words", "Second words"), 1):
        page.get_by_role("textbox", name="Save this view as a scene").fill(caption)
        resting(page, page.locator("[data-testid=stForm]").get_by_role("button", name="Save")).click()
        expect(page.get_by_text(f"Scene {number} is saved: find it under Present")).to_be_visible()
        expect(page.get_by_role("textbox", name="Save this view as a scene")).to_have_value("")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Present").click()
    caption_shown = page.locator(".deck .caption")
    expect(caption_shown).to_have_text("First words", timeout=60_000)
    expect(shown(page).get_by_role("spinbutton", name="value of dimension 2")).to_have_value("0.50")
    scenes = page.locator(".slide-list li")
    expect(scenes).to_have_count(2)
    scenes.first.focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(scenes.first).to_contain_text("Second words")
    expect(scenes.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(caption_shown).to_have_text("Second words")
    scenes.first.drag_to(scenes.nth(1))
    expect(scenes.first).to_contain_text("First words")
    scenes.first.drag_to(scenes.nth(1))
    expect(scenes.first).to_contain_text("Second words")
    scenes.first.click()
    notes = page.get_by_label("notes for the speaker")
    notes.fill("Breathe.")
    notes.blur()
    with page.expect_popup() as popup:
        page.get_by_role("button", name="Notes").click()
    expect(popup.value.locator(".notes")).to_have_text("Breathe.")
    expect(popup.value.locator(".next")).to_contain_text("First words")
    popup.value.close()
    page.reload()
    expect(scenes.first).to_contain_text("Second words", timeout=60_000)
    expect(page.get_by_label("notes for the speaker")).to_have_value("Breathe.")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        resting(page, page.get_by_role("button", name="Scenes as JSON")).click()
    file = tmp_path / "scenes.json"
    download.value.save_as(file)
    kept = json.loads(file.read_text(encoding="utf-8"))["scenes"]
    assert [scene["caption"] for scene in kept] == ["Second words", "First words"]
    kept[0]["caption"] = "Words from a file"
    file.write_text(json.dumps({"format": 1, "scenes": kept[:1]}), encoding="utf-8")
    page.goto(f"{app_url}/present")
    page.get_by_role("button", name="Open or add").click()
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_label("caption of this scene")).to_have_value("Words from a file")
