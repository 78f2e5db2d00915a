"""Dragging β of one model for every β: image, strips, and the map of all codes that moves along.

    python -m benchmarks.beta_drag [--seconds 4] [--rounds 3] [--json FILE]

Models of ten latents with 10,000 codes: an MLP (256, 512) to 28×28, and to 64×64 the convolutions of Burgess et al.
(2018) and residual blocks of 24 channels, with ten strips. A headless Chromium with software rendering; the slider of β
gets one input in every frame of the page. Latency: decoding and painting the image, and from the input, which is sent
after its frame has begun, until the image is painted. Frames per second are those of the page with the map following.
Asked: requests and WebSocket messages from the browser to the server until the release.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from benchmarks import results
from benchmarks.measure import percentile
from benchmarks.synthetic import checkpoint
from scripts.driving import ROOT, browsing, running, wait_for

BODIES = {"mlp": "MLP to 28×28", "conv": "conv to 64×64", "residual": "residual to 64×64"}
WIDTH = 24
"""Channels of the residual body, as many as the widest model of every β that ships has."""
TARGETS = {"mlp": 6.0, "conv": 12.0, "residual": 12.0}
"""Wanted of the 95th percentile of decoding and painting, in ms."""
CODES = 10_000
READY = "() => window.__stage?.paints.total > 0 && window.__stage.strips.total >= 10"
DRAG = """(slider, frames) => new Promise((resolve) => {
  const [low, high] = [Number(slider.min), Number(slider.max)], began = performance.now();
  let i = 0;
  const step = () => {
    if (i++ >= frames) return resolve(1000 * frames / (performance.now() - began));
    slider.value = String((low + high) / 2 + 0.48 * (high - low) * Math.sin(i / 9));
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""


def measure(browser: Browser, url: str, seconds: float, rounds: int) -> dict[str, Any]:
    """Drags of β on Explore."""
    page = browser.new_page(viewport={"width": 1400, "height": 1500})
    asked = 0
    listening = False

    def count() -> None:
        nonlocal asked
        asked += listening

    page.on("request", lambda _: count())
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: count()))
    page.goto(f"{url}/explore?checkpoint=decoder")
    wait_for(page, READY, timeout=60_000)
    slider = page.locator(".beta-control").get_by_role("slider")
    slider.evaluate(DRAG, 10)  # fetches the codes at every β
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2000)
    work: list[float] = []
    wait: list[float] = []
    speed: list[float] = []
    for _ in range(rounds):
        since = page.evaluate("window.__stage.paints.total")
        listening = True
        speed.append(slider.evaluate(DRAG, round(60 * seconds)))
        listening = False
        rows = page.evaluate("(n) => window.__stage.paints.read(n)", since)
        wait += [painted - began for began, _, painted in rows]
        work += [painted - start for _, start, painted in rows]
        page.wait_for_timeout(1500)
    page.close()
    return {
        "median": percentile(work, 0.5), "p95": percentile(work, 0.95), "from input p95": percentile(wait, 0.95),
        "frames per second": sum(speed) / len(speed), "asked": asked,
    }  # fmt: skip


def main() -> None:
    args = results.drag_options(__doc__)
    figures = {}
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        urls = {}
        for body in BODIES:
            models = Path(name) / body
            checkpoint(models / "decoder", body, 10, CODES, (0.5, 16.0), WIDTH)
            place = Path(name) / f"{body} server"
            place.mkdir()
            env = {"EXPLORER_CHECKPOINTS": str(models), "PYTHONPATH": str(ROOT)}
            urls[body] = stack.enter_context(running(place, "app.py", **env)).url
        browser = stack.enter_context(browsing())
        for body, what in BODIES.items():
            row = figures[body] = measure(browser, urls[body], args.seconds, args.rounds)
            print(
                f"{what:18} decode and paint: median {row['median']:.1f}, p95 {row['p95']:.1f} ms (wanted "
                f"{TARGETS[body]:g}); from the input p95 {row['from input p95']:.1f} ms; "
                f"{row['frames per second']:.0f} frames/s; asked {row['asked']}; load {os.getloadavg()[0]:.1f}",
                flush=True,
            )
    results.keep(args.json, figures)


if __name__ == "__main__":
    main()
