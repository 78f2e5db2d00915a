"""People's own images: a folder, a `.zip` or an `.npz`."""

from pathlib import Path

from explorer.data.dataset import ImageDataset
from explorer.errors import ExplorerError


def find_path(name: str) -> Path | None:
    """The path that `name` means, if there is something there."""
    try:
        path = Path(name).expanduser()
        return path if name and path.exists() else None
    except (OSError, ValueError, RuntimeError):  # too long, a zero byte, no such user
        return None


def load(path: Path, image_size: int | None = None) -> ImageDataset:
    """Images from a folder or a `.zip` (`image_folder`), or from an `.npz` (`npz`).

    Nine tenths, a fixed random choice, are for training. `image_size` is applied here where images
    may differ in size, that is, not to an `.npz`.
    Raises ExplorerError that names the file at fault.
    """
    from explorer.data import image_folder, npz  # here: Pillow is slow to import

    try:
        if path.is_dir():
            return image_folder.read_folder(path, image_size)
        if path.suffix.lower() in (".zip", ".npz") and not path.is_file():
            raise ExplorerError(
                f"{path} is not a plain file: give the file itself."
            )  # a pipe would never end
        if path.suffix.lower() == ".zip":
            return image_folder.read_zip(path, image_size)
        if path.suffix.lower() == ".npz":
            return npz.read_npz(path)
    except OSError as error:
        raise ExplorerError(f"{path} cannot be read: {error.strerror or error}.") from error
    raise ExplorerError(
        f"{path} is not a folder of images, a .zip of images or an .npz: choose one of these."
    )
