"""Checkpoints beside one: in the same folder, of the same images."""

import numpy as np

from explorer.store.folder import Checkpoint, list_checkpoints


def codes_of_vae(checkpoint: Checkpoint) -> dict[str, np.ndarray]:
    """The codes of the same images by a VAE beside the checkpoint, by its name: the one with most latents; none where
    there is no such model."""
    index, data = checkpoint.codes.index, checkpoint.manifest.data

    def fits(other: Checkpoint) -> bool:
        m = other.manifest
        same = (m.data.data, m.image_shape) == (data.data, checkpoint.manifest.image_shape)
        return m.textbook_vae and m.beta == 1 and same and not m.unfinished

    found = [c for c in list_checkpoints(checkpoint.path.parent)[0] if fits(c)]
    found = [c for c in found if np.isin(index, c.codes.index).all()]
    if not found:
        return {}
    best = max(found, key=lambda c: (c.manifest.model.latent_size, c.name))
    order = np.argsort(best.codes.index)
    rows = order[np.searchsorted(best.codes.index, index, sorter=order)]
    return {f"codes of {best.name}": best.codes.mean[rows]}
