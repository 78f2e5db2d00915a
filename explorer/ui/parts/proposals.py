"""Proposed comparisons on Samples, and why some models cannot be compared."""

from collections.abc import Sequence
from itertools import groupby

from explorer.live.choice import default_models
from explorer.live.samples_payload import sources
from explorer.live.titles import kind, latents
from explorer.shipped.entries import own
from explorer.store import Checkpoint

MAX_MODELS = 4


def proposals(checkpoints: Sequence[Checkpoint]) -> dict[str, list[Checkpoint]]:
    """Comparisons by label: a plain AE and up to three models of rising β, or one of a range of β, of one data set and
    latent size.

    The comparison of the most models comes first. Only finished models are proposed; of several with one β the one
    that ships, else the first by name.
    """

    def kin(c: Checkpoint) -> tuple[str, int, tuple[int, ...], str]:
        m = c.manifest
        return m.data.model_dump_json(), m.model.latent_size, m.image_shape, m.model.condition

    by_label: dict[str, list[Checkpoint]] = {}
    for _, group in groupby(sorted(default_models(checkpoints), key=kin), key=kin):
        members = sorted(group, key=lambda c: (c.manifest.beta, own(c), c.name))
        plain = [c for c in members if c.manifest.plain]
        by_beta: dict[float, Checkpoint] = {}
        ranged = [c for c in members if c.manifest.model.beta_range]
        for c in members:
            if not c.manifest.plain and c not in ranged:
                by_beta.setdefault(c.manifest.beta, c)
        for variational in (list(by_beta.values()), ranged[:1]):
            if plain and variational:
                models = [plain[0], *variational[: MAX_MODELS - 1]]
                by_label.setdefault(_label(models), models)

    def order(item: tuple[str, list[Checkpoint]]) -> tuple[bool, int]:
        return item[1][0].manifest.model.latent_size == 1, -len(item[1])

    return dict(sorted(by_label.items(), key=order))


def word_proposals(checkpoints: Sequence[Checkpoint]) -> dict[str, list[Checkpoint]]:
    """Every finished model of discrete codes by label: by itself, for `columns`."""
    discrete = [c for c in checkpoints if c.manifest.model.code and not c.manifest.unfinished]
    return {f"{c.manifest.data.data}, {kind(c.manifest.run)}: one column per prior": [c] for c in discrete}


def columns(models: Sequence[Checkpoint]) -> list[Checkpoint]:
    """The models of a page: one of discrete codes by itself once for each prior that its words can be drawn from."""
    if len(models) == 1 and models[0].manifest.model.code:
        return [models[0]] * len(sources(models[0]))
    return list(models)


def _label(models: Sequence[Checkpoint]) -> str:
    m = models[0].manifest
    kinds = " · ".join(kind(c.manifest.run) for c in models)
    return f"{m.data.data}, {latents(m.model.latent_size)}: {kinds}"


def unlike_codes(models: Sequence[Checkpoint]) -> str:
    """Why these models cannot be compared, in a sentence; empty if they can."""
    if len(models) < 2 and not (models and models[0].manifest.model.code):
        return "Choose two to four models to compare."
    return unlike(models, "the same code cannot go through both")


def unlike(models: Sequence[Checkpoint], because: str) -> str:
    """Why these models cannot take the same codes or show the same images, in a sentence; empty if they can."""
    first = models[0]
    for c in models[1:]:
        if c.manifest.model.latent_size != first.manifest.model.latent_size:
            return (
                f"{first.name} has {first.manifest.model.latent_size} latent dimensions and {c.name} has "
                f"{c.manifest.model.latent_size}: {because}; choose models of one latent size."
            )
        if c.manifest.image_shape != first.manifest.image_shape:
            return (
                f"{first.name} makes images of {_size(first)} and {c.name} of {_size(c)}: choose models of one "
                "image size."
            )
    return ""


def _size(checkpoint: Checkpoint) -> str:
    c, h, w = checkpoint.manifest.image_shape
    return f"{w}×{h} pixels" + (" in colour" if c == 3 else "")
