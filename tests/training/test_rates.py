"""One model for every β: its loss, its training and its checkpoint."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load, save
from torch.distributions import Normal, kl_divergence
from torch.nn.functional import binary_cross_entropy_with_logits

from explorer import beta_schedule, store
from explorer.beta_schedule import range_at
from explorer.cli import main
from explorer.config import BETA_KNOTS, RunConfig, beta_grid, flat
from explorer.errors import ExplorerError
from explorer.export.downloads import export
from explorer.latents.encode import encode
from explorer.metrics.likelihood import compute_likelihood
from explorer.models.rates import draw_betas
from explorer.objectives import compute_loss
from explorer.store.decoder import open_session
from explorer.store.encoder_graph import encoder_onnx
from explorer.store.originals import load_images
from explorer.store.weights import load_model
from explorer.training.fit import VALIDATION_BETAS, fit, new_model
from explorer.training.presets import has_effect
from explorer.training.run import train as run_train
from explorer.training.state import TrainingState, build_optimizer
from explorer.training.sweep import plan
from tests import tiny
from tests.training.small import blobs, settings, train, weights

RANGE = (0.5, 16.0)
ONE = flat(RunConfig())
SMALL = {"beta_range": RANGE, "beta": 2.0, "hidden": (8,), "latent_size": 2, "device": "cpu", "epochs": 2}


def ranged(**flat: Any) -> RunConfig:
    return settings(beta_range=RANGE, beta=2.0, **flat)


# --- the loss ---


@pytest.mark.parametrize("samples", [1, 3])
def test_the_loss_is_its_definition_for_every_image(samples: int) -> None:
    data, config = blobs(), ranged(posterior_samples=samples)
    model = train(data, config).model
    x = torch.rand(4, *data.image_shape)
    betas = torch.tensor([0.5, 1.0, 5.0, 16.0])
    torch.manual_seed(5)
    terms = compute_loss(config.objective, model, x, x, beta=betas)
    torch.manual_seed(5)
    noise = torch.randn(samples, 4, 2)
    losses, distortions, rates = [], [], []
    for i, beta in enumerate(betas.tolist()):
        q = model.encode(x[i : i + 1], beta)
        distortion = 0.0
        for draw in noise[:, i]:
            z = q.mean + q.stddev * draw
            logits = torch.logit(model.mean_image(z, beta).double())
            distortion += binary_cross_entropy_with_logits(
                logits, x[i : i + 1].double(), reduction="sum"
            ).item()
        distortions.append(distortion / samples)
        rates.append(kl_divergence(Normal(q.mean, q.stddev), Normal(0.0, 1.0)).sum().item())
        losses.append((distortions[-1] + beta * rates[-1]) / beta**0.25)
    assert terms.loss.item() == pytest.approx(np.mean(losses), rel=1e-4)
    assert terms.distortion.item() == pytest.approx(np.mean(distortions), rel=1e-4)
    assert terms.rate.sum().item() == pytest.approx(np.mean(rates), rel=1e-4)
    assert terms.penalty.item() == pytest.approx(np.mean(betas.numpy() * rates), rel=1e-4)


def test_validation_is_the_mean_over_a_fixed_grid() -> None:
    """The same numbers in every run, and those of the grid's β one by one."""
    data, config = blobs(), ranged(epochs=1)
    run = train(data, config)
    (validation,) = [p.validation for p in run.epochs]
    assert validation
    model = run.model.eval()
    x = torch.tensor(data.images[data.validation_index]).float() / 255
    grid = beta_grid(RANGE, VALIDATION_BETAS)
    with torch.no_grad():
        rates = [compute_loss(config.objective, model, x, x, beta=beta).rate.sum().item() for beta in grid]
    assert validation["rate"] == pytest.approx(np.mean(rates), rel=1e-5)
    torch.manual_seed(77)
    assert [p.validation for p in train(data, config).epochs] == [validation]


