"""The images that a checkpoint was made of: looked up by its settings, and checked to be the same."""

from __future__ import annotations

from explorer import data
from explorer.data import ImageDataset
from explorer.errors import ExplorerError
from explorer.store import Checkpoint


def load_images(checkpoint: Checkpoint) -> ImageDataset:
    """The images it was trained on. Raises ExplorerError if they are not there, or are others by now."""
    return checked(checkpoint, data.load(checkpoint.manifest.data))


def checked(checkpoint: Checkpoint, images: ImageDataset) -> ImageDataset:
    """`images`, unless they are of another size than a checkpoint knows, or fewer. Then raises ExplorerError."""
    shape, most = checkpoint.manifest.image_shape, int(checkpoint.codes.index.max())
    if images.image_shape == shape and most < len(images):
        return images
    knows, has = f"of shape {shape}", f"{images.image_shape}"
    if images.image_shape == shape:
        knows, has = f"at least {most + 1:,} of them", f"{len(images):,}"
    raise ExplorerError(
        f"Checkpoint {checkpoint.name} was trained on other images, {knows}, where {images.name} has {has} now; "
        "give it the images it was trained on."
    )
