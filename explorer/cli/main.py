"""The same jobs from a terminal: train, evaluate, list, export and what else `explorer.cli` has."""

from __future__ import annotations

import argparse
import io
import os
import sys
import typing
from pathlib import Path

from explorer.cli import (
    checkpoint_command,
    gallery_command,
    import_command,
    report_command,
    sweep_command,
    train_command,
)
from explorer.errors import ExplorerError

COMMANDS = (train_command, sweep_command, checkpoint_command, report_command, gallery_command, import_command)
"""The modules whose `add` puts commands on the line, in the order of the help."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status: 0, 1 after an error, 130 after Ctrl-C, 141 after a broken pipe."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without β, a path that is not UTF-8
    try:
        try:
            options = build_parser().parse_args(arguments)
            status: int = options.act(options)
            return status
        finally:
            sys.stdout.flush()
    except ExplorerError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever read the output has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for the flush when Python ends
        return 141


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = argparse.ArgumentParser(
        prog="python -m explorer", description="Latent Explorer from a terminal."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, act: typing.Callable[[argparse.Namespace], int], text: str
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(act=act)
        sub.add_argument("--json", action="store_true", help="print the result as JSON")
        sub.add_argument(
            "--folder", type=Path, help="where checkpoints live (default: the project's checkpoints/)"
        )
        return sub

    for module in COMMANDS:
        module.add(command)
    return parser
