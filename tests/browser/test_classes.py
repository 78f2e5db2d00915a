"""The class of a conditional model under the hand: on Explore, Samples and Compare, and from disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, Request, expect

from explorer.export import html_page
from explorer.live.schema import StageState
from explorer.store import Checkpoint
from scripts.driving import ROOT
from tests import conditional
from tests.browser.conftest import StartApp
from tests.browser.test_beta import picture
from tests.browser.test_compare import pixels
from tests.browser.test_take import dragged, from_disk
from tests.browser.waiting import alike, holds, until
from tests.conditional import decoded

ROW = 3
CLASSES = 10
GAP, BAR = 4, 4
"""Pixels between the samples of a grid, and of the bar under each (`samples/grid.ts`)."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A conditional model and another one, both of digits."""
    folder = tmp_path_factory.mktemp("checkpoints")
    shutil.copytree(ROOT / "checkpoints" / "digits-vae-z2", folder / "digits-vae-z2")
    conditional.write(folder / "given")
    return folder


@pytest.fixture(scope="module")
def given(folder: Path) -> Checkpoint:
    from explorer import store

    return store.open_checkpoint(folder / "given")


@pytest.fixture(scope="module")
def url(folder: Path, start_app: StartApp) -> Iterator[str]:
    with start_app(EXPLORER_CHECKPOINTS=str(folder)) as app:
        yield app.url


def row_of(page: Page) -> Locator:
    return page.get_by_role("group", name="the class, and every class in this style")


def choose(page: Page, label: int) -> None:
    row_of(page).locator(".classes button").nth(label).click()


def shown_classes(page: Page) -> Callable[[], np.ndarray]:
    """The row of all classes, `(K, H, W)`."""
    return lambda: np.stack([pixels(row_of(page).locator("canvas").nth(i)) for i in range(CLASSES)])


def test_all_classes_follow_the_hand_without_the_server(page: Page, url: str, given: Checkpoint) -> None:
    z = np.array([[0.5, -1.25]])
    page.goto(f"{url}/explore?checkpoint=given&z=0.5,-1.25&class=7")
    alike(page, picture(page), decoded(given, z, 7)[0, 0], 2)
    every = decoded(given, np.repeat(z, CLASSES, 0), np.arange(CLASSES))[:, 0]
    alike(page, shown_classes(page), every, 2)
    expect(row_of(page).locator("[aria-pressed=true]")).to_have_text("7")
    page.wait_for_load_state("networkidle")
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    choose(page, 4)
    alike(page, picture(page), decoded(given, z, 4)[0, 0], 2)
    slider = page.locator(".dimension input[type=range]").first
    k = int(page.locator(".dimension").first.get_attribute("data-dimension") or 0)
    slider.evaluate(
        "(slider) => { slider.value = '2'; slider.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    z[0, k] = 2
    every = decoded(given, np.repeat(z, CLASSES, 0), np.arange(CLASSES))[:, 0]
    alike(page, shown_classes(page), every, 2)
    alike(page, picture(page), every[4], 2)
    assert not [request.url for request in asked if "/checkpoints/" in request.url]
    until(page, lambda: "class=4" in page.url, "the class in the link")
    assert dragged(page, slider) > 0.5
    assert dragged(page, slider, "strips") > 0.5  # the row, and the traversals, at the rate of the hand


def test_a_test_image_has_its_own_class(page: Page, url: str, given: Checkpoint) -> None:
    assert given.codes.labels is not None
    page.goto(f"{url}/explore?checkpoint=given")
    page.wait_for_load_state("networkidle")  # the codes are there
    page.get_by_role("button", name="Test image").click()
    until(page, lambda: "selected=" in page.url, "a test image in the link")
    row = int(page.url.split("selected=")[1].split("&")[0])
    label = int(given.codes.labels[row])
    expect(row_of(page).locator("[aria-pressed=true]")).to_have_text(str(label))
    code = given.codes.mean[row : row + 1]
    alike(page, picture(page), decoded(given, code, label)[0, 0], 2)
    choose(page, (label + 1) % CLASSES)  # the same hand writes another digit
    alike(page, picture(page), decoded(given, code, (label + 1) % CLASSES)[0, 0], 2)


def test_samples_draw_a_class_or_all_in_turn(page: Page, url: str, given: Checkpoint) -> None:
    page.goto(f"{url}/samples?models=digits-vae-z2,given&n=16&t=0")
    grid = page.locator(".model-column").nth(1).locator(".grid-place canvas")
    origin = decoded(given, np.zeros((CLASSES, 2)), np.arange(CLASSES))[:, 0]

    def first_rows(labels: list[int]) -> Callable[[], None]:
        """The first eight of 4×4 images look most like these classes."""

        def check() -> None:
            sheet = pixels(grid)
            side = (sheet.shape[1] + GAP) // 4 - GAP
            middles = ((np.arange(8) + 0.5) * side / 8).astype(int)
            for i, label in enumerate(labels):
                row, column = divmod(i, 4)
                top, left = row * (side + GAP + BAR), column * (side + GAP)
                tile = sheet[top + middles][:, left + middles]
                apart = np.abs(tile - origin).mean((1, 2))
                assert apart.argmin() == label
                assert apart.min() < 2

        return check

    holds(page, first_rows(list(range(8))))
    page.get_by_label("class that conditional models draw").select_option("5")
    holds(page, first_rows([5] * 8))
    until(page, lambda: "class=5" in page.url, "the class in the link")


def test_reconstructions_have_their_own_classes(page: Page, url: str, given: Checkpoint) -> None:
    assert given.codes.labels is not None
    page.goto(f"{url}/samples?models=digits-vae-z2,given&tab=rebuilt&image=0")
    canvas = page.get_by_label("test image 0 reconstructed by")
    wanted = decoded(given, given.codes.mean[:1], int(given.codes.labels[0]))[0, 0]
    alike(page, lambda: pixels(canvas.nth(1)), wanted, 2)


def test_compare_starts_from_an_image_of_its_class(page: Page, url: str, given: Checkpoint) -> None:
    assert given.codes.labels is not None
    page.goto(f"{url}/compare?models=digits-vae-z2,given&image={ROW}&reference=1")
    label = int(given.codes.labels[ROW])
    wanted = decoded(given, given.codes.mean[ROW : ROW + 1], label)[0, 0]
    cells = page.locator(".comparison canvas.large")
    alike(page, lambda: pixels(cells.nth(1)), wanted, 2)


def test_the_classes_are_in_the_exported_page(
    given: Checkpoint, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    file = tmp_path / "given.html"
    state = StageState(z=[1.0, 0.5], label=2)
    file.write_bytes(html_page.page([html_page.exploring(given, state)], "given"))
    page = from_disk(new_page, file)
    z = np.array([[1.0, 0.5]])
    alike(page, picture(page), decoded(given, z, 2)[0, 0], 2)
    choose(page, 9)
    alike(page, picture(page), decoded(given, z, 9)[0, 0], 2)
