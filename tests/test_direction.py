"""The command `direction`, and the groups that it takes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from explorer import store
from explorer.cli.main import main
from explorer.errors import ExplorerError
from explorer.store.groups import find_group
from tests import tiny


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkpoint whose classes one and two differ along (3, 4), with 40 codes each."""
    manifest, files = tiny.parts()
    rng = np.random.default_rng(0)
    labels = np.arange(120) % 3
    mean = rng.standard_normal((120, 2)).astype(np.float32)
    mean[labels == 1] += np.array([6, 8], np.float32)
    files[store.CODES] = save(tiny.codes(0, n=120, mean=mean, labels=labels))
    store.write(tmp_path / "tiny", manifest, files)
    return tmp_path


def test_the_direction_is_that_between_the_groups(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["direction", "tiny", "class=two", "class=one", "--folder", str(folder), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    np.testing.assert_allclose(found["vector"], [0.6, 0.8], atol=0.05)
    assert found["accuracy"] == 1
    assert 0 < found["cone"] < 5
    assert main(["direction", "tiny", "class=two", "class=one", "--folder", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "class=two (40 images) from class=one (40 images)" in said
    assert "100.0 %" in said


def test_groups_are_named_by_class_and_by_factor(folder: Path) -> None:
    checkpoint = store.open_checkpoint(folder / "tiny")
    codes, manifest = checkpoint.codes, checkpoint.manifest
    rows = np.arange(120)
    np.testing.assert_array_equal(find_group(codes, manifest, "class=three"), rows[rows % 3 == 2])
    np.testing.assert_array_equal(find_group(codes, manifest, " turn = 1, 3"), rows[rows % 2 == 1])
    named = manifest.model_copy(update={"factor_values": (("left", "right"), ("n", "e", "s", "w"))})
    np.testing.assert_array_equal(find_group(codes, named, "side=right"), rows[rows % 2 == 1])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("class=four", "class has no value 'four'; choose one of one, two, three."),
        ("turn=4", "turn has no value '4'; choose one of 0, 1, 2, 3."),
        ("size=1", "These images have no 'size'; choose one of class, side, turn."),
        ("", "These images have no ''; choose one of class, side, turn."),
    ],
)
def test_groups_that_do_not_exist_are_said_in_a_sentence(folder: Path, text: str, said: str) -> None:
    checkpoint = store.open_checkpoint(folder / "tiny")
    with pytest.raises(ExplorerError) as caught:
        find_group(checkpoint.codes, checkpoint.manifest, text)
    assert str(caught.value) == said


def test_images_of_which_nothing_is_known_have_no_groups(tmp_path: Path) -> None:
    manifest, files = tiny.parts()
    files[store.CODES] = save(tiny.codes(0, labels=None, factors=None))
    checkpoint = store.write(
        tmp_path / "bare", manifest | {"label_names": (), "factor_names": (), "factor_sizes": ()}, files
    )
    with pytest.raises(ExplorerError, match="Nothing is known of the images"):
        find_group(checkpoint.codes, checkpoint.manifest, "class=1")


def test_axes_are_the_strongest_directions_of_the_decoder(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["axes", "tiny", "--folder", str(folder), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    # the image is σ(z·W + b): its Jacobian is diag(σ′) Wᵀ
    matrix, bias = tiny.weights(0)
    codes = store.open_checkpoint(folder / "tiny").codes.mean.astype(float)
    slope = np.exp(-(codes @ matrix + bias))
    slope = slope / (1 + slope) ** 2
    metric = np.mean([(matrix * row**2) @ matrix.T for row in slope], axis=0)
    np.testing.assert_allclose(found["strength"], np.sqrt(np.linalg.eigvalsh(metric))[::-1], rtol=0.01)
    assert main(["axes", "tiny", "--folder", str(folder), "--count", "1"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
