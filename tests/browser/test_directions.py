"""Directions on Explore: what the browser finds against NumPy, sliders by hand and by key, links, the map, files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from explorer import store
from explorer.export import html_page
from explorer.latents.decoder_axes import compute_decoder_axes
from explorer.latents.directions import Direction, Method, compute_direction, project
from explorer.live.schema import Direction as DirectionState
from explorer.live.schema import StageState
from explorer.store import Checkpoint
from explorer.store.groups import find_group
from scripts.driving import App, wait_for
from tests.browser.waiting import holds, until

SHIPPED = Path(__file__).parents[2] / "checkpoints"
DIGITS, PLANE, FACES, PLAIN = "digits-vae-z10", "digits-vae-z2", "faces-vae-z24", "digits-ae-z10"

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def app(start_app: Callable) -> Iterator[App]:
    with start_app() as app:
        yield app


@cache
def checkpoint(name: str) -> Checkpoint:
    return store.open_checkpoint(SHIPPED / name)


@cache
def computed(name: str, to: str, origin: str, method: Method = "means", seed: int = 0) -> Direction:
    codes, manifest = checkpoint(name).codes, checkpoint(name).manifest
    a, b = (find_group(codes, manifest, text) for text in (to, origin))
    return compute_direction(codes.mean, a, b, method, seed)


def opened(page: Page, url: str, name: str, **address: object) -> Locator:
    """The panel of the directions, once the browser decodes."""
    page.goto(f"{url}/explore?{urlencode({'checkpoint': name, 'tool': 'directions', **address})}")
    wait_for(page, "window.__stage?.paints.total > 0", timeout=60_000)
    expect(page.locator("#early")).to_have_count(0)
    expect(page.locator(".stage:not([aria-busy])")).to_be_visible()
    return page.get_by_role("region", name="directions", exact=True)


def choose(
    panel: Locator, group: str, value: str, column: str = "class", which: str = "these images"
) -> None:
    """Choose a value of a column for a group."""
    menu = panel.get_by_role("combobox", name=f"{group}: {which}", exact=True)
    found = menu.locator(f'optgroup[label="{column}"] > option').filter(
        has_text=re.compile(f"^{re.escape(value)}$")
    )
    menu.select_option(found.get_attribute("value"))


def address(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def code(page: Page) -> np.ndarray:
    return np.array([float(part) for part in address(page)["z"].split(",")])


def rested(page: Page) -> np.ndarray:
    """The code in the address, once that has stayed for a while."""
    seen: list[str] = []

    def same() -> bool:
        seen.append(page.url)
        return seen[-20:] == [seen[-1]] * 20

    until(page, same, "an address at rest")
    return code(page)


def facts(panel: Locator) -> str:
    """What is said of the first direction, once all of it is computed."""
    found = panel.locator(".facts").first
    expect(found).to_contain_text("within")
    expect(found).not_to_contain_text("…")
    return " · ".join(found.locator("span").all_inner_texts())


def numbers(text: str) -> tuple[int, int, float, float, float]:
    """Sizes of the groups B and A, gap, accuracy in % and cone in degrees."""
    match = re.fullmatch(
        r"([\d,]+) and ([\d,]+) images · ([\d.]+) σ apart · (\d+) % told apart · within ([\d.]+)°", text
    )
    assert match, text
    b, a, *others = match.groups()
    return int(b.replace(",", "")), int(a.replace(",", "")), *map(float, others)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("name", "to", "origin", "column"), [(DIGITS, "3", "8", "class"), (FACES, "smile", "frown", "mouth")]
)
@pytest.mark.parametrize("method", ["means", "probe"])
def test_a_direction_between_two_values_is_that_of_numpy(
    page: Page, app: App, name: str, to: str, origin: str, column: str, method: Method
) -> None:
    panel = opened(page, app.url, name)
    choose(panel, "from", origin, column)
    choose(panel, "to", to, column)
    if method == "probe":
        panel.get_by_role("radio", name="probe").check()
    slider = panel.get_by_role("slider", name=f"direction {origin} → {to}, in standard deviations")
    expect(slider).to_be_visible()
    found = computed(name, f"{column}={to}", f"{column}={origin}", method)
    seeds = range(16)
    cones = [computed(name, f"{column}={to}", f"{column}={origin}", method, seed).cone for seed in seeds]
    groups = [
        find_group(checkpoint(name).codes, checkpoint(name).manifest, f"{column}={v}") for v in (origin, to)
    ]

    def check() -> None:
        b, a, gap, accuracy, cone = numbers(facts(panel))
        assert (b, a) == tuple(map(len, groups))
        assert gap == pytest.approx(found.gap, abs=0.06)
        assert accuracy == pytest.approx(100 * found.accuracy, abs=0.51)
        assert min(cones) - 1 <= cone <= max(cones) + 1

    holds(page, check)

    # from the mean of all codes on, z moves along the vector, by a standard deviation for each unit
    number = panel.get_by_role("spinbutton", name=f"place along {origin} → {to}")
    number.fill("0")
    number.press("Enter")
    expect(slider).to_have_attribute("aria-valuetext", "0.00")
    slider.focus()
    page.keyboard.press("PageUp")
    mean = checkpoint(name).codes.mean.astype(float).mean(0) @ found.vector

    def at(place: float) -> np.ndarray:
        """The code in the address, once it lies there along NumPy's vector."""
        until(
            page,
            lambda: abs((code(page) @ found.vector - mean) / found.scale - place) < 0.01,
            f"z at {place} in the address",
        )
        return code(page)

    start = at(0.5)
    number.fill("2.5")
    number.press("Enter")
    np.testing.assert_allclose((at(2.5) - start) / (2 * found.scale), found.vector, atol=1e-3)


