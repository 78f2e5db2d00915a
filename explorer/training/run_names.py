"""Names of runs; the checkpoint of a run has the same name."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

from explorer.config import RunConfig
from explorer.discrete import QUANTIZED, code_name

MAX_LENGTH = 72
"""Leaves room for a number within the 80 characters of a checkpoint name."""


def default_name(config: RunConfig) -> str:
    """A descriptive name for these settings, for example mnist-vae-beta4-z10."""
    if config.model.code:
        weight = "" if not has_rate(config) or beta_name(config) == "beta1" else f"-{beta_name(config)}"
        return f"{data_name(config)}-{code_name(config.model)}{weight}"
    kind = kind_name(config)
    beta = (
        "" if config.model.posterior == "point" or beta_name(config) == "beta1" else f"-{beta_name(config)}"
    )
    return f"{data_name(config)}-{kind}{beta}-z{config.model.latent_size}"


def kind_name(config: RunConfig) -> str:
    """The kind of model as part of a checkpoint name: ae or vae, and cae or cvae for a conditional one."""
    kind = "ae" if config.model.posterior == "point" else "vae"
    return f"c{kind}" if config.model.condition == "label" else kind


def has_rate(config: RunConfig) -> bool:
    """Whether the posterior has a rate that training changes, so that β matters."""
    return config.model.posterior not in ("point", *QUANTIZED)


def beta_name(config: RunConfig) -> str:
    """β of a run as part of a checkpoint name: beta4, or beta0.5to16 for a model of a range."""
    betas = config.model.beta_range or (config.objective.beta,)
    return f"beta{'to'.join(f'{beta:g}' for beta in betas)}".replace("+", "")


def data_name(config: RunConfig, max_length: int = 40) -> str:
    """The data set of a run as part of a checkpoint name."""
    stem = Path(config.data.data).stem[:max_length]
    return (
        "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in stem).strip("-_")
        or "images"
    )


def free_name(stem: str, is_taken: Callable[[str], bool]) -> str:
    """Return `stem`, or `stem-N` with the smallest N ≥ 2 that is not taken."""
    if not is_taken(stem):
        return stem
    return next(name for n in count(2) if not is_taken(name := f"{stem[:MAX_LENGTH]}-{n}"))
