"""What ships: complete, as its entries say, small enough, and its figures are those that `evaluate` finds."""

from __future__ import annotations

import json
import math
import os
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from explorer import reports, store
from explorer.cli.main import main
from explorer.discrete import QUANTIZED
from explorer.errors import ExplorerError
from explorer.live.titles import likelihood_note
from explorer.shipped import entries
from explorer.store import Checkpoint
from explorer.store.groups import find_group
from explorer.ui.pages.gallery import figures, groups
from explorer.ui.parts.ladders import ladders, mixed_ladders

CHECKPOINTS = Path(__file__).resolve().parent.parent / "checkpoints"
SHIPPED = [store.open_checkpoint(path.parent) for path in sorted(CHECKPOINTS.glob("*/config.json"))]
MNIST = [Path(os.environ.get("EXPLORER_DATA") or ""), CHECKPOINTS.parent / "data"]


def names(*data: str) -> list[Any]:
    return [pytest.param(c, id=c.name) for c in SHIPPED if not data or c.manifest.data.data in data]


def test_all_together_are_small_enough(capsys: pytest.CaptureFixture[str]) -> None:
    size = entries.size(CHECKPOINTS)
    with capsys.disabled():
        print(f"\n{len(SHIPPED)} checkpoints ship, {size / 1e6:.1f} MB of {entries.MAX_BYTES / 1e6:.0f} MB")
    assert size <= entries.MAX_BYTES


@pytest.mark.parametrize("checkpoint", names())
def test_each_is_whole_and_as_its_entry_says(checkpoint: Checkpoint) -> None:
    wanted = entries.entry(checkpoint.name)
    assert entries.same_run(checkpoint, wanted)
    manifest = checkpoint.manifest
    assert manifest.caption == wanted.caption
    assert manifest.trained.finished
    assert store.RESUME not in manifest.files
    store.verify(checkpoint)
    variational = manifest.model.posterior != "point"
    for figure in ("elbo", "log_likelihood", "log_likelihood_error"):
        value = manifest.metrics[figure]
        assert isinstance(value, float) == variational, figure
    if manifest.model.posterior in QUANTIZED:  # q(z|x) is one code, so the bound is tight, to float32
        assert manifest.metrics["log_likelihood"] == pytest.approx(manifest.metrics["elbo"], abs=2e-3)
    elif variational:
        assert manifest.metrics["log_likelihood"] > manifest.metrics["elbo"]  # type: ignore[operator]


def test_along_every_ladder_that_ships_distortion_rises_and_rate_falls() -> None:
    found = ladders(SHIPPED)
    sprites = [
        "sprites-vae-z10",
        "sprites-vae-beta4-z10",
        "sprites-vae-beta4-seed1-z10",
        "sprites-vae-beta16-z10",
    ]
    assert next(r for r in found.values() if r[0].name.startswith("mnist"))[-1].manifest.objective.beta == 16
    assert next([c.name for c in r] for r in found.values() if r[0].name == sprites[0]) == sprites
    assert not [label for label in mixed_ladders(SHIPPED) if "sprites" in label]
    for label, runs in found.items():
        for one, other in combinations(runs, 2):
            a, b = one.manifest, other.manifest
            if a.beta < b.beta:  # not so between two seeds
                assert float(a.metrics["distortion"]) < float(b.metrics["distortion"]), label  # type: ignore[arg-type]
                assert float(a.metrics["rate"]) > float(b.metrics["rate"]), label  # type: ignore[arg-type]


def test_x_and_y_have_a_dimension_each_in_some_model_of_sprites() -> None:
    apart = []
    for checkpoint in SHIPPED:
        report = (
            reports.disentanglement().find(checkpoint) if checkpoint.manifest.data.data == "sprites" else None
        )
        if report is None:
            continue
        alive = (
            np.array(checkpoint.manifest.metrics["rates"]) > 0.05
        )  # nats; the others hardly reach the image
        table = np.array(report.mutual_information)[:, alive]
        position = [table[report.factor_names.index(name)] for name in ("x position", "y position")]
        own = [int(row.argmax()) for row in position]
        alone = all(table[:, j].max() > 0.9 * table[:, j].sum() for j in own)  # it knows little else
        only = all(np.sort(row)[-2] < 0.1 * row.max() for row in position)  # and no other knows of it
        apart.append(alone and only and own[0] != own[1])
    assert any(apart)


