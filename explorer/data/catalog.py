"""The catalog of data sets by name, and `load`, which returns a data set by name or by path."""

from dataclasses import replace
from difflib import get_close_matches
from importlib import import_module

from explorer.config import DataConfig
from explorer.data.dataset import ImageDataset
from explorer.errors import ExplorerError

INCLUDED = {
    "digits": "1,797 handwritten digits, 8×8 grey, 10 classes; works offline",
    "sprites": "737,280 sprites with 5 known factors, 64×64 black and white; works offline",
    "faces": "70,000 cartoon faces with 11 known factors, 64×64 colour; works offline",
    "moons": "1,000 phases of the moon, 1 known factor, 32×32 grey; works offline",
}
"""The data sets included in the project, each a module of the same name with a function `load`."""


def describe_datasets() -> dict[str, str]:
    """Map the name of every data set to a one-line description. Cheap: imports no large package."""
    from explorer.data import upload
    from explorer.data.standard_sets import STANDARD

    return {
        **INCLUDED,
        **{name: row.about for name, row in STANDARD.items()},
        **dict.fromkeys(upload.names(), upload.ABOUT),
    }


def attribution(name: str) -> str:
    """The attribution that the license of a data set requires; empty if it requires none."""
    if name != "faces":
        return ""
    from explorer.data.faces import ATTRIBUTION

    return ATTRIBUTION


def load(config: DataConfig) -> ImageDataset:
    """Load the data set of `config`, resized and converted to its size and channels.

    Training applies `config.binarize`, because it may sample pixels in every epoch.
    Raises ExplorerError with a remedy if there is no such data set, if it cannot be downloaded, or if a file is damaged
    or has the wrong format.
    """
    from explorer.data.resize import prepare

    return prepare(_load(config), config)


def _load(config: DataConfig) -> ImageDataset:
    name = config.data
    if name in INCLUDED:
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
    """Save an upload under a name. Raises ExplorerError if the name is in use or the images cannot be written."""
    from explorer.data import upload

    if name in describe_datasets():
        raise ExplorerError(f"There are images named {name} already; choose another name.")
    upload.write(name, dataset)
