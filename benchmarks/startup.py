"""How long until there is something to see: from starting the server's process to the first decoded image.

    python -m benchmarks.startup [--rounds 5] [--json FILE]

Each round starts the app as ./run does, once for the gallery and once for a model on Explore, and a plain Streamlit
page that imports torch and shows one decoded image. A browser waits for the address to answer, opens it, and the
clock stops when the first image is on the screen. Then the page is reloaded, and it is asked whether the server's
process has torch in memory.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks import results
from scripts.driving import ROOT, browsing, end, free_port, healthy, wait_for

PLAIN = """
import streamlit as st
import torch
from torch import nn

torch.manual_seed(0)
decoder = nn.Sequential(nn.Linear(2, 256), nn.ReLU(), nn.Linear(256, 512), nn.ReLU(), nn.Linear(512, 64))
z = torch.tensor([[st.slider("z1", -3.0, 3.0), st.slider("z2", -3.0, 3.0)]])
with torch.no_grad():
    st.image(decoder(z).sigmoid().reshape(8, 8).numpy(), width=256)
"""
OURS_PAINTED = "() => (window.__stage?.first || window.__stage?.paints.total || 0) > 0"
PLAIN_PAINTED = "() => document.querySelector('[data-testid=stImage] img')?.naturalWidth > 0"


def started(script: str, path: str, painted: str, browser: Browser) -> tuple[float, float, bool]:
    """Seconds to the first image of the page at `path`, seconds of a reload, and whether torch is loaded."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.headless", "true"]
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    began = time.perf_counter()
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            [*command, "--server.port", str(port)], cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )
        try:
            while not healthy(port):
                time.sleep(0.01)
            first = _seen(page, f"http://127.0.0.1:{port}{path}", painted, began)
            again = _seen(page, f"http://127.0.0.1:{port}{path}", painted, time.perf_counter())
            return first, again, _has_torch(server.pid)
        finally:
            context.close()
            end(server)


def _seen(page: Page, url: str, painted: str, began: float) -> float:
    page.goto(url, wait_until="commit")
    wait_for(page, painted, timeout=60_000)
    return time.perf_counter() - began


def _has_torch(pid: int) -> bool:
    return "libtorch" in Path(f"/proc/{pid}/maps").read_text()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    results.add_option(parser)
    options = parser.parse_args()
    rounds = options.rounds
    contestants = {
        "gallery": ("app.py", "", OURS_PAINTED),
        "Explore, by its address": ("app.py", "/explore", OURS_PAINTED),
        "plain page with torch": ("", "", PLAIN_PAINTED),
    }
    rows: dict[str, list[tuple[float, float, bool]]] = {name: [] for name in contestants}
    with tempfile.TemporaryDirectory() as folder, browsing() as browser:
        plain = Path(folder) / "plain.py"
        plain.write_text(PLAIN)
        for _ in range(rounds):
            for name, (script, path, painted) in contestants.items():
                rows[name].append(started(script or str(plain), path, painted, browser))
    print(
        f"{'seconds, median of ' + str(rounds):32} {'first image':>12} {'range':>14} {'reload':>8}  torch loaded"
    )
    figures = {}
    for (name, found), key in zip(rows.items(), ("gallery", "explore", "plain"), strict=True):
        first, again = [r[0] for r in found], [r[1] for r in found]
        spread = f"{min(first):.2f}-{max(first):.2f}"
        torch = "yes" if any(r[2] for r in found) else "no"
        print(
            f"{name:32} {statistics.median(first):12.2f} {spread:>14} {statistics.median(again):8.2f}  {torch}"
        )
        figures[key] = {
            "first image": statistics.median(first), "reload": statistics.median(again), "torch": torch
        }  # fmt: skip
    results.keep(options.json, figures)


if __name__ == "__main__":
    main()
