"""Titles of models."""

from collections.abc import Sequence

from explorer.config import RunConfig
from explorer.discrete import code_title
from explorer.store import Checkpoint, Manifest
from explorer.training.run_names import has_rate


def describe_run(config: RunConfig) -> str:
    """A model in a few words, by its settings: "β-VAE, β = 4 · digits · 10 latents"."""
    if config.model.code:
        return f"{kind(config)} · {config.data.data}"
    return f"{kind(config)} · {config.data.data} · {latents(config.model.latent_size)}"


def kind(config: RunConfig) -> str:
    """AE, VAE, or β-VAE with its β or its range; conditional ones are called so; of discrete codes, what they are made
    of."""
    if config.model.code:
        beta = (
            f", β = {config.objective.last_beta:g}"
            if has_rate(config) and config.objective.last_beta != 1
            else ""
        )
        return f"{code_title(config.model)}{beta}"
    if config.model.condition == "label":
        return f"conditional {_plain_kind(config)}"
    return _plain_kind(config)


def _plain_kind(config: RunConfig) -> str:
    if config.model.posterior == "point":
        return "AE"
    if config.model.beta_range:
        low, high = config.model.beta_range
        return f"β-VAE, β = {low:g} to {high:g}"
    return "VAE" if config.objective.last_beta == 1 else f"β-VAE, β = {config.objective.last_beta:g}"


def mark(manifest: Manifest) -> str:
    """How far an unfinished training has come: "unfinished, 3 of 60 epochs"; empty for a finished one."""
    if not manifest.unfinished:
        return ""
    return f"unfinished, {manifest.trained.epochs} of {manifest.training.epochs} epochs"


def marked(text: str, manifest: Manifest) -> str:
    """`text`, with the mark of an unfinished training in brackets."""
    return f"{text} ({mark(manifest)})" if manifest.unfinished else text


def latents(d: int) -> str:
    """Count latents in words: "1 latent", "10 latents"."""
    return f"{d} latent{'s' if d > 1 else ''}"


def collapse(d: int) -> str:
    """Says that none of `d` dimensions is active, as the front end does."""
    return "1 dimension, which carries nothing" if d == 1 else f"{d} dimensions, none carries anything"


def kinds(models: Sequence[Checkpoint]) -> list[str]:
    """The kind of each model, or its name where several models are of one kind."""
    by_name = {c.name: kind(c.manifest.run) for c in models}
    titles = list(by_name.values())
    named = [t if titles.count(t := by_name[c.name]) == 1 else c.name for c in models]
    return [marked(t, c.manifest) for t, c in zip(named, models, strict=True)]


def betas(models: Sequence[Checkpoint]) -> list[str]:
    """β of each, or its range, with its name where several have one β."""
    titles = [kind(c.manifest.run).removeprefix("β-VAE, ").replace("VAE", "β = 1") for c in models]
    named = [t if titles.count(t) == 1 else f"{t}, {c.name}" for t, c in zip(titles, models, strict=True)]
    return [marked(t, c.manifest) for t, c in zip(named, models, strict=True)]


def likelihood_note(manifest: Manifest) -> str:
    """What the nats of a model's p(x|z) are, in a sentence after a number; empty for black and white pixels."""
    if manifest.classes:
        return ". It is that of images given their class"
    if manifest.model.likelihood != "bernoulli":
        return ". It is the log of a density of pixel values in [0, 1], so it can be positive"
    if manifest.data.binarize != "none" or manifest.data.data == "sprites":
        return ""
    return ". Grey levels count as probabilities of white, so it is not a log-likelihood of the images"
