"""Explore is on the screen, and works, before Streamlit's page is up, and the page takes it over as it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import FloatRect, Locator, Page, Route, expect

from explorer import store
from scripts.driving import ROOT, App, wait_for
from tests import tiny
from tests.browser.waiting import until

PLANE = "digits-vae-z2"
BOOT = re.compile(r"/static/js/index\.[^/]*\.js$")
COMPONENT = re.compile(r"/static/js/BidiComponent\.[^/]*\.js$")


class Held:
    """A file of Streamlit that the browser does not get until it is let go."""

    def __init__(self, page: Page, file: re.Pattern[str]) -> None:
        self.page, self.file = page, file
        self.waiting: list[Route] = []
        page.route(file, lambda route: self.waiting.append(route))

    def let_go(self) -> None:
        for route in self.waiting:
            route.continue_()
        self.page.unroute(self.file)


def opened(page: Page, url: str, query: str = f"checkpoint={PLANE}") -> Locator:
    """The map, drawn while Streamlit waits for its own files."""
    page.goto(f"{url}/explore?{query}", wait_until="commit")
    surface = page.locator("#early .map canvas[role=application]")
    expect(surface).to_have_attribute("aria-label", re.compile("^Map of [1-9]"))
    expect(page.locator("#early .stage:not([aria-busy])")).to_be_visible()
    return surface


def waiting_for_the_component(page: Page, url: str) -> Held:
    """The early stage is there, and Streamlit's page comes up now, but for what would take the stage over."""
    boot, held = Held(page, BOOT), Held(page, COMPONENT)
    opened(page, url)
    boot.let_go()
    return held


def box(found: Locator) -> FloatRect:
    found_box = found.bounding_box()
    assert found_box
    return found_box


def slider(page: Page, k: int = 0) -> Locator:
    return page.get_by_role("slider", name=re.compile(f"^latent dimension {k + 1},"))


def code(page: Page) -> list[float]:
    query = parse_qs(urlsplit(page.url).query)
    return [float(part) for part in query.get("z", [""])[0].split(",") if part]


def taken_over(page: Page) -> None:
    expect(page.get_by_role("combobox", name="Checkpoint")).to_be_visible()
    expect(page.locator("#early")).to_have_count(0)
    expect(page.locator(".stage")).to_have_count(1)


@pytest.mark.parametrize(
    ("width", "slack"), [(1440, 1), (480, 30)]
)  # where the lines above wrap, it may differ
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_same_stage_at_the_same_place_and_in_the_same_colours(
    new_page: Callable[..., Page], app_url: str, width: int, slack: float, theme: str
) -> None:
    page = new_page(viewport={"width": width, "height": 900}, color_scheme=theme)
    held = Held(page, BOOT)
    surface = opened(page, app_url, "checkpoint=digits-vae-beta4-z10")  # which reaches below the window
    was, canvas = box(surface), surface.element_handle()
    look = "element => { const style = getComputedStyle(element.closest('.stage'));"
    look += (
        " return ['--text', '--ground', '--raised', '--accent'].map(name => style.getPropertyValue(name)); }"
    )
    colours = surface.evaluate(look)
    held.let_go()
    taken_over(page)
    now = page.locator(".map canvas[role=application]")
    assert now.evaluate("(element, was) => element === was", canvas)
    assert now.evaluate(look) == colours
    until(page, lambda: abs(box(now)["x"] - was["x"]) <= 1, "the same left edge")
    until(page, lambda: abs(box(now)["y"] - was["y"]) <= slack, "the same height")


@pytest.mark.slow
def test_what_is_chosen_in_the_menu_decides_the_colours(page: Page, app_url: str) -> None:
    page.add_init_script("""localStorage.setItem("stActiveTheme-/explore-v2", '"Dark"')""")
    held = Held(page, BOOT)
    opened(page, app_url)
    dark = page.locator(".stage").evaluate("stage => getComputedStyle(stage).getPropertyValue('--ground')")
    assert dark == "#0d0f10"
    held.let_go()
    taken_over(page)
    until(
        page,
        lambda: (
            page.locator(".stage").evaluate("stage => getComputedStyle(stage).getPropertyValue('--ground')")
            == dark
        ),
        "the page's own dark theme",
    )


def test_it_works_at_once_and_what_was_moved_is_kept(page: Page, app_url: str) -> None:
    held = Held(page, BOOT)
    opened(page, app_url, f"checkpoint={PLANE}&z=1,-2")
    expect(slider(page)).to_have_value("1")
    slider(page).focus()
    page.keyboard.press("ArrowRight")
    expect(slider(page)).not_to_have_value("1")
    moved = float(slider(page).input_value())
    wait_for(page, "window.__stage.paints.total >= 1")
    held.let_go()
    taken_over(page)
    until(page, lambda: code(page) == pytest.approx([moved, -2], abs=1e-3), "the address of what was moved")
    expect(slider(page)).to_be_focused()
    page.keyboard.press("ArrowRight")  # and Python hears of what comes after
    until(page, lambda: code(page)[0] > moved, "the address of the next step")


def test_a_hand_that_holds_a_slider_keeps_it(page: Page, app_url: str) -> None:
    held = Held(page, BOOT)
    opened(page, app_url)
    place = box(slider(page))
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 20, y)
    held.let_go()
    expect(page.get_by_role("combobox", name="Checkpoint")).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.locator("#early .stage")).to_be_visible()
    before = float(slider(page).input_value())
    page.mouse.move(x + 60, y)
    until(page, lambda: float(slider(page).input_value()) > before, "a slider that follows")
    page.mouse.up()
    taken_over(page)
    after = float(slider(page).input_value())
    until(page, lambda: code(page) == pytest.approx([after, 0], abs=1e-3), "its address")


