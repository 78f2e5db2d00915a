"""Estimate how long a training takes by timing a few of its steps. Call it in a separate process."""

import time
from typing import NamedTuple

from explorer.config import RunConfig
from explorer.training.box_source import BOX_EPOCHS, find_source

WARM_UP, MEASURE = 0.3, 1.0
"""Seconds of training before the measurement starts, and seconds it lasts."""
SAVING = 4.0
"""Seconds for the final evaluation and the ONNX export of the decoder, which loads a compiler."""


class Estimate(NamedTuple):
    """epoch: seconds per epoch, validation included. start: seconds until the first step. parameters: number of trained
    weights. images: number of training images, of `shape` (C, H, W). memory: of this machine, in bytes."""

    epoch: float
    start: float
    parameters: int
    images: int
    shape: tuple[int, int, int]
    memory: int

    def seconds(self, config: RunConfig) -> float:
        """Seconds of the whole training, from process start to saved model."""
        layers = len(config.model.hidden) if config.model.body == "mlp" else 1
        passes = config.training.epochs + config.training.pretrain_epochs * layers / 2
        passes += BOX_EPOCHS if config.training.boxes_from else 0
        return self.start + passes * self.epoch + SAVING

    def text(self, config: RunConfig) -> str:
        """The estimate as one line for the terminal."""
        return (
            f"about {self.seconds(config):.0f} s: {self.epoch:.2g} s per epoch of {self.images:,} images, "
            f"{self.parameters:,} weights"
        )


def measure(config: RunConfig) -> Estimate:
    """Train for about a second, from scratch and without saving. Raises the ExplorerError that training would raise."""
    import psutil

    from explorer import data
    from explorer.models.device import pick_device
    from explorer.training.fit import count_parameters, fit, new_model

    find_source(config)
    images = data.load(config.data)
    only = {"epochs": 100_000, "patience": 0, "pretrain_epochs": 0, "boxes_from": None}
    training = config.training.model_copy(update=only)
    model = new_model(config, images).to(pick_device(training.device))
    steps = fit(model, images, config.model_copy(update={"training": training}))
    next(steps)  # the first step imports and compiles for seconds
    start = time.time() - psutil.Process().create_time()
    started = measured = time.perf_counter()
    first = done = 0.0
    for progress in steps:
        now = time.perf_counter()
        done = progress.step * 100_000 / progress.steps  # epochs, as a fraction
        if now - started < WARM_UP or not first:
            first, measured = done, now
        elif now - measured > MEASURE and done > first:
            break
    train, validation = len(images.train_index), len(images.validation_index)
    epoch = (time.perf_counter() - measured) / (done - first)
    if done - first < 1:  # no epoch ended, so validation was not timed; it has no backward pass
        epoch *= 1 + validation / train / 3
    return Estimate(
        epoch=epoch,
        start=start,
        parameters=count_parameters(model),
        images=train,
        shape=images.image_shape,
        memory=psutil.virtual_memory().total,
    )
