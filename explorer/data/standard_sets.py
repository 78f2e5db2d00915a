"""Standard data sets through `torchvision.datasets`, read from the data folder or downloaded to it.

Complete files in MNIST's format are read directly, because the server shows originals without torch. The official
split is kept, with the training images first.
"""

import gzip
import math
import re
import socket
import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from explorer.data.dataset import ImageDataset
from explorer.disk import disk_errors, locked
from explorer.environment import READ_ONLY, data_folder, read_only
from explorer.errors import ExplorerError

Part = Literal["train", "test"]
Images = tuple[np.ndarray, np.ndarray, tuple[str, ...]]
"""Images, labels and label names of one part."""

_TIMEOUT = 30.0  # seconds without data after which a download fails
_DIGITS = tuple(string.digits)


@dataclass(frozen=True)
class StandardSet:
    """A standard data set.

    about: one-line description. kind: the torchvision class. options: its arguments for a part.
    files: the files of each part, relative to the data folder.
    images, labels: get uint8 `(N, C, H, W)` or `(N, H, W)` and integers `(N,)` from an instance.
    plain: whether a part is two files in MNIST's format, images and labels, usable without conversion.
    installed: the folder where a package of the operating system installs the same files, compressed.
    """

    about: str
    kind: str
    options: Callable[[Part], dict[str, Any]]
    files: dict[Part, tuple[str, ...]]
    label_names: tuple[str, ...] = ()  # empty: read from the files
    images: Callable[[Any], Any] = lambda instance: instance.data
    labels: Callable[[Any], Any] = lambda instance: instance.targets
    plain: bool = False
    installed: Path | None = None

    def find(self, folder: Path, file: str) -> Path | None:
        """The path of a file: in the data folder, or where a package installed it; None if it is missing."""
        places = [folder / file]
        if self.installed is not None:
            places.append(self.installed / f"{Path(file).name}.gz")
        return next((path for path in places if path.is_file()), None)


def load(name: str) -> ImageDataset:
    """Load the standard data set `name`, after downloading it if it is not in the data folder.

    Raises ExplorerError that names the missing files, the folder and the remedy, if the set cannot be downloaded (for
    example on a read-only server) or its files are damaged.
    """
    row = STANDARD[name]
    folder = data_folder()
    with _locked_data_folder(name, folder) if _missing(name, folder) else nullcontext():
        parts = [_open(name, row, folder, part) for part in ("train", "test")]
    images = np.concatenate([part[0] for part in parts])
    labels = np.concatenate([part[1] for part in parts])
    n_train = len(parts[0][0])
    return ImageDataset(
        name,
        images if images.ndim == 4 else images[:, None],
        np.arange(n_train),
        np.arange(n_train, len(images)),
        labels=labels,
        label_names=parts[0][2],
    )


def _missing(name: str, folder: Path) -> list[str]:
    """The missing files of both parts; torchvision needs all of them to open either part."""
    row = STANDARD[name]
    return [file for part in row.files.values() for file in part if row.find(folder, file) is None]


@contextmanager
def _locked_data_folder(name: str, folder: Path) -> Iterator[None]:
    """Create and lock the data folder for a download: concurrent downloads of a file would corrupt it."""
    if read_only():
        raise ExplorerError(
            f"{name} is not in {folder}, and this server is read-only ({READ_ONLY} is set), so it is not downloaded: "
            "set EXPLORER_DATA to the folder that has it."
        )
    with disk_errors(f"The data set {name}", folder):
        folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        yield


def _open(name: str, row: StandardSet, folder: Path, part: Part) -> Images:
    try:
        images, labels, names = _read_plain(row, folder, part) or _read_by_torchvision(row, folder, part)
        if images.dtype != np.uint8 or len(images) != len(labels) or not len(images):
            raise ValueError(f"{len(images)} images but {len(labels)} labels")
        if labels.min() < 0 or labels.max() >= len(names):
            raise ValueError(f"labels run to {labels.max()}, but there are {len(names)} classes")
    except Exception as error:  # torchvision and its parsers raise nearly any error
        raise ExplorerError(_sentence(name, folder, part, error)) from error
    return images, labels, names


def _read_plain(row: StandardSet, folder: Path, part: Part) -> Images | None:
    """Read a part without torchvision, whose import takes seconds; None unless it is two complete plain files."""
    if not row.plain:
        return None
    images, labels = (
        _read_idx(row.find(folder, file), n) for file, n in zip(row.files[part], (3, 1), strict=True)
    )
    if images is None or labels is None:
        return None
    return images, labels.astype(np.int64), row.label_names


def _read_idx(path: Path | None, dimensions: int) -> np.ndarray | None:
    """Read an array with this number of dimensions from a file in MNIST's format; None if missing or incomplete."""
    head = 4 + 4 * dimensions
    data = path.read_bytes() if path else b""
    if path and path.suffix == ".gz":
        data = gzip.decompress(data)
    if len(data) < head or data[:4] != bytes((0, 0, 8, dimensions)):  # 8: unsigned bytes
        return None
    shape = np.frombuffer(data, ">u4", dimensions, 4).tolist()
    complete = len(data) == head + math.prod(shape)
    return np.frombuffer(data, np.uint8, offset=head).reshape(shape) if complete else None


