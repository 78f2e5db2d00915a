"""Checkpoints on disk: save, list, open, verify. A checkpoint is a folder of plain files (docs/checkpoints.md).

Nothing here imports torch, so a stored checkpoint can be shown without it; `explorer.store.weights` converts between
models and these files.
"""

import hashlib
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from explorer import disk
from explorer.config import parse
from explorer.environment import checkpoints_folder
from explorer.errors import ExplorerError
from explorer.latents.codes import Codes
from explorer.store.decoder import Decoder, Given, RemoteDecoder, open_decoder
from explorer.store.decoder_weights import read_weights
from explorer.store.history import history_rows
from explorer.store.manifest import FORMAT, Manifest, find_problems
from explorer.store.names import CODES, CONFIG, DECODER, HISTORY, RESUME, WEIGHTS, check_name

CLIP = 1.0 + 1e-4
MAX_CONFIG = 16 << 20
AGAIN = "copy the whole folder again"
ATTEMPTS = 8  # to read a checkpoint that is being replaced


@dataclass(frozen=True)
class Checkpoint:
    """A stored checkpoint whose `config.json` is valid; other files are read and checked on demand.

    Two checkpoints with the same path and content are equal, so results computed for one can be reused for the other.
    """

    path: Path
    name: str
    manifest: Manifest = field(compare=False)
    version: str
    """Hash of `config.json`, which lists the hashes of all files: it changes when any file does."""

    def read(self, file: str) -> bytes:
        """The bytes of a file. Raises ExplorerError if it is missing, damaged or of another version."""
        problem = ""
        for attempt in range(ATTEMPTS):  # the checkpoint may be replaced by the same content right now
            if attempt:
                time.sleep(0.01)
            try:
                data = disk.read_file(self.path / file)
            except FileNotFoundError:
                problem = f"has no {file}"
                continue
            except OSError as error:
                self._fail(f"cannot be used, {file} cannot be read ({error.strerror})")
            if hashlib.sha256(data).hexdigest() == self.manifest.files.get(file):
                return data
            problem = f"is damaged, {file} is not the file that was saved ({len(data):,} bytes)"
            if self._current_version() not in ("", self.version):
                self._fail_replaced()  # even if the same content may come back
        return self._fail(problem)

    def _fail(self, problem: str) -> NoReturn:
        # a path that is set aside belongs to an older version, unless a crash left no other
        outdated = self.path.name != self.name and disk.wait_for_folder(self.path.with_name(self.name))
        if outdated or self._current_version() != self.version:
            self._fail_replaced()
        raise ExplorerError(f"Checkpoint {self.name} {problem}; {AGAIN}.")

    def _fail_replaced(self) -> NoReturn:
        raise ExplorerError(f"Checkpoint {self.name} was replaced or removed meanwhile; open it again.")

    def _current_version(self) -> str:
        """The version on disk, empty if the checkpoint is gone."""
        try:
            return _version(disk.read_file(self.path / CONFIG, MAX_CONFIG))
        except OSError:
            return ""

    def tensors(self, file: str) -> dict[str, np.ndarray]:
        """The arrays of a safetensors file. Raises ExplorerError if it is missing, damaged or in another format."""
        from safetensors import SafetensorError
        from safetensors.numpy import load

        try:
            return load(self.read(file))
        except SafetensorError:
            self._fail(f"cannot be used, {file} is not a safetensors file")
        except KeyError as error:  # numpy has no such dtype
            self._fail(f"cannot be used, {file} holds {error.args[0]} numbers")

    def weights(self) -> dict[str, np.ndarray]:
        """The weights by name, float16 or float32. Raises ExplorerError for other dtypes and non-finite values."""
        weights = self.tensors(WEIGHTS)
        try:
            if self.manifest.in_decoder:
                weights |= read_weights(self.read(DECODER), self.manifest.in_decoder)
        except ValueError as error:
            self._fail(f"cannot be used, {DECODER} {error}")
        for name, array in weights.items():
            if array.dtype not in (np.float16, np.float32):
                self._fail(f"cannot be used, its weight {name} is {array.dtype}, not float16 or float32")
            if not np.isfinite(array).all():
                self._fail(f"cannot be used, its weight {name} has values that are not finite")
        return weights

    @cached_property
    def codes(self) -> Codes:
        """The stored codes. Raises ExplorerError if they do not fit the model."""
        arrays = self.tensors(CODES)
        try:
            codes = Codes.from_stored(arrays)
        except TypeError:
            self._fail(f"cannot be used, {CODES} does not have the columns of codes")
        for problem in find_problems(codes, self.manifest):
            self._fail(f"cannot be used, {problem} in {CODES}")
        return codes

    def history(self) -> list[dict[str, float]]:
        """The training curve, one row per epoch."""
        try:
            return history_rows(self.read(HISTORY))
        except ValueError:
            self._fail(f"cannot be used, {HISTORY} is not a table of numbers")

    def decoder_session(self, remote: bool = False) -> Decoder:
        """The decoder, ready to run, with `remote` in its own process. Raises ExplorerError if it does not fit."""
        manifest = self.manifest
        start = RemoteDecoder if remote else open_decoder
        try:
            return start(
                self.read(DECODER),
                manifest.model.latent_size,
                manifest.image_shape,
                manifest.default_beta,
                manifest.classes,
            )
        except ValueError as error:
            self._fail(f"cannot be used, {DECODER} {error}")

    def decode(self, session: Decoder, z: np.ndarray, beta: Given = None, label: Given = None) -> np.ndarray:
        """Mean images `(B, C, H, W)` float32 in [0, 1] of codes z `(B, d)`, by a `decoder_session`.

        beta: for a model of a range of β, one for all codes or one for each, `(B,)`; without it, its default. label:
        the same for a conditional model, the number of a class; without it, the classes in turn.
        Raises ExplorerError if the decoder fails.
        """
        try:
            return session.decode(z, beta, label)
        except ValueError as error:
            self._fail(f"cannot be used, {DECODER} {error}")


