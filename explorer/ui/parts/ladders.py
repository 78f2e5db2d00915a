"""Ladders: models that differ only in β."""

import json
from collections.abc import Sequence
from itertools import groupby

import numpy as np

from explorer.live.choice import default_models
from explorer.live.titles import latents
from explorer.shipped.entries import own
from explorer.store import Checkpoint
from explorer.ui.parts.proposals import unlike

MOST = 6
LEAST = 2


def kin(checkpoint: Checkpoint) -> str:
    """Key of a ladder: data, image shape, body, likelihood, latent size and posterior."""
    m = checkpoint.manifest
    shared = {
        "data": m.data.model_dump(mode="json"),
        "shape": m.image_shape,
        "model": m.model.model_dump(mode="json", exclude={"hidden"}),
        "divergence": m.objective.divergence,
    }
    return json.dumps(shared, sort_keys=True)


def ladders(checkpoints: Sequence[Checkpoint]) -> dict[str, list[Checkpoint]]:
    """Ladders of two or more βs by label, β rising, with all seeds; those with the most βs first. Unfinished models
    are on none, and for each β the model that ships comes first."""
    variational = [c for c in default_models(checkpoints) if c.manifest.model.posterior != "point"]
    by_label: dict[str, list[Checkpoint]] = {}
    for _, group in groupby(sorted(variational, key=kin), key=kin):
        runs = sorted(group, key=lambda c: (beta(c), own(c), c.manifest.training.seed, c.name))
        if len({beta(c) for c in runs}) >= LEAST:
            label = _label(runs)
            while label in by_label:  # two bodies or likelihoods of the same images
                label += " ·"
            by_label[label] = runs
    return dict(sorted(by_label.items(), key=lambda item: -len({beta(c) for c in item[1]})))


def beta(checkpoint: Checkpoint) -> float:
    """The weight of its rate."""
    return checkpoint.manifest.objective.beta


def rungs(runs: Sequence[Checkpoint]) -> list[Checkpoint]:
    """One run per β, the first of them; at most `MOST` of them, evenly spread."""
    by_beta: dict[float, Checkpoint] = {}
    for run in runs:
        by_beta.setdefault(beta(run), run)
    all_runs = list(by_beta.values())
    rows = np.linspace(0, len(all_runs) - 1, min(MOST, len(all_runs))).round().astype(int)
    return [all_runs[i] for i in rows]


def _label(runs: Sequence[Checkpoint]) -> str:
    m = runs[0].manifest
    steps = ", ".join(f"{b:g}" for b in sorted({beta(c) for c in runs}))
    return f"{m.data.data}, {m.model.body}, {latents(m.model.latent_size)}: β = {steps}"


def mismatch(models: Sequence[Checkpoint]) -> str:
    """Why these models cannot be compared, in a sentence; empty if they can."""
    if not LEAST <= len(models) <= MOST:
        return "Choose two to six models to compare."
    if sentence := unlike(models, "one set of sliders cannot drive both"):
        return sentence
    first = models[0]
    for c in models[1:]:
        if c.manifest.data != first.manifest.data or not np.array_equal(c.codes.index, first.codes.index):
            return (
                f"{first.name} and {c.name} have codes of different test images, so their dimensions cannot be "
                "matched; choose models of one data set."
            )
    return ""
