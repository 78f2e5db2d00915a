"""Which models a page shows: from the link, else those of the visit so far, else what is proposed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from explorer.errors import ExplorerError
from explorer.live.choice import explore_choice, first_choice, linked_names, ready, stored_models
from explorer.live.titles import describe_run
from explorer.store import Checkpoint
from explorer.ui.parts import links
from explorer.ui.parts.foreign_text import plain
from explorer.ui.session import Bench, Widget, session

OWN = "my own choice …"


def checkpoints() -> list[Checkpoint]:
    """The stored checkpoints; says on the page which cannot be opened, and stops if there is none."""
    good, bad = stored_models()
    for sentence in bad:
        st.warning(plain(sentence))
    if not good:
        st.info(
            "There are no checkpoints yet: train one on the page Train, or with `python -m explorer train`."
        )
        st.stop()
    return good


def pick_one(found: Sequence[Checkpoint]) -> Checkpoint:
    """The model that Explore shows."""
    by_name, bench, key = {c.name: c for c in found}, session().explore, Widget.EXPLORE_MODEL
    if links.arrived("explore"):
        name, bench.linked, bench.missing = explore_choice(found, st.query_params.to_dict(), bench.models)
        st.session_state[key], bench.begin = name, None
    if st.session_state.get(key) not in by_name:  # deleted since
        st.session_state[key] = first_choice(found)
    name = st.selectbox(
        "Checkpoint",
        list(by_name),
        format_func=lambda n: f"{describe_run(by_name[n].manifest.run)} — {n}",
        key=key,
        on_change=_forget_link,
        args=(bench,),
        label_visibility="collapsed",
    )
    bench.models = [name]
    if bench.missing:
        st.info(plain(bench.missing))
    return by_name[name]


def _forget_link(bench: Bench[Any]) -> None:
    """What the link said was about the models that it named."""
    bench.missing, bench.linked = "", None


def pick_several(
    page: str,
    bench: Bench[Any],
    found: Sequence[Checkpoint],
    offered: Mapping[str, list[Checkpoint]],
    keys: tuple[str, str],
    most: int,
    mismatch: Callable[[Sequence[Checkpoint]], str],
) -> list[Checkpoint]:
    """The models of one proposal, or up to `most` by hand; none, and a sentence, where they do not fit together.

    keys: of the widgets, the menu of proposals and the choice by hand.
    """
    by_name, labels, (proposal, own) = {c.name: c for c in found}, [*offered, OWN], keys
    if links.arrived(page):
        names, bench.missing = linked_names(st.query_params.get("models", ""), found)
        names = (names or ([] if bench.missing else [n for n in bench.models if n in by_name]))[:most]
        same = [label for label, models in offered.items() if [c.name for c in models] == names]
        st.session_state[proposal] = same[0] if same else OWN if names else labels[0]
        st.session_state[own], bench.begin = names, None
    if st.session_state.get(proposal) not in labels:  # deleted since
        st.session_state[proposal] = labels[0]
    common: dict[str, Any] = {"label_visibility": "collapsed", "on_change": _forget_link, "args": (bench,)}
    label = st.selectbox("Models", labels, key=proposal, **common)
    if label == OWN:
        placeholder = "Choose models of one latent size"
        names = st.multiselect(
            "Models", list(by_name), key=own, max_selections=most, placeholder=placeholder, **common
        )
        models = [by_name[name] for name in names]
    else:
        models = offered[label]
        st.session_state[own] = [c.name for c in models]
    bench.models = [c.name for c in models]
    if bench.missing:
        st.info(plain(bench.missing))
    try:
        models = [ready(c) for c in models]
        sentence = mismatch(models)
    except ExplorerError as error:
        st.error(plain(error))
        return []
    if sentence:
        st.query_params.from_dict({"models": ",".join(bench.models)})
        st.info(plain(sentence))
        return []
    return models
