"""Models of one kind each that the same image can go through, and the scenes and files in which it does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from starlette.applications import Starlette

from explorer import store
from explorer.export import html_page
from explorer.live.page_schema import LessonData
from explorer.live.relatives import relatives
from explorer.live.scenes import Scene
from explorer.live.stage import describe
from explorer.server.routes import live_routes
from explorer.store import Checkpoint
from explorer.ui.parts import scene_views
from tests.live.conftest import serving

SPACE = ["mnist-ae-z10", "mnist-vae-z10", "mnist-vae-beta4-z10"]


@pytest.fixture
def found(shipped_checkpoints: Path) -> dict[str, Checkpoint]:
    return {c.name: c for c in store.list_checkpoints(shipped_checkpoints)[0]}


def kin(found: dict[str, Checkpoint], name: str) -> list[str]:
    return [c.name for c in relatives(found[name], list(found.values()))]


def test_there_is_one_of_each_kind_and_the_model_itself_is_among_them(found: dict[str, Checkpoint]) -> None:
    for name in SPACE:
        assert kin(found, name) == SPACE
    assert kin(found, "mnist-vae-beta16-z10") == [*SPACE[:2], "mnist-vae-beta16-z10"]
    assert kin(found, "mnist-vae-every-z10") == [SPACE[0], "mnist-vae-every-z10", SPACE[2]]
    assert kin(found, "sprites-vae-z10") == ["sprites-vae-z10", "sprites-vae-beta4-z10"]
    assert kin(found, "sprites-vae-beta4-seed1-z10") == ["sprites-vae-z10", "sprites-vae-beta4-seed1-z10"]
    assert kin(found, "sprites-vae-conv-beta4-z10") == ["sprites-vae-z10", "sprites-vae-conv-beta4-z10"]
    assert kin(found, "sprites-vae-every-z10") == ["sprites-vae-every-z10", "sprites-vae-beta4-z10"]
    assert kin(found, "sprites-vae-beta16-z10") == ["sprites-vae-z10", "sprites-vae-beta16-z10"]
    assert kin(found, "mnist-vae-z2") == ["mnist-ae-z2", "mnist-vae-z2"]
    assert kin(found, "faces-vae-z24") == ["faces-ae-z24", "faces-vae-z24", "faces-vae-beta4-z24"]


def test_those_that_ship_have_codes_of_the_same_images(found: dict[str, Checkpoint]) -> None:
    for checkpoint in found.values():
        for other in relatives(checkpoint, list(found.values())):
            assert np.array_equal(other.codes.index, checkpoint.codes.index), (checkpoint.name, other.name)


def test_they_are_served_as_the_stage_describes_them(
    shipped_checkpoints: Path, found: dict[str, Checkpoint]
) -> None:
    base = describe(found["mnist-vae-z10"]).base
    with serving(Starlette(routes=live_routes(shipped_checkpoints))) as client:
        answer = client.get(f"/{base}relatives")
    assert answer.headers["cache-control"] == "no-store"  # models come and go
    models = json.loads(answer.content)["models"]
    assert [m.pop("title") for m in models] == ["AE", "VAE", "β-VAE, β = 4"]
    assert models == [describe(found[name]).dump() for name in SPACE]


@pytest.mark.parametrize("page", ["inside", "compression"])
def test_a_scene_has_the_models_and_a_file_of_it_all_that_they_need(
    page: str, found: dict[str, Checkpoint]
) -> None:
    names = ["digits-ae-z2", "digits-vae-z2"]
    scene = Scene.model_validate(
        {"page": page, "address": {"models": ",".join(names), "images": "5"}, "caption": "Inside."}
    )
    view = scene_views.view(scene, found)
    assert isinstance(view.data, LessonData)
    assert (view.data.kind, view.data.rows, view.data.titles) == (page, (5,), ("AE", "VAE"))
    text = html_page.page([view], "inside").decode()
    for name in names:
        base = describe(found[name]).base
        for file in ("encoder.onnx", "decoder.onnx", "codes", "scales", "column/labels"):
            assert f'data-file="{base}{file}"' in text
    assert re.findall(r'data-file="[^"]*originals/0.png" (data-same)?', text) == ["", "data-same"]
