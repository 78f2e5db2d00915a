"""Judging samples: a model that is the truth, one that drops half of it, real models, and files."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import stats

from explorer import data, reports, store
from explorer.config import DataConfig, RunConfig
from explorer.data.dataset import ImageDataset
from explorer.errors import ExplorerError
from explorer.metrics import sample_measures, sample_quality, training_images
from explorer.metrics.interval import Estimate, compute_estimate
from explorer.metrics.sample_quality import SampleReport, compute_sample_quality
from explorer.models import Autoencoder
from explorer.store import Checkpoint
from explorer.store.originals import check_images
from explorer.store.weights import save_checkpoint
from tests.training.small import settings, train

SHIPPED = Path(__file__).parents[2] / "checkpoints"
MNIST = Path(os.environ.get("EXPLORER_DATA", "data"))  # before the fixtures give every test its own folder
SHAPE, LATENTS = (1, 4, 4), 3


# --- a world whose data really are decoded draws from N(0, I) ---


def true_model(folder: Path, unit: float = 1.0) -> tuple[Checkpoint, ImageDataset]:
    """Data x = ½ + Wz, z ~ N(0, I), W so small that x stays in [0, 1]; and a linear autoencoder that restores them
    perfectly, but whose codes are `unit` times z."""
    rng = np.random.default_rng(0)
    matrix = np.linalg.qr(rng.normal(size=(16, LATENTS)))[0] * (0.12, 0.09, 0.06)
    z = rng.standard_normal((800, LATENTS))
    images = np.rint(255 * (0.5 + z @ matrix.T)).clip(0, 255).astype(np.uint8).reshape(-1, *SHAPE)
    dataset = ImageDataset("world", images, np.arange(400), np.arange(400, 800))
    config = settings(hidden=(), latent_size=LATENTS, likelihood="gaussian", posterior="point")
    model = Autoencoder(config.model, SHAPE)
    encoder, decoder = (m for m in model.modules() if isinstance(m, torch.nn.Linear))
    inverse = unit * np.linalg.pinv(matrix)  # (3, 16)
    with torch.no_grad():
        encoder.weight.copy_(torch.tensor(inverse))
        encoder.bias.copy_(torch.tensor(-0.5 * inverse.sum(1)))
        decoder.weight.copy_(torch.tensor(matrix / unit))
        decoder.bias.fill_(0.5)
    return save_checkpoint(folder / "true", model, dataset, config), dataset


def judge(
    checkpoint: Checkpoint,
    dataset: ImageDataset,
    kind: str = "prior",
    seeds: int = sample_quality.SEEDS,
    report: sample_quality.Report = lambda *_: None,
) -> SampleReport:
    decode = partial(checkpoint.decode, checkpoint.decoder_session())
    return compute_sample_quality(decode, checkpoint.codes, dataset, "none", kind, seeds, report)


def mean(report: SampleReport, name: str) -> float:
    """Of images without labels: in pixels, but for what has no such name."""
    return report.measures.get(f"{name}_pixels", report.measures.get(name)).mean  # type: ignore[union-attr]


def test_a_model_that_is_the_truth_scores_what_theory_says(tmp_path: Path) -> None:
    checkpoint, dataset = true_model(tmp_path)
    heard: list[float] = []
    report = judge(checkpoint, dataset, "prior", 6, lambda fraction, _: heard.append(fraction))
    assert (report.samples, report.images, report.fitted, report.training) == (
        200,
        200,
        200,
        360,
    )  # a tenth validates
    assert (report.features, report.codes, report.seeds, report.k) == (16, 400, 6, 5)
    assert report.explained == pytest.approx(1)
    assert mean(report, "density") == pytest.approx(1, abs=0.05)
    assert mean(report, "coverage") == pytest.approx(report.coverage_limit, abs=0.02)
    assert mean(report, "precision") == pytest.approx(mean(report, "recall"), abs=0.03)
    assert mean(report, "nearest") == pytest.approx(1, abs=0.06)
    assert not {"coverage", "holes", "frechet"} & set(report.measures)  # nothing is known of these images
    assert "no labels or factors" in report.space
    assert mean(report, "jump") == pytest.approx(1, abs=1e-3)  # the decoder is linear
    for name, real in report.real.items():
        assert report.measures[name].mean == pytest.approx(real.mean, abs=0.06)
    assert heard == sorted(heard)
    assert len(heard) == 7
    assert 0 <= heard[0] < heard[-1] < 1


def test_codes_of_another_size_spoil_the_prior_and_a_fitted_density_mends_it(tmp_path: Path) -> None:
    checkpoint, dataset = true_model(tmp_path, unit=6)
    prior, fitted = (judge(checkpoint, dataset, kind, 3) for kind in ("prior", "gaussian-full"))
    assert mean(prior, "coverage") < 0.4  # all samples crowd in the middle
    assert mean(prior, "recall") < 0.2
    assert mean(prior, "precision") > 0.95
    assert mean(prior, "density") > 1.05
    assert mean(fitted, "coverage") == pytest.approx(fitted.coverage_limit, abs=0.03)
    assert mean(fitted, "density") == pytest.approx(1, abs=0.1)
    assert mean(fitted, "speed") == mean(prior, "speed")


def test_codes_that_are_too_close_together_leave_the_data_behind(tmp_path: Path) -> None:
    checkpoint, dataset = true_model(tmp_path, unit=1 / 6)
    prior = judge(checkpoint, dataset, "prior", 3)
    assert mean(prior, "precision") < 0.15
    assert mean(prior, "nearest") > 5


def test_speed_is_that_of_the_matrix(tmp_path: Path) -> None:
    checkpoint, dataset = true_model(tmp_path)
    # ‖Wu‖ for u uniform on the sphere: between the least and the largest singular value
    u = stats.uniform_direction(LATENTS, seed=0).rvs(20_000) * (0.12, 0.09, 0.06)
    assert mean(judge(checkpoint, dataset, seeds=4), "speed") == pytest.approx(
        np.linalg.norm(u, axis=1).mean(), rel=0.03
    )


# --- real models ---


@pytest.mark.parametrize("measure", ["coverage", "recall"])
def test_the_shipped_vae_samples_digits_and_the_ae_does_not(measure: str) -> None:
    ae, vae = (read_shipped(f"digits-{kind}-z10") for kind in ("ae", "vae"))
    assert vae.measures[measure].low > ae.measures[measure].high + 0.15
    assert ae.measures["holes"].low > vae.measures["holes"].high + 0.4
    assert ae.measures["frechet"].low > 3 * vae.measures["frechet"].high
    assert "10 classes" in vae.space
    assert vae.accuracy > 0.95


@pytest.mark.parametrize("data", ["faces", "mnist", "fashion-mnist"])
def test_shipped_vaes_sample_images_and_aes_do_not(data: str) -> None:
    size = "z24" if data == "faces" else "z10"
    ae, vae = (read_shipped(f"{data}-{kind}-{size}") for kind in ("ae", "vae"))
    for measure in ("coverage", "recall"):
        assert vae.measures[measure].low > ae.measures[measure].high + 0.5
    times = 6 if data == "faces" else 9  # far from any face in some features, not in all eleven factors'
    assert ae.measures["frechet"].low > times * vae.measures["frechet"].high
    # smears count as real where the classifier is often wrong
    assert ("holes" in vae.measures) == (vae.accuracy > 0.8)


@pytest.mark.parametrize("data", ["mnist", "digits"])
def test_a_mixture_mends_much_of_the_shipped_ae_and_what_n01_draws_is_a_hole(data: str) -> None:
    """Pixels say the contrary on MNIST, where the AE's scribbles are faint."""
    prior, mixture = (read_shipped(f"{data}-ae-z10", kind).measures for kind in ("prior", "mixture"))
    vae = read_shipped(f"{data}-vae-z10").measures
    assert prior["coverage"].high < mixture["coverage"].low
    assert prior["holes"].low > max(mixture["holes"].high, vae["holes"].high) + 0.2
    assert prior["recall"].mean < mixture["recall"].mean < vae["recall"].high
    if data == "mnist":
        assert prior["recall"].high < mixture["recall"].low < mixture["recall"].high < vae["recall"].low
        assert prior["precision_pixels"].mean > vae["precision_pixels"].mean
        assert prior["density_pixels"].low > vae["density_pixels"].high


