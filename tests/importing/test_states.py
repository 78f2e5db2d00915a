"""Weights of disentangling-vae and pythae: the imported model gives the same numbers as theirs."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from explorer import data, store
from explorer.cli.main import main
from explorer.config import DataConfig
from explorer.importing.importer import import_model
from explorer.importing.result import UNKNOWN
from explorer.store.weights import load_model
from tests.importing.conftest import Refused, burgess_files, saved


def test_disentangling_vae(tmp_path: Path) -> None:
    side = 64
    module, files = burgess_files(tmp_path, side, loss="betaH", betaH_B=4)
    done = import_model(files, "foreign", tmp_path / "models")
    store.verify(done.checkpoint)
    manifest = done.checkpoint.manifest
    assert done.kind == "disentangling-vae"
    assert manifest.image_shape == (1, side, side)
    assert manifest.objective.beta == 4
    assert manifest.data.data == UNKNOWN
    model = load_model(done.checkpoint)
    x, z = torch.rand(3, 1, side, side), torch.randn(3, 5)
    with torch.no_grad():
        q, (mean, log_variance) = model.encode(x), module.encode(x)
        torch.testing.assert_close(q.mean, mean)
        torch.testing.assert_close(q.stddev, (log_variance / 2).exp())
        expected = module.decode(z)
    decoded = done.checkpoint.decode(done.checkpoint.decoder_session(), z.numpy())
    np.testing.assert_allclose(decoded, expected.numpy(), atol=1e-5)
    assert len(done.checkpoint.codes) > 100


@pytest.mark.slow
@pytest.mark.parametrize(
    ("specs", "expected", "note"),
    [
        ({"loss": "VAE"}, {"beta": 1.0, "divergence": "kl-qp", "capacity": None}, ""),
        (
            {"loss": "betaB", "betaB_finC": 20, "betaB_G": 50},
            {"capacity": 20.0, "gamma": 50.0, "divergence": "kl-qp"},
            "How fast its capacity rose is unknown.",
        ),
        ({"loss": "btcvae", "btcvae_B": 5}, {"beta": 5.0, "divergence": "tcvae", "capacity": None}, ""),
        ({"loss": "btcvae"}, {"beta": 6.0, "divergence": "tcvae"}, ""),
        (
            {"loss": "btcvae", "btcvae_A": 2, "btcvae_G": 0.5},
            {"beta": 6.0},
            "mutual information by 2 and the dimension-wise KL by 0.5",
        ),
        (
            {"loss": "factor", "factor_G": 10},
            {"beta": 1.0},
            "FactorVAE: the total correlation, by a discriminator, had",
        ),
        ({"loss": "VAE", "rec_dist": "laplace"}, {"beta": 1.0}, "trained with laplace pixels"),
        ({"loss": "newer"}, {"beta": 1.0}, "Its loss newer is unknown, so β = 1 is a guess."),
    ],
)
def test_the_objective_of_disentangling_vae_is_kept(
    tmp_path: Path, specs: dict[str, Any], expected: dict[str, Any], note: str
) -> None:
    _, files = burgess_files(tmp_path, **specs)
    done = import_model(files, "foreign", tmp_path / "models", caption="Mine.")
    objective = done.checkpoint.manifest.objective.model_dump()
    assert {key: objective[key] for key in expected} == expected
    assert note in done.checkpoint.manifest.caption
    assert note in " ".join(f.sentence for f in done.findings)
    assert done.checkpoint.manifest.caption.startswith("Mine.")
    assert bool(note) == (done.checkpoint.manifest.caption != "Mine.")


@pytest.mark.parametrize(
    ("settings", "expected", "note"),
    [
        ({"name": "BetaTCVAEConfig", "beta": 4.0}, {"beta": 4.0, "divergence": "tcvae"}, ""),
        (
            {"name": "BetaTCVAEConfig", "beta": 4.0, "alpha": 3.0},
            {"divergence": "tcvae"},
            "mutual information by 3",
        ),
        (
            {"name": "DisentangledBetaVAEConfig", "beta": 10.0, "C": 25.0, "warmup_epoch": 12},
            {"capacity": 25.0, "gamma": 10.0, "capacity_epochs": 12.0},
            "",
        ),
        ({"name": "FactorVAEConfig", "gamma": 7.0}, {"beta": 1.0, "divergence": "kl-qp"}, "had the weight 7"),
        ({"name": "InfoVAE_MMD_Config"}, {"beta": 1.0}, "trained as pythae's InfoVAE_MMD_, whose objective"),
        ({"name": "BetaVAEConfig", "beta": 3.0}, {"beta": 3.0}, ""),
    ],
)
def test_the_objective_of_pythae_is_kept(
    tmp_path: Path, settings: dict[str, Any], expected: dict[str, Any], note: str
) -> None:
    done = import_model(write_pythae(tmp_path, **settings), "foreign", tmp_path / "models")
    objective = done.checkpoint.manifest.objective.model_dump()
    assert {key: objective[key] for key in expected} == expected
    assert note in done.checkpoint.manifest.caption
    assert bool(note) == bool(done.checkpoint.manifest.caption)


def test_all_test_images_are_measured(tmp_path: Path) -> None:
    images = np.random.default_rng(0).integers(0, 256, (26_000, 8, 8), np.uint8)
    np.savez(tmp_path / "many.npz", images=images)  # a tenth is for testing
    files = write_pythae(tmp_path)
    done = import_model(files, "foreign", tmp_path / "models", DataConfig(data=str(tmp_path / "many.npz")))
    assert done.checkpoint.manifest.metrics["images"] == 2600


@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["", "model.", "net.vae."])
def test_a_lightning_checkpoint_is_read_by_its_state_dict(tmp_path: Path, prefix: str) -> None:
    module, (weights, specs) = burgess_files(tmp_path)
    state = {f"{prefix}{key}": value for key, value in module.state_dict().items()}
    other = {"loss.weight": torch.ones(3)} if prefix else {}
    lightning = {
        "epoch": 3,
        "global_step": 7,
        "pytorch-lightning_version": "2.4.0",
        "hyper_parameters": {"lr": 1e-3},
    }
    weights.unlink()
    checkpoint = tmp_path / "last.ckpt"
    checkpoint.write_bytes(
        saved(lightning | {"state_dict": state | other, "optimizer_states": [], "callbacks": {}})
    )
    done = import_model([checkpoint, specs], "foreign", tmp_path / "models")
    x = torch.rand(2, 1, 32, 32)
    with torch.no_grad():
        torch.testing.assert_close(load_model(done.checkpoint).encode(x).mean, module.encode(x)[0])


def test_a_lightning_checkpoint_with_objects_is_not_opened(tmp_path: Path, refused: Refused) -> None:
    module, (weights, specs) = burgess_files(tmp_path)
    weights.write_bytes(saved({"state_dict": module.state_dict(), "callbacks": Harm(tmp_path / "harm")}))
    assert "which could run code, so it is not opened" in refused(weights, specs)
    assert not (tmp_path / "harm").exists()


def test_the_lines_for_an_unknown_architecture_export_what_can_be_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: Refused
) -> None:
    class Encoder(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.mean, self.log_variance = torch.nn.Linear(784, 4), torch.nn.Linear(784, 4)

        def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            return self.mean(x.flatten(1)), self.log_variance(x.flatten(1))

    class Decoder(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.linear = torch.nn.Linear(4, 784)

        def forward(self, z: torch.Tensor) -> torch.Tensor:
            return self.linear(z).sigmoid().reshape(-1, 1, 28, 28)

    torch.manual_seed(0)
    model = torch.nn.Module()
    model.encoder = Encoder()
    model.decoder = Decoder()
    weights = tmp_path / "mine.pt"
    weights.write_bytes(saved(model.state_dict()))
    (tmp_path / "specs.json").write_text(
        json.dumps({"img_size": [1, 32, 32], "latent_dim": 4, "model_type": "Burgess"})
    )
    lines = refused(weights, tmp_path / "specs.json").partition("\n\n")[2]
    assert len(lines.splitlines()) == 10
    place = tmp_path / "exported"
    place.mkdir()
    monkeypatch.chdir(place)
    exec(lines, {"model": model, "latents": 4})  # as somebody does who follows the message
    done = import_model([place / "decoder.onnx", place / "encoder.onnx"], "mine", tmp_path / "models")
    z = torch.randn(3, 4)
    decoded = done.checkpoint.decode(done.checkpoint.decoder_session(), z.numpy())
    np.testing.assert_allclose(decoded, model.decoder(z).detach().numpy(), atol=1e-5)


def test_its_data_set_is_found_by_name(tmp_path: Path) -> None:
    _, files = burgess_files(tmp_path, dataset="digits")
    done = import_model(files, "foreign", tmp_path / "models")
    assert done.checkpoint.manifest.data == DataConfig(data="digits", image_size=32)
    assert done.checkpoint.manifest.metrics["elbo"] is not None
    checks = [finding for finding in done.findings if "Reconstructions of" in finding.sentence]
    assert not checks[0].good  # it was never trained
    assert "it was trained on other images, or not at all" in checks[0].sentence


def pythae_package() -> Any:
    """The real package, where the benchmarks have installed it."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "latent-explorer"
    found = sorted(cache.glob("pythae-*/pythae"))
    if not found:
        pytest.skip("pythae is not installed; benchmarks.training installs it")
    sys.path.append(str(found[-1].parent))
    with contextlib.redirect_stderr(io.StringIO()):
        return pytest.importorskip("pythae.models")


