"""How fast the Samples page follows the hand: 64 samples of each of two models, repainted in headless Chromium.

    python -m benchmarks.samples [--rounds 60] [--json FILE]

Two pairs of models with untrained weights, an MLP of MNIST's size and a 64×64 convolutional one, are compared in the
real app. The clock runs from the input event (a new temperature, or a press of New codes) to the first animation
frame in which both grids show the new samples. Fails if the medians are above the promised times.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

from benchmarks import results
from benchmarks.measure import percentile
from scripts.driving import browsing, running, wait_for

COUNT = 64
CASES = {"MLP 784-512-256-20": ("mlp", 28, 20, 50.0), "conv 64×64, 10 latents": ("conv", 64, 10, 150.0)}
"""body, side of the images, latent size, promised milliseconds"""

REPAINTED = """async ([act, rounds, count]) => {
  const shadow = [...document.querySelectorAll("*")].map((e) => e.shadowRoot).find((r) => r?.querySelector(".samples"));
  const find = (what) => (shadow ?? document).querySelector(what);
  const slider = find(".temperature input"), press = find(".controls button"), times = [];
  const frame = () => new Promise(requestAnimationFrame);
  for (let i = 0; i < rounds; i++) {
    await new Promise((done) => setTimeout(done, 40 + Math.random() * 30));
    const before = __stage.strips.total, start = performance.now();
    if (act === "temperature") {
      slider.value = String(0.5 + (i % 50) / 40);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    } else press.click();
    while (__stage.strips.read(before).filter((row) => row[2] === count).length < 2) await frame();
    await frame();
    times.push(performance.now() - start);
  }
  return times;
}"""


def make_pair(folder: Path, body: str, side: int, d: int) -> list[str]:
    """An AE and a VAE with untrained weights, on images of dots that are not there for anything but their size."""
    from explorer import data
    from explorer.config import RunConfig
    from explorer.models.autoencoder import Autoencoder
    from explorer.store.weights import save_checkpoint

    rng = np.random.default_rng(0)
    images = folder / f"dots-{side}.npz"
    np.savez(images, images=rng.integers(0, 256, (2_000, side, side), np.uint8))
    names = []
    for posterior in ("point", "diagonal"):
        flat = {"data": str(images), "body": body, "latent_size": d, "posterior": posterior}
        config = RunConfig.from_flat(flat)
        dataset = data.load(config.data)
        names.append(f"{body}-{posterior}")
        place = folder / "checkpoints" / names[-1]
        save_checkpoint(place, Autoencoder(config.model, dataset.image_shape), dataset, config)
    return names


def measure(page: Page, url: str, models: list[str], rounds: int) -> dict[str, list[float]]:
    """Milliseconds to the repaint, by what was done."""
    page.goto(f"{url}/samples?models={','.join(models)}&n={COUNT}")
    wait_for(page, "window.__stage?.strips.total >= 2", timeout=60_000)
    page.locator(".inspector b", has_text=f"of {COUNT}").nth(1).wait_for(timeout=60_000)
    acts = ("temperature", "new codes")
    page.evaluate(REPAINTED, [acts[0], 5, COUNT])  # warm
    return {act: page.evaluate(REPAINTED, [act, rounds, COUNT]) for act in acts}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=60)
    results.add_option(parser)
    options = parser.parse_args()
    slow = False
    figures: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as name, browsing() as browser:
        folder = Path(name)
        (folder / "checkpoints").mkdir()
        pairs = {case: make_pair(folder, *how[:3]) for case, how in CASES.items()}
        with running(folder, EXPLORER_CHECKPOINTS=str(folder / "checkpoints")) as app:
            for case, models in pairs.items():
                page = browser.new_page(viewport={"width": 1280, "height": 900})
                promised = CASES[case][3]
                for act, times in measure(page, app.url, models, options.rounds).items():
                    median, late = percentile(times, 0.5), percentile(times, 0.95)
                    slow |= median > promised
                    print(
                        f"{case:24} {act:12} median {median:6.1f} ms   p95 {late:6.1f} ms   promised {promised:.0f} ms"
                    )
                    figures.setdefault(CASES[case][0], {})[act] = median
                page.close()
    results.keep(options.json, figures)
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
