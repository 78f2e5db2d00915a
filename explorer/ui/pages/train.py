"""Train: start trainings, watch latent spaces form, replay them, and branch from any epoch."""

import streamlit as st

from explorer import environment
from explorer.live.component import mount
from explorer.live.page_schema import Act, TrainingData
from explorer.training import runs
from explorer.ui.parts import links, train_form
from explorer.ui.parts.foreign_text import show_errors
from explorer.ui.session import Training, session


def show() -> None:
    """The page."""
    train = session().train
    session().dialog = False
    if links.arrived("train"):
        train.show(st.query_params.get("run") or train.run)
        clicked = links.by_click("train")
        if images := st.query_params.pop("data", None):
            train_form.use(images)
            train.linked = None if clicked else images
    title = "**Train a model, and watch its latent space form.**"
    if environment.read_only():
        st.markdown(title)
        st.info("This server is read-only: to train models, run the explorer on your own machine.")
    else:
        st.markdown(
            f"{title} Press *Train*, or change settings first. Training continues when you close this page."
        )
        if run := train_form.show():
            train.started = run
            st.rerun()  # the form proposes another name now
    if train.started:
        train.show(train.started)
        train.started = ""
    _bench(train)


def _bench(train: Training) -> None:
    data = TrainingData(select=train.select, serial=train.serial, closed=environment.read_only())
    result = mount("training", data, key="trainings", hears=["run", "act"])
    if run := result.get("run"):
        train.run = st.query_params["run"] = str(run)
    if (act := Act.read(result.get("act"))) and not environment.read_only():
        with show_errors():
            _act(act)


def _act(act: Act) -> None:
    """Do what a button of the component requests."""
    if act.do == "open":
        links.go("explore", {"checkpoint": act.run})
    elif act.do == "branch":
        session().dialog = True
        train_form.branch(act.run, act.epoch)
    elif act.do == "turn":
        runs.turn_beta(act.run, act.beta)
    elif act.do == "delete":
        runs.delete(act.run, model=act.model)
    else:
        {"pause": runs.pause, "stop": runs.stop, "resume": runs.resume}[act.do](act.run)
