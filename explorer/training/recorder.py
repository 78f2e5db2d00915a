"""What a training that runs as a job writes into its folder: curve, previews, snapshots, how far it is."""

import contextlib
import copy
import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from explorer import environment
from explorer.config import RunConfig
from explorer.data.dataset import ImageDataset
from explorer.disk import replace_json
from explorer.errors import ExplorerError
from explorer.jobs import Report
from explorer.models import Autoencoder
from explorer.models.onnx_graph import DecoderWriter
from explorer.store.weights import save_checkpoint
from explorer.training import curve, preview, snapshots, warnings
from explorer.training.fit import Progress
from explorer.training.runs import KEEP, PREVIEW
from explorer.training.state import TrainingState

RESERVE = "reserve"
RESERVED = 1 << 16
"""Bytes that are given back when the disk is full, so that there is room to say so."""
AT_ONCE = 3.0
"""Seconds of training in which snapshots wait in memory: the first decoder file takes seconds, and a short run should
be seen to run before."""
SHARE = 20
"""Previews may take 1 part in this of the time."""


class Recorder:
    """Of a training that is no job: writes nothing."""

    stopped_for_good = False

    def record(self, progress: Progress) -> None:
        """The run has come this far."""

    def warn(self, sentence: str) -> None:
        """Something went wrong that does not end the training."""
        print(sentence, file=sys.stderr)

    def saving(self) -> None:
        """Training has ended; the model is about to be saved."""

    def close(self) -> None:
        """The model is saved."""


@contextmanager
def recording(
    model: Autoencoder, images: ImageDataset, config: RunConfig, state: TrainingState, decoder: DecoderWriter
) -> Iterator[Recorder]:
    """The recorder of the job that this process is, or one that does nothing."""
    folder = environment.job_folder()
    if not folder:
        yield Recorder()
        return
    recorder = JobRecorder(folder, model, images, config, state, decoder)
    try:
        yield recorder
    except ExplorerError:
        recorder.rescue()
        raise


class JobRecorder(Recorder):
    """Of a training in the job folder `folder`."""

    def __init__(
        self,
        folder: Path,
        model: Autoencoder,
        images: ImageDataset,
        config: RunConfig,
        state: TrainingState,
        decoder: DecoderWriter,
    ) -> None:
        self.folder, self.model, self.images, self.config = folder, model, images, config
        self.state, self.decoder = state, decoder
        self.per_epoch = math.ceil(len(images.train_index) / config.training.batch_size)
        self.report = Report(folder)
        self.curve = curve.Curve(
            folder / curve.FILE,
            state.epoch + state.step * config.training.batch_size / max(1, len(images.train_index)),
        )
        self.previewer = preview.Previewer(images, config, next(model.parameters()).device)
        self.fraction, self.warnings = 0.0, dict[str, None]()
        self.began, self.next_preview = time.monotonic(), 0.0
        self.waiting: list[tuple[Autoencoder, TrainingState]] = []
        with contextlib.suppress(OSError):
            (folder / RESERVE).write_bytes(bytes(RESERVED))
        if not state.step:
            self._snapshot()
        self._write_preview(state.epoch)

    @property
    def stopped_for_good(self) -> bool:  # type: ignore[override]
        return (self.folder / KEEP).exists()

    def record(self, progress: Progress) -> None:
        self.curve.add(progress)
        self.fraction = progress.step / progress.steps if progress.steps else 1.0
        what = f"epoch {progress.epoch} of {progress.epochs}" if progress.phase == "train" else progress.phase
        self.report(self.fraction, what)
        if progress.validation and (snapshots.is_due(progress.epoch) or self.state.finished):
            self._snapshot()
        if self.waiting and time.monotonic() - self.began > AT_ONCE:
            self._write_waiting()
        if time.monotonic() > self.next_preview or self.state.finished:
            self._write_preview(progress.step * progress.epochs / progress.steps if progress.steps else 0.0)

    def warn(self, sentence: str) -> None:
        super().warn(sentence)
        self.warnings[sentence] = None

    def saving(self) -> None:
        self.report(self.fraction, "saving the model", force=True)
        self.curve.close()
        self._write_waiting()

    def rescue(self) -> None:
        """After an error: keep the curve and the snapshots that still wait, and make room to tell what happened."""
        self.curve.close()
        self._write_waiting()
        with contextlib.suppress(OSError):
            (self.folder / RESERVE).unlink(missing_ok=True)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            (self.folder / RESERVE).unlink(missing_ok=True)

    # --- snapshots ---

    def _snapshot(self) -> None:
        if (self.folder / snapshots.FOLDER / snapshots.name_of(self.state.epoch)).exists():
            return  # from before it was resumed
        if not self.decoder.ready(self.model) and time.monotonic() - self.began < AT_ONCE:
            self.waiting.append((copy.deepcopy(self.model), copy.deepcopy(self.state)))
        else:
            self._write_waiting()
            self._write(self.model, self.state)

    def _write_waiting(self) -> None:
        while self.waiting:
            self._write(*self.waiting.pop(0))

    def _write(self, model: Autoencoder, state: TrainingState) -> None:
        whole = state.finished or snapshots.keeps_state(state.epoch)
        if not whole or not self._save(model, state, inference_only=False, lost="has no training state"):
            self._save(model, state, inference_only=True, lost="was left out")

    def _save(self, model: Autoencoder, state: TrainingState, inference_only: bool, lost: str) -> bool:
        """Whether the snapshot is saved; if not, it is told what it has lost."""
        path = self.folder / snapshots.FOLDER / snapshots.name_of(state.epoch)
        what: dict[str, Any] = {
            "decoder": self.decoder,
            "max_codes": snapshots.CODES,
            "inference_only": inference_only,
        }
        try:
            room = snapshots.free_bytes(self.folder)
            save_checkpoint(path, model, self.images, self.config, state, max_bytes=room, **what)
        except (ExplorerError, OSError) as error:
            share = f"snapshots take 1/{snapshots.DISK_SHARE} of the free disk at most"
            self.warn(f"The snapshot of epoch {state.epoch} {lost} ({share}): {error}")
            return False
        return True

    # --- previews ---

    def _write_preview(self, epoch: float) -> None:
        began = time.monotonic()
        shown = self.previewer.preview(self.model)
        notes = warnings.of_progress(self.config, self.state.history, shown["active"], self.per_epoch)
        told = {"epoch": round(epoch, 3), **shown, "notes": [*notes, *self.warnings]}
        with contextlib.suppress(OSError):  # a full disk is told when the model cannot be saved
            replace_json(self.folder / PREVIEW, told)
        now = time.monotonic()
        self.next_preview = now + max(0.5, SHARE * (now - began))
