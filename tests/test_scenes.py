"""Scenes: what is kept comes back, what is not a deck is refused in a sentence, and the story is there."""

from __future__ import annotations

import base64
import contextlib
import gzip
import json
import re
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnxruntime import InferenceSession

from explorer import reports, store
from explorer.errors import ExplorerError
from explorer.export import html_page
from explorer.export.lesson_files import SHEETS
from explorer.live import thumbnails
from explorer.live.scenes import PageName, Scene, dump_scenes, load_scenes
from explorer.shipped.story import WALKS, story
from explorer.ui.pages import present
from explorer.ui.parts import kept_scenes
from explorer.ui.parts import scene_views as page
from explorer.ui.session import Session

WORDS = st.text(max_size=40)
SCENES = st.builds(
    Scene,
    page=st.sampled_from(get_args(PageName)),
    address=st.dictionaries(WORDS, WORDS, max_size=4),
    caption=WORDS,
    notes=WORDS,
)


@given(st.lists(SCENES, max_size=5))
def test_what_is_kept_comes_back(deck: list[Scene]) -> None:
    assert load_scenes(dump_scenes(deck)) == deck


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | WORDS, lambda x: st.lists(x) | st.dictionaries(WORDS, x)
    )
)
def test_any_other_json_is_a_deck_or_a_sentence(value: Any) -> None:
    for whole in (value, {"format": 1, "scenes": value}, {"format": 1, "scenes": [value]}):
        with contextlib.suppress(ExplorerError):  # what else it raises fails the test
            assert all(isinstance(scene, Scene) for scene in load_scenes(json.dumps(whole).encode()))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x93NUMPY", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"format": 2, "scenes": []}', "is not a deck of scenes"),
        (b'{"format": 1, "scenes": [{"page": "shell"}]}', "scene 1 cannot be used, page is wrong"),
        (b'{"format": 1, "scenes": [{"page": "tug", "run": "x"}]}', "scene 1 cannot be used, run is wrong"),
        (json.dumps({"format": 1, "scenes": [{"page": "tug"}] * 101}).encode(), "at most 100"),
        (b" " * (1 << 21), "at most 1,048,576"),
    ],
)
def test_what_is_not_a_deck_is_refused_in_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(ExplorerError, match=words) as caught:
        load_scenes(data, "talk.json")
    assert str(caught.value).startswith("talk.json")


def test_the_story_has_eight_scenes_that_open_and_fit_into_one_page(shipped_checkpoints: Path) -> None:
    found = {c.name: c for c in store.list_checkpoints(shipped_checkpoints)[0]}
    scenes = story(list(found.values()))
    assert [s.page for s in scenes] == [
        *("restore", "random", "holes", "draws", "tug", "random", "ladder", "rotate")
    ]
    assert [s.address.get("models") for s in scenes] == [  # nothing that is given a class, or every beta
        *("mnist-ae-z2", "mnist-ae-z10", "mnist-ae-z10", "mnist-vae-z2", None),
        *("mnist-ae-z10,mnist-vae-z10", "mnist-vae-z10,mnist-vae-beta4-z10", "mnist-vae-beta4-z10"),
    ]
    assert all(40 < len(s.caption) < 300 and s.notes for s in scenes)
    views = [page.view(scene, found) for scene in scenes]
    assert {c.manifest.data.data for view in views for c in view.checkpoints} == {"mnist"}
    whole = html_page.page(views, "story")
    print(f"{len(whole) / 1e6:.1f} MB")
    assert len(whole) < 12e6
    assert carried(whole, "decoder.onnx") == {c.name: c.read(store.DECODER) for c in views[0].checkpoints} | {
        c.name: c.read(store.DECODER) for view in views for c in view.checkpoints
    }


def test_walks_between_digits_have_none_halfway(shipped_checkpoints: Path) -> None:
    """The story's walks: their ends lie as near to real images as 95 % of test images do, their middles farther."""
    checkpoint = store.open_checkpoint(shipped_checkpoints / "mnist-ae-z10")
    rows = np.array([int(row) for row in WALKS.split(",")]).reshape(-1, 2)
    assert rows.max() < SHEETS["holes"] * thumbnails.SIDE**2  # an exported page has them
    ends = checkpoint.codes.mean[rows]  # (walks, 2, d)
    assert checkpoint.codes.labels is not None
    assert len({tuple(sorted(pair)) for pair in checkpoint.codes.labels[rows].tolist()}) == len(rows)
    decoder = InferenceSession(checkpoint.read(store.DECODER))
    judge = InferenceSession(reports.real_images().read(checkpoint))

    def departure(z: np.ndarray) -> np.ndarray:
        (images,) = decoder.run(None, {"z": z.astype("f4")})
        return np.asarray(judge.run(None, {"image": images})[0])

    assert (departure(ends.reshape(-1, ends.shape[-1])) < 0.7).all()
    assert (departure(ends.mean(1)) > 1.2).all()


