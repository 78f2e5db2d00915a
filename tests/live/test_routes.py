"""The routes, against the arrays they are made of and closed forms."""

from __future__ import annotations

import base64
import gzip
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from starlette.applications import Starlette

from explorer import reports
from explorer.live.bundle import DIST, build_hash
from explorer.live.stage import describe, first_image
from explorer.server.routes import live_routes
from explorer.store import Checkpoint
from explorer.store.weights import load_model
from tests import conditional, ranged, tiny
from tests.live.conftest import Client, serving

FOREVER = "public, max-age=31536000, immutable"


@pytest.fixture(scope="module")
def client(checkpoint: Checkpoint, folder: Path) -> Iterator[Client]:
    with serving(Starlette(routes=live_routes(folder))) as found:
        yield found


@pytest.fixture
def base(checkpoint: Checkpoint) -> str:
    return "/" + str(describe(checkpoint).base)


def floats(client: Client, url: str) -> np.ndarray:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == FOREVER
    return np.frombuffer(answer.content, "<f4")


def test_arrays_arrive_as_they_are_stored(client: Client, base: str, checkpoint: Checkpoint) -> None:
    codes = checkpoint.codes
    np.testing.assert_array_equal(floats(client, base + "codes"), codes.mean.ravel())
    np.testing.assert_array_equal(floats(client, base + "scales"), codes.scale.ravel())
    np.testing.assert_array_equal(floats(client, base + "column/error"), codes.distortion)
    np.testing.assert_allclose(floats(client, base + "column/rate"), codes.rate.sum(1), rtol=1e-6)
    np.testing.assert_array_equal(floats(client, base + "column/dim:2"), codes.mean[:, 2])
    onnx = client.get(base + "decoder.onnx")
    assert onnx.content == (checkpoint.path / "decoder.onnx").read_bytes()


def test_categories_take_one_byte_where_they_can(client: Client, base: str, checkpoint: Checkpoint) -> None:
    codes = checkpoint.codes
    assert codes.factors is not None
    for key, dtype, expected in (
        ("labels", "u1", codes.labels),
        ("factor:shape", "u1", codes.factors[:, 0]),
        ("factor:turn", "<u2", codes.factors[:, 1]),
    ):
        np.testing.assert_array_equal(
            np.frombuffer(client.get(base + f"column/{key}").content, dtype), expected
        )


def test_every_column_and_projection_that_is_offered_is_served(
    client: Client, base: str, checkpoint: Checkpoint
) -> None:
    said = describe(checkpoint)
    for column in said.columns:
        data = client.get(base + f"column/{column.key}").content
        assert len(data) in {said.count * size for size in ((1, 2) if column.names is not None else (4,))}
    for projection in said.projections:
        assert len(floats(client, base + f"positions/{projection.key}")) == 2 * said.count


def test_positions_are_two_columns(client: Client, base: str, checkpoint: Checkpoint) -> None:
    mean, n = checkpoint.codes.mean, len(checkpoint.codes)
    x, y = floats(client, base + "positions/dims:2,0").reshape(2, n)
    np.testing.assert_array_equal(x, mean[:, 2])
    np.testing.assert_array_equal(y, mean[:, 0])
    stored = reports.projection("tsne").path(checkpoint)
    np.save(stored, 2 * mean[:, :2])
    try:
        positions = floats(client, base + "positions/tsne")
    finally:
        stored.unlink()
    np.testing.assert_array_equal(positions.reshape(2, n), 2 * mean[:, :2].T)


def test_pca_agrees_with_scikit_learn_and_inverts(client: Client, base: str, checkpoint: Checkpoint) -> None:
    mean = checkpoint.codes.mean
    xy = floats(client, base + "positions/pca").reshape(2, -1).T
    theirs = PCA(2, svd_solver="full").fit(mean)
    np.testing.assert_allclose(np.abs(xy - xy.mean(0)), np.abs(theirs.transform(mean)), atol=1e-4)
    said = next(p for p in describe(checkpoint).projections if p.key == "pca")
    axes = np.array(said.components).reshape(2, -1)
    np.testing.assert_allclose(axes @ np.array(said.mean), 0, atol=1e-6)  # the prior's mean is the origin
    back = np.array(said.mean) + xy @ axes
    np.testing.assert_allclose(back, theirs.inverse_transform(theirs.transform(mean)), atol=1e-4)


