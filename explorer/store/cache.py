"""Checkpoints and decoders that this process has opened: each is read and checked once."""

from functools import lru_cache
from pathlib import Path

import numpy as np

from explorer.errors import ExplorerError
from explorer.store.decoder import Decoder, Given
from explorer.store.folder import Checkpoint, open_checkpoint


@lru_cache(maxsize=32)
def shared(checkpoint: Checkpoint) -> Checkpoint:
    """One object for all equal checkpoints, so that codes are read and checked only once."""
    return checkpoint


@lru_cache(maxsize=32)
def open_version(path: Path, version: str) -> Checkpoint:
    """The checkpoint that an address names. Raises ExplorerError if it cannot be opened or has changed since."""
    checkpoint = open_checkpoint(path)
    if checkpoint.version != version:
        raise ExplorerError(f"Checkpoint {checkpoint.name} has changed; reload the page.")
    return shared(checkpoint)


@lru_cache(maxsize=32)
def decoder_session(checkpoint: Checkpoint) -> Decoder:
    """Its decoder, in a process of its own, opened once. Raises ExplorerError as `Checkpoint.decoder_session` does."""
    return checkpoint.decoder_session(remote=True)


def decode(checkpoint: Checkpoint, z: np.ndarray, beta: Given = None, label: Given = None) -> np.ndarray:
    """Decode codes `(B, d)` float32 to images `(B, C, H, W)` uint8 with the stored decoder.

    beta, label: as in `Checkpoint.decode`. Raises ExplorerError if that fails.
    """
    images = checkpoint.decode(decoder_session(checkpoint), z, beta, label)
    return np.rint(np.clip(images, 0, 1) * 255).astype(np.uint8)
