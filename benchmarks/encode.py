"""Drawing an image that is encoded at every stroke: the Explore page beside a server that encodes and decodes.

    python -m benchmarks.encode [--seconds 4] [--rounds 3] [--json FILE]

Models of ten latents: an MLP (512, 256) of 28×28 and the convolutions of Burgess et al. (2018) of 64×64. A headless
Chromium with software rendering; the mouse draws without a pause, one move after the other. Latency: from the event of
the move until posterior, reconstruction, residual and figures of it or of a later one are painted. The other page draws
on the same board, sends the pixels to a server on the same machine, which runs the same two networks in ONNX Runtime,
and paints the reconstruction alone; there is no network between them, and one request at a time.
"""

from __future__ import annotations

import math
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import uvicorn
from playwright.sync_api import Browser, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from benchmarks import results
from benchmarks.measure import percentile
from benchmarks.synthetic import checkpoint
from explorer import store
from explorer.store.decoder import open_session
from explorer.store.encoder_graph import encoder_onnx
from scripts.driving import ROOT, browsing, free_port, running, wait_for

BODIES = {"mlp": "MLP of 28×28", "conv": "conv of 64×64"}
TARGETS = {"mlp": 16.0, "conv": 33.0}
"""Wanted of the 95th percentile, in ms."""

PAGE = """<!doctype html><canvas class="board" width="280" height="280" style="background:#000"></canvas>
<canvas class="out" width="SIDE" height="SIDE" style="width:280px"></canvas><script>
const side = SIDE, board = document.querySelector('.board'), out = document.querySelector('.out').getContext('2d');
const small = Object.assign(document.createElement('canvas'), { width: side, height: side }).getContext('2d');
const ink = board.getContext('2d', { willReadFrequently: true });
window.rows_ = []; let last = null, asked = null, busy = false;
const send = async () => {
  if (busy || asked === null) return;
  busy = true;
  const since = asked; asked = null;
  small.drawImage(board, 0, 0, side, side);
  const pixels = small.getImageData(0, 0, side, side).data;
  const x = Float32Array.from({ length: side * side }, (_, i) => pixels[4 * i] / 255);
  const y = new Float32Array(await (await fetch('see', { method: 'POST', body: x })).arrayBuffer());
  const image = new ImageData(side, side);
  y.forEach((value, i) => image.data.set([255 * value, 255 * value, 255 * value, 255], 4 * i));
  requestAnimationFrame(() => {
    out.putImageData(image, 0, 0);
    rows_.push([since, performance.now()]);
    busy = false;
    send();
  });
};
board.onpointerdown = (e) => { last = e; };
board.onpointermove = (e) => {
  if (!last || !e.buttons) return;
  Object.assign(ink, { lineWidth: 24, lineCap: 'round', strokeStyle: '#fff' });
  ink.beginPath(); ink.moveTo(last.offsetX, last.offsetY); ink.lineTo(e.offsetX, e.offsetY); ink.stroke();
  last = e; asked ??= e.timeStamp; send();
};
</script>"""


@contextmanager
def server(model: store.Checkpoint) -> Iterator[str]:
    """The other page and its server, in a thread; gives its address."""
    encoder, decoder = open_session(encoder_onnx(model)), open_session(model.read(store.DECODER))
    shape = model.manifest.image_shape

    async def see(request: Request) -> Response:
        x = np.frombuffer(await request.body(), "<f4").reshape(1, *shape)
        mean = encoder.run(["mean"], {"image": x})[0]
        return Response(decoder.run(None, {"z": mean})[0].astype("<f4").tobytes())

    async def page(_: Request) -> Response:
        return HTMLResponse(PAGE.replace("SIDE", str(shape[1])))

    app = Starlette(routes=[Route("/", page), Route("/see", see, methods=["POST"])])
    port = free_port()
    running_server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=running_server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        running_server.should_exit = True
        thread.join()


def open_ours(browser: Browser, url: str) -> Page:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.goto(f"{url}/explore?tool=image")
    wait_for(page, "window.__stage?.paints.total > 0", timeout=60_000)
    wait_for(page, "!document.querySelector('#early')")
    page.locator(".board").wait_for()
    page.wait_for_timeout(3000)
    return page


def open_other(browser: Browser, url: str) -> Page:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    for _ in range(50):
        try:
            page.goto(url)
            break
        except Exception:  # the server is not up yet
            time.sleep(0.1)
    return page


def drawn(page: Page, seconds: float, rows: Callable[[Page], list[list[float]]]) -> list[float]:
    """The latencies of a line that is drawn for so long, the first moves left out."""
    page.bring_to_front()
    box = page.locator(".board").bounding_box()
    assert box
    cx, cy, r = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, 0.4 * box["width"]
    page.mouse.move(cx, cy)
    page.mouse.down()
    end, k, began = time.perf_counter() + seconds, 0, 0
    while time.perf_counter() < end:
        page.mouse.move(cx + r * math.sin(0.07 * k), cy + r * math.cos(0.11 * k))
        k += 1
        if k == 20:
            began = len(rows(page))
    found = rows(page)[began:]
    page.mouse.up()
    page.wait_for_timeout(1000)
    return [painted - asked for asked, painted in found]


def ours_rows(page: Page) -> list[list[float]]:
    return page.evaluate("window.__stage.paints.read(0).map(([asked, , painted]) => [asked, painted])")


def other_rows(page: Page) -> list[list[float]]:
    return page.evaluate("window.rows_")


def main() -> None:
    args = results.drag_options(__doc__)
    figures: dict[str, Any] = {}
    print(f"{'':16} {'page':>16} {'median':>8} {'p95':>8} {'pictures':>9}   (ms)")
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        browser = stack.enter_context(browsing())
        for body, what in BODIES.items():
            models, place = folder / body, folder / f"{body}-app"
            place.mkdir()
            checkpoint(models / "model", body, 10, 10_000)
            app = stack.enter_context(running(place, EXPLORER_CHECKPOINTS=str(models), PYTHONPATH=str(ROOT)))
            url = stack.enter_context(server(store.open_checkpoint(models / "model")))
            pages = {
                "in the browser": (open_ours(browser, app.url), ours_rows),
                "by a server": (open_other(browser, url), other_rows),
            }
            found: dict[str, list[float]] = {name: [] for name in pages}
            for _ in range(args.rounds):
                for name, (page, rows) in pages.items():
                    found[name] += drawn(page, args.seconds, rows)
            figures[body] = {"target": TARGETS[body]}
            for name, latency in found.items():
                middle, late = percentile(latency, 0.5), percentile(latency, 0.95)
                print(f"{what:16} {name:>16} {middle:8.1f} {late:8.1f} {len(latency):9}", flush=True)
                figures[body][name] = {"median": middle, "p95": late, "pictures": len(latency)}
            for page, _ in pages.values():
                page.close()
    print(f"load {os.getloadavg()[0]:.1f}")
    results.keep(args.json, figures)


if __name__ == "__main__":
    main()