def test_it_drags_like_a_dimension_without_asking_the_server(page: Page, app: App) -> None:
    panel = opened(page, app.url, FACES)
    facts(panel)
    slider = panel.get_by_role("slider").first
    slider.scroll_into_view_if_needed()
    until(page, lambda: "directions" in address(page), "the settled state of the start")
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    before = page.evaluate("window.__stage.paints.total")
    box = slider.bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.3, y)
    page.mouse.down()
    for share in np.linspace(0.3, 0.8, 30):
        page.mouse.move(box["x"] + box["width"] * share, y)
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^1\.[789]|^2"))
    until(page, lambda: page.evaluate("window.__stage.paints.total") > before + 5, "images during the drag")
    assert [url for url in asked if app.url in url and "/media/" not in url] == []
    page.mouse.up()


def test_a_kept_direction_comes_back_with_its_link_and_colours_the_map(
    page: Page, app: App, new_page: Callable[..., Page]
) -> None:
    panel = opened(page, app.url, DIGITS)
    choose(panel, "from", "8")
    choose(panel, "to", "3")
    panel.get_by_role("textbox", name="name of this direction").fill('three, "less" eight')
    panel.get_by_role("button", name="Keep").click()
    choose(panel, "to", "0")
    choose(panel, "to", "6", which="or these images")
    kept = panel.get_by_role("slider", name='direction three, "less" eight, in standard deviations')
    expect(kept).to_be_visible()
    expect(panel.get_by_role("slider", name="direction 8 → 0 or 6, in standard deviations")).to_be_visible()
    panel.get_by_role("button", name="Colour the map").nth(1).click()
    wanted = [
        {"name": 'three, "less" eight', "a": "labels:3", "b": "labels:8"},
        {"a": "labels:0.6", "b": "labels:8"},
    ]
    until(page, lambda: json.loads(address(page).get("directions", "[]")) == wanted, "both in the address")
    until(page, lambda: address(page).get("colour") == "direction:0", "the colouring in the address")

    other = new_page()
    other.goto(page.url)
    wait_for(other, "window.__stage?.paints.total > 0", timeout=60_000)
    again = other.get_by_role("region", name="directions", exact=True)
    expect(
        again.get_by_role("slider", name='direction three, "less" eight, in standard deviations')
    ).to_be_visible()
    expect(again.get_by_role("slider", name="direction 8 → 0 or 6, in standard deviations")).to_be_visible()
    surface = other.locator(".map canvas[role=application]")
    expect(surface).to_have_attribute("aria-label", re.compile("coloured by three.*standard deviations"))
    again.get_by_role("button", name='remove three, "less" eight').click()
    expect(surface).to_have_attribute("aria-label", re.compile("10 classes"))
    until(other, lambda: len(json.loads(address(other)["directions"])) == 1, "one in the address")


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ({"a": "", "b": "labels:1"}, "Group A is empty: choose images for it."),
        ({"a": "labels:1", "b": "labels:1"}, "Both groups are the same images: choose two different groups."),
        ({"a": "labels:1.2", "b": "labels:1"}, "are in both: take them out of one."),
        (
            {"a": "rows:AAA", "b": "labels:1"},
            "Group A has one image: a direction needs at least 2 in each group.",
        ),
        ({"a": "nothing:7", "b": "rows:!"}, "Group A is empty: choose images for it."),
    ],
)
def test_groups_without_a_direction_are_said_in_a_sentence(
    page: Page, app: App, groups: dict[str, str], said: str
) -> None:
    panel = opened(page, app.url, DIGITS, directions=json.dumps([groups]))
    expect(panel.get_by_role("status")).to_contain_text(said)
    expect(panel.get_by_role("slider")).to_have_count(0)


