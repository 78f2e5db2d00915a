"""What Explore opens with before Streamlit's page is up is what the component is handed by the page."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
from onnxruntime import InferenceSession
from starlette.applications import Starlette

from explorer import store
from explorer.errors import ExplorerError
from explorer.live.bundle import build_hash
from explorer.live.compare_payload import compare_data
from explorer.live.schema import CompareState, StageState
from explorer.live.stage import describe, stage_data
from explorer.server.early import opening
from tests import tiny
from tests.live.conftest import serving

ROOT = Path(__file__).parents[1]
PLANE = "digits-vae-z2"


def damage(folder: Path) -> None:
    codes = store.write(folder / "damaged", *tiny.parts()).path / store.CODES
    codes.write_bytes(codes.read_bytes()[:-9])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two shipped checkpoints."""
    place = tmp_path / "checkpoints"
    for name in ("digits-ae-z2", PLANE):
        shutil.copytree(ROOT / "checkpoints" / name, place / name)
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(place))
    return place


def test_a_link_opens_its_checkpoint_in_its_state(folder: Path) -> None:
    found = opening.opening({"checkpoint": PLANE, "z": "1,-2", "colour": "error", "nonsense": "?"})
    assert found is not None
    assert found.view == "explore"
    assert found.model == describe(store.open_checkpoint(folder / PLANE))
    assert found.state.dump() == {"z": [1.0, -2.0], "colour": "error", "projection": "dims:0,1"}
    other = opening.opening({"checkpoint": PLANE})
    assert other is not None
    assert found.first not in ("", other.first)


@pytest.mark.parametrize("address", [{}, {"checkpoint": "no such thing", "z": "1,-2"}])
def test_without_one_that_is_here_it_opens_as_the_page_does(folder: Path, address: dict[str, str]) -> None:
    found = opening.opening(address)
    assert found is not None
    assert found.model.name == PLANE  # the first that is not a plain autoencoder
    assert found.state.dump() == {"projection": "dims:0,1", "colour": "labels"}


def test_what_cannot_be_shown_is_left_to_the_page(folder: Path, tmp_path: Path, monkeypatch: Any) -> None:
    damage(folder)
    assert opening.opening({"checkpoint": "damaged"}) is None
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path / "none"))
    assert opening.opening({}) is None
    unreadable = ExplorerError("The folder of checkpoints cannot be read.")
    monkeypatch.setattr(store, "list_checkpoints", Mock(side_effect=unreadable))
    assert opening.opening({}) is None


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({}, ["positions/dims%3A0%2C1", "column/labels"]),
        ({"projection": "no such", "colour": "dim:1"}, ["positions/dims%3A0%2C1", "column/dim%3A1"]),
    ],
)
def test_the_page_asks_for_what_its_map_draws(folder: Path, asked: dict[str, str], wanted: list[str]) -> None:
    base = f"checkpoints/{PLANE}/{store.open_checkpoint(folder / PLANE).version}/"
    data = opening.opening({"checkpoint": PLANE} | asked)
    assert data is not None
    assert opening.arrays(data) == [base + path for path in wanted]


def test_a_model_of_words_has_no_map_to_ask_for(shipped_checkpoints: Path) -> None:
    for name in ("mnist-fsq-8x6x5", "mnist-vq-7x7x128"):
        data = opening.opening({"checkpoint": name})
        assert data is not None
        assert opening.arrays(data) == [data.model.base + path for path in ("words", "column/labels")]


def test_a_line_has_no_map_to_ask_for(shipped_checkpoints: Path) -> None:
    data = opening.opening({"checkpoint": "moons-vae-z1", "z": "1"})
    assert data is not None
    assert (data.view, data.state.dump(), opening.arrays(data)) == ("traverse", {"z": [1.0]}, [])


@pytest.mark.parametrize(
    ("name", "at_image"),
    [("sprites-vae-z10", True), ("mnist-ae-z10", True), ("mnist-vae-z10", False), ("faces-vae-z24", False)],
)
def test_where_the_origin_decodes_to_a_dot_or_a_smear_it_opens_at_a_test_image(
    name: str, at_image: bool, shipped_checkpoints: Path
) -> None:
    checkpoint = store.open_checkpoint(shipped_checkpoints / name)
    session = InferenceSession(checkpoint.read(store.DECODER))
    z = np.zeros((1, checkpoint.manifest.model.latent_size), "f4")
    (at_origin,) = session.run(None, {"z": z})
    # other images than those that it compares with
    (restored,) = session.run(None, {"z": checkpoint.codes.mean[100:150].astype("f4")})
    assert (at_origin.std() < 0.5 * np.median(restored.std((1, 2, 3)))) == at_image
    data = stage_data(checkpoint, StageState())
    begin = checkpoint.codes.mean[0].tolist() if at_image else None
    assert (data.state.z, data.state.selected) == (begin, 0 if at_image else None)
    # a link to the origin is a link to the origin
    assert stage_data(checkpoint, StageState(z=z[0].tolist())).state.z == z[0].tolist()
    # models side by side begin alike
    beside = [checkpoint, checkpoint]
    assert compare_data(beside, ["", ""], CompareState(tab="ladder")).state.image == (0 if at_image else None)
    assert compare_data(beside, ["", ""], CompareState(seed=0)).state.image is None


def test_a_model_of_every_beta_opens_at_a_test_image(shipped_checkpoints: Path) -> None:
    checkpoint = store.open_checkpoint(shipped_checkpoints / "faces-vae-every-z24")
    assert stage_data(checkpoint, StageState()).state.selected == 0
    assert compare_data([checkpoint], [""], CompareState()).state.image == 0


@pytest.mark.parametrize("base", ["", "/lab"])
def test_the_script_hands_over_data_and_colours(folder: Path, base: str) -> None:
    damage(folder)
    with serving(Starlette(routes=opening.opening_routes(base))) as client:
        answer = client.get(f"{base}/live/opening.js?checkpoint={PLANE}&z=1,-2")
        none = client.get(f"{base}/live/opening.js?checkpoint=damaged")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-store"
    first, second = answer.text.splitlines()
    assert first == f'import {{ early }} from "./{build_hash()}/stage.js";'
    call = re.fullmatch(r"early\((.*)\);", second)
    assert call
    data = opening.opening({"checkpoint": PLANE, "z": "1,-2"})
    assert data is not None
    assert json.loads(f"[{call[1]}]") == [data.dump(), opening.themes()]
    assert none.status_code == 200
    assert none.text == "export {};"


def test_the_colours_are_those_of_the_page() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
    for theme, variables in opening.themes().items():
        assert variables["--st-background-color"] == settings[theme]["backgroundColor"]
        assert variables["--st-text-color"] == settings[theme]["textColor"]
        assert variables["--st-primary-color"] == settings[theme]["primaryColor"]
        assert variables["color-scheme"] == theme


def test_a_link_to_an_image_begins_at_its_code(folder: Path) -> None:
    checkpoint = store.open_checkpoint(folder / PLANE)
    state = stage_data(checkpoint, StageState(selected=7)).state
    assert (state.selected, state.z) == (7, checkpoint.codes.mean[7].tolist())
    far = stage_data(checkpoint, StageState(selected=10**6)).state
    assert far.selected == len(checkpoint.codes) - 1
    assert stage_data(checkpoint, StageState(selected=7, z=[1.0, 0.0])).state.z == [1.0, 0.0]