def test_in_a_warm_up_the_largest_beta_rises(monkeypatch: pytest.MonkeyPatch) -> None:
    data, config = blobs(200), ranged(warmup="linear", warmup_epochs=2.0, epochs=3, batch_size=40)
    assert range_at(config.objective, RANGE, 0) == (0.5, 0.5)
    assert range_at(config.objective, RANGE, 1) == pytest.approx((0.5, 8**0.5))
    assert range_at(config.objective, RANGE, math.inf) == RANGE
    seen: list[torch.Tensor] = []

    def noted(*arguments: Any) -> torch.Tensor:
        seen.append(draw_betas(*arguments))
        return seen[-1]

    monkeypatch.setattr(beta_schedule, "draw_betas", noted)
    rows = train(data, config).state.history
    largest = [betas.max().item() for betas in seen]  # four steps an epoch
    assert largest[0] == pytest.approx(0.5)
    assert largest[:8] == sorted(largest[:8])
    assert min(largest[8:]) > 14
    assert all(betas.min() < 0.6 for betas in seen)
    assert [row["train_beta"] for row in rows] == pytest.approx([8**0.5, 16, 16])


# --- training ---


def test_one_model_learns_every_beta() -> None:
    """After training, what belongs to a β is better for it than what belongs to another."""
    data, gaussian = blobs(200), {"likelihood": "gaussian", "variance": 0.003}
    config = ranged(epochs=240, learning_rate=1e-2, schedule="cosine", **gaussian)
    model = train(data, config).model.eval()
    x = torch.tensor(data.images).float() / 255
    found = {}
    for beta in (1.0, 4.0, 16.0):
        torch.manual_seed(0)
        with torch.no_grad():
            terms = compute_loss(config.objective, model, x, x, beta=beta)
        found[beta] = terms.distortion.item(), terms.rate.sum().item()
    assert found[1.0][0] < found[4.0][0] < found[16.0][0]
    assert found[1.0][1] > found[4.0][1] > found[16.0][1]
    for beta in found:
        losses = {other: distortion + beta * rate for other, (distortion, rate) in found.items()}
        assert losses[beta] == min(losses.values())


@pytest.mark.parametrize("more", [{}, {"pretrain_epochs": 1, "hidden": (8, 5)}, {"body": "conv"}])
def test_a_resumed_run_is_the_uninterrupted_one_bit_for_bit(more: dict[str, Any]) -> None:
    data = blobs(side=8)
    config = ranged(corruption="gaussian", binarize="stochastic", posterior="full", schedule="cosine", **more)
    whole = train(data, config)
    model = new_model(config, data)
    state = TrainingState(build_optimizer(model, config.training))
    for progress in fit(model, data, config, state):
        if progress.phase == "train" and progress.epoch == 1:
            break
    saved, tensors = {name: w.clone() for name, w in model.state_dict().items()}, state.tensors()
    second = new_model(config, data)
    second.load_state_dict(saved)
    resumed = TrainingState(build_optimizer(second, config.training))
    resumed.restore(tensors, [dict(row) for row in state.history])
    list(fit(second, data, config, resumed))
    assert torch.equal(weights(second), weights(whole.model))


# --- the checkpoint ---


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("models")
    run_train(place, SMALL | {"learning_rate": 2e-2, "epochs": 20, "hidden": (16,)}, "ranged")
    return place


def test_it_is_named_after_its_range(tmp_path: Path) -> None:
    checkpoint, _ = run_train(tmp_path, SMALL | {"epochs": 0})
    assert checkpoint.name == "digits-vae-beta0.5to16-z2"
    assert plan({"beta_range": [RANGE]}).checkpoints[0].startswith("digits-vae-beta0.5to16-z2-seed0-")


