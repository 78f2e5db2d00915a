"""An image of the visitor's own on Explore: every way in, what is said of it, against PyTorch; and it stays here."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect
from sklearn.datasets import load_digits

from explorer import store
from explorer.store import Checkpoint
from scripts.driving import App, wait_for
from tests.browser.waiting import holds, until

SHIPPED = Path(__file__).parents[2] / "checkpoints"
DIGITS, PLAIN, FACES = "digits-vae-z2", "digits-ae-z2", "faces-vae-z24"

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def app(start_app: Callable) -> Iterator[App]:
    with start_app(EXPLORER_READ_ONLY="1") as app:
        yield app


@cache
def checkpoint(name: str) -> Checkpoint:
    return store.open_checkpoint(SHIPPED / name)


@cache
def model(name: str) -> Any:
    from explorer.store.weights import load_model

    return load_model(checkpoint(name))


def seen(name: str, x: np.ndarray) -> dict[str, Any]:
    """What PyTorch makes of an image (C, H, W) in [0, 1]."""
    import torch

    with torch.no_grad():
        batch = torch.from_numpy(x[None].astype(np.float32))
        q = model(name).encode(batch)
        p = model(name).decode(q.mean)
        rate = None
        if checkpoint(name).manifest.model.posterior != "point":
            from explorer.objectives import rate_per_dimension

            rate = float(rate_per_dimension(q).sum())
        image = p.mean.clamp(0, 1)
        config = checkpoint(name).manifest.model
        # all three models have Gaussian pixels, whose mean the browser has as a clipped image
        assert config.likelihood == "gaussian"
        pixels = torch.distributions.Normal(image, config.variance**0.5)
        some = model(name).decode(q.sample((512,))[:, 0]).mean.clamp(0, 1)
        draws = torch.distributions.Normal(some, config.variance**0.5).log_prob(batch).sum((1, 2, 3))
        return {
            "mean": q.mean[0].numpy(),
            "image": image[0].numpy(),
            "distortion": -float(pixels.log_prob(batch).sum()),
            "rate": rate,
            "elbo": None if rate is None else float(draws.mean()) - rate,
            "spread": float(draws.std()),
        }


def digit(row: int) -> np.ndarray:
    """One of scikit-learn's digits as bytes (8, 8)."""
    return np.rint(load_digits().images[row] * 255 / 16).astype(np.uint8)


def png(pixels: np.ndarray, **options: Any) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", **options)
    return out.getvalue()


def file(content: bytes, name: str = "picture.png", kind: str = "image/png") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


def open_board(page: Page, url: str, name: str = DIGITS) -> None:
    page.goto(f"{url}/explore?{urlencode({'checkpoint': name})}")
    wait_for(page, "window.__stage?.paints.total > 0", timeout=60_000)
    expect(page.locator(".stage:not([aria-busy])")).to_be_visible()
    expect(page.locator("#early")).to_have_count(0)  # the page has taken the stage over
    page.get_by_role("radio", name="Your image").check()
    expect(page.locator(".board")).to_be_visible()


def pixels(page: Page, canvas: str) -> np.ndarray:
    """The canvas in its own pixels, RGB."""
    url = page.locator(canvas).evaluate("c => c.toDataURL()")
    data = base64.b64decode(url.split(",", 1)[1])
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(float)


def figures(page: Page) -> list[float]:
    texts = page.locator(".own-figures dd .figure").all_text_contents()
    return [float(text.replace("−", "-").replace(",", "")) if text != "–" else np.nan for text in texts]


def sliders(page: Page) -> list[float]:
    values = page.locator(".dimension > input[type=number]").evaluate_all(
        "all => all.map(e => [e.ariaLabel, +e.value])"
    )
    return [value for _, value in sorted(values)]


SEES, RESTORES = ".details figure:nth-of-type(1) canvas", ".theirs canvas"


def shows(page: Page, name: str, x: np.ndarray) -> None:
    """Picture, reconstruction, sliders and figures are PyTorch's."""
    expected = seen(name, x)

    def check() -> None:
        np.testing.assert_allclose(pixels(page, SEES)[..., 0], 255 * x[0], atol=1.1)
        np.testing.assert_allclose(pixels(page, RESTORES)[..., 0], 255 * expected["image"][0], atol=1.6)
        np.testing.assert_allclose(sliders(page), expected["mean"], atol=0.006)
        found = figures(page)
        assert abs(found[0] - expected["distortion"]) < 0.06 + 0.005 * abs(expected["distortion"])
        if expected["rate"] is None:
            assert len(found) == 1
        else:
            assert abs(found[1] - expected["rate"]) < 0.06
            assert abs(found[2] - expected["elbo"]) < 0.5 + 4 * expected["spread"] / 16**0.5  # of 16 draws

    holds(page, check)


# --- the ways in ---


