"""Read the files of an import into memory; nothing is unpacked to disk."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from explorer.data.limits import check_archive, check_names
from explorer.disk import read_file
from explorer.errors import ExplorerError

MAX_FILES = 200
MAX_BYTES = 1 << 30
SUFFIXES = (".json", ".safetensors", ".onnx", ".csv", ".pt", ".pth", ".ckpt", ".pkl", ".npy", ".data")
"""Files that models consist of; anything else in a folder or a .zip is ignored."""


def gather(paths: Sequence[Path]) -> dict[str, bytes]:
    """The contents of files, folders and `.zip`s, by file name.

    Raises ExplorerError if a file is missing, too large, a zip bomb, or has the name of another one.
    """
    contents: dict[str, bytes] = {}

    def add(name: str, data: bytes) -> None:
        if name in contents:
            raise ExplorerError(f"There are two files named {name[:80]}: import one model at a time.")
        contents[name] = data
        if len(contents) > MAX_FILES or sum(map(len, contents.values())) > MAX_BYTES:
            raise ExplorerError(
                f"A model may have at most {MAX_FILES} files and {MAX_BYTES >> 30} GiB: import its files alone."
            )

    for path in paths:
        try:
            if path.is_dir():
                for file in sorted(path.iterdir()):
                    if file.suffix.lower() in SUFFIXES and file.is_file():
                        add(file.name, read_file(file, MAX_BYTES))
            elif path.suffix.lower() == ".zip":
                for name, data in unpack(path.name, read_file(path, MAX_BYTES)).items():
                    add(name, data)
            else:
                add(path.name, read_file(path, MAX_BYTES))
        except OSError as error:
            raise ExplorerError(f"{path} cannot be read: {error.strerror or error}.") from None
    if not contents:
        raise ExplorerError("There are no model files: choose a .zip, a folder, or .onnx or .pt files.")
    return contents


def unpack(name: str, data: bytes) -> dict[str, bytes]:
    """The files of a `.zip` by name; all must lie in one folder. Raises ExplorerError as `gather` does."""
    path = Path(name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            check_names(path, entries)
            members = {
                PurePosixPath(entry.filename): entry
                for entry in entries
                if not entry.is_dir() and entry.filename.lower().endswith(SUFFIXES)
                if "__MACOSX" not in entry.filename and not PurePosixPath(entry.filename).name.startswith(".")
            }
            check_archive(path, list(members.values()))
            if len(members) > MAX_FILES or sum(e.file_size for e in members.values()) > MAX_BYTES:
                raise ExplorerError(
                    f"{name} holds more than {MAX_FILES} files or {MAX_BYTES >> 30} GiB: pack one model alone."
                )
            if len({member.parent for member in members}) > 1:
                raise ExplorerError(f"{name} holds several folders: pack the folder of one model.")
            return {member.name: archive.read(entry) for member, entry in members.items()}
    except ExplorerError:
        raise
    except Exception as error:  # zipfile and zlib raise many types for damaged files
        reason = " ".join(str(error).split())[:120]
        raise ExplorerError(f"{name} is not a readable .zip ({reason}): pack it again.") from None