def _version(config: bytes) -> str:
    return hashlib.sha256(config).hexdigest()[:16]


def exists(path: Path) -> bool:
    """Whether a file or folder of this name exists."""
    return os.path.lexists(path) or os.path.lexists(disk.set_aside(path))


def open_checkpoint(path: Path | str) -> Checkpoint:
    """Open a checkpoint by reading its `config.json`. Raises ExplorerError with the reason.

    If a crash interrupted its replacement, the complete older version is opened.
    """
    path = Path(path)
    missing: list[str] = []
    for attempt in range(ATTEMPTS):  # it may be replaced between two reads, also by the same content
        if attempt:
            time.sleep(0.01)
        real, data = _find(path)
        manifest = _manifest(path.name, data)
        required = [DECODER, CODES, HISTORY, *([WEIGHTS] if manifest.rebuildable else [])]
        missing = [name for name in required if not os.path.isfile(real / name)]
        if not missing:
            return Checkpoint(real, path.name, manifest, _version(data))
    raise ExplorerError(f"Checkpoint {path.name} has no {missing[0]}; {AGAIN}.")


def _find(path: Path) -> tuple[Path, bytes]:
    """The folder that holds a checkpoint now, and its `config.json`."""
    # a replacement first moves the older version aside, then the newer one here: the third attempt finds that one
    for real in (path, disk.set_aside(path), path) if path.name else (path,):
        try:
            return real, disk.read_file(real / CONFIG, MAX_CONFIG)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise ExplorerError(
                f"Checkpoint {path.name[:100]}: {CONFIG} cannot be read ({why}); {AGAIN}."
            ) from None
    if os.path.isdir(path):
        raise ExplorerError(f"{path.name} has no {CONFIG}, so it is not a checkpoint; {AGAIN} or remove it.")
    if os.path.lexists(path):
        raise ExplorerError(f"{path.name} in {path.parent} is a file, but a checkpoint is a folder; {AGAIN}.")
    raise ExplorerError(f"There is no checkpoint {path.name} in {path.parent}; choose an existing one.")


