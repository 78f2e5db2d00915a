"""What the commands share: arguments, the folder of checkpoints, what they return.

A command is a function of plain values: the command line fills them in from flags, a job from its settings file.
"""

import argparse
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from explorer import store
from explorer.store import Checkpoint


class Outcome(NamedTuple):
    """What a command returns: values for programs, text for people, notes for standard error, and the sentence of an
    error that leaves a result all the same. status: the exit status."""

    values: dict[str, Any]
    text: str = ""
    notes: tuple[str, ...] = ()
    error: str = ""
    status: int = 0


class AddCommand(Protocol):
    """Add one command: its name, what it does with its arguments, one sentence of help."""

    def __call__(self, name: str, act: Callable[..., Outcome], text: str) -> argparse.ArgumentParser: ...


def count(text: str) -> int:
    """A whole number of 0 or more."""
    try:
        value = int(text)
    except ValueError:  # among them more than 4,300 digits
        value = -1
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number of 0 or more")
    return value


def seed(text: str) -> int:
    """A seed that every generator takes."""
    value = count(text)
    if value >= 2**31:
        raise argparse.ArgumentTypeError(f"{text} is too large, take a seed below {2**31}")
    return value


def folder_of(folder: Path | str | None) -> Path:
    """Where the checkpoints of this call are."""
    return Path(folder) if folder else store.checkpoints_folder()


def opened(name: str, folder: Path | str | None) -> Checkpoint:
    """The checkpoint of that name in the folder of this call. Raises ExplorerError if it cannot be opened."""
    return store.open_checkpoint(folder_of(folder) / store.check_name(name))


def to_json(values: dict[str, Any]) -> str:
    """The result for programs, in ASCII, so that it is JSON in every terminal's encoding; JSON has no NaN."""
    return json.dumps({key: _finite(v) for key, v in values.items()}, indent=2, allow_nan=False)


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
