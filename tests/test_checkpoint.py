"""Models as checkpoints: what is loaded is what was saved, and what ships with the project is sound."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from explorer import data, store
from explorer.config import DataConfig, RunConfig
from explorer.data.batches import to_unit_mean
from explorer.data.dataset import ImageDataset, materialise
from explorer.errors import ExplorerError
from explorer.latents.codes import OF_ALL
from explorer.latents.encode import BETA_IMAGES, encode
from explorer.metrics.likelihood import compute_likelihood
from explorer.models import Autoencoder
from explorer.store import Checkpoint
from explorer.store.decoder_weights import kept_in_decoder
from explorer.store.originals import load_images
from explorer.store.weights import load_model, save_checkpoint
from explorer.training.fit import fit, new_model
from explorer.training.state import TrainingState, build_optimizer, load_state
from tests import tiny
from tests.training.small import blobs, settings, train

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = sorted(path.parent.name for path in (ROOT / "checkpoints").glob("*/config.json"))


def labelled(images: ImageDataset) -> ImageDataset:
    labels = np.arange(len(images)) % 3
    return replace(
        images,
        labels=labels,
        label_names=("a", "b", "c"),
        factors=np.stack([labels, np.arange(len(images)) % 2], axis=1),
        factor_names=("kind", "half"),
        factor_sizes=(3, 2),
    )


def same_weights(a: Autoencoder, b: Autoencoder) -> bool:
    ours, theirs = a.state_dict(), b.state_dict()
    return ours.keys() == theirs.keys() and all(torch.equal(ours[n], theirs[n]) for n in ours)


@pytest.mark.parametrize("posterior", ["point", "diagonal", "full"])
def test_what_is_loaded_is_what_was_saved(posterior: str, tmp_path: Path) -> None:
    images, config = labelled(blobs()), settings(posterior=posterior, latent_size=3)
    run = train(images, config)
    report = compute_likelihood(run.model, images).as_dict()
    save_checkpoint(tmp_path / "x", run.model, images, config, run.state, report, "A caption.")
    checkpoint = store.open_checkpoint(tmp_path / "x")
    store.verify(checkpoint)

    loaded = load_model(checkpoint)
    assert same_weights(loaded, run.model)
    assert not loaded.training
    manifest = checkpoint.manifest
    assert manifest.run == config
    assert (manifest.caption, manifest.metrics) == ("A caption.", report)
    assert manifest.trained.finished
    assert (manifest.trained.epochs, manifest.trained.step) == (3, 0)

    again = encode(loaded, images, images.test_index).arrays()
    stored = checkpoint.codes.arrays()
    assert stored.keys() == again.keys()
    assert ("scale_tril" in stored) == (posterior == "full")
    for name, column in stored.items():
        np.testing.assert_array_equal(column, again[name], err_msg=name)
    assert images.labels is not None
    np.testing.assert_array_equal(stored["labels"], images.labels[images.test_index])

    rows = checkpoint.history()
    assert [row["epoch"] for row in rows] == [1, 2, 3]
    for row, kept in zip(rows, run.state.history, strict=True):
        assert row == pytest.approx(kept, rel=1e-6)
    assert compute_likelihood(loaded, images).as_dict() == report


def test_the_training_state_goes_on_from_the_disk_bit_for_bit(tmp_path: Path) -> None:
    images, config = blobs(), settings(epochs=4, posterior="full", binarize="stochastic")
    whole = train(images, config)
    model = new_model(config, images)
    state = TrainingState(build_optimizer(model, config.training))
    for progress in fit(model, images, config, state):
        if progress.epoch == 2:
            break
    checkpoint = save_checkpoint(tmp_path / "x", model, images, config, state)
    assert not checkpoint.manifest.trained.finished
    second = load_model(checkpoint)
    list(fit(second, images, config, load_state(checkpoint, second, config)))
    assert same_weights(second, whole.model)


def test_half_precision_on_disk_is_single_precision_in_memory(tmp_path: Path) -> None:
    images, config = blobs(), settings()
    run = train(images, config)
    path = save_checkpoint(tmp_path / "x", run.model, images, config).path
    halves = {name: w.half() for name, w in load_file(path / store.WEIGHTS).items()}
    save_file(halves, path / store.WEIGHTS)
    tiny.sign(path)
    checkpoint = store.open_checkpoint(path)
    store.verify(checkpoint)
    model = load_model(checkpoint)
    for name, weight in model.state_dict().items():
        assert weight.dtype == torch.float32
        assert torch.equal(weight, halves[name].float())


def keep_once(path: Path, names: tuple[str, ...]) -> Checkpoint:
    """Take these weights out of a checkpoint's weights, and say that its decoder holds them."""
    weights = load_file(path / store.WEIGHTS)
    save_file({name: w for name, w in weights.items() if name not in names}, path / store.WEIGHTS)
    values = json.loads((path / "config.json").read_text())
    (path / "config.json").write_text(json.dumps(values | {"in_decoder": names}))
    tiny.sign(path)
    return store.open_checkpoint(path)


