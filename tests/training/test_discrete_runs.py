"""Models of discrete codes as runs: they learn, resume bit for bit, and are stored as numbers of words."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from explorer import reports, store
from explorer.config import RunConfig
from explorer.data.dataset import ImageDataset
from explorer.errors import ExplorerError
from explorer.latents.encode import encode
from explorer.metrics.likelihood import compute_likelihood
from explorer.reports import token_priors
from explorer.store.weights import load_model, save_checkpoint
from explorer.training.run_names import default_name
from explorer.training.warnings import of_settings
from tests import tiny
from tests.training.small import blobs, settings, train
from tests.training.test_resume import assert_same, cut

KINDS: list[dict[str, Any]] = [
    {"posterior": "categorical", "latent_size": 6, "groups": 2},
    {"posterior": "binary", "latent_size": 3},
    {"posterior": "fsq", "levels": (3, 2)},
    {"posterior": "vq", "words": 5, "word_size": 4},
    {"posterior": "vq", "words": 5, "word_size": 4, "body": "conv", "grid": 4},
]
NAMES = ["categorical", "binary", "fsq", "vq", "grid"]


def clusters(kinds: int = 4, each: int = 60) -> ImageDataset:
    """Images (kinds·each, 1, 8, 8) of a bright quarter and noise; labels say which."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 60, (kinds * each, 1, 8, 8)).astype(np.uint8)
    labels = np.arange(len(images)) % kinds
    for i, label in enumerate(labels):
        row, column = divmod(int(label), 2)
        images[i, 0, 4 * row : 4 * row + 4, 4 * column : 4 * column + 4] += 190
    cut_at = len(images) - len(images) // 5
    held = np.arange(cut_at, len(images))
    names = tuple("abcd"[:kinds])
    return ImageDataset(
        "clusters", images, np.arange(cut_at), held, validation_index=held, labels=labels, label_names=names
    )


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_what_is_loaded_is_what_was_saved(kind: dict[str, Any], tmp_path: Path) -> None:
    images, config = blobs(side=8), settings(**kind)
    run = train(images, config)
    report = compute_likelihood(run.model, images).as_dict()
    save_checkpoint(tmp_path / "x", run.model, images, config, run.state, report)
    checkpoint = store.open_checkpoint(tmp_path / "x")
    store.verify(checkpoint)
    assert checkpoint.manifest.run == config
    fresh = encode(load_model(checkpoint), images, images.test_index)
    for name, column in fresh.arrays().items():
        np.testing.assert_allclose(getattr(checkpoint.codes, name), column, rtol=1e-6, atol=1e-6)
    code, stored = config.model.code, load_file(tmp_path / "x" / "codes.safetensors")
    assert code
    assert stored["tokens"].shape == (len(images.test_index), code.tokens)
    assert stored["tokens"].dtype == np.uint8
    assert not {"mean", "scale", "rate"} & stored.keys()
    # the decoder takes the words
    z = checkpoint.codes.mean[:5]
    with torch.no_grad():
        shown = run.model.eval().mean_image(torch.from_numpy(z))
    np.testing.assert_allclose(checkpoint.decode(checkpoint.decoder_session(), z), shown, atol=1e-5)


