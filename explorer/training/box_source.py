"""The model whose codes boxes begin from. Nothing here imports torch."""

from explorer import store
from explorer.config import DataConfig, RunConfig
from explorer.errors import ExplorerError
from explorer.store import Checkpoint

BOX_EPOCHS = 2
"""Epochs in which boxes learn the clusters that they begin from (`explorer.training.box_start`)."""


def find_source(config: RunConfig) -> Checkpoint | None:
    """The checkpoint that `boxes_from` names, None where it names none.

    Raises ExplorerError if it is not in the folder of checkpoints, or its codes are not Gaussians of the same images.
    """
    name = config.training.boxes_from
    if name is None:
        return None
    place = store.checkpoints_folder() / store.check_name(name)
    if not store.exists(place):
        fitting = ", ".join(sources(config.data))
        raise ExplorerError(
            f"Boxes cannot begin from {name}: there is no such checkpoint. "
            + (f"Choose one of these: {fitting}." if fitting else "First train a VAE on these images.")
        )
    checkpoint = store.open_checkpoint(place)
    other = checkpoint.manifest.data
    if not _same_images(config.data, other):
        raise ExplorerError(
            f"Boxes cannot begin from {name}, whose codes are those of other images: {_described(other)}, and not "
            f"{_described(config.data)}. Choose a model of the same images, at the same size."
        )
    if not _has_gaussian_codes(checkpoint):
        raise ExplorerError(
            f"Boxes cannot begin from {name}: its codes are not Gaussians of the images alone. Choose a VAE."
        )
    return checkpoint


def sources(data: DataConfig) -> list[str]:
    """The names of the checkpoints that boxes of these images can begin from."""
    good, _ = store.list_checkpoints(store.checkpoints_folder())
    return [
        c.name
        for c in good
        if _same_images(data, c.manifest.data) and _has_gaussian_codes(c) and not c.manifest.unfinished
    ]


def _same_images(a: DataConfig, b: DataConfig) -> bool:
    """Whether the networks of both are given the same images, up to their black and white."""
    return a.model_copy(update={"binarize": b.binarize}) == b


def _has_gaussian_codes(checkpoint: Checkpoint) -> bool:
    m = checkpoint.manifest
    return m.rebuildable and m.model.posterior in ("diagonal", "full") and m.model.condition == "none"


def _described(data: DataConfig) -> str:
    side = f" at {data.image_size} pixels" if data.image_size else ""
    return f"{data.data[:80]}{side}{'' if data.channels == 'keep' else f' in {data.channels}'}"