def carried(whole: bytes, file: str) -> dict[str, bytes]:
    """What a page carries under this name, by checkpoint."""
    found = {}
    for name, more, text in re.findall(rb'data-file="([^"]*)" ([^>]*)>([^<]*)</script>', whole):
        if not name.endswith(b"/" + file.encode()):
            continue
        raw = gzip.decompress(base64.b85decode(text.replace(b",", b"<")))
        stride, count = (int(n) for n in re.findall(rb'"(\d+)"', more))
        planes = [raw[i * len(raw) // stride : (i + 1) * len(raw) // stride] for i in range(stride)]
        found[name.split(b"/")[1].decode()] = bytes(b for group in zip(*planes, strict=True) for b in group)[
            :count
        ]
    return found


def test_a_scene_of_a_checkpoint_that_is_not_here_says_so(shipped_checkpoints: Path) -> None:
    found = {c.name: c for c in store.list_checkpoints(shipped_checkpoints)[0]}
    for scene in (
        Scene(page="explore", address={"checkpoint": "gone"}),
        Scene(page="samples", address={"models": "digits-ae-z2,gone"}),
        Scene(page="rotate"),
        Scene(page="restore", address={"models": "gone"}),
    ):
        with pytest.raises(ExplorerError, match="not among the checkpoints here"):
            page.view(scene, found)
    with pytest.raises(ExplorerError, match="latent"):
        page.view(Scene(page="samples", address={"models": "digits-ae-z2,digits-ae-z10"}), found)
    with pytest.raises(ExplorerError, match="latent"):
        page.view(Scene(page="random", address={"models": "digits-ae-z2,digits-ae-z10"}), found)


def test_a_file_that_one_scene_cuts_is_whole_where_another_needs_all(shipped_checkpoints: Path) -> None:
    found = {c.name: c for c in store.list_checkpoints(shipped_checkpoints)[0]}
    few = page.view(Scene(page="holes", address={"models": "mnist-ae-z10", "images": "1,2"}), found)
    every = page.view(Scene(page="explore", address={"checkpoint": "mnist-ae-z10"}), found)
    codes = found["mnist-ae-z10"].codes.mean.astype("<f4").tobytes()
    assert carried(html_page.page([few, every], ""), "codes") == {"mnist-ae-z10": codes}
    assert carried(html_page.page([few], ""), "codes") == {"mnist-ae-z10": codes[: 1024 * 10 * 4]}


def test_scenes_are_on_disk_for_the_next_visit_but_not_of_a_read_only_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    visits: list[Session] = [Session()]
    monkeypatch.setattr(kept_scenes, "session", lambda: visits[-1])
    first, second = Scene(page="tug", caption="one", notes="say it"), Scene(page="tug", caption="two")
    kept_scenes.change([first])
    visits.append(Session())
    assert kept_scenes.scenes() == [first]
    kept_scenes.restore([second.model_dump(), first.model_dump()])
    assert kept_scenes.scenes() == [second, first]
    monkeypatch.setenv("EXPLORER_READ_ONLY", "1")
    visits.append(Session())
    assert kept_scenes.scenes() == []
    kept_scenes.change([first])
    assert load_scenes((tmp_path / "runs" / "scenes.json").read_bytes()) == [second, first]


def test_without_checkpoints_the_story_is_what_needs_none() -> None:
    assert [scene.page for scene in story([])] == ["tug"]


def test_a_page_of_the_water_level_carries_the_spectrum_and_no_network(shipped_checkpoints: Path) -> None:
    found = {c.name: c for c in store.list_checkpoints(shipped_checkpoints)[0]}
    models = "digits-vae-z10,digits-vae-beta4-z10"
    whole = html_page.page([page.view(Scene(page="water", address={"models": models}), found)], "")
    names = {name.split(b"/")[-1] for name in re.findall(rb'data-file="(checkpoints/[^"]*)"', whole)}
    assert names == {b"spectrum", b"0.png"}


def test_the_water_level_of_a_model_is_shown_with_its_ladder(shipped_checkpoints: Path) -> None:
    found = {c.name: c for c in store.list_checkpoints(shipped_checkpoints)[0]}
    scene = present.water_scene(found["mnist-vae-beta4-z10"], list(found.values()))
    models = scene.address["models"].split(",")
    assert models == ["mnist-vae-z10", *(f"mnist-vae-beta{beta}-z10" for beta in (4, 16))]
    assert present.water_scene(found["moons-ae-z1"], list(found.values())).address["models"] == "moons-ae-z1"