def read_shipped(name: str, kind: str = "prior") -> SampleReport:
    return reports.samples(kind).read(store.open_checkpoint(SHIPPED / name))


def test_shipped_reports_are_what_is_computed_today() -> None:
    checkpoint = store.open_checkpoint(SHIPPED / "digits-vae-z10")
    today = judge(checkpoint, data.load(checkpoint.manifest.data), seeds=sample_quality.SEEDS)
    stored = read_shipped("digits-vae-z10")
    for name, found in today.measures.items():
        # a classifier that is trained on another machine sees a little differently
        near = pytest.approx(stored.measures[name].mean, rel=0.25 if name == "frechet" else 0.05, abs=0.05)
        assert found.mean == near


@pytest.mark.slow
@pytest.mark.skipif(not (MNIST / "MNIST" / "raw").is_dir(), reason="EXPLORER_DATA holds no MNIST")
def test_mnist_orders_ae_fitted_density_and_vae(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_DATA", str(MNIST))
    whole = data.load(DataConfig(data="mnist"))
    dataset = replace(whole, train_index=whole.train_index[:12_000], test_index=whole.test_index[:2_000])
    found = {}
    for posterior in ("point", "diagonal"):
        config = RunConfig.from_flat(
            {"data": "mnist", "latent_size": 10, "hidden": (256, 128), "posterior": posterior, "epochs": 6}
        )
        model = train(dataset, config).model
        checkpoint = save_checkpoint(tmp_path / posterior, model, dataset, config)
        for kind in ("prior", "mixture"):
            found[posterior, kind] = judge(checkpoint, dataset, kind, 3).measures
    for name in ("coverage", "recall"):
        ae, vae = found["point", "prior"][name], found["diagonal", "prior"][name]
        assert ae.high < found["point", "mixture"][name].low
        assert ae.high < vae.low
    assert found["point", "prior"]["holes"].low > found["diagonal", "prior"]["holes"].high


# --- intervals, files and messages ---


def test_intervals_hold_the_mean_as_often_as_they_say() -> None:
    rng = np.random.default_rng(0)
    held = [
        found.low <= 3 <= found.high
        for found in (compute_estimate(list(rng.normal(3, 2, 5))) for _ in range(2000))
    ]
    assert np.mean(held) == pytest.approx(0.95, abs=0.02)
    values = [0.97, 0.99, 1.0]
    low, high = stats.t.interval(0.95, 2, np.mean(values), stats.sem(values))
    assert compute_estimate(values).low == pytest.approx(low)
    assert compute_estimate(values).high == pytest.approx(high)
    assert high > 1
    assert compute_estimate(values, share=True) == Estimate(mean=np.mean(values), low=low, high=1)
    with pytest.raises(ExplorerError, match="at least 2 seeds"):
        compute_estimate([1.0])


def test_what_cannot_be_judged_is_explained(tmp_path: Path) -> None:
    checkpoint, dataset = true_model(tmp_path)
    with pytest.raises(ExplorerError, match="not for 'around'"):
        judge(checkpoint, dataset, "around")
    with pytest.raises(ExplorerError, match="at least 2 seeds, not 1"):
        judge(checkpoint, dataset, seeds=1)
    for other in (
        replace(dataset, images=np.zeros((800, 1, 8, 8), np.uint8)),
        replace(dataset, images=np.zeros((500, *SHAPE), np.uint8)),
    ):
        with pytest.raises(ExplorerError, match="trained on other images"):
            check_images(checkpoint, other)
    few = replace(dataset, test_index=dataset.test_index[:8])
    with pytest.raises(ExplorerError, match="more than 5 points"):
        judge(save_few(tmp_path, few), few)


def save_few(folder: Path, dataset: ImageDataset) -> Checkpoint:
    config = settings()
    return save_checkpoint(folder / "few", Autoencoder(config.model, SHAPE), dataset, config)


def test_many_images_are_thinned_out_evenly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint, dataset = true_model(tmp_path)
    monkeypatch.setattr(sample_measures, "MAX_IMAGES", 101)
    monkeypatch.setattr(training_images, "MAX_IMAGES", 50)
    report = judge(checkpoint, dataset, seeds=2)
    assert (report.samples, report.images, report.fitted, report.training) == (51, 51, 50, 50)
    assert report.codes == 400


@pytest.mark.slow
def test_a_classifier_is_trained_once_and_samples_are_then_judged_without_torch(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom explorer import reports, store\n"
        f"c = store.open_checkpoint({str(SHIPPED / 'digits-vae-z2')!r})\n"
        "print(reports.samples('mixture', 2).calculate(c, lambda *_: None).measures['coverage'].mean)\n"
        "print('torch' in sys.modules, 'streamlit' in sys.modules)\n"
    )
    said = []
    for _ in range(2):
        environment = os.environ | {"EXPLORER_DATA": str(tmp_path)}
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, cwd=SHIPPED.parent, env=environment, capture_output=True, text=True)
        said.append(done.stdout.splitlines())
    (first, trained), (second, again) = said
    assert first == second
    assert (trained, again) == ("True False", "False False")
    assert len(list((tmp_path / "classifiers").iterdir())) == 1
