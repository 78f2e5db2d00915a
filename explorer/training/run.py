"""Train one model in the foreground, from settings to checkpoint, with a progress bar."""

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
from explorer.config import RunConfig, find_sections, flat
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
from explorer.training import snapshots
from explorer.training.beta_turns import BetaTurns
from explorer.training.box_source import find_source
from explorer.training.fit import Progress, fit, new_model
from explorer.training.recorder import Recorder, recording
from explorer.training.run_names import default_name
from explorer.training.state import TrainingState, build_optimizer, load_state

SAVE_SECONDS = 60.0
SAVE_SHARE = 20
"""Saving, which encodes thousands of test images, takes at most 1/SAVE_SHARE of the time."""
BAR = "{desc} {bar} {remaining} left{postfix}"  # all but the validation loss fits in 80 columns
TERMS = ("loss", "distortion", "rate")
Watch = Callable[[Progress], bool]
BRANCH_KEEPS = {"optimizer", "pretrain_epochs", "boxes_from"}


def train(
    folder: Path,
    settings: dict[str, Any],
    name: str | None = None,
    resume: str | None = None,
    replace: bool = False,
    branch: Path | None = None,
    watch: Watch | None = None,
) -> tuple[Checkpoint, bool]:
    """Train with `settings`, saving regularly; returns the checkpoint and whether the run was interrupted.

    resume: name of a checkpoint to continue bit for bit, as Ctrl-C saves it. branch: a checkpoint or a snapshot of a
    run to start from, with its optimizer and random state; `settings` may change the objective and the training, and
    without changes the run continues bit for bit. watch: called with all progress; if it returns True, the run is
    saved and ends as after Ctrl-C. Without watch, a run in a job writes to the job's folder (`recorder`).
    Raises ExplorerError for invalid settings, a name that is in use, missing data, a full disk, or a loss that is not
    finite.
    """
    old = store.open_checkpoint(folder / store.check_name(resume)) if resume is not None else None
    if branch is not None:
        old = store.open_checkpoint(branch)
        snapshots.check_branch_point(old)
    if old is None:
        config = RunConfig.from_flat(settings)
    else:
        config = _resume_config(old, settings) if branch is None else _branch_config(old, settings)
    path = folder / store.check_name(name if name is not None else resume or default_name(config))
    if path.name != resume and not replace and store.exists(path):
        raise ExplorerError(
            f"There is already a checkpoint {path.name}; choose another --name, --resume it, or --replace it."
        )
    check_writable(folder)
    if old is None:
        find_source(config)
    device = pick_device(config.training.device)
    if old is None:
        images = data.load(config.data)
        model = new_model(config, images).to(device)
        state = TrainingState(build_optimizer(model, config.training))
        return _run(path, model, images, config, state, watch)
    images = load_images(old)
    model = load_model(old).to(device)
    model.beta = config.objective.beta  # a branch may be shown at another
    state = load_state(old, model, config)
    state.finished = False
    if config.training.patience and state.epochs_since_best >= config.training.patience:
        state.epochs_since_best = 0  # patience ran out, but the caller asks for more epochs
    if config.objective != old.manifest.objective:
        # losses of two objectives are not comparable
        state.best, state.epochs_since_best, state.best_weights = math.inf, 0, {}
    return _run(path, model, images, config, state, watch, old.manifest.caption)


def _resume_config(old: Checkpoint, settings: dict[str, Any]) -> RunConfig:
    changed = sorted(settings.keys() - {"epochs"})
    if changed:
        raise ExplorerError(
            f"A resumed run keeps its settings, so {', '.join(changed)} cannot change; only epochs can."
        )
    return _extend(old, settings)


def _branch_config(old: Checkpoint, settings: dict[str, Any]) -> RunConfig:
    """The settings of a branch. Settings that determine the shapes of weights or optimizer state cannot change."""
    before = flat(old.manifest.run)
    fixed = {
        name for name, section in find_sections(settings).items() if section in ("data", "model")
    } | BRANCH_KEEPS
    now = flat(RunConfig.from_flat(before | settings))
    changed = sorted(name for name in fixed if now[name] != before[name])
    if changed:
        raise ExplorerError(
            f"A branch continues with the weights it starts from, so {', '.join(changed)} cannot change; "
            "start a new run for that."
        )
    return _extend(old, settings)


def _extend(old: Checkpoint, settings: dict[str, Any]) -> RunConfig:
    config = RunConfig.from_flat(flat(old.manifest.run) | settings)
    trained = old.manifest.trained
    if (
        trained.finished and config.training.epochs <= trained.epochs
    ) or config.training.epochs < trained.epochs:
        raise ExplorerError(
            f"Checkpoint {old.name} has already been trained for {trained.epochs} epochs; "
            "to continue, set more --epochs."
        )
    return config


def _run(
    path: Path,
    model: Autoencoder,
    images: ImageDataset,
    config: RunConfig,
    state: TrainingState,
    watch: Watch | None,
    caption: str = "",
) -> tuple[Checkpoint, bool]:
    decoder = DecoderWriter(environment.runs_folder() / "decoders" if environment.job_folder() else None)

    turns = BetaTurns(config, environment.job_folder() or None)

    # of a model of a range of β, codes are encoded at every knot: until it is done, only few
    few = {"max_codes": snapshots.CODES} if config.model.beta_range else {}

    def save(metrics: dict[str, Any] | None = None) -> Checkpoint:
        how: dict[str, Any] = {} if metrics else few
        return save_checkpoint(path, model, images, turns.config, state, metrics, caption, decoder, **how)

    next_save, interrupted, metrics = time.monotonic() + SAVE_SECONDS, False, None
    recorders = nullcontext(Recorder()) if watch else recording(model, images, config, state, decoder)
    with stop_event() as stop, recorders as recorder:
        with tqdm(file=sys.stderr, bar_format=BAR, dynamic_ncols=True, disable=None) as bar:
            for progress in fit(model, images, config, state, turns):
                _show(bar, progress)
                recorder.use(turns.config)
                recorder.record(progress)
                if ((watch and watch(progress)) or stop.is_set()) and not state.finished:
                    interrupted = True
                    break
                if progress.phase == "train" and time.monotonic() > next_save:
                    start = time.monotonic()
                    try:
                        save()
                    except ExplorerError as error:  # the disk may have space again later
                        recorder.warn(str(error))
                    seconds = time.monotonic() - start
                    next_save = time.monotonic() + max(SAVE_SECONDS, SAVE_SHARE * seconds)
        if interrupted:
            print("Stopping: saving the model. Press Ctrl-C again to quit without saving.", file=sys.stderr)
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
        # reset, so that pretraining and resumed steps do not distort the time left
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
def stop_event() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C or SIGTERM sets; the second raises KeyboardInterrupt."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def handle(number: int, _: Any) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
