"""All data sets by name: `load` gives any data set, by name or by path, as an `ImageDataset`."""

from dataclasses import replace
from difflib import get_close_matches
from importlib import import_module

from explorer.config import DataConfig
from explorer.data.dataset import ImageDataset
from explorer.errors import ExplorerError

DRAWN = {
    "digits": "1,797 handwritten digits, 8×8 grey, 10 classes; works offline",
    "sprites": "737,280 sprites with 5 known factors, 64×64 black and white; works offline",
    "faces": "70,000 cartoon faces with 11 known factors, 64×64 colour; works offline",
    "moons": "1,000 phases of the moon, 1 known factor, 32×32 grey; works offline",
}
"""The data sets that come with the project, each a module of that name with a `load`."""


def describe_datasets() -> dict[str, str]:
    """Every data set that has a name, with one line about it. Cheap: loads and imports nothing large."""
    from explorer.data import upload
    from explorer.data.standard_sets import STANDARD

    return {
        **DRAWN,
        **{name: row.about for name, row in STANDARD.items()},
        **dict.fromkeys(upload.names(), upload.ABOUT),
    }


def attribution(name: str) -> str:
    """Whose work the images of a data set are, in a sentence that its license asks to be shown; empty if none does."""
    if name != "faces":
        return ""
    from explorer.data.faces import ATTRIBUTION

    return ATTRIBUTION


def load(config: DataConfig) -> ImageDataset:
    """The images that `config` names, at the size and in the colours it asks for.

    `config.binarize` is left to training, which may draw pixels anew in every epoch.
    Raises ExplorerError, one sentence that says what to do, if there is no such data set, if it can neither be
    found nor downloaded, or if a file is damaged or is not what it should be.
    """
    from explorer.data.resize import prepare

    return prepare(_load(config), config)


def _load(config: DataConfig) -> ImageDataset:
    name = config.data
    if name in DRAWN:
        dataset: ImageDataset = import_module(f"explorer.data.{name}").load()
        return dataset
    from explorer.data import upload

    if path := upload.find(name):
        from explorer.data.npz import read_npz

        return replace(read_npz(path), name=name)
    if name in describe_datasets():
        from explorer.data import standard_sets

        return standard_sets.load(name)

    from explorer.data import user_files

    path = user_files.find_path(name)
    if path is None:
        similar = get_close_matches(name.lower(), describe_datasets(), n=1)
        raise ExplorerError(
            f"There is no data set and no file named {name!r}{f' (did you mean {similar[0]}?)' if similar else ''}: "
            f"choose one of {', '.join(describe_datasets())}, or the path of a folder, .zip or .npz of images."
        )
    return user_files.load(path, config.image_size)


def add(name: str, dataset: ImageDataset) -> None:
    """Keep uploaded images under a name. Raises ExplorerError if the name is taken or they cannot be written."""
    from explorer.data import upload

    if name in describe_datasets():
        raise ExplorerError(f"There are images named {name} already; choose another name.")
    upload.write(name, dataset)
