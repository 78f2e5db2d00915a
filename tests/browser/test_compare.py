"""The Compare page in a real browser: one hand, several models, and what each view of them tells."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from explorer import store
from explorer.latents.match import match
from explorer.store import Checkpoint

# asked for at a page's own address, Streamlit looks for its server below it first, and logs that it is not there
pytestmark = pytest.mark.page_errors("404")

NAMES = ("digits-vae-z10", "digits-vae-beta4-z10")


def checkpoint(name: str) -> Checkpoint:
    return store.open_checkpoint(Path("checkpoints") / name)


def opened(page: Page, url: str, query: str = "", models: tuple[str, ...] = NAMES) -> Page:
    page.goto(f"{url}/compare?models={','.join(models)}&{query}")
    page.wait_for_function(f"window.__stage?.strips.total >= {3 * len(models)}", timeout=60_000)
    page.wait_for_timeout(400)
    return page


def pixels(canvas: Locator) -> np.ndarray:
    """Grey levels (H, W) of a canvas."""
    width, height, red = canvas.evaluate(
        """c => [c.width, c.height,
        [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].filter((_, i) => i % 4 === 0)]"""
    )
    return np.array(red).reshape(height, width)


def decoded(name: str, z: np.ndarray) -> np.ndarray:
    ready = checkpoint(name)
    return ready.decode(ready.decoder_session(), np.atleast_2d(z))[:, 0] * 255


def shown(page: Page, number: int) -> np.ndarray:
    return pixels(page.locator(".comparison canvas.large").nth(number))


def test_one_hand_moves_every_model_along_matched_dimensions(page: Page, app_url: str) -> None:
    opened(page, app_url, "image=3")
    ready = [checkpoint(name) for name in NAMES]
    for number, c in enumerate(ready):  # each from its own code of the image
        assert np.abs(shown(page, number) - decoded(c.name, c.codes.mean[3])).max() <= 1.5
    strongest = int(np.argmax(ready[0].codes.rate.mean(0)))
    slider = page.get_by_role("slider", name=f"dimension {strongest + 1} of β = 1")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"−?\d\.\d\d"))
    page.wait_for_timeout(1000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/checkpoints/" in request.url else None)
    box = slider.bounding_box()
    assert box
    painted, y = page.evaluate("__stage.paints.total"), box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    for i in range(12):
        page.mouse.move(box["x"] + box["width"] * (0.5 + i / 30), y)
        page.wait_for_timeout(20)
    assert page.evaluate("__stage.paints.total") >= painted + 24  # both models, before the button is let go
    page.mouse.up()
    slider.fill("2")
    page.wait_for_timeout(400)
    assert asked == []
    step = 2 - float(ready[0].codes.mean[3, strongest])
    found = match(ready[0].codes.mean, ready[1].codes.mean)
    for number, c in enumerate(ready):
        z = c.codes.mean[3].copy()
        own, sign = (strongest, 1) if number == 0 else (found.order[strongest], found.sign[strongest])
        z[own] += sign * step
        assert np.abs(shown(page, number) - decoded(c.name, z)).max() <= 1.5


def test_a_link_reopens_the_same_view_and_every_control_counts(page: Page, app_url: str) -> None:
    opened(page, app_url)
    before = shown(page, 1)
    page.locator(".side canvas.mosaic").click(position={"x": 8, "y": 8})  # start from the first image
    page.get_by_role("button", name="New codes").click()
    page.get_by_role("button", name="Other images").click()
    page.get_by_role("combobox", name="the model whose dimensions").select_option("1")
    page.get_by_role("combobox", name="which dimension is traversed").select_option("2")
    strongest = np.argsort(checkpoint(NAMES[1]).codes.rate.mean(0))[::-1]
    second = page.get_by_role("slider", name=f"dimension {strongest[1] + 1} of β = 4")
    second.focus()
    second.press("ArrowRight")  # and what is moved is what is traversed
    expect(page).to_have_url(re.compile("lead=1.*strand=1.*image=0.*seed=1.*rows=6.*offset="))
    expect(page.locator(".comparison figcaption", has_text="leads")).to_contain_text("leads")
    page.wait_for_timeout(300)
    views = [*(shown(page, n) for n in (0, 1)), *(pixels(c) for c in page.locator(".mosaic").all())]
    assert np.abs(views[1] - before).max() > 20
    page.goto(page.url)
    page.wait_for_function("window.__stage?.strips.total >= 6", timeout=60_000)
    page.wait_for_timeout(800)
    again = [*(shown(page, n) for n in (0, 1)), *(pixels(c) for c in page.locator(".mosaic").all())]
    assert all(np.abs(a - b).max() <= 1 for a, b in zip(views, again, strict=True))
    page.get_by_role("button", name="Middle").click()
    page.wait_for_timeout(300)
    assert np.abs(shown(page, 1) - before).max() <= 1
    bars = page.locator(".bars rect.whole").nth(4)
    bars.click()
    expect(page.get_by_role("combobox", name="which dimension is traversed")).to_have_value("4")
    label = page.locator(".bars svg").first.get_attribute("aria-label") or ""
    rates = sorted(float(v) for v in re.findall(r"(\d+\.\d\d)(?:,| nats)", label))
    assert rates == pytest.approx(sorted(checkpoint(NAMES[0]).codes.rate.mean(0)), abs=0.006)


@pytest.mark.parametrize(
    ("models", "sentence"),
    [("digits-vae-z2,digits-vae-z10", "choose models of one latent size"), ("digits-vae-z10", "two to six"),
     (f"nowhere,{NAMES[0]},{NAMES[1]}", "not among the checkpoints")],
)  # fmt: skip
def test_what_cannot_be_compared_is_said(page: Page, app_url: str, models: str, sentence: str) -> None:
    page.goto(f"{app_url}/compare?models={models}")
    expect(page.get_by_text(sentence)).to_be_visible(timeout=30_000)
