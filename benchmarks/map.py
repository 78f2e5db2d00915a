"""The map with 10,000, 70,000 and 700,000 codes of two dimensions, beside the same points in st.plotly_chart.

    python -m benchmarks.map [--sizes 10000 70000 700000] [--json FILE]

A headless Chromium with software rendering, a warm server, a fresh browser profile for each row. First paint:
from asking for the page until the points are drawn, in a browser that has never seen it; own part: from when the
stage is handed its model, the codes still to be fetched, until then; card: from a click on the model in the gallery
of an open page; reload: from asking for the same page again, median of five. Hover: from the pointer's event until
the decoded image is painted. Pan and zoom: time from frame to frame while dragging and turning the wheel. Bytes: of
positions and classes on the wire, for each point.
"""

from __future__ import annotations

import argparse
import math
import re
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Response

from benchmarks import results
from benchmarks.measure import frames_during, orbit, percentile
from benchmarks.synthetic import checkpoint
from scripts.driving import browsing, running, wait_for

VIEW = {"width": 1500, "height": 1000}
PLOTLY = """
import sys
import numpy as np
import plotly.graph_objects as go
import streamlit as st
from benchmarks.synthetic import codes

@st.cache_data
def found(count):
    made = codes(count, 2)
    return made.mean, made.labels

count = int(st.query_params["count"])
mean, labels = found(count)
figure = go.Figure(layout={"width": 900, "height": 640, "dragmode": "pan"})
for k in range(10):
    of = mean[labels == k]
    figure.add_scattergl(x=of[:, 0], y=of[:, 1], mode="markers", name=str(k), marker={"size": 4})
st.plotly_chart(figure, width="content", config={"scrollZoom": True})
"""
OURS_PAINTED = "() => performance.getEntriesByName('map: points painted').length > 0"
OWN_PART = """() => {
  const at = (name) => performance.getEntriesByName(name)[0].startTime;
  return at("map: points painted") - at("live: asked");
}"""
PLOTLY_PAINTED = (
    "() => document.querySelector('.js-plotly-plot')?._fullLayout?._plots?.xy?._scene?.scatter2d != null"
)
COLUMN_NAMES = ("first paint", "own part", "card", "reload", "hover", "pan", "zoom", "bytes per code")
PATIENCE = 120
"""Seconds until a map that is not drawn is given up."""
COLUMNS = re.compile(r"/positions/|/column/")


def first_paint(page: Page, url: str, painted: str) -> float:
    """Milliseconds from asking for the page until there are points."""
    began = time.perf_counter()
    page.goto(url, wait_until="commit")
    wait_for(page, painted, timeout=1000 * PATIENCE)
    return 1000 * (time.perf_counter() - began)


def again(page: Page, url: str, painted: str) -> float:
    """The same of a page that the browser has seen, median of five."""
    found = []
    for _ in range(5):
        found.append(first_paint(page, url, painted))
        page.wait_for_timeout(2500)
    return statistics.median(found)


def opened_by_card(page: Page, url: str, name: str) -> float:
    """Milliseconds from a click on the model's card in the gallery until there are points."""
    page.goto(url)
    card = page.locator("a.card", has=page.get_by_text(name, exact=True))
    card.locator("canvas").wait_for()
    page.wait_for_timeout(2000)
    card.evaluate("card => { window.clicked_ = performance.now(); card.click(); }")
    wait_for(page, OURS_PAINTED, timeout=1000 * PATIENCE)
    return float(
        page.evaluate("() => performance.getEntriesByName('map: points painted')[0].startTime - clicked_")
    )