@pytest.mark.parametrize(
    "directions",
    ["[", "[[[", '[{"name": 3}]', json.dumps([{"a": "<b>"}]), json.dumps([{"vector": [1e300]}]), "x" * 9000],
)
def test_a_link_with_anything_else_opens_without_it(page: Page, app: App, directions: str) -> None:
    panel = opened(page, app.url, DIGITS, directions=directions, colour="direction:0")
    expect(panel.get_by_role("slider", name="direction 0 → 9, in standard deviations")).to_be_visible()
    expect(page.locator(".map canvas[role=application]")).to_have_attribute(
        "aria-label", re.compile("10 classes")
    )


def test_a_vector_of_another_size_is_said_and_can_be_removed(page: Page, app: App) -> None:
    panel = opened(page, app.url, DIGITS, directions=json.dumps([{"name": "short", "vector": [1, 2]}]))
    lost = panel.get_by_text(re.compile("^short: This direction has 2 numbers"))
    expect(lost).to_be_visible()
    panel.get_by_role("button", name="remove short").click()
    expect(lost).to_have_count(0)


def test_groups_from_the_map_by_box_and_by_click(page: Page, app: App) -> None:
    page.set_viewport_size({"width": 1400, "height": 1000})
    panel = opened(page, app.url, PLANE)
    surface = page.locator(".map canvas[role=application]")
    expect(surface).to_have_attribute("aria-label", re.compile("^Map of 359"))
    expect(
        panel.get_by_role("group", name="from").get_by_role("button", name=re.compile("^Selection"))
    ).to_be_disabled()
    page.get_by_role("radio", name="box").check()
    box = surface.bounding_box()
    assert box

    def drag(x0: float, x1: float) -> None:
        page.mouse.move(box["x"] + box["width"] * x0, box["y"] + 20)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * x1, box["y"] + box["height"] - 20, steps=3)
        page.mouse.up()

    codes = checkpoint(PLANE).codes.mean
    sizes = []
    for group, ends in (("from", (0.2, 0.48)), ("to", (0.52, 0.8))):
        drag(*ends)
        button = panel.get_by_role("group", name=group).get_by_role(
            "button", name=re.compile(r"^Selection, \d+")
        )
        sizes.append(int(button.inner_text().rsplit(" ", 1)[1]))
        button.click()
    assert numbers(facts(panel))[:2] == tuple(sizes)
    until(page, lambda: "rows:" in address(page).get("directions", ""), "the rows in the address")
    # the groups lie to the left and to the right, so that the direction is about the first axis
    step = _vector(page, panel)
    assert step[0] > 0.9

    origin = panel.get_by_role("group", name="from")
    origin.get_by_role("button", name="Click").click()
    page.get_by_role("radio", name="move").check()
    surface.press("+")  # the address then says where the map is
    until(page, lambda: "viewport" in address(page), "the viewport in the address")
    cx, cy, scale = (float(part) for part in address(page)["viewport"].split(","))
    for x, y in codes[(np.abs(codes - (-0.7, 0)) < 0.4).all(1)][:3].tolist():
        surface.click(
            position={"x": box["width"] / 2 + (x - cx) * scale, "y": box["height"] / 2 - (y - cy) * scale}
        )
    expect(origin.locator("button.thumbnail")).to_have_count(3)
    assert numbers(facts(panel))[0] == 3
    origin.locator("button.thumbnail").first.click()
    expect(origin.locator("button.thumbnail")).to_have_count(2)


