"""One run from settings to checkpoint, with a progress bar, in the foreground."""

from __future__ import annotations

import math
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from tqdm import tqdm

from explorer import data, environment, store
from explorer.config import RunConfig, flat, home_of
from explorer.data.dataset import ImageDataset
from explorer.disk import check_writable
from explorer.errors import ExplorerError
from explorer.metrics.likelihood import compute_likelihood
from explorer.models import Autoencoder
from explorer.models.device import pick_device
from explorer.models.onnx_graph import DecoderWriter
from explorer.store import Checkpoint
from explorer.store.originals import load_images
from explorer.store.weights import load_model, save_checkpoint
from explorer.training.fit import Progress, fit, new_model
from explorer.training.recorder import Recorder, recording
from explorer.training.run_names import default_name
from explorer.training.state import TrainingState, build_optimizer, load_state

SAVE_SECONDS = 60.0
SAVE_SHARE = 20
"""Saving takes at most 1 part in so many of the time: it encodes thousands of test images."""
BAR = "{desc} {bar} {remaining} left{postfix}"  # all but the validation loss fits into 80 columns
TERMS = ("loss", "distortion", "rate")
Watch = Callable[[Progress], bool]
BRANCH_KEEPS = {"optimizer", "pretrain_epochs"}


def train(
    folder: Path,
    given: dict[str, Any],
    name: str | None = None,
    resume: str | None = None,
    replace: bool = False,
    branch: Path | None = None,
    watch: Watch | None = None,
) -> tuple[Checkpoint, bool]:
    """Train with the settings `given`, saving as it goes; returns the checkpoint and whether it was interrupted.

    Ctrl-C saves a checkpoint that `resume` continues bit for bit. branch: a checkpoint, or a snapshot of a run, to
    begin from, optimizer and random state included, with another objective or training if `given` says so; without
    such settings this too continues bit for bit. Started as a job, it records itself in the job's folder
    (`recorder`), unless somebody else does: watch hears of all progress, and when it returns True, the
    run is saved and ends as after Ctrl-C.
    Raises ExplorerError for settings that do not work, a name that is taken, data that is not there, a disk that
    is full, or a loss that is not finite.
    """
    old = store.open_checkpoint(folder / store.check_name(resume)) if resume is not None else None
    if branch is not None:
        old = store.open_checkpoint(branch)
    if old is None:
        config = RunConfig.from_flat(given)
    else:
        config = _resumed(old, given) if branch is None else _branched(old, given)
    path = folder / store.check_name(name if name is not None else resume or default_name(config))
    if path.name != resume and not replace and store.exists(path):
        raise ExplorerError(
            f"There is a checkpoint {path.name} already; choose another --name, --resume it, or --replace it."
        )
    check_writable(folder)
    device = pick_device(config.training.device)
    if old is None:
        images = data.load(config.data)
        model = new_model(config, images).to(device)
        state = TrainingState(build_optimizer(model, config.training))
        return _drive(path, model, images, config, state, watch)
    images = load_images(old)
    model = load_model(old).to(device)
    state = load_state(old, model, config)
    state.finished = False
    if config.training.patience and state.waited >= config.training.patience:
        state.waited = 0  # it ran out, and more epochs were asked for all the same
    if config.objective != old.manifest.objective:
        state.best, state.waited, state.best_weights = math.inf, 0, {}  # losses that do not compare
    return _drive(path, model, images, config, state, watch, old.manifest.caption)


def _resumed(old: Checkpoint, given: dict[str, Any]) -> RunConfig:
    other = sorted(given.keys() - {"epochs"})
    if other:
        raise ExplorerError(
            f"A resumed run keeps its settings, so {', '.join(other)} cannot be given; only epochs can."
        )
    return _lengthened(old, given)


def _branched(old: Checkpoint, given: dict[str, Any]) -> RunConfig:
    """The settings of a branch: those that the weights and the optimizer were made for cannot change."""
    before = flat(old.manifest.run)
    fixed = {name for name, section in home_of(given).items() if section in ("data", "model")} | BRANCH_KEEPS
    now = flat(RunConfig.from_flat(before | given))
    other = sorted(name for name in fixed if now[name] != before[name])
    if other:
        raise ExplorerError(
            f"A branch goes on with the weights it begins from, so {', '.join(other)} cannot change; "
            "start a new run for that."
        )
    return _lengthened(old, given)


def _lengthened(old: Checkpoint, given: dict[str, Any]) -> RunConfig:
    config = RunConfig.from_flat(flat(old.manifest.run) | given)
    done = old.manifest.trained
    if (done.finished and config.training.epochs <= done.epochs) or config.training.epochs < done.epochs:
        raise ExplorerError(
            f"Checkpoint {old.name} has been trained for {done.epochs} epochs already; "
            "to go on, give it more --epochs."
        )
    return config


def _drive(
    path: Path,
    model: Autoencoder,
    images: ImageDataset,
    config: RunConfig,
    state: TrainingState,
    watch: Watch | None,
    caption: str = "",
) -> tuple[Checkpoint, bool]:
    decoder = DecoderWriter(environment.runs_folder() / "decoders" if environment.job_folder() else None)

    def save(metrics: dict[str, Any] | None = None) -> Checkpoint:
        return save_checkpoint(path, model, images, config, state, metrics, caption, decoder)

    next_save, interrupted, metrics = time.monotonic() + SAVE_SECONDS, False, None
    recorded = nullcontext(Recorder()) if watch else recording(model, images, config, state, decoder)
    with stop_asked() as stop, recorded as recorder:
        with tqdm(file=sys.stderr, bar_format=BAR, dynamic_ncols=True, disable=None) as bar:
            for progress in fit(model, images, config, state):
                _show(bar, progress)
                recorder.see(progress)
                if ((watch and watch(progress)) or stop.is_set()) and not state.finished:
                    interrupted = True
                    break
                if progress.phase == "train" and time.monotonic() > next_save:
                    began = time.monotonic()
                    try:
                        save()
                    except ExplorerError as error:  # there may be room again before the end
                        recorder.trouble(str(error))
                    took = time.monotonic() - began
                    next_save = time.monotonic() + max(SAVE_SECONDS, SAVE_SHARE * took)
        if interrupted:
            print("Stopping: saving what was trained. Ctrl-C again to give it up.", file=sys.stderr)
        else:
            state.finished = True
        if not interrupted or recorder.stopped_for_good:
            metrics = compute_likelihood(model, images, config.data.binarize).as_dict()
        recorder.saving()
        checkpoint = save(metrics)
        recorder.close()
        return checkpoint, interrupted


def _show(bar: tqdm[Any], progress: Progress) -> None:
    training = progress.phase == "train"
    if training and bar.total is None:
        # only now, so that neither pretraining nor the steps of an earlier session count for the time left
        bar.reset(total=progress.steps)
        bar.initial = progress.step
    bar.n = progress.step
    parts = [f"{name} {progress.train[name]:.2f}" for name in TERMS if name in progress.train]
    if progress.validation:
        parts.append(f"validation {progress.validation['loss']:.2f}")
    bar.set_description_str(
        f"epoch {progress.epoch}/{progress.epochs}" if training else progress.phase, refresh=False
    )
    bar.set_postfix_str(" ".join([f"{progress.images_per_second:,.0f} images/s", *parts]))


@contextmanager
def stop_asked() -> Iterator[threading.Event]:
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
