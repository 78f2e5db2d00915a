"""Bringing images and a model on the page, in a real browser: from the file to training, and to Explore."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from explorer import store
from scripts.driving import App, wait_for
from tests.browser.conftest import Serve
from tests.importing.conftest import Linear, onnx_file

WAIT = 60_000  # ms; uploads are read in a child process


@pytest.fixture(scope="module")
def app(start_app: Callable) -> Iterator[App]:
    with start_app() as app:
        yield app


def pets() -> bytes:
    """A zip of 24 images in colour, of two classes and two sizes."""
    out, rng = io.BytesIO(), np.random.default_rng(0)
    with zipfile.ZipFile(out, "w") as archive:
        for i in range(24):
            picture = io.BytesIO()
            side = 40 if i % 2 else 50
            pixels = rng.integers(0, 256, (side, side, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(picture, "PNG")
            archive.writestr(f"pets/{'cat' if i < 10 else 'dog'}/{i}.png", picture.getvalue())
    return out.getvalue()


def drop(page: Page, label: str, *files: tuple[str, bytes]) -> None:
    given = [FilePayload(name=n, mimeType="application/octet-stream", buffer=content) for n, content in files]
    page.get_by_test_id("stFileUploader").filter(has_text=label).locator("input").set_input_files(given)


def test_images_are_looked_at_kept_and_trained_on(page: Page, app: App) -> None:
    page.goto(f"{app.url}/bring")
    drop(page, "folder of images", ("../My Pets!.zip", pets()))
    expect(
        page.get_by_text("24 images, 64×64 pixels, in colour, 2 classes: cat (10), dog (14).")
    ).to_be_visible(timeout=WAIT)
    expect(page.get_by_test_id("stImage").locator("img")).to_be_visible()
    page.get_by_role("combobox", name="Size").click()
    page.get_by_role("option", name="as they are").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("differ in size", timeout=WAIT)
    expect(alert).to_contain_text("a size of 64 pixels")
    page.get_by_role("combobox", name="Size").click()
    page.get_by_role("option", name="16", exact=True).click()
    page.get_by_role("combobox", name="Colours").click()
    page.get_by_role("option", name="grey").click()
    expect(page.get_by_text("24 images, 16×16 pixels, grey, 2 classes")).to_be_visible(timeout=WAIT)
    page.get_by_role("button", name="Save and train").click()
    expect(page.get_by_role("combobox", name="Images")).to_have_value("my-pets", timeout=WAIT)
    expect(page).to_have_url(f"{app.url}/train")
    kept = np.load(app.log_path.parent / "data" / "brought" / "my-pets.npz")
    assert kept["images"].shape == (24, 1, 16, 16)
    assert kept["label_names"].tolist() == ["cat", "dog"]


@pytest.mark.slow
def test_a_damaged_file_is_refused_with_a_sentence(page: Page, app: App) -> None:
    page.goto(f"{app.url}/bring")
    drop(page, "folder of images", ("torn.zip", pets()[:-100]))
    expect(page.get_by_role("alert")).to_contain_text("torn.zip is not a readable .zip", timeout=WAIT)
    expect(page.get_by_role("button", name="Save and train")).to_have_count(0)


@pytest.mark.slow
def test_a_model_is_imported_and_opened(page: Page, app: App, tmp_path: Path) -> None:
    it = Linear(2)
    encoder = onnx_file(tmp_path / "enc.onnx", it.down, -it.mean @ it.down, (1, 8, 8), image_in=True)
    decoder = onnx_file(tmp_path / "dec.onnx", it.up, it.mean, (1, 8, 8))
    page.goto(f"{app.url}/bring")
    drop(page, "checkpoint folder", ("dec.onnx", b"broken"))
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("alert")).to_contain_text("dec.onnx is damaged or no ONNX file", timeout=WAIT)

    page.reload()
    drop(page, "checkpoint folder", *((f.name, f.read_bytes()) for f in (decoder, encoder)))
    page.get_by_role("textbox", name="Name").fill("linear")
    page.get_by_role("combobox", name="Images it was trained on").click()
    page.get_by_role("option", name="digits").click()
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("The encoder takes images in [0, 1].")).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("test images explain")).to_be_visible()
    page.get_by_role("button", name="Open it in Explore").click()
    expect(page.get_by_role("combobox", name="Checkpoint")).to_have_value("AE · digits · 2 latents — linear")
    wait_for(page, "window.__stage?.paints.total > 0", timeout=WAIT)  # decoded in the browser
    store.verify(store.open_checkpoint(app.log_path.parent / "checkpoints" / "linear"))
    assert not list((app.log_path.parent / "runs").glob("import/*/files"))


def test_a_read_only_server_takes_nothing(page: Page, serve: Serve) -> None:
    app = serve(EXPLORER_READ_ONLY="1")
    page.goto(f"{app.url}/bring")
    expect(page.get_by_text("This server is read-only")).to_be_visible(timeout=WAIT)
    expect(page.get_by_test_id("stFileUploader")).to_have_count(0)
    page.goto(app.url)
    expect(page.locator("a.card").first).to_be_visible(timeout=WAIT)
