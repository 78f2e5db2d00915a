"""Checkpoints on disk: save, list, open, check. A checkpoint is a folder of plain files (docs/checkpoints.md).

Nothing here imports torch, so that a stored checkpoint can be shown without it; `explorer.training.checkpoint`
turns models into these files and back.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import os
import re
import shutil
import uuid
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from explorer.config import Config, DataConfig, ModelConfig, ObjectiveConfig, RunConfig, TrainingConfig, parse
from explorer.errors import ExplorerError
from explorer.files import disk_errors
from explorer.latents.codes import Codes

FORMAT = 1
WEIGHTS, DECODER, CODES, HISTORY, RESUME = (
    "weights.safetensors",
    "decoder.onnx",
    "codes.safetensors",
    "history.csv",
    "resume.safetensors",
)
REQUIRED = (WEIGHTS, DECODER, CODES, HISTORY)
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._=-]{0,79}")
OLD = ".replaced"
CLIP = 1.0 + 1e-4


class Trained(Config):
    """How far a run has come."""

    epochs: int = 0
    step: int = 0
    seconds: float = 0.0
    finished: bool = False


class Manifest(Config):
    """`config.json`: all that is needed to rebuild the model, and what is known of it.

    files: SHA-256 of every other file. metrics: the likelihood report on the test images, nats per image.
    """

    format: int = FORMAT
    caption: str = ""
    data: DataConfig
    model: ModelConfig
    objective: ObjectiveConfig
    training: TrainingConfig
    image_shape: tuple[int, int, int]
    label_names: tuple[str, ...] = ()
    factor_names: tuple[str, ...] = ()
    factor_sizes: tuple[int, ...] = ()
    trained: Trained = Trained()
    metrics: dict[str, Any] = Field(default_factory=dict)
    versions: dict[str, str] = Field(default_factory=dict)
    files: dict[str, str]

    @property
    def run(self) -> RunConfig:
        """The settings that rebuild it."""
        return RunConfig(data=self.data, model=self.model, objective=self.objective, training=self.training)


def checkpoints_folder() -> Path:
    """`EXPLORER_CHECKPOINTS`, else `checkpoints/` of the project."""
    return Path(os.environ.get("EXPLORER_CHECKPOINTS") or Path(__file__).parent.parent / "checkpoints")


def check_name(name: str) -> str:
    """`name` if it can name a checkpoint; raises ExplorerError otherwise. Keeps every path inside the folder."""
    if not NAME.fullmatch(name) or name.endswith((OLD, ".")):
        raise ExplorerError(
            f"{name[:100]!r} cannot name a checkpoint: use up to 80 letters, digits, '.', '_', '=' or '-', "
            "beginning with a letter or digit."
        )
    return name


@dataclass(frozen=True)
class Checkpoint:
    """A stored checkpoint whose `config.json` is valid; other files are read, and checked, when asked for."""

    path: Path
    name: str
    manifest: Manifest
    version: str
    """Changes whenever anything in the folder changes: content hash of `config.json`."""

    def read(self, file: str) -> bytes:
        """A file's bytes, as they were saved. Raises ExplorerError if it is missing or was damaged."""
        expected = self.manifest.files.get(file)
        try:
            data = (self.path / file).read_bytes()
        except FileNotFoundError:
            raise ExplorerError(
                f"Checkpoint {self.name} has no {file}; copy the whole folder again."
            ) from None
        except OSError as error:
            raise ExplorerError(
                f"Checkpoint {self.name}: {file} cannot be read ({error.strerror})."
            ) from None
        if expected is None or hashlib.sha256(data).hexdigest() != expected:
            raise ExplorerError(
                f"Checkpoint {self.name}: {file} is not the file that was saved ({len(data):,} bytes); "
                "copy the whole folder again."
            )
        return data

    def tensors(self, file: str) -> dict[str, np.ndarray]:
        """The arrays of a safetensors file. Raises ExplorerError if it is missing, damaged or foreign."""
        from safetensors import SafetensorError
        from safetensors.numpy import load

        try:
            return load(self.read(file))
        except SafetensorError:
            raise ExplorerError(f"Checkpoint {self.name}: {file} is not a safetensors file.") from None

    @cached_property
    def codes(self) -> Codes:
        """The stored codes. Raises ExplorerError if they do not fit the model."""
        arrays = self.tensors(CODES)
        try:
            codes = Codes(**arrays)
        except TypeError:
            raise ExplorerError(
                f"Checkpoint {self.name}: {CODES} has other columns than codes have."
            ) from None
        d, n = self.manifest.model.latent_size, len(codes.index)
        shapes = {"mean": (n, d), "scale": (n, d), "rate": (n, d), "distortion": (n,)}
        shapes |= {"labels": (n,), "factors": (n, len(self.manifest.factor_names)), "scale_tril": (n, d, d)}
        for column, shape in shapes.items():
            array = getattr(codes, column)
            if array is None:
                continue
            if array.shape != shape:
                raise ExplorerError(
                    f"Checkpoint {self.name}: {column} in {CODES} has shape {array.shape}, "
                    f"but {n} codes of {d} dimensions need {shape}."
                )
            if not np.isfinite(array).all():
                raise ExplorerError(
                    f"Checkpoint {self.name}: {column} in {CODES} holds values that are not finite."
                )
        return codes

    def history(self) -> list[dict[str, float]]:
        """The training curve, one row per epoch."""
        try:
            rows = list(csv.DictReader(io.StringIO(self.read(HISTORY).decode())))
            return [{key: float(value) for key, value in row.items()} for row in rows]
        except (ValueError, TypeError, UnicodeDecodeError):
            raise ExplorerError(f"Checkpoint {self.name}: {HISTORY} is not a table of numbers.") from None

    def decoder_session(self) -> Any:
        """An ONNX Runtime session of the decoder. Raises ExplorerError if it is foreign or does not fit."""
        import onnxruntime

        onnxruntime.set_default_logger_severity(4)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        try:
            session = onnxruntime.InferenceSession(
                self.read(DECODER), options, providers=["CPUExecutionProvider"]
            )
            (z,), (image,) = session.get_inputs(), session.get_outputs()
            given = (z.name, image.name, z.shape[1:], image.shape[1:])
        except ExplorerError:
            raise
        except Exception:
            # ONNX Runtime raises a dozen kinds, all of which mean the same here
            raise ExplorerError(
                f"Checkpoint {self.name}: {DECODER} is not a decoder that ONNX Runtime runs."
            ) from None
        wanted = ("z", "image", [self.manifest.model.latent_size], list(self.manifest.image_shape))
        if given != wanted:
            raise ExplorerError(
                f"Checkpoint {self.name}: {DECODER} maps {given[0]} {given[2]} to {given[1]} {given[3]}, "
                f"but the model needs {wanted[0]} {wanted[2]} to {wanted[1]} {wanted[3]}."
            )
        return session

    def decode(self, session: Any, z: np.ndarray) -> np.ndarray:
        """Mean images `(B, C, H, W)` float32 in [0, 1] of codes z `(B, d)`, by a `decoder_session`."""
        images: np.ndarray = session.run(None, {"z": np.ascontiguousarray(z, np.float32)})[0]
        return images


