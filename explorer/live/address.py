"""The stage's state as query parameters, so that a link reopens exactly this."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NUMBERS = ("z", "a", "b")
WORDS = ("projection", "colour", "path")
LARGEST = 1e6
"""Far beyond every code, and far from where float32 ends."""
PARAMETERS = (*NUMBERS, *WORDS, "selected", "viewport", "range", "tool", "plane", "hidden")
MOST_HIDDEN = 1000


def to_address(state: Mapping[str, Any]) -> dict[str, str]:
    """Query parameters of a settled stage state; what is not set is left out."""
    found = {name: _list(state[name]) for name in NUMBERS if state.get(name)}
    found |= {name: str(state[name]) for name in WORDS if state.get(name)}
    if state.get("selected") is not None:
        found["selected"] = str(state["selected"])
    if view := state.get("viewport"):
        found["viewport"] = _list([view["cx"], view["cy"], view["scale"]])
    if reach := state.get("range"):
        found["range"] = f"{reach['kind']},{reach['k']:g}"
    if state.get("tool") == "walk":
        found["tool"] = "walk"
    if state.get("plane"):
        found["plane"] = "1"
    if hidden := state.get("hidden"):
        found["hidden"] = ",".join(map(str, hidden))
    return found


def from_address(address: Mapping[str, str]) -> dict[str, Any]:
    """The state that `to_address` wrote; whatever is not well-formed is left out, since people edit links."""
    state: dict[str, Any] = {}
    for name in NUMBERS:
        if found := numbers(address.get(name, "")):
            state[name] = found
    state |= {name: address[name] for name in WORDS if address.get(name)}
    if state.get("path") not in ("linear", "spherical"):
        state.pop("path", None)
    if (row := address.get("selected", "")).isdecimal() and len(row) < 10:
        state["selected"] = int(row)
    if len(view := numbers(address.get("viewport", ""))) == 3 and view[2] > 0:
        state["viewport"] = dict(zip(("cx", "cy", "scale"), view, strict=True))
    kind, _, reach = address.get("range", "").partition(",")
    if kind in ("prior", "data") and len(k := numbers(reach)) == 1 and 0 < k[0] <= 10:
        state["range"] = {"kind": kind, "k": k[0]}
    if address.get("tool") == "walk":
        state["tool"] = "walk"
    if address.get("plane") == "1":
        state["plane"] = True
    rows = address.get("hidden", "").split(",")[:MOST_HIDDEN]
    if hidden := sorted({int(row) for row in rows if row.isdecimal() and len(row) < 6}):
        state["hidden"] = hidden
    return state


def _list(numbers: list[float]) -> str:
    return ",".join(f"{number:.6g}" for number in numbers)


def numbers(text: str) -> list[float]:
    """Numbers with commas between them; none if one of them is not a number, or far beyond every code."""
    try:
        found = [float(part) for part in text.split(",")] if text else []
    except ValueError:
        return []
    return found if all(abs(n) <= LARGEST for n in found) else []
