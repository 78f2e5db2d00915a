"""Flags for every setting of a run, generated from `explorer.config`."""

import argparse
import typing
from pathlib import Path
from typing import Any

from explorer.config import settings
from explorer.disk import read_json
from explorer.errors import ExplorerError


def add_settings(parser: argparse.ArgumentParser, several: bool = False) -> None:
    """One flag for every setting of a run, with one value or `several`; pydantic reads and checks them.

    Without `several`, `--settings` also reads them from a file.
    """
    if not several:
        text = "read settings from a JSON file of names and values"
        parser.add_argument("--settings", type=Path, metavar="FILE", help=text)
    groups: dict[str, Any] = {}
    for section, name, field in settings():
        group = groups.setdefault(section, parser.add_argument_group(section))
        layers = isinstance(field.default, tuple)
        pair = any(typing.get_origin(part) is tuple for part in typing.get_args(field.annotation))
        text = f"{field.description} (default: {_text(field.default)})"
        options: dict[str, Any] = {"metavar": name.split("_")[-1].upper()}
        if several:
            text = f"{field.description}; one value or several"
            text += "; layers joined by x, such as 512x256" if layers else ""
            text += "; both ends joined by x, such as 0.5x16" if pair else ""
            options |= {"nargs": "+", "type": _layers if layers else _pair if pair else str}
        elif field.annotation is bool:
            options = {"action": argparse.BooleanOptionalAction}
        elif typing.get_origin(field.annotation) is typing.Literal:
            options = {"choices": [str(choice) for choice in typing.get_args(field.annotation)]}
        elif layers or pair:
            options |= {"nargs": "*" if layers else 2}
        flag, text = f"--{name.replace('_', '-')}", text.replace("%", "%%")
        group.add_argument(flag, default=argparse.SUPPRESS, help=text, **options)


def _layers(text: str) -> tuple[str, ...]:
    return () if text == "none" else tuple(text.split("x"))


def _pair(text: str) -> tuple[str, ...] | None:
    return None if text == "none" else tuple(text.split("x"))


def _text(default: Any) -> str:
    if isinstance(default, tuple):
        return " ".join(map(str, default))
    return "none" if default is None else str(default)


def merge_settings(file: Path | None, named: dict[str, Any]) -> dict[str, Any]:
    """The settings of the file, if there is one, overridden by those named on the command line.

    Raises ExplorerError if the file is not there or is not an object of settings.
    """
    if file is None:
        return named
    values = read_json(file)
    if values is None:
        raise ExplorerError(f"{file} is not a file with a JSON object of settings; give another one.")
    return values | named