@pytest.mark.parametrize("kind", ["AE", "BetaVAE"])
def test_what_pythae_itself_saves(tmp_path: Path, kind: str) -> None:
    models = pythae_package()
    extra: dict[str, Any] = {} if kind == "AE" else {"reconstruction_loss": "bce"}
    extra |= {"beta": 3.0} if kind == "BetaVAE" else {}
    settings = getattr(models, f"{kind}Config")(input_dim=(1, 8, 8), latent_dim=3, **extra)
    torch.manual_seed(0)
    theirs = getattr(models, kind)(settings).eval()
    theirs.save(str(tmp_path / "pythae"))
    digits = data.load(DataConfig())
    x = torch.from_numpy(digits.images[np.arange(4)]).float() / 255

    done = import_model([tmp_path / "pythae"], "foreign", tmp_path / "models", DataConfig())
    assert done.kind == "pythae"
    ours = load_model(done.checkpoint)
    with torch.no_grad():
        encoded = theirs.encoder(x)
        q = ours.encode(x)
        torch.testing.assert_close(q.mean, encoded.embedding)
        if kind != "AE":
            torch.testing.assert_close(q.stddev, (encoded.log_covariance / 2).exp())
        expected = theirs.decoder(encoded.embedding).reconstruction.reshape(4, 1, 8, 8)
        torch.testing.assert_close(ours.mean_image(q.mean), expected)
    assert done.checkpoint.manifest.objective.beta == (3.0 if kind == "BetaVAE" else 1.0)
    assert ("squared error" in " ".join(f.sentence for f in done.findings)) == (kind == "AE")


