"""What an import gives: the checkpoint, and what was noticed on the way."""

from dataclasses import dataclass

from explorer.importing.checks import Finding
from explorer.store import Checkpoint

UNKNOWN = "unknown images"
"""Stands for the data of a model that came without."""


@dataclass(frozen=True)
class Imported:
    """kind: the kind of file that the checkpoint was read from. findings: what was noticed about it."""

    checkpoint: Checkpoint
    kind: str
    findings: tuple[Finding, ...]
