"""`config.json` of a checkpoint: the settings that rebuild the model, and its metadata."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import AfterValidator, Field, model_validator

from explorer.config import (
    Config,
    DataConfig,
    ModelConfig,
    ObjectiveConfig,
    RunConfig,
    TrainingConfig,
    check_rates,
)
from explorer.discrete import check_discrete
from explorer.latents.codes import AT_BETA, OF_ALL, Codes
from explorer.store.names import DECODER, WEIGHTS

FORMAT: Literal[1] = 1
Size = Annotated[int, Field(ge=1, le=1 << 20)]


def _whole_characters(text: str) -> str:
    return text.encode(errors="replace").decode()


Text = Annotated[str, AfterValidator(_whole_characters)]
"""Text that can be shown: names of folders need not be UTF-8, and Python represents such bytes as lone surrogates."""


class Trained(Config):
    """The progress of a run: completed epochs, steps within the current one, and training time."""

    epochs: int = Field(0, ge=0, le=1 << 40)
    step: int = Field(0, ge=0, le=1 << 40)
    seconds: float = Field(0.0, ge=0)
    finished: bool = False


class Manifest(Config):
    """`config.json`: the settings that rebuild the model, and its metadata.

    files: SHA-256 of every other file. in_decoder: the weights that the decoder's file alone holds. metrics: the
    likelihood report on the test images, nats per image.
    imported: the kind of file that a model of another program was read from. If that is a decoder alone, there are no
    weights, and of `model` only the latent size and the kind of posterior are meaningful.
    """

    format: Literal[1] = FORMAT
    caption: Text = ""
    imported: Text = ""
    data: DataConfig
    model: ModelConfig
    objective: ObjectiveConfig
    training: TrainingConfig
    image_shape: tuple[Literal[1, 3], Size, Size]
    label_names: tuple[Text, ...] = ()
    factor_names: tuple[Text, ...] = ()
    factor_sizes: tuple[Size, ...] = ()
    factor_values: tuple[tuple[Text, ...], ...] = ()
    trained: Trained = Trained()
    metrics: dict[str, int | float | list[float] | None] = Field(default_factory=dict)
    versions: dict[str, str] = Field(default_factory=dict)
    files: dict[str, str]
    in_decoder: tuple[Text, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _before_schedules(cls, values: Any) -> Any:
        """Older checkpoints without a schedule were trained at a constant learning rate."""
        training = values.get("training") if isinstance(values, dict) else None
        if isinstance(training, dict) and "schedule" not in training:
            return values | {"training": training | {"schedule": "constant"}}
        return values

    @model_validator(mode="after")
    def _one_size_per_factor(self) -> Self:
        if len(self.factor_names) != len(self.factor_sizes):
            raise ValueError("factor_names and factor_sizes must have the same length")
        if self.factor_values and tuple(map(len, self.factor_values)) != self.factor_sizes:
            raise ValueError("factor_values must name every value of every factor, or be empty")
        return self

    @model_validator(mode="after")
    def _check_rates(self) -> Self:
        check_rates(self.model, self.objective)
        check_discrete(self.model, self.objective, self.training)
        return self

    @property
    def plain(self) -> bool:
        """Whether it is a plain autoencoder, whose codes are points."""
        return self.model.posterior == "point"

    @property
    def textbook_vae(self) -> bool:
        """Whether it is what "a VAE" means without further words: a Gaussian posterior, one β, images alone."""
        m = self.model
        return m.posterior in ("diagonal", "full") and m.condition == "none" and m.beta_range is None

    @property
    def beta(self) -> float:
        """The weight of its rate, at the end of the training."""
        return self.objective.last_beta

    @property
    def default_beta(self) -> float | None:
        """The β at which a model of a range of β is shown unless another is asked for; None for other models, whose
        networks have no β as input."""
        return self.objective.beta if self.model.beta_range else None

    @model_validator(mode="after")
    def _check_classes(self) -> Self:
        if self.model.condition == "label" and len(self.label_names) < 2:
            raise ValueError("a conditional model needs label_names, two or more")
        return self

    @property
    def classes(self) -> int:
        """The number of classes that the networks of a conditional model are given; 0 for other models, whose networks
        have no label as input."""
        return len(self.label_names) if self.model.condition == "label" else 0

    @property
    def rebuildable(self) -> bool:
        """Whether the checkpoint has the weights of the whole model, not only its decoder."""
        return not self.imported or WEIGHTS in self.files

    @property
    def network_hash(self) -> str:
        """Identifies the networks by their files; some imported models have no weights."""
        weights, decoder = self.files.get(WEIGHTS), self.files[DECODER]
        if not weights:
            return decoder
        return weights + decoder if self.in_decoder else weights

    @property
    def unfinished(self) -> bool:
        """Whether its training is still going on, or was stopped before its end."""
        begun = self.trained.epochs > 0 or self.trained.step > 0
        return begun and not self.imported and not self.trained.finished

    def metric(self, name: str) -> float | None:
        """A number of the likelihood report; None if it is unknown."""
        value = self.metrics.get(name)
        return float(value) if isinstance(value, int | float) else None

    @property
    def run(self) -> RunConfig:
        """The settings that rebuild it."""
        return RunConfig(data=self.data, model=self.model, objective=self.objective, training=self.training)


def find_problems(codes: Codes, manifest: Manifest) -> Iterator[str]:
    """Each way in which the codes do not fit the config: shapes, types, values."""
    n, d = len(codes.mean) if codes.mean.ndim else 0, manifest.model.latent_size
    if not n:
        yield "there are no codes"
    shapes = {"mean": (n, d), "scale": (n, d), "rate": (n, d), "distortion": (n,), "index": (n,)}
    shapes |= {"labels": (n,), "factors": (n, len(manifest.factor_names)), "scale_tril": (n, d, d)}
    if codes.betas is not None:
        k = codes.betas.size
        shapes |= {"betas": (k,), "beta_mean": (k, n, d), "beta_scale": (k, n, d)}
        shapes |= {"beta_rate": (k, d), "beta_distortion": (k,), "beta_error": (k - 1,)}
    code = manifest.model.code
    if code:
        shapes |= {"tokens": (n, code.tokens), "words": (code.words, code.size)}
    given = [codes.tokens is not None, codes.words is not None]
    if any(given) if code is None else not all(given):
        yield "there are no tokens" if code else "there are tokens, which only discrete codes have,"
        return
    whole = {"index": None, "labels": len(manifest.label_names) or None, "factors": manifest.factor_sizes}
    whole |= {"tokens": code.words if code else None}
    for column, shape in shapes.items():
        array = getattr(codes, column)
        if array is None:
            continue
        kind = np.int64 if column in whole else np.float32
        if array.shape != shape or array.dtype != kind:
            yield (
                f"{column} has shape {array.shape} and type {array.dtype}, where {n} codes of {d} dimensions "
                f"need {shape} and {np.dtype(kind)}"
            )
        elif not np.isfinite(array).all():
            yield f"{column} has values that are not finite"
        elif column in whole and not _within(array, whole[column]):
            yield f"{column} has values out of range"
    if manifest.classes and codes.labels is None:
        yield "a conditional model needs labels, and there are none"
    yield from _find_rate_problems(codes, manifest.model.beta_range)


def _find_rate_problems(codes: Codes, beta_range: tuple[float, float] | None) -> Iterator[str]:
    """Each way in which the codes at several β do not fit the model."""
    missing = [name for name in OF_ALL + AT_BETA if getattr(codes, name) is None]
    if beta_range is None and len(missing) < len(OF_ALL + AT_BETA):
        yield "there are codes at several β, which only a model of a range of β has,"
    elif beta_range and missing:
        yield f"a model of a range of β needs codes at several β, and there is no {missing[0]}"
    elif beta_range and not _covers(codes.betas, beta_range):
        low, high = beta_range
        yield f"betas do not rise from {low:g} to {high:g}"


def _covers(betas: np.ndarray | None, beta_range: tuple[float, float]) -> bool:
    """Whether these β rise from one end of the range to the other."""
    assert betas is not None
    rising = betas.ndim == 1 and len(betas) > 1 and bool((np.diff(betas) > 0).all())
    return rising and np.allclose(betas[[0, -1]], beta_range, rtol=1e-5)


def _within(array: np.ndarray, limit: int | tuple[int, ...] | None) -> bool:
    return bool((array >= 0).all() and (limit is None or (array < limit).all()))
