"""Groups of a checkpoint's codes by what is known of their images: a class, or a value of a factor."""

from collections.abc import Sequence

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
