"""The computation for one image, against PyTorch, scikit-learn and Pillow; from Explore, and in an exported file."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from sklearn.metrics import roc_auc_score

from explorer import store
from explorer.export import html_page
from explorer.live.scenes import Scene
from explorer.store import Checkpoint
from explorer.ui.parts import scene_views
from scripts.driving import App
from tests.browser.waiting import holds, until

SHIPPED = Path(__file__).parents[2] / "checkpoints"
PLAIN, VAE, STRONG = "mnist-ae-z10", "mnist-vae-z10", "mnist-vae-beta4-z10"
ROW = 17


@pytest.fixture(scope="module")
def app(start_app: Callable) -> Iterator[App]:
    with start_app(EXPLORER_READ_ONLY="1") as app:
        yield app


@cache
def checkpoint(name: str) -> Checkpoint:
    return store.open_checkpoint(SHIPPED / name)


def open_explore(page: Page, app: App, **state: Any) -> None:
    page.goto(f"{app.url}/explore?{urlencode({'checkpoint': VAE} | state)}")
    expect(page.locator(".stage:not([aria-busy])")).to_be_visible()
    expect(page.locator("#early")).to_have_count(0)  # the page has taken the stage over


def open_inside(page: Page, app: App, **state: Any) -> None:
    open_explore(page, app, selected=ROW, inside=1, **state)
    expect(page.locator(".inside .loss-term .figure")).not_to_have_text("")


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ""))


def term(page: Page, name: str) -> float:
    return number(page.locator(f".inside .{name} > span .figure").inner_text())


def costs(page: Page) -> tuple[float, float, float, float]:
    names = ("rate-term:not(.weighted)", "weighted", "distortion-term", "loss-term")
    rate, weighted, distortion, loss = (term(page, name) for name in names)
    return rate, weighted, distortion, loss


def z(page: Page) -> np.ndarray:
    """The code, by dimension."""
    digits = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
    names = page.locator(".code-rows span.name:not(:empty)").all_inner_texts()
    values = page.locator(".code-rows output").all_inner_texts()
    assert len(names) == len(values), "the rows are being built"
    by_dimension = {int(name[1:].translate(digits)): number(v) for name, v in zip(names, values, strict=True)}
    return np.array([by_dimension[k + 1] for k in range(len(by_dimension))])


def reading(page: Page) -> str:
    return page.locator(".inside .reader").inner_text()


def image(canvas: Locator) -> np.ndarray:
    """A canvas in its own pixels, grey."""
    data = base64.b64decode(canvas.evaluate("c => c.toDataURL()").split(",", 1)[1])
    return np.asarray(Image.open(io.BytesIO(data)).convert("L"))


def is_stored(page: Page, name: str) -> None:
    """With ε = 0, the code is the stored mean, and the costs are the stored ones."""
    codes, beta = checkpoint(name).codes, checkpoint(name).manifest.objective.beta
    rate, distortion = float(codes.rate[ROW].sum()), float(codes.distortion[ROW])
    np.testing.assert_allclose(z(page), codes.mean[ROW], atol=0.011)
    np.testing.assert_allclose(
        costs(page), [rate, beta * rate, distortion, distortion + beta * rate], atol=0.11
    )


def test_every_value_is_that_of_the_stored_model(page: Page, app: App) -> None:
    open_inside(page, app)
    page.get_by_role("button", name="ε = 0").click()
    holds(page, lambda: is_stored(page, VAE))
    x = image(page.locator(".of-x canvas"))
    strips = page.locator(".of-layers").first.locator("figure")
    expected = hidden(x / 255)
    assert [int(text) for text in strips.locator("figcaption").all_inner_texts()] == [
        len(h) for h in expected
    ]
    for strip, h in zip(strips.all(), expected, strict=True):
        strip.focus()
        assert f"up to {h.max():.2f}; {100 * (h == 0).mean():.0f} % are 0" in reading(page)
    page.keyboard.press("ArrowLeft")  # to the layer before
    expect(page.locator(".reader b")).to_have_text("Hidden layer 1")


def hidden(x: np.ndarray) -> list[np.ndarray]:
    """What PyTorch computes in the hidden layers of the encoder."""
    import torch

    from explorer.store.weights import load_model

    blocks = load_model(checkpoint(VAE)).encoder
    with torch.no_grad():
        outputs = accumulate(
            blocks, lambda h, block: block(h), initial=torch.from_numpy(x[None, None]).float()
        )
        return [h[0].numpy() for h in outputs][1:]


@pytest.mark.slow
def test_chance_is_drawn_and_fixed(page: Page, app: App) -> None:
    open_inside(page, app)
    codes = checkpoint(VAE).codes
    first = z(page)
    page.get_by_role("button", name="Draw ε again").click()
    until(page, lambda: not np.allclose(z(page), first), "another code")
    epsilon = (z(page) - codes.mean[ROW]) / codes.scale[ROW]
    shown = page.locator(".chance input").evaluate_all("all => all.map(e => [e.ariaLabel, +e.value])")
    given = {name.removeprefix("ε of "): value for name, value in shown}
    assert abs(epsilon[1] - given["z₂"]) < 0.02 / codes.scale[ROW][1]
    page.get_by_role("slider", name="ε of z₂", exact=True).fill("2")
    wanted = codes.mean[ROW][1] + 2 * codes.scale[ROW][1]
    until(page, lambda: abs(z(page)[1] - wanted) < 0.011, "μ + 2σ")
    page.get_by_role("slider", name="ε of z₂", exact=True).focus()
    assert f"· 2.00 = {wanted:.2f}" in reading(page).replace("−", "-")


@pytest.mark.slow
def test_an_ae_has_no_rate_and_beta_scales_it(page: Page, app: App) -> None:
    open_inside(page, app)
    page.get_by_role("button", name="ε = 0").click()
    page.get_by_role("radio", name="β-VAE, β = 4").check()
    holds(page, lambda: is_stored(page, STRONG))
    page.get_by_role("radio", name="AE", exact=True).check()
    expect(page.locator(".rate-term .figure").first).to_have_text("none")
    expect(page.locator(".chance input")).to_have_count(0)
    expect(page.locator(".code-rows .ghost")).to_contain_text("no σ")
    expect(page.get_by_role("button", name="Draw ε again")).to_be_disabled()
    codes = checkpoint(PLAIN).codes
    np.testing.assert_allclose(z(page), codes.mean[ROW], atol=0.011, rtol=1e-3)
    assert abs(term(page, "loss-term") - codes.distortion[ROW]) < 0.11


PACK = """async (canvas) => {
  const copy = Object.assign(document.createElement('canvas'), { width: canvas.width, height: canvas.height });
  copy.getContext('2d', { alpha: false }).drawImage(canvas, 0, 0);
  const pack = (type) => new Promise((done) => copy.toBlob(done, type, 0.5)).then((b) => b.arrayBuffer());
  return [[...new Uint8Array(await pack('image/png'))], [...new Uint8Array(await pack('image/jpeg'))]];
}"""


def test_files_and_the_code_take_what_is_said(page: Page, app: App) -> None:
    open_inside(page, app)
    page.get_by_role("radio", name="Compression").check()
    expect(page.locator(".awaited")).to_have_count(0)
    sizes = [number(text.split()[0]) for text in page.locator(".way-of .size").all_inner_texts()]
    restored = page.locator(".way-of .restores").all_inner_texts()
    x = image(page.locator(".as-numbers canvas"))
    packed = [bytes(data) for data in page.locator(".as-numbers canvas").evaluate(PACK)]
    rate = float(checkpoint(VAE).codes.rate[ROW].sum())
    assert sizes == [x.size, *map(len, packed), np.ceil(rate / np.log(2) / 8)]
    assert restored[:2] == ["restores it exactly"] * 2
    png, jpeg = (np.asarray(Image.open(io.BytesIO(data)).convert("L")).astype(float) for data in packed)
    np.testing.assert_array_equal(png, x)
    error = float(((jpeg - x) ** 2).mean()) / 255**2
    said = re.fullmatch(r"error ([\d.]+), ([\d.]+) dB", restored[2])
    assert said
    assert abs(float(said[1]) - error) < 1e-4 + 0.05 * error  # decoders differ by a grey level
    assert abs(float(said[2]) + 10 * np.log10(error)) < 0.3


def test_the_area_under_the_curve_is_scikit_learns(page: Page, app: App) -> None:
    open_explore(page, app, tool="image", selected=ROW)
    page.locator(".anomaly summary").click()
    codes = checkpoint(VAE).codes
    assert codes.labels is not None
    scores = {"Distortion": codes.distortion, "−ELBO": codes.distortion + codes.rate.sum(1)}
    for name, score in scores.items():
        page.locator(".anomaly").get_by_role("radio", name=name).check()
        for label in (1, 8):
            page.get_by_role("combobox", name="class to find").select_option(str(label))
            auc = roc_auc_score(codes.labels == label, score)
            expect(page.locator(".auc output")).to_have_text(f"{auc:.3f}")
    share = float((score[codes.labels == 8] >= score[ROW]).mean())
    expect(page.locator(".anomaly .roc-place")).to_contain_text(
        f"As unusual as your image: {100 * share:.0f} %"
    )


@pytest.mark.slow
def test_a_drawing_is_looked_into_and_kept(page: Page, app: App) -> None:
    open_explore(page, app, tool="image")
    box = page.locator(".board").bounding_box()
    assert box
    page.mouse.move(box["x"] + 90, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 220, steps=6)
    page.mouse.up()
    seen = page.locator(".details figure:nth-of-type(1) canvas")
    until(page, lambda: image(seen).any(), "the drawing")
    drawn = image(seen)
    page.get_by_role("button", name="Inside").click()
    expect(page.locator(".of-x figcaption")).to_have_text("your image")
    expect(page.locator(".board")).to_be_hidden()
    np.testing.assert_array_equal(image(page.locator(".of-x canvas")), drawn)
    page.get_by_role("button", name="← Back").click()
    expect(page.locator(".board")).to_be_visible()
    np.testing.assert_array_equal(image(seen), drawn)


def test_it_works_in_an_exported_file_also_without_an_encoder(page: Page, tmp_path: Path) -> None:
    scene = Scene(page="inside", address={"models": f"{PLAIN},{VAE}", "images": str(ROW)}, caption="Inside.")
    view = scene_views.view(scene, {name: checkpoint(name) for name in (PLAIN, VAE)})
    whole = tmp_path / "inside.html"
    whole.write_bytes(html_page.page([view], "inside"))
    page.goto(whole.as_uri())
    page.get_by_role("button", name="ε = 0").click()
    holds(page, lambda: is_stored(page, VAE))

    blind = view.data.models[1].model_copy(update={"vision": None})  # type: ignore[union-attr]
    data = view.data.model_copy(update={"models": (blind,), "titles": ("VAE",)})
    less = html_page.View(view.entry, data, [checkpoint(VAE)])
    whole.write_bytes(html_page.page([less], "inside"))
    page.goto(whole.as_uri())
    expect(page.locator(".of-layers").first).to_contain_text("The encoder did not come with this model")
    page.get_by_role("button", name="ε = 0").click()
    codes = checkpoint(VAE).codes
    holds(page, lambda: np.testing.assert_allclose(z(page), codes.mean[ROW], atol=0.011))
    assert abs(term(page, "rate-term:not(.weighted)") - codes.rate[ROW].sum()) < 0.11
    expect(page.locator(".distortion-term .figure")).to_have_text("–")


def test_it_is_a_scene_that_is_added_under_present(page: Page, app: App) -> None:
    page.goto(f"{app.url}/present")
    page.get_by_role("button", name="Open or add").click()
    page.get_by_role("button", name="Add its computation, and what a code costs").click()
    expect(page.locator(".slide-list li")).to_have_count(2)
    shown = page.locator(".slide:not([inert]) .inside")
    expect(shown.locator(".loss-term .figure")).not_to_have_text("")
    before = shown.locator(".code-rows output").first.inner_text()
    page.keyboard.press("Escape")  # the menu
    page.keyboard.press("n")  # another ε
    expect(shown.locator(".code-rows output").first).not_to_have_text(before)
    page.keyboard.press("PageDown")
    expect(shown.locator(".as-code .size")).to_have_text(re.compile(r"\d bytes?"))
