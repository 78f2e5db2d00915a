"""The widget of one setting of a run, from its description in `explorer.config`."""

import math
import types
import typing
from collections.abc import Sequence
from typing import Any

import streamlit as st
from pydantic.fields import FieldInfo

from explorer.config import settings

FIELDS: dict[str, FieldInfo] = {name: field for _, name, field in settings()}
SYMBOLS = {"beta": "β", "gamma": "γ", "l1": "L1", "l2": "L2", "latent_size": "Latents"}


def field(name: str, value: Any, prefix: str, options: Sequence[str] = ()) -> Any:
    """Show the setting `name`, initially `value`, and return its current value.

    Text that is not of its type is returned unchanged, and `RunConfig` reports it. prefix: of the widget's key.
    options: that are offered for a text.
    """
    info, key, session = FIELDS[name], key_of(name, prefix), st.session_state
    label = SYMBOLS.get(name, name.replace("_", " ").capitalize())
    about = str(info.description)
    how: dict[str, Any] = {"help": f"{about[:1].upper()}{about[1:]}.", "key": key}
    kind = info.annotation
    if typing.get_origin(kind) is tuple:
        session.setdefault(key, value if isinstance(value, str) else " ".join(map(str, value)))
        return _numbers(st.text_input(label, placeholder="none", **how))
    session.setdefault(key, value)
    if kind is bool:
        return st.toggle(label, **how)
    if typing.get_origin(kind) is typing.Literal:
        return st.selectbox(label, typing.get_args(kind), **how)
    parts = typing.get_args(kind) if isinstance(kind, types.UnionType) else (kind,)
    if str in parts:
        offered = [*options, *({session[key]} - {*options, None})]
        return st.selectbox(label, offered, index=None, placeholder="none", accept_new_options=True, **how)
    whole = int in parts
    low, high = _limits(info)
    cast: Any = int if whole else float
    default = info.default or (0 if whole else 0.1)
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


def current(name: str, prefix: str, default: Any) -> Any:
    """The value of a setting's widget, `default` if there is no widget."""
    if (key := key_of(name, prefix)) not in st.session_state:
        return default
    value = st.session_state[key]
    return _numbers(value) if typing.get_origin(FIELDS[name].annotation) is tuple else value


def _numbers(text: str) -> Any:
    parts = text.replace(",", " ").replace("-", " ").split()
    return tuple(map(int, parts)) if all(part.isdecimal() and len(part) < 10 for part in parts) else text


def _limits(info: FieldInfo) -> tuple[float | None, float | None]:
    """The smallest and largest value that a number may have; slightly inside a limit that is excluded."""
    limits = {
        k: float(getattr(r, k)) for r in info.metadata for k in ("ge", "gt", "le", "lt") if hasattr(r, k)
    }
    low = limits.get("ge", limits["gt"] + 1e-9 if "gt" in limits else None)
    high = limits.get("le", limits["lt"] - 1 if "lt" in limits else None)
    return low, high
