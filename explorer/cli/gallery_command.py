"""gallery: the models that ship with the project."""

from pathlib import Path

from explorer import store
from explorer.cli.options import AddCommand, Outcome, folder_of
from explorer.errors import ExplorerError
from explorer.shipped import entries, recipe


def add(command: AddCommand) -> None:
    """The commands of this module."""
    text = "List the models that ship with the project, or train one of them anew."
    shipped = command("gallery", _gallery, text)
    what = shipped.add_mutually_exclusive_group()
    what.add_argument(
        "--list",
        dest="rebuild",
        action="store_const",
        const=None,
        help="list them (what it does without an option)",
    )
    what.add_argument(
        "--rebuild",
        metavar="NAME",
        help="train it with its settings, measure it and keep it in half precision",
    )
    what.add_argument(
        "--finish", metavar="NAME", help="the same for a checkpoint that is trained already, without training"
    )


def _gallery(rebuild: str | None = None, finish: str | None = None, folder: Path | None = None) -> Outcome:
    from explorer.cli.train_command import report_text

    place = folder_of(folder)
    if rebuild:
        checkpoint = recipe.rebuild(rebuild, place)
    elif finish:
        checkpoint = recipe.finish(finish, place)
    else:
        return _shipped(place)
    metrics = checkpoint.manifest.metrics
    return Outcome(
        {"name": checkpoint.name, "path": str(checkpoint.path), "metrics": metrics},
        f"Saved {checkpoint.name} in {checkpoint.path}\n{report_text(metrics)}",
    )


def _shipped(place: Path) -> Outcome:
    rows = [
        {"name": e.name, "stored": _stored(e, place), "caption": e.caption, "settings": e.settings}
        for e in entries.ENTRIES
    ]
    total = entries.size(place)
    lines = [f"{row['name']:24} {row['stored']:10} {row['caption']}" for row in rows]
    return Outcome({"models": rows, "bytes": total}, "\n".join([*lines, f"{total / 1e6:.1f} MB in {place}"]))


def _stored(entry: entries.Entry, place: Path) -> str:
    """Whether it is there, and with these settings."""
    try:
        checkpoint = store.open_checkpoint(place / entry.name)
    except ExplorerError:
        return "not here"
    return "here" if entries.same_run(checkpoint, entry) else "otherwise"
