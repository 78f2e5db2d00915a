"""Exchange on Explore: images, links, grids and files against PyTorch's decodes of codes that NumPy has mixed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from explorer import reports, store
from explorer.export import html_page
from explorer.live.schema import StageState
from explorer.metrics.disentanglement.evaluation import dimensions_of
from explorer.models import Autoencoder
from explorer.store import Checkpoint
from explorer.store.weights import load_model
from scripts.driving import App, wait_for
from tests.browser.test_compare import pixels
from tests.browser.test_directions import address, rested
from tests.browser.test_take import from_disk
from tests.browser.waiting import alike, until

SHIPPED = Path(__file__).parents[2] / "checkpoints"
DIGITS, FACES, GIVEN, WORDS = "digits-vae-z10", "faces-vae-z24", "mnist-cvae-z10", "mnist-fsq-8x6x5"
A, B = 3, 8

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def app(start_app: Callable) -> Iterator[App]:
    with start_app() as app:
        yield app


@cache
def checkpoint(name: str) -> Checkpoint:
    return store.open_checkpoint(SHIPPED / name)


@cache
def network(name: str) -> Autoencoder:
    return load_model(checkpoint(name)).eval()


def codes(name: str) -> np.ndarray:
    return checkpoint(name).codes.mean


def red(name: str, z: np.ndarray, label: int | None = None) -> np.ndarray:
    """What PyTorch decodes of a code `(d,)`: its first channel from 0 to 255, `(H, W)`."""
    given = None if label is None else torch.tensor([label])
    with torch.no_grad():
        images = network(name).mean_image(torch.from_numpy(np.asarray(z, np.float32)[None]), label=given)
    return 255 * images.numpy()[0, 0]


def mixed(name: str, taken: Sequence[int], a: int = A, b: int = B, share: float = 1) -> np.ndarray:
    z = codes(name)[a].astype(float)
    z[list(taken)] += share * (codes(name)[b] - codes(name)[a])[list(taken)]
    return z


def opened(page: Page, url: str, name: str, **query: object) -> Locator:
    """The panel, once the browser decodes."""
    page.set_viewport_size({"width": 1280, "height": 2600})  # all of it in view
    page.goto(f"{url}/explore?{urlencode({'checkpoint': name, 'tool': 'exchange', **query})}")
    wait_for(page, "window.__stage?.paints.total > 0", timeout=60_000)
    expect(page.locator("#early")).to_have_count(0)
    expect(page.locator(".stage:not([aria-busy])")).to_be_visible()
    panel = page.get_by_role("region", name="exchange between two images")
    expect(panel.locator(".part").first).to_be_visible()  # the codes are there
    return panel


def large(page: Page) -> Callable[[], np.ndarray]:
    return lambda: pixels(page.locator("canvas.large").first)


def toggle(panel: Locator, k: int, to: str) -> None:
    name = re.compile(rf"^latent dimension {k + 1}\b.*: from$")
    panel.get_by_role("radiogroup", name=name).get_by_role("radio", name=to).check()


def test_each_toggle_takes_its_dimension_from_b(page: Page, app: App) -> None:
    panel = opened(page, app.url, DIGITS, pair=f"{A},{B}", taken="z2,z5")
    alike(page, large(page), red(DIGITS, mixed(DIGITS, (1, 4))), 2)
    toggle(panel, 7, "B")
    toggle(panel, 1, "A")
    alike(page, large(page), red(DIGITS, mixed(DIGITS, (4, 7))), 2)
    until(page, lambda: address(page).get("taken") == "z5,z8", "both in the address")
    np.testing.assert_allclose(rested(page), mixed(DIGITS, (4, 7)), atol=1e-4)

    # by key, as radio buttons are
    name = re.compile("^latent dimension 3: from$")
    panel.get_by_role("radiogroup", name=name).get_by_role("radio", name="A").focus()
    page.keyboard.press("ArrowRight")
    alike(page, large(page), red(DIGITS, mixed(DIGITS, (2, 4, 7))), 2)

    # the rows stand in the order of how far A and B differ
    deviation = codes(DIGITS).astype(float).std(0)
    far = np.abs(codes(DIGITS)[B] - codes(DIGITS)[A]) / deviation
    live = [k for k in np.argsort(-far) if codes(DIGITS)[:, k].var() > 0.01]
    names = panel.locator(".parts-list > .part .name b").all_inner_texts()
    digits = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
    assert [int(text.translate(digits)[1:]) - 1 for text in names] == live
    assert panel.locator(".part .figure").first.inner_text() == f"{far.max():.1f} σ"


def test_buttons_take_all_and_swap(page: Page, app: App) -> None:
    panel = opened(page, app.url, DIGITS, pair=f"{A},{B}", taken="z2")
    panel.get_by_role("button", name="All from B").click()
    alike(page, large(page), red(DIGITS, codes(DIGITS)[B]), 2)
    until(page, lambda: address(page).get("selected") == str(B), "B is selected")
    panel.get_by_role("button", name="Swap").click()
    alike(page, large(page), red(DIGITS, codes(DIGITS)[A]), 2)
    until(page, lambda: address(page)["pair"] == f"{B},{A}", "the swapped pair in the address")
    panel.get_by_role("button", name="All from A").click()
    alike(page, large(page), red(DIGITS, codes(DIGITS)[B]), 2)
    until(page, lambda: "taken" not in address(page), "nothing is taken")
    panel.get_by_role("button", name="New pair").click()
    until(page, lambda: address(page)["pair"] != f"{B},{A}", "another pair")


def test_the_blend_moves_what_is_taken_and_nothing_else(page: Page, app: App) -> None:
    panel = opened(page, app.url, DIGITS, pair=f"{A},{B}", taken="z1,z2,z7", blend="0.5")
    alike(page, large(page), red(DIGITS, mixed(DIGITS, (0, 1, 6), share=0.5)), 2)
    slider = panel.get_by_role("slider", name="blend from A to B")
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "55 % from B")
    slider.press("PageDown")
    alike(page, large(page), red(DIGITS, mixed(DIGITS, (0, 1, 6), share=0.35)), 2)
    until(page, lambda: address(page).get("blend") == "0.35", "the blend in the address")

    # a drag paints, and asks the server for nothing
    asked: list[str] = []
    page.wait_for_load_state("networkidle")
    page.on("request", lambda request: asked.append(request.url))
    before = page.evaluate("window.__stage.paints.total")
    box = slider.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.35, box["y"] + box["height"] / 2)
    page.mouse.down()
    for share in np.linspace(0.35, 0.9, 30):
        page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
    until(page, lambda: page.evaluate("window.__stage.paints.total") > before + 5, "images during the drag")
    assert [url for url in asked if app.url in url and "/media/" not in url] == []
    page.mouse.up()


def test_a_factor_is_taken_by_its_dimensions_or_along_class_means(page: Page, app: App) -> None:
    report = reports.disentanglement().read(checkpoint(FACES))
    dimensions = dimensions_of(report)["skin"]
    measured = reports.exchange().read(checkpoint(FACES))
    (skin,) = (one for one in measured.factors if one.factor == "skin")
    assert skin.taken is not None
    assert skin.means is not None
    panel = opened(page, app.url, FACES, pair=f"{A},{B}")
    names = checkpoint(FACES).manifest.factor_names
    known = checkpoint(FACES).codes.factors
    assert known is not None
    values = known[:, names.index("skin")]
    assert values[A] != values[B]

    panel.get_by_role("radio", name="its dimensions").check()
    factors = panel.get_by_role("group", name="factors to take from B")
    button = factors.get_by_role("button", name=re.compile(r"^skin \("))
    expect(button).to_have_text(f"skin ({100 * skin.taken.exact:.0f} %)")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    alike(page, large(page), red(FACES, mixed(FACES, dimensions)), 2)
    until(
        page,
        lambda: address(page).get("taken") == ",".join(f"z{k + 1}" for k in dimensions),
        "its dimensions in the address",
    )
    toggle(panel, dimensions[0], "A")
    expect(button).to_have_attribute("aria-pressed", "mixed")
    button.click()
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")

    panel.get_by_role("radio", name="class means").check()
    expect(button).to_have_text(f"skin ({100 * skin.means.exact:.0f} %)")
    button.click()
    mean = codes(FACES).astype(float)
    line = mean[values == values[B]].mean(0) - mean[values == values[A]].mean(0)
    line /= np.linalg.norm(line)
    wanted = mean[A] + (line @ (mean[B] - mean[A])) * line
    alike(page, large(page), red(FACES, wanted), 2)
    until(page, lambda: address(page).get("taken", "").startswith("means:"), "the means in the address")
    np.testing.assert_allclose(rested(page), wanted, atol=2e-4)


def test_a_kept_direction_is_taken_with_dimensions_as_a_projection(page: Page, app: App) -> None:
    vector = np.array([1.0, 2, 0, 0, 0, 0, 0, 0, 0, -1])
    kept = '[{"name":"mine","vector":[1,2,0,0,0,0,0,0,0,-1]}]'
    panel = opened(page, app.url, DIGITS, pair=f"{A},{B}", taken="z2", directions=kept)
    panel.get_by_role("radiogroup", name="direction mine: from").get_by_role("radio", name="B").check()
    span = np.linalg.qr(np.stack([np.eye(10)[1], vector], 1))[0]
    difference = (codes(DIGITS)[B] - codes(DIGITS)[A]).astype(float)
    wanted = codes(DIGITS)[A] + span @ (span.T @ difference)
    alike(page, large(page), red(DIGITS, wanted), 2)
    until(page, lambda: address(page).get("taken") == "z2,direction:0", "the direction in the address")


def test_a_grid_takes_from_its_columns(page: Page, app: App) -> None:
    rows, columns, taken = (3, 20, 33), (8, 100, 7), (0, 3, 4)
    query = {"grid_a": "3,20,33", "grid_b": "8,100,7", "taken": "z1,z4,z5"}
    panel = opened(page, app.url, DIGITS, pair=f"{A},{B}", **query)
    for a in rows:
        for b in columns:
            cell = panel.get_by_role("button", name=f"image {a} with what is taken from image {b}")
            wanted = red(DIGITS, mixed(DIGITS, taken, a, b))
            alike(page, lambda cell=cell: pixels(cell.locator("canvas")), wanted, 2)  # type: ignore[misc]
    panel.get_by_role("button", name="image 20 with what is taken from image 7").click()
    alike(page, large(page), red(DIGITS, mixed(DIGITS, taken, 20, 7)), 2)
    until(page, lambda: address(page)["pair"] == "20,7", "the pair of the cell in the address")
    cell = panel.get_by_role("button", name="image 3 with what is taken from image 8")
    toggle(panel, 0, "A")
    alike(page, lambda: pixels(cell.locator("canvas")), red(DIGITS, mixed(DIGITS, (3, 4))), 2)
    panel.get_by_role("radio", name="5×5").check()
    expect(panel.get_by_role("button", name=re.compile("with what is taken"))).to_have_count(25)
    until(page, lambda: len(address(page)["grid_a"].split(",")) == 5, "five rows in the address")
    panel.get_by_text("Grid: several As × several Bs").click()
    until(page, lambda: "grid_a" not in address(page), "no grid in the address")


def test_class_and_style_of_a_conditional_model_are_exchanged(page: Page, app: App) -> None:
    labels = checkpoint(GIVEN).codes.labels
    assert labels is not None
    a, b = 3, int(np.flatnonzero(labels != labels[3])[0])
    panel = opened(page, app.url, GIVEN, pair=f"{a},{b}", taken="class")
    alike(page, large(page), red(GIVEN, codes(GIVEN)[a], int(labels[b])), 3)
    choice = panel.get_by_role("radiogroup", name="the class: from")
    choice.get_by_role("radio", name=f"A · {labels[a]}").check()
    alike(page, large(page), red(GIVEN, codes(GIVEN)[a], int(labels[a])), 3)
    toggle(panel, 2, "B")
    alike(page, large(page), red(GIVEN, mixed(GIVEN, (2,), a, b), int(labels[a])), 3)


def test_images_are_chosen_for_a_place(page: Page, app: App) -> None:
    panel = opened(page, app.url, DIGITS, pair=f"{A},{B}", taken="z2")
    panel.get_by_role("button", name="image B", exact=False).first.click()
    page.get_by_role("button", name="Test image").click()
    until(page, lambda: address(page)["pair"] != f"{A},{B}", "another B in the address")
    first, second = (int(row) for row in address(page)["pair"].split(","))
    assert first == A
    alike(page, large(page), red(DIGITS, mixed(DIGITS, (1,), A, second)), 2)


def test_the_same_image_twice_is_said(page: Page, app: App) -> None:
    panel = opened(page, app.url, DIGITS, pair=f"{A},{A}", taken="z2")
    expect(panel.get_by_role("status")).to_have_text(
        "A and B are the same image: choose another one for one of them."
    )
    panel.get_by_role("button", name="New pair").click()
    expect(panel.locator("p.problem")).to_be_empty()


@pytest.mark.parametrize(
    "query",
    [
        {"pair": "1,99999999"},
        {"pair": "x"},
        {"pair": f"{A},{B}", "taken": "z999,class,means:99,direction:11"},
        {"pair": f"{A},{B}", "taken": "<b>", "blend": "nan", "grid_a": "1", "grid_b": "77777777"},
    ],
)
def test_a_link_with_anything_else_opens_without_it(page: Page, app: App, query: dict[str, str]) -> None:
    panel = opened(page, app.url, DIGITS, **query)
    pair = address(page).get("pair")
    if query["pair"] == f"{A},{B}":
        alike(page, large(page), red(DIGITS, codes(DIGITS)[A]), 2)
        assert pair == f"{A},{B}"
    expect(panel.locator(".part")).to_have_count(10)
    expect(panel.locator("p.problem")).to_be_empty()


def test_words_are_not_exchanged(page: Page, app: App) -> None:
    page.goto(f"{app.url}/explore?{urlencode({'checkpoint': WORDS, 'tool': 'exchange'})}")
    wait_for(page, "window.__stage?.paints.total > 0", timeout=60_000)
    expect(page.get_by_role("radio", name="Code", exact=True)).to_be_checked()
    expect(page.get_by_role("radio", name="Exchange")).to_have_count(0)


def test_the_exported_page_has_its_exchange(new_page: Callable[..., Page], tmp_path: Path) -> None:
    state = StageState(tool="exchange", pair=(A, B), taken=("z2", "z5"), grid_a=(3, 20), grid_b=(8, 100))
    file = tmp_path / "page.html"
    file.write_bytes(html_page.page([html_page.exploring(checkpoint(DIGITS), state)], "exchange"))
    page = from_disk(new_page, file, viewport={"width": 1280, "height": 2600})
    alike(page, large(page), red(DIGITS, mixed(DIGITS, (1, 4))), 2)
    panel = page.get_by_role("region", name="exchange between two images")
    cell = panel.get_by_role("button", name="image 20 with what is taken from image 100")
    alike(page, lambda: pixels(cell.locator("canvas")), red(DIGITS, mixed(DIGITS, (1, 4), 20, 100)), 2)
    toggle(panel, 4, "A")
    alike(page, large(page), red(DIGITS, mixed(DIGITS, (1,))), 2)