def test_a_small_checkpoint_keeps_its_code_book_exact(tmp_path: Path) -> None:
    images = blobs(side=8)
    config = settings(posterior="vq", words=300, word_size=16)
    run = train(images, config)
    save_checkpoint(tmp_path / "x", run.model, images, config, inference_only=True)
    checkpoint = store.open_checkpoint(tmp_path / "x")
    weights = checkpoint.weights()
    assert weights["encoder.0.1.weight"].size < 1024 or weights["encoder.0.1.weight"].dtype == np.float16
    np.testing.assert_array_equal(weights["head.words"], checkpoint.codes.words)
    assert weights["head.words"].dtype == np.float32


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_a_resumed_run_is_the_uninterrupted_one(
    kind: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from explorer.training import fit as fit_module

    monkeypatch.setattr(fit_module, "REPORT_SECONDS", -1.0)
    images, config = blobs(side=8), settings(**kind)
    assert_same(train(images, config), cut(images, config, 4, tmp_path))


@pytest.mark.parametrize("mixed", [False, True])
def test_boxes_find_clusters_that_nobody_named(mixed: bool) -> None:
    images = clusters()
    config = settings(
        posterior="categorical",
        latent_size=4,
        hidden=(32,),
        epochs=60,
        learning_rate=3e-3,
        mixed_precision=mixed,
    )
    run = train(images, config)
    codes = encode(run.model, images, images.test_index)
    assert codes.labels is not None
    assert codes.tokens is not None
    pairs = set(zip(codes.labels.tolist(), codes.tokens[:, 0].tolist(), strict=True))
    assert len(pairs) == 4  # one box per cluster, one cluster per box
    report = compute_likelihood(run.model, images)
    assert report.rate == pytest.approx(math.log(4), abs=0.05)
    assert report.perplexity == pytest.approx(4, abs=0.2)
    assert report.words_used == 4
    assert report.marginal_rate == pytest.approx(report.rate, abs=0.05)


def test_every_word_of_a_code_book_is_used() -> None:
    images = clusters()
    config = settings(posterior="vq", words=4, word_size=2, hidden=(32,), epochs=60, learning_rate=3e-3)
    report = compute_likelihood(train(images, config).model, images)
    assert report.words_used == 4
    assert report.rate == pytest.approx(math.log(4))
    assert report.perplexity is not None
    assert report.perplexity > 3.5


def test_a_linear_code_is_pretrained_with_its_gradient() -> None:
    images = clusters()
    config = settings(posterior="fsq", levels=(4, 4), hidden=(16,), pretrain_epochs=15, epochs=0)
    run = train(images, config)
    codes = encode(run.model, images, images.test_index)
    assert codes.tokens is not None
    assert len(np.unique(codes.tokens)) > 1


def test_the_curve_has_a_rate_for_every_token_of_a_grid() -> None:
    images = blobs(side=8)
    run = train(images, settings(**KINDS[-1]))
    row = run.state.history[-1]
    rates = [value for name, value in row.items() if name.startswith("rate_")]
    assert rates == pytest.approx([math.log(5)] * 16)  # not for each of 64 dimensions
    assert sum(rates) == pytest.approx(row["train_rate"])
    assert compute_likelihood(run.model, images).rates == pytest.approx(rates)


def test_a_prior_is_learned_once_the_model_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    images, config = blobs(side=8), settings(**KINDS[-1])
    run = train(images, config)
    metrics = compute_likelihood(run.model, images).as_dict()
    checkpoint = save_checkpoint(tmp_path / "x", run.model, images, config, run.state, metrics)
    monkeypatch.setattr(token_priors, "load_images", lambda _: images)
    assert reports.has_prior(checkpoint)
    assert not reports.token_prior().stored(checkpoint)
    report = reports.token_prior().compute(checkpoint).report
    assert report == reports.token_prior().read(checkpoint).report
    assert report.uniform == pytest.approx(16 * math.log(5))
    assert report.learned < report.uniform
    assert report.images == len(images.test_index)
    sampler = reports.learned_sampler(checkpoint)
    z = sampler.sample(0, 7)
    words = (
        {tuple(word) for word in checkpoint.codes.words.tolist()}
        if checkpoint.codes.words is not None
        else set()
    )
    assert z.shape == (7, 64)
    assert {tuple(word) for word in z.reshape(-1, 4).tolist()} <= words
    path = reports.token_prior().path(checkpoint)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ExplorerError, match="is damaged; delete it"):
        reports.token_prior().read(checkpoint)


def test_one_token_has_no_order_to_learn(tmp_path: Path) -> None:
    images, config = blobs(side=8), settings(posterior="fsq", levels=(3, 2))
    checkpoint = save_checkpoint(tmp_path / "x", train(images, config).model, images, config)
    assert not reports.has_prior(checkpoint)
    with pytest.raises(ExplorerError, match="no codes of several tokens"):
        reports.token_prior().compute(checkpoint)


def test_names_say_what_a_code_is_made_of() -> None:
    named: dict[str, dict[str, Any]] = {
        "digits-categorical-10": {"posterior": "categorical", "latent_size": 10},
        "digits-categorical-3x4-beta2": {
            "posterior": "categorical",
            "latent_size": 12,
            "groups": 3,
            "beta": 2.0,
        },
        "digits-binary-8": {"posterior": "binary", "latent_size": 8},
        "digits-fsq-8x6x5": {"posterior": "fsq"},
        "digits-vq-128-grid4": {"posterior": "vq", "body": "conv", "grid": 4, "beta": 3.0},
    }
    for name, flat in named.items():
        config = RunConfig.from_flat(flat)
        assert default_name(config) == name
        assert store.check_name(name) == name
    assert of_settings(RunConfig.from_flat({"posterior": "fsq"})) == []


def test_codes_of_another_kind_of_model_are_refused(tmp_path: Path) -> None:
    images, config = blobs(side=8), settings(posterior="vq", words=5, word_size=4)
    run = train(images, config)
    checkpoint = save_checkpoint(tmp_path / "x", run.model, images, config)
    path = tmp_path / "x" / "codes.safetensors"
    good = load_file(path)
    save_file(good | {"words": good["words"][:4], "tokens": good["tokens"] % 4}, path)
    tiny.sign(tmp_path / "x")
    with pytest.raises(ExplorerError, match="words has shape"):
        store.open_checkpoint(checkpoint.path).codes  # noqa: B018
    z = good["words"][good["tokens"][:, 0]]
    plain = {name: good[name] for name in ("distortion", "index")} | dict.fromkeys(
        ("mean", "scale", "rate"), z
    )
    save_file(plain, path)
    tiny.sign(tmp_path / "x")
    with pytest.raises(ExplorerError, match="no tokens"):
        store.open_checkpoint(checkpoint.path).codes  # noqa: B018
    save_file(good, path)
    settings_path = tmp_path / "x" / "config.json"
    values = json.loads(settings_path.read_text())
    values["model"]["posterior"] = "point"
    settings_path.write_text(json.dumps(values))
    tiny.sign(tmp_path / "x")
    with pytest.raises(ExplorerError, match="only discrete codes have"):
        store.open_checkpoint(checkpoint.path).codes  # noqa: B018
