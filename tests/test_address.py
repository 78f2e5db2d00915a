"""Links: what is written is read back, and what people make of it never harms."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.live.schema import StageState

PARAMETERS = tuple(StageState.parameters().values())

number = st.floats(-1e3, 1e3).map(lambda x: float(f"{x:.6g}"))
codes = st.lists(number, min_size=1, max_size=12)
states = st.fixed_dictionaries(
    {"z": codes, "selected": st.none() | st.integers(0, 10**6)},
    optional={
        "a": codes,
        "b": codes,
        "projection": st.sampled_from(["pca", "dims:0,1", "umap"]),
        "colour": st.sampled_from(["labels", "factor:x position", "dim:3"]),
        "path": st.sampled_from(["linear", "spherical"]),
        "tool": st.just("walk"),
        "plane": st.just(True),
        "hidden": st.sets(st.integers(0, 99), min_size=1).map(sorted),
        "viewport": st.builds(
            lambda cx, cy, scale: {"cx": cx, "cy": cy, "scale": scale},
            number,
            number,
            st.sampled_from([0.5, 80.0]),
        ),
        "range": st.builds(
            lambda kind, k: {"kind": kind, "k": k}, st.sampled_from(["prior", "data"]), st.just(2.5)
        ),
    },
)


@given(states)
def test_round_trip(state: dict[str, object]) -> None:
    address = StageState.of(state).to_link()
    assert set(address) <= set(PARAMETERS)
    found = StageState.from_link(address).dump()
    assert found == {name: value for name, value in state.items() if value is not None}


@given(st.dictionaries(st.sampled_from(PARAMETERS), st.text(max_size=20)))
def test_any_text_is_survived(address: dict[str, str]) -> None:
    state = StageState.from_link(address)
    assert set(state.dump()) <= set(address)
    assert set(state.to_link()) == set(state.dump())


def test_what_is_malformed_is_left_out() -> None:
    bad = {"z": "1,two", "a": "nan", "viewport": "1,2", "range": "prior,0", "path": "round", "selected": "-1"}
    assert StageState.from_link(bad) == StageState()


def test_what_is_beyond_every_model_is_left_out() -> None:
    far = {"z": "1e300,0", "viewport": "0,0,1e39", "selected": "9" * 5000, "a": "1,inf"}
    assert StageState.from_link(far) == StageState()


def test_directions_are_kept_in_a_link_whatever_their_names_hold() -> None:
    spec = [
        {"name": 'a "smile", <b> & 50 %', "a": "labels:0", "b": "factor%3Ahair%20colour:1.2"},
        {"name": "axis", "vector": [0.6, -0.8]},
        {"a": "rows:AAEC", "b": "labels:3", "method": "probe"},
    ]
    state = StageState.of({"tool": "directions", "directions": spec, "operands": [3, 1, 2]})
    link = state.to_link()
    assert json.loads(link["directions"]) == spec
    assert StageState.from_link(link) == state
    assert [d.dump() for d in state.directions] == spec


@pytest.mark.parametrize(
    "text", ["", "[", "[" * 100_000, "7", '[{"vector": ["x"]}]', '[{"a": "<"}]', json.dumps([{}] * 13)]
)
def test_a_link_with_other_directions_has_none(text: str) -> None:
    assert StageState.from_link({"directions": text, "tool": "walk"}) == StageState(tool="walk")
