"""Scenes: what is kept comes back, what is not a deck is refused in a sentence, and the story is there."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer import store
from explorer.errors import ExplorerError
from explorer.export import html_page
from explorer.live.scenes import Scene, dumped, loaded
from explorer.shipped.story import story
from explorer.ui.pages import present as page

WORDS = st.text(max_size=40)
SCENES = st.builds(
    Scene,
    page=st.sampled_from(["explore", "samples", "compare", "tug", "draws", "rotate"]),
    address=st.dictionaries(WORDS, WORDS, max_size=4),
    caption=WORDS,
)


@given(st.lists(SCENES, max_size=5))
def test_what_is_kept_comes_back(deck: list[Scene]) -> None:
    assert loaded(dumped(deck)) == deck


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | WORDS, lambda x: st.lists(x) | st.dictionaries(WORDS, x)
    )
)
def test_any_other_json_is_a_deck_or_a_sentence(value: Any) -> None:
    for whole in (value, {"format": 1, "scenes": value}, {"format": 1, "scenes": [value]}):
        with contextlib.suppress(ExplorerError):  # what else it raises fails the test
            assert all(isinstance(scene, Scene) for scene in loaded(json.dumps(whole).encode()))


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
        loaded(data, "talk.json")
    assert str(caught.value).startswith("talk.json")


def test_the_story_has_eight_scenes_that_open_and_fit_into_one_page(shipped_checkpoints: Path) -> None:
    found = {c.name: c for c in store.list_checkpoints(shipped_checkpoints)[0]}
    scenes = story(list(found.values()))
    assert [s.page for s in scenes] == [
        *("explore", "samples", "samples", "draws", "tug", "samples", "compare", "rotate")
    ]
    assert all(40 < len(s.caption) < 300 for s in scenes)
    views = [page.view(scene, found) for scene in scenes]
    whole = html_page.page(views, "story")
    print(f"{len(whole) / 1e6:.1f} MB")
    assert len(whole) < 40e6
    assert page.view(scenes[0], found).data.dump()["state"]["selected"] == 3


def test_a_scene_of_a_checkpoint_that_is_not_here_says_so(shipped_checkpoints: Path) -> None:
    found = {c.name: c for c in store.list_checkpoints(shipped_checkpoints)[0]}
    for scene in (
        Scene(page="explore", address={"checkpoint": "gone"}),
        Scene(page="samples", address={"models": "digits-ae-z2,gone"}),
        Scene(page="rotate"),
    ):
        with pytest.raises(ExplorerError, match="not among the checkpoints here"):
            page.view(scene, found)
    with pytest.raises(ExplorerError, match="latent"):
        page.view(Scene(page="samples", address={"models": "digits-ae-z2,digits-ae-z10"}), found)


def test_without_checkpoints_the_story_is_what_needs_none() -> None:
    assert [scene.page for scene in story([])] == ["tug"]
