"""The commands `direction` and `directions`, and the groups that it takes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save

from explorer import store
from explorer.cli.main import main
from explorer.errors import ExplorerError
from explorer.latents.codes import Codes
from explorer.store.groups import find_group, read_group, write_group
from explorer.store.manifest import Manifest
from explorer.store.saved_directions import SavedDirection, read_directions, save_direction
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


# --- saved directions ---


@pytest.mark.parametrize(
    ("text", "rows"),  # written by `writeGroup` of the front end
    [
        ("rows:AAABqQI", [0, 2, 300]),
        ("rows:AS5h", [1, 2, 3, 5, 8, 13, 14]),
        ("labels:0.2", [row for row in range(400) if row % 3 != 1]),
        ("labels:0;rows:AS5h", sorted({*range(0, 400, 3), 1, 2, 3, 5, 8, 13, 14})),
        ("factor%3Ahair%20(back)%2C%20%C3%A9:1", list(range(1, 400, 2))),
        ("", []),
    ],
)
def test_groups_that_the_browser_wrote_are_read(folder: Path, text: str, rows: list[int]) -> None:
    codes, manifest = with_a_strange_factor(folder)
    found, _ = read_group(manifest, codes, text)
    assert found.tolist() == rows


def with_a_strange_factor(folder: Path) -> tuple[Codes, Manifest]:
    rows = np.arange(400)
    codes = Codes(
        mean=np.zeros((400, 2), np.float32),
        scale=np.ones((400, 2), np.float32),
        rate=np.zeros((400, 2), np.float32),
        distortion=np.zeros(400, np.float32),
        index=rows,
        labels=rows % 3,
        factors=(rows % 2)[:, None],
    )
    manifest = store.open_checkpoint(folder / "tiny").manifest
    names = {"label_names": ("one", "two", "three"), "factor_names": ("hair (back), é",)}
    sizes = {"factor_sizes": (2,), "factor_values": (("bun", "none"),)}
    manifest = manifest.model_copy(update=names | sizes)
    return codes, manifest


def test_groups_are_written_as_the_browser_writes_them(folder: Path) -> None:
    codes, manifest = with_a_strange_factor(folder)
    assert write_group(manifest, codes, "class=three, one") == "labels:0.2"
    assert write_group(manifest, codes, "hair (back), é=none,bun") == "factor%3Ahair%20(back)%2C%20%C3%A9:0.1"
    _, words = read_group(manifest, codes, "labels:2;rows:AAABqQI")
    assert words == "class=three or 3 images"
    for text in ("rows:!", "labels:x", "size:1"):
        with pytest.raises(ExplorerError):
            read_group(manifest, codes, text)


def said(arguments: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert main([*arguments, "--folder", str(folder)]) == 0
    return capsys.readouterr().out


def test_a_direction_is_saved_listed_shown_and_deleted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "None are saved" in said(["directions", "tiny"], folder, capsys)
    shown = said(["direction", "tiny", "class=two", "class=one", "--save", "up"], folder, capsys)
    assert "class=one → class=two, by means" in said(["directions", "tiny"], folder, capsys)
    (saved,) = read_directions(store.open_checkpoint(folder / "tiny"))
    assert (saved.name, saved.a, saved.b) == ("up", "labels:1", "labels:0")
    again = said(["directions", "tiny", "--show", "up"], folder, capsys)
    assert again.splitlines()[1:] == shown.splitlines()[1:]
    assert main(["directions", "tiny", "--delete", "down", "--folder", str(folder)]) == 1
    assert "has no direction 'down'; choose one of up." in capsys.readouterr().err
    assert "Deleted up" in said(["directions", "tiny", "--delete", "up"], folder, capsys)
    assert read_directions(store.open_checkpoint(folder / "tiny")) == []
    assert main(["direction", "tiny", "class=two", "class=one", "--save", " ", "--folder", str(folder)]) == 1
    assert "from 1 to 60 characters" in capsys.readouterr().err


def test_a_saved_vector_moves_an_image(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checkpoint = store.open_checkpoint(folder / "tiny")
    save_direction(checkpoint, SavedDirection(name="across", vector=(3.0, 4.0)))
    save_direction(checkpoint, SavedDirection(name="odd", vector=(1.0, 0.0, 0.0)))
    file = tmp_path / "strip.png"
    command = [
        "directions",
        "tiny",
        "--apply",
        "across",
        "--image",
        "5",
        "--steps",
        "5",
        "--to",
        str(file),
        "--json",
    ]
    codes = np.array(json.loads(said(command, folder, capsys))["codes"])
    mean, unit = checkpoint.codes.mean.astype(float), np.array([0.6, 0.8])
    np.testing.assert_allclose(codes @ [-0.8, 0.6], [mean[5] @ [-0.8, 0.6]] * 5, atol=1e-6)
    along = mean @ unit
    np.testing.assert_allclose((codes @ unit - along.mean()) / along.std(), [-3, -1.5, 0, 1.5, 3], atol=1e-6)
    with Image.open(file) as picture:
        pixels = np.asarray(picture)
    images = checkpoint.decode(checkpoint.decoder_session(), codes.astype(np.float32))
    strip = np.concatenate(list(images.transpose(0, 2, 3, 1)), 1)
    np.testing.assert_allclose(pixels.reshape(strip.shape), 255 * strip, atol=0.51)
    assert main(["directions", "tiny", "--show", "odd", "--folder", str(folder)]) == 1
    assert "3 numbers that are not a direction among 2 dimensions" in capsys.readouterr().err
    assert main(["directions", "tiny", "--apply", "across", "--image", "999", "--folder", str(folder)]) == 1
    assert "has 120 test images" in capsys.readouterr().err
