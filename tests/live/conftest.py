"""One small checkpoint that every test here reads, with a decoder known in closed form, and a real server."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import pytest
import uvicorn
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save
from starlette.types import ASGIApp

from explorer import store
from explorer.store import Checkpoint

N, D, SHAPE = 1100, 3, (1, 8, 8)


def sigmoid_of_linear(weight: np.ndarray) -> bytes:
    """An ONNX decoder: z `(B, d)` to sigmoid(z @ weight), as images."""
    nodes = [
        helper.make_node("MatMul", ["z", "w"], ["flat"]),
        helper.make_node("Sigmoid", ["flat"], ["p"]),
        helper.make_node("Reshape", ["p", "shape"], ["image"]),
    ]
    graph = helper.make_graph(
        nodes,
        "decoder",
        [helper.make_tensor_value_info("z", TensorProto.FLOAT, ["B", D])],
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["B", *SHAPE])],
        [
            numpy_helper.from_array(weight, "w"),
            numpy_helper.from_array(np.array([-1, *SHAPE], np.int64), "shape"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


@pytest.fixture(scope="session")
def weight() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(D, 64)).astype(np.float32)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("checkpoints")


@pytest.fixture(scope="session")
def checkpoint(folder: Path, weight: np.ndarray) -> Checkpoint:
    rng = np.random.default_rng(1)
    mean = (rng.normal(size=(N, D)) * [2, 1, 0.1]).astype(np.float32)
    scale = np.full((N, D), 0.5, np.float32)
    codes = {
        "mean": mean,
        "scale": scale,
        "rate": 0.5 * (mean**2 + scale**2 - 1 - 2 * np.log(scale)),
        "distortion": rng.random(N, np.float32),
        "index": np.arange(N)[::-1].copy(),
        "labels": rng.integers(10, size=N),
        "factors": np.stack([rng.integers(3, size=N), rng.integers(300, size=N)], 1),
    }
    manifest = {
        "data": {"data": "digits"},
        "model": {"latent_size": D},
        "objective": {},
        "training": {},
        "image_shape": SHAPE,
        "label_names": [str(i) for i in range(10)],
        "factor_names": ["shape", "turn"],
        "factor_sizes": [3, 300],
    }
    files = {
        store.WEIGHTS: save({"w": weight}),
        store.DECODER: sigmoid_of_linear(weight),
        store.CODES: save(codes),
        store.HISTORY: store.history_csv([{"epoch": 0}]),
    }
    return store.write(folder / "small", manifest, files)


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status_code: int
    headers: dict[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


@dataclass(frozen=True)
class Client:
    """Asks a server on this machine; follows and unpacks nothing."""

    port: int

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            said = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, said, response.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, headers)

    def post(self, path: str, content: bytes) -> Answer:
        return self.ask("POST", path, content, {})


@contextmanager
def serving(app: ASGIApp) -> Iterator[Client]:
    """The app on a free port, in a thread."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield Client(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(10)