def _vector(page: Page, panel: Locator) -> np.ndarray:
    """The unit vector along which the first slider moves z."""
    number = panel.get_by_role("spinbutton").first
    ends = []
    for place in ("-1", "1"):
        number.fill(place)
        number.press("Enter")
        ends.append(rested(page))
    step = ends[1] - ends[0]
    return np.asarray(step / np.linalg.norm(step))


def test_the_map_is_coloured_by_the_projections_of_numpy(page: Page, app: App) -> None:
    """The ends of the colour bar are the lowest and the highest place along the direction."""
    panel = opened(page, app.url, FACES)
    panel.get_by_role("button", name="Colour the map").click()
    places = project(checkpoint(FACES).codes.mean, computed(FACES, "class=pink", "class=black"))
    surface = page.locator(".map canvas[role=application]")
    expect(surface).to_have_attribute(
        "aria-label", re.compile("coloured by black → pink, standard deviations")
    )
    assert places.std() == pytest.approx(1, abs=1e-3)
    legend: Any = page.locator(".map-panel .legend button")
    expect(legend).to_have_count(0)


def _row_vectors(page: Page, part: Locator, count: int) -> list[np.ndarray]:
    """The vectors of the first rows of a part: what each adds to z."""
    found = []
    for i in range(count):
        number = part.get_by_role("spinbutton").nth(i)
        ends = []
        for place in ("-2", "2"):
            number.fill(place)
            number.press("Enter")
            ends.append(rested(page))
        found.append((ends[1] - ends[0]) / np.linalg.norm(ends[1] - ends[0]))
    return found


def test_directions_nobody_named_are_those_of_numpy(page: Page, app: App) -> None:
    panel = opened(page, app.url, DIGITS)
    facts(panel)
    panel.get_by_text("Directions nobody named").click()
    part = panel.locator("details").filter(has_text="Directions nobody named")
    expect(part.get_by_role("slider")).to_have_count(5)
    mean = checkpoint(DIGITS).codes.mean.astype(float)
    values, vectors = np.linalg.eigh(np.cov(mean, rowvar=False))
    share = round(100 * values[-1] / values.sum())
    expect(part.locator(".facts").first).to_contain_text(f"{share} % of the variance")
    for found, wanted in zip(_row_vectors(page, part, 2), vectors.T[::-1], strict=False):
        assert abs(found @ wanted) > 0.9999

    page.get_by_role("button", name="Reset").click()
    assert not rested(page).any()
    part.get_by_role("radio", name="decoder, here").check()
    expect(part.get_by_role("slider", name=re.compile("^direction decoder 1,"))).to_be_visible()
    session = checkpoint(DIGITS).decoder_session()
    axes = compute_decoder_axes(
        lambda z: checkpoint(DIGITS).decode(session, z), np.zeros((1, 10), np.float32), 2
    )
    expect(part.locator(".facts").first).to_contain_text(f"{axes.strength[0]:.2f} per unit")
    (first,) = _row_vectors(page, part, 1)
    assert abs(first @ axes.directions[0]) > 0.999

    part.get_by_role("radio", name="local").check()
    expect(part.get_by_role("slider", name=re.compile("^direction local PC 1,"))).to_be_visible()
    part.get_by_role("button", name="Keep").first.click()
    until(page, lambda: "vector" in address(page).get("directions", ""), "the vector in the address")
    (kept,) = [d for d in json.loads(address(page)["directions"]) if d.get("name")]
    assert np.linalg.norm(kept["vector"]) == pytest.approx(1, abs=1e-3)


