"""Files and addresses torn, overwritten and forged at random: what `tests.test_fuzz` gives to every reader.

Each case runs in a child with limits, by its number, so that a crash or a hang is a result like any other.
"""

from __future__ import annotations

import io
import json
import random
import shutil
import struct
import tempfile
import traceback
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from explorer import store
from explorer.config import DataConfig
from explorer.data import load
from explorer.data.image_folder import decode
from explorer.errors import ExplorerError
from explorer.importing import disvae, pythae
from explorer.importing.importer import import_model
from explorer.importing.states import EXPORT, read_state
from explorer.live import columns, covers, scenes, stage
from explorer.live.schema import CompareState, SamplesState, StageState
from explorer.sandbox import Message
from explorer.store.weights import load_model
from tests import networks, tiny
from tests.importing import conftest as models

LONG = "9" * 4400
ODD_VALUES: list[Any] = [
    *(True, False, None, -1, 0, 1, 2**31, 2**63, 10**4200, 1e308, float("nan"), float("inf"), 0.5),
    *("", "x" * 300, "\ud800", "../../etc/passwd", LONG, "\0", "data", [], {}, [[]], {"a": 1}, [1] * 5000),
]
ODD_TENSORS: list[Callable[[torch.Tensor], torch.Tensor]] = [
    lambda t: t.to_sparse(),
    lambda t: t.to_sparse_csr() if t.ndim == 2 else t.to_sparse(),
    lambda t: t.to("meta"),
    lambda t: t.to(torch.float8_e4m3fn),
    lambda t: t.to(torch.complex64),
    lambda t: t.bool(),
    lambda t: t.bfloat16(),
    lambda t: t[:1].expand(t.shape),
    lambda t: torch.quantize_per_tensor(t, 0.1, 0, torch.qint8),
    lambda t: t.sum(),
    lambda t: torch.nn.Parameter(t),
    lambda t: t + torch.nan,
]


def torn(rng: random.Random, data: bytes) -> bytes:
    """Bytes cut, overwritten, repeated."""
    content = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at, n = rng.randrange(len(content) + 1), rng.choice([0, 1, 1, 4, 8, 40])
        junk = rng.choice([rng.randbytes(n), b"\xff" * n, b"\0" * n, struct.pack("<Q", rng.getrandbits(63))])
        content[at : at + rng.choice([0, n, len(junk), len(junk)])] = junk
    return bytes(content[: rng.randrange(len(content) + 1)] if rng.random() < 0.1 else content)


def forged(rng: random.Random, value: Any) -> Any:
    """A JSON value with one place in it replaced, removed or added to."""
    value = json.loads(json.dumps(value))
    places: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        here = waiting.pop()
        for key in here if isinstance(here, dict) else range(len(here)):
            places.append((here, key))
            if isinstance(here[key], dict | list):
                waiting.append(here[key])
    for _ in range(rng.randint(1, 2)):
        here, key = rng.choice(places)
        if isinstance(here, dict) and rng.random() < 0.2:
            here[rng.choice(["x" * 300, "extra", "\ud800", key + "é" * 200])] = here.pop(key, 1)
        else:
            here[key] = rng.choice(ODD_VALUES)
    return value


def written(value: Any) -> bytes:
    """As JSON, of which 4,300 digits and more are no number for Python."""
    return json.dumps(value).replace('"' + LONG + '"', LONG).encode(errors="surrogatepass")


def forged_tensors(rng: random.Random, data: bytes) -> bytes:
    """A safetensors file whose header says other sizes and types."""
    (size,) = struct.unpack("<Q", data[:8])
    header = forged(rng, json.loads(data[8 : 8 + size]))
    names = [name for name in header if isinstance(header[name], dict)]
    if names and rng.random() < 0.5:
        header[rng.choice(names)]["dtype"] = rng.choice(["F8_E4M3", "BF16", "F16", "BOOL", "U64", "I8", "F4"])
    head = written(header)
    return struct.pack("<Q", len(head)) + head + data[8 + size :]


# --- readers, each of which is given a case by its random numbers ---


