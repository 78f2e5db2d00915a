"""Discrete codes under the hand: the wall of words, painting on a grid, boxes, switches and the learned prior."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, Request, expect
from sklearn.decomposition import PCA

from explorer import data, reports, store
from explorer.config import RunConfig
from explorer.export import html_page
from explorer.latents.samplers import Noise
from explorer.latents.vocabulary import count_words, vectors
from explorer.live.schema import SamplesState, StageState
from explorer.live.siblings import words_beside
from explorer.store import Checkpoint
from explorer.store.weights import load_model, save_checkpoint
from explorer.training.fit import new_model
from scripts.driving import ROOT
from tests.browser.conftest import StartApp
from tests.browser.test_compare import pixels
from tests.browser.test_samples import column, drawn, normals
from tests.browser.test_take import from_disk
from tests.browser.waiting import PATIENCE, alike, quiet, resting, until

FSQ, VQ = "mnist-fsq-8x6x5", "mnist-vq-7x7x128"
SIDE, WORDS = 7, 128
GAP, BAR, EDGE = 4, 3, 1
"""Pixels between tiles, of the bar under each, which is 2 pixels below it, and around all (`ui/tile-wall.ts`)."""
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
NewPage = Callable[..., Page]


def shipped(name: str) -> Checkpoint:
    return store.open_checkpoint(ROOT / "checkpoints" / name)


@torch.no_grad()
def decoded(checkpoint: Checkpoint, tokens: np.ndarray) -> np.ndarray:
    """What PyTorch makes of tokens `(n, T)`: grey levels `(n, H, W)`."""
    assert checkpoint.codes.words is not None
    z = torch.from_numpy(vectors(np.asarray(tokens), checkpoint.codes.words))
    images: np.ndarray = 255 * load_model(checkpoint).mean_image(z).numpy()[:, 0]
    return images


def tokens_of(checkpoint: Checkpoint) -> np.ndarray:
    assert checkpoint.codes.tokens is not None
    return checkpoint.codes.tokens.astype(int)


def current(page: Page) -> Callable[[], np.ndarray]:
    return lambda: pixels(page.locator("canvas.large"))


def asked(page: Page) -> list[str]:
    """What a page requests of a model from now on, but for the test images that it shows beside."""
    found: list[str] = []

    def ask(request: Request) -> None:
        if "/checkpoints/" in request.url and "original" not in request.url:
            found.append(request.url)

    page.on("request", ask)
    return found


# --- walls of tiles ---


@dataclass
class Wall:
    """A wall of `count` square tiles; sizes in CSS pixels."""

    canvas: Locator
    count: int
    columns: int
    cell: int

    def corner(self, i: int) -> tuple[int, int]:
        row, column = divmod(i, self.columns)
        return EDGE + column * (self.cell + GAP), EDGE + row * (self.cell + BAR + 2 + GAP)

    def middle(self, i: int) -> Any:
        x, y = self.corner(i)
        return {"x": x + self.cell / 2, "y": y + self.cell / 2}

    def click(self, i: int) -> None:
        self.canvas.click(position=self.middle(i))

    def tap(self, i: int) -> None:
        self.canvas.tap(position=self.middle(i))

    def hover(self, i: int) -> None:
        self.canvas.hover(position=self.middle(i))


def wall(page: Page, count: int) -> Wall:
    """The wall of a page, at rest: of all grids of square tiles that hold `count`, the one that is as large."""
    canvas = page.locator("canvas.tile-wall")

    def fitted() -> Wall | None:
        box = resting(page, canvas).bounding_box()
        assert box
        for columns in range(1, count + 1):
            cell = (box["width"] - 2 * EDGE + GAP) / columns - GAP
            tall = -(-count // columns) * (cell + BAR + 2 + GAP) + EDGE
            if abs(cell - round(cell)) < 0.02 and abs(tall - box["height"]) < 0.5:
                return Wall(canvas, count, columns, round(cell))
        return None

    found = until(page, fitted, "a wall of square tiles")
    assert found
    return found


MIDDLES = """(c, [corners, middles]) => {
  const { data } = c.getContext("2d").getImageData(0, 0, c.width, c.height);
  return corners.map(([x, y]) => middles.map((v) => middles.map((u) => data[4 * ((y + v) * c.width + x + u)])));
}"""


def pictures_of(at: Wall, tiles: list[int], side: int, ratio: int) -> np.ndarray:
    """Grey levels `(n, side, side)` of some tiles: the middles of their pixels."""
    corners = [[ratio * v for v in at.corner(i)] for i in tiles]
    middles = [int((k + 0.5) * at.cell * ratio / side) for k in range(side)]
    return np.array(at.canvas.evaluate(MIDDLES, [corners, middles]))


def bar_of(canvas: Locator, at: Wall, i: int, ratio: int) -> float:
    """How long the bar under tile i is, as a share of the tile."""
    x, y = (int(ratio * v) for v in at.corner(i))
    wide, top = at.cell * ratio, y + (at.cell + 2) * ratio + ratio
    alpha = canvas.evaluate(
        "(c, [x, y, w]) => [...c.getContext('2d').getImageData(x, y, w, 1).data].filter((_, i) => i % 4 === 3)",
        [x, top, wide],
    )
    return float(np.count_nonzero(np.array(alpha) > 127) / wide)


@pytest.fixture(scope="module")
def fsq() -> Checkpoint:
    return shipped(FSQ)


@pytest.fixture(scope="module")
def vq() -> Checkpoint:
    return shipped(VQ)


def test_the_wall_is_every_image_that_pytorch_decodes_and_how_often_each_is_used(
    new_page: NewPage, app_url: str, fsq: Checkpoint
) -> None:
    ratio = 3  # then a tile has more pixels than it shows, and is not smoothed
    page = new_page(viewport={"width": 1440, "height": 1000}, device_scale_factor=ratio)
    page.goto(f"{app_url}/explore?checkpoint={FSQ}")
    tokens = tokens_of(fsq)
    counts = count_words(tokens, 240)[0]
    assert 0 < (counts == 0).sum() < 100
    at = wall(page, 240)
    assert at.columns % 8 == 0  # rows hold whole runs of the first dimension's levels
    wanted = decoded(fsq, np.arange(240)[:, None])
    used = [
        int(i) for i in np.flatnonzero(counts) if i != tokens[0, 0]
    ]  # a frame is drawn over the chosen one

    alike(page, lambda: pictures_of(at, used, 28, ratio), wanted[used], 1, "tiles")
    most, unused = int(counts.argmax()), int(counts.argmin())
    for i in (most, unused, *used[::40]):
        shown = bar_of(at.canvas, at, i, ratio)
        assert shown == pytest.approx(counts[i] / counts.max(), abs=1.1 / at.cell)
    labels = fsq.codes.labels
    assert labels is not None
    about = page.locator(".wall-panel .about")
    for i in (most, used[7]):
        at.hover(i)
        of_class = np.bincount(labels[tokens[:, 0] == i], minlength=10)
        expect(about).to_contain_text(f"word {i + 1}. {counts[i]} of {len(tokens):,} test images have it, ")
        share = int(re.search(r"(\d+) % of them", about.inner_text())[1])  # type: ignore[index]
        assert share == pytest.approx(100 * of_class.max() / counts[i], abs=0.51)
        named = int(re.search(r"of them (\d):", about.inner_text())[1])  # type: ignore[index]
        assert of_class[named] == of_class.max()
    at.hover(unused)
    expect(about).to_contain_text("No test image has it.")


def test_a_click_on_the_wall_sets_the_code_and_arrow_keys_move_it(
    page: Page, app_url: str, fsq: Checkpoint
) -> None:
    page.goto(f"{app_url}/explore?checkpoint={FSQ}")
    at = wall(page, 240)
    wanted = decoded(fsq, np.arange(240)[:, None])
    alike(page, current(page), wanted[tokens_of(fsq)[0, 0]], 1)
    quiet(page)
    requests = asked(page)

    def shows(word: int) -> None:
        alike(page, current(page), wanted[word], 1, f"word {word}")
        for k, level in enumerate((word % 8, word // 8 % 6, word // 48)):
            slider = page.get_by_role("slider", name=f"level of dimension {k + 1}")
            expect(slider).to_have_value(str(level))

    at.click(101)
    shows(101)
    for key, word in (("ArrowRight", 102), ("ArrowDown", 102 + at.columns), ("ArrowLeft", 101 + at.columns)):
        page.keyboard.press(key)
        shows(word)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    shows(0)
    page.keyboard.press("ArrowLeft")
    shows(0)
    page.keyboard.press("End")
    shows(239)
    assert requests == []
    slider = page.get_by_role("slider", name="level of dimension 2")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    shows(239 - 8)
    page.get_by_role("radio", name="by use").check(force=True)
    most = int(np.argmax(count_words(tokens_of(fsq), 240)[0]))
    at.click(0)
    shows(most)


# --- painting ---


def grid_of(page: Page) -> Locator:
    return page.locator("canvas.token-grid")


def place_of(page: Page, cell: int) -> Any:
    box = grid_of(page).bounding_box()
    assert box
    row, column = divmod(cell, SIDE)
    return {"x": (column + 0.5) * box["width"] / SIDE, "y": (row + 0.5) * box["height"] / SIDE}


def painted(page: Page) -> Callable[[], np.ndarray]:
    return lambda: pixels(page.locator(".paint-panel .layers canvas.picture"))


def shows_tokens(page: Page, checkpoint: Checkpoint, tokens: np.ndarray) -> None:
    wanted = decoded(checkpoint, tokens[None])[0]
    alike(page, painted(page), wanted, 1, "painting")
    alike(page, current(page), wanted, 1, "current image")


def in_link(page: Page, tokens: np.ndarray) -> None:
    wanted = f"tokens={','.join(map(str, tokens))}"
    until(page, lambda: wanted in page.url.replace("%2C", ","), "these tokens in the link")


def brush(page: Page, word: int) -> None:
    expect(page.locator(".word-palette .about")).to_contain_text(f"Word {word + 1}:")


def test_painting_a_word_changes_one_token(page: Page, app_url: str, vq: Checkpoint) -> None:
    page.goto(f"{app_url}/explore?checkpoint={VQ}")
    tokens = tokens_of(vq)[0].copy()
    shows_tokens(page, vq, tokens)
    at = wall(page, WORDS)
    quiet(page)
    requests = asked(page)
    undone = [tokens.copy()]
    word, other = (int(w) for w in np.setdiff1d(np.arange(WORDS), tokens)[[3, 20]])
    at.click(word)
    brush(page, word)
    for cell, w in ((17, word), (45, other)):
        at.click(w)
        before = decoded(vq, tokens[None])[0]
        tokens[cell] = w
        assert np.abs(decoded(vq, tokens[None])[0] - before).max() > 20
        grid_of(page).click(position=place_of(page, cell))
        shows_tokens(page, vq, tokens)
        in_link(page, tokens)
        undone.append(tokens.copy())
    assert requests == []
    # the brush is taken from a cell
    page.get_by_role("radio", name="Pick a word").check(force=True)
    grid_of(page).click(position=place_of(page, 17))
    brush(page, word)
    page.get_by_role("radio", name="Paint", exact=True).check(force=True)
    # a stroke over a row is one step to undo
    box = grid_of(page).bounding_box()
    assert box
    start, end = place_of(page, 21), place_of(page, 27)
    page.mouse.move(box["x"] + start["x"], box["y"] + start["y"])
    page.mouse.down()
    page.mouse.move(box["x"] + end["x"], box["y"] + end["y"], steps=40)
    page.mouse.up()
    tokens[21:28] = word
    shows_tokens(page, vq, tokens)
    page.get_by_role("button", name="Fill").click()
    shows_tokens(page, vq, np.full(SIDE**2, word))
    undo = page.get_by_role("button", name="Undo")
    undo.click()
    shows_tokens(page, vq, tokens)
    for before in reversed(undone):
        undo.click()
        shows_tokens(page, vq, before)
    expect(undo).to_be_disabled()


def test_words_are_painted_by_keys_and_copied_from_another_image(
    page: Page, app_url: str, vq: Checkpoint
) -> None:
    page.goto(f"{app_url}/explore?checkpoint={VQ}&selected=2")
    tokens = tokens_of(vq)[2].copy()
    shows_tokens(page, vq, tokens)
    at = wall(page, WORDS)
    word = int(np.setdiff1d(np.arange(WORDS), tokens)[9])
    at.click(word)
    grid_of(page).focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    tokens[3 * SIDE + 2] = word
    shows_tokens(page, vq, tokens)
    expect(page.locator(".paint-panel > .about")).to_have_text(f"Row 4, column 3: word {word + 1}.")
    page.get_by_role("radio", name="Copy from").check(force=True)
    caption = page.locator(".copied figcaption")
    expect(caption).to_have_text("test image 0")
    page.get_by_role("button", name="Another image").click()
    row = int(re.sub(r"\D", "", caption.inner_text()))
    alike(page, lambda: pixels(page.locator(".copied canvas")), decoded(vq, tokens_of(vq)[[row]])[0], 1)
    for cell in (16, 24, 31):
        grid_of(page).click(position=place_of(page, cell))
        tokens[cell] = tokens_of(vq)[row, cell]
    shows_tokens(page, vq, tokens)


def test_a_tap_paints_and_picks_on_a_narrow_screen(
    new_page: NewPage, app_url: str, vq: Checkpoint, fsq: Checkpoint
) -> None:
    page = new_page(**PHONE)
    page.goto(f"{app_url}/explore?checkpoint={VQ}")
    tokens = tokens_of(vq)[0].copy()
    shows_tokens(page, vq, tokens)
    at = wall(page, WORDS)
    word = int(np.setdiff1d(np.arange(WORDS), tokens)[3])
    at.tap(word)
    brush(page, word)
    grid_of(page).tap(position=place_of(page, 24))
    tokens[24] = word
    shows_tokens(page, vq, tokens)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(f"{app_url}/explore?checkpoint={FSQ}")
    wall(page, 240).tap(77)
    alike(page, current(page), decoded(fsq, np.array([[77]]))[0], 1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_map_of_words_is_their_principal_plane_and_a_click_picks_one(
    page: Page, app_url: str, vq: Checkpoint
) -> None:
    assert vq.codes.words is not None
    assert vq.codes.labels is not None
    page.goto(f"{app_url}/explore?checkpoint={VQ}")
    canvas = page.locator("canvas.word-map")
    canvas.scroll_into_view_if_needed()
    brush(page, 0)
    box = resting(page, canvas).bounding_box()
    assert box
    plane = PCA(2, svd_solver="full").fit(vq.codes.words.astype(float))
    expect(canvas).to_have_attribute(
        "aria-label", re.compile(f"{100 * plane.explained_variance_ratio_.sum():.0f} % of")
    )
    largest = np.abs(plane.components_).argmax(1)
    signs = np.sign(plane.components_[[0, 1], largest])
    x, y = (plane.transform(vq.codes.words.astype(float)) * signs).T
    scale = min((box["width"] - 44) / np.ptp(x), (box["height"] - 44) / np.ptp(y))
    left = box["width"] / 2 + scale * (x - (x.min() + x.max()) / 2)
    top = box["height"] / 2 - scale * (y - (y.min() + y.max()) / 2)
    apart = np.hypot(left[:, None] - left, top[:, None] - top) + 1e9 * np.eye(WORDS)
    tokens = tokens_of(vq)
    counts = np.bincount(tokens.ravel(), minlength=WORDS)
    about = page.locator(".word-map-panel .about")
    for word in np.argsort(apart.min(1))[-4:].tolist():  # those that stand alone
        canvas.hover(position={"x": float(left[word]), "y": float(top[word])})
        of_class = np.bincount(vq.codes.labels[np.nonzero(tokens == word)[0]], minlength=10)
        expect(about).to_contain_text(f"Word {word + 1}: ")
        said = re.search(
            r": ([\d.]+) % of all tokens, (\d+) % of these in images of (\d)", about.inner_text()
        )
        assert said
        assert float(said[1]) == pytest.approx(100 * counts[word] / tokens.size, abs=0.06)
        assert float(said[2]) == pytest.approx(100 * of_class.max() / counts[word], abs=0.51)
        assert of_class[int(said[3])] == of_class.max()
        canvas.click(position={"x": float(left[word]), "y": float(top[word])})
        brush(page, word)


# --- boxes and switches ---

BOXES: dict[str, Any] = {"posterior": "categorical", "latent_size": 6, "groups": 2}
SWITCHES: dict[str, Any] = {"posterior": "binary", "latent_size": 4}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Checkpoint]:
    """Models of boxes and of switches whose networks are random but tell codes apart."""
    folder = tmp_path_factory.mktemp("checkpoints")
    found = {}
    for name, kind in (("boxes", BOXES), ("switches", SWITCHES)):
        run = RunConfig.from_flat({"hidden": (32,)} | kind)
        images = data.load(run.data)
        torch.manual_seed(0)
        model = new_model(run, images)
        with torch.no_grad():
            for weight in model.parameters():
                weight.mul_(2)
        found[name] = save_checkpoint(folder / name, model, images, run)
    return found


@pytest.fixture(scope="module")
def small_url(small: dict[str, Checkpoint], start_app: StartApp) -> Iterator[str]:
    with start_app(EXPLORER_CHECKPOINTS=str(small["boxes"].path.parent)) as app:
        yield app.url


def test_boxes_are_pressed(page: Page, small_url: str, small: dict[str, Checkpoint]) -> None:
    boxes = small["boxes"]
    page.goto(f"{small_url}/explore?checkpoint=boxes")
    tokens = tokens_of(boxes)[0].copy()
    for group, box in ((1, 2), (0, 1), (1, 0), (0, 0)):
        tokens[group] = box
        page.get_by_role("radio", name=f"group {group + 1}: {box + 1}").click()
        alike(page, current(page), decoded(boxes, tokens[None])[0], 1)
        for k, chosen in enumerate(tokens):
            row = page.get_by_role("radiogroup", name=f"group {k + 1}").get_by_role("radio", checked=True)
            expect(row).to_have_text(str(chosen + 1))
    page.keyboard.press("ArrowRight")  # from group 1, box 1
    alike(page, current(page), decoded(boxes, np.array([[1, 0]]))[0], 1)
    # all nine codes are on the wall, the first group changing fastest
    at = wall(page, 9)
    at.click(5)
    alike(page, current(page), decoded(boxes, np.array([[2, 1]]))[0], 1)
    every = decoded(boxes, np.array([[i % 3, i // 3] for i in range(9)])).reshape(9, -1)
    assert min(np.abs(a - b).max() for i, a in enumerate(every) for b in every[:i]) > 5


def test_switches_are_turned(page: Page, small_url: str, small: dict[str, Checkpoint]) -> None:
    switches = small["switches"]
    page.goto(f"{small_url}/explore?checkpoint=switches")
    tokens = tokens_of(switches)[0].copy()
    for t in (0, 3, 1, 0):
        switch = page.get_by_role("switch", name=f"switch {t + 1}")
        expect(switch).to_have_attribute("aria-checked", ("false", "true")[tokens[t]])
        before = decoded(switches, tokens[None])[0]
        switch.click()
        tokens[t] = 1 - tokens[t]
        wanted = decoded(switches, tokens[None])[0]
        assert np.abs(wanted - before).max() > 5
        alike(page, current(page), wanted, 1)
        expect(switch).to_have_attribute("aria-checked", ("false", "true")[tokens[t]])
    wall(page, 16).click(0)
    alike(page, current(page), decoded(switches, np.zeros((1, 4), int))[0], 1)


# --- the learned prior ---


DRAGGED = """async (slider, [grid, patience]) => {
  const [seen, end] = [new Set(), performance.now() + patience];
  for (let i = 0; seen.size <= 3 && performance.now() < end; i++) {
    slider.value = String(1 + 0.6 * Math.sin(i / 12));
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise(requestAnimationFrame);
    const { data } = grid.getContext("2d").getImageData(0, 0, grid.width, grid.height);
    seen.add(data.reduce((hash, value) => (31 * hash + value) | 0, 0));
  }
  return seen.size;
}"""
"""The number of grids that are shown while a slider is moved with every frame."""


def from_prior(checkpoint: Checkpoint, n: int, seed: int, temperature: float = 1) -> np.ndarray:
    """What PyTorch decodes of the codes that the learned prior draws from the noise of a seed: `(n, H, W)`."""
    prior, code = reports.token_prior().find(checkpoint), checkpoint.manifest.model.code
    assert prior
    assert code
    assert checkpoint.codes.words is not None
    noise = Noise(normals(n * code.tokens * code.size, seed).reshape(n, -1), np.zeros(n, np.float32))
    return decoded(checkpoint, prior.sampler(code, checkpoint.codes.words).tokens(noise, n, temperature))


@pytest.mark.parametrize("narrow", [False, True], ids=["1440", "390"])
def test_the_learned_prior_draws_in_the_browser(
    new_page: NewPage, app_url: str, vq: Checkpoint, narrow: bool
) -> None:
    n, seed, last = 16, 5, 2  # the columns are uniform words, their frequencies, and the learned prior
    page = new_page(**(PHONE if narrow else {"viewport": {"width": 1440, "height": 1000}}))
    page.goto(f"{app_url}/samples?models={VQ}&n={n}&seed={seed}")
    source = column(page, last).get_by_role("combobox")
    expect(source).to_have_value("learned")
    alike(page, lambda: drawn(page, last, n, 28), from_prior(vq, n, seed), 1.5, "samples")
    quiet(page)
    requests = asked(page)
    slider = page.get_by_role("slider", name="temperature")
    shown = column(page, last).locator("canvas.grid").element_handle()
    assert slider.evaluate(DRAGGED, [shown, 1000 * PATIENCE]) > 3  # under a hand that never rests
    slider.fill("0.5")
    alike(
        page,
        lambda: drawn(page, last, n, 28),
        from_prior(vq, n, seed, 0.5),
        1.5,
        "samples at half the temperature",
    )
    assert requests == []
    assert page.evaluate("document.documentElement.scrollWidth") <= (390 if narrow else 1440)


# --- from disk ---


def test_the_wall_works_from_disk(new_page: NewPage, tmp_path: Path, fsq: Checkpoint) -> None:
    file = tmp_path / "fsq.html"
    file.write_bytes(html_page.page([html_page.exploring(fsq, StageState())], "words"))
    page = from_disk(new_page, file)
    wanted = decoded(fsq, np.arange(240)[:, None])
    alike(page, current(page), wanted[tokens_of(fsq)[0, 0]], 1)
    wall(page, 240).click(33)
    alike(page, current(page), wanted[33], 1)
    page.keyboard.press("ArrowRight")
    alike(page, current(page), wanted[34], 1)
    expect(page.locator(".wall-panel .about")).to_contain_text("word 35.")
    shown = page.locator(".wall-panel .examples canvas:not([hidden])")
    rows = np.flatnonzero(tokens_of(fsq)[:, 0] == 34)[:6]
    expect(shown).to_have_count(len(rows))


def test_painting_works_from_disk(new_page: NewPage, tmp_path: Path, vq: Checkpoint) -> None:
    tokens = tokens_of(vq)[5].copy()
    file = tmp_path / "vq.html"
    state = StageState(tokens=tokens.tolist())
    file.write_bytes(html_page.page([html_page.exploring(vq, state)], "words"))
    page = from_disk(new_page, file, viewport={"width": 1440, "height": 1000})
    shows_tokens(page, vq, tokens)
    word = int(np.setdiff1d(np.arange(WORDS), tokens)[0])
    wall(page, WORDS).click(word)
    brush(page, word)
    grid_of(page).click(position=place_of(page, 10))
    tokens[10] = word
    shows_tokens(page, vq, tokens)


def test_the_learned_prior_draws_from_disk(new_page: NewPage, tmp_path: Path, vq: Checkpoint) -> None:
    file = tmp_path / "samples.html"
    state = SamplesState(count=16, seed=3, sources=["learned"])
    file.write_bytes(html_page.page([html_page.comparing([vq], ["VQ"], state)], "samples"))
    page = from_disk(new_page, file, viewport={"width": 1000, "height": 900})
    alike(page, lambda: drawn(page, 0, 16, 28), from_prior(vq, 16, 3), 1.5, "samples")
    page.get_by_role("button", name="New codes").click()
    alike(page, lambda: drawn(page, 0, 16, 28), from_prior(vq, 16, 4), 1.5, "new samples")


# --- by number keys ---


def test_number_keys_select_what_a_code_is_made_of(
    page: Page, app_url: str, fsq: Checkpoint, vq: Checkpoint
) -> None:
    keys = page.locator(".keys")

    def presents(url: str, told: str) -> None:
        page.goto(url)
        expect(page.locator(".stage:not([aria-busy]) canvas.large")).to_be_visible()
        quiet(page)
        page.keyboard.press("p")
        expect(keys).to_contain_text(told)
        expect(keys).not_to_contain_text("slider")

    presents(f"{app_url}/explore?checkpoint={FSQ}", "1–3: select a dimension, ← →: its levels")
    token = int(tokens_of(fsq)[0, 0])
    page.keyboard.press("2")
    step, by = ("ArrowLeft", -8) if token // 8 % 6 else ("ArrowRight", 8)
    page.keyboard.press(step)
    alike(page, current(page), decoded(fsq, np.array([[token + by]]))[0], 1)
    page.keyboard.press("p")

    presents(f"{app_url}/explore?checkpoint={VQ}", "1: the tokens, 2: the words")
    tokens = tokens_of(vq)[0].copy()
    page.keyboard.press("2")
    for key in ("Home", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    for key in ("1", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    tokens[SIDE] = 2
    alike(page, current(page), decoded(vq, tokens[None])[0], 1)
    page.keyboard.press("p")


@pytest.mark.parametrize(
    ("name", "told", "changed"),
    [
        ("boxes", "1–2: select a group, ← →: its boxes", {1: 1}),
        ("switches", "1–4: turn a switch", {2: 1}),
    ],
)
def test_number_keys_press_boxes_and_switches(
    page: Page, small_url: str, small: dict[str, Checkpoint], name: str, told: str, changed: dict[int, int]
) -> None:
    checkpoint = small[name]
    page.goto(f"{small_url}/explore?checkpoint={name}")
    tokens = tokens_of(checkpoint)[0].copy()
    alike(page, current(page), decoded(checkpoint, tokens[None])[0], 1)
    page.keyboard.press("p")
    expect(page.locator(".keys")).to_contain_text(told)
    for token, by in changed.items():
        page.keyboard.press(str(token + 1))
        if name == "boxes":
            page.keyboard.press("ArrowRight")
        words = checkpoint.manifest.model.code
        assert words
        tokens[token] = (tokens[token] + by) % words.words
    alike(page, current(page), decoded(checkpoint, tokens[None])[0], 1)
    page.keyboard.press("p")


# --- beside a model of every β ---

AT = """(c, [x, y]) => {
  const ratio = c.width / c.clientWidth;
  return [...c.getContext("2d").getImageData(Math.round(ratio * x), Math.round(ratio * y), 1, 1).data];
}"""


def test_discrete_models_are_squares_on_the_curve_of_every_beta(page: Page, app_url: str) -> None:
    every = shipped("mnist-vae-every-z10")
    beside = words_beside(every, [shipped(FSQ), shipped(VQ)])
    page.goto(f"{app_url}/compare?models={every.name},mnist-vae-z10&tab=ladder")
    curve = resting(page, page.locator("canvas.beta-curve"))
    for model in beside:
        told = f"{model.title}: {model.rate:.1f} nats, distortion {model.distortion:.1f}"
        expect(curve).to_have_attribute("aria-label", re.compile(re.escape(told)))
    # the largest rate and the smallest distortion of all are those of the grid of words
    grid = beside[-1]
    assert grid.learned is not None
    assert every.codes.beta_rate is not None
    low, high = math.log1p(every.codes.beta_rate[-1].sum()), math.log1p(grid.rate)
    letter, width, height = curve.evaluate(
        "c => [parseFloat(getComputedStyle(c).fontSize), c.clientWidth, c.clientHeight]"
    )
    left, top, right, bottom = 3.1 * letter, 1.1 * letter, width - 1.2 * letter, height - 2.2 * letter
    y = bottom - 0.2 * (bottom - top)  # below the lowest there is room for a label
    colours = []
    for rate, name in ((grid.rate, ", "), (grid.learned, " under its learned prior, ")):
        share = 0.04 + 0.92 * (math.log1p(rate) - low) / (high - low)
        x = left + share * (right - left)
        curve.hover(position={"x": x, "y": y})
        told = f"{grid.title}: {rate:.1f} nats{name}distortion {grid.distortion:.1f}"
        expect(curve).to_have_attribute("title", told)
        colours.append(curve.evaluate(AT, [x, y]))
    hollow, filled = colours
    ground, accent = curve.evaluate(
        "c => ['--ground', '--accent'].map((name) => getComputedStyle(c).getPropertyValue(name).trim())"
    )
    assert [f"#{''.join(f'{v:02x}' for v in c[:3])}" for c in (hollow, filled)] == [ground, accent]
    curve.hover(position={"x": right - 2, "y": top + 2})
    expect(curve).to_have_attribute("title", re.compile("^the line: this model, at every β"))
