"""Ladders: models that differ only in β and seed, and those whose budget differs too."""

import json
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from explorer.config import flat, settings
from explorer.live.choice import default_models
from explorer.live.titles import latents
from explorer.shipped.entries import own
from explorer.store import Checkpoint
from explorer.training.presets import OBJECTIVE, OF_ONE_BETA, has_effect
from explorer.ui.parts.proposals import unlike

MAX_MODELS = 6
MIN_MODELS = 2
NOT_BUDGET = {"beta", "seed", "device", "mixed_precision", "compile"}


def kin(checkpoint: Checkpoint) -> str:
    """Key of a ladder: the same images, and every setting the same but β, seed and the machine's."""
    return json.dumps([family(checkpoint), budget(checkpoint)], sort_keys=True)


def family(checkpoint: Checkpoint) -> str:
    """Key of models that can be compared at all: data, image shape, body, likelihood, latent size and posterior."""
    m = checkpoint.manifest
    shared = {
        "data": m.data.model_dump(mode="json"),
        "shape": m.image_shape,
        "model": m.model.model_dump(mode="json", exclude={"hidden", "width"}),
        "divergence": m.objective.divergence,
    }
    return json.dumps(shared, sort_keys=True)


def budget(checkpoint: Checkpoint) -> dict[str, Any]:
    """The settings that decide how well a model could be trained: widths, objective and training, by name.

    Those without effect are left out, and so are β, seed and the machine's. How an imported model was trained is
    unknown, so its name stands for it.
    """
    m = checkpoint.manifest
    if m.imported:
        return {"import": checkpoint.name}
    values = flat(m.run)
    names = [name for section, name, _ in settings() if section in ("objective", "training")]
    return {
        name: list(value) if isinstance(value := values[name], tuple) else value
        for name in ("hidden", "width", *names)
        if name not in NOT_BUDGET and has_effect(name, values)
    }


def budget_differences(checkpoints: Sequence[Checkpoint]) -> list[str]:
    """The settings of `budget` in which these models differ, as words; a plain AE has no objective to compare."""
    plain = any(c.manifest.plain for c in checkpoints)
    budgets = [budget(c) for c in checkpoints]
    names = dict.fromkeys(name for b in budgets for name in b if not (plain and name in OBJECTIVE))
    if any(c.manifest.model.beta_range for c in checkpoints):  # it has no such settings to compare
        names = {name: None for name in names if name not in OF_ONE_BETA}
    return [
        name.replace("_", " ").replace("warmup", "warm-up")
        for name in names
        if any(b.get(name) != budgets[0].get(name) for b in budgets)
    ]


def ladders(checkpoints: Sequence[Checkpoint]) -> dict[str, list[Checkpoint]]:
    """Ladders of two or more βs by label, β rising, with all seeds; those with the most βs first. Unfinished models
    are on none, and for each β the model that ships comes first."""
    return _grouped(checkpoints, kin, lambda runs: "")


def mixed_ladders(checkpoints: Sequence[Checkpoint]) -> dict[str, list[Checkpoint]]:
    """Models of two or more βs that do not form a ladder, because more than β differs; the label says what."""

    def suffix(runs: Sequence[Checkpoint]) -> str:
        return f" (not the same budget: {', '.join(budget_differences(runs))})"

    return {
        label: runs
        for label, runs in _grouped(checkpoints, family, suffix).items()
        if len({kin(c) for c in runs}) > 1
    }


def ranges(checkpoints: Sequence[Checkpoint]) -> dict[str, list[Checkpoint]]:
    """Each model of a range of β by label, with the models of one β that it compares with, β rising; without any it has
    no label. Unfinished models are in none."""
    finished = default_models(checkpoints)
    by_label: dict[str, list[Checkpoint]] = {}
    for ranged in (c for c in finished if c.manifest.model.beta_range):
        own_model = ranged.manifest.model.model_copy(update={"beta_range": None})
        beside = [
            c
            for c in finished
            if c.manifest.data == ranged.manifest.data
            and (c.manifest.model, c.manifest.image_shape) == (own_model, ranged.manifest.image_shape)
        ]
        by_beta = {c.manifest.beta: c for c in sorted(beside, key=lambda c: (own(c), c.name), reverse=True)}
        low, high = ranged.manifest.model.beta_range or (0, 0)
        label = f"{_kind(ranged)}: every β from {low:g} to {high:g}"
        if by_beta and label not in by_label:
            by_label[label] = [ranged, *(by_beta[b] for b in sorted(by_beta))][:MAX_MODELS]
    return by_label


def _grouped(
    checkpoints: Sequence[Checkpoint],
    key: Callable[[Checkpoint], str],
    suffix: Callable[[Sequence[Checkpoint]], str],
) -> dict[str, list[Checkpoint]]:
    variational = [c for c in default_models(checkpoints) if not c.manifest.plain]
    by_label: dict[str, list[Checkpoint]] = {}
    for _, group in groupby(sorted(variational, key=key), key=key):
        runs = sorted(group, key=lambda c: (c.manifest.beta, own(c), c.manifest.training.seed, c.name))
        if len({c.manifest.beta for c in runs}) >= MIN_MODELS:
            label = _label(runs) + suffix(runs)
            while label in by_label:  # two bodies or likelihoods of the same images
                label += " ·"
            by_label[label] = runs
    return dict(sorted(by_label.items(), key=lambda item: -len({c.manifest.beta for c in item[1]})))


def rungs(runs: Sequence[Checkpoint]) -> list[Checkpoint]:
    """One run per β, the first of them; at most `MAX_MODELS` of them, evenly spread."""
    by_beta: dict[float, Checkpoint] = {}
    for run in runs:
        by_beta.setdefault(run.manifest.beta, run)
    all_runs = list(by_beta.values())
    rows = np.linspace(0, len(all_runs) - 1, min(MAX_MODELS, len(all_runs))).round().astype(int)
    return [all_runs[i] for i in rows]


def _label(runs: Sequence[Checkpoint]) -> str:
    steps = ", ".join(f"{b:g}" for b in sorted({c.manifest.beta for c in runs}))
    return f"{_kind(runs[0])}: β = {steps}"


def _kind(checkpoint: Checkpoint) -> str:
    m = checkpoint.manifest
    return f"{m.data.data}, {m.model.body}, {latents(m.model.latent_size)}"


def mismatch(models: Sequence[Checkpoint]) -> str:
    """Why these models cannot be compared, in a sentence; empty if they can."""
    if not MIN_MODELS <= len(models) <= MAX_MODELS:
        return "Choose two to six models to compare."
    discrete = [c.name for c in models if c.manifest.model.code]
    if discrete:
        return f"{discrete[0]} has discrete codes, which no slider drives: look at it on Explore or Samples."
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
