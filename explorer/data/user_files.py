"""Images from the user's files: a folder, a `.zip` or an `.npz`."""

from pathlib import Path

from explorer.data.dataset import ImageDataset
from explorer.errors import ExplorerError


def find_path(name: str) -> Path | None:
    """The path `name` if it exists, else None."""
    try:
        path = Path(name).expanduser()
        return path if name and path.exists() else None
    except (OSError, ValueError, RuntimeError):  # a name that is too long, a zero byte, an unknown user
        return None


def load(path: Path, image_size: int | None = None) -> ImageDataset:
    """Load images from a folder or a `.zip` (`image_folder`), or from an `.npz` (`npz`).

    A fixed random tenth is for testing. image_size: applied here to image files, which may differ in size, but not to
    an `.npz`. Raises ExplorerError that names the invalid file.
    """
    from explorer.data import image_folder, npz  # imported here because Pillow is slow to import

    try:
        if path.is_dir():
            return image_folder.read_folder(path, image_size)
        if path.suffix.lower() in (".zip", ".npz") and not path.is_file():
            # a pipe blocks
            raise ExplorerError(f"{path} is not a plain file: give the file itself.")
        if path.suffix.lower() == ".zip":
            return image_folder.read_zip(path, image_size)
        if path.suffix.lower() == ".npz":
            return npz.read_npz(path)
    except OSError as error:
        raise ExplorerError(f"{path} cannot be read: {error.strerror or error}.") from error
    raise ExplorerError(
        f"{path} is not a folder of images, a .zip of images or an .npz: choose one of these."
    )
