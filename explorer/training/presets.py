"""Named presets of run settings. Nothing here imports torch."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from explorer.config import RunConfig, flat, settings
from explorer.discrete import QUANTIZED

EVERY = "every β"
WORDS = "Words"
KINDS = ("AE", "VAE", "β-VAE", EVERY, WORDS)
BETA = 4.0
BETA_RANGE = (0.25, 16.0)
"""Well below 1, so that β = 1 keeps every dimension that it needs."""
WARM_UP = 0.25
"""Share of the epochs in which the largest β of a range rises: without it, dimensions die that small β need."""
MAX_SIDE = 128
"""Largest side of an image in pixels that the convolutional bodies accept."""


class Preset(NamedTuple):
    """about: one sentence. settings: the settings that differ from their defaults."""

    about: str
    settings: dict[str, Any]


PRESETS: dict[str, Preset] = {
    "First VAE": Preset(
        "Handwritten digits on a plane of two latents: trained in seconds, and all of it fits on one map.",
        {
            "hidden": (256, 128),
            "likelihood": "gaussian",
            "variance": 0.02,
            "batch_size": 64,
            "learning_rate": 3e-3,
            "epochs": 60,
        },
    ),
    "784-512-256-32": Preset(
        "The VAE of the textbooks: MNIST through two hidden layers to 32 latents.",
        {"data": "mnist", "latent_size": 32, "epochs": 10},
    ),
    "Burgess conv": Preset(
        "Convolutions, ten latents and β = 4 on sprites with known factors (Burgess et al. 2018): hours on a CPU.",
        {
            "data": "sprites",
            "body": "conv",
            "latent_size": 10,
            "beta": BETA,
            "learning_rate": 5e-4,
            "epochs": 2,
        },
    ),
    "Faces": Preset(
        "Cartoon faces in colour through residual blocks to 24 latents: half an hour on two free cores.",
        {
            "data": "faces",
            "body": "residual",
            "latent_size": 24,
            "likelihood": "gaussian",
            "variance": 0.1,
            "batch_size": 64,
            "optimizer": "adamw",
            "learning_rate": 1.5e-3,
            "mixed_precision": True,
            "epochs": 10,
            "warmup": "linear",  # or mouths and brows are lost: their dimensions die before they are learnt
            "warmup_epochs": 5.0,
        },
    ),
    "Conditional VAE": Preset(
        "MNIST with the class given to both networks: all ten digits in one hand, in minutes on two cores.",
        {
            "data": "mnist",
            "binarize": "stochastic",
            "latent_size": 10,
            "hidden": (256, 128),
            "condition": "label",
            "warmup": "falling",
            "epochs": 20,
        },
    ),
    "The moon on a line": Preset(
        "One latent for the phases of the moon: what lies between full and half?",
        {"data": "moons", "latent_size": 1, "epochs": 60},
    ),
    "Denoising AE": Preset(
        "A plain autoencoder whose input loses 40 % of its pixels and whose target does not (Vincent et al. 2010).",
        {
            "posterior": "point",
            "latent_size": 10,
            "corruption": "masking",
            "corruption_level": 0.4,
            "epochs": 60,
        },
    ),
    "Stacked AE": Preset(
        "Every layer is first trained as a small autoencoder of the layer below, then all layers together.",
        {
            "posterior": "point",
            "hidden": (256, 128, 64),
            "latent_size": 10,
            "pretrain_epochs": 10,
            "epochs": 40,
        },
    ),
    "Ten boxes": Preset(
        "One of ten boxes for every digit, without being told the classes: ten images are all it can draw.",
        {
            "data": "mnist",
            "binarize": "stochastic",
            "posterior": "categorical",
            "latent_size": 10,
            "hidden": (96,),
            "batch_size": 256,
            "learning_rate": 3e-3,
            "epochs": 20,
        },
    ),
    "240 words": Preset(
        "Three numbers of 8, 6 and 5 levels: 240 images are all it can draw (FSQ, Mentzer et al. 2024).",
        {
            "data": "mnist",
            "binarize": "stochastic",
            "posterior": "fsq",
            "latent_size": 3,
            "hidden": (128, 64),
            "batch_size": 256,
            "learning_rate": 3e-3,
            "epochs": 20,
        },
    ),
    "Linear VAE": Preset(
        "No hidden layers and Gaussian pixels of learned variance: probabilistic PCA (Tipping & Bishop 1999), by "
        "gradient.",
        {"hidden": (), "likelihood": "learned-gaussian", "latent_size": 10, "epochs": 200},
    ),
}
FIRST = next(iter(PRESETS))
OWN = "Your own images"
STEPS = 4000
"""Training steps of a run on uploaded images: minutes for small images on two cores."""


def for_images(name: str, shape: Sequence[int]) -> dict[str, Any]:
    """All settings for uploaded images of `shape` (N, C, H, W).

    Convolutions, because an MLP for large images has millions of weights; ten latents; a Gaussian likelihood with a
    variance at which samples look like images too; enough epochs for about `STEPS` steps.
    """
    n, _, h, w = shape
    batch = 32 if n < 3000 else 128
    small = min(h, w) < 8
    epochs = max(3, min(400, round(STEPS * batch / max(1, n))))
    own = {
        "data": name,
        "image_size": 64 if max(h, w) > MAX_SIDE else None,
        "body": "mlp" if small else "conv",
        "latent_size": 10,
        "likelihood": "gaussian",
        "variance": 0.05,
        "batch_size": batch,
        "epochs": epochs,
    }
    return flat(RunConfig()) | own


def about_images(shape: Sequence[int]) -> str:
    """Describe the settings of `for_images` in a sentence."""
    n, c, h, w = shape
    resized = ", resized to 64×64" if max(h, w) > MAX_SIDE else ""
    return (
        f"{n:,} images of {w}×{h} pixels{' in colour' if c == 3 else ''}{resized}: convolutions, ten latents, and "
        "enough epochs for this many images."
    )


def settings_of(name: str) -> dict[str, Any]:
    """All settings of a preset."""
    return flat(RunConfig()) | PRESETS[name].settings


def kind_of(values: dict[str, Any]) -> str:
    """The kind of model these settings describe, one of `KINDS`."""
    if values["posterior"] == "point":
        return "AE"
    if values["posterior"] not in GAUSSIAN:
        return WORDS
    if values["beta_range"] is not None:
        return EVERY
    return "VAE" if values["beta"] == 1 else "β-VAE"


def as_kind(values: dict[str, Any], kind: str) -> dict[str, Any]:
    """These settings changed to another kind of model: only the posterior and β differ, and for every β the objective,
    which is then distortion + β · rate with a warm-up. The words are those that the latent size fits."""
    gaussian = values["posterior"] if values["posterior"] in GAUSSIAN else "diagonal"
    if kind == EVERY:
        one = {name: flat(RunConfig())[name] for name in OF_ONE_BETA}
        warm_up = {"warmup": "linear", "warmup_epochs": max(1.0, round(WARM_UP * values["epochs"]))}
        return (
            values
            | one
            | warm_up
            | {"condition": "none", "posterior": gaussian, "beta": 1.0, "beta_range": BETA_RANGE}
        )
    if values["beta_range"] is not None:
        values = values | {"beta_range": None, "warmup": "none"}
    if kind == "AE":
        return values | {"posterior": "point"}
    if kind == WORDS:
        return values | {"posterior": _words_of(values), "condition": "none"}
    return values | {"posterior": gaussian, "beta": 1.0 if kind == "VAE" else BETA}


def _words_of(values: dict[str, Any]) -> str:
    """The discrete posterior with this latent size: itself, levels where there is one for each latent, boxes, or one
    switch."""
    if values["posterior"] not in ("point", *GAUSSIAN):
        return str(values["posterior"])
    if values["latent_size"] == len(values["levels"]) and not values["grid"]:
        return "fsq"
    return "categorical" if values["latent_size"] > 1 and values["groups"] == 1 else "binary"


def has_effect(name: str, values: dict[str, Any]) -> bool:
    """Whether the setting `name` has an effect, given the other settings."""
    plain = values["posterior"] == "point"
    needs = {
        "hidden": values["body"] == "mlp",
        "width": values["body"] == "residual",
        "variance": values["likelihood"] == "gaussian",
        "warmup_epochs": values["warmup"] != "none",
        "capacity_epochs": values["capacity"] is not None,
        "gamma": values["capacity"] is not None,
        "beta": values["capacity"] is None,
        "beta_range": values["beta_range"] is not None,  # chosen as a kind of model
        "condition": values["beta_range"] is None,
        "beta_turns": False,  # made by hand while a training runs, or on the command line
        **dict.fromkeys(OF_ONE_BETA, values["beta_range"] is None),
        "corruption_level": values["corruption"] != "none",
        **_effects_on_codes(values),
        "pretrain_epochs": values["body"] == "mlp",
    }
    return needs.get(name, True) and not (plain and name in OBJECTIVE)


def _effects_on_codes(values: dict[str, Any]) -> dict[str, bool]:
    """Whether the settings that belong to some codes have an effect."""
    kind = values["posterior"]
    free, quantized = kind in ("categorical", "binary"), kind in QUANTIZED
    return {
        "latent_size": not quantized,
        "groups": kind == "categorical",
        "boxes_from": kind == "categorical" and values["groups"] == 1,
        "levels": kind == "fsq",
        "words": kind == "vq",
        "word_size": kind == "vq",
        "grid": quantized,
        "temperature": free,
        "balance": free,
        "commitment": kind == "vq",
        **dict.fromkeys(
            ("divergence", "free_bits"), not (free or quantized) and values["beta_range"] is None
        ),
        **(dict.fromkeys(OF_A_RATE, False) if quantized else {}),
    }


GAUSSIAN = ("diagonal", "full")
OF_ONE_BETA = ("divergence", "free_bits", "capacity")
"""Settings that a model of a range of β does not take."""
OF_A_RATE = ("beta", "warmup", "warmup_epochs", "capacity", "capacity_epochs", "gamma")
"""Settings that do nothing where the rate is constant."""
OBJECTIVE = frozenset(name for section, name, _ in settings() if section == "objective")
