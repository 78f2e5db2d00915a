"""import: models of other programs as checkpoints."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from explorer import environment, sandbox
from explorer.cli.options import AddCommand, Outcome, folder_of
from explorer.config import DataConfig, parse

MEMORY, SECONDS = 12 << 30, 3600.0
"""Limits on an import that runs as a job: bytes of memory, and seconds."""
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
        "--image-size", type=int, metavar="SIDE", help="resize the images to this side, in pixels"
    )
    parser.add_argument("--channels", choices=CHANNELS, default="keep", help="convert them to grey or colour")
    parser.add_argument("--caption", default="", help="one sentence about it, shown beside it")


def _import(
    files: Sequence[Path | str],
    name: str,
    data: str | None = None,
    image_size: int | None = None,
    channels: str = "keep",
    caption: str = "",
    folder: Path | str | None = None,
) -> Outcome:
    from explorer.importing.importer import import_model
    from explorer.jobs import Report

    images = None
    if data:
        images = parse(DataConfig, {"data": data, "image_size": image_size, "channels": channels})
    if environment.job_folder():  # files uploaded to a server
        sandbox.limit(MEMORY, SECONDS)
    Report()(0.1, "reading")
    imported = import_model([Path(file) for file in files], name, folder_of(folder), images, caption)
    path = imported.checkpoint.path
    return Outcome(
        {
            "name": name,
            "path": str(path),
            "kind": imported.kind,
            "findings": [asdict(finding) for finding in imported.findings],
        },
        "\n".join([f"Saved {name} in {path}", *(finding.sentence for finding in imported.findings)]),
    )
