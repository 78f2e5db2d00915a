"""One setting of a run as one widget, made from its description in `explorer.config`."""

from __future__ import annotations

import math
import types
import typing
from typing import Any

import streamlit as st
from pydantic.fields import FieldInfo

from explorer.config import settings

FIELDS: dict[str, FieldInfo] = {name: field for _, name, field in settings()}
SYMBOLS = {"beta": "β", "gamma": "γ", "l1": "L1", "l2": "L2", "latent_size": "Latents"}


def ask(name: str, value: Any, prefix: str, **how: Any) -> Any:
    """Show the setting `name`, at first with `value`, and return what it is now.

    What cannot be read as its type comes back as it was typed, for `RunConfig` to name. prefix: of the widget's key.
    how: further arguments of the widget.
    """
    field, key, session = FIELDS[name], key_of(name, prefix), st.session_state
    label = SYMBOLS.get(name, name.replace("_", " ").capitalize())
    how = {"help": _sentence(str(field.description)), "key": key} | how
    kind = field.annotation
    if typing.get_origin(kind) is tuple:
        session.setdefault(key, value if isinstance(value, str) else " ".join(map(str, value)))
        return _numbers(st.text_input(label, placeholder="none", **how))
    session.setdefault(key, value)
    if kind is bool:
        return st.toggle(label, **how)
    if typing.get_origin(kind) is typing.Literal:
        return st.selectbox(label, typing.get_args(kind), **how)
    parts = typing.get_args(kind) if isinstance(kind, types.UnionType) else (kind,)
    whole = int in parts
    low, high = _limits(field)
    cast: Any = int if whole else float
    default = field.default or (0 if whole else 0.1)
    number: dict[str, Any] = {
        "min_value": None if low is None else cast(low),
        "max_value": None if high is None else cast(high),
        "step": 1 if whole else 10.0 ** math.floor(math.log10(default)),
        "format": "%d" if whole else "%g",
    }
    if type(None) in parts:
        number |= {"value": None, "placeholder": "none"}
    return st.number_input(label, **number, **how)


def key_of(name: str, prefix: str) -> str:
    """The key of the widget in the session."""
    return f"{prefix} {name}"


def told(name: str, prefix: str, before: Any) -> Any:
    """What the widget of a setting says, `before` if it is not shown."""
    if (key := key_of(name, prefix)) not in st.session_state:
        return before
    value = st.session_state[key]
    return _numbers(value) if typing.get_origin(FIELDS[name].annotation) is tuple else value


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _numbers(text: str) -> Any:
    parts = text.replace(",", " ").replace("-", " ").split()
    return (
        tuple(int(part) for part in parts)
        if all(part.isdecimal() and len(part) < 10 for part in parts)
        else text
    )


def _limits(field: FieldInfo) -> tuple[float | None, float | None]:
    """The smallest and largest value that a number may have; where the limit itself is excluded, a little inside."""
    found: dict[str, float] = {}
    for rule in field.metadata:  # each has one of these
        for limit in ("ge", "gt", "le", "lt"):
            if (value := getattr(rule, limit, None)) is not None:
                found[limit] = float(value)
    low = found.get("ge", found["gt"] + 1e-9 if "gt" in found else None)
    high = found.get("le", found["lt"] - 1 if "lt" in found else None)
    return low, high
