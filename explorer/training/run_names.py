"""Names of runs, which are the names of their checkpoints."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

from explorer.config import RunConfig

MAX_LENGTH = 72
"""Leaves room for a number within the 80 characters of a checkpoint's name."""


def default_name(config: RunConfig) -> str:
    """For example mnist-vae-beta4-z10."""
    kind = "ae" if config.model.posterior == "point" else "vae"
    beta = "" if kind == "ae" or config.objective.beta == 1 else f"-beta{config.objective.beta:g}"
    return f"{data_name(config)}-{kind}{beta.replace('+', '')}-z{config.model.latent_size}"


def data_name(config: RunConfig, longest: int = 40) -> str:
    """The data of a run, as a part of a checkpoint's name."""
    stem = Path(config.data.data).stem[:longest]
    return (
        "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in stem).strip("-_")
        or "images"
    )


def free_name(stem: str, is_taken: Callable[[str], bool]) -> str:
    """`stem`, or with the smallest number from 2 on that makes it free."""
    if not is_taken(stem):
        return stem
    return next(name for n in count(2) if not is_taken(name := f"{stem[:MAX_LENGTH]}-{n}"))
