"""The Explore page as it is served: every control by hand and by key, links, and what goes wrong.

What is shown is compared with PyTorch, NumPy and the images of scikit-learn.
"""

from __future__ import annotations

import base64
import io
import json
import os
import re
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page, Request, Route, expect
from safetensors.numpy import save
from sklearn.datasets import load_digits

from explorer import reports, store
from explorer.latents import projection
from explorer.store import Checkpoint
from scripts.driving import App, wait_for
from tests import tiny
from tests.browser.waiting import PATIENCE, alike, resting, still, sweep, unfold, until

BETA, PLANE, PLAIN = "digits-vae-beta4-z10", "digits-vae-z2", "digits-ae-z2"
FIRST = "faces-vae-z24"
SHIPPED = Path(__file__).parents[2] / "checkpoints"

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@cache
def checkpoint(name: str) -> Checkpoint:
    return store.open_checkpoint(SHIPPED / name)


@cache
def model(name: str) -> Any:
    from explorer.store.weights import load_model

    return load_model(checkpoint(name))


def decoded(name: str, z: Any) -> np.ndarray:
    """What PyTorch makes of codes `(B, d)`: grey levels `(B, H, W)` from 0 to 255."""
    import torch

    with torch.no_grad():
        image = model(name).mean_image(torch.tensor(np.asarray(z, np.float32)))
    return np.asarray(image[:, 0].numpy() * 255)


