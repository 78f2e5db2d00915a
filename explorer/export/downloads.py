"""A checkpoint's parts as files for other programs."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from explorer.disk import disk_errors, replace_file
from explorer.errors import ExplorerError
from explorer.store import DECODER, ENCODER, Checkpoint
from explorer.store.encoder_graph import encoder_onnx

ENDINGS = (".html", ".onnx", ".npz", ".csv")


def export(checkpoint: Checkpoint, to: Path, part: str = "decoder", beside: Sequence[Checkpoint] = ()) -> int:
    """Write a file of the kind that `to`'s ending names; returns the size in bytes.

    .html: a page that explores the checkpoint, or compares its samples with those of the ones `beside` it;
    .onnx: the decoder, or with `part` "encoder" that; .npz or .csv: the codes.
    The file is there whole or not at all; an older one is replaced. Raises ExplorerError for another ending, for
    models that cannot stand side by side, or if the file cannot be written.
    """
    ending = to.suffix.lower()
    if ending not in ENDINGS:
        raise ExplorerError(
            f"{to.name} ends in {to.suffix or 'nothing'}; it must end in {', '.join(ENDINGS)}."
        )
    if ending == ".html":
        content = _page([checkpoint, *beside])
    elif ending == ".onnx":
        content = checkpoint.read(DECODER) if part == "decoder" else encoder(checkpoint)
    else:
        content = codes_npz(checkpoint) if ending == ".npz" else codes_csv(checkpoint)
    with disk_errors(to.name, to.parent):
        replace_file(to, content)
    return len(content)


def _page(models: Sequence[Checkpoint]) -> bytes:
    from explorer.export import html_page

    if len(models) == 1:
        return html_page.page([html_page.exploring(models[0])], models[0].name)
    return html_page.page([html_page.comparing(models)], " · ".join(c.name for c in models))


def has_encoder(checkpoint: Checkpoint) -> bool:
    """Whether there is an encoder to export: some imported models are a decoder alone."""
    return checkpoint.manifest.rebuildable or ENCODER in checkpoint.manifest.files


def encoder(checkpoint: Checkpoint) -> bytes:
    """The encoder as ONNX (`explorer.store.encoder_graph`), or the very file of a model that came with one.

    Raises ExplorerError if the model has no encoder.
    """
    if not has_encoder(checkpoint):
        raise ExplorerError(
            f"{checkpoint.name} was imported as a decoder alone, so it has no encoder to export; import it again with "
            "its encoder beside it."
        )
    if ENCODER in checkpoint.manifest.files:
        return checkpoint.read(ENCODER)
    return encoder_onnx(checkpoint)


def codes_npz(checkpoint: Checkpoint) -> bytes:
    """The stored codes, one array per column: mean and scale `(N, d)`, labels `(N,)` and what else there is."""
    out = io.BytesIO()
    np.savez(out, **checkpoint.codes.arrays())  # type: ignore[arg-type]
    return out.getvalue()


def codes_csv(checkpoint: Checkpoint) -> bytes:
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
