"""β under the hand: one model for every β, on Explore, Samples and Compare, and from disk."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, Request, expect
from scipy.interpolate import PchipInterpolator

from explorer.export import html_page
from explorer.live.schema import StageState
from explorer.store import Checkpoint
from scripts.driving import ROOT, wait_for
from tests import ranged
from tests.browser.conftest import StartApp
from tests.browser.test_compare import pixels
from tests.browser.test_take import PAINTED, dragged, from_disk
from tests.browser.waiting import alike, differs, holds, until
from tests.ranged import BETA, decoded

ROW = 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of a range and one of one β, both of digits."""
    folder = tmp_path_factory.mktemp("checkpoints")
    shutil.copytree(ROOT / "checkpoints" / "digits-vae-z2", folder / "digits-vae-z2")
    ranged.write(folder / "every")
    return folder


@pytest.fixture(scope="module")
def every(folder: Path) -> Checkpoint:
    from explorer import store

    return store.open_checkpoint(folder / "every")


@pytest.fixture(scope="module")
def url(folder: Path, start_app: StartApp) -> Iterator[str]:
    with start_app(EXPLORER_CHECKPOINTS=str(folder)) as app:
        yield app.url


def slider(page: Page) -> Locator:
    return page.locator(".beta-control").get_by_role("slider").first


def turn(page: Page, beta: float) -> None:
    """Set the slider of β as a hand does."""
    slider(page).evaluate(
        "(slider, log) => { slider.value = String(log); slider.dispatchEvent(new Event('input', { bubbles: true })); }",
        math.log2(beta),
    )


def code(every: Checkpoint, beta: float) -> np.ndarray:
    """The code of the test image at β: interpolated, as the browser does it."""
    mean: np.ndarray = every.codes.at_beta(beta)[0][ROW : ROW + 1]
    return mean


def reconstruction(every: Checkpoint, beta: float) -> np.ndarray:
    image: np.ndarray = decoded(every, code(every, beta), beta)[0, 0]
    return image


def picture(page: Page) -> Callable[[], np.ndarray]:
    return lambda: pixels(page.locator("canvas.large").first)


def test_image_rates_and_map_follow_beta_without_the_server(page: Page, url: str, every: Checkpoint) -> None:
    z = ",".join(f"{v:.4f}" for v in every.codes.mean[ROW])
    page.goto(f"{url}/explore?checkpoint=every&selected={ROW}&z={z}")
    alike(page, picture(page), decoded(every, every.codes.mean[ROW : ROW + 1], 2.0)[0, 0], 2)
    expect(page.locator(".beta-value")).to_have_text("2")
    turn(page, 2.5)  # fetches the codes at every β
    alike(page, picture(page), reconstruction(every, 2.5), 2)
    page.wait_for_load_state("networkidle")
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    points = page.locator(".map canvas").nth(1)
    before = points.screenshot()
    turn(page, BETA)
    alike(page, picture(page), reconstruction(every, BETA), 2)
    assert not [request.url for request in asked if "/checkpoints/" in request.url]
    until(page, lambda: points.screenshot() != before, "a map that has moved")
    expect(page.locator(".beta-value")).to_have_text("6")
    assert every.codes.betas is not None
    assert every.codes.beta_rate is not None
    rate = PchipInterpolator(np.log(every.codes.betas), every.codes.beta_rate)(math.log(BETA)).sum()
    expect(page.locator(".beta-about")).to_contain_text(f"rate {rate:.1f} ·")
    until(page, lambda: "beta=6" in page.url, "β in the link")
    assert dragged(page, slider(page)) > 0.5


def test_a_link_opens_at_its_beta_and_two_clicks_lead_back(page: Page, url: str, every: Checkpoint) -> None:
    z = code(every, BETA)
    link = ",".join(f"{v:.4f}" for v in z[0])
    page.goto(f"{url}/explore?checkpoint=every&z={link}&beta=6")
    alike(page, picture(page), decoded(every, z, BETA)[0, 0], 2)
    slider(page).dblclick()
    alike(page, picture(page), decoded(every, z, 2.0)[0, 0], 2)
    slider(page).focus()
    page.keyboard.press("End")  # the browser's own key: the largest β
    expect(page.locator(".beta-value")).to_have_text("16")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".beta-value")).to_have_text("15.3")


def test_samples_are_those_of_the_beta_in_the_column(page: Page, url: str, every: Checkpoint) -> None:
    page.goto(f"{url}/samples?models=digits-vae-z2,every&n=1&t=0")
    column = page.get_by_role("region", name="every").or_(page.locator(".model-column").nth(1)).first
    grid = column.locator(".grid-place canvas")
    shown: Callable[[], np.ndarray] = lambda: pixels(grid)  # noqa: E731
    until(page, lambda: bool(shown().any()), "a sample")
    before = shown()
    turn(page, BETA)
    differs(page, shown, before, 3)
    origin = decoded(every, np.zeros((1, 2)), BETA)[0, 0]

    def same() -> None:
        big = shown()
        side = big.shape[0] // 8
        small = big[: 8 * side : side, : 8 * side : side][:8, :8]
        assert np.abs(small - origin).max() < 3

    holds(page, same)
    expect(column.get_by_role("combobox")).to_be_disabled()
    points = column.locator(".map canvas").nth(1)
    still = points.screenshot()
    turn(page, 0.6)
    until(page, lambda: points.screenshot() != still, "a map that has moved")
    turn(page, BETA)
    until(page, lambda: "betas=0%2C6" in page.url or "betas=0,6" in page.url, "β in the link")


def test_factors_are_those_of_the_beta_in_the_column(page: Page, url: str) -> None:
    page.goto(f"{url}/compare?models=digits-vae-z2,every&tab=factors&image={ROW}")
    expect(page.locator(".beta-value")).to_have_text("2")
    scores = page.locator(".score b")
    until(page, lambda: scores.count() == 2 and scores.nth(1).inner_text() != "", "a score")
    before = scores.all_inner_texts()
    turn(page, 16)
    expect(page.locator(".beta-value")).to_have_text("16")
    until(page, lambda: scores.nth(1).inner_text() != before[1], "another score")
    assert scores.nth(0).inner_text() == before[0]


def test_through_beta_is_the_model_of_every_beta(page: Page, url: str, every: Checkpoint) -> None:
    page.goto(f"{url}/compare?models=digits-vae-z2,every&tab=ladder&image={ROW}&reference=1&betas=0,4")
    expect(page.locator(".beta-value")).to_have_text("4")
    alike(page, picture(page), reconstruction(every, 4), 2)
    turn(page, BETA)
    alike(page, picture(page), reconstruction(every, BETA), 2)
    page.get_by_role("radio", name="Side by side").check(force=True)
    cells = page.locator(".comparison canvas.large")
    alike(page, lambda: pixels(cells.nth(1)), reconstruction(every, BETA), 2)
    turn(page, 1.0)
    alike(page, lambda: pixels(cells.nth(1)), reconstruction(every, 1.0), 2)


def test_beta_turns_in_the_exported_page(
    every: Checkpoint, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    file = tmp_path / "every.html"
    state = StageState(z=every.codes.mean[ROW].tolist(), selected=ROW)
    file.write_bytes(html_page.page([html_page.exploring(every, state)], "every"))
    page = from_disk(new_page, file)
    wait_for(page, PAINTED)
    turn(page, BETA)
    alike(page, picture(page), reconstruction(every, BETA), 2)