def test_weights_of_the_decoder_can_be_in_its_file_alone(tmp_path: Path) -> None:
    images, config = blobs(), settings()
    model = train(images, config).model
    whole = save_checkpoint(tmp_path / "x", model, images, config)
    names = kept_in_decoder(whole.read(store.DECODER), whole.weights())
    assert set(names) == {name for name in model.state_dict() if name.startswith("decoder.")}
    once = keep_once(whole.path, names)
    store.verify(once)
    assert same_weights(load_model(once), model)
    assert once.manifest.network_hash != whole.manifest.network_hash


# --- what is refused ---


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    images, config = blobs(), settings()
    run = train(images, config)
    return save_checkpoint(tmp_path_factory.mktemp("saved") / "x", run.model, images, config, run.state).path


@pytest.fixture
def copy(saved: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(saved, tmp_path / "x"))


def change_config(path: Path, section: str, **changes: object) -> Checkpoint:
    values = json.loads((path / "config.json").read_text())
    values[section] |= changes
    (path / "config.json").write_text(json.dumps(values))
    return store.open_checkpoint(path)


def change_weights(path: Path, name: str, weight: torch.Tensor | None) -> Checkpoint:
    weights = load_file(path / store.WEIGHTS)
    weights.pop(name, None)
    save_file(weights | ({} if weight is None else {name: weight}), path / store.WEIGHTS)
    tiny.sign(path)
    return store.open_checkpoint(path)


def refusal(checkpoint: Checkpoint) -> str:
    with pytest.raises(ExplorerError) as caught:
        load_model(checkpoint)
    assert str(caught.value).startswith("Checkpoint x")
    assert str(caught.value).endswith("copy the whole folder again.")
    return str(caught.value)


def test_weights_that_do_not_fit_name_the_first_that_does_not(copy: Path) -> None:
    said = refusal(change_config(copy, "model", latent_size=5))
    assert "should be (5, 8) and is (2, 8)" in said or "(8, 5) and is (8, 2)" in said


def test_missing_and_surplus_weights(copy: Path) -> None:
    name = sorted(load_file(copy / store.WEIGHTS))[0]
    assert f"{name} should be (" in refusal(change_weights(copy, name, None))
    assert "and is absent" in refusal(store.open_checkpoint(copy))
    surplus = refusal(change_weights(copy, "aaa", torch.zeros(1)))
    assert "aaa should be absent and is (1,)" in surplus


def test_weights_that_are_not_finite_are_not_loaded(copy: Path) -> None:
    name, weight = next(iter(load_file(copy / store.WEIGHTS).items()))
    assert f"weight {name} has values that are not finite" in refusal(
        change_weights(copy, name, torch.full_like(weight, torch.nan))
    )


def test_weights_that_the_decoder_lacks(copy: Path) -> None:
    said = refusal(keep_once(copy, ("encoder.0.1.weight",)))
    assert "decoder.onnx has no weight encoder.0.1.weight, which config.json says it holds" in said


def test_weights_that_are_no_safetensors(copy: Path) -> None:
    (copy / store.WEIGHTS).write_bytes(b"\x80\x04pickle")
    tiny.sign(copy)
    assert "weights.safetensors is not a safetensors file" in refusal(store.open_checkpoint(copy))


def test_a_config_for_a_giant_asks_for_no_memory(copy: Path) -> None:
    said = refusal(change_config(copy, "model", hidden=[8192] * 200))  # 100 GB of weights
    assert "do not fit" in said


def test_a_model_that_is_not_finite_is_not_saved(tmp_path: Path) -> None:
    images, config = blobs(), settings()
    model = new_model(config, images)
    with torch.no_grad():
        next(model.parameters())[0] = torch.inf
    with pytest.raises(ExplorerError, match=r"x was not saved: its weight \S+ is not finite"):
        save_checkpoint(tmp_path / "x", model, images, config)
    assert not (tmp_path / "x").exists()


def test_without_its_state_a_run_cannot_go_on(tmp_path: Path) -> None:
    images, config = blobs(), settings()
    checkpoint = save_checkpoint(tmp_path / "x", new_model(config, images), images, config)
    with pytest.raises(ExplorerError, match="cannot be resumed; train a new one"):
        load_state(checkpoint, load_model(checkpoint), config)


def test_a_state_of_another_optimizer(copy: Path) -> None:
    checkpoint = change_config(copy, "training", optimizer="sgd")
    with pytest.raises(ExplorerError, match="does not fit"):
        load_state(checkpoint, load_model(checkpoint), checkpoint.manifest.run)


def test_images_that_are_not_there_or_became_others(copy: Path, tmp_path: Path) -> None:
    missing = change_config(copy, "data", data=str(tmp_path / "gone"))
    with pytest.raises(ExplorerError, match="gone"):
        load_images(missing)
    others = change_config(copy, "data", data="digits")  # 8×8, where the model has 4×4
    with pytest.raises(ExplorerError, match=r"x was trained on .*\(1, 4, 4\).* digits has \(1, 8, 8\)"):
        load_images(others)


# --- what ships with the project ---


