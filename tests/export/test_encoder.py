"""The encoder as ONNX, built without torch, against PyTorch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from explorer import environment, store
from explorer.config import ModelConfig
from explorer.errors import ExplorerError
from explorer.export import downloads
from explorer.models import Autoencoder
from explorer.store import Checkpoint
from explorer.store.encoder_graph import build_encoder, encoder_onnx
from explorer.store.weights import load_model
from tests import tiny

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted(path.name for path in (ROOT / "checkpoints").iterdir())
MODELS = [
    ("mlp", (3, 9, 12), (16,)),
    ("mlp", (1, 4, 4), ()),
    ("mlp", (1, 8, 8), (12, 10, 6)),
    ("conv", (1, 16, 16), ()),
    ("conv", (3, 21, 13), ()),
    ("residual", (3, 16, 16), ()),
    ("residual", (1, 25, 18), ()),
]


def encoded(data: bytes, images: np.ndarray, **more: np.ndarray) -> dict[str, np.ndarray]:
    session = onnxruntime.InferenceSession(data)
    names = [o.name for o in session.get_outputs()]
    return dict(zip(names, session.run(None, {"image": images} | more), strict=True))


def check(data: bytes, model: Autoencoder, images: np.ndarray, atol: float, classes: int = 0) -> None:
    more, label = {}, None
    if model.config.beta_range:
        more["beta"] = np.full((len(images), 1), model.beta, np.float32)
    if classes:
        label = np.arange(len(images)) % classes
        more["label"] = np.eye(classes, dtype=np.float32)[label]
    found = encoded(data, images, **more)
    with torch.no_grad():
        expected = model.encode(
            torch.from_numpy(images), label=None if label is None else torch.from_numpy(label)
        )
    if model.config.code:  # tokens and their rate: tests/models/test_discrete.py
        del found["tokens"], found["rate"]
    # a discrete code is its likeliest word; of codes in the hundreds, float32 keeps no fourth decimal
    np.testing.assert_allclose(found.pop("mean"), expected.mode, rtol=1e-5, atol=atol)
    if model.config.posterior == "diagonal":
        np.testing.assert_allclose(
            np.exp(0.5 * found.pop("log_variance")), expected.stddev, rtol=1e-4, atol=atol
        )
    elif model.config.posterior == "full":
        np.testing.assert_allclose(found.pop("scale_tril"), expected.scale_tril, rtol=1e-4, atol=atol)  # type: ignore[attr-defined]
    assert not found


@pytest.mark.parametrize("d", [1, 3])
@pytest.mark.parametrize("posterior", ["point", "diagonal", "full"])
@pytest.mark.parametrize(("body", "shape", "hidden"), MODELS)
def test_every_body_and_posterior_is_that_of_pytorch(
    body: str, shape: tuple[int, int, int], hidden: tuple[int, ...], posterior: str, d: int
) -> None:
    torch.manual_seed(1)
    flat = {"body": body, "hidden": hidden, "posterior": posterior, "latent_size": d, "width": 8}
    model = Autoencoder(ModelConfig.model_validate(flat), shape).eval()
    with torch.no_grad():
        for parameter in model.parameters():  # norms begin as the identity, which would hide a missing scale
            parameter.add_(0.1 * torch.randn_like(parameter))
    weights = {name: w.detach().numpy() for name, w in model.state_dict().items()}
    data = build_encoder(model.config, shape, weights)
    onnx.checker.check_model(onnx.load_from_string(data), full_check=True)
    for batch in (1, 5):
        images = np.random.default_rng(batch).random((batch, *shape), np.float32)
        check(data, model, images, 2e-5)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_encoder_is_that_of_pytorch(name: str) -> None:
    checkpoint = store.open_checkpoint(ROOT / "checkpoints" / name)
    rng = np.random.default_rng(0)
    images = rng.random((6, *checkpoint.manifest.image_shape), np.float32)
    images[3:] = images[3:] > 0.5
    data = encoder_onnx(checkpoint)
    check(data, load_model(checkpoint), images, 1e-4, checkpoint.manifest.classes)
    parts = (
        "encoder",
        "head",
        *(f"{by}.{part}" for by in ("rates", "classes") for part in ("encoder", "head")),
    )
    statistics = ("head.counts", "head.sums")  # of the code book's training
    kept = [k for k in checkpoint.weights() if k.startswith(parts) and k not in statistics]
    weights = sum(checkpoint.weights()[k].nbytes for k in kept)
    modulated = any(k.startswith(("rates", "classes")) for k in kept)
    nodes = 20_000 if modulated else 12_000  # every block has ten more
    assert weights < len(data) < 1.02 * weights + nodes  # in the precision in which they are stored


def test_a_read_only_server_hands_out_encoders_without_torch() -> None:
    script = (
        "import sys; from explorer import store; from explorer.export import downloads; "
        f"made = downloads.encoder(store.open_checkpoint({str(ROOT / 'checkpoints' / 'digits-vae-z2')!r})); "
        "print(len(made), 'torch' in sys.modules)"
    )
    command = [sys.executable, "-c", script]
    surroundings = {environment.READ_ONLY: "1", "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    said = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=True)
    size, torch_there = said.stdout.split()
    assert int(size) > 100_000
    assert torch_there == "False"


def written(folder: Path, **weights: np.ndarray) -> Checkpoint:
    """A checkpoint of an 8×8 MLP with 2 latents whose encoder's weights are changed by `weights`."""
    model = Autoencoder(ModelConfig(hidden=(4,)), (1, 4, 4))
    manifest, files = tiny.parts()
    arrays = {name: w.detach().numpy() for name, w in model.state_dict().items()} | weights
    from safetensors.numpy import save

    files[store.WEIGHTS] = save({name: np.ascontiguousarray(array) for name, array in arrays.items()})
    manifest["model"] |= {"hidden": (4,)}
    return store.write(folder / "odd", manifest, files)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("encoder.0.1.weight", (4, 15)),
        ("encoder.0.1.bias", (5,)),
        ("head.linear.weight", (3, 4)),
        ("head.linear.bias", (7,)),
    ],
)
def test_weights_of_another_shape_are_a_sentence(tmp_path: Path, name: str, shape: tuple[int, ...]) -> None:
    encoder_onnx(written(tmp_path))
    checkpoint = written(tmp_path, **{name: np.zeros(shape, np.float32)})
    with pytest.raises(ExplorerError, match=r"^Checkpoint odd: the weights do not fit [^\n]*\.$"):
        encoder_onnx(checkpoint)


def test_missing_weights_are_a_sentence(tmp_path: Path) -> None:
    checkpoint = store.write(tmp_path / "odd", *tiny.parts())
    with pytest.raises(ExplorerError, match=r"^Checkpoint odd: [^\n]*has no weight encoder\.0\.1\.weight"):
        downloads.encoder(checkpoint)
