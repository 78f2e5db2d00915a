"""The standard sets, from tiny files in each one's real format. Nothing here reaches the network."""

import bz2
import gzip
import hashlib
import pickle
import shutil
import struct
import sys
import threading
import urllib.error
import urllib.request
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest

from explorer.config import DataConfig
from explorer.data import ImageDataset, load
from explorer.data.standard_sets import STANDARD
from explorer.environment import data_folder
from explorer.errors import ExplorerError

SIZES = {"train": 7, "test": 4}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder, on a machine without a network."""

    def unplugged(*_: Any, **__: Any) -> NoReturn:
        raise urllib.error.URLError("no network here")

    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path))
    monkeypatch.setattr(urllib.request, "urlopen", unplugged)
    return tmp_path


def pictures(part: str, *shape: int) -> np.ndarray:
    return np.random.default_rng(len(part)).integers(256, size=(SIZES[part], *shape), dtype=np.uint8)


def classes(part: str, n: int = 10) -> np.ndarray:
    return (np.arange(SIZES[part]) * 3 + 1) % n


def write_idx(path: Path, array: np.ndarray) -> None:
    """MNIST's format: a big-endian head (type, dimensions, sizes), then the values."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = {"u1": 8, "i4": 12}[array.dtype.str[1:]]
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, kind, array.ndim, *array.shape)
    path.write_bytes(head + array.astype(array.dtype.newbyteorder(">")).tobytes())


def write_mnist(raw: Path) -> None:
    for part, prefix in (("train", "train"), ("test", "t10k")):
        write_idx(raw / f"{prefix}-images-idx3-ubyte", pictures(part, 28, 28))
        write_idx(raw / f"{prefix}-labels-idx1-ubyte", classes(part).astype(np.uint8))


def get(name: str) -> ImageDataset:
    return load(DataConfig(data=name))


def check(dataset: ImageDataset, *shape: int, n_classes: int = 10) -> None:
    """All images and labels, the official training part first."""
    expected = np.concatenate([pictures("train", *shape), pictures("test", *shape)])
    images = dataset.images[np.arange(11)]
    assert images.dtype == np.uint8
    np.testing.assert_array_equal(images, expected.reshape(11, -1, *shape[-2:]))
    assert len(dataset.validation_index) == 1
    np.testing.assert_array_equal(np.union1d(dataset.train_index, dataset.validation_index), np.arange(7))
    assert len(dataset.train_index) == 6
    np.testing.assert_array_equal(dataset.test_index, np.arange(7, 11))
    both = np.concatenate([classes("train", n_classes), classes("test", n_classes)])
    np.testing.assert_array_equal(dataset.labels, both)
    assert len(dataset.label_names) == n_classes


@pytest.mark.parametrize(
    ("name", "below"), [("mnist", "MNIST"), ("fashion-mnist", "FashionMNIST"), ("kmnist", "KMNIST")]
)
def test_mnist_and_its_likes(folder: Path, name: str, below: str) -> None:
    write_mnist(folder / below / "raw")
    check(get(name), 28, 28)


def test_emnist_letters_stand_upright_and_count_from_a(folder: Path) -> None:
    for part in SIZES:
        stem = f"EMNIST/raw/emnist-letters-{part}"
        write_idx(folder / f"{stem}-images-idx3-ubyte", pictures(part, 28, 28).transpose(0, 2, 1))
        write_idx(folder / f"{stem}-labels-idx1-ubyte", (classes(part, 26) + 1).astype(np.uint8))
    dataset = get("emnist")
    check(dataset, 28, 28, n_classes=26)
    assert dataset.label_names[0] == "A"


def test_qmnist(folder: Path) -> None:
    for part in SIZES:
        extended = np.zeros((SIZES[part], 8), dtype=np.int32)
        extended[:, 0] = classes(part)
        extended[:, 1:] = 70_000
        write_idx(folder / f"QMNIST/raw/qmnist-{part}-images-idx3-ubyte", pictures(part, 28, 28))
        write_idx(folder / f"QMNIST/raw/qmnist-{part}-labels-idx2-int", extended)
    check(get("qmnist"), 28, 28)


