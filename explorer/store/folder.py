"""Checkpoints on disk: save, list, open, check. A checkpoint is a folder of plain files (docs/checkpoints.md).

Nothing here imports torch, so that a stored checkpoint can be shown without it; `explorer.store.weights`
turns models into these files and back.
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

from explorer.config import parse
from explorer.disk import OLD, appears, disk_errors, read_file, remove_folder, replace_folder, set_aside
from explorer.environment import checkpoints_folder
from explorer.errors import ExplorerError
from explorer.latents.codes import Codes
from explorer.store.decoder import Decoder, RemoteDecoder, open_decoder
from explorer.store.history import history_rows
from explorer.store.manifest import FORMAT, Manifest, misfits
from explorer.store.names import CODES, CONFIG, DECODER, HISTORY, RESUME, WEIGHTS, check_name

CLIP = 1.0 + 1e-4
MOST_CONFIG = 16 << 20
AGAIN = "copy the whole folder again"
ATTEMPTS = 8  # at reading what may be replaced meanwhile


@dataclass(frozen=True)
class Checkpoint:
    """A stored checkpoint whose `config.json` is valid; other files are read and checked on demand.

    Two are equal if path and content are, so that results computed for one can be reused for the other.
    """

    path: Path
    name: str
    manifest: Manifest = field(compare=False)
    version: str
    """Changes whenever anything in the folder changes: content hash of `config.json`."""

    def read(self, file: str) -> bytes:
        """A file's bytes, as they were saved. Raises ExplorerError if it is missing, damaged or newer."""
        what = ""
        for attempt in range(ATTEMPTS):  # a replacement by the same content may be under way
            if attempt:
                time.sleep(0.01)
            try:
                data = read_file(self.path / file)
            except FileNotFoundError:
                what = f"has no {file}"
                continue
            except OSError as error:
                self._fail(f"cannot be used, {file} cannot be read ({error.strerror})")
            if hashlib.sha256(data).hexdigest() == self.manifest.files.get(file):
                return data
            what = f"is damaged, {file} is not the file that was saved ({len(data):,} bytes)"
            if self._current_version() not in ("", self.version):
                self._gone()  # though this content may come back
        return self._fail(what)

    def _fail(self, what: str) -> NoReturn:
        # set aside by a replacement and being removed, unless a crash left nothing but that
        aside = self.path.name != self.name and appears(self.path.with_name(self.name))
        if aside or self._current_version() != self.version:
            self._gone()
        raise ExplorerError(f"Checkpoint {self.name} {what}; {AGAIN}.")

    def _gone(self) -> NoReturn:
        raise ExplorerError(f"Checkpoint {self.name} was replaced or removed meanwhile; open it again.")

    def _current_version(self) -> str:
        """The version on disk now, empty if there is none."""
        try:
            return _version(read_file(self.path / CONFIG, MOST_CONFIG))
        except OSError:
            return ""

    def tensors(self, file: str) -> dict[str, np.ndarray]:
        """The arrays of a safetensors file. Raises ExplorerError if it is missing, damaged or foreign."""
        from safetensors import SafetensorError
        from safetensors.numpy import load

        try:
            return load(self.read(file))
        except SafetensorError:
            self._fail(f"cannot be used, {file} is not a safetensors file")
        except KeyError as error:  # of the types that numpy has not
            self._fail(f"cannot be used, {file} holds {error.args[0]} numbers")

    def weights(self) -> dict[str, np.ndarray]:
        """The weights, float16 or float32. Raises ExplorerError for other types and values that are not finite."""
        weights = self.tensors(WEIGHTS)
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
            codes = Codes(**arrays)
        except TypeError:
            self._fail(f"cannot be used, {CODES} has other columns than codes have")
        for wrong in misfits(codes, self.manifest):
            self._fail(f"cannot be used, {wrong} in {CODES}")
        return codes

    def history(self) -> list[dict[str, float]]:
        """The training curve, one row per epoch."""
        try:
            return history_rows(self.read(HISTORY))
        except ValueError:
            self._fail(f"cannot be used, {HISTORY} is not a table of numbers")

    def decoder_session(self, remote: bool = False) -> Decoder:
        """The decoder, ready to run; `remote` for a process of its own. Raises ExplorerError if it does not fit."""
        manifest = self.manifest
        start = RemoteDecoder if remote else open_decoder
        try:
            return start(self.read(DECODER), manifest.model.latent_size, manifest.image_shape)
        except ValueError as error:
            self._fail(f"cannot be used, {DECODER} {error}")

    def decode(self, session: Decoder, z: np.ndarray) -> np.ndarray:
        """Mean images `(B, C, H, W)` float32 in [0, 1] of codes z `(B, d)`, by a `decoder_session`.

        Raises ExplorerError if the decoder fails.
        """
        try:
            return session.decode(z)
        except ValueError as error:
            self._fail(f"cannot be used, {DECODER} {error}")


