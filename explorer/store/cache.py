"""Checkpoints that pages and routes of this process have opened, and their decoders: each is read once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from explorer import store
from explorer.errors import ExplorerError
from explorer.store import Checkpoint


@lru_cache(maxsize=32)
def kept(checkpoint: Checkpoint) -> Checkpoint:
    """One object for all that are equal, so that codes are read and checked for the first of them only."""
    return checkpoint


@lru_cache(maxsize=32)
def opened(path: Path, version: str) -> Checkpoint:
    """A checkpoint as an address names it. Raises ExplorerError if it cannot be opened, or is another by now."""
    checkpoint = store.open_checkpoint(path)
    if checkpoint.version != version:
        raise ExplorerError(f"Checkpoint {checkpoint.name} has changed; reload the page.")
    return kept(checkpoint)


@lru_cache(maxsize=32)
def session(checkpoint: Checkpoint) -> Any:
    """Its decoder, as `Checkpoint.decoder_session` gives it. Raises ExplorerError as that does."""
    return checkpoint.decoder_session()


def decoded(checkpoint: Checkpoint, z: np.ndarray) -> np.ndarray:
    """Codes `(B, d)` float32 to images `(B, C, H, W)` uint8, by the stored decoder.

    Raises ExplorerError if that fails.
    """
    images = checkpoint.decode(session(checkpoint), z)
    return np.rint(np.clip(images, 0, 1) * 255).astype(np.uint8)