def test_what_is_loaded_is_what_was_saved(folder: Path) -> None:
    checkpoint = store.open_checkpoint(folder / "ranged")
    store.verify(checkpoint)
    model, images = load_model(checkpoint), load_images(checkpoint)
    assert (model.beta, checkpoint.manifest.default_beta) == (2.0, 2.0)
    codes = checkpoint.codes
    again = encode(model, images, codes.index).arrays()
    for name, column in codes.arrays().items():
        np.testing.assert_array_equal(column, again[name], err_msg=name)
    assert checkpoint.manifest.metrics == compute_likelihood(model, images).as_dict()
    # without torch: at the default, and at each code's own β
    session, z = checkpoint.decoder_session(), codes.mean[:5]
    betas = np.linspace(*RANGE, 5)
    with torch.no_grad():
        default = model.mean_image(torch.from_numpy(z), 2.0).numpy()
        each = model.mean_image(torch.from_numpy(z), torch.from_numpy(betas)).numpy()
    np.testing.assert_allclose(checkpoint.decode(session, z), default, atol=1e-4)
    np.testing.assert_allclose(checkpoint.decode(session, z, betas), each, atol=1e-4)
    assert len(encoder_onnx(checkpoint)) > 1000


def test_codes_are_interpolated_between_the_knots(folder: Path) -> None:
    checkpoint = store.open_checkpoint(folder / "ranged")
    model, images, codes = load_model(checkpoint), load_images(checkpoint), checkpoint.codes
    assert codes.betas is not None
    assert codes.beta_error is not None
    assert codes.betas.tolist() == pytest.approx(beta_grid(RANGE, BETA_KNOTS))
    assert codes.betas.tolist()[:: BETA_KNOTS - 1] == list(RANGE)
    assert codes.betas.tolist()[2] == pytest.approx(1.0)
    errors = []
    for beta in np.geomspace(*RANGE, 23):
        model.beta = float(beta)
        exact = encode(model, images, codes.index)
        mean, scale = codes.at_beta(float(beta))
        errors.append((np.abs(mean - exact.mean).max(), np.abs(np.log(scale / exact.scale)).max()))
    assert np.max(errors) < 0.25  # in units of the prior's σ, and of log σ
    assert np.max(errors[0] + errors[-1]) < 2e-3  # half precision
    assert np.max([mean for mean, _ in errors]) < 1.5 * codes.beta_error.max() + 2e-3
    mean, scale = codes.at_beta(float(codes.betas[2]))
    at_one = 2
    np.testing.assert_allclose((mean, scale), (codes.beta_mean[at_one], codes.beta_scale[at_one]), rtol=1e-5)  # type: ignore[index]
    some = codes.rows(np.array([3, 1]))
    np.testing.assert_array_equal(some.at_beta(float(codes.betas[2]))[0], mean[[3, 1]])