def read_npz(rng: random.Random, place: Path) -> None:
    out = io.BytesIO()
    np.savez(out, images=np.zeros((9, 8, 8)), labels=np.arange(9), factors=np.zeros((9, 2), int))
    content = torn(rng, out.getvalue())
    if rng.random() < 0.4:
        head = {"descr": rng.choice(["|u1", "<f8", "|O", "<U900", "<M8[s]", "|V9"]), "fortran_order": False}
        shape = rng.choice([(9, 8, 8), (2**40, 8, 8), (-1, 8, 8), (True, 8, 8), (), (9, 0, 8), (10**4000,)])
        text = f"{head | {'shape': shape}}".encode() + b"\n"
        entry = (
            b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text) % 65536) + text + bytes(rng.choice([0, 600]))
        )
        with zipfile.ZipFile(place / "a.npz", "w") as archive:
            archive.writestr(rng.choice(["images.npy", "labels.npy", "images", "x" * 400]), entry)
    else:
        (place / "a.npz").write_bytes(content)
    load(DataConfig(data=str(place / "a.npz")))


def read_zip(rng: random.Random, place: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for i in range(4):
            picture = io.BytesIO()
            Image.new(rng.choice(["L", "RGB", "LA", "P"]), (9, 9), 20 * i).save(picture, "PNG")
            name = rng.choice(["a", "b", "x" * 300, "\ud800".encode("utf8", "replace").decode(), "ü", "."])
            archive.writestr(f"{name}/{i}.png", picture.getvalue())
    (place / "a.zip").write_bytes(torn(rng, out.getvalue()) if rng.random() < 0.8 else out.getvalue())
    load(DataConfig(data=str(place / "a.zip"), image_size=rng.choice([None, 16])))


def read_image(rng: random.Random, place: Path) -> None:
    mode, kind = rng.choice(
        [
            ("L", "PNG"),
            ("RGB", "JPEG"),
            ("P", "GIF"),
            ("RGB", "BMP"),
            ("RGB", "WEBP"),
            ("I;16", "TIFF"),
            ("L", "PPM"),
        ]
    )
    out = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (40, 40), dtype=np.uint8)).convert(mode).save(
        out, kind
    )
    decode(io.BytesIO(torn(rng, out.getvalue())), "image", rng.choice([None, 16]))


def read_network(rng: random.Random, place: Path) -> None:
    make = rng.choice([networks.plain, networks.loop, networks.repeat, networks.huge])
    content = make().SerializeToString()
    (place / "decoder.onnx").write_bytes(torn(rng, content))
    import_model([place / "decoder.onnx"], "new", place / "models")


def read_weights(rng: random.Random, place: Path) -> None:
    sizes = {"encoder.layers.0.0": (512, 64), "encoder.embedding": (3, 512), "decoder.layers.0.0": (512, 3)}
    sizes |= {"decoder.layers.1.0": (64, 512)}
    state = {f"{key}.weight": torch.zeros(size) for key, size in sizes.items()}
    state |= {f"{key}.bias": torch.zeros(size[0]) for key, size in sizes.items()}
    settings: dict[str, Any] = {
        "model_config.json": {"name": "AEConfig", "input_dim": [1, 8, 8], "latent_dim": 3},
        "specs.json": {"img_size": [1, 32, 32], "latent_dim": 5, "model_type": "Burgess", "loss": "betaH"},
    }
    name = "model_config.json" if rng.random() < 0.9 else "specs.json"
    whole: Any = dict(state)
    if rng.random() < 0.8:
        key = rng.choice(list(state)) if rng.random() < 0.9 else rng.choice(["other", 7, b"raw", None])
        value = (
            rng.choice(ODD_TENSORS)(state.get(str(key), torch.zeros(3)))
            if rng.random() < 0.9
            else rng.choice(["text", b"bytes", 5, None, [1]])
        )
        whole[key] = value
    odd = [{"state_dict": whole}, [whole], {"model_state_dict": 3}]
    whole = rng.choice(odd if rng.random() < 0.1 else [whole, {"model_state_dict": whole}])
    content = models.saved(whole)
    given = settings[name]
    about = written(forged(rng, given) if rng.random() < 0.3 else given)
    weights = read_state("model.pt", torn(rng, content) if rng.random() < 0.2 else content)
    (pythae if name == pythae.CONFIG else disvae).read("model.pt", weights, about)