def write_pythae(folder: Path, state: Any = None, **settings: Any) -> list[Path]:
    """A model of pythae's default kind, by hand."""
    d, pixels = 3, 64
    sizes = {
        "encoder.layers.0.0": (512, pixels),
        "encoder.embedding": (d, 512),
        "encoder.log_var": (d, 512),
        "decoder.layers.0.0": (512, d),
        "decoder.layers.1.0": (pixels, 512),
    }
    torch.manual_seed(0)
    weights = {f"{key}.weight": torch.randn(size) / 20 for key, size in sizes.items()}
    weights |= {f"{key}.bias": torch.zeros(size[0]) for key, size in sizes.items()}
    config = {"name": "VAEConfig", "input_dim": [1, 8, 8], "latent_dim": d, "reconstruction_loss": "bce"}
    (folder / "model.pt").write_bytes(saved({"model_state_dict": weights | (state or {})}))
    (folder / "model_config.json").write_text(json.dumps(config | settings))
    return [folder / "model.pt", folder / "model_config.json"]


def test_from_a_zip_by_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_pythae(tmp_path)
    with zipfile.ZipFile(tmp_path / "run.zip", "w") as archive:
        for name in ("model.pt", "model_config.json"):
            archive.write(tmp_path / name, f"final_model/{name}")
        archive.writestr("final_model/environment.json", "{}")
    line = [
        "import",
        str(tmp_path / "run.zip"),
        "--name",
        "mine",
        "--data",
        "digits",
        "--caption",
        "From afar.",
    ]
    assert main([*line, "--folder", str(tmp_path / "models")]) == 0
    assert "The encoder takes images in [0, 1]." in capsys.readouterr().out
    manifest = store.open_checkpoint(tmp_path / "models" / "mine").manifest
    assert (manifest.caption, manifest.imported) == ("From afar.", "pythae weights")
    assert main([*line, "--folder", str(tmp_path / "models")]) == 1
    assert "There is already a checkpoint named mine" in capsys.readouterr().err


