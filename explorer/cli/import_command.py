"""import: models of other programs as checkpoints."""

from __future__ import annotations

import argparse
from pathlib import Path

from explorer.cli.options import AddCommand, folder, print_json
from explorer.config import DataConfig, parse

CHANNELS = ("keep", "grey", "colour")


def add(command: AddCommand) -> None:
    """The commands of this module."""
    text = (
        "Import a model: a checkpoint (.zip or folder), an ONNX decoder with or without an encoder, or model.pt with "
        "the settings beside it (disentangling-vae, pythae)."
    )
    parser = command("import", _import, text)
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="its files, a folder or a .zip of them"
    )
    parser.add_argument("--name", required=True, help="name of the checkpoint")
    parser.add_argument("--data", help="the images it was trained on: a name, or a folder, .zip or .npz")
    parser.add_argument(
        "--image-size", type=int, metavar="SIDE", help="bring the images to this side, in pixels"
    )
    parser.add_argument("--channels", choices=CHANNELS, default="keep", help="bring them to grey or colour")
    parser.add_argument("--caption", default="", help="one sentence about it, shown beside it")


def _import(options: argparse.Namespace) -> int:
    from explorer.importing.importer import import_model
    from explorer.importing.result import Imported
    from explorer.jobs.process import Report, reported

    data = None
    if options.data:
        values = {"data": options.data, "image_size": options.image_size, "channels": options.channels}
        data = parse(DataConfig, values)
    done: list[Imported] = []

    def work(report: Report) -> None:
        report(0.1, "reading")
        done.append(import_model(options.files, options.name, folder(options), data, options.caption))

    reported(work)
    imported = done[0]
    sentences = [finding.sentence for finding in imported.findings]
    if options.json:
        print_json(
            {"name": options.name, "path": str(imported.checkpoint.path), "kind": imported.kind}
            | {"findings": [vars(finding) for finding in imported.findings]}
        )
    else:
        print(f"Saved {options.name} in {imported.checkpoint.path}")
        print("\n".join(sentences))
    return 0
