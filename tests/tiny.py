"""Checkpoints of a few kilobytes, made without training and without torch: a linear decoder under a sigmoid."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save

from explorer import store
from explorer.config import RunConfig
from explorer.store import Checkpoint

SHAPE = (1, 4, 4)


def weights(seed: int, d: int = 2, pixels: int = 16) -> tuple[np.ndarray, np.ndarray]:
    """The decoder's matrix `(d, pixels)` and bias `(pixels,)`."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(d, pixels)).astype(np.float32), rng.normal(size=pixels).astype(np.float32)


def decoder(
    seed: int, d: int = 2, shape: tuple[int, ...] = SHAPE, batch: int | str = "batch", **names: str
) -> bytes:
    """ONNX bytes of sigmoid(z · matrix + bias); `names` may rename z or image."""
    from onnx import TensorProto, helper, numpy_helper

    z, image = names.get("z", "z"), names.get("image", "image")
    matrix, bias = weights(seed, d, int(np.prod(shape)))
    nodes = [
        helper.make_node("Gemm", [z, "matrix", "bias"], ["logits"]),
        helper.make_node("Sigmoid", ["logits"], ["flat"]),
        helper.make_node("Reshape", ["flat", "shape"], [image]),
    ]
    constants = {"matrix": matrix, "bias": bias, "shape": np.array([0, *shape], np.int64)}
    graph = helper.make_graph(
        nodes,
        "decoder",
        [helper.make_tensor_value_info(z, TensorProto.FLOAT, [batch, d])],
        [helper.make_tensor_value_info(image, TensorProto.FLOAT, [batch, *shape])],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    data: bytes = model.SerializeToString()
    return data


def codes(seed: int, n: int = 6, d: int = 2, **other: Any) -> dict[str, np.ndarray]:
    """Columns of codes, changed by `other`; None takes a column away."""
    rng = np.random.default_rng(seed)
    columns: dict[str, Any] = {name: rng.random((n, d), np.float32) for name in ("mean", "scale", "rate")} | {
        "distortion": rng.random(n, np.float32),
        "index": np.arange(n),
        "labels": np.arange(n) % 3,
        "factors": np.stack([np.arange(n) % 2, np.arange(n) % 4], axis=1),
    }
    return {name: np.asarray(array) for name, array in (columns | other).items() if array is not None}


def history(epochs: int = 3) -> list[dict[str, float]]:
    return [
        {"epoch": e, "seconds": round(e / 3, 3), "test_loss": float(f"{9 / e:.7g}")}
        for e in range(1, epochs + 1)
    ]


def parts(seed: int = 0) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What `store.write` takes: the manifest's values and the files."""
    matrix, bias = weights(seed)
    manifest = RunConfig.from_flat({"seed": seed}).model_dump() | {
        "caption": f"made with seed {seed}",
        "image_shape": SHAPE,
        "label_names": ("one", "two", "three"),
        "factor_names": ("side", "turn"),
        "factor_sizes": (2, 4),
        "metrics": {"images": 6, "elbo": -1.5, "rates": [0.5, 0.25]},
    }
    files = {
        store.WEIGHTS: save({"matrix": matrix, "bias": bias}),
        store.DECODER: decoder(seed),
        store.CODES: save(codes(seed)),
        store.HISTORY: store.history_csv(history()),
    }
    return manifest, files


def write(path: Path, seed: int = 0) -> Checkpoint:
    return store.write(path, *parts(seed))


def content(path: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {file.name: file.read_bytes() for file in path.iterdir()}


def sign(path: Path) -> None:
    """Make `config.json` agree with the files there are, as a forger would."""
    config = json.loads((path / "config.json").read_text())
    files = {n: d for n, d in content(path).items() if n != "config.json"}
    config["files"] = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    (path / "config.json").write_text(json.dumps(config))