def reproduced(checkpoint: Checkpoint, images: int) -> None:
    """The figures in `config.json` against those of `evaluate`, from other random numbers.

    All test images give the likelihood itself; of fewer images, their mean lies around that of all.
    """
    from explorer.metrics.likelihood import compute_likelihood
    from explorer.store.originals import load_images
    from explorer.store.weights import load_model

    told = checkpoint.manifest.metrics
    plain = checkpoint.manifest.model.posterior == "point"
    report = compute_likelihood(
        load_model(checkpoint),
        load_images(checkpoint),
        checkpoint.manifest.data.binarize,
        samples=0 if plain else 100,
        seed=1,
        images=images,
    ).as_dict()
    n = report["images"]
    spread = float(np.std(checkpoint.codes.distortion))
    # what one draw of z, or one binarization, per image adds to the mean; and, of a part, which images they are
    within = 4 * spread / math.sqrt(n) + 0.02 * abs(float(told["distortion"] or 0))  # type: ignore[arg-type]
    for figure in ("distortion", "rate", "elbo"):
        if report[figure] is not None:
            assert report[figure] == pytest.approx(told[figure], abs=within), figure
    if not plain:
        # fewer draws bound it from further below, never from above
        error = math.hypot(report["log_likelihood_error"], told["log_likelihood_error"])  # type: ignore[arg-type]
        difference = report["log_likelihood"] - told["log_likelihood"]
        assert -4 * error - 1.5 < difference < 4 * error
    if not images or images >= int(told["images"]):  # type: ignore[arg-type]
        assert report["active_units"] == told["active_units"]


@pytest.mark.parametrize("checkpoint", names("digits", "moons"))
def test_its_figures_are_reproduced(checkpoint: Checkpoint) -> None:
    reproduced(checkpoint, images=0)


@pytest.mark.slow
@pytest.mark.parametrize("checkpoint", names("mnist"))
def test_figures_on_mnist_are_reproduced(checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [folder for folder in MNIST if (folder / "MNIST" / "raw").is_dir()]
    if not found:
        pytest.skip("MNIST is not here")
    monkeypatch.setenv("EXPLORER_DATA", str(found[0]))
    reproduced(checkpoint, images=200)


@pytest.mark.slow
@pytest.mark.parametrize("checkpoint", names("sprites"))
def test_figures_on_sprites_are_reproduced(checkpoint: Checkpoint) -> None:
    reproduced(checkpoint, images=100)


def test_the_card_of_a_discrete_code_counts_tokens_and_words() -> None:
    (grid,) = (c for c in SHIPPED if c.name == "faces-vq-8x8x256")
    found = {figure.label: figure.value for figure in figures(grid)}
    assert (found["tokens"], found["words"]) == ("64", "256")
    assert not {"latents", "β", "active units"} & found.keys()


def test_every_entry_has_settings_that_exist_and_a_short_caption() -> None:
    assert len({e.name for e in entries.ENTRIES}) == len(entries.ENTRIES)
    for entry in entries.ENTRIES:
        store.check_name(entry.name)
        assert entry.run.model.latent_size >= 1
        assert 20 < len(entry.caption) < 130
        assert entry.caption.endswith(".")


def test_a_model_is_rebuilt_and_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    short = entries.Entry(
        "short", "A model that has seen little of digits.", {"epochs": 1, "hidden": (64,), "latent_size": 2}
    )
    monkeypatch.setattr(entries, "ENTRIES", (short,))
    assert main(["gallery", "--rebuild", "short", "--folder", str(tmp_path), "--json"]) == 0
    checkpoint = store.open_checkpoint(tmp_path / "short")
    store.verify(checkpoint)
    assert checkpoint.manifest.caption == short.caption
    assert checkpoint.manifest.metrics["samples"] == entries.DRAWS
    assert store.RESUME not in checkpoint.manifest.files
    kept = checkpoint.tensors(store.WEIGHTS)
    assert {w.dtype for w in kept.values()} == {np.dtype(np.float16)}
    # no weight is on the disk twice
    assert not [name for name in kept if name.startswith("decoder.")]
    assert set(checkpoint.manifest.in_decoder) == {
        name for name in checkpoint.weights() if name.startswith("decoder.")
    }

    # the decoder on the disk, the stored codes and the weights on the disk belong together
    import torch

    from explorer.store.weights import load_model

    z = checkpoint.codes.mean[:20]
    with torch.no_grad():
        expected = load_model(checkpoint).mean_image(torch.tensor(z)).numpy()
    decoded = checkpoint.decode(checkpoint.decoder_session(), z)
    np.testing.assert_allclose(decoded, expected, atol=1e-5)
    sizes = {t.data_type for t in onnx.load_from_string(checkpoint.read(store.DECODER)).graph.initializer}
    assert onnx.TensorProto.FLOAT16 in sizes


def test_the_list_says_what_is_here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["gallery", "--json", "--folder", str(CHECKPOINTS)]) == 0
    rows = {row["name"]: row["stored"] for row in json.loads(capsys.readouterr().out)["models"]}
    assert {name for name, stored in rows.items() if stored == "here"} == {c.name for c in SHIPPED}
    assert main(["gallery", "--folder", str(tmp_path)]) == 0
    assert "not here" in capsys.readouterr().out
    with pytest.raises(ExplorerError, match="The gallery has no 'mnits'; it has faces-vae-z24, faces-ae-z24"):
        entries.entry("mnits")