def _manifest(name: str, data: bytes) -> Manifest:
    try:
        values = json.loads(data)
    except (ValueError, RecursionError):
        raise ExplorerError(f"Checkpoint {name} is damaged, {CONFIG} is not JSON; {AGAIN}.") from None
    version = values.get("format") if isinstance(values, dict) else None
    if isinstance(version, int) and version > FORMAT:
        raise ExplorerError(f"Checkpoint {name} was written by a newer Latent Explorer; update this one.")
    try:
        return parse(Manifest, values, f"{name}/{CONFIG}")
    except ExplorerError as error:
        raise ExplorerError(f"{str(error).removesuffix('.')}; {AGAIN}.") from None


def verify(checkpoint: Checkpoint) -> None:
    """Read every file, check it against the config (content, shapes, dtypes, finite values), and decode a few codes.

    The shapes of the weights are checked when they are loaded into a model (`explorer.store.weights.load_model`).
    Raises ExplorerError with the first problem.
    """
    if checkpoint.manifest.rebuildable:
        checkpoint.weights()
    checkpoint.history()
    if RESUME in checkpoint.manifest.files:
        checkpoint.tensors(RESUME)
    session, codes = checkpoint.decoder_session(), checkpoint.codes
    for beta in (None, *(checkpoint.manifest.model.beta_range or ())):
        images = checkpoint.decode(session, codes.mean[:3], beta)
        if not np.isfinite(images).all() or images.min() < 0 or images.max() > CLIP:
            checkpoint._fail(f"cannot be used, {DECODER} outputs values outside [0, 1]")


def list_checkpoints(folder: Path | None = None) -> tuple[list[Checkpoint], list[str]]:
    """All checkpoints in a folder, sorted by name, and an error message for each that cannot be opened.

    A missing folder has none. Raises ExplorerError if the folder cannot be read.
    """
    folder = folder or checkpoints_folder()
    try:
        names = {entry.name for entry in os.scandir(folder) if entry.is_dir()}
    except (FileNotFoundError, NotADirectoryError):
        return [], []
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise ExplorerError(f"The checkpoint folder {folder} cannot be read: {why}.") from None
    # a crash between the two renames of a replacement leaves only the older version, under its set-aside name
    names |= {n[1 : -len(disk.OLD)] for n in names if n.startswith(".") and n.endswith(disk.OLD)}
    good, bad = [], []
    for name in sorted(n for n in names if not n.startswith(".")):
        try:
            good.append(open_checkpoint(folder / check_name(name)))
        except ExplorerError as error:
            bad.append(str(error))
    return good, bad


def write(path: Path, manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> Checkpoint:
    """Write a checkpoint, replacing an older one of that name, and open it.

    If the process dies at any point, the name refers to the complete old or the complete new checkpoint
    (`explorer.disk.replace_folder`). Raises ExplorerError if it cannot be written (no space, no permission);
    the old checkpoint is then unchanged.
    """
    check_name(path.name)
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    checked = parse(Manifest, {**manifest, "files": hashes}, "the checkpoint to be saved")
    text = json.dumps(checked.model_dump(mode="json"), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    with disk.disk_errors(f"Checkpoint {path.name}", path.parent):
        # a lone surrogate, from a data path that is not UTF-8, becomes its JSON escape
        disk.replace_folder(path, {**files, CONFIG: text.encode(errors="backslashreplace")})
    return open_checkpoint(path)


def delete(path: Path) -> None:
    """Delete a checkpoint. Raises ExplorerError if the folder is not a checkpoint or cannot be removed."""
    check_name(path.name)
    open_checkpoint(path)
    with disk.disk_errors(f"Checkpoint {path.name}", path.parent):
        disk.remove_folder(path)