def open_checkpoint(path: Path | str) -> Checkpoint:
    """Read a checkpoint's `config.json`. Raises ExplorerError with what is wrong.

    If a crash interrupted its replacement, this is the complete older state.
    """
    path = Path(path)
    real = path if path.is_dir() else path.with_name(f".{path.name}{OLD}")
    if not real.is_dir():
        raise ExplorerError(f"There is no checkpoint {path.name} in {path.parent}.")
    file = real / "config.json"
    try:
        data = file.read_bytes()
        values = json.loads(data)
    except FileNotFoundError:
        what = "is an empty folder" if not any(real.iterdir()) else "has no config.json"
        raise ExplorerError(f"{path.name} {what}, so it is not a checkpoint.") from None
    except OSError as error:
        raise ExplorerError(
            f"Checkpoint {path.name}: config.json cannot be read ({error.strerror})."
        ) from None
    except ValueError:
        raise ExplorerError(f"Checkpoint {path.name}: config.json is damaged, it is not JSON.") from None
    if isinstance(values, dict) and isinstance(values.get("format"), int) and values["format"] > FORMAT:
        raise ExplorerError(
            f"Checkpoint {path.name} was written by a newer Latent Explorer; update this one."
        )
    manifest = parse(Manifest, values, f"{path.name}/config.json")
    for file_name in REQUIRED:
        if not (real / file_name).is_file():
            raise ExplorerError(f"Checkpoint {path.name} has no {file_name}; copy the whole folder again.")
    return Checkpoint(real, path.name, manifest, hashlib.sha256(data).hexdigest()[:16])