def drop(page: Page, kind: str, content: bytes, mime: str = "image/png") -> None:
    """Paste or drop a file, as the browser tells a page of it."""
    page.evaluate(
        """([kind, text, mime]) => {
          const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
          const data = new DataTransfer();
          data.items.add(new File([bytes], 'picture', { type: mime }));
          const find = (root) => root.querySelector('.own') ??
            [...root.querySelectorAll('*')].map((e) => e.shadowRoot && find(e.shadowRoot)).find(Boolean);
          const paste = { clipboardData: data, cancelable: true }, drop = { dataTransfer: data, cancelable: true };
          if (kind === 'paste') document.dispatchEvent(new ClipboardEvent('paste', paste));
          else find(document).dispatchEvent(new DragEvent('drop', { ...drop, bubbles: true }));
        }""",
        [kind, base64.b64encode(content).decode(), mime],
    )


@pytest.mark.parametrize("way", ["file", "paste", "drop"])
def test_an_uploaded_picture_is_encoded_as_by_pytorch(page: Page, app: App, way: str) -> None:
    name = PLAIN if way == "drop" else DIGITS
    open_board(page, app.url, name)
    image = digit(1700)
    if way == "file":
        page.locator("input[type=file].file").set_input_files([file(png(image))])
    else:
        drop(page, way, png(image))
    shows(page, name, image[None] / 255)


def test_strokes_are_encoded_and_move_ellipse_and_sliders(page: Page, app: App) -> None:
    open_board(page, app.url)
    before = sliders(page)
    stroke(page, [(0.5, 0.15), (0.5, 0.85)])
    until(page, lambda: sliders(page) != before, "sliders that follow")
    shows(page, DIGITS, pixels(page, SEES)[None, ..., 0] / 255)
    one = sliders(page)
    stroke(page, [(0.2, 0.5), (0.8, 0.5)])
    until(page, lambda: sliders(page) != one, "sliders that follow")
    page.get_by_role("button", name="Undo").click()
    until(page, lambda: np.allclose(sliders(page), one, atol=0.011), "the code of one stroke")
    page.get_by_role("button", name="Clear", exact=True).click()
    until(page, lambda: all(np.isnan(figures(page))), "no figures of a blank board")


def stroke(page: Page, points: list[tuple[float, float]]) -> None:
    box = page.locator(".board").bounding_box()
    assert box
    places = [(box["x"] + u * box["width"], box["y"] + v * box["height"]) for u, v in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=6)
    page.mouse.up()


@pytest.mark.slow
def test_a_finger_draws_and_does_not_scroll(new_page: Callable[..., Page], app: App) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    open_board(page, app.url)
    page.locator(".board").scroll_into_view_if_needed()
    box = page.locator(".board").bounding_box()
    assert box
    assert box["width"] > 250
    assert box["x"] + box["width"] <= 390
    session = page.context.new_cdp_session(page)
    at = [{"x": box["x"] + 140, "y": box["y"] + y} for y in range(40, 240, 20)]
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at[0]]})
    for point in at[1:]:
        session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    until(page, lambda: not np.isnan(figures(page)).any(), "figures of a line")
    assert page.locator(".board").bounding_box() == box
    ink = pixels(page, ".board")[..., 0] > 128
    assert np.ptp(np.nonzero(ink)[0]) > 160


@pytest.mark.slow
def test_the_camera_is_shown_live_and_frozen(new_page: Callable[..., Page], app: App) -> None:
    """With Chromium's own test picture for a camera, which moves."""
    page = new_page(permissions=["camera"])
    open_board(page, app.url, FACES)
    page.get_by_role("button", name="Camera").click()
    first = until(page, lambda: [shot] if (shot := pixels(page, SEES)).any() else [], "a frame")[0]
    until(page, lambda: np.abs(pixels(page, SEES) - first).max() > 20, "another frame")
    page.get_by_role("button", name="Freeze").click()
    expect(page.get_by_role("button", name="Camera")).to_be_visible()
    page.wait_for_timeout(100)
    still = pixels(page, SEES)
    page.wait_for_timeout(400)
    np.testing.assert_array_equal(pixels(page, SEES), still)


def test_a_camera_that_is_refused_is_a_sentence(page: Page, app: App) -> None:
    open_board(page, app.url)
    page.get_by_role("button", name="Camera").click()
    expect(page.locator(".said.wrong")).to_have_text(
        re.compile(r"^(There is no camera|The camera was not allowed)[^\n]*\.$")
    )


def test_a_test_image_comes_onto_the_board(page: Page, app: App) -> None:
    open_board(page, app.url)
    page.get_by_role("button", name="Test image").click()
    until(page, lambda: not np.isnan(figures(page)).any(), "its figures")
    x = pixels(page, SEES)[None, ..., 0] / 255
    shows(page, DIGITS, x)
    codes = checkpoint(DIGITS).codes
    nearest = np.abs(codes.mean - seen(DIGITS, x)["mean"]).max(1).min()
    assert nearest < 0.01  # it is one of the stored images


# --- what is said ---


