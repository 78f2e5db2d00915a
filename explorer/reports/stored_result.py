"""A result of a long computation that is stored with its checkpoint: how its file is named, written and read."""

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np

from explorer.config import Config, parse
from explorer.disk import check_writable, read_file, save_file
from explorer.errors import ExplorerError
from explorer.store import Checkpoint

R = TypeVar("R")
C = TypeVar("C", bound=Config)
Report = Callable[[float, str], None]


@dataclass(frozen=True)
class Result(Generic[R]):
    """One kind of result.

    title: its name in sentences. command, options: the subcommand that computes it. filename: its file for a
    checkpoint. calculate: computes it and reports progress. dump, load: to bytes and back; load raises ValueError or
    ExplorerError if the bytes do not fit the checkpoint.
    """

    title: str
    command: str
    filename: Callable[[Checkpoint], str]
    calculate: Callable[[Checkpoint, Report], R]
    dump: Callable[[R], bytes]
    load: Callable[[bytes, Checkpoint], R]
    options: str = ""

    def path(self, checkpoint: Checkpoint) -> Path:
        """The file that holds the result."""
        return checkpoint.path / self.filename(checkpoint)

    def stored(self, checkpoint: Checkpoint) -> bool:
        """Whether the result has been computed."""
        return self.path(checkpoint).is_file()

    def read(self, checkpoint: Checkpoint) -> R:
        """The stored result. Raises ExplorerError if there is none or it is damaged."""
        path = self.path(checkpoint)
        try:
            return self.load(read_file(path), checkpoint)
        except OSError:
            command = f"python -m explorer {self.command} {checkpoint.name} {self.options}".rstrip()
            raise ExplorerError(
                f"{self.title} of {checkpoint.name} has not been computed yet; compute it with: {command}"
            ) from None
        except (ValueError, EOFError, ExplorerError):
            raise ExplorerError(
                f"{path.name} of {checkpoint.name} is damaged; delete it and compute it again."
            ) from None

    def find(self, checkpoint: Checkpoint) -> R | None:
        """The stored result; None if it is missing, or damaged and has to be computed again."""
        try:
            return self.read(checkpoint)
        except ExplorerError:
            return None

    def compute(self, checkpoint: Checkpoint, report: Report = lambda *_: None) -> R:
        """Compute the result and store it with the checkpoint. report(fraction, message) receives the progress.

        Raises ExplorerError if the data are missing or unsuitable, or the result cannot be written.
        """
        check_writable(checkpoint.path)
        result = self.calculate(checkpoint, report)
        path = self.path(checkpoint)
        save_file(path, self.dump(result), path.name)
        return result


def digest(*parts: object) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:12]


def dump_config(report: Config) -> bytes:
    return json.dumps(report.model_dump(mode="json"), indent=2, allow_nan=False).encode()


def load_config(kind: type[C], data: bytes, checkpoint: Checkpoint) -> C:
    return parse(kind, json.loads(data), checkpoint.name)


def dump_array(points: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, points)
    return out.getvalue()


def load_points(data: bytes, checkpoint: Checkpoint) -> np.ndarray:
    points = np.load(io.BytesIO(data), allow_pickle=False)
    if points.shape != (len(checkpoint.codes), 2) or not np.isfinite(points).all():
        raise ValueError("not a projection of these codes")
    return np.asarray(points, np.float32)
