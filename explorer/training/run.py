"""One run from settings to checkpoint, with a progress bar, in the foreground."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tqdm import tqdm

from explorer import data, store
from explorer.config import RunConfig
from explorer.data.dataset import ImageDataset
from explorer.errors import ExplorerError
from explorer.metrics.likelihood import evaluate
from explorer.models import Autoencoder
from explorer.store import Checkpoint
from explorer.training.checkpoint import load_model, load_state, save_checkpoint
from explorer.training.fit import Progress, fit, new_model
from explorer.training.state import TrainingState, build_optimizer, pick_device

SAVE_SECONDS = 60.0
TERMS = ("loss", "distortion", "rate")


def default_name(config: RunConfig) -> str:
    """For example mnist-vae-beta4-z10."""
    data_name = "".join(c if c.isalnum() or c in "-_" else "-" for c in Path(config.data.data).stem)
    kind = "ae" if config.model.posterior == "point" else "vae"
    beta = "" if kind == "ae" or config.objective.beta == 1 else f"-beta{config.objective.beta:g}"
    return f"{data_name.strip('-') or 'images'}-{kind}{beta}-z{config.model.latent_size}"


def train(
    folder: Path,
    given: dict[str, Any],
    name: str | None = None,
    resume: str | None = None,
    replace: bool = False,
) -> tuple[Checkpoint, bool]:
    """Train with the settings `given`, saving as it goes; returns the checkpoint and whether it was interrupted.

    Ctrl-C saves a checkpoint that `resume` continues bit for bit. Raises ExplorerError for settings that do not
    work, a name that is taken, data that is not there, a disk that is full, or a loss that is not finite.
    """
    if resume:
        path, config = folder / store.check_name(name or resume), _resumed(folder, resume, given)
    else:
        config = RunConfig.from_flat(given)
        path = folder / store.check_name(name or default_name(config))
        if path.exists() and not replace:
            raise ExplorerError(
                f"There is a checkpoint {path.name} already; choose another --name, --resume it, or --replace it."
            )
    device = pick_device(config.training.device)
    images = data.load(config.data)
    if resume:
        old = store.open_checkpoint(folder / resume)
        model = load_model(old).to(device)
        state = load_state(old, model, config)
        state.finished = False
    else:
        model = new_model(config, images).to(device)
        state = TrainingState(build_optimizer(model, config.training))
    return _drive(path, model, images, config, state)


def _resumed(folder: Path, name: str, given: dict[str, Any]) -> RunConfig:
    config = store.open_checkpoint(folder / store.check_name(name)).manifest.run
    other = sorted(given.keys() - {"epochs"})
    if other:
        raise ExplorerError(
            f"A resumed run keeps its settings, so {', '.join(other)} cannot be given; only epochs can."
        )
    epochs = {"epochs": given["epochs"]} if given else {}
    return RunConfig.from_flat({**_flat(config), **epochs})


def _flat(config: RunConfig) -> dict[str, Any]:
    return {name: value for section in config.model_dump().values() for name, value in section.items()}


def _drive(
    path: Path, model: Autoencoder, images: ImageDataset, config: RunConfig, state: TrainingState
) -> tuple[Checkpoint, bool]:
    saved, interrupted = time.monotonic(), False
    with _stop_asked() as stop, tqdm(file=sys.stderr, unit="step", dynamic_ncols=True, disable=None) as bar:
        for progress in fit(model, images, config, state):
            _show(bar, progress)
            if stop.is_set():
                interrupted = True
                break
            if progress.phase == "train" and time.monotonic() - saved > SAVE_SECONDS:
                save_checkpoint(path, model, images, config, state)
                saved = time.monotonic()
    metrics = None if interrupted else evaluate(model, images, config.data.binarize).as_dict()
    return save_checkpoint(path, model, images, config, state, metrics), interrupted


def _show(bar: tqdm[Any], progress: Progress) -> None:
    bar.total, bar.n = progress.steps, progress.step
    train = progress.train
    terms: dict[str, str] = {name: f"{train[name]:.2f}" for name in TERMS if name in train}
    if progress.test:
        terms["test"] = f"{progress.test['loss']:.2f}"
    speed = {"images/s": f"{progress.images_per_second:,.0f}"}
    where = progress.phase if progress.phase != "train" else f"epoch {progress.epoch}/{progress.epochs}"
    bar.set_description(where, refresh=False)
    bar.set_postfix(terms | speed)


@contextmanager
def _stop_asked() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C (or a polite end from the system) sets; the second Ctrl-C interrupts."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return

    def ask(number: int, _: Any) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
