"""The same jobs from a terminal: train, evaluate, list, export and what else `explorer.cli` has."""

import argparse
import io
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from explorer import environment, jobs
from explorer.cli import (
    checkpoint_command,
    direction_command,
    gallery_command,
    import_command,
    report_command,
    sweep_command,
    train_command,
)
from explorer.cli.options import Outcome, to_json
from explorer.errors import ExplorerError

COMMANDS = (
    train_command,
    sweep_command,
    checkpoint_command,
    report_command,
    direction_command,
    gallery_command,
    import_command,
)
"""The modules whose `add` puts commands on the line, in the order of the help."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status: 0, 1 after an error, 130 after Ctrl-C, 141 after a broken pipe."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without β, a path that is not UTF-8
    try:
        try:
            return _print(**vars(build_parser().parse_args(arguments)))
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


def _print(act: Callable[..., Outcome], json: bool, **options: object) -> int:
    """Run a command and print what it returns. Raises ExplorerError, afterwards too, if that is an error."""
    outcome = act(**options)
    if not json:
        print(*outcome.notes, sep="\n", end="\n" if outcome.notes else "", file=sys.stderr)
    if text := to_json(outcome.values) if json else outcome.text:
        print(text)
    if outcome.error:
        raise ExplorerError(outcome.error)
    return outcome.status


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = argparse.ArgumentParser(
        prog="python -m explorer", description="Latent Explorer from a terminal."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    acts: dict[str, Callable[..., Outcome]] = {}

    def command(name: str, act: Callable[..., Outcome], text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(act=act)
        sub.add_argument("--json", action="store_true", help="print the result as JSON")
        sub.add_argument(
            "--folder", type=Path, help="where checkpoints live (default: the project's checkpoints/)"
        )
        acts[name] = act
        return sub

    for module in COMMANDS:
        module.add(command)
    job = commands.add_parser("job")  # without help, for it is nothing that a person would type
    job.set_defaults(act=partial(_work, acts), json=False)
    job.add_argument("command", choices=acts, help="command to do")
    job.add_argument("job", type=Path, help="folder of the job")
    return parser


def _work(acts: dict[str, Callable[..., Outcome]], command: str, job: Path) -> Outcome:
    """Do a command as the job of a folder (`explorer.jobs`), with the arguments of its settings file."""
    os.environ[environment.JOB] = str(job)
    outcome = Outcome({})

    def work() -> dict[str, object]:
        nonlocal outcome
        outcome = acts[command](**jobs.settings(job))
        if outcome.error:
            raise ExplorerError(outcome.error)
        if outcome.status:  # it was stopped, and has saved what it had
            raise KeyboardInterrupt
        return outcome.values

    jobs.run_reported(job, work)
    return outcome