def test_whose_faces_they_are_is_said_where_they_are_shown() -> None:
    faces = [c for c in SHIPPED if c.manifest.data.data == "faces"]
    (group,) = groups(faces)
    for word in ("ToonHead", "Johan Melin", "DiceBear", "CC BY 4.0"):
        assert word in group.about
    assert all("ToonHead" not in g.about for g in groups([c for c in SHIPPED if c not in faces]))


@pytest.mark.parametrize("checkpoint", names("faces"))
def test_the_values_of_every_factor_of_faces_have_their_names(checkpoint: Checkpoint) -> None:
    from explorer.data import faces

    assert checkpoint.manifest.factor_values == faces.load().factor_values
    hair = find_group(checkpoint.codes, checkpoint.manifest, "hair=bun")  # as docs/cli.md names a group
    assert 0 < len(hair) < len(checkpoint.codes)


@pytest.mark.parametrize(
    ("likelihood", "binarize", "word"),
    [
        ("bernoulli", "none", "not a log-likelihood"),
        ("bernoulli", "stochastic", ""),
        ("gaussian", "none", "can be positive"),
        ("continuous-bernoulli", "none", "can be positive"),
    ],
)
def test_what_nats_are_is_said_where_they_stand(likelihood: str, binarize: str, word: str) -> None:
    vae = next(c for c in SHIPPED if c.name == "digits-vae-z10")
    m = vae.manifest
    m = m.model_copy(
        update={
            "model": m.model.model_copy(update={"likelihood": likelihood}),
            "data": m.data.model_copy(update={"binarize": binarize}),
        }
    )
    rows = {f.label: f for f in figures(replace(vae, manifest=m))}
    assert f"{m.metrics['samples']} draws" in rows["log p(x)"].about
    for label in ("ELBO", "log p(x)"):
        assert word in rows[label].about
    assert bool(likelihood_note(m)) == bool(word)


@pytest.mark.parametrize("name", ["digits-vae-z10", "moons-vae-z1"])
def test_evaluate_prints_what_config_json_says(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """For the stated images and draws; all but log p(x), and the bits that are made of it, also without draws."""
    stated = next(c for c in SHIPPED if c.name == name).manifest.metrics
    for samples in (0, int(stated["samples"])):  # type: ignore[arg-type]
        assert (
            main(["evaluate", name, "--folder", str(CHECKPOINTS), "--samples", str(samples), "--json"]) == 0
        )
        report = json.loads(capsys.readouterr().out)
        report.pop("name")
        without = (
            set() if samples else {"samples", "log_likelihood", "log_likelihood_error", "bits_per_dimension"}
        )
        assert report.keys() == stated.keys()
        for key in report.keys() - without:
            assert report[key] == pytest.approx(stated[key], rel=1e-4, abs=1e-4), key