def test_a_presentation_goes_on(page: Page, app_url: str) -> None:
    held = waiting_for_the_component(page, app_url)
    page.keyboard.press("p")
    stage = page.locator(".stage.presenting:popover-open")
    expect(stage).to_be_visible()
    held.let_go()
    expect(page.locator("#early")).to_have_count(0)
    expect(stage).to_be_visible()
    page.keyboard.press("1")
    largest = slider(page, 1)  # of the most nats
    expect(largest).to_be_focused()
    page.keyboard.press("ArrowRight")
    until(page, lambda: float(largest.input_value()) > 0, "a slider that follows the keys")
    page.keyboard.press("p")
    expect(page.get_by_role("combobox", name="Checkpoint")).to_be_visible()
    expect(page.locator(".stage:not(.presenting)")).to_be_visible()


@pytest.mark.slow
def test_its_arrays_are_fetched_once(page: Page, app_url: str) -> None:
    page.goto(app_url)  # by now the server is warm
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    held = Held(page, BOOT)
    opened(page, app_url, f"checkpoint={PLANE}&colour=dim:1")
    held.let_go()
    taken_over(page)
    for what in ("/positions/", "/column/dim%3A1", "/codes", "/decoder.onnx", "/stage.js"):
        assert len([path for path in asked if what in path]) == 1, what


@pytest.mark.slow
def test_it_leaves_with_its_page(page: Page, app_url: str) -> None:
    held = waiting_for_the_component(page, app_url)
    page.get_by_role("link", name="Train").click()
    expect(page.locator("#early")).to_have_count(0)
    held.let_go()
    expect(page.get_by_role("button", name="Train", exact=True).first).to_be_visible()
    page.get_by_role("link", name="Explore").click()
    expect(page.locator(".stage")).to_have_count(1)
    taken_over(page)


@pytest.mark.slow
def test_it_makes_way_where_the_page_has_something_else_to_show(page: Page, app_url: str) -> None:
    held = waiting_for_the_component(page, app_url)  # as if the script had ended before it came to the stage
    expect(page.get_by_role("combobox", name="Checkpoint")).to_be_visible()
    expect(page.locator(".stage")).to_have_count(0)
    held.let_go()
    taken_over(page)


OTHER_PAGE = """
const hide = () => document.querySelectorAll("[data-test-script-state]").forEach((app) => {
  app.removeAttribute("data-test-script-state");
});
new MutationObserver(hide).observe(document, { subtree: true, childList: true, attributes: true });
"""


def test_it_makes_way_for_a_page_that_it_does_not_know(page: Page, app_url: str) -> None:
    page.add_init_script(OTHER_PAGE)  # as another version of Streamlit may be
    held = waiting_for_the_component(page, app_url)
    expect(page.get_by_role("combobox", name="Checkpoint")).to_be_visible()
    expect(page.locator("#early")).to_have_count(0)
    expect(page.locator(".stage")).to_have_count(0)
    held.let_go()
    expect(page.locator(".stage:not([aria-busy])")).to_have_count(1)


OTHER_INDEX = """
import tempfile
from pathlib import Path
from streamlit import file_util

static, here = Path(file_util.get_static_dir()), Path(tempfile.mkdtemp())
for file in static.iterdir():
    (here / file.name).symlink_to(file)
(here / "index.html").unlink()
html = (static / "index.html").read_text(encoding="utf-8")
(here / "index.html").write_text(html.replace("<head>", '<head data-version="another">'), encoding="utf-8")
file_util.get_static_dir = lambda: str(here)

from streamlit.starlette import App
from explorer.server.app import late_routes, lifespan

app = App("%s", routes=late_routes(), lifespan=lifespan)
"""

# Streamlit's own page, opened by its address, asks for a server below that address first
LOOKS_FOR_ITS_SERVER = pytest.mark.page_errors("/explore/_stcore/")


@LOOKS_FOR_ITS_SERVER
@pytest.mark.parametrize("why", ["switched off", "another index.html"])
def test_explore_opens_without_it(
    page: Page, serve: Callable[..., App], tmp_path: Path, why: str, shipped_checkpoints: Path
) -> None:
    script = tmp_path / "other.py"
    script.write_text(OTHER_INDEX % (ROOT / "explorer/ui/pages/navigation.py"))
    env = {"EXPLORER_CHECKPOINTS": str(shipped_checkpoints)}
    app = (
        serve(EXPLORER_EARLY="0", **env)
        if why == "switched off"
        else serve(script, PYTHONPATH=str(ROOT), **env)
    )
    boot = Held(page, BOOT)
    page.goto(f"{app.url}/explore?checkpoint={PLANE}&z=1,-2", wait_until="commit")
    page.wait_for_timeout(1000)
    expect(page.locator(".stage")).to_have_count(0)
    boot.let_go()
    taken_over(page)
    expect(slider(page)).to_have_value("1")
    expect(page.locator(".map canvas[role=application]")).to_have_attribute(
        "aria-label", re.compile("^Map of [1-9]")
    )
    assert ("unknown index.html" in app.log) == (why == "another index.html")


@pytest.mark.slow
def test_what_cannot_be_shown_is_left_to_the_page(
    page: Page, serve: Callable[..., object], tmp_path: Path
) -> None:
    damaged = store.write(tmp_path / "models" / "damaged", *tiny.parts()).path / store.CODES
    damaged.write_bytes(damaged.read_bytes()[:-9])
    app = serve(EXPLORER_CHECKPOINTS=str(tmp_path / "models"))
    page.goto(f"{app.url}/explore")  # type: ignore[attr-defined]
    expect(page.get_by_test_id("stAlert")).to_contain_text(store.CODES)
    expect(page.locator("#early")).to_have_count(0)
