"""Export, in a real browser: downloads of the page, and the page that works from disk."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import onnxruntime
import pytest
from playwright.sync_api import Locator, Page, expect

from explorer import store
from explorer.export import html_page
from explorer.live.schema import SamplesState, StageState
from scripts.driving import wait_for
from tests.browser.conftest import SLOWER
from tests.browser.waiting import alike, resting, until

PAINTED = "window.__stage && __stage.paints.total + __stage.strips.total > 0"


def checkpoint(name: str) -> store.Checkpoint:
    return store.open_checkpoint(Path("checkpoints") / name)


def pixels(canvas: Locator) -> np.ndarray:
    grey = canvas.evaluate(
        "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].filter((_, i) => i % 4 === 0)"
    )
    return np.array(grey, float)


# one input a frame, from within the page: the driver of a scripted mouse takes a core of its own, and gives fewer
DRAG = """(slider) => new Promise((resolve) => {
  const [low, high] = [Number(slider.min), Number(slider.max)];
  let i = 0;
  const step = () => {
    if (i++ === 120) return resolve();
    slider.value = String(low + (high - low) * (0.5 + 0.4 * Math.sin(i / 12)));
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""


def dragged(page: Page, slider: Locator, ring: str = "paints") -> float:
    """Images painted per input while a slider is dragged, one input a frame: the best of three drags. How many frames
    a second there are is the machine's, which other tests share."""
    best = 0.0
    for _ in range(3):
        start = page.evaluate(f"__stage.{ring}.total")
        slider.evaluate(DRAG)
        page.wait_for_timeout(300)
        best = max(best, (page.evaluate(f"__stage.{ring}.total") - start) / 120)
        if best >= 0.9:
            break
    return best


def from_disk(new_page: Callable[..., Page], path: Path, **options: object) -> Page:
    """The file opened without network; whatever it would ask for is an error in the console."""
    page = new_page(offline=True, **options)
    page.goto(path.as_uri())
    wait_for(page, PAINTED)
    return page


def everything_there(page: Page) -> None:
    """Wait for the map, the original and the strips of a stage with a selected image."""
    expect(page.locator(".map canvas[role=application]")).to_have_attribute(
        "aria-label", re.compile("^Map of [1-9]")
    )
    expect(page.locator("figure.original:not(.empty)")).to_be_visible()
    wait_for(page, "window.__stage.strips.total > 0")
    resting(page, page.locator(".stage:not(.deck)"))


def test_a_model_of_a_range_of_beta_is_decoded_at_its_default_beta(
    new_page: Callable[..., Page], tmp_path: Path
) -> None:
    import torch

    from explorer import data
    from explorer.config import RunConfig
    from explorer.store.weights import save_checkpoint
    from explorer.training.fit import new_model

    run = RunConfig.from_flat({"beta_range": (0.5, 16.0), "beta": 2.0, "hidden": (32,)})
    images = data.load(run.data)
    model = new_model(run, images)
    assert model.rates
    with torch.no_grad():
        for weight in model.rates.parameters():  # they begin as the identity, for any β
            weight.normal_(generator=torch.Generator().manual_seed(0))
    ranged = save_checkpoint(tmp_path / "ranged", model, images, run)
    z = ranged.codes.mean[:1] + np.float32(0.5)
    file = tmp_path / "ranged.html"
    file.write_bytes(html_page.page([html_page.exploring(ranged, StageState(z=z[0].tolist()))], "ranged"))
    page = from_disk(new_page, file)
    with torch.no_grad():
        decoded = [255 * model.mean_image(torch.from_numpy(z), beta).numpy().ravel() for beta in (2.0, 1.0)]
    alike(page, lambda: pixels(page.locator("canvas.large")), decoded[0], 1.5)
    assert np.abs(decoded[0] - decoded[1]).max() > 3  # β shows in the picture


def test_what_is_on_show_can_be_downloaded_and_used(
    page: Page, app_url: str, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    ready = checkpoint("digits-vae-z2")
    page.goto(f"{app_url}/explore?checkpoint={ready.name}&z=0.7,-1.2")
    wait_for(page, PAINTED, timeout=60_000)
    page.get_by_role("button", name="Export").click()

    def taken(name: str) -> Path:
        with page.expect_download(timeout=90_000) as download:
            resting(page, page.get_by_role("button", name=name)).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        return path

    with np.load(io.BytesIO(taken("codes.npz").read_bytes()), allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["mean"], ready.codes.mean)
    assert len(taken("codes.csv").read_text().splitlines()) == len(ready.codes) + 1
    decoder = onnxruntime.InferenceSession(taken("decoder.onnx"), providers=["CPUExecutionProvider"])
    expected = decoder.run(None, {"z": np.array([[0.7, -1.2]], np.float32)})[0].ravel() * 255
    encoder = onnxruntime.InferenceSession(taken("encoder.onnx"), providers=["CPUExecutionProvider"])
    from explorer import data

    images = data.load(ready.manifest.data).images[ready.codes.index] / np.float32(255)
    found = encoder.run(["mean"], {"image": images.astype(np.float32)})[0]
    np.testing.assert_allclose(found, ready.codes.mean, atol=2e-2)  # weights are float16 on disk
    file = taken("This view as one HTML file")
    alone = from_disk(new_page, file)
    expect(alone.get_by_role("spinbutton", name="value of dimension 2")).to_have_value("-1.20")
    alike(alone, lambda: pixels(alone.locator("canvas.large")), expected, 1.5)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_from_disk_keeps_up_with_the_hand(
    new_page: Callable[..., Page], tmp_path: Path, scheme: str
) -> None:
    file = tmp_path / "digits.html"
    file.write_bytes(
        html_page.page([html_page.exploring(checkpoint("digits-vae-z10"), StageState(selected=3))], "digits")
    )
    page = from_disk(new_page, file, color_scheme=scheme)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (int(re.findall(r"\d+", ground)[0]) < 40) == (scheme == "dark")
    everything_there(page)
    expect(page.locator("figure.original:not(.empty)")).to_be_visible()
    share = dragged(page, page.locator(".dimension input[type=range]").first)
    print(f"{file.stat().st_size / 1e6:.1f} MB, {share:.2f} images per input ({scheme})")
    assert share >= 0.8 or SLOWER > 1  # slowed down on purpose, a page may skip some
    page.keyboard.press("p")
    expect(page.locator(".stage.presenting")).to_be_visible()
    page.keyboard.press("0")
    expect(page.get_by_role("spinbutton", name="value of dimension 1", exact=True)).to_have_value("0.00")
    page.keyboard.press("Escape")
    expect(page.locator(".stage.presenting")).to_have_count(0)


@pytest.mark.slow
def test_the_view_as_svg_has_every_dot_and_every_strip(new_page: Callable[..., Page], tmp_path: Path) -> None:
    ready = checkpoint("digits-vae-z2")
    file = tmp_path / "digits.html"
    file.write_bytes(html_page.page([html_page.exploring(ready, StageState(selected=3))], "digits"))
    page = from_disk(new_page, file)
    everything_there(page)
    page.get_by_role("button", name="Save").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="This view · SVG").click()
    drawing = ElementTree.fromstring(download.value.path().read_text(encoding="utf-8"))
    space = "{http://www.w3.org/2000/svg}"
    plot = drawing.find(f"{space}svg")
    assert plot is not None
    dots = [p for p in plot.iter(f"{space}path") if p.get("fill", "").startswith("rgba")]
    assert len(dots) >= len(ready.codes)  # the view that opens shows them all
    words = {text.text for text in plot.iter(f"{space}text")}
    assert {"z₁", "z₂", "1σ", "−2", "0", "9"} <= words  # axes, prior, ticks, classes
    strips = list(drawing.iter(f"{space}image"))
    assert len(strips) >= 4  # the image, its original, a strip for each dimension
    assert all(str(i.get("href")).startswith("data:image/png;base64,") for i in strips)


@pytest.mark.slow
def test_samples_from_disk_are_those_of_the_app(new_page: Callable[..., Page], tmp_path: Path) -> None:
    models = [checkpoint(name) for name in ("digits-ae-z10", "digits-vae-z10")]
    file = tmp_path / "samples.html"
    file.write_bytes(
        html_page.page([html_page.comparing(models, ["AE", "VAE"], SamplesState(count=16, seed=5))], "both")
    )
    page = from_disk(new_page, file)
    holes = page.locator(".inspector b")
    expect(holes.first).to_have_text(re.compile(r"1\d of 16"))
    expect(holes.nth(1)).to_have_text(re.compile(r"^\d of 16"))
    slider = page.get_by_role("slider", name="temperature")
    assert dragged(page, slider, "strips") >= 0.8 or SLOWER > 1
    slider.fill("0")
    middle = models[1].decode(models[1].decoder_session(), np.zeros((1, 10), np.float32)) * 255
    grid = page.locator("canvas.grid").nth(1)
    until(page, lambda: abs(pixels(grid).max() - middle.max()) <= 1.5, "the image of the middle")
