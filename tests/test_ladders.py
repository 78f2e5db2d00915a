"""Which models make a ladder, and what is said of those that do not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from explorer import data, store
from explorer.errors import ExplorerError
from explorer.live.schema import CompareState
from explorer.live.siblings import siblings
from explorer.live.titles import betas
from explorer.store import Checkpoint
from explorer.ui.parts.charts import Run, likelihood
from explorer.ui.parts.ladders import (
    MAX_MODELS,
    budget_differences,
    ladders,
    mismatch,
    mixed_ladders,
    ranges,
    rungs,
)
from explorer.ui.parts.sweep_form import betas_of, planned

SHIPPED = Path(__file__).parent.parent / "checkpoints"


def like(name: str, base: str = "digits-vae-z10", **settings: Any) -> Checkpoint:
    """A shipped checkpoint under another name, with other settings in any section."""
    found = store.open_checkpoint(SHIPPED / base)
    sections = {
        section: getattr(found.manifest, section).model_copy(
            update={k: v for k, v in settings.items() if hasattr(getattr(found.manifest, section), k)}
        )
        for section in ("data", "model", "objective", "training")
    }
    return replace(found, name=name, manifest=found.manifest.model_copy(update=sections))


def test_a_ladder_has_one_rung_per_beta_that_rises_and_all_its_seeds() -> None:
    runs = [
        like("d", beta=8.0),
        like("b1", beta=2.0, seed=1),
        like("b0", beta=2.0, seed=0),
        like("a", beta=0.5),
        like("other body", beta=4.0, body="conv"),
        like("plain", base="digits-ae-z10"),
    ]
    ((label, found),) = ladders(runs).items()
    assert [c.name for c in found] == ["a", "b0", "b1", "d"]
    assert [c.name for c in rungs(found)] == ["a", "b0", "d"]
    assert "0.5, 2, 8" in label


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("epochs", 7),
        ("hidden", (64,)),
        ("warmup", "linear"),
        ("patience", 3),
        ("learning_rate", 5e-4),
        ("free_bits", 0.5),
        ("batch_size", 32),
    ],
)
def test_another_budget_is_no_rung_but_is_offered_as_such(setting: str, value: Any) -> None:
    words = setting.replace("_", " ").replace("warmup", "warm-up")
    fair = [like("a", beta=1.0), like("b", beta=2.0, seed=5, device="cpu")]
    other = like("c", beta=4.0, **{setting: value})
    ((_, found),) = ladders([*fair, other]).items()
    assert [c.name for c in found] == ["a", "b"]
    ((label, mixed),) = mixed_ladders([*fair, other]).items()
    assert [c.name for c in mixed] == ["a", "b", "c"]
    assert f"not the same budget: {words}" in label
    assert mixed_ladders(fair) == {}
    assert words in budget_differences([fair[0], other])


def test_settings_without_effect_do_not_part_a_ladder() -> None:
    runs = [like("a", beta=1.0), like("b", beta=2.0, gamma=7.0, warmup_epochs=2.0, corruption_level=0.1)]
    assert [[c.name for c in found] for found in ladders(runs).values()] == [["a", "b"]]
    assert budget_differences(runs) == []
    plain = like("plain", base="digits-ae-z10")
    assert budget_differences([plain, like("v", free_bits=0.5)]) == []  # a plain AE has no objective


def test_how_an_imported_model_was_trained_is_unknown() -> None:
    one, two = like("a", beta=1.0), like("b", beta=2.0)
    two = replace(two, manifest=two.manifest.model_copy(update={"imported": "pythae weights"}))
    assert ladders([one, two]) == {}
    assert len(mixed_ladders([one, two])) == 1


def test_the_ladder_of_shipped_sprites_says_that_warm_up_differs() -> None:
    def sprite(name: str, **settings: Any) -> Checkpoint:
        return like(name, base="sprites-vae-beta4-z10", **settings)

    runs = [sprite("one", beta=1.0, warmup="none"), sprite("four", warmup="linear", warmup_epochs=0.5)]
    (label,) = mixed_ladders(runs)
    assert label.endswith("(not the same budget: warm-up, warm-up epochs)")


def test_more_rungs_than_fit_keep_both_ends() -> None:
    runs = [like(f"run{beta}", beta=float(beta)) for beta in range(1, 12)]
    chosen = rungs(runs)
    assert len(chosen) == MAX_MODELS
    assert [chosen[0].name, chosen[-1].name] == ["run1", "run11"]


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (like("small", base="digits-vae-z2"), "latent dimensions"),
        (like("moon", base="moons-vae-z1", latent_size=10), "image size"),
        (like("elsewhere", data="mnist"), "different test images"),
    ],
)
def test_what_does_not_fit_is_said(other: Checkpoint, sentence: str) -> None:
    one = like("one")
    assert sentence in mismatch([one, other])
    assert mismatch([one]).startswith("Choose two to six")
    assert mismatch([one, like("two", beta=2.0)]) == ""


def test_a_state_survives_the_address_and_nonsense_does_not() -> None:
    state = {
        "tab": "columns",
        "reference": 1,
        "rank": 3,
        "image": 7,
        "offset": [0.5, -1.25],
        "seed": 9,
        "rows": 6,
    }
    assert CompareState.from_link(CompareState.of(state).to_link()).dump() == state
    nonsense = {"tab": "nowhere", "reference": "-1", "offset": "nan,1", "seed": "x", "rows": "1e3"}
    assert CompareState.from_link(nonsense) == CompareState()


def test_what_the_form_asks_for_is_a_sweep() -> None:
    sweep = planned("digits", "8, 1;2", 2, 10, 3, "mlp")
    assert len(sweep.runs) == 6
    assert sweep.axes == {"beta": (1.0, 2.0, 8.0), "seed": (0, 1)}
    assert sweep.settings["hidden"] == (256, 128)
    for text in ("", "1", "1 1", "a, b", "1, -2", "1, inf"):
        with pytest.raises(ExplorerError, match="two or more values"):
            betas_of(text)


def test_a_sweep_takes_every_data_set_and_body() -> None:
    for images in data.describe_datasets():
        for body in ("mlp", "conv", "residual"):
            sweep = planned(images, "1, 4", 1, 6, 2, body)
            for run in sweep.runs:
                config = sweep.config(run)
                assert (config.data.data, config.model.body, config.model.latent_size) == (images, body, 6)


def test_charts_have_a_point_for_every_run_and_a_band_over_seeds() -> None:
    def run(beta: float, seed: int, elbo: float) -> Run:
        return Run(f"{beta}-{seed}", beta, seed, 10 - beta, 20 + beta, elbo, 5.0, None)

    runs = [run(1, 0, -30), run(1, 1, -32), run(4, 0, -40), run(0, 0, -29)]
    figure = likelihood(runs)
    points = [trace for trace in figure.data if trace.customdata is not None]
    assert [row[0] for row in points[0].customdata] == ["1-0", "1-1", "4-0", "0-0"]
    assert list(points[1].y) == [-30, -32, -40]  # β = 0 has no place on a logarithmic axis
    low, high, mean = (trace for trace in figure.data if trace.yaxis == "y2" and trace.mode == "lines")
    assert (list(low.y), list(high.y), list(mean.y)) == ([-32, -40], [-30, -40], [-31, -40])
    assert figure.layout.xaxis2.type == "log"


# --- models of a range of β ---


def test_a_model_of_a_range_is_compared_with_models_of_one_beta() -> None:
    every = like("every", beta_range=(0.5, 16.0))
    found = [
        like("b4", beta=4.0),
        every,
        like("b1"),
        like("conv", body="conv"),
        like("d3", latent_size=3),
        like("ae", base="digits-ae-z10"),
    ]
    ((label, models),) = ranges(found).items()
    assert label == "digits, mlp, 10 latents: every β from 0.5 to 16"
    assert [c.name for c in models] == ["every", "b1", "b4"]
    assert betas(models) == ["β = 0.5 to 16", "β = 1", "β = 4"]
    assert ranges([every]) == {}
    assert [[c.name for c in runs] for runs in ladders(found).values()] == [["b1", "b4"]]
    # the dots beside its curve, also of another body: rate and distortion are those of the images
    dots = siblings(every, found).models
    shipped = every.manifest.metrics
    assert [(dot.beta, dot.rate, dot.distortion) for dot in dots] == [
        (beta, shipped["rate"], shipped["distortion"]) for beta in (1, 1, 4)
    ]
    assert [dot.name for dot in dots] == ["b1", "conv", "b4"]
