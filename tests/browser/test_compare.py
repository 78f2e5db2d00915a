"""The Compare page in a real browser: one hand, several models, and what each view of them tells."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, expect
from torch.distributions import MultivariateNormal, kl_divergence

from explorer import data, store
from explorer.config import RunConfig
from explorer.data import sprites as sprites_data
from explorer.latents.match import match
from explorer.live.compare_payload import relations
from explorer.metrics.disentanglement.evaluation import shares
from explorer.metrics.disentanglement.mig import compute_entropy, compute_mig, compute_mutual_information
from explorer.store import Checkpoint
from scripts.driving import wait_for
from tests.browser.conftest import Serve, StartApp
from tests.browser.waiting import alike, differs, holds, quiet, resting, still, sweep, unfold, until

NAMES = ("digits-vae-z10", "digits-vae-beta4-z10")


def checkpoint(name: str) -> Checkpoint:
    return store.open_checkpoint(Path("checkpoints") / name)


def opened(page: Page, url: str, query: str = "", models: tuple[str, ...] = NAMES, strips: int = 6) -> Page:
    page.set_viewport_size({"width": 1280, "height": 1500})  # all of it in view
    page.goto(f"{url}/compare?models={','.join(models)}&{query}")
    wait_for(page, f"window.__stage?.strips.total >= {strips}", timeout=60_000)
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


def decoded_by(c: Checkpoint, z: np.ndarray) -> np.ndarray:
    """Brightness (B, H, W) as the browser has it: whole grey levels."""
    return np.rint(c.decode(c.decoder_session(), z)[:, 0] * 255) / 255


def shown(page: Page, number: int) -> np.ndarray:
    return pixels(page.locator("canvas.large").nth(number))


def shows(page: Page, number: int, wanted: np.ndarray) -> None:
    """Wait until a model's large image is this one."""
    alike(page, lambda: shown(page, number), wanted, 1.5, f"image of model {number + 1}")


def drags_both(page: Page, slider: Locator) -> None:
    """Drag until both models have painted twelve images, before the button is let go."""
    box = resting(page, slider).bounding_box()
    assert box
    y, painted = box["y"] + box["height"] / 2, page.evaluate("__stage.paints.total")
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    sweep(
        page,
        lambda share: (box["x"] + box["width"] * (0.5 + 0.4 * share), y),
        lambda: page.evaluate("__stage.paints.total") >= painted + 24,
        "24 images under the hand",
    )
    page.mouse.up()