def test_usps(folder: Path) -> None:
    for part, name in (("train", "usps.bz2"), ("test", "usps.t.bz2")):
        lines = []
        for label, image in zip(classes(part), pictures(part, 16, 16), strict=True):
            # A value v is stored as 2v/255 − 1; the reader cuts fractions off, so aim at the middle.
            values = [f"{i + 1}:{(v + 0.5) / 127.5 - 1:.6f}" for i, v in enumerate(image.ravel().tolist())]
            lines.append(f"{label + 1} {' '.join(values)} \n")
        (folder / name).write_bytes(bz2.compress("".join(lines).encode()))
    check(get("usps"), 16, 16)


@pytest.mark.parametrize(
    ("name", "kind", "n_classes", "key"),
    [("cifar10", "CIFAR10", 10, "labels"), ("cifar100", "CIFAR100", 100, "fine_labels")],
)
def test_cifar(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, kind: str, n_classes: int, key: str
) -> None:
    import torchvision.datasets

    theirs = getattr(torchvision.datasets, kind)

    def write(file: str, content: dict[str, Any]) -> list[str]:
        path = folder / theirs.base_folder / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(pickle.dumps(content))
        return [file, hashlib.md5(path.read_bytes()).hexdigest()]

    for part in SIZES:
        content = {
            "data": pictures(part, 3, 32, 32).reshape(-1, 3072),
            key: classes(part, n_classes).tolist(),
        }
        file = Path(STANDARD[name].files[part][0]).name  # type: ignore[index]
        monkeypatch.setattr(theirs, f"{part}_list", [write(file, content)])
    names = [f"thing {i}" for i in range(n_classes)]
    file, md5 = write(theirs.meta["filename"], {theirs.meta["key"]: names})
    monkeypatch.setattr(theirs, "meta", {**theirs.meta, "md5": md5})
    dataset = get(name)
    check(dataset, 3, 32, 32, n_classes=n_classes)
    assert dataset.label_names == tuple(names)


def test_a_cifar_file_that_is_not_the_published_one_is_never_unpickled(folder: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (folder / "sprung",))

    for part in SIZES:
        for file in STANDARD["cifar10"].files[part]:  # type: ignore[index]
            (folder / file).parent.mkdir(exist_ok=True)
            (folder / file).write_bytes(pickle.dumps(Trap()))
    with pytest.raises(ExplorerError, match=r"cifar10 cannot be read, because .*data_batch_1"):
        get("cifar10")
    assert not (folder / "sprung").exists()


