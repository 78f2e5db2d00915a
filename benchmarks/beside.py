"""Training beside a page that is used: what each costs the other, and how long it takes from nothing to a model.

    python -m benchmarks.beside [--seconds 8] [--rounds 3] [--data mnist] [--part both] [--json FILE]

Speed: a training started as the Train page starts it, once with no page open, once with an Explore page of another
model at rest in a headless Chromium, and once while that page's first slider is dragged without pause, in turn in
every round. The speed is images per second of wall time, from the steps that the run's own curve counts. Paints:
pictures that the dragged page paints each second while the training runs, with one input a frame given from within
the page, since a scripted mouse gives fewer. Headless Chromium draws in software
and competes with the training for the cores more than a desktop's does.
First: from opening the Train page until a VAE on the digits that the click trained can be dragged on the Explore page,
with every click counted; the first time on a fresh folder, when the decoder's graph has still to be exported, and
again.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, expect

from benchmarks import results
from benchmarks.live import OURS_READY, SEEK, script
from benchmarks.synthetic import checkpoint
from explorer.training import curve, runs
from scripts.driving import browsing, running, wait_for

KINDS = ("alone", "page at rest", "page dragged")


def epochs_of(run: runs.Run) -> float:
    """How far a run is, from its curve."""
    lines, _ = curve.read_lines(run.path / curve.FILE)
    return float(lines[-1]["epoch"]) if lines else 0.0


def wait_for_steps(run: runs.Run) -> None:
    """Until the run trains, and not only starts."""
    end = time.perf_counter() + 120
    while epochs_of(run) == 0 or time.time() - (run.path / "job.json").stat().st_mtime < 10:
        now = runs.status(run)
        if now.state not in ("running", "waiting") or time.perf_counter() > end:
            raise SystemExit(f"The training did not start: {now}")
        time.sleep(0.2)


def speed(run: runs.Run, images: int, seconds: float, page: Page | None, drag: bool) -> tuple[float, float]:
    """Images per second, and pictures per second that the page painted."""
    before, began = epochs_of(run), time.perf_counter()
    painted = int(page.evaluate("() => window.__stage.paints.total")) if page else 0
    if page and drag:
        script(seconds)(page)
    else:
        time.sleep(seconds)
    took = time.perf_counter() - began
    after = epochs_of(run)
    count = int(page.evaluate("() => window.__stage.paints.total")) - painted if page else 0
    return (after - before) * images / took, count / took


def opened(browser: Browser, url: str) -> Page:
    page = browser.new_page(viewport={"width": 1400, "height": 1500})
    page.goto(f"{url}/explore?checkpoint=other")
    wait_for(page, OURS_READY, timeout=60_000)
    page.wait_for_timeout(2000)
    page.evaluate(SEEK)
    return page


def beside(
    browser: Browser, url: str, run: runs.Run, images: int, seconds: float, rounds: int
) -> dict[str, dict[str, float]]:
    """Print and return the speed of the training, and the paints of the page, of every kind."""
    page = opened(browser, url)
    warm = speed(run, images, seconds, page, True)[1]  # a first drag loads what the others find loaded
    page.close()
    found: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
    for _ in range(rounds):
        found["alone"].append(speed(run, images, seconds, None, False))
        page = opened(browser, url)
        found["page at rest"].append(speed(run, images, seconds, page, False))
        found["page dragged"].append(speed(run, images, seconds, page, True))
        page.close()
    figures = {}
    base = median(rate for rate, _ in found["alone"])
    print(f"{'':14} {'images/s':>10} {'lost':>7} {'paints/s':>9}   (first drag: {warm:.0f} paints/s)")
    for kind, rows in found.items():
        rate, paints = median(r for r, _ in rows), median(p for _, p in rows)
        shown = f"{paints:9.1f}" if kind == "page dragged" else f"{'':9}"
        figures[kind] = {"images per second": rate, "paints per second": paints}
        print(f"{kind:14} {rate:10,.0f} {100 * (1 - rate / base):6.1f}% {shown}")
    print(f"load {os.getloadavg()[0]:.1f}", flush=True)
    return figures


def first(browser: Browser, url: str, again: bool) -> None:
    """Print seconds and clicks from opening the page to a model under the hand."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    began, clicks = time.perf_counter(), 0
    page.goto(f"{url}/train")
    page.get_by_role("button", name="Train", exact=True).click()
    clicks += 1
    asked = time.perf_counter()
    expect(page.locator(".run.done")).to_have_count(1 + again, timeout=120_000)
    trained = time.perf_counter()
    page.get_by_role("button", name="Explore this model").click()
    clicks += 1
    wait_for(page, OURS_READY.replace("10", "2"), timeout=60_000)
    end = time.perf_counter()
    print(
        f"digits VAE, {'again' if again else 'fresh folder'}: {clicks} clicks, {end - began:.1f} s: page "
        f"{asked - began:.1f} s, training {trained - asked:.1f} s, Explore {end - trained:.1f} s",
        flush=True,
    )
    page.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--data", default="mnist", choices=["mnist", "digits"])
    parser.add_argument("--part", default="both", choices=["first", "beside", "both"])
    results.add_option(parser)
    args = parser.parse_args()
    images = {"mnist": 60_000, "digits": 1_438}[args.data]
    with tempfile.TemporaryDirectory() as name, browsing() as browser:
        folder = Path(name)
        models, run_folder = folder / "models", folder / "runs"
        checkpoint(models / "other", "mlp", 10, 10_000)
        here = {"EXPLORER_CHECKPOINTS": str(models), "EXPLORER_RUNS": str(run_folder)}
        if kept := os.environ.get("EXPLORER_DATA"):
            here["EXPLORER_DATA"] = str(Path(kept).resolve())
        os.environ.update(here)
        with running(folder, **here) as app:
            for again in (False, True) if args.part != "beside" else ():
                first(browser, app.url, again)
            if args.part == "first":
                return
            run = runs.start({"data": args.data, "latent_size": 20, "epochs": 10_000}, "beside")
            try:
                wait_for_steps(run)
                results.keep(args.json, beside(browser, app.url, run, images, args.seconds, args.rounds))
            finally:
                runs.stop(run.name)
                while runs.status(run).state == "running":  # it writes what it has
                    time.sleep(0.1)


if __name__ == "__main__":
    main()