def test_one_hand_moves_every_model_along_matched_dimensions(page: Page, app_url: str) -> None:
    opened(page, app_url, "image=3")
    ready = [checkpoint(name) for name in NAMES]
    for number, c in enumerate(ready):  # each from its own code of the image
        shows(page, number, decoded(c.name, c.codes.mean[3])[0])
    strongest = int(np.argmax(ready[0].codes.rate.mean(0)))
    slider = page.get_by_role("slider", name=f"dimension {strongest + 1} of β = 1")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"−?\d\.\d\d"))
    quiet(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/checkpoints/" in request.url else None)
    drags_both(page, slider)
    slider.fill("2")
    step = 2 - float(ready[0].codes.mean[3, strongest])
    found = match(ready[0].codes.mean, ready[1].codes.mean)
    for number, c in enumerate(ready):
        z = c.codes.mean[3].copy()
        own, sign = (strongest, 1) if number == 0 else (found.order[strongest], found.sign[strongest])
        z[own] += sign * step
        shows(page, number, decoded(c.name, z)[0])
    page.wait_for_timeout(400)
    assert asked == []


def test_a_link_reopens_the_same_view_and_every_control_counts(page: Page, app_url: str) -> None:
    opened(page, app_url)
    before = still(page, lambda: shown(page, 1))
    page.locator(".row-label canvas.mosaic").click(position={"x": 8, "y": 8})  # start from the first image
    page.get_by_role("button", name="New codes").click()
    page.get_by_role("button", name="Other images").click()
    page.get_by_role("combobox", name="reference model").select_option("1")
    page.get_by_role("combobox", name="traversed dimension").select_option("2")
    strongest = np.argsort(checkpoint(NAMES[1]).codes.rate.mean(0))[::-1]
    second = page.get_by_role("slider", name=f"dimension {strongest[1] + 1} of β = 4")
    second.focus()
    second.press("ArrowRight")  # and what is moved is what is traversed
    expect(page).to_have_url(re.compile("reference=1.*rank=1.*image=0.*seed=1.*rows=6.*offset="))
    expect(page.locator(".comparison figcaption", has_text="reference")).to_contain_text("reference")
    differs(page, lambda: shown(page, 1), before, 20)
    mosaics = page.locator(".mosaic")
    readers = [partial(shown, page, n) for n in (0, 1)]
    readers += [partial(pixels, mosaics.nth(n)) for n in range(mosaics.count())]
    views = [still(page, read) for read in readers]
    page.goto(page.url)
    expect(mosaics).to_have_count(len(readers) - 2)
    for number, (read, view) in enumerate(zip(readers, views, strict=True)):
        alike(page, read, view, 1, f"view {number}")
    page.get_by_role("button", name="Reset").click()
    alike(page, lambda: shown(page, 1), before, 1)
    bars = page.locator(".bars rect.whole").nth(4)
    bars.click()
    expect(page.get_by_role("combobox", name="traversed dimension")).to_have_value("4")
    told_rates(page, 0, checkpoint(NAMES[0]))


def told_rates(page: Page, number: int, c: Checkpoint) -> None:
    """Wait until the bars of a model tell all of its rates."""

    def told() -> None:
        label = page.locator(".bars svg").nth(number).get_attribute("aria-label") or ""
        rates = sorted(float(v) for v in re.findall(r"(\d+\.\d\d)(?:,| nats)", label))
        assert rates == pytest.approx(sorted(c.codes.rate.mean(0)), abs=0.0051)

    holds(page, told)


@pytest.mark.parametrize(
    ("models", "sentence"),
    [("digits-vae-z2,digits-vae-z10", "choose models of one latent size"), ("digits-vae-z10", "two to six"),
     (f"nowhere,{NAMES[0]},{NAMES[1]}", "not among the checkpoints")],
)  # fmt: skip
def test_what_cannot_be_compared_is_said(page: Page, app_url: str, models: str, sentence: str) -> None:
    page.goto(f"{app_url}/compare?models={models}")
    expect(page.get_by_text(sentence)).to_be_visible()


# --- through β ---


@pytest.mark.slow
def test_codes_pictures_rates_and_the_point_travel_together(page: Page, app_url: str) -> None:
    opened(page, app_url, "tab=ladder&at=0.5&image=4")
    ready = [checkpoint(name) for name in NAMES]
    slider = page.get_by_role("slider", name="position on the β ladder")
    expect(slider).to_have_attribute("aria-valuetext", "β = 1 → 4")
    halves = [decoded(c.name, c.codes.mean[4])[0] for c in ready]
    large, strip = page.locator("canvas.large"), page.locator("canvas.strip").first
    alike(page, lambda: pixels(large), (halves[0] + halves[1]) / 2, 2.5)
    rates = [float(c.manifest.metrics["rate"]) for c in ready]  # type: ignore[arg-type]
    told = page.locator(".curve-figure figcaption")
    expect(told).to_contain_text(f"rate {sum(rates) / 2:.1f}")
    at = page.locator(".curve-figure .here")
    half = float(at.get_attribute("cx") or 0)
    bars = page.locator(".bars svg")
    strongest = int(np.argmax(ready[0].codes.rate.mean(0)))
    own = match(ready[0].codes.mean, ready[1].codes.mean).order[strongest]
    mean = (ready[0].codes.rate.mean(0)[strongest] + ready[1].codes.rate.mean(0)[own]) / 2
    expect(bars).to_have_attribute("aria-label", re.compile(rf": z\S+ {mean:.2f},"))
    film = still(page, lambda: pixels(strip))
    place, row = on_the_map(page, ready)
    page.mouse.move(*place)
    expect(page.locator(".hovered-image")).to_contain_text(f"test image {row};")
    page.get_by_role("button", name="β = 1", exact=True).click()
    expect(slider).to_have_attribute("aria-valuetext", "β = 1")
    expect(told).to_contain_text(f"rate {rates[0]:.1f}")
    until(page, lambda: abs(float(at.get_attribute("cx") or 0) - half) > 20, "a dot at another place")
    alike(page, lambda: pixels(large), halves[0], 1.5)
    differs(page, lambda: pixels(strip), film, 5)
    slider.press("ArrowRight")
    expect(page).to_have_url(re.compile("at=0.1"))
    page.get_by_role("combobox", name="what the map shows").select_option("dimensions")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    expect(page.get_by_role("button", name="Play")).to_be_visible(timeout=90_000)  # there and back, once
    expect(slider).to_have_attribute("aria-valuetext", "β = 1")
    expect(page).to_have_url(re.compile("plane=dimensions"))


def on_the_map(page: Page, ready: list[Checkpoint]) -> tuple[tuple[float, float], int]:
    """Where a code with much room around it lies half way between two maps, in pixels of the page, and its row."""
    planes = relations(tuple(ready)).planes
    flat = [
        (c.codes.mean - plane.mean) @ np.reshape(plane.components, (2, -1)).T
        for c, plane in zip(ready, planes, strict=True)
    ]
    half = (flat[0] + flat[1]) / 2
    both = np.concatenate([*flat, [[-3, -3], [3, 3]]])
    (x0, y0), (x1, y1) = both.min(0), both.max(0)
    box = page.locator(".ladder-map .map").bounding_box()
    assert box
    inner, margin = (box["width"] - 2, box["height"] - 2), 26  # within its border
    scale = min((inner[0] - 2 * margin) / (x1 - x0), (inner[1] - 2 * margin) / (y1 - y0))
    room = np.linalg.norm(half[:, None] - half[None], axis=2) + 1e9 * np.eye(len(half))
    row = int(room.min(1).argmax())
    x = box["x"] + 1 + inner[0] / 2 + (half[row, 0] - (x0 + x1) / 2) * scale
    y = box["y"] + 1 + inner[1] / 2 - (half[row, 1] - (y0 + y1) / 2) * scale
    return (x, y), row


# --- taken away ---


@pytest.mark.slow
def test_the_page_from_disk_does_all_that_the_app_does(
    page: Page, app_url: str, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    opened(page, app_url, "image=3")
    away = page.get_by_role("button", name="Export")
    for width in (1024, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        until(page, lambda: whole(away), f"all of its words at {width}")
    away.click()
    with page.expect_download(timeout=60_000) as download:
        resting(page, page.get_by_role("button", name="This view as one HTML file")).click()
    download.value.save_as(file := tmp_path / "compare.html")
    asked: list[str] = []
    alone = from_disk(new_page, file, asked)
    wait_for(alone, "window.__stage.strips.total >= 6")

    # one hand, every column, while the mouse is still down
    ready = [checkpoint(name) for name in NAMES]
    for number, c in enumerate(ready):
        shows(alone, number, decoded(c.name, c.codes.mean[3])[0])
    images = data.load(ready[0].manifest.data).images[ready[0].codes.index]
    expect(alone.get_by_text("from test image 3")).to_be_visible()
    original = alone.get_by_role("img", name="starting test image")
    alike(alone, lambda: pixels(original), images[3, 0].astype(int), 1)
    strongest = int(np.argmax(ready[0].codes.rate.mean(0)))
    slider = alone.get_by_role("slider", name=f"dimension {strongest + 1} of β = 1")
    drags_both(alone, slider)
    alone.get_by_role("button", name="Reset").click()
    films = [alone.locator("canvas.strip").nth(n) for n in range(2)]
    for number, c in enumerate(ready):
        shows(alone, number, decoded(c.name, np.zeros(10, np.float32))[0])
    strips = [still(alone, partial(pixels, film)) for film in films]
    slider.fill("2")
    found = match(ready[0].codes.mean, ready[1].codes.mean)
    for number, c in enumerate(ready):
        z = np.zeros(10, np.float32)
        own, sign = (strongest, 1) if number == 0 else (found.order[strongest], found.sign[strongest])
        z[own] = 2 * sign
        shows(alone, number, decoded(c.name, z)[0])
        told_rates(alone, number, c)
    second = alone.locator(".bars rect.whole").nth(1)
    second.click()  # another dimension is traversed
    for film, before_it in zip(films, strips, strict=True):
        differs(alone, partial(pixels, film), before_it, 5)

    # through β, with a map whose codes can be pointed at
    alone.get_by_role("button", name="Reset").click()
    alone.get_by_role("radio", name="Through β").check()
    alone.get_by_role("slider", name="position on the β ladder").fill("0.5")
    halves = [decoded(c.name, np.zeros(10, np.float32))[0] for c in ready]
    alike(alone, lambda: pixels(alone.locator("canvas.large")), (halves[0] + halves[1]) / 2, 2.5)
    place, row = on_the_map(alone, ready)
    alone.mouse.move(*place)
    expect(alone.locator(".hovered-image")).to_contain_text(f"test image {row};")
    alike(alone, lambda: pixels(alone.locator(".hovered-image canvas")), images[row, 0].astype(int), 1)

    # factors, and a rotation, which need every model's codes and scales
    alone.get_by_role("radio", name="Factors").check()
    labels = ready[0].codes.labels
    assert labels is not None
    for number, c in enumerate(ready):
        score = compute_mig(
            compute_mutual_information(c.codes.mean, labels[:, None], corrected=True),
            compute_entropy(labels[:, None]),
        )
        expect(alone.locator(".score b").nth(number)).to_have_text(f"{score:.3f}")
    before = alone.locator(".score b").first.inner_text()
    alone.get_by_text("Rotate the latents of one model").click()
    alone.get_by_role("button", name="to 45°").click()
    expect(alone.locator(".score b").first).not_to_have_text(before)
    expect(alone.locator(".notice")).to_have_text("")
    assert asked == [file.as_uri()]


def whole(button: Locator) -> bool:
    """Whether nothing of a button's words is cut off."""
    found: bool = button.evaluate(
        "b => [b, ...b.querySelectorAll('*')].every(e => e.clientWidth === 0 || e.scrollWidth <= e.clientWidth + 1)"
    )
    return found


def from_disk(new_page: Callable[..., Page], file: Path, asked: list[str]) -> Page:
    """A page opened from disk without network; all that it asks for, but for what it carries itself, is in `asked`."""
    page = new_page(offline=True, viewport={"width": 1280, "height": 1500})
    page.on("request", lambda r: None if r.url.startswith(("blob:", "data:")) else asked.append(r.url))
    page.goto(file.as_uri())
    wait_for(page, "window.__stage?.paints.total >= 2")
    return page


# --- factors ---

SPRITES = ("sprites-vae-z4", "sprites-vae-beta4-z4")


def linear_model(config: RunConfig) -> Any:
    """A model of sprites whose encoder is known: z₁ and z₂ measure x and y, z₃ the area, z₄ a bit of everything."""
    import torch

    from explorer.models import Autoencoder

    torch.manual_seed(0)
    model = Autoencoder(config.model, (1, 64, 64))
    pixel = (torch.arange(64) + 0.5 - 32) / 1000
    x, y = pixel.expand(64, 64).flatten(), pixel[:, None].expand(64, 64).flatten()
    rows = torch.stack([x, y, torch.full_like(x, 1 / 200), (x + y) / 2])
    head: Any = model.head
    with torch.no_grad():
        head.linear.weight.copy_(torch.cat([rows, torch.zeros_like(rows)]))
        head.linear.bias.copy_(torch.tensor([0.0, 0, -1, 0, -4, -5, -6, -4.5]))
    return model.eval()


@pytest.fixture(scope="module")
def sprites(tmp_path_factory: pytest.TempPathFactory, start_app: StartApp) -> Iterator[tuple[str, Path]]:
    """A server with two models of sprites that stand for a ladder, and where they lie."""
    from explorer.metrics.likelihood import compute_likelihood
    from explorer.store.weights import save_checkpoint

    folder = tmp_path_factory.mktemp("sprites")
    config = RunConfig.from_flat({"data": "sprites", "latent_size": 4, "hidden": ()})
    drawn = data.load(config.data)
    few = replace(drawn, test_index=drawn.test_index[:2000])
    model = linear_model(config)
    figures = compute_likelihood(model, few, "none", images=100).as_dict()
    saved = save_checkpoint(folder / SPRITES[0], model, few, config, metrics=figures)
    files = {name: saved.read(name) for name in saved.manifest.files}
    higher = config.objective.model_copy(update={"beta": 4.0})
    store.write(folder / SPRITES[1], saved.manifest.model_dump() | {"objective": higher.model_dump()}, files)
    with start_app(EXPLORER_CHECKPOINTS=str(folder)) as app:
        yield app.url, folder


def least_divergence(scale: np.ndarray, turn: np.ndarray) -> float:
    """Mean over codes of the least KL of any diagonal Gaussian from the rotated q, found by descent."""
    rotation = torch.from_numpy(turn).double()
    variance = torch.from_numpy(scale).double() ** 2
    zero = torch.zeros(len(turn), dtype=torch.float64)
    rotated = MultivariateNormal(zero, rotation @ torch.diag_embed(variance) @ rotation.T)
    logs = variance.log().requires_grad_()

    def divergence() -> torch.Tensor:
        return kl_divergence(MultivariateNormal(zero, torch.diag_embed(logs.exp())), rotated).sum()

    def step() -> torch.Tensor:
        search.zero_grad()
        found = divergence()
        found.backward()
        return found

    search = torch.optim.LBFGS([logs], max_iter=200, line_search_fn="strong_wolfe", tolerance_change=1e-12)
    search.step(step)
    return float(divergence().detach()) / len(scale)


@pytest.mark.slow
def test_factors_are_told_apart_and_a_rotation_mixes_them_again(
    page: Page, sprites: tuple[str, Path]
) -> None:
    url, folder = sprites
    ready = [store.open_checkpoint(folder / name) for name in SPRITES]
    known = ready[0].codes.factors
    assert known is not None
    opened(page, url, "tab=factors&reference=0", SPRITES, strips=2)
    for number, c in enumerate(ready):
        assert c.codes.factors is not None
        table = compute_mutual_information(c.codes.mean, c.codes.factors, corrected=True)
        score = compute_mig(table, compute_entropy(c.codes.factors))
        expect(page.locator(".score b").nth(number)).to_have_text(f"{score:.3f}")
        cell = page.get_by_role("button", name=f"x position in dimension 2 of β = {(1, 4)[number]}")
        expect(cell).to_have_attribute("aria-label", re.compile(f"{table[3, 1]:.2f} nats"))
    rate = ready[0].codes.rate.mean(0)
    i, j = (int(k) for k in np.argsort(-rate)[:2])
    page.get_by_role("button", name=f"y position in dimension {j + 1} of β = 1").click()
    expect(page).to_have_url(re.compile("rank=1.*factor=4"))
    plot = page.locator("canvas.scatter").first
    expect(plot).to_have_attribute("aria-label", re.compile(r"z\S+ of β = 1 against y position"))
    names = shares(compute_mutual_information(ready[0].codes.mean, known, corrected=True))
    factor, share = names[i]
    expect(page.locator(".shared-slider button").first).to_contain_text(
        f"{sprites_data.FACTOR_NAMES[factor]}, {100 * share:.0f} %"
    )
    first, film = partial(shown, page, 0), partial(pixels, page.locator("canvas.strip").first)
    before, strip = still(page, first), still(page, film)
    page.get_by_text("Rotate the latents of one model").click()
    page.get_by_role("button", name="to 45°").click()
    turn = np.eye(4)
    turn[[i, i, j, j], [i, j, i, j]] = np.sqrt(0.5) * np.array([1, -1, 1, 1])
    z = (ready[0].codes.mean @ turn.T).astype(np.float32)
    score = compute_mig(compute_mutual_information(z, known, corrected=True), compute_entropy(known))
    shown_score = page.locator(".score b").first

    def scored() -> bool:
        text = shown_score.inner_text()
        return (
            bool(re.fullmatch(r"0\.\d{3}", text)) and abs(float(text) - score) <= 0.002
        )  # codes on a bin's edge

    until(page, scored, f"a score of {score:.3f}")
    differs(page, film, strip, 5)
    alike(page, first, before, 1)
    expect(
        page.get_by_text(f"ELBO {ready[0].manifest.metrics['elbo']:.1f}".replace("-", "−"))
    ).to_be_visible()
    told = page.locator(".rotation-loss")
    expect(told).to_contain_text(re.compile(r"−\d.* nats"))
    lost = re.search(r"best diagonal q −([\d.]+) nats", told.inner_text())
    assert lost
    assert float(lost[1]) == pytest.approx(least_divergence(ready[0].codes.scale, turn), abs=0.0051)
    expect(told).to_contain_text("full-covariance q unchanged")
    expect(page).to_have_url(re.compile("rotation=0%2C"))
    page.get_by_role("radio", name="Side by side").check()
    rebuilt, random = (partial(pixels, page.locator(".cell .mosaic").nth(n)) for n in (0, 2))
    rows = [(read, still(page, read)) for read in (rebuilt, random)]
    traversal = still(page, film)
    page.get_by_role("button", name="back to 0°").click()
    differs(page, film, traversal, 5)
    for read, row in rows:
        alike(page, read, row, 1)


@pytest.mark.slow
def test_a_click_on_a_point_of_a_chart_opens_that_run(page: Page, sprites: tuple[str, Path]) -> None:
    url, _ = sprites
    opened(page, url, "", SPRITES)
    page.get_by_text("Charts over all runs").click()
    expect(page).to_have_url(re.compile("charts=1"))
    page.goto(page.url)
    point = page.locator(".js-plotly-plot .scatterlayer .trace .point").first
    expect(point).to_be_visible()

    def pointed_at() -> bool:  # plotly knows of a click only where it knows of a pointer
        box = resting(page, point).bounding_box()
        assert box
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
        page.wait_for_timeout(200)
        return page.locator(".js-plotly-plot .hoverlayer .hovertext").count() > 0

    until(page, pointed_at, "what plotly says of a point")
    page.mouse.down()
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"explore.*checkpoint=sprites-vae"))


@pytest.mark.slow
def test_a_true_factor_moves_its_codes_and_a_code_moves_what_is_measured(
    page: Page, sprites: tuple[str, Path]
) -> None:
    url, folder = sprites
    opened(page, url, "tab=two-way&reference=0&sprite=0,3,0,10,20", SPRITES, strips=2)
    c = store.open_checkpoint(folder / SPRITES[0])
    model = linear_model(RunConfig.from_flat({"data": "sprites", "latent_size": 4, "hidden": ()}))

    def codes(*factors: int) -> np.ndarray:
        import torch

        image = torch.tensor(sprites_data.render(np.array([factors])) / 255, dtype=torch.float32)
        return model.encode(image).mean[0].detach().numpy()

    def told() -> dict[str, float]:
        block = page.locator(".ranges").first
        names = block.locator("dt").all_inner_texts()
        values = block.locator("dd > .figure").all_inner_texts()
        return {n: float(v.replace("−", "-")) for n, v in zip(names, values, strict=True)}

    expect(page.locator(".ranges").first.locator("dt")).to_have_count(4, timeout=60_000)
    expect(page.locator(".waiting")).to_be_empty(timeout=60_000)  # the encoders have answered

    def tells(*factors: int) -> None:
        expected = {f"z{subscript}": v for subscript, v in zip("₁₂₃₄", codes(*factors), strict=True)}

        def check() -> None:
            assert told() == pytest.approx(expected, abs=0.0051)

        holds(page, check)

    tells(0, 3, 0, 10, 20)
    page.route("**/sprites/**", lambda _: None)  # never answered
    page.get_by_role("slider", name="true x position").fill("30")
    tells(0, 3, 0, 30, 20)  # at once, whatever is asked for then
    page.unroute("**/sprites/**")
    lines = page.locator(".ranges").first.locator(".range-track .line")
    names = page.locator(".ranges").first.locator("dt").all_inner_texts()

    def reaching() -> None:
        width = {n: float(lines.nth(i).evaluate("e => e.clientWidth")) for i, n in enumerate(names)}
        assert width["z₁"] > 40
        # what pixels leave of a shape that moves by parts of them
        assert max(width["z₂"], width["z₃"]) < width["z₁"] / 4

    holds(page, reaching)
    page.get_by_role("slider", name="true scale").fill("5")
    expect(page).to_have_url(re.compile(r"sprite=0%2C5%2C0%2C30%2C20"))
    tells(0, 5, 0, 30, 20)
    # the other way: what is measured of the image that is decoded
    image = decoded_by(c, np.zeros((1, 4), np.float32))[0]
    across = (np.arange(64) + 0.5)[None]

    def measured() -> None:
        seen = page.locator(".ranges").nth(2).locator("dd > .figure").all_inner_texts()
        assert len(seen) > 2
        centre = ((image * across).sum() / image.sum() - 16) / 32
        assert float(seen[0].replace("−", "-")) == pytest.approx(centre, abs=0.011)
        assert float(seen[2]) == pytest.approx(np.sqrt(image.sum()), abs=0.11)

    holds(page, measured)


@pytest.mark.slow
def test_a_ladder_is_trained_from_the_page(page: Page, serve: Serve, tmp_path: Path) -> None:
    shutil.copytree("checkpoints/digits-vae-z10", tmp_path / "checkpoints" / "digits-vae-z10")
    url = serve(EXPLORER_CHECKPOINTS=str(tmp_path / "checkpoints")).url
    page.set_viewport_size({"width": 1280, "height": 1700})
    page.goto(f"{url}/compare")
    unfold(page, "Train another ladder")
    page.get_by_role("textbox", name="β, rising").fill("1 nonsense")
    page.get_by_role("spinbutton", name="Epochs").fill("1")
    page.get_by_role("button", name="Start the sweep").click()
    expect(page.get_by_text("A ladder needs two or more values")).to_be_visible()
    page.get_by_role("textbox", name="β, rising").fill("2 1")
    page.get_by_role("button", name="Start the sweep").click()
    expect(page.get_by_text("Its runs are in the menu")).to_be_visible(timeout=240_000)
    good, bad = store.list_checkpoints(tmp_path / "checkpoints")
    assert sorted(c.manifest.objective.beta for c in good) == [1, 1, 2]
    assert not bad
