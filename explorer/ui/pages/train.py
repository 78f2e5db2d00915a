"""Train: start trainings, watch latent spaces form, replay them, and branch from any moment of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from explorer import environment
from explorer.errors import ExplorerError
from explorer.live.training_payload import trainings
from explorer.training import runs
from explorer.ui.parts import estimate_line, shared, train_form


def show() -> None:
    """The page."""
    session = st.session_state
    session[estimate_line.ASKED] = False
    if shared.arrived("train"):
        session["train select"] = st.query_params.get("run") or session.get("train run") or ""
        session["train serial"] = session.get("train serial", 0) + 1
        if asked := st.query_params.pop("data", None):
            train_form.use(asked)
    title = "**Train a model, and watch its latent space form.**"
    if environment.read_only():
        st.markdown(title)
        st.info(
            "This server is read-only, so nothing can be trained here; run the explorer on your own machine."
        )
    else:
        st.markdown(
            f"{title} Press *Train* as it stands, or change what you like; it goes on when this page is closed."
        )
        if started := train_form.show():
            session["train new"] = started
            st.rerun()  # the form proposes another name now
    if new := session.pop("train new", None):
        session["train select"], session["train serial"] = new, session["train serial"] + 1
    _bench()


def _bench() -> None:
    session = st.session_state
    told = trainings(
        session["train select"], session["train serial"], key="trainings", closed=environment.read_only()
    )
    if run := told["run"]:
        session["train run"] = run
        st.query_params["run"] = run
    if told["act"] and not environment.read_only():
        try:
            _act(told["act"])
        except ExplorerError as error:
            st.error(str(error))


def _act(asked: Mapping[str, Any]) -> None:
    """What a button of the bench asks for."""
    do, name = str(asked.get("do")), str(asked.get("run"))
    if do == "open":
        shared.go("explore", {"checkpoint": name})
    elif do == "branch":
        st.session_state[estimate_line.ASKED] = True
        train_form.branch(name, int(asked.get("epoch", 0)))
    elif do == "delete":
        runs.delete(name, model=bool(asked.get("model")))
    elif do in ("pause", "stop", "resume"):
        {"pause": runs.pause, "stop": runs.stop, "resume": runs.resume}[do](name)
