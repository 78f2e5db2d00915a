"""The form of the Train page: a few settings, and all others under More."""

from collections.abc import Iterable, Sequence
from itertools import cycle
from typing import Any

import streamlit as st

from explorer import data
from explorer.config import DataConfig, RunConfig, settings
from explorer.data import upload
from explorer.errors import ExplorerError
from explorer.training import box_source, presets, runs, warnings
from explorer.ui.parts import estimate_line
from explorer.ui.parts.foreign_text import plain, show_errors
from explorer.ui.parts.setting_field import current, field, key_of
from explorer.ui.session import Widget, session

PREFIX = "train"
SHOWN = ("data", "latent_size", "epochs", "beta", "beta_range")
"""Settings outside More."""
BETAS = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
"""Ends that a range of β may have."""
ABOUT = {
    "AE": "each image is a point: sharp images, but no way to sample new codes",
    "VAE": "each image is a Gaussian, kept close to N(0, I): every code decodes to an image",
    "β-VAE": "the rate is weighted by β: blurrier images, with dimensions that separate the factors",
    presets.WORDS: "each image is one of a few words: boxes, switches, levels or a code book, as More says",
    presets.EVERY: "one model for all β: afterwards β is a slider, and images, map and rates follow it",
}


def show() -> str | None:
    """The form. Returns the name of the training that a click has just queued."""
    values = _values()
    _heads(values)
    _main_fields(values)
    with st.expander("More: every setting of data, model, objective and training"):
        _more_fields(values)
    with show_errors():
        config = RunConfig.from_flat(values)
        for sentence in warnings.of_settings(config):
            st.warning(plain(sentence))
        return _submit(config, values)
    return None


def _values() -> dict[str, Any]:
    """All settings: the values of the widgets, and the earlier ones of settings without a widget."""
    train = session().train
    values = train.values = train.values or presets.settings_of(presets.FIRST)
    for name in values:
        values[name] = current(name, PREFIX, values[name])
    if not presets.has_effect(
        "boxes_from", values
    ):  # it would be refused, and there is no field to clear it in
        values["boxes_from"] = None
    return values


def _set(values: dict[str, Any]) -> None:
    """Replace all settings: the widgets start again from these."""
    session().train.values = values
    for name in values:
        st.session_state.pop(key_of(name, PREFIX), None)


def use(images: str) -> None:
    """Choose these images: settings that suit them if they are somebody's own, else leave all other settings."""
    shape = upload.image_shape(images)
    _set(presets.for_images(images, shape) if shape else _values() | {"data": images})
    if shape:
        st.session_state[Widget.TRAIN_PRESET] = presets.OWN


def _chosen_images() -> None:
    if images := st.session_state.get(key_of("data", PREFIX)):  # gone if a preset was chosen at the same time
        use(images)


def _settings_of(preset: str) -> dict[str, Any]:
    """All settings of a preset; those for the chosen images of one's own, if that is the choice."""
    data = current("data", PREFIX, _values()["data"])
    shape = upload.image_shape(data) if preset == presets.OWN else None
    return presets.for_images(data, shape) if shape else presets.settings_of(preset)


def _preset() -> None:
    _set(_settings_of(st.session_state[Widget.TRAIN_PRESET]))


def _kind() -> None:
    _set(presets.as_kind(_values(), st.session_state[Widget.TRAIN_KIND]))


def _heads(values: dict[str, Any]) -> None:
    kind, preset = st.columns([2, 1])
    st.session_state[Widget.TRAIN_KIND] = now = presets.kind_of(values)
    with kind:
        st.segmented_control("Model", presets.KINDS, key=Widget.TRAIN_KIND, required=True, on_change=_kind)
    with preset.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        own = upload.image_shape(values["data"])
        options = [*presets.PRESETS, *([presets.OWN] if own else [])]
        if st.session_state.get(Widget.TRAIN_PRESET) not in options:
            st.session_state[Widget.TRAIN_PRESET] = presets.FIRST
        choice = st.selectbox("Start from", options, key=Widget.TRAIN_PRESET, on_change=_preset)
        about, same = f"Reset every field to {choice}.", values == _settings_of(choice)
        st.button("Reset", on_click=_preset, disabled=same, help=about, width="content")
    kind.caption(f"{now}: {ABOUT[now]}.")
    preset.caption(plain(_about(choice, values["data"], own)))


def _about(preset: str, images: str, own: tuple[int, int, int, int] | None) -> str:
    """A sentence about what the form would train on: the preset's, or one about other images than the preset's."""
    if preset == presets.OWN and own:
        return presets.about_images(own)
    if images == presets.settings_of(preset)["data"]:
        return presets.PRESETS[preset].about
    known = data.describe_datasets().get(images, "images from your disk").split(";")[0]
    return f"The settings of {preset}, on {images}: {known}."