@pytest.mark.slow
def test_what_is_unlike_all_images_is_said_to_be_so(page: Page, app: App) -> None:
    open_board(page, app.url)
    page.locator("input[type=file].file").set_input_files([file(png(digit(1700)))])
    expect(page.locator(".verdict")).to_have_text("The model knows images like this one.")
    checks = (np.indices((8, 8)).sum(0) % 2 * 255).astype(np.uint8)
    page.locator("input[type=file].file").set_input_files([file(png(checks))])
    expect(page.locator(".verdict")).to_contain_text("has seen nothing like this")
    expect(page.locator(".own-figures dd small").first).to_have_text("more than any test image")


def test_the_sliders_edit_on_and_lead_back(page: Page, app: App) -> None:
    open_board(page, app.url)
    page.locator("input[type=file].file").set_input_files([file(png(digit(1700)))])
    until(page, lambda: not np.isnan(figures(page)).any(), "its figures")
    code, mine = sliders(page), pixels(page, SEES)
    restored = pixels(page, RESTORES)
    page.locator(".dimension input[type=range]").first.focus()
    page.keyboard.press("PageUp")
    until(page, lambda: np.abs(pixels(page, RESTORES) - restored).max() > 8, "another image")
    np.testing.assert_array_equal(pixels(page, SEES), mine)
    page.get_by_role("button", name="Back to your image").click()
    until(page, lambda: np.allclose(sliders(page), code), "its code again")
    expect(page.get_by_role("button", name="Back to your image")).to_be_hidden()


# --- what stays here ---


@pytest.mark.slow
def test_nothing_of_it_is_sent(page: Page, app: App) -> None:
    """Neither pixels nor the code, which would decode to nearly the same, whatever the hand does."""
    open_board(page, app.url)
    sent: list[str] = []
    stroke(page, [(0.5, 0.15), (0.5, 0.85)])
    until(page, lambda: not np.isnan(figures(page)).any(), "figures")
    page.on("request", lambda request: sent.append(request.method + request.url))
    page.on("websocket", lambda socket: socket.on("framesent", lambda data: sent.append(str(data))))
    page.locator(".dimension input[type=range]").first.focus()
    page.keyboard.press("PageUp")
    stroke(page, [(0.2, 0.5), (0.8, 0.5)])
    page.wait_for_timeout(900)
    assert not [one for one in sent if one.startswith("POST")]
    assert "z=" not in page.url
    expect(page.get_by_text("Nothing of it leaves this browser")).to_be_visible()


# --- hostile pictures ---


def animated() -> bytes:
    out = io.BytesIO()
    frames = [Image.fromarray(digit(row)) for row in (1700, 3)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], loop=0)
    return out.getvalue()


def huge() -> bytes:
    whole = bytearray(png(np.zeros((8, 8), np.uint8)))
    whole[16:24] = (20_000).to_bytes(4, "big") * 2
    return bytes(whole)


HOSTILE = {
    "svg": (
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        "image/svg+xml",
        "An SVG holds shapes",
    ),
    "huge": (huge(), "image/png", "This picture has 400 megapixels"),
    "cut": (png(digit(3))[:60], "image/png", "This picture is damaged"),
    "text": (b"hello", "image/png", "This is no picture"),
    "empty": (b"", "image/png", "This file is empty"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_cannot_be_shown_is_one_sentence(page: Page, app: App, kind: str) -> None:
    content, mime, words = HOSTILE[kind]
    open_board(page, app.url)
    drop(page, "drop", content, mime)
    expect(page.locator(".said.wrong")).to_have_text(re.compile(rf"^{words}[^\n]*\.$"))
    assert all(np.isnan(figures(page)))


@pytest.mark.slow
def test_other_colours_and_moving_pictures_are_read(page: Page, app: App) -> None:
    open_board(page, app.url)
    deep = Image.fromarray(digit(1700).astype(np.uint16) * 257)
    inks = Image.merge("CMYK", [Image.new("L", (8, 8), 0)] * 3 + [Image.fromarray(255 - digit(1700))])
    for name, picture, options in (("deep.png", deep, {}), ("inks.jpg", inks, {"quality": 100})):
        out = io.BytesIO()
        picture.save(out, "JPEG" if name.endswith("jpg") else "PNG", **options)
        page.get_by_role("button", name="Clear", exact=True).click()
        page.locator("input[type=file].file").set_input_files([file(out.getvalue(), name, "")])

        def close() -> None:
            np.testing.assert_allclose(pixels(page, SEES)[..., 0], digit(1700), atol=12)

        holds(page, close)
    page.locator("input[type=file].file").set_input_files([file(animated(), "two.gif", "image/gif")])
    expect(page.locator(".said")).to_have_text("This picture moves; its first frame is used.")
    shows(page, DIGITS, digit(1700)[None] / 255)


# --- in one file ---


def test_an_exported_page_encodes_with_the_network_off(new_page: Callable[..., Page], tmp_path: Path) -> None:
    from explorer.export import downloads

    target = tmp_path / "page.html"
    downloads.export(checkpoint(DIGITS), target)
    page = new_page(offline=True)
    page.goto(target.as_uri())
    page.get_by_role("radio", name="Your image").check()
    page.locator("input[type=file].file").set_input_files([file(png(digit(1700)))])
    shows(page, DIGITS, digit(1700)[None] / 255)
