"""The path on the first page: it opens what it says, and takes nobody's unfinished models."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from explorer import store
from explorer.live import titles
from explorer.live.choice import first_choice, stored_models
from explorer.live.schema import StageState
from explorer.store import Checkpoint
from explorer.store.manifest import Trained
from explorer.ui.pages.gallery import comparisons
from explorer.ui.parts import first_steps
from explorer.ui.parts.ladders import ladders, rungs
from explorer.ui.parts.proposals import proposals

SHIPPED = Path(__file__).parent.parent / "checkpoints"
FOUND = stored_models()[0]


def stopped(base: str, name: str, epochs: int = 1) -> Checkpoint:
    """A shipped model as it would be if somebody had stopped its training."""
    found = store.open_checkpoint(SHIPPED / base)
    return replace(
        found,
        name=name,
        manifest=found.manifest.model_copy(update={"trained": Trained(epochs=epochs, step=7)}),
    )


def test_the_path_leads_from_an_ae_that_fails_to_a_vae_to_beta_to_ones_own_images() -> None:
    steps = first_steps.steps(FOUND)
    assert [step.to.page for step in steps] == ["samples", "explore", "compare", "bring"]
    assert steps[0].to.query["models"] == "faces-ae-z24,faces-vae-z24"
    assert steps[1].to.query["checkpoint"] == "mnist-vae-z2"
    assert StageState.from_link(steps[1].to.query).plane
    models = steps[2].to.query["models"].split(",")
    betas = [store.open_checkpoint(SHIPPED / name).manifest.objective.beta for name in models]
    assert len(betas) > 2
    assert betas == sorted(betas)
    assert betas[0] == 1


def test_the_leading_picture_is_the_first_image_with_its_most_informative_dimension() -> None:
    hero = first_steps.hero(FOUND)
    assert hero is not None
    assert hero.name == first_choice(FOUND) == "faces-vae-z24"
    codes = store.open_checkpoint(SHIPPED / hero.name).codes
    np.testing.assert_allclose(hero.z, codes.mean[0], rtol=1e-6)
    assert hero.dimension == int(codes.rate.mean(0).argmax())
    state = StageState.from_link(hero.to.query)
    assert state.selected == 0
    assert np.allclose(state.z or [], hero.z, atol=1e-3)


@pytest.mark.parametrize("choose", [proposals, ladders])
def test_no_proposal_takes_an_unfinished_model(choose) -> None:  # type: ignore[no-untyped-def]
    own = [
        stopped("mnist-vae-z10", "a-mine"),
        stopped("mnist-ae-z10", "a-mine-ae"),
        stopped("faces-vae-z24", "a"),
    ]
    before = {label: [c.name for c in models] for label, models in choose(FOUND).items()}
    after = {label: [c.name for c in models] for label, models in choose([*own, *FOUND]).items()}
    assert before
    assert after == before
    assert first_choice([*own, *FOUND]) == "faces-vae-z24"


def test_a_model_that_ships_stands_before_somebodys_own_of_the_same_beta() -> None:
    mine = replace(store.open_checkpoint(SHIPPED / "mnist-vae-beta4-z10"), name="a-mine")
    chosen = [rungs(runs) for runs in ladders([mine, *FOUND]).values()]
    assert all(
        c.name != "a-mine" for models in [*chosen, *proposals([mine, *FOUND]).values()] for c in models
    )


def test_links_of_the_gallery_open_what_they_say() -> None:
    digits = [c for c in FOUND if c.manifest.data.data == "mnist"]
    for link in comparisons(digits):
        names = link.to.query["models"].split(",")
        kinds = [titles.kind(store.open_checkpoint(SHIPPED / name).manifest.run) for name in names]
        if link.to.page == "samples":
            assert kinds in (["AE", "VAE"], ["AE", "β-VAE, β = 0.25 to 16"])
            assert link.label.startswith(f"AE beside {kinds[1]}")
        else:
            betas = [f"{store.open_checkpoint(SHIPPED / n).manifest.objective.beta:g}" for n in names]
            assert link.label.startswith(f"β = {', '.join(betas)}")


def test_unfinished_models_carry_their_mark() -> None:
    own = stopped("mnist-vae-z10", "mine", epochs=3)
    finished = store.open_checkpoint(SHIPPED / "mnist-vae-z10")
    assert titles.kinds([own, finished])[0] == "mine (unfinished, 3 of 100 epochs)"
    assert titles.betas([own, finished])[1] == "β = 1, mnist-vae-z10"
    assert titles.mark(finished.manifest) == ""
