"""Draw the layers that `explorer/data/faces.py` stacks, and reference faces for its test.

Needs packages that the project itself does not (a virtual environment of their own is best):

    pip install dicebear-core==10.7.0 dicebear-styles==10.6.0 resvg-py==0.5.0 pillow numpy pydantic platformdirs
    python scripts/faces.py

Every part of the style ToonHead (Johan Melin, CC BY 4.0) is rasterised at 64×64, at every tilt, three times: in black
on black, in white on black and in black on white, which together tell how much it covers and how its colour enters.
"""

from __future__ import annotations

import io
import json
import re
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import resvg_py
from dicebear import Avatar, Style
from PIL import Image

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from explorer.data import faces  # noqa: E402

REFERENCES = ROOT / "tests" / "data" / "faces.npz"
COMPONENTS = {  # of the style: its name for each part, and its names for our shapes, in our order
    "mouth": ("mouth", ("smile", "laugh", "agape", "sad", "angry")),
    "eyes": ("eyes", ("wide", "happy", "wink", "humble", "bow")),
    "brows": ("eyebrows", ("neutral", "happy", "raised", "sad", "angry")),
    "hair": ("hair", ("sideComed", "undercut", "spiky", "bun")),
    "rear hair": ("rearHair", ("neckHigh", "shoulderHigh", "longStraight", "longWavy")),
    "beard": ("beard", ("chin", "chinMoustache", "moustacheTwirl", "fullBeard", "longBeard")),
    "clothes": ("clothes", ("tShirt", "shirt", "turtleNeck", "openJacket", "dress")),
    "head": ("head", ("head",)),
    "body": ("body", ("body",)),
}
COLOURS = {"skin": "skin", "hair colour": "hair", "clothes colour": "clothes"}
FRAME = {"scale": 1.42, "translateY": -3}
PIVOT = "384 575"  # the neck, in the units of the style
GROWTH = {
    "mouth": (1.6, 1.6, 505, 9),
    "mouth smile": (1.6, 3.0, 497, 4),
    "mouth sad": (1.6, 3.2, 505, 2),
    "eyes": (1.3, 1.3, 413, -4),
    "eyebrows": (1.4, 1.4, 330, -12),
    "beard chin": (1.8, 1.8, 581, -8),
    "beard chinMoustache": (1.3, 1.3, 560, -6),
    "beard moustacheTwirl": (1.5, 1.5, 476, 0),
}
"""Components, or single shapes of one, that are drawn larger than in the style, so that an expression is seen from the
back row and weighs more in a squared error: by which factors across and up, about which height, and moved down by how
much, in the units of the style."""
STYLE = Style(json.loads(files("dicebear_styles").joinpath("toon-head.json").read_text("utf-8")))


def svg(shapes: dict[str, str], colours: dict[str, str], tilt: float, background: str) -> str:
    """A face with these components of the style, and no other, each in a colour, tilted by so many degrees."""
    options: dict[str, object] = {"seed": "", "backgroundColor": background} | FRAME
    for component, _ in COMPONENTS.values():
        options[f"{component}Probability"] = 100 if component in shapes else 0
        if component in shapes:
            options[f"{component}Variant"] = shapes[component]
    options |= {f"{name}Color": value for name, value in colours.items()}
    text = Avatar(STYLE, options).to_string()
    still = {COMPONENTS[p.name][0] for p in faces.PARTS if not p.tilts}

    def tilted(use: re.Match[str]) -> str:
        component = use[1]
        if component not in shapes:
            return ""
        part = use[0]
        if growth := GROWTH.get(f"{component} {shapes[component]}") or GROWTH.get(component):
            across, up, middle, down = growth
            move = f"translate(384 {middle + down}) scale({across} {up}) translate(-384 {-middle})"
            part = f'<g transform="{move}">{part}</g>'
        return part if component in still else f'<g transform="rotate({tilt:g} {PIVOT})">{part}</g>'

    return re.sub(r'<use [^>]*href="#([a-zA-Z]+)-[^>]*/>', tilted, text)


def draw(*what: object) -> np.ndarray:
    """The same as pixels, int16 `(3, 64, 64)`."""
    side = faces.SIDE
    png = resvg_py.svg_to_bytes(svg_string=svg(*what), width=side, height=side)  # type: ignore[arg-type]
    picture = np.array(Image.open(io.BytesIO(bytes(png))).convert("RGB"), np.int16).transpose(2, 0, 1)
    assert picture.shape == (3, side, side), picture.shape
    return picture


def layer(component: str, shape: str, tilt: float) -> np.ndarray:
    """cover, tint and base (3) of one shape: uint8 `(5, 64, 64)`."""
    black, white = (dict.fromkeys(COLOURS.values(), colour) for colour in ("#000000", "#ffffff"))
    base = draw({component: shape}, black, tilt, "#000000")
    tint = draw({component: shape}, white, tilt, "#000000") - base
    cover = 255 - (draw({component: shape}, black, tilt, "#ffffff") - base)
    assert np.ptp(tint, axis=0).max() <= 3, np.ptp(tint, axis=0).max()  # a colour enters all channels alike
    means = [np.rint(plane.mean(0, keepdims=True)) for plane in (cover, tint)]
    return np.concatenate((*means, base)).clip(0, 255).astype(np.uint8)


def layers() -> dict[str, np.ndarray]:
    """The arrays of `faces.npz`."""
    arrays = {}
    for part in faces.PARTS:
        component, shapes = COMPONENTS[part.name]
        tilts = faces.TILTS if part.tilts else (0.0,)
        bank = np.stack([[layer(component, shape, tilt) for tilt in tilts] for shape in shapes])
        rows, columns = (np.flatnonzero(bank.any(axis=(0, 1, 2, axis))) for axis in (4, 3))
        bank = bank[..., rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        arrays[f"{part.name}/corner"] = np.array([rows[0], columns[0]])
        arrays[f"{part.name}/cover"] = bank[:, :, :1]
        if bank[:, :, 1].any():
            arrays[f"{part.name}/tint"] = bank[:, :, 1:2]
        if bank[:, :, 2:].any():
            arrays[f"{part.name}/base"] = bank[:, :, 2:]
        print(part.name, bank.shape)
    return arrays


def references(count: int = 48) -> dict[str, np.ndarray]:
    """Faces drawn whole by the rasteriser: factors, tilts (at the steps that layers are drawn at) and images."""
    random = np.random.RandomState(1)
    sizes = [len(values) for values in faces.FACTORS.values()]
    factors = np.stack([random.randint(0, size, count) for size in sizes], axis=1)
    tilts = random.choice(faces.TILTS, count)
    background = "#" + bytes(faces.BACKGROUND).hex()
    images = []
    for row, tilt in zip(factors, tilts, strict=True):
        values = dict(zip(faces.FACTORS, row.tolist(), strict=True))
        shapes = {"head": "head", "body": "body"}
        for name in faces.SHAPES:
            component, variants = COMPONENTS[name]
            skip = faces.FACTORS[name][0] == "none"
            if not (skip and values[name] == 0):
                shapes[component] = variants[values[name] - skip]
        colours = {
            COLOURS[name]: list(palette.values())[values[name]] for name, palette in faces.COLOURS.items()
        }
        images.append(draw(shapes, colours, tilt, background))
    return {"factors": factors, "tilts": tilts, "images": np.stack(images).astype(np.uint8)}


if __name__ == "__main__":
    np.savez_compressed(faces.LAYERS, **layers())
    np.savez_compressed(REFERENCES, **references())
    print(f"{faces.LAYERS}: {faces.LAYERS.stat().st_size:,} bytes")