def test_svhn(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torchvision.datasets
    from scipy.io import savemat

    split_list = {}
    for part in SIZES:
        path = folder / f"{part}_32x32.mat"
        labels = np.where(classes(part) == 0, 10, classes(part)).astype(np.uint8)  # it counts 1 to 10
        savemat(path, {"X": pictures(part, 3, 32, 32).transpose(2, 3, 1, 0), "y": labels[:, None]})
        split_list[part] = ["http://nowhere", path.name, hashlib.md5(path.read_bytes()).hexdigest()]
    monkeypatch.setattr(
        torchvision.datasets.SVHN, "split_list", {**torchvision.datasets.SVHN.split_list, **split_list}
    )
    check(get("svhn"), 3, 32, 32)


@pytest.mark.parametrize(
    ("name", "place"), [("mnist", "MNIST"), ("fashion-mnist", "FashionMNIST"), ("kmnist", "KMNIST")]
)
def test_the_server_reads_them_without_torchvision(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, place: str
) -> None:
    import torchvision.datasets

    write_mnist(folder / place / "raw")
    theirs = [getattr(torchvision.datasets, place)(str(folder), train=train) for train in (True, False)]
    monkeypatch.setitem(sys.modules, "torchvision.datasets", None)
    dataset = get(name)
    check(dataset, 28, 28)
    np.testing.assert_array_equal(
        dataset.images[np.arange(11)][:, 0], np.concatenate([part.data.numpy() for part in theirs])
    )
    np.testing.assert_array_equal(dataset.labels, np.concatenate([part.targets.numpy() for part in theirs]))


@pytest.mark.parametrize("name", list(STANDARD))
def test_a_missing_set_says_what_was_looked_for_and_where(folder: Path, name: str) -> None:
    with pytest.raises(ExplorerError) as caught:
        get(name)
    said = str(caught.value)
    assert said.startswith(f"{name} is not in {folder} (looked for {STANDARD[name].files['train'][0]}")
    assert "no network here" in said
    assert "EXPLORER_DATA" in said
    assert "\n" not in said
    assert len(said) < 400  # longer ones are not shown beside an image


def test_a_read_only_server_downloads_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_READ_ONLY", "1")
    with pytest.raises(
        ExplorerError, match=r"mnist is not in .* read-only .* set EXPLORER_DATA to the folder"
    ):
        get("mnist")
    assert not list(folder.iterdir())
    write_mnist(folder / "MNIST/raw")
    check(get("mnist"), 28, 28)


def test_only_the_missing_file_is_named(folder: Path) -> None:
    write_mnist(folder / "MNIST/raw")
    (folder / "MNIST/raw/t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(
        ExplorerError, match=r"mnist is not in .* \(looked for MNIST/raw/t10k-labels-idx1-ubyte\)"
    ):
        get("mnist")


@pytest.mark.parametrize("keep", [0, 3, 15, 100])
def test_a_truncated_file_is_named(folder: Path, keep: int) -> None:
    write_mnist(folder / "MNIST/raw")
    path = folder / "MNIST/raw/train-images-idx3-ubyte"
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(
        ExplorerError, match=r"mnist cannot be read, because MNIST/raw/train-images.*delete the"
    ):
        get("mnist")


@pytest.mark.parametrize("labels", [np.array([1, 2], np.uint8), np.full(7, 77, np.uint8)])
def test_labels_that_do_not_fit_are_noticed(folder: Path, labels: np.ndarray) -> None:
    write_mnist(folder / "MNIST/raw")
    write_idx(folder / "MNIST/raw/train-labels-idx1-ubyte", labels)
    with pytest.raises(ExplorerError, match=r"train-labels-idx1-ubyte in .* is damaged or incomplete"):
        get("mnist")


def test_first_use_downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a server on this machine, through the real download code, and once only."""
    import torchvision.datasets

    published = tmp_path / "published"
    write_mnist(published)
    resources = []
    for path in sorted(published.iterdir()):
        packed = path.with_name(path.name + ".gz")
        packed.write_bytes(gzip.compress(path.read_bytes()))
        resources.append((packed.name, hashlib.md5(packed.read_bytes()).hexdigest()))
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(published))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(torchvision.datasets.MNIST, "mirrors", [f"http://127.0.0.1:{server.server_port}/"])
    monkeypatch.setattr(torchvision.datasets.MNIST, "resources", resources)
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path / "new" / "data"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    try:
        check(get("mnist"), 28, 28)
    finally:
        server.shutdown()
        server.server_close()
    shutil.rmtree(published)
    check(get("mnist"), 28, 28)


def test_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EXPLORER_DATA", raising=False)
    assert (data_folder().parent / "explorer" / "data" / "standard_sets.py").is_file()
    assert data_folder().name == "data"
    monkeypatch.setenv("EXPLORER_DATA", "~/images")
    assert data_folder() == Path.home() / "images"


def test_fashion_is_also_read_where_a_package_of_the_system_has_put_it(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Debian's dataset-fashion-mnist has it: the same files, compressed, in one folder; read-only is no matter."""
    raw, installed = tmp_path_factory.mktemp("raw"), tmp_path_factory.mktemp("installed")
    write_mnist(raw)
    for path in raw.iterdir():
        (installed / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
    monkeypatch.setitem(STANDARD, "fashion-mnist", replace(STANDARD["fashion-mnist"], installed=installed))
    monkeypatch.setenv("EXPLORER_READ_ONLY", "1")
    check(get("fashion-mnist"), 28, 28)
    assert not list(folder.iterdir())
    (installed / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(ExplorerError, match="fashion-mnist is not in"):
        get("fashion-mnist")
