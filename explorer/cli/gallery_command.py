"""gallery: the models that ship with the project."""

from __future__ import annotations

import argparse

from explorer import store
from explorer.cli.options import AddCommand, folder, print_json
from explorer.errors import ExplorerError
from explorer.shipped import entries


def add(command: AddCommand) -> None:
    """The commands of this module."""
    text = "List the models that ship with the project, or train one of them anew."
    shipped = command("gallery", _gallery, text)
    what = shipped.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="list them (what it does without an option)")
    what.add_argument(
        "--rebuild",
        metavar="NAME",
        help="train it with its settings, measure it and keep it in half precision",
    )
    what.add_argument(
        "--finish", metavar="NAME", help="the same for a checkpoint that is trained already, without training"
    )


def _gallery(options: argparse.Namespace) -> int:
    from explorer.cli.train_command import report_text

    where = folder(options)
    if not options.rebuild and not options.finish:
        return _list(options)
    make, name = (entries.rebuild, options.rebuild) if options.rebuild else (entries.finish, options.finish)
    checkpoint = make(name, where)
    metrics = checkpoint.manifest.metrics
    if options.json:
        print_json({"name": checkpoint.name, "path": str(checkpoint.path), "metrics": metrics})
    else:
        print(f"Saved {checkpoint.name} in {checkpoint.path}")
        print(report_text(metrics))
    return 0


def _list(options: argparse.Namespace) -> int:
    where = folder(options)
    rows = [
        {"name": e.name, "stored": _stored(e, options), "caption": e.caption, "settings": e.settings}
        for e in entries.ENTRIES
    ]
    total = entries.size(where)
    if options.json:
        print_json({"models": rows, "bytes": total})
        return 0
    for row in rows:
        print(f"{row['name']:24} {row['stored']:10} {row['caption']}")
    print(f"{total / 1e6:.1f} MB in {where}")
    return 0


def _stored(entry: entries.Entry, options: argparse.Namespace) -> str:
    """Whether it is there, and with these settings."""
    try:
        found = store.open_checkpoint(folder(options) / entry.name)
    except ExplorerError:
        return "not here"
    return "here" if entries.same_run(found, entry) else "otherwise"
