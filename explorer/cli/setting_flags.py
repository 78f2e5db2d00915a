"""Flags for every setting of a run, generated from `explorer.config`."""

from __future__ import annotations

import argparse
import types
import typing
from pathlib import Path
from typing import Any

from explorer.config import settings
from explorer.disk import read_json
from explorer.errors import ExplorerError


def add_settings(parser: argparse.ArgumentParser) -> None:
    """One flag for every setting of a run; pydantic reads and checks the values."""
    groups: dict[str, Any] = {}
    for section, name, field in settings():
        group = groups.setdefault(section, parser.add_argument_group(section))
        flag, default = "--" + name.replace("_", "-"), field.default
        text = f"{field.description} (default: {_shown(default)})".replace("%", "%%")
        if field.annotation is bool:
            group.add_argument(
                flag, action=argparse.BooleanOptionalAction, default=argparse.SUPPRESS, help=text
            )
            continue
        options: dict[str, Any] = {"metavar": name.split("_")[-1].upper()}
        choices = _choices(field.annotation)
        if choices:
            options = {"choices": choices}
        elif isinstance(default, tuple):
            options |= {"nargs": "*"}
        group.add_argument(flag, default=argparse.SUPPRESS, help=text, **options)


def _choices(annotation: Any) -> list[str]:
    if isinstance(annotation, types.UnionType):
        return []
    return (
        [str(a) for a in typing.get_args(annotation)]
        if typing.get_origin(annotation) is typing.Literal
        else []
    )


def _shown(default: Any) -> str:
    if isinstance(default, tuple):
        return " ".join(str(v) for v in default)
    return "none" if default is None else str(default)


def add_settings_file(parser: argparse.ArgumentParser) -> None:
    """A file of settings; flags beside it win."""
    parser.add_argument(
        "--settings", type=Path, metavar="FILE", help="read settings from a JSON file of names and values"
    )


def merge_settings(file: Path | None, named: dict[str, Any]) -> dict[str, Any]:
    """The settings of the file, if there is one, and over them those that were named on the command line.

    Raises ExplorerError if the file is not there or is not an object of settings.
    """
    if file is None:
        return named
    values = read_json(file)
    if values is None:
        raise ExplorerError(f"{file} is not a file with a JSON object of settings; give another one.")
    return values | named