def _read_by_torchvision(row: StandardSet, folder: Path, part: Part) -> Images:
    import torchvision.datasets

    with _timeout():
        kind = getattr(torchvision.datasets, row.kind)
        instance = kind(str(folder), download=True, **row.options(part))  # downloads only missing files
    images, labels = np.asarray(row.images(instance)), np.asarray(row.labels(instance), dtype=np.int64)
    return images, labels, row.label_names or tuple(instance.classes)


@contextmanager
def _timeout() -> Iterator[None]:
    """Set a timeout for downloads, which torchvision does not do."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(_TIMEOUT)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _sentence(name: str, folder: Path, part: Part, error: Exception) -> str:
    reason = _reason(error)
    if missing := _missing(name, folder):
        more = f" and {len(missing) - 2} more" if len(missing) > 2 else ""
        return (
            f"{name} is not in {folder} (looked for {', '.join(missing[:2])}{more}) and could not be downloaded "
            f"({reason}): connect to the network and try again, or set EXPLORER_DATA to the folder that has it."
        )
    files = " or ".join(STANDARD[name].files[part])
    return (
        f"{name} cannot be read, because {files} in {folder} is damaged or incomplete ({reason}): "
        "delete the file, and it will be downloaded again."
    )


def _reason(error: Exception) -> str:
    """The reason of a failed download, without URLs."""
    text = " ".join(str(error).split())
    reasons = re.findall(r"<urlopen error (?:\[Errno -?\d+\] )?([^>]*)>", text)
    return (reasons[-1] if reasons else text)[:120] or type(error).__name__


def _train(part: Part) -> dict[str, Any]:
    return {"train": part == "train"}


def _idx(folder: str, prefixes: dict[Part, str], labels: str = "labels-idx1-ubyte") -> dict[Part, Any]:
    """The image and label files of each part in MNIST's format."""
    return {
        part: (f"{folder}/raw/{prefix}-images-idx3-ubyte", f"{folder}/raw/{prefix}-{labels}")
        for part, prefix in prefixes.items()
    }


_AS_MNIST: dict[Part, str] = {"train": "train", "test": "t10k"}

STANDARD: dict[str, StandardSet] = {
    "mnist": StandardSet(
        "70,000 handwritten digits, 28×28 grey, 10 classes",
        "MNIST",
        _train,
        _idx("MNIST", _AS_MNIST),
        _DIGITS,
        plain=True,
    ),
    "fashion-mnist": StandardSet(
        "70,000 pieces of clothing, 28×28 grey, 10 classes",
        "FashionMNIST",
        _train,
        _idx("FashionMNIST", _AS_MNIST),
        (
            "t-shirt",
            "trousers",
            "pullover",
            "dress",
            "coat",
            "sandal",
            "shirt",
            "sneaker",
            "bag",
            "ankle boot",
        ),
        plain=True,
        installed=Path("/usr/share/datasets/fashion-mnist"),  # Debian's dataset-fashion-mnist
    ),
    "kmnist": StandardSet(
        "70,000 handwritten cursive hiragana, 28×28 grey, 10 classes",
        "KMNIST",
        _train,
        _idx("KMNIST", _AS_MNIST),
        ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
        plain=True,
    ),
    # the letters split of EMNIST: MNIST and QMNIST have the digits
    "emnist": StandardSet(
        "145,600 handwritten letters, both cases together, 28×28 grey, 26 classes",
        "EMNIST",
        lambda part: {"split": "letters", **_train(part)},
        _idx("EMNIST", {"train": "emnist-letters-train", "test": "emnist-letters-test"}),
        tuple(string.ascii_uppercase),
        images=lambda instance: instance.data.transpose(1, 2),  # stored transposed
        labels=lambda instance: instance.targets - 1,  # labels start at 1
    ),
    "qmnist": StandardSet(
        "120,000 handwritten digits, MNIST with its full test set, 28×28 grey, 10 classes",
        "QMNIST",
        _train,
        _idx("QMNIST", {"train": "qmnist-train", "test": "qmnist-test"}, "labels-idx2-int"),
        _DIGITS,
        labels=lambda instance: instance.targets[:, 0],  # the other columns are metadata
    ),
    "usps": StandardSet(
        "9,298 digits from envelopes, 16×16 grey, 10 classes",
        "USPS",
        _train,
        {"train": ("usps.bz2",), "test": ("usps.t.bz2",)},
        _DIGITS,
    ),
    # the CIFAR files are pickles; torchvision verifies their checksums before reading them
    "cifar10": StandardSet(
        "60,000 photographs, 32×32 colour, 10 classes",
        "CIFAR10",
        _train,
        {
            "train": tuple(f"cifar-10-batches-py/data_batch_{i}" for i in range(1, 6)),
            "test": ("cifar-10-batches-py/test_batch",),
        },
        images=lambda instance: instance.data.transpose(0, 3, 1, 2),
    ),
    "cifar100": StandardSet(
        "60,000 photographs, 32×32 colour, 100 classes",
        "CIFAR100",
        _train,
        {"train": ("cifar-100-python/train",), "test": ("cifar-100-python/test",)},
        images=lambda instance: instance.data.transpose(0, 3, 1, 2),
    ),
    "svhn": StandardSet(
        "99,289 house-number digits from photographs, 32×32 colour, 10 classes",
        "SVHN",
        lambda part: {"split": part},
        {"train": ("train_32x32.mat",), "test": ("test_32x32.mat",)},
        _DIGITS,
        labels=lambda instance: instance.labels,
    ),
}