def test_decode_is_the_decoder(client: Client, base: str, weight: np.ndarray) -> None:
    z = np.random.default_rng(2).normal(size=(5, 3)).astype("<f4")
    answer = client.post(base + "decode", content=z.tobytes())
    expected = 255 / (1 + np.exp(-(z @ weight)))
    assert np.abs(np.frombuffer(answer.content, np.uint8).reshape(5, 64) - expected).max() <= 0.51


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "between 1 and 1024 codes of 3"),
        (b"12345", "not 5 bytes"),
        (bytes(12 * 1025), "between 1 and 1024"),
        (np.full(3, np.nan, "<f4").tobytes(), "not finite"),
    ],
)
def test_decode_refuses_in_a_sentence(client: Client, base: str, body: bytes, said: str) -> None:
    answer = client.post(base + "decode", content=body)
    assert answer.status_code == 400
    assert said in answer.text


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("column/nothing", "no column 'nothing'"),
        ("column/dim:3", "no column"),
        ("positions/dims:0,9", "no projection"),
        ("positions/umap", "no projection"),
        ("originals/2.png", "no sheet 2"),
    ],
)
def test_what_is_not_there_is_a_sentence(client: Client, base: str, path: str, said: str) -> None:
    answer = client.get(base + path)
    assert answer.status_code == 404
    assert said in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_another_version_or_a_foreign_name_is_refused(client: Client, base: str) -> None:
    old = client.get(base.replace(base.split("/")[3], "0" * 16) + "codes")
    assert old.status_code == 404
    assert "has changed; reload the page" in old.text
    for name in ("..", "%2e%2e", ".hidden", "a%2Fb", "nothing"):
        assert client.get(f"/checkpoints/{name}/0/codes").status_code == 404


