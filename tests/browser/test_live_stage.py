"""The stage in a real browser, in a real Streamlit app."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from explorer import store
from explorer.store import Checkpoint
from scripts.driving import wait_for
from tests.browser.waiting import alike, quiet, sweep, until

SCRIPT = "tests/live/stage_app.py"
NAME = "digits-vae-beta4-z10"
READY = "window.__stage?.paints.total > 0 && window.__stage.strips.total > 0"


@pytest.fixture(scope="module")
def stage_url(start_app: Callable) -> Iterator[str]:
    with start_app(SCRIPT) as app:
        yield app.url


@pytest.fixture(scope="module")
def checkpoint() -> Checkpoint:
    return store.open_checkpoint(Path("checkpoints") / NAME)


def opened(page: Page, url: str) -> Page:
    page.goto(url)
    wait_for(page, READY, timeout=60_000)
    return page


def heard(page: Page) -> list[float] | None:
    """What Python heard last."""
    found: list[float] | None = json.loads(page.locator("[data-testid=stCode]").inner_text())
    return found


def pixels(page: Page) -> np.ndarray:
    """The large image, grey levels."""
    values = page.locator("canvas.large").evaluate(
        "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].filter((_, i) => i % 4 === 0)"
    )
    return np.array(values)


def shows(page: Page, checkpoint: Checkpoint, z: list[float] | None) -> None:
    """Wait until the large image is what ONNX Runtime decodes on this side."""
    expected = checkpoint.decode(checkpoint.decoder_session(), np.array([z], np.float32))[0, 0].ravel() * 255
    alike(page, lambda: pixels(page), expected, 1)


def test_dragging_morphs_every_frame_without_asking_the_server(page: Page, stage_url: str) -> None:
    opened(page, stage_url)
    quiet(page)
    asked: list[str] = []
    # Streamlit and the browser may ask for things of their own, as the page's icon, when they have the time
    page.on("request", lambda request: asked.append(request.url) if "/checkpoints/" in request.url else None)
    painted = page.evaluate("__stage.paints.total")
    strips = page.evaluate("__stage.strips.total")
    slider = page.locator("input[type=range]").first
    box = slider.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    before = pixels(page)
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    sweep(
        page,
        lambda share: (box["x"] + box["width"] * (0.5 + 0.4 * share), middle),
        lambda: (
            page.evaluate("__stage.paints.total") >= painted + 15
            and page.evaluate("__stage.strips.total") > strips
            and np.abs(pixels(page) - before).max() > 30
        ),
        "15 images, strips and another picture before the button is let go",
    )
    assert asked == []
    page.mouse.up()


def test_what_is_shown_is_what_the_decoder_says(page: Page, stage_url: str, checkpoint: Checkpoint) -> None:
    opened(page, stage_url)
    assert page.evaluate("window.__stage.first") > 0  # it came with the page, before the decoder
    page.get_by_role("button", name="Random").click()
    expect(page.locator("[data-testid=stCode]")).not_to_have_text("null")
    shows(page, checkpoint, heard(page))


@pytest.mark.slow
def test_keys_and_numbers_move_one_dimension(page: Page, stage_url: str, checkpoint: Checkpoint) -> None:
    opened(page, stage_url)
    first = int(np.argmax(checkpoint.codes.rate.mean(0)))
    slider = page.get_by_role("slider", name=f"latent dimension {first + 1},")
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    slider.press("Shift+ArrowLeft")
    moved = pytest.approx([0.19 if k == first else 0 for k in range(10)])
    until(page, lambda: heard(page) == moved, "two steps up and a small one down")
    number = page.get_by_role("spinbutton", name=f"value of dimension {first + 1}", exact=True)
    number.fill("-1.25")
    number.press("Enter")
    expect(page.locator("[data-testid=stCode]")).to_contain_text("-1.25")
    slider.dblclick(position={"x": 3, "y": 3})
    expect(slider).to_have_value("0")


@pytest.mark.slow
def test_the_address_brings_the_state_back(page: Page, stage_url: str, checkpoint: Checkpoint) -> None:
    opened(page, stage_url)
    quiet(page)
    page.get_by_role("button", name="Test image").click()
    expect(page).to_have_url(re.compile("selected"))
    expect(page.locator("[data-testid=stCode]")).not_to_have_text("null")
    z = heard(page)
    row = int(re.search(r"original ([\d,]+)", page.locator(".original").inner_text())[1].replace(",", ""))  # type: ignore[index]
    assert z == pytest.approx(checkpoint.codes.mean[row].tolist(), abs=1e-4)
    shows(page, checkpoint, z)
    page.reload()
    wait_for(page, READY)
    expect(page.locator(".original")).to_contain_text(f"original {row:,}")
    shows(page, checkpoint, z)


def test_a_rerun_of_the_page_keeps_the_stage(page: Page, stage_url: str) -> None:
    opened(page, stage_url)
    page.evaluate(
        "window.kept = document.querySelector('[data-testid=stBidiComponentRegular], .stBidiComponent')"
    )
    slider = page.locator("input[type=range]").first
    slider.evaluate("element => (element.marked = true)")
    slider.press("ArrowRight")
    page.get_by_role("button", name="Run again").click()
    page.wait_for_timeout(1000)
    assert slider.evaluate("element => element.marked === true")
    until(page, lambda: page.evaluate("__stage.paints.total") >= 2, "a second image")


@pytest.mark.slow
@pytest.mark.page_errors("ERR_FAILED|wasm|falling back|decodes on the server|Failed to load")
def test_without_webassembly_the_server_decodes(page: Page, stage_url: str, checkpoint: Checkpoint) -> None:
    page.route("**/*.wasm", lambda route: route.abort())
    page.goto(stage_url)
    expect(page.locator(".notice")).to_contain_text("images come from the server")
    page.get_by_role("button", name="Random").click()
    expect(page.locator("[data-testid=stCode]")).not_to_have_text("null")
    shows(page, checkpoint, heard(page))
    page.route("**/decode", lambda route: route.abort())
    page.get_by_role("button", name="Reset").click()
    expect(page.locator(".notice")).to_contain_text("Neither this browser nor the server")


@pytest.mark.slow
def test_a_walk_plays_and_names_its_distance(page: Page, stage_url: str) -> None:
    opened(page, f"{stage_url}?v=walk")
    expect(page.locator(".distance .most")).to_contain_text(re.compile(r"at most \d\.\d\d σ"))
    painted = page.evaluate("__stage.paints.total")
    page.get_by_role("button", name="Play").click()
    until(page, lambda: page.evaluate("__stage.paints.total") > painted + 10, "frames of the walk")
    page.get_by_role("button", name="Pause").click()
    assert 0 < float(page.get_by_role("slider", name="position on the path").input_value()) <= 1


@pytest.mark.slow
def test_files_can_be_saved(page: Page, stage_url: str, checkpoint: Checkpoint) -> None:
    from PIL import Image

    opened(page, stage_url)
    quiet(page)
    saved = {}
    for item in ("Image · PNG", "This view · PNG", "Traversal of", "Walk from", "Code · JSON"):
        page.locator("summary", has_text="Save").click()
        with page.expect_download() as waiting:
            page.get_by_role("menuitem", name=item).click()
        saved[item] = waiting.value.path()
    assert Image.open(saved["Image · PNG"]).size == (512, 512)
    assert Image.open(saved["This view · PNG"]).size[0] > 1000
    with Image.open(saved["Traversal of"]) as gif:
        assert (gif.size, gif.n_frames) == ((320, 320), 64)  # type: ignore[attr-defined]
    assert json.loads(saved["Code · JSON"].read_text())["z"] == [0] * 10


@pytest.mark.slow
def test_the_map_decodes_under_the_pointer_and_gives_its_codes(
    page: Page, stage_url: str, checkpoint: Checkpoint
) -> None:
    opened(page, f"{stage_url}?v=explore")
    quiet(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/checkpoints/" in request.url else None)
    box = page.locator(".map").bounding_box()
    assert box
    painted = page.evaluate("__stage.paints.total")
    sweep(
        page,
        lambda share: (box["x"] + box["width"] * (0.3 + 0.3 * share), box["y"] + box["height"] / 2),
        lambda: page.evaluate("__stage.paints.total") > painted + 5,
        "images under the pointer",
    )
    assert [url for url in asked if "originals" not in url] == []
    page.mouse.click(box["x"] + box["width"] * 0.45, box["y"] + box["height"] * 0.4)
    expect(page.locator("[data-testid=stCode]")).not_to_have_text("null")
    shows(page, checkpoint, heard(page))


@pytest.mark.slow
def test_a_selection_on_the_map_is_summed_up(page: Page, stage_url: str, checkpoint: Checkpoint) -> None:
    opened(page, f"{stage_url}?v=explore")
    quiet(page)
    page.get_by_role("radio", name="box").check()
    box = page.locator(".map").bounding_box()
    assert box
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] - 2, steps=5)
    page.mouse.up()
    rate = checkpoint.codes.rate.sum(1).mean()
    expect(page.locator(".selection")).to_contain_text(f"{len(checkpoint.codes)} selected")
    expect(page.locator(".selection")).to_contain_text(f"rate {rate:.1f} nats")
