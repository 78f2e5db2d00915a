"""Guard rails: settings and runs that will disappoint, each named in a sentence with its remedy. Nothing is refused.

Nothing here imports torch, so that a form can ask while it is filled in.
"""

import math
from collections.abc import Mapping, Sequence

from explorer.config import ModelConfig, ObjectiveConfig, RunConfig, TrainingConfig

FAR_TOO_LARGE = 100
"""Weights per pixel value in the training images. The default model on the digits has 3.6."""
BYTES_PER_WEIGHT = 16
"""float32 weight, gradient and Adam's two averages."""
MAX_BETA = 64.0
"""On MNIST at β = 16 a single dimension is left, on sprites three."""
MAX_LEARNING_RATE, MAX_LEARNING_RATE_SGD, MIN_LEARNING_RATE = 1e-2, 1e-2, 1e-5
"""Step sizes of adaptive optimizers and of plain SGD; losses are sums over pixels."""
SETTLED = 3
"""Epochs before a verdict."""
PATIENCE = 200
"""Steps before a code that says nothing is called a collapse: nearly all VAEs begin so, with the average image, and
most leave that state in about 100."""
SILENT = 0.1
"""Nats per image below which a code says nothing."""


def of_settings(config: RunConfig) -> list[str]:
    """What can be told from the settings alone."""
    found = []
    objective = config.objective
    if config.model.posterior != "point" and objective.beta == 0 and objective.capacity is None:
        found.append(
            "β = 0 with a Gaussian posterior: nothing keeps σ from shrinking to 0 or the codes near the origin, so "
            "this becomes a plain autoencoder whose random samples are noise. Choose AE, or a small β such as 0.1."
        )
    if config.model.posterior != "point" and objective.capacity is None and objective.beta > MAX_BETA:
        found.append(
            f"β = {objective.beta:g} makes codes so expensive that, for most images, all dimensions die and every code "
            "decodes to the same average. Begin with 2 to 16."
        )
    found += _of_training(config.training)
    narrow = min(config.model.hidden, default=config.model.latent_size)
    if config.model.body == "mlp" and narrow < config.model.latent_size:
        found.append(
            f"A hidden layer of {narrow} units is narrower than {config.model.latent_size} latents: no more than "
            f"{narrow} of them can be of use. Take wider layers, or fewer latents."
        )
    return found


def _of_training(training: TrainingConfig) -> list[str]:
    found = []
    rate = training.learning_rate
    most = MAX_LEARNING_RATE_SGD if training.optimizer == "sgd" else MAX_LEARNING_RATE
    if rate > most:
        found.append(
            f"A learning rate of {rate:g} is so large that the loss diverges or all dimensions die in the first steps: "
            f"take {most / 10:g}."
        )
    elif rate < MIN_LEARNING_RATE and training.epochs:
        found.append(
            f"A learning rate of {rate:g} is so small that the model hardly changes in {training.epochs:,} "
            f"epoch{'s' if training.epochs > 1 else ''}: take {MAX_LEARNING_RATE / 10:g}."
        )
    if training.epochs == 0:
        found.append("With 0 epochs nothing is trained: the model is saved as it is initialised.")
    return found


def of_size(model: ModelConfig, parameters: int, shape: Sequence[int], images: int, memory: int) -> list[str]:
    """What can be told from the numbers of weights and of training images, of `shape` (C, H, W).

    memory: of the machine, in bytes.
    """
    found = []
    pixels = math.prod(shape)
    needed = parameters * BYTES_PER_WEIGHT
    smaller = "hidden layers such as 512 256" if model.body == "mlp" else "a smaller image size"
    if needed > memory / 2:
        found.append(
            f"The model has {_count(parameters)} weights and needs about {needed / 2**30:.1f} GiB of this machine's "
            f"{memory / 2**30:.1f} GiB of memory for training: take {smaller}."
        )
    elif parameters > FAR_TOO_LARGE * images * pixels:
        found.append(
            f"The model is far too large for these images: {_count(parameters)} weights for {_count(images * pixels)} "
            f"pixel values. It will be slow and learn images by heart: take {smaller}."
        )
    if model.latent_size > pixels:
        found.append(
            f"{model.latent_size} latent dimensions for {pixels} pixel values compress nothing: take fewer latents."
        )
    return found


def of_progress(
    config: RunConfig, history: Sequence[Mapping[str, float]], active: int | None, steps: int
) -> list[str]:
    """What can be told from a run so far.

    history: one row per epoch, as in `history.csv`. active: active units, None if they are not known. steps: per
    epoch.
    """
    objective, epochs = config.objective, len(history)
    if epochs < SETTLED or epochs <= _rising(objective):
        return []
    found = []
    final = history[math.ceil(_rising(objective)) :]  # with the objective as it stays
    if config.model.posterior != "point" and active == 0 and _silent(final, steps):
        found.append(
            "Posterior collapse: no latent dimension says anything about the image (no active units), so every code "
            "decodes to the same average. Try a KL warm-up, free bits such as 0.1 nats, or a smaller β"
            f"{f' than {objective.beta:g}' if objective.beta else ''}."
        )
    losses = [row["train_loss"] for row in final]
    best = min(losses)
    if (
        objective.warmup != "cyclical"
        and len(losses) >= SETTLED
        and losses[-1] - best > max(0.5 * (losses[0] - best), 0.02 * abs(best))
    ):
        found.append(
            f"The loss diverges: it was {best:.1f} nats and is {losses[-1]:.1f} now. Try a smaller learning rate than "
            f"{config.training.learning_rate:g}, a KL warm-up, or a smaller β."
        )
    return found


def _silent(history: Sequence[Mapping[str, float]], steps: int) -> bool:
    """Whether codes have said nothing for long, and do not begin to speak just now: the rate leaves 0 slowly."""
    long = max(SETTLED, math.ceil(PATIENCE / max(1, steps)))
    rates = [row["train_rate"] for row in history[-long:]]
    return len(rates) == long and max(rates) < SILENT and rates[-1] < max(0.2 * SILENT, 1.5 * min(rates))


def _rising(objective: ObjectiveConfig) -> float:
    """Epochs in which the objective itself still changes, so that losses do not compare."""
    rising = objective.warmup_epochs if objective.warmup == "linear" else 0.0
    return max(rising, objective.capacity_epochs if objective.capacity is not None else 0.0)


def _count(number: int) -> str:
    return f"{number / 1e6:,.1f} million" if number >= 1e6 else f"{number:,}"
