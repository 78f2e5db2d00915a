"""A page as one file: what it carries is what the server would have sent, and it names nothing outside itself."""

from __future__ import annotations

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.torch import save
from starlette.applications import Starlette

from explorer import store
from explorer.errors import ExplorerError
from explorer.export import html_page
from explorer.export.downloads import export
from explorer.live.bundle import build_hash
from explorer.live.schema import SamplesState, StageState
from explorer.models import Autoencoder
from explorer.server.routes import live_routes
from tests import tiny
from tests.live.conftest import serving


def carried(page: bytes) -> dict[str, bytes]:
    """The files of a page by name: base 85 of gzip, numbers byte by byte, and equal files by the name of the first."""
    elements = re.findall(
        r'<script type="text/plain" data-file="([^"]*)" ?([^>]*)>([^<]*)</script>', page.decode()
    )
    files: dict[str, bytes] = {}
    for name, attributes, text in elements:
        more = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        if "data-same" in more:
            files[name] = files[more["data-same"]]
            continue
        files[name] = gzip.decompress(base64.b85decode(text.replace(",", "<")))
        if "data-stride" in more:
            planes = np.frombuffer(files[name], "u1").reshape(int(more["data-stride"]), -1)
            files[name] = planes.T.tobytes()[: int(more["data-bytes"])]
    return files


def scenes(page: bytes) -> dict[str, Any]:
    text = re.search(r'<script type="application/json" id="scenes">(.*?)</script>', page.decode(), re.DOTALL)
    assert text
    found: dict[str, Any] = json.loads(text[1])
    return found


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> list[store.Checkpoint]:
    folder = tmp_path_factory.mktemp("checkpoints")
    return [with_weights(tiny.write(folder / name)) for name in ("one", "two")]


def with_weights(checkpoint: store.Checkpoint) -> store.Checkpoint:
    """Weights of the model that its config.json describes, so that its encoder can be written."""
    manifest = checkpoint.manifest
    weights = Autoencoder(manifest.model, manifest.image_shape).state_dict()
    (checkpoint.path / store.WEIGHTS).write_bytes(save(weights))
    tiny.sign(checkpoint.path)
    return store.open_checkpoint(checkpoint.path)


def test_what_the_page_carries_is_what_the_server_sends(pair: list[store.Checkpoint]) -> None:
    page = html_page.page(
        [html_page.exploring(pair[0], StageState(z=[1, -1])), html_page.comparing(pair, caption="Both")],
        "A & B",
    )
    files = carried(page)
    with serving(Starlette(routes=live_routes(pair[0].path.parent))) as server:
        for name, content in files.items():
            sent = server.get("/" + name.replace("live/", f"live/{build_hash()}/"))
            assert sent.status_code == 200
            assert sent.content == content, name
    assert {f.split("/")[-1] for f in files if f.startswith(f"checkpoints/one/{pair[0].version}/")} >= {
        "decoder.onnx",
        "codes",
        "scales",
        "support",
        "labels",
        "prior",
    }
    told = scenes(page)
    assert told["title"] == "A & B"
    assert [s["entry"] for s in told["scenes"]] == ["stage", "samples"]
    assert told["scenes"][0]["data"]["state"] == {
        "z": [1, -1],
        "projection": "dims:0,1",
        "colour": "labels",
    }
    assert told["scenes"][1]["caption"] == "Both"


def test_the_page_asks_for_nothing_outside_itself(pair: list[store.Checkpoint]) -> None:
    page = html_page.page([html_page.exploring(pair[0])], "x").decode()
    outside = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r"(src|href)=", outside)
    assert "http" not in outside
    script = re.search(r'<script type="module" async>(.*?)</script>', page, re.DOTALL)
    assert script
    assert "https://" not in script[1]


@pytest.mark.parametrize("words", ["</script><script>alert(1)</script>", "<!-- <script>", '"\\ ünï \u2028'])
def test_words_stay_words(words: str, pair: list[store.Checkpoint]) -> None:
    page = html_page.page([html_page.exploring(pair[0], caption=words), html_page.exploring(pair[1])], words)
    assert scenes(page)["scenes"][0]["caption"] == words
    assert page.count(b"</script>") == 2 + len(carried(page))


def test_only_the_samplers_that_are_offered_are_carried(pair: list[store.Checkpoint]) -> None:
    view = html_page.comparing(pair, state=SamplesState(sources=["around", "prior"], image=3))
    files = carried(html_page.page([view], "x"))
    here = [name.rpartition("/")[2] for name in files if "checkpoints/two" in name and "/sampler/" in name]
    assert here == ["prior", "gaussian-diagonal", "gaussian-full", "around:3"]
    weights, *rest = np.frombuffer(
        files[next(n for n in files if n.endswith("one/" + pair[0].version + "/sampler/prior"))], "<f4"
    )
    assert weights == 1
    assert len(rest) == 2 + 4  # mean and Cholesky factor of two dimensions


def test_models_that_do_not_fit_are_refused_in_a_sentence(
    pair: list[store.Checkpoint], tmp_path: Path, shipped_checkpoints: Path
) -> None:
    other = store.open_checkpoint(shipped_checkpoints / "digits-ae-z10")
    with pytest.raises(ExplorerError, match="differ in latent or image size"):
        export(pair[0], tmp_path / "a.html", beside=[other])
    assert list(tmp_path.iterdir()) == []
    assert export(pair[0], tmp_path / "a.html", beside=[pair[1]]) == (tmp_path / "a.html").stat().st_size