# --- the page ---


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped checkpoints, without what was computed beside them since, and three that are in trouble."""
    folder = tmp_path_factory.mktemp("models") / "checkpoints"
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("umap-*", "tsne-*"))
    _troubled(folder)
    return folder


@pytest.fixture(scope="module")
def app(start_app: Callable, models: Path) -> Iterator[App]:
    with start_app(EXPLORER_CHECKPOINTS=str(models), EXPLORER_RUNS=str(models.parent / "runs")) as app:
        yield app


@pytest.fixture
def site(app: App) -> str:
    return app.url


def _troubled(folder: Path) -> None:
    manifest, files = tiny.parts()
    manifest["data"]["data"] = "gone/with/the/stick"
    store.write(folder / "absent", manifest, files)
    damaged = store.write(folder / "damaged", manifest, files).path / store.CODES
    damaged.write_bytes(damaged.read_bytes()[:-9])
    manifest, files = tiny.parts()
    manifest["model"]["latent_size"] = 3
    manifest["metrics"] = {}
    few = save(tiny.codes(0, n=4, d=3))
    store.write(folder / "few", manifest, files | {store.DECODER: tiny.decoder(0, d=3), store.CODES: few})


@dataclass
class Stage:
    """A page that shows Explore, with the words in which these tests speak of it."""

    page: Page
    site: str

    def open(self, name: str = "", **address: object) -> Stage:
        query = ({"checkpoint": name} if name else {}) | address
        self.page.goto(f"{self.site}/explore?{urlencode(query)}")
        return self.ready()

    def ready(self) -> Stage:
        """An image is painted, and every request of the start has been answered."""
        wait_for(self.page, "window.__stage?.paints.total > 0", timeout=60_000)
        expect(self.page.locator(".stage:not([aria-busy])")).to_be_visible()
        expect(self.page.locator("#early")).to_have_count(0)
        if self.page.locator(".map-panel").count():
            expect(self.surface).to_have_attribute("aria-label", re.compile("^Map of [1-9]"))
        self.page.wait_for_load_state("networkidle")
        return self

    def until(self, wanted: Callable[[], object], what: str) -> None:
        until(self.page, wanted, what)

    # what is said and shown

    @property
    def address(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.page.url).query).items()}

    def numbers(self, name: str) -> list[float]:
        return [float(part) for part in self.address.get(name, "").split(",") if part]

    def settled(self, before: str) -> list[float]:
        """The code in the address, once that is another than `before`."""
        self.until(lambda: self.page.url != before, "another address")
        return self.numbers("z")

    def does(self, act: Callable[[], object]) -> list[float]:
        """Act at once, as a click or a key does, and see what code settles."""
        before = self.page.url
        act()
        return self.settled(before)

    def moves(self, act: Callable[[], object]) -> list[float]:
        """Act bit by bit, as a drag does, and see what code it ends at: a pause on the way settles as well."""
        before = self.page.url
        act()
        self.settled(before)
        return self.rest()

    def rest(self) -> list[float]:
        """The code in the address, once that has stayed for a while in which page and server were free."""
        app, seen = self.page.get_by_test_id("stApp"), [""]

        def same() -> bool:
            self.page.evaluate("new Promise(requestAnimationFrame)")
            idle = app.get_attribute("data-test-script-state") == "notRunning"
            seen.append(self.page.url if idle else "")
            return bool(seen[-1]) and seen[-16:] == [seen[-1]] * 16

        self.until(same, "an address at rest")
        return self.numbers("z")

    @property
    def image(self) -> np.ndarray:
        return grey(self.page.locator("canvas.large"))

    def shows(self, name: str, z: object) -> None:
        """The large image is what PyTorch decodes."""
        self.alike(self.page.locator("canvas.large"), decoded(name, [z])[0])

    def alike(self, canvas: Locator, wanted: np.ndarray, tolerance: float = 1.1) -> None:
        """A canvas shows these grey levels, give or take."""
        alike(self.page, lambda: grey(canvas), wanted, tolerance)

    def slider(self, k: int) -> Locator:
        return self.page.get_by_role("slider", name=re.compile(f"^latent dimension {k + 1},"))

    def number(self, k: int) -> Locator:
        name = f"value of dimension {k + 1}"
        return self.page.get_by_role("spinbutton", name=name, exact=True, include_hidden=True)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    @property
    def notice(self) -> Locator:
        return self.page.locator(".stage .notice")

    # the map

    @property
    def surface(self) -> Locator:
        return self.page.locator(".map canvas[role=application]")

    def box(self) -> FloatRect:
        box = self.surface.bounding_box()
        assert box
        return box

    def to_screen(self, x: float, y: float) -> tuple[float, float]:
        """Where a place of the map is on the page, for the viewport in the address."""
        cx, cy, scale = self.numbers("viewport")
        box = self.box()
        return (
            float(box["x"] + box["width"] / 2 + (x - cx) * scale),
            float(box["y"] + box["height"] / 2 - (y - cy) * scale),
        )

    def drag(self, *places: tuple[float, float]) -> None:
        self.page.mouse.move(*places[0])
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*place, steps=4)
        self.page.mouse.up()

    def choose(self, name: str) -> None:
        """Another checkpoint, from the menu."""
        self.page.locator(".stage").evaluate_all("all => all.forEach(s => s.classList.add('before'))")
        self.page.get_by_role("combobox", name="Checkpoint").click()
        self.page.keyboard.type(name)  # a long menu has only what is in sight
        self.page.get_by_role("option", name=re.compile(f" {name}$")).click()
        self.until(lambda: self.address.get("checkpoint") == name, f"{name} in the address")
        expect(self.page.locator(".stage.before")).to_have_count(0)
        expect(self.page.locator(".stage")).to_have_count(1)
        self.ready()


def grey(canvas: Locator) -> np.ndarray:
    """The red channel of a canvas, `(H, W)`."""
    _, _, data = canvas.evaluate("c => c.toDataURL('image/png')").partition(",")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA"), np.float64)[..., 0]


@pytest.fixture
def another(site: str, new_page: Callable[..., Page]) -> Iterator[Callable[..., Stage]]:
    """Open a stage in a browser context of its own. At the end: nobody asked anything of another host."""
    asked: list[str] = []

    def open_stage(**options: object) -> Stage:
        page = new_page(**({"viewport": {"width": 1280, "height": 900}} | options))
        page.on("request", lambda request: asked.append(request.url))
        page.on("websocket", lambda socket: asked.append(socket.url))
        return Stage(page, site)

    yield open_stage
    own = urlsplit(site).netloc
    assert asked
    assert {
        url for url in asked if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != own
    } == set()


@pytest.fixture
def stage(another: Callable[..., Stage]) -> Stage:
    return another()


# --- sliders and buttons ---


def test_a_slider_by_mouse_and_by_key(stage: Stage) -> None:
    stage.open(BETA)
    k = int(np.argmax(checkpoint(BETA).codes.rate.mean(0)))
    slider, number = stage.slider(k), stage.number(k)

    def code(value: float) -> list[float]:
        return [value if i == k else 0 for i in range(10)]

    box = slider.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    at = [box["x"] + box["width"] * share for share in (0.5, 0.6, 0.75)]
    z = stage.moves(lambda: stage.drag(*((x, middle) for x in at)))
    assert z[k] == pytest.approx((0.25 * box["width"]) / (box["width"] - 16) * 6, abs=0.05)  # thumb: 16 px
    stage.shows(BETA, z)
    expect(number).to_have_value(f"{z[k]:.2f}")
    for key, value in (
        ("Home", -3),
        ("ArrowRight", -2.9),
        ("Shift+ArrowLeft", -2.91),
        ("PageUp", -2.41),
        ("End", 3),
        ("ArrowUp", 3),
        ("ArrowDown", 2.9),
    ):
        slider.press(key)
        expect(number).to_have_value(f"{value:.2f}")
    stage.until(lambda: stage.numbers("z") == pytest.approx(code(2.9)), "2.9 in the address")
    stage.shows(BETA, code(2.9))
    expect(slider).to_have_attribute("aria-valuetext", "2.90")

    number.fill("-1.25")
    number.press("Enter")
    stage.until(lambda: stage.numbers("z") == pytest.approx(code(-1.25)), "-1.25 in the address")
    stage.shows(BETA, code(-1.25))
    number.fill("4.5")  # beyond the range of the slider, yet a code
    number.press("Enter")
    stage.until(lambda: stage.numbers("z") == pytest.approx(code(4.5)), "4.5 in the address")
    expect(slider).to_have_value("3")
    number.fill("")
    number.press("Tab")
    expect(number).to_have_value("4.50")

    slider.dblclick(position={"x": 3, "y": 3})
    expect(number).to_have_value("0.00")
    stage.until(lambda: not any(stage.numbers("z")), "0 in the address")
    stage.shows(BETA, [0] * 10)

    stage.page.locator(".dimension canvas").first.click(position={"x": 2, "y": 2})  # leftmost of its strip
    expect(number).to_have_value("-3.00")


def test_the_buttons_by_mouse_and_by_key(stage: Stage) -> None:
    stage.open(PLANE)
    seed = stage.page.get_by_role("spinbutton", name="seed of the next random code")
    seed.fill("7")
    seventh = stage.does(stage.button("Random").click)
    assert 0 < np.linalg.norm(seventh) < 5
    stage.shows(PLANE, seventh)
    expect(seed).to_have_value("8")
    eighth = stage.does(lambda: stage.button("Random").press("Enter"))
    assert eighth != seventh
    seed.fill("7")
    assert stage.does(lambda: stage.button("Random").press("Space")) == seventh
    assert stage.does(stage.button("Reset").click) == [0, 0]

    z = stage.does(stage.button("Test image").click)
    row = int(stage.address["selected"])
    codes = checkpoint(PLANE).codes
    assert codes.labels is not None
    assert z == pytest.approx(codes.mean[row].tolist(), abs=1e-4)
    stage.shows(PLANE, codes.mean[row])
    expect(stage.page.locator(".original")).to_contain_text(f"original {row:,} · {codes.labels[row]}")
    digit = load_digits().images[codes.index[row]] * 255 / 16
    stage.alike(stage.page.locator(".original canvas"), digit, 1)
    stage.does(lambda: stage.slider(0).press("ArrowRight"))
    assert "selected" not in stage.address
    expect(stage.page.locator(".original")).to_contain_text("no test image")


@pytest.mark.slow
def test_the_range_of_the_sliders(stage: Stage) -> None:
    stage.open(PLANE)
    assert (stage.slider(0).get_attribute("min"), stage.slider(0).get_attribute("max")) == ("-3", "3")
    reach = stage.page.get_by_role("spinbutton", name="range in prior standard deviations")
    reach.fill("2.5")
    expect(stage.slider(1)).to_have_attribute("max", "2.5")
    stage.until(lambda: stage.address.get("range") == "prior,2.5", "the range in the address")
    stage.page.get_by_role("radio", name="prior").press("ArrowRight")
    low, high = np.quantile(checkpoint(PLANE).codes.mean, [0.01, 0.99], axis=0)
    stage.until(lambda: stage.address.get("range") == "data,2.5", "the range in the address")
    for k in range(2):
        given = [float(stage.slider(k).get_attribute(end) or "") for end in ("min", "max")]
        assert given == pytest.approx([low[k], high[k]], abs=1e-4)
    stage.open(PLAIN)
    expect(stage.page.get_by_role("radio", name="data 1–99 %")).to_be_checked()  # it has no prior


def test_dead_dimensions_are_folded_and_named(stage: Stage) -> None:
    stage.open(BETA)
    rate = checkpoint(BETA).codes.rate.mean(0)
    variance = checkpoint(BETA).codes.mean.var(0)
    dead = [k for k in np.argsort(-rate) if variance[k] <= 0.01]
    assert dead
    summary = stage.page.locator(".dead summary")
    expect(summary).to_contain_text(f"{len(dead)} dead dimensions")
    expect(stage.slider(dead[0])).to_be_hidden()
    names = stage.page.locator(".rows .dimension").evaluate_all("rows => rows.map(r => r.dataset.dimension)")
    assert [int(name) for name in names] == [k for k in np.argsort(-rate) if k not in dead]
    summary.press("Enter")
    expect(stage.slider(dead[0])).to_be_visible()
    before = stage.image
    z = stage.does(lambda: stage.slider(dead[0]).press("End"))
    assert z[dead[0]] == 3
    stage.shows(BETA, z)
    assert np.abs(stage.image - before).max() < 40  # dead: it says next to nothing


# --- the walk ---


@pytest.mark.slow
def test_a_walk_between_two_codes(stage: Stage) -> None:
    page = stage.open(BETA).page
    page.get_by_role("radio", name="Walk").check()
    stage.until(lambda: "b" in stage.address, "the ends it begins with")
    a = stage.does(stage.button("Random").click)
    stage.does(stage.button("A = z").click)
    b = stage.does(lambda: stage.button("Random").press("Enter"))
    stage.does(stage.button("B = z").click)
    assert stage.numbers("a") == pytest.approx(a)
    assert stage.numbers("b") == pytest.approx(b)
    ends, t = (np.array(a), np.array(b)), np.linspace(0, 1, 11)[:, None]
    line = (1 - t) * ends[0] + t * ends[1]
    _strip_is(stage, line)
    fine = (1 - (s := np.linspace(0, 1, 65)[:, None])) * ends[0] + s * ends[1]
    nearest = np.linalg.norm(fine[:, None] - checkpoint(BETA).codes.mean, axis=-1).min(1)
    expect(page.locator(".distance .most")).to_contain_text(f"at most {nearest.max():.2f} σ")

    stage.does(page.get_by_role("radio", name="spherical").check)
    assert stage.address["path"] == "spherical"
    la, lb = np.linalg.norm(ends[0]), np.linalg.norm(ends[1])
    angle = np.arccos(ends[0] @ ends[1] / (la * lb))
    turn = np.sin((1 - t) * angle) * ends[0] / la + np.sin(t * angle) * ends[1] / lb
    _strip_is(stage, turn / np.sin(angle) * (la + t * (lb - la)))

    position = page.get_by_role("slider", name="position on the path")
    position.press("End")  # where z is already
    assert stage.does(lambda: position.press("Home")) == pytest.approx(a, abs=1e-3)
    assert stage.does(lambda: position.press("End")) == pytest.approx(b, abs=1e-3)
    stage.does(lambda: position.press("Home"))
    painted = page.evaluate("__stage.paints.total")
    stage.button("Play").click()
    stage.until(lambda: page.evaluate("__stage.paints.total") > painted + 5, "frames of the walk")
    stage.button("Pause").press("Enter")
    assert 0 < float(position.input_value()) <= 1
    stage.button("Swap").click()
    stage.until(lambda: stage.numbers("a") == pytest.approx(b), "the ends exchanged")
    assert stage.numbers("b") == pytest.approx(a)


@pytest.mark.slow
def test_a_walk_a_backdrop_and_a_filter_are_in_the_link(stage: Stage, another: Callable[..., Stage]) -> None:
    page = stage.open(PLANE, z="0.5,-0.25").page
    page.get_by_role("checkbox", name="decoded plane").check()
    page.locator(".legend button").nth(3).click()
    page.locator(".legend button").nth(8).click()
    page.get_by_role("radio", name="Walk").check()
    stage.until(lambda: "b" in stage.address and stage.address.get("hidden") == "3,8", "all of it")
    assert stage.numbers("a") == [0.5, -0.25]  # the walk begins where the hand is: nothing moves
    assert stage.numbers("z") == [0.5, -0.25]
    position = page.get_by_role("slider", name="position on the path")
    expect(page.locator(".transport output")).to_have_text("0.00")
    z = stage.does(lambda: position.press("PageUp"))

    other = another()
    other.page.goto(page.url)
    other.ready()
    expect(other.page.get_by_role("radio", name="Walk")).to_be_checked()
    expect(other.page.get_by_role("checkbox", name="decoded plane")).to_be_checked()
    expect(other.page.locator(".transport output")).to_have_text("0.20")
    expect(other.page.locator('.legend button[aria-pressed="false"]')).to_have_text(["3", "8"])
    other.shows(PLANE, z)
    other.does(other.button("Reset").click)
    expect(other.page.locator(".transport output")).to_have_text("–")  # 0 is not on the path


@pytest.mark.slow
def test_the_map_by_touch(another: Callable[..., Stage]) -> None:
    stage = another(has_touch=True)
    page = stage.open(PLANE).page
    box, codes = stage.box(), checkpoint(PLANE).codes
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = page.context.new_cdp_session(page)

    def fingers(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def scrolled() -> float:
        return float(page.evaluate("scrollY + document.querySelector('[data-testid=stMain]').scrollTop"))

    before, (x, y) = scrolled(), middle
    fingers("touchStart", (x, y))  # a drag pans, and the page stays
    for i in range(1, 9):
        fingers("touchMove", (x + 8 * i, y - 5 * i))
    fingers("touchEnd")
    stage.until(lambda: "viewport" in stage.address, "a viewport")
    scale = stage.numbers("viewport")[2]
    assert scrolled() == before
    assert "selected" not in stage.address

    fingers("touchStart", (x - 30, y), (x + 30, y))  # two fingers zoom
    for i in range(1, 9):
        fingers("touchMove", (x - 30 - 5 * i, y), (x + 30 + 5 * i, y))
    fingers("touchEnd")
    stage.until(lambda: stage.numbers("viewport")[2] > 1.5 * scale, "a larger scale")
    stage.rest()
    assert "selected" not in stage.address  # neither was a tap

    row = int(np.abs(codes.mean - np.array(stage.numbers("viewport")[:2])).sum(1).argmin())
    place = stage.to_screen(*codes.mean[row])
    z = stage.does(lambda: page.touchscreen.tap(*place))  # a tap takes the code, and says what it is
    assert z == pytest.approx(codes.mean[row], abs=0.05)
    stage.shows(PLANE, z)
    expect(page.locator(".pointer figure.empty")).to_have_count(0)


def _strip_is(stage: Stage, codes: np.ndarray) -> None:
    wanted = decoded(BETA, codes)

    def frames() -> np.ndarray:
        strip = grey(stage.page.locator(".walk-panel canvas.strip"))
        step = (strip.shape[1] - 8) / 10
        return np.stack([strip[:8, round(i * step) : round(i * step) + 8] for i in range(11)])

    stage.until(lambda: np.abs(frames() - wanted).max() <= 1.1, "the film strip")


# --- the map ---


@pytest.mark.slow
def test_the_codes_take_every_colouring(stage: Stage) -> None:
    page = stage.open(PLANE).page
    menu = page.get_by_role("combobox", name="colour by")
    keys = menu.locator("option").evaluate_all("options => options.map(o => o.value)")
    assert keys == ["labels", "error", "rate", "dim:0", "dim:1"]
    legend = page.locator(".legend button")
    expect(legend).to_have_count(10)
    seen = [page.locator(".map").screenshot()]
    for key in keys[1:]:
        menu.select_option(key)
        expect(legend).to_have_count(0)
        stage.until(partial(_coloured, stage, key), f"{key} in the address")
        stage.until(lambda: page.locator(".map").screenshot() not in seen, "other colours")
        seen.append(page.locator(".map").screenshot())
    menu.press("Home")  # native menus take keys
    expect(legend).to_have_count(10)


def _coloured(stage: Stage, key: str) -> bool:
    return stage.address.get("colour") == key


def test_the_legend_hides_classes_and_regions_select(stage: Stage) -> None:
    page = stage.open(PLANE, viewport="0.2,0.1,60").page
    codes = checkpoint(PLANE).codes
    x, y = codes.mean.T
    labels = codes.labels
    assert labels is not None
    summary = page.locator(".selection")

    def expected(inside: np.ndarray) -> None:
        count = int(inside.sum())
        assert 20 < count < len(codes)
        expect(summary).to_contain_text(f"{count} selected")
        expect(summary).to_contain_text(f"rate {codes.rate.sum(1)[inside].mean():.1f} nats")
        error = f"{codes.distortion[inside].mean():.1f}".replace("-", "−")
        expect(summary).to_contain_text(f"error {error} nats")
        values, counts = np.unique(labels[inside], return_counts=True)
        top = counts.max()
        expect(summary).to_contain_text(re.compile(f" {round(100 * top / count)} %"))
        assert any(f" {v}: " in summary.inner_text() for v in values[counts == top])

    page.get_by_role("radio", name="box").check()
    left = x < 0.2

    def everything_left() -> None:
        stage.drag(stage.to_screen(-4, 3), stage.to_screen(0.2, -3))

    everything_left()
    box = left & (x > -4) & (np.abs(y) < 3)
    expected(box)
    threes = page.locator(".legend button", has_text=re.compile("^3$"))
    threes.press("Enter")
    expect(threes).to_have_attribute("aria-pressed", "false")
    everything_left()
    expected(box & (labels != 3))
    page.get_by_role("radio", name="lasso").check()
    stage.drag(*(stage.to_screen(*p) for p in ((-3, -1.5), (3, -1.5), (0, 2.5), (-3, -1.5))))
    height = (y + 1.5) / 4
    expected((height > 0) & (np.abs(x) < 3 * (1 - height)) & (labels != 3))
    stage.surface.press("Escape")
    expect(summary).to_have_text("")
    threes.press("Enter")
    expect(threes).to_have_attribute("aria-pressed", "true")
    threes.dblclick()
    expect(page.locator(".legend button[aria-pressed=true]")).to_have_count(1)
    page.get_by_role("radio", name="box").check()
    stage.drag(stage.to_screen(-4, 3), stage.to_screen(4, -3))
    expect(summary).to_contain_text(f"{int((labels == 3).sum())} selected · 3: 100 %")


@pytest.mark.slow
def test_the_map_moves_by_mouse_wheel_and_key(stage: Stage) -> None:
    page = stage.open(PLANE, viewport="0,0,80").page
    box = stage.box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    stage.moves(lambda: stage.drag(middle, (middle[0] + 60, middle[1] - 30)))
    assert stage.numbers("viewport") == pytest.approx([-60 / 80, -30 / 80, 80], abs=0.02)
    # what is under the pointer stays there when the wheel turns
    page.mouse.move(middle[0] + 100, middle[1] + 50)
    cx, cy, scale = stage.numbers("viewport")
    under = (cx + 100 / scale, cy - 50 / scale)
    stage.moves(lambda: page.mouse.wheel(0, -200))
    cx, cy, closer = stage.numbers("viewport")
    assert closer > scale * 1.2
    assert (cx + 100 / closer, cy - 50 / closer) == pytest.approx(under, abs=0.01)
    stage.does(lambda: stage.surface.press("ArrowRight"))
    assert stage.numbers("viewport")[0] > cx
    stage.does(lambda: stage.surface.press("-"))
    stage.until(lambda: stage.numbers("viewport")[2] < closer * 0.8, "zoomed out")
    stage.surface.press("0")
    stage.until(lambda: abs(stage.numbers("viewport")[0]) < 1.5, "everything in view")


def test_hovering_decodes_and_a_click_takes_the_code(stage: Stage) -> None:
    page = stage.open(PLANE, viewport="0,0,80").page
    codes = checkpoint(PLANE).codes
    box = stage.box()
    here = page.locator(".pointer canvas").first
    stage.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for dx, dy in ((-100, 40), (120, -60)):
        at = (box["x"] + box["width"] / 2 + dx, box["y"] + box["height"] / 2 + dy)
        page.mouse.move(*at)
        wanted = decoded(PLANE, [[dx / 80, -dy / 80]])[0]
        stage.alike(here, wanted, 4)
    # the point that lies furthest from the others is met for sure
    apart = np.linalg.norm(codes.mean[:, None] - codes.mean, axis=-1) + 9 * np.eye(len(codes))
    inside = np.abs(codes.mean).max(1) < 2.5
    row = int(np.argmax(apart.min(1) * inside))
    place = stage.to_screen(*codes.mean[row])
    page.mouse.move(*place)
    expect(page.locator(".pointer .place")).to_contain_text(f"image {row:,}")
    rebuilt = decoded(PLANE, [codes.mean[row]])[0]
    stage.alike(page.locator(".pointer canvas").nth(1), rebuilt, 1.1)
    original = load_digits().images[codes.index[row]] * 255 / 16
    stage.alike(page.locator(".pointer canvas").nth(2), original, 1)
    z = stage.does(lambda: page.mouse.click(*place))
    assert stage.address["selected"] == str(row)
    assert z == pytest.approx(codes.mean[row].tolist(), abs=1e-4)
    assert [float(stage.number(k).input_value()) for k in (0, 1)] == pytest.approx(z, abs=0.006)
    stage.shows(PLANE, z)
    stage.does(lambda: stage.surface.press("ArrowLeft"))
    z = stage.does(lambda: stage.surface.press("Enter"))
    stage.shows(PLANE, z)


@pytest.mark.slow
def test_a_posterior_has_an_ellipse_and_a_point_has_none(stage: Stage) -> None:
    row = 5
    for name in (PLANE, PLAIN):
        codes = checkpoint(name).codes
        x, y = codes.mean[row]
        view = {"z": f"{x:.4f},{y:.4f}", "viewport": f"{x},{y},1500"}
        without = still(stage.page, partial(grey, stage.open(name, **view).surface))
        drawn = stage.open(name, **view, selected=row)
        expect(drawn.page.locator(".original")).to_contain_text(f"original {row}")
        if name == PLAIN:
            assert (still(stage.page, partial(grey, drawn.surface)) == without).all()
            continue
        drawn.until(partial(_differs, drawn.surface, without), "the ellipse")
        ys, xs = np.nonzero(still(stage.page, partial(grey, drawn.surface)) != without)
        for reach, sigma in ((np.ptp(xs), codes.scale[row, 0]), (np.ptp(ys), codes.scale[row, 1])):
            assert reach == pytest.approx(2 * 2 * sigma * 1500, abs=6)  # out to 2 σ


def _differs(canvas: Locator, before: np.ndarray) -> bool:
    return bool((grey(canvas) != before).any())


@pytest.mark.slow
def test_the_plane_is_decoded_behind_the_codes(stage: Stage) -> None:
    page = stage.open(PLANE, viewport="0,0,60").page
    below = page.locator(".map canvas").first
    bare = still(page, lambda: grey(below))
    page.get_by_role("checkbox", name="decoded plane").check()
    stage.until(lambda: (grey(below) != bare).mean() > 0.5, "the backdrop")
    reach = max(3.0, float(np.abs(checkpoint(PLANE).codes.mean).max()))
    cell = 2 * reach / 20
    centres = -reach + (np.arange(20) + 0.5) * cell
    z = np.stack(np.meshgrid(centres, -centres), -1).reshape(-1, 2)
    sheet = decoded(PLANE, z).reshape(20, 20, 8, 8).transpose(0, 2, 1, 3).reshape(160, 160)
    places = np.clip(((np.arange(160) + 0.5) / 160 * 2 - 1) * reach, -2.8, 2.8)  # in the middle of its pixels
    ratio = bare.shape[1] / stage.box()["width"]

    def likeness() -> float:
        picture = grey(below)
        at = [(side / 2 + places * 60 * ratio).astype(int) for side in (picture.shape[1], picture.shape[0])]
        ok = np.abs(places) < 2.7
        return float(
            np.corrcoef(picture[np.ix_(at[1][ok], at[0][ok])].ravel(), sheet[np.ix_(ok, ok)].ravel())[0, 1]
        )

    stage.until(lambda: likeness() > 0.95, "decodes behind the codes")
    page.get_by_role("checkbox", name="decoded plane").press("Space")
    stage.until(lambda: (grey(below) == bare).all(), "the bare map")


@pytest.mark.slow
def test_what_can_be_saved(stage: Stage) -> None:
    page = stage.open(PLANE, z="0.5,-1", a="1,1", b="-1,0.5").page
    saved: dict[str, bytes] = {}
    for item in ("Image · PNG", "This view · PNG", "Traversal of", "Walk from", "Code · JSON"):
        page.locator("summary", has_text="Save").press("Enter")
        with page.expect_download() as waiting:
            page.get_by_role("menuitem", name=item).click()
        saved[item] = waiting.value.path().read_bytes()
    for item in ("Image · PNG", "This view · PNG"):
        assert saved[item].startswith(b"\x89PNG\r\n\x1a\n")
    image = np.asarray(Image.open(io.BytesIO(saved["Image · PNG"])).convert("L"), float)
    assert image.shape == (512, 512)
    assert np.abs(image[32::64, 32::64] - decoded(PLANE, [[0.5, -1]])[0]).max() <= 1.1
    frames = 33 + 31  # there and back
    s = np.linspace(0, 1, 33)[:, None]
    walk = decoded(PLANE, (1 - s) * [1, 1] + s * [-1, 0.5])
    with Image.open(io.BytesIO(saved["Walk from"])) as gif:
        assert (gif.format, gif.n_frames, gif.size) == ("GIF", frames, (320, 320))  # type: ignore[attr-defined]
        for i in (0, 7, 32, 40):
            gif.seek(i)
            shown = np.asarray(gif.convert("L"), float)[20::40, 20::40]
            assert np.abs(shown - walk[i if i < 33 else 64 - i]).max() <= 1.1
    with Image.open(io.BytesIO(saved["Traversal of"])) as gif:
        assert gif.n_frames == frames  # type: ignore[attr-defined]
    said = json.loads(saved["Code · JSON"])
    assert (said["model"], said["z"]) == (PLANE, [0.5, -1])


# --- links ---


def test_a_link_opens_what_it_was_taken_from(another: Callable[..., Stage]) -> None:
    one = another().open(BETA)
    page = one.page
    menu = page.get_by_role("combobox", name="projection")
    pair = menu.locator("option[value^='dims:']").first.get_attribute("value")
    menu.select_option(pair)
    page.get_by_role("combobox", name="colour by").select_option("error")
    page.get_by_role("radio", name="data 1–99 %").check()
    one.until(lambda: one.address.get("range", "").startswith("data"), "the range")
    z = one.does(one.button("Random").click)
    box = one.box()
    start = (box["x"] + 150, box["y"] + 150)
    one.drag(start, (start[0] + 40, start[1] + 25))
    one.until(lambda: "viewport" in one.address, "the viewport")
    assert one.rest() == z
    two = another(color_scheme="dark")
    two.page.goto(page.url)
    two.ready()
    for stage in (one, two):
        stage.shows(BETA, z)
        assert [float(stage.number(k).input_value()) for k in range(10)] == pytest.approx(z, abs=0.006)
        expect(stage.page.get_by_role("combobox", name="projection")).to_have_value(str(pair))
        expect(stage.page.get_by_role("combobox", name="colour by")).to_have_value("error")
        expect(stage.page.get_by_role("radio", name="data 1–99 %")).to_be_checked()
    view = one.numbers("viewport")
    shown = two.does(lambda: two.surface.press("ArrowRight"))
    assert shown == z
    moved = two.numbers("viewport")
    assert moved[1:] == pytest.approx(view[1:], rel=1e-3)
    assert two.address | {"viewport": ""} == one.address | {"viewport": ""}


@pytest.mark.slow
@pytest.mark.parametrize(
    "address",
    [
        {"z": "1,two", "viewport": "0,0,-5", "range": "prior,99", "selected": "-3"},
        {"z": "1,2,3", "projection": "umap", "colour": "<b>", "path": "bent", "selected": "9999"},
        {
            "z": "1e300,nan",
            "a": "1",
            "viewport": "1e300,0,1",
            "projection": "dims:7,9",
            "selected": "9" * 500,
        },
    ],
)
def test_a_broken_link_does_no_harm(stage: Stage, address: dict[str, str]) -> None:
    stage.open(PLANE, **address)
    stage.shows(PLANE, [0, 0])
    expect(stage.notice).to_have_text("")
    z = stage.does(stage.button("Random").click)
    stage.shows(PLANE, z)
    assert stage.address["colour"] == "labels"
    assert stage.address["projection"] == "dims:0,1"


@pytest.mark.slow
def test_a_link_to_a_checkpoint_that_is_not_here_is_explained(stage: Stage) -> None:
    stage.open("of-a-friend", z="1,1")
    sentence = stage.page.get_by_text("The link asks for the checkpoint 'of-a-friend'")
    expect(sentence).to_be_visible()
    stage.until(lambda: stage.address.get("checkpoint") == FIRST, "the first model instead")
    expect(stage.number(0)).to_have_value("0.00")  # what was meant for another model is not shown by this one
    stage.choose(PLAIN)
    expect(sentence).to_be_hidden()


@pytest.mark.slow
def test_the_way_back_leads_to_the_page_before(stage: Stage) -> None:
    page = stage.open(PLANE).page
    length = page.evaluate("history.length")
    for _ in range(3):
        z = stage.does(stage.button("Random").click)
    assert page.evaluate("history.length") == length
    page.get_by_role("link", name="Samples").click()
    page.wait_for_url("**/samples*")
    page.go_back()
    page.wait_for_url("**/explore?checkpoint*")
    stage.shows(PLANE, z)
    stage.until(lambda: stage.numbers("z") == z, "the code in the address")


# --- what is decoded ---

RUN = """async ([origin, onnx, z, d]) => {
  const wanted = performance.getEntriesByType("resource").map(e => e.name).find(n => n.endsWith("ort.wasm.min.mjs"));
  const ort = await import(wanted);
  const bytes = new Uint8Array(await (await fetch(onnx)).arrayBuffer());
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] });
  const result = await session.run({ z: new ort.Tensor("float32", Float32Array.from(z), [z.length / d, d]) });
  return [...result.image.data];
}"""


def test_the_browser_decodes_what_pytorch_does(stage: Stage) -> None:
    import torch

    page = stage.open().page
    found, bad = store.list_checkpoints(SHIPPED)
    assert not bad
    assert len(found) >= 3
    rng = np.random.default_rng(0)
    for it in found:
        if it.manifest.classes or it.manifest.model.beta_range:
            continue  # of two inputs: tests/browser/test_classes.py, tests/browser/test_beta.py
        d = it.manifest.model.latent_size
        z = np.concatenate([2 * rng.standard_normal((4, d)), it.codes.mean[:4]]).astype(np.float32)
        onnx = f"{stage.site}/checkpoints/{it.name}/{it.version}/decoder.onnx"
        given = page.evaluate(RUN, [stage.site, onnx, z.ravel().tolist(), d])
        with torch.no_grad():
            wanted = model(it.name).mean_image(torch.from_numpy(z)).numpy()
        np.testing.assert_allclose(np.array(given).reshape(wanted.shape), wanted, atol=1e-3, err_msg=it.name)


# --- what must not disturb ---


@pytest.mark.slow
def test_reruns_themes_and_sizes_leave_the_stage_alone(stage: Stage) -> None:
    page = stage.open(PLANE).page
    z = stage.does(stage.button("Random").click)
    root = page.locator(".stage")
    root.evaluate("element => (element.marked = true)")
    stage.slider(0).evaluate("element => (element.marked = true)")
    ground = root.evaluate("element => getComputedStyle(element).getPropertyValue('--ground')")

    def untouched() -> None:
        assert root.evaluate("element => element.marked === true")
        assert stage.slider(0).evaluate("element => element.marked === true")
        stage.shows(PLANE, z)
        assert stage.numbers("z") == z

    asked = page.evaluate("performance.getEntriesByType('resource').length")
    page.locator("body").press("r")
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    page.wait_for_timeout(500)
    untouched()
    assert page.evaluate("performance.getEntriesByType('resource').length") == asked
    map_before = page.locator(".map").screenshot()
    page.emulate_media(color_scheme="dark")
    stage.until(
        lambda: root.evaluate("e => getComputedStyle(e).getPropertyValue('--ground')") != ground, "dark"
    )
    stage.until(lambda: page.locator(".map").screenshot() != map_before, "a dark map")
    stage.until(
        lambda: (
            np.asarray(Image.open(io.BytesIO(page.locator(".map").screenshot())).convert("L")).mean() < 90
        ),
        "a dark map",
    )
    untouched()
    for width in (480, 900, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        stage.until(lambda: page.evaluate(f"innerWidth === {width} && {over} <= 0"), f"no more than {width}")  # noqa: B023
        untouched()


@pytest.mark.slow
def test_models_and_pages_come_back_as_they_were_left(stage: Stage) -> None:
    page = stage.open(BETA, z=",".join(["0.5"] * 10)).page
    stage.choose("digits-vae-z10")
    stage.shows("digits-vae-z10", [0] * 10)  # a code of one model means nothing to another
    assert "z" not in stage.address
    z = stage.does(stage.button("Test image").click)
    row = stage.address["selected"]
    page.get_by_role("combobox", name="colour by").select_option("rate")
    stage.until(lambda: stage.address["colour"] == "rate", "the colouring")
    stage.choose(PLANE)  # the same image, as this model encodes it
    own = checkpoint(PLANE).codes.mean[int(row)]
    stage.shows(PLANE, own)
    expect(page.locator(".original")).to_contain_text(f"original {int(row):,}")
    expect(page.get_by_role("combobox", name="colour by")).to_have_value("rate")
    stage.choose("digits-vae-z10")
    stage.shows("digits-vae-z10", z)
    stage.choose("moons-vae-z1")  # other images: nothing to carry
    stage.shows("moons-vae-z1", [0])
    assert set(stage.address) == {"checkpoint"}
    moon = stage.does(stage.button("Random").click)
    page.get_by_role("link", name="Samples").click()
    page.wait_for_url("**/samples*")
    page.get_by_role("link", name="Explore").click()
    stage.until(lambda: stage.address.get("checkpoint") == "moons-vae-z1", "the checkpoint in the address")
    stage.shows("moons-vae-z1", moon)
    assert stage.numbers("z") == moon


@pytest.mark.slow
def test_two_windows_do_not_disturb_each_other(another: Callable[..., Stage]) -> None:
    stages = [another().open(PLANE) for _ in range(2)]
    codes = []
    for number, stage in enumerate(stages):
        stage.page.get_by_role("spinbutton", name="seed of the next random code").fill(str(number))
        codes.append(stage.does(stage.button("Random").click))
    assert codes[0] != codes[1]
    codes[0] = stages[0].does(lambda: stages[0].slider(1).press("Home"))
    for stage, z in zip(stages, codes, strict=True):
        stage.page.locator("body").press("r")
        stage.page.wait_for_timeout(400)
        stage.shows(PLANE, z)
        assert stage.numbers("z") == z


# --- further maps ---


@dataclass
class FurtherMaps:
    """The part of the page that computes maps, and the jobs that it starts."""

    stage: Stage
    app: App
    runs: Path
    name: str

    def __post_init__(self) -> None:
        self.part = unfold(self.stage.page, "More maps")
        self.bar = self.part.get_by_test_id("stProgress")

    def compute(self, method: str) -> None:
        """Press the button, and see the job at work; a failure tells how it went."""
        self.part.get_by_role("button", name=f"Compute {projection.METHODS[method]}").click()
        try:
            expect(self.bar).to_be_visible()
        except AssertionError as error:
            log = self.folder(method) / "log.txt"
            said = log.read_text() if log.is_file() else "no job was started"
            told = f"The page: {self.part.inner_text()}\nThe job: {said}\nThe server: {self.app.log}"
            raise AssertionError(f"{error}\n{told}") from None

    def folder(self, method: str) -> Path:
        return self.runs / "project" / f"{self.name}-{checkpoint(self.name).version}-{method}"

    def told(self, method: str) -> dict[str, Any]:
        """What the job says of itself."""
        progress = self.folder(method) / "progress.json"
        return json.loads(progress.read_text()) if progress.is_file() else {"fraction": 0}

    @contextmanager
    def held(self, method: str, fraction: float) -> Iterator[None]:
        """Wait until the job is that far, and halt it meanwhile: however fast the machine is, it is not over before
        the page has told of it."""
        deadline = time.monotonic() + PATIENCE
        while self.told(method)["fraction"] < fraction:
            assert time.monotonic() < deadline, f"the job never came to {fraction}: {self.told(method)}"
            time.sleep(0.005)
        pid = json.loads((self.folder(method) / "job.json").read_text())["pid"]
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)


@pytest.mark.slow
def test_a_further_map_is_computed_beside_a_page_that_stays_smooth(
    another: Callable[..., Stage], app: App, models: Path
) -> None:
    stage = another().open(BETA)
    page = stage.page
    page.locator(".stage").evaluate("element => (element.marked = true)")
    usual = _wait_while_dragged(stage)
    maps = FurtherMaps(stage, app, models.parent / "runs", BETA)
    maps.compute("umap")
    with maps.held("umap", 0.01):
        stage.button("Stop").click()
        expect(maps.bar).to_have_text(re.compile("stopping"))
    expect(stage.button("Compute UMAP")).to_be_visible()
    expect(maps.bar).to_have_count(0)
    expect(page.get_by_text("ended without an error message")).to_have_count(0)

    maps.compute("tsne")
    with maps.held("tsne", 0.05):
        expect(maps.bar).to_have_text(re.compile("t-SNE: .* about [0-9]+ (s|min) left"))
    _drags_smoothly(stage, usual)
    expect(maps.bar).to_have_count(0, timeout=180_000)
    expect(stage.button("Compute t-SNE")).to_have_count(0)
    assert page.locator(".stage").evaluate("element => element.marked === true")

    later = another().open(BETA, projection="tsne")
    expect(later.page.get_by_role("combobox", name="projection")).to_have_value("tsne")
    unfold(later.page, "More maps")
    expect(later.button("Compute UMAP")).to_be_visible()
    expect(later.button("Compute t-SNE")).to_have_count(0)


@pytest.mark.slow
def test_umap_goes_to_its_end_beside_a_drag_and_is_taken_as_the_map(
    stage: Stage, models: Path, app: App
) -> None:
    name = "digits-ae-z10"
    stage.open(name)
    page = stage.page
    usual = _wait_while_dragged(stage)
    maps = FurtherMaps(stage, app, models.parent / "runs", name)
    maps.compute("umap")
    _drags_smoothly(stage, usual)
    expect(maps.bar).to_have_count(0, timeout=180_000)  # the first fit on a machine compiles
    expect(stage.button("Compute UMAP")).to_have_count(0)
    page.locator("body").press("r")
    page.get_by_role("combobox", name="projection").select_option("umap")
    stage.until(lambda: stage.address.get("projection") == "umap", "the projection in the address")
    placed = reports.projection("umap").read(store.open_checkpoint(models / name))
    assert placed.std(axis=0).min() > 1  # spread out, not one lump


@pytest.mark.slow
def test_a_map_that_is_ready_appears_in_the_menu_of_the_stage_that_is_open(
    stage: Stage, models: Path
) -> None:
    name = "digits-vae-z10"
    page = stage.open(name).page
    page.locator(".stage").evaluate("element => (element.marked = true)")
    menu = page.get_by_role("combobox", name="projection")
    expect(menu.locator("option", has_text="UMAP")).to_have_count(0)
    codes = checkpoint(name).codes
    np.save(reports.projection("umap").path(store.open_checkpoint(models / name)), codes.mean[:, :2])
    page.locator("body").press("r")
    expect(menu.locator("option", has_text="UMAP")).to_have_count(1)
    menu.select_option("umap")
    stage.until(lambda: stage.address.get("projection") == "umap", "the projection in the address")
    assert page.locator(".stage").evaluate("element => element.marked === true")


def _wait_while_dragged(stage: Stage) -> float:
    """Drag a slider until it has painted fifteen images, the button still down: the median wait from input to paint,
    in ms."""
    page = stage.page
    slider = page.locator("input[type=range]").first
    slider.hover()  # scrolls to where nothing covers it
    box = resting(page, slider).bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    painted = page.evaluate("__stage.paints.total")
    sweep(
        page,
        lambda share: (box["x"] + box["width"] * (0.5 + 0.4 * share), middle),
        lambda: page.evaluate("__stage.paints.total") >= painted + 15,
        "15 images under the hand",
    )
    paints = page.evaluate(f"__stage.paints.read({painted})")
    page.mouse.up()
    return float(np.median([end - asked for asked, _, end in paints]))


def _drags_smoothly(stage: Stage, usual: float) -> None:
    """As without a job beside it: within 100 ms, or what this machine is able to do at all."""
    assert _wait_while_dragged(stage) < max(100, 3 * usual)


def test_a_job_that_fails_says_why(stage: Stage) -> None:
    page = stage.open("few").page
    unfold(page, "More maps")
    stage.button("Compute UMAP").click()
    expect(page.get_by_text("UMAP needs at least 5 codes, and there are 4.")).to_be_visible()
    expect(stage.button("Compute UMAP")).to_be_visible()
    expect(page.get_by_test_id("stProgress")).to_have_count(0)


# --- what goes wrong ---


@pytest.mark.slow
@pytest.mark.page_errors("ERR_FAILED|Failed to load|wasm|falling back|decodes on the server")
def test_without_webassembly_the_server_decodes(stage: Stage) -> None:
    stage.page.route("**/*.wasm", lambda route: route.abort())
    stage.open(BETA)
    expect(stage.notice).to_have_text(
        "This browser cannot run the decoder itself, so images come from the server and follow more slowly."
    )
    stage.shows(BETA, stage.does(stage.button("Random").click))
    stage.until(lambda: stage.page.evaluate("__stage.paints.total") > 1, "painted")
    strip = stage.page.locator(".dimension canvas").first
    stage.until(lambda: grey(strip).max() > 0, "a strip from the server")


@pytest.mark.slow
@pytest.mark.page_errors("ERR_FAILED|Failed to load|decodes on the server")
def test_a_decoder_that_cannot_be_fetched_is_explained_and_the_server_decodes(stage: Stage) -> None:
    stage.page.route("**/decoder.onnx", lambda route: route.abort())
    stage.page.goto(f"{stage.site}/explore?checkpoint={PLANE}")
    expect(stage.notice).to_contain_text(re.compile("server"))
    strip = stage.page.locator(".dimension canvas").first
    stage.until(lambda: grey(strip).max() > 0, "a strip from the server")


@pytest.mark.page_errors("ERR_FAILED|ERR_INTERNET_DISCONNECTED|Failed to load|WebSocket")
def test_a_lost_connection_leaves_the_page_usable(stage: Stage) -> None:
    page = stage.open(PLANE).page

    def lost(route: Route, _: Request) -> None:
        route.abort()

    page.route("**/*", lost)
    page.context.set_offline(True)
    number = stage.number(0)
    stage.slider(0).press("End")
    expect(number).to_have_value("3.00")
    stage.shows(PLANE, [3, 0])  # the browser needs nobody to decode
    page.get_by_role("combobox", name="colour by").select_option("error")
    expect(stage.notice).to_have_text("The server does not answer; check the connection and reload the page.")
    page.context.set_offline(False)
    page.unroute("**/*", lost)
    page.get_by_role("combobox", name="colour by").select_option("rate")
    expect(page.locator(".legend button")).to_have_count(0)


@pytest.mark.slow
@pytest.mark.page_errors("status of 404.*/originals/")
def test_originals_that_are_not_there_are_explained(stage: Stage) -> None:
    page = stage.open("absent").page
    stage.does(stage.button("Test image").click)
    expect(page.get_by_text("not available offline")).to_have_count(1)
    expect(page.get_by_text("gone/with/the/stick")).to_have_count(0)  # no path in a picture
    box = stage.box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".pointer figure").nth(2)).to_have_class(re.compile("empty"))


def test_a_damaged_checkpoint_is_explained(stage: Stage) -> None:
    stage.page.goto(f"{stage.site}/explore?checkpoint=damaged")
    expect(stage.page.get_by_test_id("stAlert")).to_contain_text("Checkpoint damaged")
    expect(stage.page.get_by_test_id("stException")).to_have_count(0)
    stage.choose(PLANE)
    stage.shows(PLANE, [0, 0])
