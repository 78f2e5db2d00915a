"""The result of an import: the checkpoint and the findings of its checks."""

from dataclasses import dataclass

from explorer.importing.checks import Finding
from explorer.store import Checkpoint

UNKNOWN = "unknown images"
"""The name of the data of a model that was imported without images."""


@dataclass(frozen=True)
class Imported:
    """kind: the kind of file that the checkpoint was read from. findings: results of the checks."""

    checkpoint: Checkpoint
    kind: str
    findings: tuple[Finding, ...]