def test_rate_and_distortion_at_each_beta_are_those_of_the_report(folder: Path) -> None:
    checkpoint = store.open_checkpoint(folder / "ranged")
    model, images, codes = load_model(checkpoint), load_images(checkpoint), checkpoint.codes
    assert codes.betas is not None
    assert codes.beta_rate is not None
    assert codes.beta_distortion is not None
    for i, beta in enumerate(codes.betas):
        model.beta = float(beta)
        report = compute_likelihood(model, images)
        np.testing.assert_allclose(codes.beta_rate[i], report.rates, rtol=1e-4, atol=1e-5)
        assert codes.beta_distortion[i] == pytest.approx(report.distortion, rel=0.02)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"betas": None}, "needs codes at several β, and there is no betas"),
        ({"beta_mean": None}, "there is no beta_mean"),
        (
            {"betas": np.array([0.5, 2, 1, 3, 4, 5, 6, 7, 8, 9, 16], np.float32)},
            "betas do not rise from 0.5 to 16",
        ),
        ({"betas": np.geomspace(1, 16, 11).astype(np.float32)}, "betas do not rise"),
        ({"beta_scale": np.ones((11, 3, 2), np.float32)}, r"beta_scale has shape \(11, 3, 2\)"),
        ({"beta_error": None}, "there is no beta_error"),
        ({"beta_rate": np.ones((11, 3), np.float32)}, r"beta_rate has shape \(11, 3\)"),
    ],
)
def test_codes_at_other_betas_are_refused(
    change: dict[str, Any], says: str, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "ranged"
    path.mkdir()
    for file, content in tiny.content(folder / "ranged").items():
        (path / file).write_bytes(content)
    arrays = load((path / store.CODES).read_bytes()) | change
    (path / store.CODES).write_bytes(save({n: a for n, a in arrays.items() if a is not None}))
    tiny.sign(path)
    with pytest.raises(ExplorerError, match=says) as caught:
        _ = store.open_checkpoint(path).codes
    assert str(caught.value).endswith("copy the whole folder again.")


def test_a_model_of_one_beta_has_no_codes_at_others(tmp_path: Path) -> None:
    manifest, files = tiny.parts()
    extra = {"betas": np.ones(2, np.float32)} | {
        n: np.ones((2, 6, 2), np.float32) for n in ("beta_mean", "beta_scale")
    }
    files[store.CODES] = save(tiny.codes(0) | extra)
    with pytest.raises(ExplorerError, match="only a model of a range of β has"):
        _ = store.write(tmp_path / "one", manifest, files).codes


def test_a_config_without_the_field_is_a_model_of_one_beta(tmp_path: Path) -> None:
    path = tiny.write(tmp_path / "old").path
    config = json.loads((path / "config.json").read_text())
    del config["model"]["beta_range"]
    (path / "config.json").write_text(json.dumps(config))
    manifest = store.open_checkpoint(path).manifest
    assert manifest.model.beta_range is None
    assert manifest.default_beta is None


def test_a_model_from_before_its_axes_could_turn_has_axes_that_do_not(folder: Path, tmp_path: Path) -> None:
    now = store.open_checkpoint(folder / "ranged")
    files = {name: (now.path / name).read_bytes() for name in now.manifest.files}
    weights = load(files[store.WEIGHTS])
    turns = sorted(name for name in weights if name.endswith(".mix"))
    assert turns == ["rates.code.mix", "rates.head.mix"]
    files[store.WEIGHTS] = save({name: w for name, w in weights.items() if name not in turns})
    checkpoint = store.write(tmp_path / "old", now.manifest.model_dump(), files)
    model = load_model(checkpoint)
    kept = model.state_dict()
    assert all(np.array_equal(kept[name], w) for name, w in weights.items() if name not in turns)
    assert not any(kept[name].any() for name in turns)
    x, beta = torch.rand(3, *model.image_shape), torch.full((3, 1), 4.0)
    mean = open_session(encoder_onnx(checkpoint)).run(["mean"], {"image": x.numpy(), "beta": beta.numpy()})[0]
    np.testing.assert_allclose(mean, model.encode(x, 4.0).mean.detach(), atol=1e-4)


def test_a_branch_may_be_shown_at_another_beta(folder: Path) -> None:
    branch, _ = run_train(folder, {"beta": 8.0, "epochs": 21}, "branch", branch=folder / "ranged")
    assert branch.manifest.default_beta == 8.0
    assert branch.manifest.metrics == compute_likelihood(load_model(branch), load_images(branch)).as_dict()
    more, _ = run_train(folder, {"epochs": 22}, resume="branch")
    assert more.manifest.trained.epochs == 22
    with pytest.raises(ExplorerError, match="so beta_range cannot change"):
        run_train(folder, {"beta_range": (1, 4), "epochs": 21}, "other", branch=folder / "ranged")


# --- the command line ---


def test_evaluate_at_a_beta(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = {}
    for beta in ("0.5", "16"):
        assert main.main(["evaluate", "ranged", "--folder", str(folder), "--beta", beta, "--json"]) == 0
        found[beta] = json.loads(capsys.readouterr().out)
    assert found["0.5"]["rate"] > found["16"]["rate"]
    assert found["0.5"]["distortion"] < found["16"]["distortion"]
    assert found["16"]["loss"] == pytest.approx(found["16"]["distortion"] + 16 * found["16"]["rate"])
    assert main.main(["evaluate", "ranged", "--folder", str(folder)]) == 0
    assert "nats at β = 2" in capsys.readouterr().out


def test_betas_that_cannot_be_evaluated(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny.write(tmp_path / "one")
    for name, where, says in (
        ("ranged", folder, "ranged is a model of β from 0.5 to 16: choose a --beta in that range, not 32."),
        ("one", tmp_path, "one is a model of one β, 1: leave out --beta, or train one model of a range"),
    ):
        assert main.main(["evaluate", name, "--folder", str(where), "--beta", "32"]) == 1
        assert says in capsys.readouterr().err


def test_the_flags(tmp_path: Path) -> None:
    small = ["--hidden", "8", "--epochs", "1", "--device", "cpu", "--folder", str(tmp_path)]
    assert main.main(["train", "--beta-range", "0.5", "8", "--name", "x", *small]) == 0
    assert store.open_checkpoint(tmp_path / "x").manifest.model.beta_range == (0.5, 8)
    parser = main.build_parser()
    grid = vars(parser.parse_args(["sweep", "--beta-range", "none", "0.5x16"]))
    sweep = plan({"beta_range": grid["beta_range"]}, "both")
    assert sweep.axes == {"beta_range": (None, (0.5, 16.0))}
    assert type(sweep).model_validate_json(sweep.model_dump_json()) == sweep


def test_exports(folder: Path, tmp_path: Path) -> None:
    checkpoint = store.open_checkpoint(folder / "ranged")
    for part in ("decoder", "encoder"):
        export(checkpoint, tmp_path / f"{part}.onnx", part)
        inputs = [i.name for i in open_session((tmp_path / f"{part}.onnx").read_bytes()).get_inputs()]
        assert inputs[1:] == ["beta"]
    export(checkpoint, tmp_path / "codes.npz")
    export(checkpoint, tmp_path / "codes.csv")
    with np.load(tmp_path / "codes.npz") as arrays:
        np.testing.assert_array_equal(arrays["beta_mean"], checkpoint.codes.beta_mean)


# --- refusals ---


@pytest.mark.parametrize(
    ("clash", "says"),
    [
        ({"beta_range": (16, 0.5)}, "beta_range goes from a smaller β to a larger one"),
        ({"beta_range": (1, 1)}, "beta_range goes from a smaller β to a larger one"),
        ({"beta_range": (0, 1)}, "greater than or equal to 0.000001"),
        ({"beta_range": (1,)}, "beta_range"),
        ({"beta_range": (2, 16)}, "beta .* lies within beta_range, 2 to 16, and not at 1"),
        ({"beta_range": RANGE, "posterior": "point"}, "a plain AE has no β to vary"),
        (
            {"beta_range": RANGE, "divergence": "kl-pq"},
            "does not go with this divergence: set divergence to kl-qp",
        ),
        ({"beta_range": RANGE, "divergence": "tcvae"}, "set divergence to kl-qp"),
        ({"beta_range": RANGE, "warmup": "cyclical"}, "set warmup to none or linear"),
        ({"beta_range": RANGE, "free_bits": 0.1}, "set free_bits to 0"),
        ({"beta_range": RANGE, "capacity": 5}, "set capacity to none"),
    ],
)
def test_settings_that_clash_say_what_to_do(clash: dict[str, Any], says: str) -> None:
    with pytest.raises(ExplorerError, match=says) as caught:
        RunConfig.from_flat(clash)
    assert str(caught.value).endswith(".")


def test_a_stored_config_that_clashes_is_a_sentence(tmp_path: Path) -> None:
    path = tiny.write(tmp_path / "odd").path
    config = json.loads((path / "config.json").read_text())
    config["model"]["beta_range"] = [4, 16]
    (path / "config.json").write_text(json.dumps(config))
    with pytest.raises(
        ExplorerError, match=r"^Bad settings in odd/config\.json: beta .*copy the whole folder again\.$"
    ):
        store.open_checkpoint(path)


def test_forms_leave_out_what_a_range_does_not_take() -> None:
    values = flat(RunConfig.from_flat(SMALL))
    hidden = {n for n in values if not has_effect(n, values)} - {n for n in values if not has_effect(n, ONE)}
    assert hidden == {"divergence", "free_bits", "capacity", "condition"}
    assert has_effect("beta_range", values)
    assert not has_effect("beta_range", ONE)


def test_a_sweep_over_beta_needs_models_of_one() -> None:
    with pytest.raises(ExplorerError, match="one model for all of them"):
        plan({"beta": [1, 4], "beta_range": [RANGE]})
    assert RunConfig.from_flat(flat(RunConfig.from_flat(SMALL))) == RunConfig.from_flat(SMALL)
