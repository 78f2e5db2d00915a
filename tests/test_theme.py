"""The page's colours can be read and told apart, by the definitions of contrast and colour blindness."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path

import numpy as np
import pytest

SETTINGS = tomllib.loads(
    (Path(__file__).resolve().parent.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8")
)
THEME = SETTINGS["theme"]

# Machado, Oliveira & Fernandes 2009: what each kind of full colour blindness makes of linear RGB.
EYES = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def linear(colour: str) -> np.ndarray:
    """`#rrggbb` as linear RGB, (3,) in [0, 1]."""
    value = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(a: str, b: str) -> float:
    """The contrast ratio of the Web Content Accessibility Guidelines, 1 to 21."""
    dark, light = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (a, b))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    """Linear RGB as CIELAB under D65."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = to_xyz @ np.clip(rgb, 0, 1) / [0.9505, 1.0, 1.089]
    fx, fy, fz = (np.cbrt(t) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29 for t in (x, y, z))
    return np.array([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)])


def test_contrast_of_known_pairs() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_and_accent_can_be_read(name: str) -> None:
    theme = THEME[name]
    for ground in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        assert contrast(theme["textColor"], ground) >= 7
        assert contrast(theme["linkColor"], ground) >= 4.5
        assert contrast(theme["primaryColor"], ground) >= 4.2
    # Streamlit writes in white on a button of the accent colour.
    assert contrast(theme["primaryColor"], "#ffffff") >= 4.2
    assert contrast(theme["backgroundColor"], {"light": "#ffffff", "dark": "#000000"}[name]) < 1.15


@pytest.mark.parametrize("eyes", EYES)
def test_class_colours_stay_apart(eyes: str) -> None:
    seen = [lab(EYES[eyes] @ linear(c)) for c in THEME["chartCategoricalColors"]]
    assert len(seen) == 10
    distance = min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2))
    assert distance > 15  # in CIELAB; 2.3 is just noticeable, and matplotlib's ten give 5 without red cones


def test_class_colours_show_on_both_grounds() -> None:
    for colour in THEME["chartCategoricalColors"]:
        for name in ("light", "dark"):
            assert contrast(colour, THEME[name]["backgroundColor"]) > 1.5


def test_the_scale_rises_evenly() -> None:
    lightness = [lab(linear(c))[0] for c in THEME["chartSequentialColors"]]
    steps = np.diff(lightness)
    assert len(lightness) == 10
    assert steps.min() > 0.75 * steps.mean()
    assert steps.max() < 1.25 * steps.mean()


def test_only_this_machine_is_served_and_nothing_is_reported() -> None:
    assert SETTINGS["server"]["address"] == "127.0.0.1"
    assert SETTINGS["browser"]["gatherUsageStats"] is False


def test_streamlit_knows_every_setting() -> None:
    from streamlit import config

    known = set(config._config_options_template)
    assert len(known) > 100

    def names(table: dict, prefix: str = "") -> list[str]:
        return [
            full
            for key, value in table.items()
            for full in (names(value, f"{prefix}{key}.") if isinstance(value, dict) else [f"{prefix}{key}"])
        ]

    assert set(names(SETTINGS)) <= known
