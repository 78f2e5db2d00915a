"""Limits on uploaded images and archives."""

import re
import stat
import zipfile
from pathlib import Path

from explorer.errors import ExplorerError

MAX_IMAGES = 200_000
MAX_BYTES = 4 << 30  # uncompressed size, of files or of pixels
MAX_RATIO = 200  # uncompressed to compressed size; the sprites reach about 120
RATIO_FREE = 64 << 20  # uncompressed bytes below which any ratio is harmless


def check_names(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    """Raises ExplorerError for an archive with links or with paths outside it. Nothing is unpacked to disk, but such an
    archive is malformed or hostile."""
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        quoted = repr(entry.filename[:80])
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise ExplorerError(f"{path.name} holds {quoted}, a link: pack the files themselves.")
        if name.startswith("/") or re.match("[A-Za-z]:", name) or ".." in name.split("/"):
            raise ExplorerError(f"{path.name} holds {quoted}, a name that leads out of it: pack it again.")


def check_archive(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    """Raises ExplorerError for encrypted archives, too many files, and zip bombs.

    Checks the declared sizes: `zipfile` never unpacks more of an entry.
    """
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MAX_IMAGES:
        raise ExplorerError(f"{path} holds {len(entries):,} files: at most {MAX_IMAGES:,} are read.")
    if total > MAX_BYTES:
        raise ExplorerError(f"{path} unpacks to {total / 2**30:.1f} GiB: at most {MAX_BYTES >> 30} are read.")
    if total > RATIO_FREE and total > MAX_RATIO * packed:
        raise ExplorerError(
            f"{path} unpacks to more than {MAX_RATIO} times its size, which no images do: pack it again."
        )
    for entry in entries:
        if entry.flag_bits & 1:
            raise ExplorerError(f"{path} is protected by a password: pack it again without one.")
