"""Groups of a checkpoint's codes by what is known of their images: a class, or a value of a factor."""

import base64
from collections.abc import Sequence
from urllib.parse import quote, unquote

import numpy as np

from explorer.errors import ExplorerError
from explorer.latents.codes import Codes
from explorer.store.manifest import Manifest

CLASS = "class"


def find_group(codes: Codes, manifest: Manifest, text: str) -> np.ndarray:
    """Indices into `codes` of the images that `text` names: "class=3", or "hair=bun" by a factor and its value.

    Several values are separated by commas: "hair=bun,spiky". Values without a name are numbers from 0. Raises
    ExplorerError for a column or a value that does not exist.
    """
    column, _, values = text.partition("=")
    numbers, names = _column(codes, manifest, column.strip())
    wanted = [_index(names, column.strip(), value.strip()) for value in values.split(",")]
    return np.flatnonzero(np.isin(numbers, wanted))


def _column(codes: Codes, manifest: Manifest, name: str) -> tuple[np.ndarray, Sequence[str]]:
    """The values of a column as numbers `(N,)`, and their names."""
    known: list[str] = []
    if codes.labels is not None:
        known.append(CLASS)
        if name == CLASS:
            return codes.labels, manifest.label_names
    if codes.factors is not None:
        known += manifest.factor_names
        if name in manifest.factor_names:
            k = manifest.factor_names.index(name)
            names = manifest.factor_values[k] if manifest.factor_values else ()
            return codes.factors[:, k], names or [str(i) for i in range(manifest.factor_sizes[k])]
    if not known:
        raise ExplorerError("Nothing is known of the images of this model: it has no classes and no factors.")
    raise ExplorerError(f"These images have no {name[:40]!r}; choose one of {', '.join(known)}.")


def _index(names: Sequence[str], column: str, value: str) -> int:
    if value in names:
        return list(names).index(value)
    raise ExplorerError(f"{column} has no value {value[:40]!r}; choose one of {', '.join(names)}.")


# --- as the browser writes them: "labels:3.8;rows:AAE" ---

ROWS = "rows"
LABELS, FACTOR = "labels", "factor:"


def write_group(manifest: Manifest, codes: Codes, text: str) -> str:
    """The group that `find_group` reads in `text`, as `writeGroup` of the browser writes it. Raises ExplorerError if
    there is no such group."""
    column, _, values = text.partition("=")
    name = column.strip()
    _, names = _column(codes, manifest, name)
    key = LABELS if name == CLASS and codes.labels is not None else FACTOR + name
    wanted = sorted({_index(names, name, value.strip()) for value in values.split(",")})
    return f"{quote(key, safe=_SAFE)}:{'.'.join(map(str, wanted))}"


def read_group(manifest: Manifest, codes: Codes, text: str) -> tuple[np.ndarray, str]:
    """Rows of the codes in a group that `writeGroup` of the browser wrote, ascending, and the group in words.

    Raises ExplorerError for a column that these codes do not have, or for what is no group.
    """
    rows: set[int] = set()
    words = []
    for part in filter(None, text.split(";")):
        key, _, rest = part.partition(":")
        try:
            if key == ROWS:
                chosen = [row for row in _unpack_rows(_from_base64(rest)) if row < len(codes)]
                rows |= set(chosen)
                words.append("1 image" if len(chosen) == 1 else f"{len(chosen):,} images")
                continue
            wanted = [int(value) for value in rest.split(".")]
        except ValueError:
            raise ExplorerError(f"{part[:40]!r} is not a group of images.") from None
        name = unquote(key)
        column = CLASS if name == LABELS else name.removeprefix(FACTOR)
        numbers, names = _column(codes, manifest, column)
        rows |= set(np.flatnonzero(np.isin(numbers, wanted)).tolist())
        said = ",".join(names[value] if value < len(names) else str(value) for value in wanted)
        words.append(f"{column}={said}")
    return np.array(sorted(rows), np.int64), " or ".join(words)


_SAFE = "!~*'()"
"""Beside letters, digits, "-", "_" and ".", what encodeURIComponent leaves as it is."""


def _from_base64(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _unpack_rows(data: bytes) -> list[int]:
    """Rows as `packRows` of the browser packs them: one bit a row, or steps of seven bits a byte."""
    if data[:1] == b"\x01":
        bits = np.unpackbits(np.frombuffer(data[1:], np.uint8), bitorder="little")
        found: list[int] = np.flatnonzero(bits).tolist()
        return found
    rows, row, step, unit = [], 0, 0, 1
    for byte in data[1:]:
        step += (byte & 127) * unit
        unit *= 128
        if byte <= 127:
            row += step
            rows.append(row)
            row, step, unit = row + 1, 0, 1
    return rows
