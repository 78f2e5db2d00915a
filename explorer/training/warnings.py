"""Warnings about settings and runs that will disappoint, each a sentence with a remedy. Nothing is refused.

Nothing here imports torch, so that a form can show warnings while it is filled in.
"""

import math
from collections.abc import Mapping, Sequence

from explorer.config import ModelConfig, ObjectiveConfig, RunConfig, TrainingConfig

MAX_WEIGHTS_PER_PIXEL = 100
"""Weights per pixel value of the training images. The default model on the digits has 3.6."""
BYTES_PER_WEIGHT = 16
"""The float32 weight, its gradient and the two moments of Adam."""
MAX_BETA = 64.0
"""At β = 16, one latent dimension stays active on MNIST, and three on sprites."""
MAX_LEARNING_RATE, MAX_LEARNING_RATE_SGD, MIN_LEARNING_RATE = 1e-2, 1e-2, 1e-5
"""Learning rates of adaptive optimizers and of SGD, for losses that are sums over pixels."""
MIN_EPOCHS = 3
"""Epochs before a run is judged."""
COLLAPSE_STEPS = 200
"""Steps of uninformative codes that count as posterior collapse: nearly all VAEs start by decoding the average image,
and most leave that state within about 100 steps."""
MIN_RATE = 0.1
"""Rate in nats per image below which codes are uninformative."""


def of_settings(config: RunConfig) -> list[str]:
    """Warnings that follow from the settings alone."""
    sentences = []
    objective = config.objective
    if config.model.posterior != "point" and objective.beta == 0 and objective.capacity is None:
        sentences.append(
            "β = 0 with a Gaussian posterior: nothing keeps σ from shrinking to 0 or the codes near the origin, so "
            "this becomes a plain autoencoder whose random samples are noise. Choose AE, or a small β such as 0.1."
        )
    if config.model.posterior != "point" and objective.capacity is None and objective.beta > MAX_BETA:
        sentences.append(
            f"β = {objective.beta:g} makes codes so expensive that, for most images, all dimensions die and every code "
            "decodes to the same average. Begin with 2 to 16."
        )
    if config.model.condition == "label" and config.model.posterior != "point" and _repeats_class(objective):
        sentences.append(
            "With a β that is constant or rises, the codes of a conditional model learn the class before the networks "
            "use the one they are given, and keep it: set warmup to falling."
        )
    sentences += _of_training(config.training)
    narrow = min(config.model.hidden, default=config.model.latent_size)
    if config.model.body == "mlp" and narrow < config.model.latent_size:
        sentences.append(
            f"A hidden layer of {narrow} units is narrower than {config.model.latent_size} latents: no more than "
            f"{narrow} of them can be of use. Take wider layers, or fewer latents."
        )
    return sentences


def _repeats_class(objective: ObjectiveConfig) -> bool:
    """Whether nothing keeps codes from learning the class at first: a large β does, and a small capacity."""
    return objective.warmup != "falling" and objective.capacity is None


def _of_training(training: TrainingConfig) -> list[str]:
    sentences = []
    rate = training.learning_rate
    limit = MAX_LEARNING_RATE_SGD if training.optimizer == "sgd" else MAX_LEARNING_RATE
    if rate > limit:
        sentences.append(
            f"A learning rate of {rate:g} is so large that the loss diverges or all dimensions die in the first steps: "
            f"take {limit / 10:g}."
        )
    elif rate < MIN_LEARNING_RATE and training.epochs:
        sentences.append(
            f"A learning rate of {rate:g} is so small that the model hardly changes in {training.epochs:,} "
            f"epoch{'s' if training.epochs > 1 else ''}: take {MAX_LEARNING_RATE / 10:g}."
        )
    if training.epochs == 0:
        sentences.append("With 0 epochs nothing is trained: the model is saved as it is initialised.")
    return sentences


def of_size(model: ModelConfig, parameters: int, shape: Sequence[int], images: int, memory: int) -> list[str]:
    """Warnings about the size of the model.

    parameters: number of weights. shape, images: (C, H, W) and number of training images. memory: of this machine, in
    bytes.
    """
    sentences = []
    pixels = math.prod(shape)
    needed = parameters * BYTES_PER_WEIGHT
    smaller = "hidden layers such as 512 256" if model.body == "mlp" else "a smaller image size"
    if needed > memory / 2:
        sentences.append(
            f"The model has {_count(parameters)} weights and needs about {needed / 2**30:.1f} GiB of this machine's "
            f"{memory / 2**30:.1f} GiB of memory for training: take {smaller}."
        )
    elif parameters > MAX_WEIGHTS_PER_PIXEL * images * pixels:
        sentences.append(
            f"The model is far too large for these images: {_count(parameters)} weights for {_count(images * pixels)} "
            f"pixel values. It will be slow and memorise the images: take {smaller}."
        )
    if model.latent_size > pixels:
        sentences.append(
            f"{model.latent_size} latent dimensions for {pixels} pixel values compress nothing: take fewer latents."
        )
    return sentences


def of_progress(
    config: RunConfig, history: Sequence[Mapping[str, float]], active: int | None, steps: int
) -> list[str]:
    """Warnings about a run so far: posterior collapse and divergence.

    history: one row per epoch, as in `history.csv`. active: number of active units, None if unknown. steps: per epoch.
    """
    objective, epochs = config.objective, len(history)
    if epochs < MIN_EPOCHS or epochs <= _warmup_epochs(objective):
        return []
    sentences = []
    final = history[math.ceil(_warmup_epochs(objective)) :]  # the epochs with the final objective
    if config.model.posterior != "point" and active == 0 and _is_uninformative(final, steps):
        sentences.append(
            "Posterior collapse: no latent dimension says anything about the image (no active units), so every code "
            "decodes to the same average. Try a KL warm-up, free bits such as 0.1 nats, or a smaller β"
            f"{f' than {objective.beta:g}' if objective.beta else ''}."
        )
    losses = [row["train_loss"] for row in final]
    best = min(losses)
    if (
        objective.warmup != "cyclical"
        and len(losses) >= MIN_EPOCHS
        and losses[-1] - best > max(0.5 * (losses[0] - best), 0.02 * abs(best))
    ):
        sentences.append(
            f"The loss diverges: it was {best:.1f} nats and is {losses[-1]:.1f} now. Try a smaller learning rate than "
            f"{config.training.learning_rate:g}, a KL warm-up, or a smaller β."
        )
    return sentences


def _is_uninformative(history: Sequence[Mapping[str, float]], steps: int) -> bool:
    """Whether codes have been uninformative for long and the rate does not rise now: it leaves 0 slowly."""
    long = max(MIN_EPOCHS, math.ceil(COLLAPSE_STEPS / max(1, steps)))
    rates = [row["train_rate"] for row in history[-long:]]
    return len(rates) == long and max(rates) < MIN_RATE and rates[-1] < max(0.2 * MIN_RATE, 1.5 * min(rates))


def _warmup_epochs(objective: ObjectiveConfig) -> float:
    """Epochs in which the objective still changes, so that losses are not comparable."""
    changing = objective.warmup_epochs if objective.warmup in ("linear", "falling") else 0.0
    return max(changing, objective.capacity_epochs if objective.capacity is not None else 0.0)


def _count(number: int) -> str:
    return f"{number / 1e6:,.1f} million" if number >= 1e6 else f"{number:,}"