def moving(page: Page, selector: str) -> tuple[float, float]:
    """p95 of the frame times, in ms, while panning and while zooming."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    cx, cy = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def pan() -> None:
        for x, y in orbit(cx, cy, 150, 100, 150):
            page.mouse.move(x, y)

    def zoom() -> None:
        for k in range(80):
            page.mouse.wheel(0, -60 if k // 20 % 2 == 0 else 60)

    page.mouse.move(cx, cy)
    page.mouse.down()
    panned = frames_during(page, pan)
    page.mouse.up()
    page.wait_for_timeout(1500)
    return percentile(panned, 0.95), percentile(frames_during(page, zoom), 0.95)


def hovered(page: Page) -> float:
    """p95 of pointer event to painted decode, in ms."""
    box = page.locator(".map").first.bounding_box()
    assert box is not None
    before = page.evaluate("() => window.__stage.paints.total")
    for x, y in orbit(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, 200, 200, 300):
        page.mouse.move(x, y)
    rows = page.evaluate("(since) => window.__stage.paints.read(since)", before)
    return percentile([painted - asked for asked, _, painted in rows], 0.95)


def ours(browser: Browser, url: str, count: int) -> list[float]:
    context = browser.new_context(viewport=VIEW)  # type: ignore[arg-type]
    page = context.new_page()
    fetched: list[Response] = []
    page.on("response", lambda answer: fetched.append(answer) if COLUMNS.search(answer.url) else None)
    address = f"{url}/explore?checkpoint=n{count}"
    row = [first_paint(page, address, OURS_PAINTED), page.evaluate(OWN_PART)]
    page.wait_for_timeout(2500)
    sent = sum(answer.request.sizes()["responseBodySize"] for answer in fetched)
    row.append(opened_by_card(page, url, f"n{count}"))
    row.append(again(page, address, OURS_PAINTED))
    row += [hovered(page), *moving(page, ".map"), sent / count]
    context.close()
    return row


def plotly(browser: Browser, url: str, count: int) -> list[float]:
    context = browser.new_context(viewport=VIEW)  # type: ignore[arg-type]
    page = context.new_page()
    row = [first_paint(page, f"{url}/?count={count}", PLOTLY_PAINTED), *2 * [float("nan")]]
    page.wait_for_timeout(2500)
    row.append(again(page, f"{url}/?count={count}", PLOTLY_PAINTED))
    row += [float("nan"), *moving(page, ".js-plotly-plot .nsewdrag"), float("nan")]
    context.close()
    return row


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 70_000, 700_000])
    results.add_option(parser)
    options = parser.parse_args()
    sizes = options.sizes
    figures: dict[str, Any] = {"card": [], "ours": {}, "plotly": {}}
    with tempfile.TemporaryDirectory() as folder, browsing() as browser:
        models = Path(folder) / "models"
        for count in sizes:
            checkpoint(models / f"n{count}", "mlp", 2, count)
        script = Path(folder) / "plotly_page.py"
        script.write_text(PLOTLY)
        (Path(folder) / "a").mkdir()
        (Path(folder) / "b").mkdir()
        print(
            f"{'':24}{'first paint':>12}{'own part':>10}{'card':>8}{'reload':>8}{'hover p95':>11}"
            f"{'pan p95':>9}{'zoom p95':>10}{'bytes/point':>13}   (ms)"
        )
        root = str(Path(__file__).parents[1])
        with (
            running(Path(folder) / "a", EXPLORER_CHECKPOINTS=str(models)) as app,
            running(Path(folder) / "b", script, PYTHONPATH=root) as plain,
        ):
            for count in sizes:
                for name, measure, url in (("ours", ours, app.url), ("st.plotly_chart", plotly, plain.url)):
                    try:
                        measure(browser, url, count)  # warms the server
                        row = measure(browser, url, count)
                    except TimeoutError:
                        print(f"{count:>8,} {name:15} not finished in {PATIENCE} s", flush=True)
                        continue
                    print(
                        f"{count:>8,} {name:15}"
                        + "{:12.0f}{:10.0f}{:8.0f}{:8.0f}{:11.1f}{:9.1f}{:10.1f}{:13.1f}".format(*row),
                        flush=True,
                    )
                    kept = dict(zip(COLUMN_NAMES, row, strict=True))
                    figures["ours" if name == "ours" else "plotly"][str(count)] = {
                        column: value for column, value in kept.items() if not math.isnan(value)
                    }
                    if name == "ours":
                        figures["card"].append(kept["card"])
    results.keep(options.json, figures)


if __name__ == "__main__":
    main()