@pytest.fixture(params=SHIPPED)
def shipped(request: pytest.FixtureRequest) -> Checkpoint:
    return store.open_checkpoint(ROOT / "checkpoints" / request.param)


def test_some_ship() -> None:
    good, bad = store.list_checkpoints(ROOT / "checkpoints")
    assert [c.name for c in good] == SHIPPED
    assert len(SHIPPED) >= 3
    assert bad == []


def test_shipped_ones_are_whole(shipped: Checkpoint) -> None:
    store.verify(shipped)
    assert shipped.manifest.trained.finished
    assert shipped.manifest.caption
    assert len(shipped.history()) == shipped.manifest.trained.epochs


def test_shipped_decoders_decode_like_the_model(shipped: Checkpoint) -> None:
    model = load_model(shipped)
    generator = torch.Generator().manual_seed(0)
    z = 2 * torch.randn(64, shipped.manifest.model.latent_size, generator=generator)
    z = torch.cat([z, torch.from_numpy(shipped.codes.mean[:64])])
    label = np.arange(len(z)) % shipped.manifest.classes if shipped.manifest.classes else None
    with torch.no_grad():
        expected = model.mean_image(z, label=None if label is None else torch.from_numpy(label)).numpy()
    images = shipped.decode(shipped.decoder_session(), z.numpy(), label=label)
    assert images.shape == (len(z), *shipped.manifest.image_shape)
    np.testing.assert_allclose(images, expected, atol=1e-3)


def test_shipped_codes_are_what_the_model_makes_of_the_images(shipped: Checkpoint) -> None:
    if shipped.manifest.data.data not in ("digits", "sprites", "moons"):
        pytest.skip("its images must be downloaded")
    index = shipped.codes.index[::7]
    model, binarize = load_model(shipped), shipped.manifest.data.binarize
    again = encode(model, load_images(shipped), index, binarize).arrays()
    columns = shipped.codes.rows(np.arange(0, len(shipped.codes), 7)).arrays()
    means = {name: columns.pop(name) for name in OF_ALL if name in columns}  # over all images
    for name, column in columns.items():
        np.testing.assert_allclose(column, again[name], rtol=2e-3, atol=2e-3, err_msg=name)
    if means:
        stored = shipped.codes.arrays()
        mean, scale = (stored[name].astype(np.float64) for name in ("beta_mean", "beta_scale"))
        rate = ((mean**2 + scale**2 - 1) / 2 - np.log(scale)).mean(1)  # KL(q‖N(0, I))
        np.testing.assert_allclose(means["betas"], again["betas"])
        np.testing.assert_allclose(means["beta_rate"], rate, rtol=2e-3, atol=1e-3)
        some = shipped.codes.index[:: -(-len(shipped.codes) // BETA_IMAGES)]
        x = to_unit_mean(torch.from_numpy(materialise(load_images(shipped).images, some)), binarize)
        distortion = [mean_distortion(model, x, beta) for beta in means["betas"][::5]]  # other draws of z
        np.testing.assert_allclose(means["beta_distortion"][::5], distortion, rtol=0.05)


@torch.no_grad()
def mean_distortion(model: Autoencoder, x: torch.Tensor, beta: float) -> float:
    """E_q[−log p(x|z)] in nats, a mean over the images and one draw of z for each."""
    torch.manual_seed(1)
    parts = [-model.decode(model.encode(part, beta).rsample(), beta).log_prob(part) for part in x.split(250)]
    return float(torch.cat(parts).mean())


def test_shipped_figures_are_what_evaluating_gives(shipped: Checkpoint) -> None:
    if shipped.manifest.data.data not in ("digits", "moons"):
        pytest.skip("takes too long, or must be downloaded")
    report = compute_likelihood(
        load_model(shipped), load_images(shipped), shipped.manifest.data.binarize
    ).as_dict()
    stored = shipped.manifest.metrics
    assert stored.keys() == report.keys()
    for name in ("elbo", "distortion", "rate", "rates"):
        assert stored[name] == (report[name] and pytest.approx(report[name], abs=0.05)), name
    assert stored["active_units"] == report["active_units"]


def test_the_same_settings_give_the_same_weights() -> None:
    """From nothing but a stored config.json, with the images, the model is made again."""
    source = store.open_checkpoint(ROOT / "checkpoints" / "digits-vae-z2").manifest
    values = source.run.model_dump()
    values["training"] |= {"epochs": 2, "device": "cpu"}
    config = RunConfig.model_validate(values)
    images = data.load(DataConfig(data="digits"))
    first, second = train(images, config), train(images, config)
    assert same_weights(first.model, second.model)


@pytest.mark.slow
def test_a_shipped_one_can_be_made_again_from_its_config() -> None:
    """Another machine rounds differently, so the weights may differ; how good they are does not."""
    stored = store.open_checkpoint(ROOT / "checkpoints" / "digits-vae-z2").manifest
    images = data.load(stored.data)
    run = train(images, stored.run)
    report = compute_likelihood(run.model, images, stored.data.binarize)
    assert stored.metrics["elbo"] == pytest.approx(report.elbo, abs=2.0)