def _version(config: bytes) -> str:
    return hashlib.sha256(config).hexdigest()[:16]


def exists(path: Path) -> bool:
    """Whether anything has this name already."""
    return os.path.lexists(path) or os.path.lexists(set_aside(path))


def open_checkpoint(path: Path | str) -> Checkpoint:
    """Read a checkpoint's `config.json`. Raises ExplorerError with what is wrong.

    If a crash interrupted its replacement, this is the complete older state.
    """
    path = Path(path)
    missing: list[str] = []
    for attempt in range(ATTEMPTS):  # it may be replaced between two attempts, and by the same content
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
    """The folder in which a checkpoint lies now, and its `config.json`."""
    # an ongoing replacement moves the older one aside, then the newer one here: the third attempt finds that
    for real in (path, set_aside(path), path) if path.name else (path,):
        try:
            return real, read_file(real / CONFIG, MOST_CONFIG)
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
    raise ExplorerError(
        f"There is no checkpoint {path.name} in {path.parent}; choose one of those there are."
    )


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
    """Read every file and check it against the config: content, shapes, dtypes, finite values, a decode.

    The shapes of the weights are checked when a model is built of them (`explorer.store.weights.load_model`).
    Raises ExplorerError with the first thing that is wrong.
    """
    if checkpoint.manifest.rebuildable:
        checkpoint.weights()
    checkpoint.history()
    if RESUME in checkpoint.manifest.files:
        checkpoint.tensors(RESUME)
    images = checkpoint.decode(checkpoint.decoder_session(), checkpoint.codes.mean[:3])
    if not np.isfinite(images).all() or images.min() < 0 or images.max() > CLIP:
        checkpoint._fail(f"cannot be used, {DECODER} gives values outside [0, 1]")


def list_checkpoints(folder: Path | None = None) -> tuple[list[Checkpoint], list[str]]:
    """All checkpoints of a folder by name, and a sentence for each that cannot be opened.

    A folder that is not there has none. Raises ExplorerError if the folder cannot be read.
    """
    folder = folder or checkpoints_folder()
    try:
        names = {entry.name for entry in os.scandir(folder) if entry.is_dir()}
    except (FileNotFoundError, NotADirectoryError):
        return [], []
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise ExplorerError(f"The folder of checkpoints, {folder}, cannot be read: {why}.") from None
    # a crash between the two renames of a replacement leaves only the older state, under its set-aside name
    names |= {n[1 : -len(OLD)] for n in names if n.startswith(".") and n.endswith(OLD)}
    good, bad = [], []
    for name in sorted(n for n in names if not n.startswith(".")):
        try:
            good.append(open_checkpoint(folder / check_name(name)))
        except ExplorerError as error:
            bad.append(str(error))
    return good, bad


def write(path: Path, manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> Checkpoint:
    """Write a whole checkpoint, replacing an older one of that name, and open it.

    Whenever the process dies, the name leads to the complete old or the complete new checkpoint
    (`explorer.disk.replace_folder`). Raises ExplorerError if it cannot be written (no space, no permission);
    then the old one is untouched.
    """
    check_name(path.name)
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    checked = parse(Manifest, {**manifest, "files": hashes}, "the checkpoint to be saved")
    text = json.dumps(checked.model_dump(mode="json"), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    with disk_errors(f"Checkpoint {path.name}", path.parent):
        # half a character, in the path of the data, becomes the escape that JSON has for it
        replace_folder(path, {**files, CONFIG: text.encode(errors="backslashreplace")})
    return open_checkpoint(path)


def delete(path: Path) -> None:
    """Remove a checkpoint. Raises ExplorerError if it is not one or cannot be removed."""
    check_name(path.name)
    open_checkpoint(path)
    with disk_errors(f"Checkpoint {path.name}", path.parent):
        remove_folder(path)
