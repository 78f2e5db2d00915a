"""`.npz` files: good ones read right, bad ones answered in one sentence."""

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.at_path import failure, get


def waves(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(256, size=shape, dtype=np.uint8)


def npz(tmp_path: Path, **arrays: Any) -> Path:
    np.savez(tmp_path / "set.npz", **arrays)
    return tmp_path / "set.npz"


@pytest.mark.parametrize(
    ("shape", "to_chw"),
    [
        ((5, 9, 8), lambda x: x[:, None]),
        ((5, 9, 8, 1), lambda x: x.transpose(0, 3, 1, 2)),
        ((5, 9, 8, 3), lambda x: x.transpose(0, 3, 1, 2)),
        ((5, 1, 9, 8), lambda x: x),
        ((5, 3, 9, 8), lambda x: x),
    ],
)
@pytest.mark.parametrize("dtype", [np.uint8, np.float64, np.float32, np.float16])
def test_npz_shapes_and_types(
    tmp_path: Path, shape: tuple[int, ...], to_chw: Callable[[np.ndarray], np.ndarray], dtype: type
) -> None:
    images = waves(*shape)
    stored = images if dtype is np.uint8 else (images / 255).astype(dtype)
    dataset = get(npz(tmp_path, images=stored))
    read = dataset.images[np.arange(5)]
    assert read.dtype == np.uint8
    np.testing.assert_array_equal(read, to_chw(images))
    assert dataset.labels is dataset.factors is None


def test_npz_of_booleans_is_black_and_white(tmp_path: Path) -> None:
    images = waves(4, 8, 8) > 127
    np.testing.assert_array_equal(get(npz(tmp_path, images=images)).images[np.arange(4)][:, 0], images * 255)


def test_npz_labels_and_factors(tmp_path: Path) -> None:
    factors = np.array([[0, 2], [1, 0], [0, 1], [1, 2]], dtype=np.int8)
    path = npz(tmp_path, images=waves(4, 8, 8), labels=np.array([7, 3, 3, 7]), factors=factors)
    dataset = get(path)
    assert dataset.labels is not None
    assert dataset.labels.tolist() == [1, 0, 0, 1]
    assert dataset.labels.dtype == np.int64
    assert dataset.label_names == ("3", "7")
    np.testing.assert_array_equal(dataset.factors, factors)
    assert dataset.factor_sizes == (2, 3)
    assert dataset.factor_names == ("factor 1", "factor 2")


def test_npz_names(tmp_path: Path) -> None:
    images, names = waves(3, 8, 8), np.array(["up", "down", "charm"])
    text = get(npz(tmp_path, images=images, labels=np.array(["b", "a", "b"])))
    assert text.labels is not None
    assert (text.labels.tolist(), text.label_names) == ([1, 0, 1], ("a", "b"))
    path = npz(
        tmp_path,
        images=images,
        labels=[2, 0, 0],
        label_names=names,
        factors=[[0], [1], [2]],
        factor_names=["k"],
    )
    named = get(path)
    assert named.labels is not None
    assert (named.labels.tolist(), named.label_names) == ([2, 0, 0], ("up", "down", "charm"))
    assert named.factor_names == ("k",)


def test_npz_is_resized_like_all_others(tmp_path: Path) -> None:
    assert get(npz(tmp_path, images=waves(3, 40, 30)), image_size=16).image_shape == (1, 16, 16)


NAN = np.full((3, 8, 8), np.nan)
GOOD = {"images": waves(3, 8, 8)}


@pytest.mark.parametrize(
    ("arrays", "expected"),
    [
        ({"pictures": waves(3, 8, 8)}, "has no array named images"),
        ({"images": NAN}, "hold NaN or infinite values"),
        ({"images": np.full((3, 8, 8), np.inf)}, "hold NaN or infinite values"),
        ({"images": waves(3, 8, 8) * 1.0}, "floating-point images must lie in [0, 1]"),
        ({"images": np.full((3, 8, 8), -0.5)}, "run from -0.5 to -0.5"),
        ({"images": waves(3, 8, 8).astype(np.int64)}, "are int64; they must be uint8"),
        ({"images": np.array(["a", "b"])}, "have shape (2,)"),
        ({"images": waves(3, 8, 8, 4)}, "have shape (3, 8, 8, 4)"),
        ({"images": waves(8, 8)}, "have shape (8, 8)"),
        ({"images": waves(0, 8, 8)}, "none of them empty"),
        ({"images": waves(1, 8, 8)}, "has 1 images, too few to split"),
        ({"images": np.array([{"a": 1}] * 3, dtype=object)}, "Python objects are not read"),
        ({**GOOD, "labels": [1, 2]}, "must be integers or text (3,)"),
        ({**GOOD, "labels": [1.0, 2.0, 3.0]}, "The labels in"),
        ({**GOOD, "labels": [0, 1, 2], "label_names": ["a", "b"]}, "run from 0 to 2, but there are 2"),
        (
            {**GOOD, "labels": ["x", "y", "z"], "label_names": ["a", "b"]},
            "are text, so it needs no label_names",
        ),
        ({**GOOD, "labels": [0, 0, 0], "label_names": [1]}, "must be a list of text"),
        ({**GOOD, "labels": np.array([0, "a", None], dtype=object)}, "labels cannot be read"),
        ({**GOOD, "factors": [0, 1, 2]}, "must be integers (3, K)"),
        ({**GOOD, "factors": [[0.5], [1], [2]]}, "must be integers (3, K)"),
        ({**GOOD, "factors": [[0], [-1], [2]]}, "must count from 0, but one is -1"),
        (
            {**GOOD, "factors": [[0], [1], [2]], "factor_names": ["a", "b"]},
            "has 1 factors but 2 factor_names",
        ),
    ],
)
def test_npz_that_is_wrong(tmp_path: Path, arrays: dict[str, Any], expected: str) -> None:
    path = npz(tmp_path, **arrays)
    said = failure(path)
    assert expected in said
    assert path.name in said


def test_npz_that_is_damaged(tmp_path: Path) -> None:
    path = npz(tmp_path, images=waves(9, 28, 28))
    whole = path.read_bytes()
    path.write_bytes(whole[:-200])
    assert "is not a readable .npz: its list of arrays" in failure(path)
    path.write_bytes(whole[:900] + bytes(50) + whole[950:])
    assert "is not a readable .npz: images cannot be read" in failure(path)


@pytest.mark.parametrize("name", ["images.npy", "images"])
def test_npz_whose_header_claims_more_than_there_is(tmp_path: Path, name: str) -> None:
    path = npz(tmp_path, images=waves(3, 8, 8))
    head = b"{'descr': '|u1', 'fortran_order': False, 'shape': (9999999999, 9999, 999), }"
    entry = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head) + 1) + head + b"\n" + bytes(64)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, entry)
    assert "images cannot be read" in failure(path)
