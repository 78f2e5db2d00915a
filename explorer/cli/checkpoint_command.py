"""list and export: what is on disk."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from explorer import store
from explorer.cli.options import AddCommand, Outcome, folder_of, opened


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


def _list(folder: Path | None = None) -> Outcome:
    place = folder_of(folder)
    good, bad = store.list_checkpoints(place)
    values = [{"name": c.name, **c.manifest.model_dump(mode="json", exclude={"files"})} for c in good]
    lines = [_line(c) for c in good] or [
        f"No checkpoints in {place}; train one with: python -m explorer train"
    ]
    notes = tuple(f"Skipped: {sentence}" for sentence in bad)
    return Outcome({"checkpoints": values, "unreadable": bad}, "\n".join(lines), notes)


def _line(checkpoint: store.Checkpoint) -> str:
    m = checkpoint.manifest
    beta = "–".join(f"{beta:g}" for beta in m.model.beta_range or (m.objective.beta,))
    return (
        f"{checkpoint.name:32} {m.data.data:10} {m.model.latent_size:3} latents  β {beta:<5} "
        f"{_quality(m.metrics)}"
    )


def _quality(metrics: dict[str, Any]) -> str:
    """The one number that says most; a run that was stopped has none yet."""
    for name, shown in (("elbo", "ELBO"), ("distortion", "distortion")):
        if isinstance(value := metrics.get(name), int | float):
            return f"{shown} {value:.2f} nats"
    return "not evaluated"


def _export(
    name: str,
    to: Path | str,
    part: str = "decoder",
    beside: Sequence[str] = (),
    folder: Path | str | None = None,
) -> Outcome:
    from explorer.export.downloads import export

    size = export(opened(name, folder), Path(to), part, [opened(other, folder) for other in beside])
    return Outcome({"file": str(to), "bytes": size}, f"Wrote {to}")
