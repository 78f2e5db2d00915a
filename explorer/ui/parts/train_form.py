"""The form of the Train page: to be sent as it is, or opened up to every setting of a run."""

from __future__ import annotations

from typing import Any

import streamlit as st

from explorer import data
from explorer.config import RunConfig, settings
from explorer.errors import ExplorerError
from explorer.training import presets, runs, warnings
from explorer.ui.parts import estimate_line
from explorer.ui.parts.foreign_text import plain
from explorer.ui.parts.setting_field import ask, key_of, told
from explorer.ui.session import Widget, session

PREFIX = "train"
SHOWN = ("data", "latent_size", "epochs", "beta")
"""What stands outside of More."""
ABOUT = {
    "AE": "a point for every image: sharp, and no way to draw new codes",
    "VAE": "a Gaussian for every image, tied to N(0, I): every code decodes to something",
    "β-VAE": "the tie weighs β times as much: blurrier, with dimensions of their own",
}


def show() -> str | None:
    """The form. Returns the name of the training that a click has just put into the queue."""
    values = _values()
    _heads(values)
    _fields(values)
    with st.expander("More: every setting of data, model, objective and training"):
        _more(values)
    try:
        config = RunConfig.from_flat(values)
    except ExplorerError as error:
        st.error(plain(error))
        return None
    for sentence in warnings.of_settings(config):
        st.warning(plain(sentence))
    return _send(config, values)


def _values() -> dict[str, Any]:
    """All settings as they stand: what the widgets say, over what was chosen before."""
    train = session().train
    values = train.values = train.values or presets.settings_of(presets.FIRST)
    for name in values:
        values[name] = told(name, PREFIX, values[name])
    return values


def _set(values: dict[str, Any]) -> None:
    """Other settings than the widgets say: they begin anew."""
    session().train.values = values
    for name in values:
        st.session_state.pop(key_of(name, PREFIX), None)


def use(images: str) -> None:
    """Begin with these images, whatever else was chosen."""
    _set(_values() | {"data": images})


def _preset() -> None:
    _set(presets.settings_of(st.session_state[Widget.TRAIN_PRESET]))


def _kind() -> None:
    _set(presets.as_kind(_values(), st.session_state[Widget.TRAIN_KIND]))


def _heads(values: dict[str, Any]) -> None:
    kind, preset = st.columns([2, 1])
    st.session_state[Widget.TRAIN_KIND] = now = presets.kind_of(values)
    with kind:
        st.segmented_control("Model", presets.KINDS, key=Widget.TRAIN_KIND, required=True, on_change=_kind)
    with preset.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = st.selectbox("Begin with", list(presets.PRESETS), key=Widget.TRAIN_PRESET, on_change=_preset)
        st.button(
            "Reset",
            on_click=_preset,
            disabled=values == presets.settings_of(chosen),
            help=f"Every field back to what {chosen} begins with.",
            width="content",
        )
    kind.caption(f"{now}: {ABOUT[now]}.")
    preset.caption(presets.PRESETS[st.session_state[Widget.TRAIN_PRESET]].about)


def _fields(values: dict[str, Any]) -> None:
    beta = presets.kind_of(values) == "β-VAE" and presets.has_effect("beta", values)
    columns = st.columns([2, 1, 1, *([1] if beta else []), 2], vertical_alignment="bottom")
    with columns[0]:
        key = key_of("data", PREFIX)
        st.session_state.setdefault(key, values["data"])
        known = data.catalogue()
        options = [*known, *({values["data"]} - known.keys())]
        values["data"] = st.selectbox(
            "Images",
            options,
            key=key,
            accept_new_options=True,
            help="A data set, or the path of a folder, a .zip or an .npz of images.",
        )
    with columns[1]:
        values["latent_size"] = ask("latent_size", values["latent_size"], PREFIX)
    with columns[2]:
        values["epochs"] = ask("epochs", values["epochs"], PREFIX)
    if beta:
        with columns[3]:
            values["beta"] = ask("beta", values["beta"], PREFIX)
    if session().train.name_used:
        st.session_state[Widget.TRAIN_NAME], session().train.name_used = "", False
    with columns[-1]:
        st.text_input(
            "Name", key=Widget.TRAIN_NAME, placeholder=_proposal(values), help="Free to leave as it is."
        )


