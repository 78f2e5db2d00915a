"""The form of the Train page without a browser: what it sends, and what it says."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from explorer import environment, jobs
from explorer.config import RunConfig, flat, settings
from explorer.data import upload
from explorer.disk import replace_json
from explorer.jobs import process
from explorer.models import Autoencoder
from explorer.training import presets, runs
from explorer.ui.parts import job_view


def page() -> None:
    from explorer.ui.pages import train

    train.show()


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], AppTest]:
    """The page, on a machine on which nothing is ever started."""
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(process, "launch", lambda folder, command: None)
    return lambda: AppTest.from_function(page, default_timeout=120).run()


def send(at: AppTest) -> AppTest:
    next(b for b in at.button if b.label == "Train").click()
    at.run()
    assert not at.exception
    return at


def test_the_form_is_sent_as_it_stands(opened: Callable[[], AppTest]) -> None:
    at = opened()
    assert not at.exception
    send(at)
    (run,) = runs.runs()
    assert run.name == "digits-vae-z2"
    assert flat(run.config) == presets.settings_of("First VAE")
    assert send(at).session_state["session"].train.select == "digits-vae-z2-2"  # the name is numbered


def test_kinds_and_presets_and_every_setting_under_more(opened: Callable[[], AppTest]) -> None:
    at = opened()
    at.button_group(key="train kind").set_value("β-VAE").run()
    assert at.number_input(key="train beta").value == 4.0
    at.number_input(key="train beta").set_value(7.5).run()
    at.number_input(key="train latent_size").set_value(5).run()
    at.selectbox(key="train posterior").set_value("full").run()
    at.text_input(key="train hidden").set_value("64 32").run()
    at.number_input(key="train capacity").set_value(None).run()
    send(at)
    (run,) = runs.runs()
    assert run.name == "digits-vae-beta7.5-z5"
    config = run.config
    assert (config.objective.beta, config.model.latent_size, config.model.hidden) == (7.5, 5, (64, 32))
    assert config.model.posterior == "full"
    at.button_group(key="train kind").set_value("AE").run()
    assert not [n for n in at.number_input if n.key == "train beta"]  # no widget without effect
    for name in reversed(presets.PRESETS):
        at.selectbox(key="train preset").set_value(name).run()
        assert not at.exception
        values = presets.settings_of(name)
        shown = {
            w.key for kind in ("number_input", "selectbox", "text_input", "toggle") for w in at.get(kind)
        }
        missing = [n for _, n, _ in settings() if presets.has_effect(n, values) and f"train {n}" not in shown]
        assert missing in ([], ["beta"])  # β of a VAE is 1 until it is a β-VAE
        known = {run.name for run in runs.runs()}
        send(at)
        (new,) = (run for run in runs.runs() if run.name not in known)
        assert flat(new.config) == flat(RunConfig.from_flat(values))


def test_boxes_begin_from_a_model_and_other_codes_forget_it(
    opened: Callable[[], AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(environment.PROJECT / "checkpoints"))
    at = opened()
    at.selectbox(key="train preset").set_value("Ten boxes").run()
    field = at.selectbox(key="train boxes_from")
    assert "mnist-vae-z10" in field.options
    assert not {"mnist-ae-z10", "mnist-cvae-z10", "digits-vae-z10"} & set(field.options)
    field.set_value("mnist-vae-z10").run()
    send(at)
    (run,) = runs.runs()
    assert run.config.training.boxes_from == "mnist-vae-z10"
    at.selectbox(key="train posterior").set_value("binary").run()
    assert not at.error
    assert not [s for s in at.selectbox if s.key == "train boxes_from"]
    send(at)
    assert {run.config.training.boxes_from for run in runs.runs()} == {"mnist-vae-z10", None}
    at.selectbox(key="train posterior").set_value("categorical").run()
    at.selectbox(key="train boxes_from").set_value("mnist-vae-z10").run()
    at.selectbox(key="train data").set_value("digits").run()
    send(at)
    assert any("whose codes are those of other images: mnist, and not digits" in e.value for e in at.error)
    assert len(runs.runs()) == 2


def test_the_form_goes_back_to_its_preset(opened: Callable[[], AppTest]) -> None:
    at = opened()
    at.selectbox(key="train preset").set_value("784-512-256-32").run()
    reset = next(b for b in at.button if b.label == "Reset")
    assert reset.disabled  # there is nothing to go back from
    at.number_input(key="train latent_size").set_value(5).run()
    at.selectbox(key="train posterior").set_value("full").run()
    next(b for b in at.button if b.label == "Reset").click().run()
    assert not at.exception
    assert next(b for b in at.button if b.label == "Reset").disabled
    send(at)
    (run,) = runs.runs()
    assert flat(run.config) == flat(RunConfig.from_flat(presets.settings_of("784-512-256-32")))


def test_what_does_not_work_is_said_in_a_sentence(opened: Callable[[], AppTest]) -> None:
    at = opened()
    at.text_input(key="train name").set_value("../up").run()
    send(at)
    assert "cannot name a checkpoint" in at.error[0].value
    at.text_input(key="train name").set_value("mine").run()
    send(at)
    at.text_input(key="train name").set_value("mine").run()
    send(at)
    assert "call this one mine-2" in at.error[0].value
    at.text_input(key="train hidden").set_value("many").run()
    assert "model.hidden is 'many'" in at.error[0].value
    at.text_input(key="train hidden").set_value("512, 256").run()
    assert not at.error
    at.button_group(key="train kind").set_value("β-VAE").run()
    at.number_input(key="train beta").set_value(0.0).run()
    assert "β = 0 with a Gaussian posterior" in at.warning[0].value
    at.text_input(key="train name").set_value("").run()
    send(at)  # which is no reason to stop anybody
    assert len(runs.runs()) == 2


def test_somebodys_own_images_get_settings_and_a_sentence_that_suit_them(
    opened: Callable[[], AppTest], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path))
    images = np.random.default_rng(0).integers(0, 256, (297, 3, 72, 96), dtype=np.uint8)
    upload.folder().mkdir()
    np.savez_compressed(upload.folder() / "pets.npz", images=images)
    at = opened()
    at.selectbox(key="train data").set_value("pets").run()
    assert not at.exception
    (about,) = [c.value for c in at.caption if "297 images" in c.value]
    assert "96×72 pixels in colour" in about
    assert not any("andwritten" in c.value for c in at.caption)
    send(at)
    (run,) = runs.runs()
    model = run.config.model
    assert (run.config.data.data, model.body, model.latent_size) == ("pets", "conv", 10)
    assert run.config.data.image_size is None  # their own size
    weights = sum(p.numel() for p in Autoencoder(model, (3, 72, 96)).parameters())
    assert weights < 1_000_000
    # another data set, and the caption is not about the preset's
    at.selectbox(key="train data").set_value("moons").run()
    assert any("on moons" in c.value for c in at.caption)


def test_the_time_is_measured_as_soon_as_the_training_in_its_way_has_ended(
    opened: Callable[[], AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[tuple[float | None, Callable[[], None]]] = []  # seconds between them, and what is done then
    fragment = st.fragment

    def noted(line: Callable[..., None], run_every: float | None = None) -> Callable[..., None]:
        def show(*told: Any) -> None:
            looks.append((run_every, lambda: line(*told)))
            fragment(line, run_every=run_every)(*told)

        return show

    def launch(folder: Path, _: str) -> None:
        me = psutil.Process()
        replace_json(folder / "job.json", {"pid": me.pid, "started": time.time(), "born": me.create_time()})

    monkeypatch.setattr(job_view.st, "fragment", noted)
    monkeypatch.setattr(process, "launch", launch)
    training = runs.start({"epochs": 3})
    at = opened()
    waits = "The time is measured when no training and no other measurement is running."
    assert waits in [line.value for line in at.caption]
    replace_json(training.path / "progress.json", {"state": "done", "fraction": 1.0, "time": time.time()})
    seconds, look = looks[-1]
    assert seconds  # the browser looks by itself
    look()  # which starts the measurement, also without the server's own looks at the queue
    (estimate,) = jobs.active("estimate")
    assert (estimate / "job.json").exists()
    at.run()
    assert waits not in [line.value for line in at.caption]
    assert "Measuring the training time …" in [line.value for line in at.caption]
    seconds, look = looks[-1]
    assert seconds
    measured = {
        "epoch": 2.0,
        "start": 3.0,
        "parameters": 5,
        "images": 100,
        "shape": [1, 8, 8],
        "memory": 1 << 33,
    }
    replace_json(estimate / "result.json", measured)
    replace_json(estimate / "progress.json", {"state": "done", "fraction": 1.0, "time": time.time()})
    rerun = st.rerun
    monkeypatch.setattr(job_view.st, "rerun", lambda: next(iter(())))
    with pytest.raises(StopIteration):
        look()  # which asks for the whole page
    monkeypatch.setattr(job_view.st, "rerun", rerun)
    at.run()
    told = [line.value for line in at.caption if "on this machine" in line.value]
    # 3 s to start, 60 epochs of 2 s, 4 s to save
    assert told == [
        "About **2 min** on this machine: 100 training images of 8×8 pixels, 5 weights, 2 s per epoch. "
        "Snapshots: about 0.5 MB."
    ]
    assert not looks[-1][0]


def measured() -> list[str]:
    """The images whose time was asked for."""
    folders = sorted((environment.runs_folder() / "estimate").glob("*"))
    return sorted(jobs.settings(folder)["data"] for folder in folders)


def test_images_that_a_link_names_are_not_read_before_a_click(
    opened: Callable[[], AppTest], tmp_path: Path
) -> None:
    pipe = tmp_path / "![x](evil.example).npz"
    os.mkfifo(pipe)
    asked: list[str] = []
    for images in (str(pipe), "cifar100", "digits"):
        at = AppTest.from_function(page, default_timeout=120)
        at.query_params["data"] = images
        at.run().run()
        assert not at.exception
        assert at.selectbox(key="train data").value == images
        assert measured() == sorted(asked)
        assert any("A link chose the images" in line.value for line in at.caption)
        assert not any("![x]" in line.value for line in at.caption)
        next(b for b in at.button if b.label == "Read them").click().run()
        assert measured() == sorted([*asked, images])
        assert not any("A link chose" in line.value for line in at.caption)
        asked.append(images)


def test_other_images_than_those_of_the_link_are_measured_at_once(opened: Callable[[], AppTest]) -> None:
    at = AppTest.from_function(page, default_timeout=120)
    at.query_params["data"] = "/dev/zero"
    at.run()
    at.selectbox(key="train data").set_value("moons").run()
    assert measured() == ["moons"]


def test_images_that_a_click_in_the_app_chose_are_measured_at_once(opened: Callable[[], AppTest]) -> None:
    def sent() -> None:
        from explorer.ui.pages import train
        from explorer.ui.parts import links
        from explorer.ui.session import session

        if not session().page:
            session().destination = "train", {"data": "moons"}  # as `links.go` does
        links.arrive("train")
        train.show()

    at = AppTest.from_function(sent, default_timeout=120).run()
    assert not at.exception
    assert measured() == ["moons"]


def test_a_training_may_start_with_images_that_a_link_named(opened: Callable[[], AppTest]) -> None:
    at = AppTest.from_function(page, default_timeout=120)
    at.query_params["data"] = "moons"
    send(at.run())
    (run,) = runs.runs()
    assert run.settings["data"] == "moons"


def test_a_measurement_that_was_ended_says_so(opened: Callable[[], AppTest]) -> None:
    opened()
    (asked,) = (environment.runs_folder() / "estimate").iterdir()
    replace_json(asked / "job.json", {"pid": process.NO_PROCESS, "started": time.time(), "born": 0.0})
    at = opened()
    assert "that took too long, or too much memory" in at.warning[0].value


def test_a_read_only_server_has_no_form(
    opened: Callable[[], AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_READ_ONLY", "1")
    at = opened()
    assert not at.button
    assert "read-only" in at.info[0].value
    assert not os.path.lexists(environment.runs_folder())
