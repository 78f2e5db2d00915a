"""Settings of a run: data, model, objective and training.

The command line, the forms of the pages and the `config.json` of every checkpoint are made from these classes.
Importing this module does not import torch.
"""

from __future__ import annotations

import reprlib
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import pairwise
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from explorer import discrete
from explorer.errors import ExplorerError


class Config(BaseModel):
    """Immutable settings; unknown names are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


C = TypeVar("C", bound="Config")


class DataConfig(Config):
    """The data set and its preprocessing."""

    data: str = Field("digits", description="dataset name, or the path of a folder, .zip or .npz of images")
    image_size: int | None = Field(None, ge=8, le=128, description="resize images to this side, in pixels")
    channels: Literal["keep", "grey", "colour"] = Field(
        "keep", description="convert images to grey or colour"
    )
    binarize: Literal["none", "threshold", "stochastic"] = Field(
        "none",
        description="turn grey levels into black and white: by a threshold of 1/2, or sampled in every epoch",
    )


Rate = Annotated[float, Field(ge=1e-6, le=1e6)]

BETA_KNOTS = 11
"""Number of β, at equal distances of log β, between which a model of a range of β depends on log β linearly
(`explorer.models.rates`), and at which its codes are stored: for 0.5 to 16, two in every octave."""


class ModelConfig(Config):
    """The model: encoder, posterior q(z|x), decoder and likelihood p(x|z)."""

    latent_size: int = discrete.LATENT_SIZE
    posterior: Literal["point", "diagonal", "full", "categorical", "binary", "fsq", "vq"] = Field(
        "diagonal", description=discrete.POSTERIOR
    )
    groups: int = discrete.GROUPS
    levels: discrete.Levels = discrete.LEVELS
    words: int = discrete.WORDS
    word_size: int = discrete.WORD_SIZE
    grid: int = discrete.GRID
    temperature: float = discrete.TEMPERATURE
    body: Literal["mlp", "conv", "residual"] = Field("mlp", description="encoder and decoder networks")
    hidden: tuple[Annotated[int, Field(ge=1, le=8192)], ...] = Field(
        (512, 256),
        description="widths of the MLP's hidden layers, from image to code; none for a linear model",
    )
    width: int = Field(
        16, ge=8, le=256, multiple_of=8, description="channels of the residual body at half the image size"
    )
    likelihood: Literal["bernoulli", "gaussian", "learned-gaussian", "continuous-bernoulli"] = Field(
        "bernoulli", description="p(x|z) of each pixel"
    )
    variance: float = Field(
        0.5, gt=0, description="variance of the Gaussian likelihood; 1/2 gives squared error"
    )
    beta_range: tuple[Rate, Rate] | None = Field(
        None, description="smallest and largest β of one model that is trained for every β between them"
    )
    condition: Literal["none", "label"] = Field(
        "none",
        description="what both networks are given beside their input: nothing, or the class y of the image, so that "
        "z is left with the style",
    )

    @model_validator(mode="before")
    @classmethod
    def _with_latent_size(cls, values: Any) -> Any:
        return discrete.with_latent_size(values)

    @model_validator(mode="after")
    def _check_code(self) -> Self:
        discrete.check_code(self)
        return self

    @property
    def code(self) -> discrete.CodeShape | None:
        """The shape of a discrete code; None for a point and for Gaussians."""
        return discrete.code_shape(self)

    @model_validator(mode="after")
    def _check_range(self) -> Self:
        if self.beta_range is None:
            return self
        if self.condition != "none":
            raise ValueError(
                "a model of a range of β takes no condition: set condition to none, or leave out beta_range"
            )
        if not self.beta_range[0] < self.beta_range[1]:
            raise ValueError("beta_range goes from a smaller β to a larger one, such as 0.5 16")
        if self.posterior not in ("diagonal", "full"):
            what = "a plain AE has no β to vary" if self.posterior == "point" else "a discrete code has one β"
            raise ValueError(f"{what}: set posterior to diagonal, or leave out beta_range")
        return self


class ObjectiveConfig(Config):
    """The training objective: distortion + β · rate and its variants, in nats per image."""

    beta: float = Field(1.0, ge=0, description="weight of the regularizer")
    divergence: Literal["kl-qp", "kl-pq", "h-pq", "h-qp", "tcvae"] = Field(
        "kl-qp",
        description="regularizer: KL(q‖p), KL(p‖q), H(p,q), H(q,p), or the decomposed KL of β-TCVAE",
    )
    warmup: Literal["none", "linear", "cyclical", "falling"] = Field(
        "none",
        description="schedule that raises β from 0, or lets it fall from 20 · β, so that a conditional model learns to "
        "use the class before it uses the code",
    )
    warmup_epochs: float = Field(5.0, gt=0, description="epochs over which β rises or falls, or of one cycle")
    beta_turns: tuple[float, ...] = Field(
        (), description="β turned by hand: pairs of an epoch and the β from then on, such as 3 8 5 1"
    )
    free_bits: float = Field(0.0, ge=0, description="nats per latent dimension without penalty")
    capacity: float | None = Field(
        None, ge=0, description="final capacity C in nats; the penalty is γ·|rate − C|"
    )
    capacity_epochs: float = Field(10.0, gt=0, description="epochs over which C rises from 0")
    gamma: float = Field(30.0, gt=0, description="weight γ of |rate − C|")
    posterior_samples: int = Field(1, ge=1, le=64, description="samples from q(z|x) per image")
    balance: float = discrete.BALANCE
    commitment: float = discrete.COMMITMENT

    @model_validator(mode="after")
    def _check_compatible(self) -> Self:
        if self.capacity is not None and (self.free_bits > 0 or self.divergence != "kl-qp"):
            raise ValueError("a capacity applies to KL(q‖p) only: set free_bits to 0 and divergence to kl-qp")
        if self.divergence == "tcvae" and self.free_bits > 0:
            raise ValueError("β-TCVAE has no free bits: set free_bits to 0")
        epochs, betas = self.beta_turns[::2], self.beta_turns[1::2]
        rising = all(a < b for a, b in pairwise((-1.0, *epochs)))
        if len(epochs) != len(betas) or not rising or min((0.0, *epochs, *betas)) < 0:
            raise ValueError("beta_turns are pairs of an epoch and a β, and the epochs rise")
        return self

    @property
    def last_beta(self) -> float:
        """β at the end of training."""
        return self.beta_turns[-1] if self.beta_turns else self.beta


class TrainingConfig(Config):
    """Optimizer, schedule and hardware."""

    epochs: int = Field(20, ge=0, le=100_000, description="passes over the training images")
    batch_size: int = Field(128, ge=1, le=65_536, description="images per step")
    optimizer: Literal["adam", "adamw", "rmsprop", "sgd"] = Field("adam", description="optimizer")
    learning_rate: float = Field(1e-3, gt=0, le=10, description="peak learning rate of the schedule")
    schedule: Literal["constant", "cosine", "plateau"] = Field(
        "cosine",
        description="learning rate schedule: constant, cosine decay to 0, or reduced when the validation loss stops "
        "improving",
    )
    l1: float = Field(0.0, ge=0, description="weight of the sum of |w| over weight matrices")
    l2: float = Field(0.0, ge=0, description="weight of the sum of w² over weight matrices")
    patience: int = Field(
        0,
        ge=0,
        description="stop after this many epochs without a better validation loss; 0 disables early stopping",
    )
    corruption: Literal["none", "gaussian", "masking", "salt-and-pepper"] = Field(
        "none", description="denoising: corrupt the input, keep the target clean"
    )
    corruption_level: float = Field(
        0.3, ge=0, le=1, description="standard deviation of the noise, or fraction of pixels corrupted"
    )
    pretrain_epochs: int = Field(0, ge=0, description="epochs of greedy layer-wise pretraining, per layer")
    boxes_from: str | None = discrete.BOXES_FROM
    seed: int = Field(0, ge=0, lt=2**31, description="random seed")
    device: Literal["auto", "cpu", "cuda", "mps"] = Field("auto", description="device to train on")
    mixed_precision: bool = Field(
        False,
        description="run the networks in bfloat16 where the hardware supports it: CUDA and CPUs with AMX",
    )
    compile: bool = Field(False, description="compile the training step with torch.compile")


class RunConfig(Config):
    """All settings of a run, enough to rebuild its model."""

    data: DataConfig = DataConfig()
    model: ModelConfig = ModelConfig()
    objective: ObjectiveConfig = ObjectiveConfig()
    training: TrainingConfig = TrainingConfig()

    @model_validator(mode="after")
    def _check_rates(self) -> Self:
        check_rates(self.model, self.objective)
        discrete.check_discrete(self.model, self.objective, self.training)
        return self

    @classmethod
    def from_flat(cls, values: dict[str, Any]) -> RunConfig:
        """Build from a flat mapping `{setting: value}`; missing settings keep their defaults.

        Raises ExplorerError naming each setting that is unknown or out of range.
        """
        sections: dict[str, dict[str, Any]] = {}
        section_of = find_sections(values)
        for name, value in values.items():
            sections.setdefault(section_of[name], {})[name] = value
        return parse(cls, sections)


def check_rates(model: ModelConfig, objective: ObjectiveConfig) -> None:
    """Raises ValueError if a model of a range of β has an objective other than distortion + β · KL(q‖p), or a β outside
    its range."""
    if model.beta_range is None:
        return
    low, high = model.beta_range
    if not low <= objective.beta <= high:
        raise ValueError(
            f"beta is the β at which a model of a range is shown, so it lies within beta_range, {low:g} to {high:g}, "
            f"and not at {objective.beta:g}"
        )
    refused = {
        "divergence": (objective.divergence != "kl-qp", "to kl-qp"),
        "warmup": (objective.warmup in ("cyclical", "falling"), "to none or linear"),
        "free_bits": (objective.free_bits > 0, "to 0"),
        "beta_turns": (bool(objective.beta_turns), "to none"),
        "capacity": (objective.capacity is not None, "to none"),
    }
    for name, (clashes, remedy) in refused.items():
        if clashes:
            raise ValueError(
                f"a model of a range of β minimises distortion + β · KL(q‖p) at every β, and does not go with this "
                f"{name}: set {name} {remedy}, or leave out beta_range"
            )


def beta_grid(beta_range: tuple[float, float], count: int = BETA_KNOTS) -> list[float]:
    """`count` values of β at equal distances of log β, from one end of the range to the other."""
    low, high = beta_range
    inner = [low * (high / low) ** (i / (count - 1)) for i in range(1, count - 1)]
    return [low, *inner, high]


def find_sections(names: Iterable[str]) -> dict[str, str]:
    """Map every setting to its section. Raises ExplorerError if one of `names` is not a setting."""
    sections = {name: section for section, name, _ in settings()}
    for name in names:
        if name not in sections:
            similar = get_close_matches(name, sections, n=1)
            raise ExplorerError(
                f"There is no setting named {name[:80]!r}{f' (did you mean {similar[0]}?)' if similar else ''}; "
                "python -m explorer train --help lists all settings."
            )
    return sections


def flat(config: RunConfig) -> dict[str, Any]:
    """All settings of a run as a flat mapping, the inverse of `RunConfig.from_flat`."""
    return {name: value for section in config.model_dump().values() for name, value in section.items()}


def settings() -> list[tuple[str, str, Any]]:
    """Every setting as (section, name, pydantic field), in order; names are unique across sections."""
    rows = []
    for section, field in RunConfig.model_fields.items():
        inner = field.annotation
        assert isinstance(inner, type)
        assert issubclass(inner, Config)
        rows += [(section, name, f) for name, f in inner.model_fields.items()]
    return rows


def parse(kind: type[C], values: Any, where: str = "") -> C:
    """Validate `values` as `kind`. Raises ExplorerError with a sentence that names every invalid setting."""
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        parts = []
        for e in error.errors():
            name = ".".join(str(p) for p in e["loc"])
            reason = e["msg"].removeprefix("Value error, ").replace("Input should", "it should")
            value = f" is {reprlib.repr(e['input'])}" if name and not isinstance(e["input"], dict) else ""
            parts.append(f"{name}{value}: {reason}" if name else reason)
        raise ExplorerError(f"Bad settings{' in ' + where if where else ''}: {'; '.join(parts)}.") from None