def read_checkpoint(rng: random.Random, place: Path) -> None:
    """Forged so that every hash fits; then everything a page asks of it."""
    path = place / "folder"
    shutil.copytree(_own(), path)
    name = rng.choice([store.CONFIG, store.CODES, store.WEIGHTS, store.HISTORY, store.DECODER])
    content = (path / name).read_bytes()
    if name == store.CONFIG:
        content = written(forged(rng, json.loads(content)))
    elif name.endswith(".safetensors") and rng.random() < 0.7:
        content = forged_tensors(rng, content)
    elif name == store.HISTORY:
        content = content.replace(b"1", rng.choice([LONG, "1e999", "nan", "x"]).encode())
    else:
        content = torn(rng, content)
    (path / name).write_bytes(content)
    if name != store.CONFIG:
        tiny.sign(path)
    tries: list[Callable[[store.Checkpoint], Any]] = [
        store.verify,
        load_model,
        stage.describe,
        covers.keyframes,
        lambda c: json.dumps(
            [c.history(), [column.model_dump() for column in columns.described(c.codes, c.manifest)]]
        ),
        lambda c: import_model([path], "again", place / "models"),
    ]
    refused: list[ExplorerError] = []
    for act in tries:
        try:
            act(store.open_checkpoint(path))
        except ExplorerError as error:
            check(error)
            refused.append(error)
    if refused:
        raise refused[0]


def read_zipped_checkpoint(rng: random.Random, place: Path) -> None:
    with zipfile.ZipFile(place / "own.zip", "w") as archive:
        config = json.loads((_own() / store.CONFIG).read_bytes())
        odd = rng.choice(
            ["x" * 300 + ".json", "é" * 200 + ".csv", "..json", "a\\b.json", "con.csv", " .json", "ok.csv"]
        )
        config["files"][odd] = "0" * 64
        archive.writestr(f"own/{odd}", b"{}")
        for file in _own().iterdir():
            archive.writestr(f"own/{file.name}", file.read_bytes())
        archive.writestr(f"own/{store.CONFIG}", written(config))
    import_model([place / "own.zip"], "again", place / "models")


def read_deck(rng: random.Random, place: Path) -> None:
    deck = {"format": 1, "scenes": [{"page": "explore", "address": {"z": "1,2"}, "caption": "c"}]}
    scenes.load_scenes(rng.choice([written(forged(rng, deck)), torn(rng, written(deck)), b"[" * 100_000]))


def read_address(rng: random.Random, place: Path) -> None:
    odd = [
        "",
        LONG,
        "1e999",
        "nan",
        "²",
        "٣",
        "-1",
        "1," * 3000,
        "\ud800",
        "x" * 5000,
        "None",
        "1,2,3",
        "prior,1e999",
    ]
    kind: Any = rng.choice([StageState, SamplesState, CompareState])
    kind.from_link({name: rng.choice(odd) for name in kind.parameters().values()}).to_link()


READERS = {
    name.removeprefix("read_"): reader
    for name, reader in dict(globals()).items()
    if name.startswith("read_") and name != "read_state"
}


@cache
def _own() -> Path:
    """A checkpoint of this explorer, with weights that fit."""
    from explorer.config import RunConfig
    from explorer.models import Autoencoder
    from explorer.store.weights import save_checkpoint

    config = RunConfig.from_flat({"hidden": (8,)})
    images = load(config.data)
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    return save_checkpoint(folder / "own", Autoencoder(config.model, images.image_shape), images, config).path


def check(error: ExplorerError) -> None:
    """One sentence for people; about a network that cannot be rebuilt, the lines that export it follow."""
    sentence = str(error).replace(f":\n\n{EXPORT}", ".")
    assert "\n" not in sentence
    assert sentence.endswith("."), sentence
    assert len(sentence) < 3000
    sentence.encode()


def case(question: dict[str, Any], _: bytes) -> Message:
    """One case of one reader: what became of it."""
    rng = random.Random(f"{question['reader']} {question['number']}")
    with tempfile.TemporaryDirectory() as place:
        try:
            try:
                READERS[question["reader"]](rng, Path(place))
            except ExplorerError as error:
                check(error)
                return {"outcome": "refused"}, b""
        except Exception as error:
            ours = [f for f in traceback.extract_tb(error.__traceback__) if "/explorer/" in f.filename]
            where = f"{Path(ours[-1].filename).name}:{ours[-1].name}" if ours else "its sentence"
            return {
                "outcome": "bad",
                "kind": f"{type(error).__name__} at {where}",
                "why": traceback.format_exc(),
            }, b""
    return {"outcome": "read"}, b""
