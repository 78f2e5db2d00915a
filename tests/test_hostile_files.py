"""What no file and no address may do to a reader: hang it, or end it with anything but a sentence."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest
import torch
from safetensors.torch import load, save
from starlette.applications import Starlette

from explorer import data, jobs, reports, store
from explorer.config import DataConfig
from explorer.disk import is_locked, read_file, read_json
from explorer.errors import ExplorerError
from explorer.importing.archive import gather
from explorer.importing.importer import import_model
from explorer.importing.states import image_shape
from explorer.server.routes import live_routes
from explorer.server.run_routes import run_routes
from explorer.store.history import history_rows
from explorer.store.weights import load_model
from explorer.training import curve, runs
from explorer.ui.parts.setting_field import _numbers
from tests import tiny
from tests.fuzzing import ODD_TENSORS
from tests.importing.conftest import saved
from tests.live.conftest import serving

DIGITS = "9" * 4400
"""More than Python makes a number of."""


def test_pipes_and_devices_are_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.pt"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero"), tmp_path):
        with pytest.raises(OSError, match=r"plain file|directory"):
            read_file(path)
        assert read_json(path) is None
    with pytest.raises(ExplorerError, match=r"pipe\.pt cannot be read: it is not a plain file"):
        gather([pipe])


def test_pipes_in_every_folder_that_is_looked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path / "checkpoints"))
    checkpoint = tiny.write(tmp_path / "checkpoints" / "tiny")
    report, run, upload = reports.projection("umap"), runs.folder() / "one", tmp_path / "data" / "brought"
    run.mkdir(parents=True)
    upload.mkdir(parents=True)
    for pipe in (
        report.path(checkpoint),
        *(tmp_path / "checkpoints" / f"one.{end}" for end in ("sweep.json", "zip")),
        *(run / name for name in (curve.FILE, "log.txt", "job.json", "progress.json", runs.RUN)),
        upload / "mine.npz",
    ):
        os.mkfifo(pipe)
    assert report.find(checkpoint) is None
    assert curve.read_lines(run / curve.FILE) == ([], 0)
    assert runs.runs() == []
    assert jobs.status(run) is None
    assert not is_locked(run / "log.txt")
    for images in ("mine", str(upload / "mine.npz"), "/dev/zero"):
        with pytest.raises(ExplorerError, match=r"no data set|not a plain file|not a folder"):
            data.load(DataConfig(data=images))


@pytest.mark.parametrize("file", [store.CONFIG, store.CODES, store.DECODER, store.HISTORY])
def test_a_pipe_in_the_place_of_a_file(tmp_path: Path, file: str) -> None:
    path = tiny.write(tmp_path / "piped").path
    checkpoint = store.open_checkpoint(path)
    (path / file).unlink()
    os.mkfifo(path / file)
    with pytest.raises(ExplorerError, match="piped"):
        store.open_checkpoint(path)
    with pytest.raises(ExplorerError, match="piped"):
        checkpoint.read(file)
    good, bad = store.list_checkpoints(tmp_path)
    assert not good
    assert len(bad) == 1


def test_numbers_of_thousands_of_digits(tmp_path: Path) -> None:
    checkpoint = tiny.write(tmp_path / "tiny")
    base = f"/checkpoints/tiny/{checkpoint.version}/"
    places = ["originals/{}.png", "column/dim:{}", "sampler/around:{}", "positions/dims:{},0", "training/{}"]
    places += ["restored/gaussian/0.5/{}/0", "restored/gaussian/0.5/0/{}", "restored/gaussian/{}/0/0"]
    places += ["sprites/{}-0-0-0-0/codes", "sprites/{}-0-0-0-0/images.png"]
    with serving(Starlette(routes=live_routes(tmp_path))) as client:
        for place in places:
            for number in (DIGITS, "-1", "²"):
                assert client.get(base + quote(place.format(number))).status_code == 404, place
        assert client.get(base + "column/dim:1").status_code == 200
    assert _numbers(DIGITS) == DIGITS
    assert history_rows(f"epoch\n{'1' * 400}\n".encode()) == [{"epoch": float("inf")}]
    config = json.loads((checkpoint.path / store.CONFIG).read_text())
    for shape in ([1, 10**4200, 4], [1, 1 << 40, 4]):
        (checkpoint.path / store.CONFIG).write_text(json.dumps(config | {"image_shape": shape}))
        with pytest.raises(ExplorerError, match="image_shape"):
            store.open_checkpoint(checkpoint.path)


def test_a_truth_value_is_no_size() -> None:
    assert image_shape("specs.json", [1, 8, 8]) == (1, 8, 8)
    for value in ([True, 8, 8], [True], [1, True, 8]):
        with pytest.raises(ExplorerError, match="image size in specs"):
            image_shape("specs.json", value)


READ = (6, 7, 10)
"""Of bfloat16, of one row again and again, and a parameter."""


@pytest.mark.parametrize("odd", range(len(ODD_TENSORS)))
def test_weights_of_odd_kinds(tmp_path: Path, odd: int) -> None:
    sizes = {"encoder.layers.0.0": (512, 64), "encoder.embedding": (3, 512)}
    sizes |= {"decoder.layers.0.0": (512, 3), "decoder.layers.1.0": (64, 512)}
    state = {f"{key}.weight": torch.zeros(size) for key, size in sizes.items()}
    state |= {f"{key}.bias": torch.zeros(size[0]) for key, size in sizes.items()}
    state["encoder.layers.0.0.weight"] = ODD_TENSORS[odd](state["encoder.layers.0.0.weight"])
    (tmp_path / "model.pt").write_bytes(saved(state))
    settings = {"name": "AEConfig", "input_dim": [1, 8, 8], "latent_dim": 3}
    (tmp_path / "model_config.json").write_text(json.dumps(settings))
    files = [tmp_path / "model.pt", tmp_path / "model_config.json"]
    if odd in READ:
        import_model(files, "new", tmp_path / "models")
        return
    with pytest.raises(ExplorerError, match=r"encoder\.layers\.0\.0\.weight|model\.pt is "):
        import_model(files, "new", tmp_path / "models")
    assert not (tmp_path / "models").exists()


@pytest.mark.slow
def test_weights_of_eight_bits_in_a_checkpoint(tmp_path: Path) -> None:
    from tests.fuzzing import _own

    path = tmp_path / "own"
    path.mkdir()
    for name, content in tiny.content(_own()).items():
        (path / name).write_bytes(content)
    weights = load((path / store.WEIGHTS).read_bytes())
    weights["decoder.0.0.weight"] = weights["decoder.0.0.weight"].to(torch.float8_e4m3fn)
    (path / store.WEIGHTS).write_bytes(save(weights))
    tiny.sign(path)
    with pytest.raises(ExplorerError, match=r"weights\.safetensors holds F8_E4M3 numbers"):
        load_model(store.open_checkpoint(path))


@pytest.mark.parametrize("name", ["x" * 300 + ".json", "é" * 200 + ".csv", " .json", "-.json"])
def test_names_that_no_checkpoint_has(tmp_path: Path, name: str) -> None:
    path = tiny.write(tmp_path / "tiny").path
    config = json.loads((path / store.CONFIG).read_text())
    config["files"][name] = "0" * 64
    with zipfile.ZipFile(tmp_path / "own.zip", "w") as archive:
        for file in path.iterdir():
            if file.name != store.CONFIG:
                archive.writestr(file.name, file.read_bytes())
        archive.writestr(store.CONFIG, json.dumps(config))
        archive.writestr(name, b"{}")
    with pytest.raises(ExplorerError, match="is not a file of a checkpoint"):
        import_model([tmp_path / "own.zip"], "again", tmp_path / "models")


def test_half_a_character_can_be_said() -> None:
    assert str(ExplorerError("a\ud800b.")) == "a\\ud800b."


JOB_FILES = {
    "job.json": [
        "{}",
        '{"pid": 1}',
        '{"pid": "x", "started": 1, "born": 1}',
        '{"pid": 1.5, "started": null, "born": NaN}',
        '{"pid": -1, "started": "a", "born": 1e400}',
        "[]",
    ],
    "progress.json": [
        '{"state": "running", "fraction": "x"}',
        '{"fraction": null, "begun": []}',
        '{"time": "x", "state": "zzz", "fraction": 1e400}',
        '{"state": 5, "fraction": NaN, "message": [1]}',
    ],
    "settings.json": ['{"data": "\\ud800"}', "7"],
    "queued.json": ['{"since": "x"}', '{"since": null, "command": 5}', "null"],
}


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in JOB_FILES.items() for text in texts]
)
def test_whatever_a_jobs_file_holds_the_other_runs_are_listed_and_started(
    name: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path))
    started: list[str] = []
    monkeypatch.setattr(jobs.process, "launch", lambda folder, command: started.append(folder.name))
    for run in ("bad", "good"):
        folder = runs.folder() / run
        folder.mkdir(parents=True)
        home = {"home": str(tmp_path), "created": 1.0, "parent": None}
        (folder / runs.RUN).write_text(json.dumps(home))
        (folder / "settings.json").write_text("{}")
        queued = run == "good" or name == "queued.json"
        (folder / ("queued.json" if queued else "job.json")).write_text(
            '{"since": 2, "command": "train"}' if queued else '{"pid": 1073741824, "started": 1, "born": 1}'
        )
    (runs.folder() / "bad" / name).write_text(text)
    with serving(Starlette(routes=run_routes())) as client:
        answer = client.get("/trainings/standings")
    assert answer.status_code == 200
    assert "good" in [row["name"] for row in json.loads(answer.content)["runs"]]
    for _ in range(3):
        jobs.advance("training")
    assert "good" in started