class Harm:
    """What its unpickling would do is seen by a file that appears."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


def test_pickled_code_is_never_run(tmp_path: Path, refused: Refused) -> None:
    for hidden in (
        Harm(tmp_path / "harm"),
        {"model_state_dict": {"encoder.weight": Harm(tmp_path / "harm")}},
    ):
        files = write_pythae(tmp_path)
        files[0].write_bytes(saved(hidden))
        assert "which could run code, so it is not opened" in refused(*files)
        assert not (tmp_path / "harm").exists()
    files = write_pythae(tmp_path, uses_default_encoder=False)
    assert "imported code never runs here. Export it as ONNX" in refused(*files)


NAN = torch.full((3, 512), float("nan"))


@pytest.mark.parametrize(
    ("state", "settings", "said"),
    [
        (
            {"encoder.embedding.weight": NAN},
            {},
            "encoder.embedding.weight in model.pt has values that are not finite",
        ),
        (
            {"encoder.embedding.weight": torch.zeros(4, 512)},
            {},
            "has shape (4, 512), but its settings need (3, 512)",
        ),
        ({"decoder.layers.1.0.bias": torch.zeros(64, dtype=torch.int64)}, {}, "is torch.int64"),
        ({"decoder.layers.1.0.bias": torch.zeros(1).expand(10**12)}, {}, "has shape (1000000000000,)"),
        ({"decoder.layers.1.0.bias": 7}, {}, "is not a state_dict"),
        (
            {},
            {"latent_dim": 10**9},
            "latent_dim in model_config.json is 1000000000; it must be a whole number",
        ),
        ({}, {"latent_dim": True}, "latent_dim in model_config.json is True"),
        ({}, {"input_dim": [1, 28, 28]}, "encoder.layers.0.0.weight in model.pt has shape (512, 64)"),
        ({}, {"input_dim": [7, 8, 8]}, "must be channels (1 or 3), height and width"),
        ({}, {"input_dim": [1, 10**6, 10**6]}, "must be channels (1 or 3), height and width"),
        ({}, {"input_dim": None}, "The image size in model_config.json is None"),
    ],
)
def test_states_that_are_wrong(
    tmp_path: Path, refused: Refused, state: dict[str, Any], settings: dict[str, Any], said: str
) -> None:
    assert said in refused(*write_pythae(tmp_path, state, **settings))


def test_files_that_do_not_go_together(tmp_path: Path, refused: Refused) -> None:
    model, config = write_pythae(tmp_path)
    assert "The settings of model.pt are missing: add specs.json" in refused(model)
    assert "These files are not a model of a supported kind" in refused(config)
    config.write_text("[1, 2]")
    assert "model_config.json is damaged, it is not a JSON object" in refused(model, config)
    whole = model.read_bytes()
    for part in (whole[: len(whole) // 2], b"", b"no model", whole[:-1000] + bytes(1000)):
        model.write_bytes(part)
        assert "model.pt is damaged or was not written by torch.save" in refused(*write_config(model, config))
    _, files = burgess_files(tmp_path, model_type="Higgins")
    assert "only Burgess is supported" in refused(*files)
    _, files = burgess_files(tmp_path, img_size=[1, 48, 48])
    assert "a Burgess model has 32×32 or 64×64" in refused(*files)


def write_config(model: Path, config: Path) -> list[Path]:
    config.write_text(json.dumps({"name": "VAEConfig", "input_dim": [1, 8, 8], "latent_dim": 3}))
    return [model, config]


def test_data_that_do_not_fit(tmp_path: Path, refused: Refused) -> None:
    np.savez(tmp_path / "wide.npz", images=np.zeros((20, 10, 12), np.uint8))
    said = refused(
        *write_pythae(tmp_path), data=DataConfig(data=str(tmp_path / "wide.npz"), channels="colour")
    )
    assert "takes images of 8×8 pixels in 1 channel, but" in said
