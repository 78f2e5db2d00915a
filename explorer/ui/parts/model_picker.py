"""The models of a page: from the link, else the last ones in this visit, else a proposal."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from explorer.live.choice import explore_choice, first_choice, linked_names, ready, stored_models
from explorer.live.titles import describe_run, marked
from explorer.store import Checkpoint
from explorer.ui.parts import links
from explorer.ui.parts.foreign_text import plain, show_errors
from explorer.ui.session import Bench, Widget, session

OWN = "my own choice …"


def checkpoints() -> list[Checkpoint]:
    """The stored checkpoints. Warns of those that cannot be opened, and stops the page if there is none."""
    models, problems = stored_models()
    for sentence in problems:
        st.warning(plain(sentence))
    if not models:
        st.info(
            "There are no checkpoints yet: train one on the page Train, or with `python -m explorer train`."
        )
        st.stop()
    return models


def pick_one(checkpoints: Sequence[Checkpoint]) -> Checkpoint:
    """The menu of Explore."""
    by_name, bench, key = {c.name: c for c in checkpoints}, session().explore, Widget.EXPLORE_MODEL
    if links.arrived("explore"):
        query = st.query_params.to_dict()
        name, bench.linked, bench.missing = explore_choice(checkpoints, query, bench.models)
        st.session_state[key], bench.begin = name, None
    if st.session_state.get(key) not in by_name:  # deleted since
        st.session_state[key] = first_choice(checkpoints)
    titles = {
        name: marked(f"{describe_run(c.manifest.run)} — {name}", c.manifest) for name, c in by_name.items()
    }
    common: dict[str, Any] = {"label_visibility": "collapsed", "on_change": _forget_link, "args": (bench,)}
    name = st.selectbox("Checkpoint", list(by_name), format_func=titles.__getitem__, key=key, **common)
    bench.models = [name]
    if bench.missing:
        st.info(plain(bench.missing))
    return by_name[name]


def _forget_link(bench: Bench[Any]) -> None:
    """The link applies only to its own models."""
    bench.missing, bench.linked = "", None


def pick_several(
    page: str,
    bench: Bench[Any],
    checkpoints: Sequence[Checkpoint],
    proposals: Mapping[str, list[Checkpoint]],
    keys: tuple[str, str],
    most: int,
    mismatch: Callable[[Sequence[Checkpoint]], str],
) -> list[Checkpoint]:
    """The models of one proposal, or up to `most` chosen by hand; none, and a sentence, if they do not fit together.

    keys: of the menu of proposals and of the choice by hand.
    """
    by_name, labels, (proposal, own) = {c.name: c for c in checkpoints}, [*proposals, OWN], keys
    if links.arrived(page):
        names, bench.missing = linked_names(st.query_params.get("models", ""), checkpoints)
        names = (names or ([] if bench.missing else [n for n in bench.models if n in by_name]))[:most]
        same = [label for label, models in proposals.items() if [c.name for c in models] == names]
        st.session_state[proposal] = same[0] if same else OWN if names else labels[0]
        st.session_state[own], bench.begin = names, None
    if st.session_state.get(proposal) not in labels:  # deleted since
        st.session_state[proposal] = labels[0]
    common: dict[str, Any] = {"label_visibility": "collapsed", "on_change": _forget_link, "args": (bench,)}
    label = st.selectbox("Models", labels, key=proposal, **common)
    if label == OWN:
        placeholder = "Choose models of one latent size"
        names = st.multiselect(
            "Models",
            list(by_name),
            key=own,
            max_selections=most,
            placeholder=placeholder,
            format_func=lambda name: marked(name, by_name[name].manifest),
            **common,
        )
        models = [by_name[name] for name in names]
    else:
        models = proposals[label]
        st.session_state[own] = [c.name for c in models]
    bench.models = [c.name for c in models]
    if bench.missing:
        st.info(plain(bench.missing))
    with show_errors():
        models = [ready(c) for c in models]
        if not (sentence := mismatch(models)):
            return models
        st.query_params.from_dict({"models": ",".join(bench.models)})
        st.info(plain(sentence))
    return []
