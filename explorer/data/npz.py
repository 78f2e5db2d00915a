"""An `.npz` of images, written with `numpy.savez(path, images=..., labels=..., factors=...)`.

images: uint8, bool, or float in [0, 1]; `(N, H, W)`, `(N, H, W, C)` or `(N, C, H, W)` with 1 or 3 channels.
labels (optional): integers or text `(N,)`. label_names (optional): text; integer labels then count from 0.
factors (optional): integers from 0, `(N, K)`. factor_names (optional): text `(K,)`.
"""

import math
import zipfile
from pathlib import Path

import numpy as np

from explorer.data import limits
from explorer.data.dataset import ImageDataset
from explorer.data.split import tenth_split
from explorer.errors import ExplorerError

KEYS = ("images", "labels", "label_names", "factors", "factor_names")


def read_npz(path: Path, images: np.ndarray | None = None) -> ImageDataset:
    """Read the images of an `.npz` without pickle. images: given where the `.npz` has only the other arrays.

    Raises ExplorerError that names the file and the invalid array, OSError if the file cannot be read.
    """
    arrays = _read(path) | ({} if images is None else {"images": images})
    if "images" not in arrays:
        raise ExplorerError(f"{path} has no array named images: write it with numpy.savez(path, images=...).")
    images = _images(path, arrays["images"])
    labels, label_names = _labels(path, arrays, len(images))
    factors, factor_names = _factors(path, arrays, len(images))
    train, test = tenth_split(len(images))
    return ImageDataset(
        path.name,
        images,
        train,
        test,
        labels=labels,
        label_names=label_names,
        factors=factors,
        factor_names=factor_names,
        factor_sizes=() if factors is None else tuple(int(top) + 1 for top in factors.max(axis=0)),
    )


def _read(path: Path) -> dict[str, np.ndarray]:
    name = "its list of arrays"
    try:
        with zipfile.ZipFile(path) as archive:
            limits.check_archive(path, archive.infolist())
            for name in KEYS:
                _check_header(archive, name)  # NumPy prefers an entry without the suffix
                _check_header(archive, f"{name}.npy")
        arrays = {}
        with np.load(path, allow_pickle=False) as stored:
            for name in KEYS:
                if name in stored:
                    arrays[name] = stored[name]
                    if not isinstance(arrays[name], np.ndarray):
                        raise ValueError("not an array")
    except (ExplorerError, OSError, MemoryError):
        raise
    except Exception as error:  # a damaged file raises nearly any error
        reason = "Python objects are not read" if "allow_pickle" in str(error) else str(error)[:200]
        raise ExplorerError(
            f"{path} is not a readable .npz: {name} cannot be read ({reason}); write it again with numpy.savez."
        ) from error
    return arrays


def _check_header(archive: zipfile.ZipFile, entry: str) -> None:
    """Raises ValueError if an array's header declares more bytes than the file has."""
    if entry not in archive.namelist():
        return
    with archive.open(entry) as file:
        version = np.lib.format.read_magic(file)
        read = (
            np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        )
        shape, _, dtype = read(file)
    if not dtype.hasobject and math.prod(shape) * dtype.itemsize > archive.getinfo(entry).file_size:
        raise ValueError(f"its header claims the shape {shape}")


def _images(path: Path, images: np.ndarray) -> np.ndarray:
    """Convert to uint8 `(N, C, H, W)`."""
    if images.ndim == 3:
        images = images[:, None]
    elif images.ndim == 4 and images.shape[1] not in (1, 3) and images.shape[3] in (1, 3):
        images = images.transpose(0, 3, 1, 2)
    if images.ndim != 4 or images.shape[1] not in (1, 3) or 0 in images.shape:
        raise ExplorerError(
            f"The images in {path} have shape {images.shape}; they must be (N, H, W), (N, H, W, C) or "
            "(N, C, H, W), with 1 or 3 channels and none of them empty."
        )
    if images.dtype.kind == "f":
        if not np.isfinite(images).all():
            raise ExplorerError(f"The images in {path} hold NaN or infinite values: replace them.")
        if images.min() < 0 or images.max() > 1:
            raise ExplorerError(
                f"The images in {path} run from {images.min():g} to {images.max():g}; "
                "floating-point images must lie in [0, 1]: divide them by their largest value."
            )
        images = np.rint(images.astype(np.float32) * 255).astype(np.uint8)
    elif images.dtype == bool:
        images = images.astype(np.uint8) * np.uint8(255)
    elif images.dtype != np.uint8:
        raise ExplorerError(
            f"The images in {path} are {images.dtype}; they must be uint8, or floating-point in [0, 1]."
        )
    return np.ascontiguousarray(images)


def _labels(path: Path, arrays: dict[str, np.ndarray], n: int) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """Convert to int64 `(N,)` counting from 0, with the names of the classes."""
    if "labels" not in arrays:
        return None, ()
    labels = arrays["labels"]
    if labels.dtype.kind not in "biuU" or labels.shape != (n,):
        raise ExplorerError(
            f"The labels in {path} are {labels.dtype} {labels.shape}; they must be integers or text ({n},)."
        )
    if "label_names" not in arrays:
        values, numbers = np.unique(labels, return_inverse=True)
        return numbers.astype(np.int64), tuple(str(value) for value in values)
    names = _names(path, arrays, "label_names")
    if labels.dtype.kind == "U":
        raise ExplorerError(
            f"The labels in {path} are text, so it needs no label_names: leave one of them out."
        )
    if labels.min() < 0 or labels.max() >= len(names):
        raise ExplorerError(
            f"The labels in {path} run from {labels.min()} to {labels.max()}, but there are {len(names)} "
            "label_names: labels must be indices into label_names, from 0."
        )
    return labels.astype(np.int64), names


def _factors(path: Path, arrays: dict[str, np.ndarray], n: int) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """Convert to int64 `(N, K)` counting from 0, with the names of the factors."""
    if "factors" not in arrays:
        return None, ()
    factors = arrays["factors"]
    if factors.dtype.kind not in "iu" or factors.ndim != 2 or len(factors) != n or not factors.shape[1]:
        raise ExplorerError(
            f"The factors in {path} are {factors.dtype} {factors.shape}; they must be integers ({n}, K)."
        )
    if factors.min() < 0 or factors.max() >= 2**31:
        raise ExplorerError(f"The factors in {path} must count from 0, but one is {factors.min()}.")
    k = factors.shape[1]
    names = _names(path, arrays, "factor_names") if "factor_names" in arrays else ()
    if names and len(names) != k:
        raise ExplorerError(f"{path} has {k} factors but {len(names)} factor_names: they must match.")
    return factors.astype(np.int64), names or tuple(f"factor {i + 1}" for i in range(k))


def _names(path: Path, arrays: dict[str, np.ndarray], key: str) -> tuple[str, ...]:
    names = arrays[key]
    if names.dtype.kind != "U" or names.ndim != 1:
        raise ExplorerError(
            f"The {key} in {path} are {names.dtype} {names.shape}; they must be a list of text."
        )
    return tuple(str(name) for name in names)
