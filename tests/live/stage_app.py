"""A page with one stage, and what Python hears from it."""

import json
import os

import streamlit as st
from streamlit.starlette import App

from explorer import store
from explorer.server.routes import live_routes

BASE = os.environ.get("STAGE_BASE", "")


def page() -> None:
    from explorer.live.schema import StageState
    from explorer.live.stage import stage, stage_data

    name = str(st.query_params.get("m", "digits-vae-beta4-z10"))
    checkpoint = store.open_checkpoint(store.checkpoints_folder() / name)

    @st.fragment
    def live() -> None:
        begin = st.session_state.setdefault("begin", json.loads(str(st.query_params.get("s", "{}"))))
        view = str(st.query_params.get("v", "traverse"))
        state = stage(stage_data(checkpoint, StageState.of(begin), view), key="stage")  # type: ignore[arg-type]
        if state:
            st.query_params["s"] = json.dumps(state.dump())
        st.code(json.dumps(state.z if state else None), language=None)

    st.button("Run again")
    live()


if st.runtime.exists() and st.runtime.scriptrunner.get_script_run_ctx():
    st.set_page_config(layout="wide")
    page()
else:
    app = App(__file__, routes=live_routes(base=BASE))