def test_originals_are_the_images_behind_the_codes(client: Client, base: str, checkpoint: Checkpoint) -> None:
    digits = load_digits().images[checkpoint.codes.index]  # 0..16
    for number in (0, 1):
        answer = client.get(base + f"originals/{number}.png")
        assert answer.headers["content-type"] == "image/png"
        sheet = np.asarray(Image.open(io.BytesIO(answer.content)))
        assert sheet.shape == (256, 256)
        rows = digits[number * 1024 : (number + 1) * 1024]
        for i in (0, 31, 32, len(rows) - 1):
            y, x = 8 * (i // 32), 8 * (i % 32)
            np.testing.assert_allclose(sheet[y : y + 8, x : x + 8], rows[i] * 255 / 16, atol=0.51)


def test_built_files_are_served_packed_and_for_good(client: Client) -> None:
    at = f"/live/{build_hash()}/"
    script = client.get(at + "stage.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["cache-control"] == FOREVER
    assert script.content == (DIST / "stage.js").read_bytes()
    wasm = client.ask("GET", at + "ort-wasm-simd-threaded.wasm", None, {"Accept-Encoding": "gzip, br"})
    assert wasm.headers["content-encoding"] == "gzip"
    assert wasm.headers["content-type"] == "application/wasm"
    assert wasm.content == (DIST / "ort-wasm-simd-threaded.wasm.gz").read_bytes()
    unpacked = gzip.decompress(wasm.content)
    assert unpacked.startswith(b"\0asm")
    plain = client.get(at + "ort-wasm-simd-threaded.wasm")
    assert plain.headers["content-encoding"] == "identity"
    assert plain.content == unpacked
    for wrong in (at + "nothing.js", "/live/0000/stage.js", at + "..%2Froutes.py", at + "stage.js.map"):
        assert client.get(wrong).status_code == 404


def test_paths_have_the_base(checkpoint: Checkpoint, folder: Path) -> None:
    app = Starlette(routes=live_routes(folder, base="/sub/path/"))
    with serving(app) as client:
        answer = client.get(f"/sub/path/{describe(checkpoint).base}codes")
    assert answer.status_code == 200


def test_describe_says_what_the_codes_say(checkpoint: Checkpoint) -> None:
    said = describe(checkpoint, projections=[("umap", "UMAP")])
    assert said.rate is not None
    np.testing.assert_allclose(said.rate, checkpoint.codes.rate.mean(0), rtol=1e-5)
    assert said.latent_size == 3
    assert [p.key for p in said.projections] == ["pca", "dims:0,1", "umap"]
    assert [c.key for c in said.columns][:3] == ["labels", "factor:shape", "factor:turn"]


def test_routes_need_neither_streamlit_nor_torch() -> None:
    code = (
        "import sys, explorer.server.routes; assert not {'streamlit', 'torch', 'sklearn'} & set(sys.modules), "
        "sorted({'streamlit', 'torch', 'sklearn'} & set(sys.modules))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_first_image_is_what_the_decoder_makes_of_the_code(checkpoint: Checkpoint) -> None:
    d = checkpoint.manifest.model.latent_size
    z = np.linspace(-1, 1, d).tolist()
    image = checkpoint.decoder_session().decode(np.array([z], np.float32))
    shown = np.frombuffer(base64.b64decode(first_image(checkpoint, z)), np.uint8)
    assert np.abs(shown - image.ravel() * 255).max() < 0.51
    at_origin = first_image(checkpoint, None)
    assert at_origin == first_image(checkpoint, [0.0] * d) == first_image(checkpoint, [1.0] * (d + 1))
    assert at_origin != first_image(checkpoint, z)


def test_an_encoder_is_built_of_the_stored_weights(shipped_checkpoints: Path) -> None:
    """By an address that never changes, and where there are no weights of one, by none."""
    from explorer import store
    from explorer.store.encoder_graph import encoder_onnx

    shipped = store.open_checkpoint(shipped_checkpoints / "digits-vae-z2")
    with serving(Starlette(routes=live_routes(shipped_checkpoints))) as client:
        answer = client.get(f"/{describe(shipped).base}encoder.onnx")
    assert answer.headers["cache-control"] == FOREVER
    assert answer.content == encoder_onnx(shipped)


def test_a_missing_encoder_is_a_sentence(client: Client, base: str) -> None:
    answer = client.get(base + "encoder.onnx")
    assert answer.status_code == 404
    assert "has no weight encoder.0.1.weight" in answer.text


# --- a model of a range of β ---


@pytest.fixture(scope="module")
def ranged_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, Checkpoint, str]]:
    folder = tmp_path_factory.mktemp("ranged")
    checkpoint = ranged.write(folder / "every")
    tiny.write(folder / "other")
    with serving(Starlette(routes=live_routes(folder))) as client:
        yield client, checkpoint, "/" + describe(checkpoint).base


def test_codes_at_every_beta_arrive_in_half_precision(ranged_client: tuple[Client, Checkpoint, str]) -> None:
    client, checkpoint, base = ranged_client
    codes = checkpoint.codes
    for name, array in (("beta-codes", codes.beta_mean), ("beta-scales", codes.beta_scale)):
        assert array is not None
        answer = client.get(base + name)
        assert answer.headers["cache-control"] == FOREVER
        np.testing.assert_array_equal(np.frombuffer(answer.content, "<f2").reshape(array.shape), array)
    described = describe(checkpoint).beta_range
    assert described is not None
    assert codes.beta_mean is not None
    np.testing.assert_allclose(described.variance, codes.beta_mean.astype(float).var(1))


def test_the_server_decodes_at_any_beta_of_the_range(ranged_client: tuple[Client, Checkpoint, str]) -> None:
    client, checkpoint, base = ranged_client
    z = checkpoint.codes.mean[:3]
    for query, beta in (("", 2.0), ("?beta=0.5", 0.5), ("?beta=16.000000000000004", 16.0)):
        answer = client.post(base + "decode" + query, content=z.astype("<f4").tobytes())
        wanted = ranged.decoded(checkpoint, z, beta)
        got = np.frombuffer(answer.content, np.uint8).reshape(wanted.shape)
        assert np.abs(got - wanted).max() < 1
    for query in ("?beta=17", "?beta=nan", "?beta=<b>"):
        answer = client.post(base + "decode" + query, content=z.astype("<f4").tobytes())
        assert (answer.status_code, answer.text[:26]) == (400, "every cannot decode at a β")


def test_noise_is_removed_at_the_beta_of_the_page(ranged_client: tuple[Client, Checkpoint, str]) -> None:
    client, checkpoint, base = ranged_client
    rows, model = [0, 5], load_model(checkpoint)
    for beta in (2.0, ranged.BETA):
        given = f"/{beta}" if beta != 2 else ""
        answer = client.get(f"{base}restored/gaussian/0.4/7/0,5{given}").content
        noisy = np.frombuffer(answer[-2 * 64 :], np.uint8).reshape(2, 1, 8, 8)
        clean = torch.from_numpy(load_digits().images[checkpoint.codes.index[rows]][:, None] / 16).float()
        with torch.no_grad():
            z = model.encode(torch.from_numpy(noisy / np.float32(255)), beta).mean
            distortion = -model.decode(z, beta).log_prob(clean)
        np.testing.assert_allclose(np.frombuffer(answer[8:24], "<f4"), z.flatten(), atol=1e-4)
        np.testing.assert_allclose(np.frombuffer(answer[:8], "<f4"), distortion, rtol=5e-3)
    assert client.get(f"{base}restored/gaussian/0.4/7/0,5/17").status_code == 404


def test_a_model_of_one_beta_has_no_other(client: Client, base: str) -> None:
    assert client.get(base + "beta-codes").status_code == 404
    assert client.post(base + "decode?beta=2", content=bytes(4 * 10)).status_code == 400


# --- a conditional model ---


def test_the_server_decodes_any_class(tmp_path: Path) -> None:
    checkpoint = conditional.write(tmp_path / "given")
    z = checkpoint.codes.mean[:3]
    with serving(Starlette(routes=live_routes(tmp_path))) as client:
        at = f"/{describe(checkpoint).base}decode"
        for query, label in (("", [0, 1, 2]), ("?labels=4", [4, 4, 4]), ("?labels=9,0,9", [9, 0, 9])):
            answer = client.post(at + query, content=z.astype("<f4").tobytes())
            wanted = conditional.decoded(checkpoint, z, np.array(label))
            got = np.frombuffer(answer.content, np.uint8).reshape(wanted.shape)
            assert np.abs(got - wanted).max() < 1
        for query in ("?labels=10", "?labels=1,2", "?labels=-1", "?labels=<b>", "?labels=1,,2"):
            answer = client.post(at + query, content=z.astype("<f4").tobytes())
            assert (answer.status_code, answer.text[:34]) == (400, "given cannot decode 3 codes as the")
