"""list and export: what is on disk."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from explorer import store
from explorer.cli.options import AddCommand, folder, opened, print_json


def add(command: AddCommand) -> None:
    """The commands of this module."""
    command("list", _list, "List the checkpoints.")

    export = command("export", _export, "Write a checkpoint as a page, its networks or its codes to a file.")
    export.add_argument("name", help="checkpoint")
    export.add_argument(
        "to",
        type=Path,
        help="file to write; its ending says what: .html a page that works from disk, .onnx the decoder, .npz or "
        ".csv the codes",
    )
    export.add_argument(
        "--part", choices=["decoder", "encoder"], default="decoder", help="for .onnx (default: decoder)"
    )
    export.add_argument(
        "--beside",
        nargs="+",
        default=[],
        metavar="NAME",
        help="for .html: compare samples with these checkpoints",
    )


def _list(options: argparse.Namespace) -> int:
    good, bad = store.list_checkpoints(folder(options))
    if options.json:
        rows = [{"name": c.name, **c.manifest.model_dump(mode="json", exclude={"files"})} for c in good]
        print_json({"checkpoints": rows, "unreadable": bad})
        return 0
    for c in good:
        m = c.manifest
        print(
            f"{c.name:32} {m.data.data:10} {m.model.latent_size:3} latents  β {m.objective.beta:<5g} "
            f"{_quality(m.metrics)}"
        )
    for sentence in bad:
        print(f"Skipped: {sentence}", file=sys.stderr)
    if not good:
        print(f"No checkpoints in {folder(options)}; train one with: python -m explorer train")
    return 0


def _quality(metrics: dict[str, Any]) -> str:
    """The one number that says most; a run that was stopped has none yet."""
    for name, shown in (("elbo", "ELBO"), ("distortion", "distortion")):
        if isinstance(value := metrics.get(name), int | float):
            return f"{shown} {value:.2f} nats"
    return "not evaluated"


def _export(options: argparse.Namespace) -> int:
    from explorer.export.downloads import export

    checkpoint, *beside = (opened(options, name) for name in (options.name, *options.beside))
    size = export(checkpoint, options.to, options.part, beside)
    print_json({"file": str(options.to), "bytes": size}) if options.json else print(f"Wrote {options.to}")
    return 0
