"""Sprites drawn to be asked about, against the renderer and the encoder called directly."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer import store
from explorer.data import sprites
from explorer.errors import ExplorerError
from explorer.live import sprite_renders


def test_sweeps_change_one_factor_at_a_time_and_the_sheet_shows_them() -> None:
    factors = sprite_renders.sweeps("2-5-0-16-31")
    assert len(factors) == sum(sprites.FACTOR_SIZES)
    start = 0
    for k, size in enumerate(sprites.FACTOR_SIZES):
        block = factors[start : start + size]
        assert (block[:, k] == np.arange(size)).all()
        assert (np.delete(block, k, 1) == np.delete([2, 5, 0, 16, 31], k)).all()
        start += size
    sheet = np.array(Image.open(io.BytesIO(sprite_renders.sheet("2-5-0-16-31"))))
    row, column = divmod(100, sprite_renders.ACROSS)
    shown = sheet[row * 64 : (row + 1) * 64, column * 64 : (column + 1) * 64]
    assert np.array_equal(shown, sprites.render(factors[100:101])[0, 0])


@pytest.mark.parametrize("text", ["", "3-0-0-0-0", "0-0-0-0-32", "0-0-0-0", "0-0-0-0-x", "-1-0-0-0-0"])
def test_what_is_no_sprite_is_said(text: str) -> None:
    with pytest.raises(ExplorerError, match="is not a sprite"):
        sprite_renders.sweeps(text)


def test_a_model_of_other_images_has_no_codes_of_sprites() -> None:
    digits = store.open_checkpoint(Path("checkpoints/digits-vae-z2"))
    with pytest.raises(ExplorerError, match="not trained on sprites"):
        sprite_renders.check_known(digits)
