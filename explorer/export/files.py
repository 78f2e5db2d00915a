"""A checkpoint's parts as files for other programs."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np

from explorer.errors import ExplorerError
from explorer.files import disk_errors, replace_file
from explorer.store import DECODER, Checkpoint


def export(checkpoint: Checkpoint, to: Path) -> int:
    """Write what `to`'s ending asks for: .onnx the decoder, .npz or .csv the codes. Returns the size in bytes.

    The file is there whole or not at all; an older one is replaced. Raises ExplorerError for another ending, or
    if the file cannot be written.
    """
    makers = {".onnx": lambda c: c.read(DECODER), ".npz": _codes_npz, ".csv": _codes_csv}
    if to.suffix.lower() not in makers:
        raise ExplorerError(
            f"{to.name} ends in {to.suffix or 'nothing'}; it must end in {', '.join(makers)}."
        )
    content = makers[to.suffix.lower()](checkpoint)
    with disk_errors(to.name, to.parent):
        replace_file(to, content)
    return len(content)


def _codes_npz(checkpoint: Checkpoint) -> bytes:
    out = io.BytesIO()
    np.savez(out, **checkpoint.codes.arrays())  # type: ignore[arg-type]
    return out.getvalue()


def _codes_csv(checkpoint: Checkpoint) -> bytes:
    """One row per image: index, label, factors, then mean, scale and rate of every latent dimension."""
    codes, manifest = checkpoint.codes, checkpoint.manifest
    columns: list[tuple[str, np.ndarray]] = [("index", codes.index)]
    if codes.labels is not None:
        columns.append(("label", codes.labels))
    if codes.factors is not None:
        columns += zip(manifest.factor_names, codes.factors.T, strict=True)
    for name in ("mean", "scale", "rate"):
        columns += [(f"{name}_{i}", column) for i, column in enumerate(getattr(codes, name).T)]
    columns.append(("distortion", codes.distortion))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([name for name, _ in columns])
    writer.writerows(zip(*(column.tolist() for _, column in columns), strict=True))
    return out.getvalue().encode()