def _main_fields(values: dict[str, Any]) -> None:
    beta = presets.kind_of(values) == "β-VAE" and presets.has_effect("beta", values)
    every = values["beta_range"] is not None
    columns = st.columns([2, 1, 1, *([1] if beta else [2] if every else []), 2], vertical_alignment="bottom")
    key, catalogue = key_of("data", PREFIX), data.describe_datasets()
    st.session_state.setdefault(key, values["data"])
    options = [*catalogue, *({values["data"]} - catalogue.keys())]
    about = "A data set, or the path of a folder, a .zip or an .npz of images."
    values["data"] = columns[0].selectbox(
        "Images", options, key=key, accept_new_options=True, help=about, on_change=_chosen_images
    )
    _grid(("latent_size", "epochs", *(["beta"] if beta else [])), values, PREFIX, columns[1:-1])
    if every:
        _range(values, columns[3])
    if session().train.name_used:
        st.session_state[Widget.TRAIN_NAME], session().train.name_used = "", False
    name: Any = {"placeholder": _proposal(values), "help": "Leave it empty for the proposed name."}
    columns[-1].text_input("Name", key=Widget.TRAIN_NAME, **name)


def _range(values: dict[str, Any], column: Any) -> None:
    """The smallest and the largest β of one model for all; the β at which it is shown stays between them."""
    key = key_of("beta_range", PREFIX)
    st.session_state.setdefault(key, tuple(values["beta_range"]))
    options = sorted({*BETAS, *st.session_state[key]})
    low, high = column.select_slider(
        "β from … to", options, key=key, format_func="{:g}".format, help="The range in which β can be turned."
    )
    values["beta_range"] = (low, high) if low < high else (low, 2 * low)
    values["beta"] = min(max(values["beta"], low), values["beta_range"][1])


def _proposal(values: dict[str, Any]) -> str:
    try:
        return runs.propose_name(RunConfig.from_flat(values))
    except ExplorerError:
        return ""


def _grid(names: Iterable[str], values: dict[str, Any], prefix: str, columns: Sequence[Any] = ()) -> None:
    """Fields of settings in columns, three if there are none."""
    columns = columns or st.columns(3)
    for name, column in zip(names, cycle(columns)):
        with column:
            values[name] = field(name, values[name], prefix, _offered(name, values))


def _offered(name: str, values: dict[str, Any]) -> list[str]:
    """What is offered for a setting that is a text."""
    if name != "boxes_from":
        return []
    return box_source.sources(DataConfig(**{part: values[part] for part in DataConfig.model_fields}))


def _more_fields(values: dict[str, Any]) -> None:
    sections: dict[str, list[str]] = {}
    for section, name, _ in settings():
        if name not in SHOWN and presets.has_effect(name, values):
            sections.setdefault(section, []).append(name)
    tabs = st.tabs([section.capitalize() for section in sections])
    for tab, names in zip(tabs, sections.values(), strict=True):
        with tab:
            _grid(names, values, PREFIX)
    if values["posterior"] == "point":
        st.caption("A plain AE minimises its reconstruction error alone, so there is no objective to set.")


def _submit(config: RunConfig, values: dict[str, Any]) -> str | None:
    button, line = st.columns([1, 4], vertical_alignment="center")
    if button.button("Train", type="primary", icon=":material/play_arrow:", width="stretch"):
        with show_errors():
            estimate_line.stop()
            _agree()
            name = runs.start(values, st.session_state.get(Widget.TRAIN_NAME, "").strip() or None).name
            session().train.name_used = True
            return name
    with line:
        if session().train.linked == config.data.data:
            _ask_to_read(config.data.data)
        else:
            estimate_line.show(config)
    return None


def _ask_to_read(images: str) -> None:
    """Nothing is read, downloaded or measured because an address says so."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"A link chose the images **{plain(images)}**. They have not been read.", width="content")
        st.button("Read them", on_click=_agree, help="Reads the images and measures the training time.")


def _agree() -> None:
    session().train.linked = None


# --- a branch ---


@st.dialog("Branch here", width="medium", on_dismiss="rerun")
def branch(run: str, epoch: int) -> None:
    """Edit the settings of a branch from a snapshot of a run, and queue it."""
    parent = runs.find(run)
    st.markdown(
        f"A new training that starts from the weights, the optimizer and the random state of **{plain(run)}** after "
        f"epoch **{epoch}**. With unchanged settings it repeats the run exactly."
    )
    values, prefix = dict(parent.settings), f"branch {run} {epoch}"
    first = [n for n in ("beta", "epochs", "learning_rate") if presets.has_effect(n, values)]
    _grid(first, values, prefix, st.columns(len(first)))
    with st.expander("More"):
        rest = [name for section, name, _ in settings() if section in ("objective", "training")]
        fixed = (*first, "optimizer", "pretrain_epochs", "boxes_from", "seed")
        _grid((n for n in rest if n not in fixed and presets.has_effect(n, values)), values, prefix)
    proposal = _branch_name(run, values, parent.settings)
    name = st.text_input("Name", key=f"{prefix} name", placeholder=proposal)
    if st.button("Train the branch", type="primary", icon=":material/call_split:"):
        with show_errors():
            if values["epochs"] <= epoch:
                raise ExplorerError(f"The branch starts at epoch {epoch}: give it more epochs than that.")
            session().train.started = runs.start(values, name.strip() or proposal, (run, epoch)).name
            st.rerun()


def _branch_name(run: str, values: dict[str, Any], parent: dict[str, Any]) -> str:
    """The run's name and up to two settings that differ."""
    from explorer.training.run_names import free_name

    changed = [n for n in values if values[n] != parent[n] and isinstance(values[n], int | float)]
    words = "".join(f"-{n.replace('_', '')}{values[n]:g}" for n in changed[:2]).replace("+", "")
    return free_name(f"{run[:48]}{words or '-branch'}", runs.is_taken)
