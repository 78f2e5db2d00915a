"""Results about a data set's images, computed once for each data set and kept in the data folder."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress

import numpy as np

from explorer.disk import read_file, save_file
from explorer.environment import data_folder
from explorer.errors import ExplorerError


def find_kept(
    file: str, settings: object, arrays: Sequence[np.ndarray], compute: Callable[[], bytes]
) -> bytes:
    """The bytes of `file` of the data folder, as in "spectra/{}.bin", or what `compute` returns, which is kept there.

    The braces stand for a hash of all that the result depends on: its settings, and the bytes of arrays.
    """
    digest = hashlib.sha256(repr(settings).encode())
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    path = data_folder() / file.format(digest.hexdigest()[:24])
    with suppress(OSError):
        return read_file(path)
    result = compute()
    # a read-only server, or a data folder that others look after: it is computed again next time
    with suppress(ExplorerError):
        save_file(path, result, "A result about the images")
    return result
