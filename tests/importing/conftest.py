"""Models as other programs write them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from explorer import data
from explorer.config import DataConfig
from explorer.errors import ExplorerError
from explorer.importing.importer import import_model
from explorer.importing.states import EXPORT


class Burgess(nn.Module):
    """A module whose state_dict has the names, shapes and order of disentangling-vae's, written from its layout."""

    def __init__(self, side: int, d: int, channels: int = 1) -> None:
        super().__init__()
        self.side, self.d = side, d
        deep = side == 64
        e, g = nn.Module(), nn.Module()
        e.conv1 = nn.Conv2d(channels, 32, 4, 2, 1)
        e.conv2, e.conv3 = (nn.Conv2d(32, 32, 4, 2, 1) for _ in range(2))
        if deep:
            e.conv_64 = nn.Conv2d(32, 32, 4, 2, 1)
        e.lin1, e.lin2, e.mu_logvar_gen = nn.Linear(512, 256), nn.Linear(256, 256), nn.Linear(256, 2 * d)
        g.lin1, g.lin2, g.lin3 = nn.Linear(d, 256), nn.Linear(256, 256), nn.Linear(256, 512)
        if deep:
            g.convT_64 = nn.ConvTranspose2d(32, 32, 4, 2, 1)
        g.convT1, g.convT2 = (nn.ConvTranspose2d(32, 32, 4, 2, 1) for _ in range(2))
        g.convT3 = nn.ConvTranspose2d(32, channels, 4, 2, 1)
        self.encoder, self.decoder = e, g

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        e = self.encoder
        for layer in ["conv1", "conv2", "conv3", *(["conv_64"] if self.side == 64 else [])]:
            x = getattr(e, layer)(x).relu()
        x = e.lin2(e.lin1(x.flatten(1)).relu()).relu()  # type: ignore[operator]
        pairs = e.mu_logvar_gen(x).reshape(-1, self.d, 2)  # type: ignore[operator]
        return pairs[..., 0], pairs[..., 1]

    def decode(self, z: Tensor) -> Tensor:
        g = self.decoder
        for layer in ("lin1", "lin2", "lin3"):
            z = getattr(g, layer)(z).relu()
        x = z.reshape(-1, 32, 4, 4)
        for layer in [*(["convT_64"] if self.side == 64 else []), "convT1", "convT2"]:
            x = getattr(g, layer)(x).relu()
        return g.convT3(x).sigmoid()  # type: ignore[operator]


def saved(state: Any) -> bytes:
    out = io.BytesIO()
    torch.save(state, out)
    return out.getvalue()


def burgess_files(folder: Path, side: int = 32, d: int = 5, **specs: Any) -> tuple[Burgess, list[Path]]:
    torch.manual_seed(3)
    module = Burgess(side, d)
    settings = {"img_size": [1, side, side], "latent_dim": d, "model_type": "Burgess"} | specs
    (folder / "model.pt").write_bytes(saved(module.state_dict()))
    (folder / "specs.json").write_text(json.dumps(settings))
    return module, [folder / "model.pt", folder / "specs.json"]


# --- a linear autoencoder of digits, in closed form, and ONNX files of it in every convention ---


class Linear:
    """PCA of the digits: encode and decode are matrices, so what a file must give is known."""

    def __init__(self, d: int = 8) -> None:
        self.images = np.asarray(data.load(DataConfig()).images)[:, 0].astype(np.float32) / 255
        flat = self.images.reshape(len(self.images), -1)
        self.mean = flat.mean(0)
        axes = np.linalg.svd(flat - self.mean, full_matrices=False)[2][:d]
        spread = ((flat - self.mean) @ axes.T).std(0)
        self.down, self.up = (axes / spread[:, None]).T, axes * spread[:, None]  # (64, d), (d, 64)

    def encode(self, x: np.ndarray) -> np.ndarray:
        return (x.reshape(len(x), -1) - self.mean) @ self.down

    def decode(self, z: np.ndarray) -> np.ndarray:
        return z @ self.up + self.mean


def onnx_file(
    path: Path,
    matrix: np.ndarray,
    bias: np.ndarray,
    shape: tuple[int, ...],
    image_in: bool = False,
    second: np.ndarray | None = None,
    batch: int | str = "n",
    end: str | None = None,
    swapped: bool = False,
) -> Path:
    """x @ matrix + bias, from or to images; `second` is the bias of a second output, `end` a last operation."""
    from onnx import TensorProto, helper, numpy_helper

    nodes, inputs = [], "x"
    size = shape if image_in else (len(matrix),)
    if image_in:
        nodes.append(helper.make_node("Flatten", ["x"], ["flat"]))
        inputs = "flat"
    nodes.append(helper.make_node("Gemm", [inputs, "m", "b"], ["y"]))
    weights: dict[str, np.ndarray] = {"m": matrix.astype(np.float32), "b": bias.astype(np.float32)}
    last = "y"
    out: tuple[int, ...] = (matrix.shape[1],)
    if end:
        nodes.append(helper.make_node(end, [last], ["ended"]))
        last = "ended"
    if not image_in:
        nodes.append(helper.make_node("Reshape", [last, "s"], ["image"]))
        weights["s"] = np.array([-1, *shape], np.int64)
        last, out = "image", shape
    outputs = [last]
    if second is not None:
        weights |= {"zero": np.zeros_like(matrix, np.float32), "b2": second.astype(np.float32)}
        nodes.append(helper.make_node("Gemm", [inputs, "zero", "b2"], ["y2"]))
        outputs = ["y2", last] if swapped else [last, "y2"]
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [batch, *size])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [batch, *out]) for name in outputs],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    path.write_bytes(model.SerializeToString())
    return path


Refused = Callable[..., str]


@pytest.fixture
def refused(tmp_path: Path) -> Refused:
    """The sentence with which an import is refused; nothing is left in the folder of checkpoints."""

    def attempt(*paths: Path, **options: Any) -> str:
        folder = tmp_path / "models"
        folder.mkdir(exist_ok=True)
        before = sorted(folder.rglob("*"))
        with pytest.raises(ExplorerError) as caught:
            import_model(paths, options.pop("name", "new"), folder, **options)
        assert sorted(folder.rglob("*")) == before
        sentence, _, lines = str(caught.value).partition("\n\n")
        assert "\n" not in sentence
        assert sentence.endswith("." if not lines else ":")
        assert lines in ("", EXPORT)
        return str(caught.value)

    return attempt