def _proposal(values: dict[str, Any]) -> str:
    try:
        return runs.propose(RunConfig.from_flat(values))
    except ExplorerError:
        return ""


def _more(values: dict[str, Any]) -> None:
    sections: dict[str, list[str]] = {}
    for section, name, _ in settings():
        if name not in SHOWN and presets.has_effect(name, values):
            sections.setdefault(section, []).append(name)
    tabs = st.tabs([section.capitalize() for section in sections])
    for tab, names in zip(tabs, sections.values(), strict=True):
        with tab:
            columns = st.columns(3)
            for i, name in enumerate(names):
                with columns[i % 3]:
                    values[name] = ask(name, values[name], PREFIX)
    if values["posterior"] == "point":
        st.caption("A plain AE minimises its reconstruction error alone, so there is no objective to set.")


def _send(config: RunConfig, values: dict[str, Any]) -> str | None:
    button, line = st.columns([1, 4], vertical_alignment="center")
    pressed = button.button("Train", type="primary", icon=":material/play_arrow:", width="stretch")
    if pressed:
        try:
            estimate_line.stop()
            name = runs.start(values, st.session_state.get(Widget.TRAIN_NAME, "").strip() or None).name
        except ExplorerError as error:
            st.error(plain(error))
        else:
            session().train.name_used = True
            return name
    with line:
        estimate_line.show(config)
    return None


# --- a branch ---


@st.dialog("Branch here", width="medium", on_dismiss="rerun")
def branch(run: str, epoch: int) -> None:
    """Ask what is to change from the snapshot of a run on, and put the branch into the queue."""
    parent = runs.find(run)
    st.markdown(
        f"A new training that begins with the weights, the optimizer and the random state of **{plain(run)}** after "
        f"epoch **{epoch}**. Unchanged, it repeats what followed, bit for bit."
    )
    values, prefix = dict(parent.settings), f"branch {run} {epoch}"
    first = [n for n in ("beta", "epochs", "learning_rate") if presets.has_effect(n, values)]
    for column, name in zip(st.columns(len(first)), first, strict=True):
        with column:
            values[name] = ask(name, values[name], prefix)
    with st.expander("More"):
        rest = [
            name
            for section, name, _ in settings()
            if section in ("objective", "training")
            and name not in (*first, "optimizer", "pretrain_epochs", "seed")
        ]
        columns = st.columns(3)
        for i, name in enumerate(n for n in rest if presets.has_effect(n, values)):
            with columns[i % 3]:
                values[name] = ask(name, values[name], prefix)
    name = st.text_input("Name", key=f"{prefix} name", placeholder=_branch_name(run, values, parent.settings))
    if st.button("Train the branch", type="primary", icon=":material/call_split:"):
        try:
            asked = name.strip() or _branch_name(run, values, parent.settings)
            if values["epochs"] <= epoch:
                raise ExplorerError(f"Epoch {epoch} is where it begins: give it more epochs than that.")
            started = runs.start(values, asked, (run, epoch))
        except ExplorerError as error:
            st.error(plain(error))
        else:
            session().train.started = started.name
            st.rerun()


def _branch_name(run: str, values: dict[str, Any], before: dict[str, Any]) -> str:
    """The run's name and what is other now, as far as it is short."""
    from explorer.training.run_names import free_name

    changed = [n for n in values if values[n] != before[n] and isinstance(values[n], int | float)]
    words = "".join(f"-{n.replace('_', '')}{values[n]:g}" for n in changed[:2]).replace("+", "")
    return free_name(f"{run[:48]}{words or '-branch'}", runs.taken)
