"""The Train page in a real browser: from the form to the explored model, through the time machine to a branch."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from explorer import store
from explorer.store import Checkpoint
from explorer.training import snapshots
from scripts.driving import wait_for
from tests.browser.conftest import Serve
from tests.browser.test_samples import normals
from tests.browser.waiting import alike, resting, until

SHEET = """canvas => [canvas.width, canvas.height,
  [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data].filter((_, i) => i % 4 === 0)]"""


def images(page: Page, name: str, columns: int, side: int = 8) -> np.ndarray:
    """Grey levels (count, side, side) of a sheet of images, a clear pixel apart."""
    width, height, red = page.get_by_role("img", name=name, exact=True).evaluate(SHEET)
    sheet = np.array(red).reshape(height, width)
    rows = (height + 1) // (side + 1)
    spots = [(y * (side + 1), x * (side + 1)) for y in range(rows) for x in range(columns)]
    return np.array([sheet[y : y + side, x : x + side] for y, x in spots])


def decoded(snapshot: Checkpoint, z: np.ndarray) -> np.ndarray:
    """Grey levels by ONNX Runtime on this side."""
    return snapshot.decode(snapshot.decoder_session(), z.astype(np.float32))[:, 0] * 255


def test_from_the_form_to_the_explored_model_and_to_a_branch(
    serve: Serve, page: Page, new_page: Callable[..., Page]
) -> None:
    app = serve()
    page.goto(f"{app.url}/train")
    page.get_by_role("button", name="Train", exact=True).click()
    name = "digits-vae-z2-2"  # one of that name is shipped
    status = page.locator(".run-status")
    expect(status).to_contain_text(re.compile("images/s|Done in"), timeout=60_000)  # it may take but a second
    page.reload()  # it goes on
    expect(status).to_contain_text("Done in", timeout=180_000)
    expect(page.locator(".batch img")).to_have_count(2)
    expect(page.get_by_role("img", name="Loss over epochs").locator("path").first).to_be_attached()
    other = new_page()
    other.goto(f"{app.url}/train")
    expect(other.locator(".run")).to_contain_text(f"{name}done")
    other.close()

    # the time machine shows what the stored decoders make of the codes that it says
    place = Path(app.log_path.parent) / "runs" / "training" / name
    stored = snapshots.list_snapshots(place)
    assert [c.manifest.trained.epochs for c in stored] == [0, 1, 2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 60]
    taken = sum(f.stat().st_size for f in (place / "snapshots").rglob("*") if f.is_file())
    expect(page.locator(".run .figure")).to_have_text(f"{taken / 1e6:.1f} MB")
    slider = page.get_by_role("slider", name="position in the training")
    expect(page.locator(".replay")).not_to_have_attribute("aria-busy", "true")
    codes = normals(36 * 2, 0).reshape(36, 2)
    ends = np.linspace(-3, 3, 11)
    plane = np.array([(x, -y) for y in ends for x in ends])
    for number in (12, 0, 6):
        slider.fill(str(number))
        epoch = stored[number].manifest.trained.epochs
        expect(page.locator(".replay output")).to_contain_text(re.compile(rf"^epoch {epoch}\b"))
        for what, z, columns in (("samples", codes, 6), ("traversals", plane, 11)):
            wanted = decoded(stored[number], z)
            alike(page, partial(images, page, what, columns), wanted, 1, f"{what} of epoch {epoch}")
    for key, number in (("ArrowRight", 7), ("ArrowLeft", 6), ("PageDown", 1), ("PageUp", 6)):
        slider.press(key)  # by snapshots, not by hundredths of one
        epoch = stored[number].manifest.trained.epochs
        expect(page.locator(".replay output")).to_contain_text(re.compile(rf"^epoch {epoch}\b"))
    expect(page.locator(".replay header .hint")).to_contain_text(f"each of {len(stored)} snapshots")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as GIF").click()
    film = Image.open(io.BytesIO(Path(saved.value.path()).read_bytes()))
    assert film.n_frames == 12 * 5 + 1  # type: ignore[attr-defined]

    # a branch from there with another β, paused and resumed by its buttons
    page.get_by_role("button", name="Branch at epoch 8").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("spinbutton", name="β").fill("6")
    dialog.get_by_role("spinbutton", name="Epochs").fill("2000")
    dialog.get_by_role("spinbutton", name="Epochs").press("Tab")
    expect(dialog.get_by_role("textbox", name="Name")).to_have_attribute(
        "placeholder", f"{name}-beta6-epochs2000"
    )
    # the time that the form behind it takes has been measured meanwhile, which leaves the dialog open
    expect(page.get_by_text("on this machine")).to_be_attached()
    resting(page, dialog.get_by_role("button", name="Train the branch")).click()
    branch = f"{name}-beta6-epochs2000"
    expect(status).to_contain_text("images/s", timeout=60_000)
    expect(page.locator(".live h3")).to_contain_text(branch)
    page.get_by_role("button", name="Pause").click()
    expect(status).to_contain_text("Paused. Saved")
    expect(page).to_have_url(re.compile(f"run={branch}"))
    found = store.open_checkpoint(place.parent.parent.parent / "checkpoints" / branch)
    assert found.manifest.objective.beta == 6
    assert found.history()[:8] == stored[6].history()
    page.get_by_role("button", name="Explore this model").click()
    wait_for(page, "window.__stage?.paints.total > 0")
    expect(page).to_have_url(re.compile(f"checkpoint={branch}"))
    page.go_back()
    expect(status).to_contain_text("Paused")
    page.get_by_text("Delete", exact=True).click()
    resting(page, page.get_by_role("button", name="Delete the record and the model")).click()
    expect(page.locator(".run")).to_have_count(1)
    until(page, lambda: not found.path.exists(), "a model that is gone")


def test_beta_is_turned_while_a_model_trains(serve: Serve, page: Page) -> None:
    app = serve()
    page.goto(f"{app.url}/train")
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_visible()
    page.get_by_role("spinbutton", name="Epochs", exact=True).fill("5000")
    page.get_by_role("spinbutton", name="Epochs", exact=True).press("Enter")
    resting(page, page.get_by_role("button", name="Train", exact=True)).click()
    slider = page.get_by_role("slider", name="β of the running training")
    expect(slider).to_be_visible(timeout=60_000)
    expect(page.locator(".beta-turn output")).to_have_text("1")
    expect(page.locator(".run-status")).to_contain_text("images/s", timeout=60_000)
    slider.evaluate(
        "(slider) => { slider.value = '3'; slider.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    (run,) = (Path(app.log_path.parent) / "runs" / "training").iterdir()

    def turned() -> list[float]:
        return list(json.loads((run / "settings.json").read_text())["beta_turns"])

    epoch, beta = until(page, turned, "the turn in the settings")
    assert (epoch > 0, beta) == (True, 8.0)

    def curve() -> list[tuple[float, float]]:
        lines = (run / "curve.jsonl").read_text().splitlines(keepends=True)
        return [
            (line["epoch"], line["beta"])
            for text in lines
            if text.endswith("\n") and (line := json.loads(text))
        ]

    until(page, lambda: curve()[-1][0] > epoch + 2, "lines of the curve after the turn")
    assert {beta for at, beta in curve() if at < epoch - 0.1} == {1.0}
    assert {beta for at, beta in curve() if at > epoch + 0.1} == {8.0}
    expect(page.locator(".chart .turn").first).to_be_attached()
    expect(page.locator(".chart svg").first).to_contain_text("β 8")
    page.get_by_role("button", name="Stop and keep").click()
    expect(page.locator(".run-status")).to_contain_text("Stopped, model kept", timeout=60_000)
    assert store.open_checkpoint(run.parents[2] / "checkpoints" / run.name).manifest.objective.last_beta == 8