def verify(checkpoint: Checkpoint) -> None:
    """Read every file and check it against the config: content, shapes, dtypes, finite values, a decode.

    Raises ExplorerError with the first thing that is wrong.
    """
    for name, array in checkpoint.tensors(WEIGHTS).items():
        if array.dtype not in (np.float16, np.float32):
            raise ExplorerError(f"Checkpoint {checkpoint.name}: weight {name} is {array.dtype}, not float.")
        if not np.isfinite(array).all():
            raise ExplorerError(
                f"Checkpoint {checkpoint.name}: weight {name} holds values that are not finite."
            )
    codes = checkpoint.codes
    checkpoint.history()
    images = checkpoint.decode(checkpoint.decoder_session(), codes.mean[:2])
    if not np.isfinite(images).all() or images.min() < 0 or images.max() > CLIP:
        raise ExplorerError(f"Checkpoint {checkpoint.name}: {DECODER} gives values outside [0, 1].")


def list_checkpoints(folder: Path | None = None) -> tuple[list[Checkpoint], list[str]]:
    """All checkpoints of a folder by name, and a sentence for each that cannot be opened."""
    folder = folder or checkpoints_folder()
    good, bad = [], []
    names = {entry.name for entry in folder.iterdir() if entry.is_dir()} if folder.is_dir() else set()
    # a crash between the two renames of a replacement leaves only the older state, under its set-aside name
    names |= {n[1 : -len(OLD)] for n in names if n.startswith(".") and n.endswith(OLD)}
    for name in sorted(n for n in names if not n.startswith(".")):
        try:
            good.append(open_checkpoint(folder / check_name(name)))
        except ExplorerError as error:
            bad.append(str(error))
    return good, bad


def write(path: Path, manifest: dict[str, Any], files: dict[str, bytes]) -> Checkpoint:
    """Write a whole checkpoint, replacing an older one of that name, and open it.

    Files go to a hidden folder beside it, are forced to disk, and the folder is renamed: whenever the process
    dies, the name leads to the complete old or the complete new checkpoint. Raises ExplorerError if it cannot
    be written (no space, no permission); then the old one is untouched.
    """
    check_name(path.name)
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    checked = parse(Manifest, manifest | {"files": hashes}, "the checkpoint to be saved")
    text = json.dumps(checked.model_dump(mode="json"), indent=2, ensure_ascii=False, allow_nan=False)
    unique = uuid.uuid4().hex[:8]
    new, old = path.with_name(f".{path.name}.writing-{unique}"), path.with_name(f".{path.name}{OLD}")
    with disk_errors(f"Checkpoint {path.name}", path.parent):
        try:
            new.mkdir(parents=True)
            for name, data in (*files.items(), ("config.json", text.encode())):
                _write_through(new / name, data)
            _sync_folder(new)
            _swap(new, path, old)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    return open_checkpoint(path)


def _swap(new: Path, path: Path, old: Path) -> None:
    if path.is_dir():
        shutil.rmtree(old, ignore_errors=True)  # left by a crash after the second rename
        path.rename(old)
    try:
        new.rename(path)
    except OSError:
        if old.is_dir() and not path.exists():
            old.rename(path)
        raise
    _sync_folder(path.parent)
    shutil.rmtree(old, ignore_errors=True)


def _write_through(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    if os.name == "posix":
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def delete(path: Path) -> None:
    """Remove a checkpoint. Raises ExplorerError if it is not one."""
    checkpoint = open_checkpoint(path)
    with disk_errors(f"Checkpoint {path.name}", path.parent):
        shutil.rmtree(checkpoint.path)


def history_csv(rows: list[dict[str, float]]) -> bytes:
    """The training curve as CSV text, one row per epoch."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]) if rows else ["epoch"], lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _short(value) for key, value in row.items()} for row in rows)
    return out.getvalue().encode()


def _short(value: float) -> float:
    return value if isinstance(value, int) or not math.isfinite(value) else float(f"{value:.7g}")