def test_a_direction_is_saved_with_the_model_and_offered_to_others(
    page: Page, app: App, new_page: Callable[..., Page]
) -> None:
    panel = opened(page, app.url, PLAIN)
    name = panel.get_by_role("textbox", name="name of this direction")
    name.fill("to nine")
    panel.get_by_role("button", name="Keep").click()
    panel.get_by_role("button", name="Save", exact=True).click()
    expect(panel.get_by_role("button", name="Forget")).to_be_visible()

    other = new_page()
    again = opened(other, app.url, PLAIN)
    again.get_by_role("combobox", name="directions saved with this model").select_option("to nine")
    expect(again.get_by_role("slider", name="direction to nine, in standard deviations")).to_be_visible()
    again.get_by_role("button", name="Forget").click()
    expect(again.get_by_role("button", name="Save", exact=True)).to_be_visible()
    expect(again.get_by_role("combobox", name="directions saved with this model")).to_be_hidden()


def test_a_read_only_server_saves_no_direction(page: Page, start_app: Callable) -> None:
    with start_app(EXPLORER_READ_ONLY="1") as app:
        panel = opened(page, app.url, PLAIN)
        panel.get_by_role("button", name="Keep").click()
        expect(panel.get_by_role("button", name=re.compile("^remove "))).to_be_visible()
        expect(panel.get_by_role("button", name="Save", exact=True)).to_be_hidden()
        page.goto("about:blank")


def test_arithmetic_with_three_images(page: Page, app: App) -> None:
    panel = opened(page, app.url, DIGITS)
    facts(panel)
    panel.get_by_text("Arithmetic: a − b + c").click()
    until(page, lambda: "operands" in address(page), "the operands in the address")
    rows = [int(row) for row in address(page)["operands"].split(",")]
    labels = checkpoint(DIGITS).codes.labels
    assert labels is not None
    assert [int(labels[row]) for row in rows] == [9, 0, 0]
    mean = checkpoint(DIGITS).codes.mean
    panel.get_by_title("set the sliders to the answer").click()
    np.testing.assert_allclose(rested(page), mean[rows[0]] - mean[rows[1]] + mean[rows[2]], atol=2e-4)
    nearest = panel.locator(".near button")
    expect(nearest).to_have_count(5)
    distances = np.linalg.norm(mean - (mean[rows[0]] - mean[rows[1]] + mean[rows[2]]), axis=1)
    distances[rows] = np.inf
    expect(nearest.first).to_have_attribute("aria-label", f"image {distances.argmin()}")
    expect(panel.get_by_text(re.compile(r"^The answer is known to ±[\d.]+ σ"))).to_be_visible()

    # by dragging, and by a click on a place and then on an image
    place = panel.get_by_role("group", name="a minus b plus c").get_by_role("button")
    nearest.first.drag_to(place.nth(1))
    until(
        page, lambda: address(page)["operands"].split(",")[1] == str(distances.argmin()), "the dragged image"
    )
    place.nth(0).click()
    panel.locator(".near button").nth(2).click()
    until(
        page,
        lambda: address(page)["operands"].split(",")[0] == address(page).get("selected"),
        "the clicked image",
    )


def test_the_exported_page_has_its_directions(page: Page, app: App, tmp_path: Path) -> None:
    nine = DirectionState(name="to nine", a="labels:9", b="labels:0", method="probe")
    state = StageState(tool="directions", directions=(nine,), operands=(1, 2, 3), colour="direction:0")
    file = tmp_path / "page.html"
    file.write_bytes(html_page.page([html_page.exploring(checkpoint(DIGITS), state)], "directions"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    wait_for(page, "window.__stage?.paints.total > 0", timeout=60_000)
    panel = page.get_by_role("region", name="directions", exact=True)
    slider = panel.get_by_role("slider", name="direction to nine, in standard deviations")
    expect(slider).to_be_visible()
    expect(panel.get_by_role("group", name="a minus b plus c")).to_be_visible()
    expect(panel.get_by_role("button", name="Save", exact=True)).to_be_hidden()
    surface = page.locator(".map canvas[role=application]")
    expect(surface).to_have_attribute("aria-label", re.compile("coloured by to nine, standard deviations"))
    before = page.evaluate("window.__stage.paints.total")
    slider.press("PageUp")
    until(page, lambda: page.evaluate("window.__stage.paints.total") > before, "an image")
    assert [url for url in asked if url.startswith("http")] == []
