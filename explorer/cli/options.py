"""What the commands share: arguments, the folder of checkpoints, JSON."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from explorer import store
from explorer.store import Checkpoint


class AddCommand(Protocol):
    """Add one command: its name, what it does (returns the exit status), one sentence of help."""

    def __call__(
        self, name: str, act: Callable[[argparse.Namespace], int], text: str
    ) -> argparse.ArgumentParser: ...


def count(text: str) -> int:
    """A whole number of 0 or more."""
    try:
        value = int(text)
    except ValueError:
        value = -1
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 0 or more")
    return value


def seed(text: str) -> int:
    """A seed that every generator takes."""
    value = count(text)
    if value >= 2**31:
        raise argparse.ArgumentTypeError(f"{text} is too large, take a seed below {2**31}")
    return value


def folder(options: argparse.Namespace) -> Path:
    """Where the checkpoints of this call are."""
    return options.folder or store.checkpoints_folder()


def opened(options: argparse.Namespace, name: str) -> Checkpoint:
    """The checkpoint of that name in the folder of this call. Raises ExplorerError if it cannot be opened."""
    return store.open_checkpoint(folder(options) / store.check_name(name))


def print_json(value: dict[str, Any]) -> None:
    """The result for programs."""
    # ASCII, so that it is JSON in every terminal's encoding; JSON has no NaN
    print(json.dumps({key: _finite(v) for key, v in value.items()}, indent=2, allow_nan=False))


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
