"""Ladders: models that differ in β alone, and so can stand side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby

import numpy as np

from explorer.live.titles import latents
from explorer.store import Checkpoint
from explorer.ui.parts.proposals import unlike

MOST = 6
LEAST = 2


def kin(checkpoint: Checkpoint) -> str:
    """What members of a ladder share: data, images, kind of body, likelihood, latent size and kind of posterior."""
    m = checkpoint.manifest
    shared = {
        "data": m.data.model_dump(mode="json"),
        "shape": m.image_shape,
        "model": m.model.model_dump(mode="json", exclude={"hidden"}),
        "divergence": m.objective.divergence,
    }
    return json.dumps(shared, sort_keys=True)


def ladders(found: Sequence[Checkpoint]) -> dict[str, list[Checkpoint]]:
    """Labelled ladders of two βs or more, β rising, all seeds of each; those with the most βs first."""
    variational = [c for c in found if c.manifest.model.posterior != "point"]
    offered: dict[str, list[Checkpoint]] = {}
    for _, group in groupby(sorted(variational, key=kin), key=kin):
        runs = sorted(group, key=lambda c: (beta(c), c.manifest.training.seed, c.name))
        if len({beta(c) for c in runs}) >= LEAST:
            label = _label(runs)
            while label in offered:  # two bodies or likelihoods of the same images
                label += " ·"
            offered[label] = runs
    return dict(sorted(offered.items(), key=lambda item: -len({beta(c) for c in item[1]})))


def beta(checkpoint: Checkpoint) -> float:
    """The weight of its rate."""
    return checkpoint.manifest.objective.beta


def rungs(runs: Sequence[Checkpoint]) -> list[Checkpoint]:
    """One run per β, that of the lowest seed; of more than fit on the page, evenly spread ones."""
    by_beta: dict[float, Checkpoint] = {}
    for run in runs:
        by_beta.setdefault(beta(run), run)
    all_of_them = list(by_beta.values())
    if len(all_of_them) <= MOST:
        return all_of_them
    chosen = np.linspace(0, len(all_of_them) - 1, MOST).round().astype(int)
    return [all_of_them[i] for i in chosen]


def _label(runs: Sequence[Checkpoint]) -> str:
    m = runs[0].manifest
    betas = sorted({beta(c) for c in runs})
    steps = ", ".join(f"{b:g}" for b in betas)
    return f"{m.data.data}, {m.model.body}, {latents(m.model.latent_size)}: β = {steps}"


def mismatch(models: Sequence[Checkpoint]) -> str:
    """Why these models cannot be compared, in a sentence; empty if they can."""
    if not LEAST <= len(models) <= MOST:
        return "Choose two to six models to compare."
    if sentence := unlike(models, "one hand cannot move both"):
        return sentence
    first = models[0]
    for c in models[1:]:
        if c.manifest.data != first.manifest.data or not np.array_equal(c.codes.index, first.codes.index):
            return (
                f"{first.name} and {c.name} keep codes of different test images, by which their dimensions would be "
                "matched; choose models of one data set."
            )
    return ""
