"""The words of a training in its replay: those in use at every snapshot, those that came and went, and from disk."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Page, expect

from explorer import data, store
from explorer.config import RunConfig, flat
from explorer.disk import replace_json
from explorer.export import html_page
from explorer.jobs.queue import SETTINGS
from explorer.latents.vocabulary import count_words, measure_usage
from explorer.models.onnx_graph import DecoderWriter
from explorer.store import Checkpoint
from explorer.store.weights import save_checkpoint
from explorer.training import runs, snapshots
from explorer.training.fit import new_model
from explorer.training.state import TrainingState
from tests.browser.conftest import Serve
from tests.browser.test_train import images
from tests.browser.test_words import Wall, decoded, pictures_of, tokens_of, wall
from tests.browser.waiting import alike

WORDS, SIDE = 12, 8
SEEDS = (0, 1, 2)
RATIO = 2
BORN, DIED = (42, 157, 92), (209, 73, 91)
ROWS = """(c, [corners, w, down]) => {
  const all = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
  const row = (x, y) => {
    const at = 4 * (y * c.width + x);
    return Array.from({ length: w }, (_, i) => [...all.slice(at + 4 * i, at + 4 * i + 4)]);
  };
  return corners.map(([x, y]) => [row(x, y), row(x, y + down)]);
}"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> runs.Run:
    """A paused run whose snapshots are of random networks, so that each uses other words."""
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    settings = {"data": "digits", "posterior": "fsq", "levels": (4, 3), "hidden": (16,), "epochs": 2}
    config = RunConfig.from_flat(settings)
    place = runs.folder() / "words"
    images = data.load(config.data)
    decoder = DecoderWriter()
    for epoch, seed in enumerate(SEEDS):
        model = new_model(RunConfig.from_flat(settings | {"seed": seed}), images)
        with torch.no_grad():
            for weight in model.parameters():
                weight.mul_(3)
        state = TrainingState(torch.optim.SGD(model.parameters(), lr=0.1), epoch=epoch)
        path = place / snapshots.FOLDER / snapshots.name_of(epoch)
        save_checkpoint(path, model, images, config, state, decoder=decoder, max_codes=200)
    about = {"home": str(store.checkpoints_folder().resolve()), "created": time.time(), "parent": None}
    replace_json(place / runs.RUN, about)
    replace_json(place / SETTINGS, flat(config))
    return runs.find("words")


def counts_of(snapshot: Checkpoint) -> np.ndarray:
    return count_words(tokens_of(snapshot), WORDS)[0]


def sentence(counts: list[np.ndarray], at: int) -> str:
    """What has changed at a snapshot, told anew."""
    used = [set(np.flatnonzero(c).tolist()) for c in counts]
    if at == 0:
        return f"{len(used[0])} words in use at the first snapshot."
    come, lived = used[at] - used[at - 1], set().union(*used[:at])
    born, back, died = len(come - lived), len(come & lived), len(used[at - 1] - used[at])
    parts = [(born, "was born" if born == 1 else "were born"), (back, "came back"), (died, "died")]
    said = [(n, what) for n, what in parts if n]
    if not said:
        return "The same words in use as at the snapshot before."
    told = [f"{n} {'' if i else 'word ' if n == 1 else 'words '}{what}" for i, (n, what) in enumerate(said)]
    return f"{', '.join(told)} since the snapshot before."


def edges_and_bars(at: Wall) -> tuple[np.ndarray, np.ndarray]:
    """The pixels along the upper edge of every tile, and those of the bar below it, `(tiles, width, RGBA)`."""
    corners = [[RATIO * v for v in at.corner(i)] for i in range(at.count)]
    rows = at.canvas.evaluate(ROWS, [corners, RATIO * at.cell, RATIO * (at.cell + 3)])
    edges, bars = np.moveaxis(np.array(rows), 1, 0)
    return edges, bars


def shows_words(page: Page, stored: list[Checkpoint], *numbers: int) -> None:
    """The slider goes from snapshot to snapshot; each shows its words, their use and what has changed."""
    replay = page.locator(".replay")
    expect(replay).not_to_have_attribute("aria-busy", "true")
    counts = [counts_of(c) for c in stored]
    seen = {sentence(counts, i) for i in range(len(stored))}
    assert len(seen) == len(stored)
    slider = page.get_by_role("slider", name="position in the training")
    at = wall(page, WORDS)
    for i in numbers:
        slider.fill(str(i))
        usage = measure_usage(counts[i][None], shared=True)
        expect(replay.locator(".word-change")).to_have_text(sentence(counts, i))
        expect(replay.locator(".word-key")).to_contain_text(f"in use {usage.used} of {WORDS}")
        expect(replay.locator(".word-key")).to_contain_text(f"perplexity {usage.perplexity:.1f}")
        expect(slider).to_have_attribute("aria-valuetext", sentence_in(sentence(counts, i)))
        used = np.flatnonzero(counts[i]).tolist()
        wanted = decoded(stored[i], np.arange(WORDS)[:, None])
        alike(page, partial(pictures_of, at, used, SIDE, RATIO), wanted[used], 1, f"words of snapshot {i}")
        rows = [k * len(tokens_of(stored[i])) // 36 for k in range(36)]
        rebuilt = decoded(stored[i], tokens_of(stored[i])[rows])
        alike(page, partial(images, page, "rebuilt", 6), rebuilt, 1, f"images of snapshot {i}")
        before = counts[i - 1] if i else counts[0]
        edges, bars = edges_and_bars(at)
        lengths = (bars[..., 3] > 127).mean(1)
        np.testing.assert_allclose(lengths, counts[i] / counts[i].max(), atol=1.5 / at.cell)
        born, died = ((edges[..., :3] == colour).all(-1).any(1) for colour in (BORN, DIED))
        np.testing.assert_array_equal(born, (counts[i] > 0) & (before == 0))
        np.testing.assert_array_equal(died, (counts[i] == 0) & (before > 0))
    now = counts[numbers[-1]]
    word = int(np.argmax(now))
    at.hover(word)
    about = replay.locator(".about")
    expect(about).to_contain_text(f"word {word + 1}: {now[word]} of {len(tokens_of(stored[0]))} test images")
    expect(about).to_contain_text("in use from ")


def sentence_in(told: str) -> re.Pattern[str]:
    return re.compile(re.escape(told) + "$")


def test_words_are_born_and_die_along_the_slider(
    run: runs.Run, serve: Serve, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    stored = snapshots.list_snapshots(run.path)
    app = serve(EXPLORER_RUNS=str(tmp_path / "runs"))
    page = new_page(viewport={"width": 1440, "height": 1000}, device_scale_factor=RATIO)
    page.goto(f"{app.url}/train?run=words")
    shows_words(page, stored, 1, 2, 0)
    # a press on the curve goes there
    curve = page.locator("canvas.word-curve")
    box = curve.bounding_box()
    assert box
    curve.click(position={"x": 8 + (box["width"] - 16) / 2, "y": 20})
    expect(page.locator(".replay output")).to_contain_text("epoch 1")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as GIF").click()
    film = Image.open(io.BytesIO(Path(saved.value.path()).read_bytes()))
    assert film.n_frames == 2 * 5 + 1  # type: ignore[attr-defined]
    # with its words in place of codes, it works from disk
    file = tmp_path / "words.html"
    file.write_bytes(html_page.page([html_page.replaying("words")], "words"))
    alone = new_page(offline=True, viewport={"width": 1440, "height": 1000}, device_scale_factor=RATIO)
    alone.goto(file.as_uri())
    shows_words(alone, stored, 1)
