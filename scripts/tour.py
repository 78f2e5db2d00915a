"""The pictures of the README, taken from the real app: five pages, and a drag as an animated GIF.

    python -m scripts.tour [FOLDER]

They are written to docs/tour by default, from the checkpoints that ship; MNIST's own images are shown where
EXPLORER_DATA has them.
"""

from __future__ import annotations

import io
import math
import os
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from scripts.driving import ROOT, browsing, running

WIDE = {"width": 1280, "height": 860}
PAGES = {
    "gallery": "",
    "explore": "explore?checkpoint=mnist-vae-z2",
    "samples": "samples?models=faces-ae-z24,faces-vae-z24",
    "compare": "compare",
    "present": "present",
}
DRAGGED = "explore?checkpoint=mnist-vae-beta4-z10"
FRAMES, MILLISECONDS = 40, 70


def picture(page: Page, to: Path) -> None:
    """The page as it stands, in few colours: pages are flat."""
    shown = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shown.quantize(256, dither=Image.Dither.NONE).save(to, optimize=True)


def drag(page: Page, to: Path) -> None:
    """A hand moves the strongest slider to and fro, one frame per step."""
    slider = page.locator(".stage input[type=range]").first
    box = slider.bounding_box()
    assert box
    frames = []
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for step in range(FRAMES):
        at = 0.5 + 0.42 * math.sin(2 * math.pi * step / FRAMES)
        page.mouse.move(box["x"] + at * box["width"], box["y"] + box["height"] / 2)
        page.wait_for_timeout(120)  # the strips follow
        frames.append(Image.open(io.BytesIO(page.screenshot())).convert("RGB").resize((960, 645)))
    page.mouse.up()
    palette = frames[0].quantize(128)
    first, *rest = (f.quantize(palette=palette, dither=Image.Dither.NONE) for f in frames)
    first.save(to, save_all=True, append_images=rest, duration=MILLISECONDS, loop=0, optimize=True)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "tour"
    folder.mkdir(parents=True, exist_ok=True)
    data = {"EXPLORER_DATA": os.environ["EXPLORER_DATA"]} if "EXPLORER_DATA" in os.environ else {}
    with (
        tempfile.TemporaryDirectory() as scratch,
        running(Path(scratch), **data) as app,
        browsing() as browser,
    ):
        page = browser.new_page(viewport=WIDE, color_scheme="light")
        for name, path in PAGES.items():
            page.goto(f"{app.url}/{path}")
            page.wait_for_timeout(9000)  # until the last strip is drawn
            picture(page, folder / f"{name}.png")
        page.goto(f"{app.url}/{DRAGGED}")
        page.wait_for_timeout(6000)
        drag(page, folder / "drag.gif")


if __name__ == "__main__":
    main()
