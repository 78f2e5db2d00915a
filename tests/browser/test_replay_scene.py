"""The replay of a training as a scene: on the stage by keys, in the whole of a large screen, and from disk."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from explorer import jobs
from explorer.training import runs, snapshots
from tests.browser.conftest import Serve
from tests.browser.test_present import looked_at, shown
from tests.browser.test_samples import normals
from tests.browser.test_train import decoded, images
from tests.browser.waiting import alike, resting, until

pytestmark = pytest.mark.slow


@pytest.fixture
def training(serve: Serve, page: Page, monkeypatch: pytest.MonkeyPatch) -> tuple[str, runs.Run]:
    """A server of the test's own, and a training on it that is done."""
    app = serve()
    for name in ("data", "checkpoints", "runs"):
        monkeypatch.setenv(f"EXPLORER_{name.upper()}", str(app.log_path.parent / name))
    run = runs.start({"data": "digits", "hidden": (64,), "epochs": 4}, "short")

    def done() -> bool:
        status = jobs.status(run.path)
        assert status is None or status.state != "failed", status
        return status is not None and status.state == "done"

    until(page, done, "the end of the training", 300)
    return app.url, run


def replays(page: Page, run: runs.Run) -> None:
    """The slider, taken by a key, goes from snapshot to snapshot; each shows what its decoder makes of codes."""
    replay = page.locator(".replay")
    expect(replay).not_to_have_attribute("aria-busy", "true", timeout=120_000)
    stored = snapshots.list_snapshots(run.path)
    assert [c.manifest.trained.epochs for c in stored] == [0, 1, 2, 3, 4]
    codes = normals(36 * 2, 0).reshape(36, 2)
    page.keyboard.press("1")
    expect(page.get_by_role("slider", name="position in the training")).to_be_focused()
    seen = []
    for number in (3, 2, 1, 0):
        page.keyboard.press("ArrowLeft")  # of the slider, not of the deck
        expect(replay.locator("output")).to_contain_text(re.compile(rf"^epoch {number}\b"))
        wanted = decoded(stored[number], codes)
        alike(page, partial(images, page, "samples", 6), wanted, 1, f"samples of epoch {number}")
        seen.append(wanted)
    assert np.abs(seen[0] - seen[-1]).mean() > 10  # the training changed them


def test_a_replay_is_a_scene_on_stage_and_from_disk(
    training: tuple[str, runs.Run], page: Page, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    url, run = training
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{url}/present")
    page.get_by_role("button", name="Open or add").click()
    resting(page, page.get_by_role("button", name="Add its replay")).click()
    page.keyboard.press("Escape")
    caption = page.get_by_label("caption of this scene")
    expect(caption).to_have_value("The training of short, replayed.", timeout=60_000)
    replay = page.locator(".replay")
    expect(replay).not_to_have_attribute("aria-busy", "true", timeout=120_000)
    caption.blur()
    page.keyboard.press("p")
    expect(page.locator(".deck.filling")).to_be_visible()
    replays(page, run)
    seen = looked_at(page)
    assert not {"samples", "traversals"} & set(seen["blank"])  # a layer of the map may be empty
    assert (seen["small"], seen["outside"], seen["scrolls"]) == ([], [], False), seen
    assert seen["right"] > 0.9, seen
    assert seen["bottom"] > 0.75, seen
    page.screenshot(path=tmp_path / "replay.png")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Export").click()
    with page.expect_download(timeout=120_000) as download:
        resting(page, page.get_by_role("button", name="The deck as one HTML file")).click()
    file = tmp_path / "replay.html"
    download.value.save_as(file)
    alone = new_page(offline=True)
    alone.goto(file.as_uri())
    expect(shown(alone).locator(".replay")).to_be_visible(timeout=60_000)
    alone.keyboard.press("p")  # one scene is a page, and its keys are those of the full screen
    replays(alone, run)
