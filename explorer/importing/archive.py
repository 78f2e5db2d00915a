"""The files that somebody wants to import, read into memory: nothing is unpacked to disk."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from explorer.data.limits import check_archive, check_names
from explorer.disk import read_file
from explorer.errors import ExplorerError

MOST_FILES = 200
MOST_BYTES = 1 << 30
SUFFIXES = (".json", ".safetensors", ".onnx", ".csv", ".pt", ".pth", ".pkl", ".npy", ".data")
"""What models are made of; anything else in a folder or a .zip is passed over."""


def gather(paths: Sequence[Path]) -> dict[str, bytes]:
    """The contents of files, of folders and of `.zip`s of them, by file name.

    Raises ExplorerError for what is not there, too large, packed to harm, or there twice.
    """
    found: dict[str, bytes] = {}

    def take(name: str, data: bytes) -> None:
        if name in found:
            raise ExplorerError(f"There are two files named {name[:80]}: import one model at a time.")
        found[name] = data
        if len(found) > MOST_FILES or sum(map(len, found.values())) > MOST_BYTES:
            raise ExplorerError(
                f"A model has at most {MOST_FILES} files and {MOST_BYTES >> 30} GiB: import its files alone."
            )

    for path in paths:
        try:
            if path.is_dir():
                for file in sorted(path.iterdir()):
                    if file.suffix.lower() in SUFFIXES and file.is_file():
                        take(file.name, read_file(file, MOST_BYTES))
            elif path.suffix.lower() == ".zip":
                for name, data in unpack(path.name, read_file(path, MOST_BYTES)).items():
                    take(name, data)
            else:
                take(path.name, read_file(path, MOST_BYTES))
        except OSError as error:
            raise ExplorerError(f"{path} cannot be read: {error.strerror or error}.") from None
    if not found:
        raise ExplorerError(
            "There is no file of a model there: give it a .zip, a folder, .onnx or .pt files."
        )
    return found


def unpack(name: str, data: bytes) -> dict[str, bytes]:
    """The files of a `.zip`, by name without their folder, which must be one. Raises ExplorerError as `gather` does."""
    where = Path(name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            check_names(where, entries)
            wanted = {
                PurePosixPath(entry.filename): entry
                for entry in entries
                if not entry.is_dir() and entry.filename.lower().endswith(SUFFIXES)
                if "__MACOSX" not in entry.filename and not PurePosixPath(entry.filename).name.startswith(".")
            }
            check_archive(where, list(wanted.values()))
            if len(wanted) > MOST_FILES or sum(e.file_size for e in wanted.values()) > MOST_BYTES:
                raise ExplorerError(
                    f"{name} holds more than {MOST_FILES} files or {MOST_BYTES >> 30} GiB: pack one model alone."
                )
            if len({path.parent for path in wanted}) > 1:
                raise ExplorerError(f"{name} holds several folders: pack the folder of one model.")
            return {path.name: archive.read(entry) for path, entry in wanted.items()}
    except ExplorerError:
        raise
    except Exception as error:  # every damage has its own kind
        reason = " ".join(str(error).split())[:120]
        raise ExplorerError(f"{name} is not a readable .zip ({reason}): pack it again.") from None
