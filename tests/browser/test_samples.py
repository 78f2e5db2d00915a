"""The Samples page in a real browser: the same codes through several models, and what explains them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, Route, expect

from explorer import store
from explorer.data import digits
from explorer.latents.samplers import fit
from explorer.store import Checkpoint
from explorer.store.weights import load_model
from scripts.driving import wait_for
from tests.browser.conftest import Serve
from tests.browser.waiting import alike, holds, quiet, sweep, until

AE, VAE = "digits-ae-z10", "digits-vae-z10"
TINY = 2**32 - 1


def checkpoint(name: str) -> Checkpoint:
    return store.open_checkpoint(Path("checkpoints") / name)


def normals(size: int, seed: int) -> np.ndarray:
    """mulberry32 and Box and Muller, as the page says that it draws."""
    state, found = seed, []

    def uniform() -> float:
        nonlocal state
        state = (state + 0x6D2B79F5) & TINY
        t = state
        t = ((t ^ (t >> 15)) * (t | 1)) & TINY
        t ^= (t + ((t ^ (t >> 7)) * (t | 61))) & TINY
        return ((t ^ (t >> 14)) & TINY) / 2**32

    for _ in range(size):
        radius = np.sqrt(-2 * np.log(1 - uniform()))
        found.append(radius * np.cos(2 * np.pi * uniform()))
    return np.array(found, np.float32)


def opened(page: Page, url: str, query: str = "", models: str = f"{AE},{VAE}") -> Page:
    page.goto(f"{url}/samples?models={models}&{query}")
    wait_for(page, "window.__stage?.strips.total >= 2", timeout=60_000)
    return page


def column(page: Page, number: int) -> Locator:
    return page.locator(".model-column").nth(number)


def drawn(page: Page, number: int, count: int, side: int = 8) -> np.ndarray:
    """Grey levels (count, side, side) of a grid: the middle of each block of canvas pixels."""
    values = (
        column(page, number)
        .locator("canvas.grid")
        .evaluate(
            """c => ({width: c.width, height: c.height,
            red: [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].filter((_, i) => i % 4 === 0)})"""
        )
    )
    image = np.array(values["red"]).reshape(values["height"], values["width"])
    columns = int(np.sqrt(count))
    gap, bar = 4, 4
    width = (values["width"] + gap) // columns - gap
    block = width // side
    corners = [(i // columns * (width + bar + gap), i % columns * (width + gap)) for i in range(count)]
    middle = block // 2
    return np.array(
        [image[y + middle : y + width : block, x + middle : x + width : block] for y, x in corners]
    )


def pixels(canvas: Locator) -> np.ndarray:
    """Red channel of an 8×8 picture."""
    script = "c => [...c.getContext('2d').getImageData(0, 0, 8, 8).data].filter((_, i) => i % 4 === 0)"
    return np.array(canvas.evaluate(script)).reshape(8, 8)


def expected(name: str, z: np.ndarray) -> np.ndarray:
    ready = checkpoint(name)
    return ready.decode(ready.decoder_session(), z)[:, 0] * 255


def holes(page: Page, number: int) -> int:
    text = column(page, number).locator(".inspector b")
    expect(text).to_contain_text(re.compile(r"\d+ of \d+"))
    return int(re.match(r"(\d+)", text.inner_text())[1])  # type: ignore[index]


def shows(page: Page, number: int, wanted: np.ndarray) -> None:
    """Wait until a grid shows these images."""
    alike(page, lambda: drawn(page, number, len(wanted)), wanted, 1.5, f"grid {number + 1}")


def test_every_model_decodes_the_same_codes(page: Page, app_url: str) -> None:
    opened(page, app_url, "n=16&seed=5")
    epsilon = normals(160, 5).reshape(16, 10)
    for number, name in enumerate((AE, VAE)):
        shows(page, number, expected(name, epsilon))
    page.get_by_role("button", name="New codes").click()
    shows(page, 0, expected(AE, normals(160, 6).reshape(16, 10)))
    expect(page).to_have_url(re.compile("seed=6"))


def test_temperature_scales_every_code_while_it_is_dragged(page: Page, app_url: str) -> None:
    opened(page, app_url, "n=16")
    holes(page, 0)
    holes(page, 1)
    quiet(page)
    asked: list[str] = []
    # Streamlit may ask for its own things, as the page's icon, when a pause lets the state settle
    page.on("request", lambda request: asked.append(request.url) if "/checkpoints/" in request.url else None)
    slider = page.get_by_role("slider", name="temperature")
    box = slider.bounding_box()
    assert box
    painted, middle = page.evaluate("__stage.strips.total"), box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 3, middle)
    page.mouse.down()
    sweep(
        page,
        lambda share: (box["x"] + box["width"] * (1 + share) / 3, middle),
        lambda: page.evaluate("__stage.strips.total") >= painted + 20,
        "20 grids before the button is let go",
    )
    assert asked == []
    page.mouse.up()
    slider.fill("0")
    shows(page, 1, np.repeat(expected(VAE, np.zeros((1, 10), np.float32)), 16, axis=0))
    assert np.ptp(drawn(page, 1, 16), axis=0).max() == 0
    slider.dblclick()
    expect(page).to_have_url(re.compile("t=1(&|$)"))


def test_a_link_reopens_the_same_codes_and_view(page: Page, app_url: str) -> None:
    opened(page, app_url)
    page.get_by_role("radio", name="36").check()
    page.get_by_role("spinbutton", name="seed").fill("1234")
    page.get_by_role("spinbutton", name="seed").press("Enter")
    page.get_by_role("slider", name="temperature").fill("0.6")
    source = page.get_by_role("combobox", name="source of the codes of AE")
    source.select_option("gaussian-full")
    expect(page).to_have_url(re.compile("seed=1234.*from=gaussian-full%2Cprior"))
    sampler = fit("gaussian-full", checkpoint(AE).codes)
    z = sampler.means + 0.6 * normals(360, 1234).reshape(36, 10) @ sampler.cholesky[0].T
    shows(page, 0, expected(AE, z.astype(np.float32)))
    before = drawn(page, 0, 36)
    page.goto(page.url)
    alike(page, lambda: drawn(page, 0, 36), before, 0)
    expect(source).to_have_value("gaussian-full")
    expect(page.get_by_role("spinbutton", name="seed")).to_have_value("1234")


@pytest.mark.slow
def test_fitted_codes_decode_to_fewer_images_in_a_hole(page: Page, app_url: str) -> None:
    opened(page, app_url, "n=16&seed=2")
    shows(page, 1, expected(VAE, normals(160, 2).reshape(16, 10)))
    before, other = holes(page, 0), drawn(page, 1, 16)
    assert holes(page, 1) < before - 4  # what N(0, I) draws is no digit of the AE
    page.get_by_role("combobox", name="source of the codes of AE").select_option("gaussian-full")
    sampler = fit("gaussian-full", checkpoint(AE).codes)
    z = sampler.means + normals(160, 2).reshape(16, 10) @ sampler.cholesky[0].T
    shows(page, 0, expected(AE, z.astype(np.float32)))
    until(page, lambda: holes(page, 0) < before - 2, "fewer images in a hole")
    assert np.abs(drawn(page, 1, 16) - other).max() == 0


def test_around_a_test_image(page: Page, app_url: str) -> None:
    opened(page, app_url, "n=16&t=0&image=3&from=around,around")
    codes = checkpoint(VAE).codes.mean
    alike(page, lambda: drawn(page, 1, 16)[:1], expected(VAE, codes[3:4]), 1.5)
    page.get_by_role("button", name="Another image").click()
    expect(page).to_have_url(re.compile(r"image=\d+"))
    expect(page.locator(".metrics").first).to_contain_text("not evaluated")


@pytest.mark.page_errors("404|Failed to load resource")
def test_pointing_at_a_sample_or_at_the_map_tells_what_is_there(page: Page, app_url: str) -> None:
    opened(page, app_url, "n=16")
    holes(page, 0)
    holes(page, 1)
    grid = column(page, 0).locator("canvas.grid")
    grid.focus()
    grid.press("ArrowRight")
    grid.press("ArrowRight")
    for number in (0, 1):  # it is the same code in both
        told = column(page, number).locator(".inspector")
        expect(told).to_contain_text(re.compile(r"sample 2: \d+\.\d× the typical distance"))
        expect(told.locator("figure.empty, figure.waiting")).to_have_count(0)
        expect(told).to_contain_text(re.compile(r"its nearest training image \(a \d\) is \d\.\d× as far"))
    data, z = digits.load(), normals(160, 0).reshape(16, 10)[1:2]
    image = checkpoint(VAE).decode(checkpoint(VAE).decoder_session(), z).reshape(64)
    train = data.images[data.train_index].reshape(-1, 64)
    nearest = train[np.linalg.norm(train / 255 - image, axis=1).argmin()].reshape(8, 8)
    alike(page, lambda: pixels(column(page, 1).locator(".inspector canvas").nth(1)), nearest.astype(int), 0)
    page.route("**/training/**", lambda route: route.abort())
    grid.press("ArrowRight")
    expect(column(page, 0).locator(".inspector")).to_contain_text("Training images cannot be searched: ")
    expect(column(page, 0).locator("figcaption").nth(1)).to_have_text("test image with the nearest code")
    page.unroute("**/training/**")
    grid.press("Escape")
    expect(column(page, 1).locator(".inspector")).to_contain_text("of 16")
    box = column(page, 1).locator(".map").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.2)
    expect(column(page, 1).locator(".inspector")).to_contain_text("this position")
    page.get_by_role("radio", name="one").check()
    shows(page, 0, expected(AE, normals(10, 0)[None]))


def test_reconstructions_stand_beside_their_originals(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/samples?models={AE},{VAE}&tab=rebuilt&image=0")
    table = page.locator(".rebuilt")
    error = f"{checkpoint(AE).codes.distortion[0]:.1f}".replace("-", "−")
    expect(table.locator("figcaption").first).to_have_text(error, timeout=60_000)
    label = table.locator("canvas").first.get_attribute("aria-label")
    page.get_by_role("button", name="Other images").click()
    expect(table.locator("canvas").first).not_to_have_attribute("aria-label", label or "")
    expect(page).to_have_url(re.compile("image=[1-9]"))


def row_of(page: Page, title: str) -> list[np.ndarray]:
    """The images of a row of the table, grey levels (8, 8)."""
    script = """(table, title) => {
        const all = [...table.children];
        const from = all.findIndex(e => e.tagName === 'H3' && e.firstChild.textContent === title);
        const end = all.findIndex((e, i) => i > from && e.tagName === 'H3');
        return all.slice(from + 1, end < 0 ? undefined : end).map(figure => {
            const c = figure.querySelector('canvas');
            return [...c.getContext('2d').getImageData(0, 0, 8, 8).data].filter((_, i) => i % 4 === 0);
        });
    }"""
    return [np.array(values).reshape(8, 8) for values in page.locator(".rebuilt").evaluate(script, title)]


@pytest.mark.slow
@pytest.mark.page_errors("404|Failed to load resource")
def test_noise_is_the_same_for_all_models_and_what_they_restore_is_told(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/samples?models={AE},{VAE}&tab=rebuilt&image=0&noise=masking&level=0.4&seed=2")
    table, level = page.locator(".rebuilt"), page.get_by_role("slider", name="level of the noise")
    expect(table.locator(".least").first).to_be_visible(timeout=60_000)
    expect(level).to_have_value("0.4")

    def masked() -> None:
        clean, corrupted = np.array(row_of(page, "originals")), np.array(row_of(page, "corrupted"))
        assert clean.shape == corrupted.shape
        assert clean.max(axis=(1, 2)).min() > 0
        hit = corrupted != clean
        assert (corrupted[hit] == 0).all()
        assert 0.25 < hit.sum() / (clean > 0).sum() < 0.55

    holds(page, masked)
    corrupted = np.array(row_of(page, "corrupted"))
    for title, name in (("AE", AE), ("VAE", VAE)):  # PyTorch encodes what is shown and decodes it
        model = load_model(checkpoint(name))
        with torch.no_grad():
            z = model.encode(torch.tensor(corrupted[:, None] / 255, dtype=torch.float32)).mean
            mean = model.mean_image(z)[:, 0].numpy() * 255
        alike(page, lambda title=title: np.array(row_of(page, title)), mean, 1.5, title)  # type: ignore[misc]
    before = table.locator("figcaption").all_inner_texts()
    page.get_by_role("button", name="New noise").click()
    expect(page).to_have_url(re.compile("seed=3.*noise=masking"))
    expect(table.locator("figcaption").first).not_to_have_text(before[0])

    # a server that does not answer is a sentence, and the next move of the hand asks again
    page.route("**/restored/**", lambda route: route.abort())
    level.fill("0.5")
    expect(page.get_by_text("The server does not answer")).to_be_visible()
    page.unroute("**/restored/**")
    level.fill("0")
    expect(page.get_by_text("The server does not answer")).to_have_count(0)
    stored = checkpoint(AE).codes.distortion[0]
    expect(table.locator("figcaption").first).to_have_text(f"{stored:.1f}".replace("-", "−"))
    page.get_by_role("radio", name="none", exact=True).check()
    expect(table.get_by_text("corrupted")).to_have_count(0)
    expect(level).to_be_disabled()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_ground_of_a_map_shows_where_codes_are(
    new_page: Callable[..., Page], app_url: str, scheme: str
) -> None:
    """Far from all codes the ground is red, at a code it is blue, in either theme."""
    page = opened(new_page(color_scheme=scheme), app_url, "n=1", "digits-ae-z2,digits-vae-z2")
    ground = column(page, 0).locator(".map canvas").first
    script = """(c, [x, y]) => [...c.getContext('2d').getImageData(x * c.width, y * c.height, 1, 1).data]"""

    def at(x: float, y: float) -> list[int]:
        found: list[int] = ground.evaluate(script, [x, y])
        return found

    def warm() -> bool:
        red, _, blue, _ = at(0.95, 0.05)  # a corner, where no code is
        return red > blue + 20

    until(page, warm, "a red ground")
    surface, told = column(page, 0).locator(".map"), column(page, 0).locator(".inspector b")
    box = surface.bounding_box()
    assert box
    for x, y in ((0.3, 0.3), (0.5, 0.5), (0.5, 0.85), (0.9, 0.5)):  # the ground says what pointing says
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        expect(told).to_have_text(re.compile("near the codes|off the codes|far from all codes"))
        said = told.inner_text()
        page.mouse.move(0, 0)
        expect(told).to_have_text(re.compile(r"of 1$"))  # what is said of the next place is not of this one
        red, _, blue, _ = at(x, y)
        if "off the codes" not in said:
            assert (blue > red) == ("near the codes" in said), (x, y, said)


@pytest.mark.slow
def test_a_source_that_takes_long_is_said_to_be_on_its_way(page: Page, app_url: str) -> None:
    held: list[Route] = []
    opened(page, app_url, "n=16")
    page.route("**/sampler/mixture", lambda route: held.append(route))
    page.get_by_role("combobox", name="source of the codes of AE").select_option("mixture")
    expect(column(page, 0).get_by_text("fitting a mixture of Gaussians")).to_be_visible()
    until(page, lambda: held, "the question for the mixture")
    held[0].continue_()
    expect(column(page, 0).get_by_text("fitting a mixture")).to_have_count(0, timeout=60_000)


@pytest.mark.slow
def test_the_moon_is_one_click_and_one_slider(page: Page, app_url: str) -> None:
    opened(page, app_url)
    page.get_by_role("button", name="The moon").click()
    slider = page.get_by_role("slider", name="position on the line")
    expect(page.locator(".film p")).to_have_text([re.compile("z =")] * 2)
    expect(page).to_have_url(re.compile("models=moons-ae-z1%2Cmoons-vae-z1"))
    before = page.locator(".film p").all_inner_texts()
    slider.fill("0")
    for number, name in enumerate(("moons-ae-z1", "moons-vae-z1")):
        told, shown = page.locator(".film p").nth(number), page.locator("canvas.large").nth(number)
        expect(told).not_to_have_text(before[number])

        def right(name: str = name, told: Locator = told, shown: Locator = shown) -> None:
            z = float(re.search(r"z = (−?[\d.]+)", told.inner_text())[1].replace("−", "-"))  # type: ignore[index]
            grey = shown.evaluate(
                "c => [...c.getContext('2d').getImageData(0, 0, 32, 32).data].filter((_, i) => i % 4 === 0)"
            )
            wanted = expected(name, np.array([[z]], np.float32)).ravel()
            assert np.abs(np.array(grey) - wanted).mean() < 2  # z is shown to two decimals

        holds(page, right)
    slider.press("ArrowRight")
    expect(slider).to_have_value("0.001")
    page.get_by_role("radio", name="−3 to 3").check()
    slider.fill("1")
    expect(page.locator(".film p").first).to_contain_text("z = 3.00")


@pytest.mark.parametrize(
    ("models", "sentence"),
    [
        ("digits-ae-z2,digits-vae-z10", "2 latent dimensions"),
        (AE, "Choose two to four models to compare"),
        (f"{AE},nowhere,{VAE}", "not among the checkpoints"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(
    page: Page, app_url: str, models: str, sentence: str
) -> None:
    page.goto(f"{app_url}/samples?models={models}")
    expect(page.get_by_text(sentence)).to_be_visible()


@pytest.mark.slow
def test_numbers_are_computed_in_the_background(page: Page, serve: Serve, tmp_path: Path) -> None:
    for name in ("digits-ae-z2", "digits-vae-z2"):
        shutil.copytree(
            f"checkpoints/{name}", tmp_path / name, ignore=shutil.ignore_patterns("samples-*.json")
        )
    app = serve(EXPLORER_CHECKPOINTS=str(tmp_path))
    opened(page, app.url, "n=16", "digits-ae-z2,digits-vae-z2")
    page.get_by_role("button", name="Evaluate these samples").first.click()
    # at work, or with all done: an idle machine needs a second or two for these few images
    expect(page.locator(".metrics progress, .numbers dt").first).to_be_visible()
    painted = page.evaluate("__stage.strips.total")
    page.get_by_role("slider", name="temperature").fill("1.5")
    until(page, lambda: page.evaluate("__stage.strips.total") >= painted + 2, "the page goes on")
    expect(page.locator(".metrics dt").first).to_have_text("coverage", timeout=120_000)
    expect(page.locator(".metrics dt").first).to_have_attribute("title", re.compile("share of real images"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_narrow_page(new_page, app_url: str, scheme: str) -> None:  # type: ignore[no-untyped-def]
    page = new_page(viewport={"width": 400, "height": 800}, color_scheme=scheme)
    opened(page, app_url)
    wide = "[...document.querySelectorAll('*')].filter(e => e.scrollWidth > innerWidth + 1).length"

    def fits() -> None:
        assert page.evaluate(wide) == 0
        grid = column(page, 1).locator("canvas.grid").bounding_box()
        assert grid
        assert grid["x"] + grid["width"] <= 400

    holds(page, fits)
