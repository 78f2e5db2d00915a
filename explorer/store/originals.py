"""The images a checkpoint was trained on: loaded by its settings, and checked to be the same."""

from explorer import data
from explorer.data import ImageDataset
from explorer.errors import ExplorerError
from explorer.store.folder import Checkpoint


def load_images(checkpoint: Checkpoint) -> ImageDataset:
    """The images it was trained on. Raises ExplorerError if they are missing or have changed."""
    return check_images(checkpoint, data.load(checkpoint.manifest.data))


def check_images(checkpoint: Checkpoint, images: ImageDataset) -> ImageDataset:
    """`images`. Raises ExplorerError if they differ in shape from what the checkpoint knows, or are fewer."""
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
