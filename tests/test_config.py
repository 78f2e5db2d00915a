"""Settings: flat and nested forms agree, and every mistake is one sentence."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.config import ModelConfig, ObjectiveConfig, RunConfig, parse, settings
from explorer.errors import ExplorerError

FLAT = st.fixed_dictionaries(
    {},
    optional={
        "data": st.sampled_from(["digits", "mnist", "some/folder"]),
        "image_size": st.none() | st.integers(8, 128),
        "channels": st.sampled_from(["keep", "grey", "colour"]),
        "binarize": st.sampled_from(["none", "threshold", "stochastic"]),
        "latent_size": st.integers(1, 128),
        "posterior": st.sampled_from(["point", "diagonal", "full"]),
        "hidden": st.lists(st.integers(1, 8192), max_size=4).map(tuple),
        "likelihood": st.sampled_from(["bernoulli", "gaussian", "learned-gaussian", "continuous-bernoulli"]),
        "beta": st.floats(0, 1e6),
        "warmup": st.sampled_from(["none", "linear", "cyclical", "falling"]),
        "condition": st.sampled_from(["none", "label"]),
        "epochs": st.integers(0, 100_000),
        "learning_rate": st.floats(1e-9, 10),
        "patience": st.integers(0, 50),
        "corruption_level": st.floats(0, 1),
        "seed": st.integers(0, 2**31 - 1),
        "compile": st.booleans(),
    },
)


def flat(config: RunConfig) -> dict[str, Any]:
    return {name: getattr(getattr(config, section), name) for section, name, _ in settings()}


@given(given_settings=FLAT)
def test_flat_settings_come_back(given_settings: dict[str, Any]) -> None:
    config = RunConfig.from_flat(given_settings)
    assert flat(config) == flat(RunConfig()) | given_settings
    assert RunConfig.from_flat(flat(config)) == config


@given(given_settings=FLAT)
def test_json_round_trip(given_settings: dict[str, Any]) -> None:
    config = RunConfig.from_flat(given_settings)
    assert parse(RunConfig, json.loads(config.model_dump_json())) == config


def test_names_of_settings_are_unique_and_described() -> None:
    names = [name for _, name, _ in settings()]
    assert len(names) == len(set(names))
    assert {section for section, _, _ in settings()} == set(RunConfig.model_fields)
    assert all(field.description for _, _, field in settings())


def test_an_unknown_setting_is_named() -> None:
    with pytest.raises(ExplorerError, match="no setting named 'betta'"):
        RunConfig.from_flat({"beta": 2, "betta": 4})


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("latent_size", 0, "greater than or equal to 1"),
        ("latent_size", 129, "less than or equal to 128"),
        ("latent_size", "many", "valid integer"),
        ("image_size", 7, "greater than or equal to 8"),
        ("hidden", [512, 0], "greater than or equal to 1"),
        ("variance", 0, "greater than 0"),
        ("beta", -1, "greater than or equal to 0"),
        ("beta", float("inf"), "finite"),
        ("beta", float("nan"), "finite"),
        ("learning_rate", 11, "less than or equal to 10"),
        ("posterior", "gaussian", "'point', 'diagonal', 'full', 'categorical', 'binary', 'fsq' or 'vq'"),
        ("posterior_samples", 0, "greater than or equal to 1"),
        ("corruption_level", 1.5, "less than or equal to 1"),
        ("seed", 2**31, "less than"),
        ("epochs", 2.5, "integer"),
    ],
)
def test_a_bad_value_is_named_and_shown(name: str, value: object, says: str) -> None:
    with pytest.raises(ExplorerError) as caught:
        RunConfig.from_flat({name: value})
    message = str(caught.value)
    assert name in message
    assert says in message
    assert repr(value) in message or name == "hidden"
    assert "\n" not in message
    assert message.endswith(".")


def test_every_mistake_is_named_at_once() -> None:
    with pytest.raises(ExplorerError) as caught:
        RunConfig.from_flat({"latent_size": 0, "beta": -1, "epochs": 3})
    assert "latent_size" in str(caught.value)
    assert "beta" in str(caught.value)
    assert "epochs" not in str(caught.value)


@pytest.mark.parametrize(
    ("clash", "says"),
    [
        ({"capacity": 5, "free_bits": 0.1}, "capacity applies to KL"),
        ({"capacity": 5, "divergence": "kl-pq"}, "capacity applies to KL"),
        ({"divergence": "tcvae", "free_bits": 0.1}, "no free bits"),
    ],
)
def test_settings_that_clash_say_what_to_do(clash: dict[str, Any], says: str) -> None:
    with pytest.raises(ExplorerError, match=says):
        RunConfig.from_flat(clash)


def test_parse_says_where() -> None:
    with pytest.raises(ExplorerError, match=r"^Bad settings in config\.json: latent_size is 'x'"):
        parse(ModelConfig, {"latent_size": "x"}, "config.json")
    with pytest.raises(ExplorerError, match="gamma_ray"):
        parse(ObjectiveConfig, {"gamma_ray": 1})
    with pytest.raises(ExplorerError, match="Bad settings"):
        parse(ModelConfig, [1, 2])
    with pytest.raises(ExplorerError) as told:  # a value of any length is shown in a few words
        parse(ModelConfig, {"latent_size": "9" * 10_000, "hidden": "x" * 10_000})
    assert len(str(told.value)) < 400


def test_settings_cannot_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        ModelConfig().latent_size = 5  # type: ignore[misc]


def test_settings_do_not_import_torch() -> None:
    code = "import explorer.config, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
