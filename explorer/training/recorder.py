"""Files that a training job writes into its folder: curve, previews, snapshots and progress."""

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
from explorer.training import curve, snapshots, warnings
from explorer.training.fit import Progress
from explorer.training.preview import Previewer
from explorer.training.runs import KEEP, PREVIEW
from explorer.training.state import TrainingState

RESERVE = "reserve"
RESERVED = 1 << 16
"""Bytes reserved on disk, and freed when it is full, so that the error can be written."""
DELAY = 3.0
"""Seconds in which snapshots wait in memory: the first ONNX export takes seconds, and a short run should show progress
before it."""
SHARE = 20
"""Previews take at most 1/SHARE of the time."""


class Recorder:
    """Recorder of a training that is not a job: it writes nothing."""

    stopped_for_good = False

    def use(self, config: RunConfig) -> None:
        """The settings from now on: β may have been turned."""

    def record(self, progress: Progress) -> None:
        """Record the progress of the run."""

    def warn(self, sentence: str) -> None:
        """Report a problem that does not end the training."""
        print(sentence, file=sys.stderr)

    def saving(self) -> None:
        """Call when training has ended, before the model is saved."""

    def close(self) -> None:
        """Call after the model is saved."""


@contextmanager
def recording(
    model: Autoencoder, images: ImageDataset, config: RunConfig, state: TrainingState, decoder: DecoderWriter
) -> Iterator[Recorder]:
    """Yield the recorder of this process: a `JobRecorder` in a job, else a `Recorder`, which writes nothing."""
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
    """Recorder of a training job in `folder`."""

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
        self.previewer = Previewer(images, config, next(model.parameters()).device)
        self.fraction, self.warnings = 0.0, dict[str, None]()
        self.started, self.next_preview = time.monotonic(), 0.0
        self.pending: list[tuple[Autoencoder, TrainingState]] = []
        with contextlib.suppress(OSError):
            (folder / RESERVE).write_bytes(bytes(RESERVED))
        if not state.step:
            self._snapshot()
        self._write_preview(state.epoch)

    @property
    def stopped_for_good(self) -> bool:  # type: ignore[override]
        return (self.folder / KEEP).exists()

    def use(self, config: RunConfig) -> None:
        self.config = config

    def record(self, progress: Progress) -> None:
        self.curve.add(progress)
        self.fraction = progress.step / progress.steps if progress.steps else 1.0
        message = (
            f"epoch {progress.epoch} of {progress.epochs}" if progress.phase == "train" else progress.phase
        )
        self.report(self.fraction, message)
        if progress.validation and (snapshots.is_due(progress.epoch) or self.state.finished):
            self._snapshot()
        if self.pending and time.monotonic() - self.started > DELAY:
            self._write_pending()
        if time.monotonic() > self.next_preview or self.state.finished:
            self._write_preview(progress.step * progress.epochs / progress.steps if progress.steps else 0.0)

    def warn(self, sentence: str) -> None:
        super().warn(sentence)
        self.warnings[sentence] = None

    def saving(self) -> None:
        self.report(self.fraction, "saving the model", force=True)
        self.curve.close()
        count = len(self.warnings)
        self._write_pending()
        if len(self.warnings) > count:
            self._write_preview(self.state.epoch)  # shows them

    def rescue(self) -> None:
        """After an error: save the curve and pending snapshots, and free disk space for the error message."""
        self.curve.close()
        self._write_pending()
        with contextlib.suppress(OSError):
            (self.folder / RESERVE).unlink(missing_ok=True)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            (self.folder / RESERVE).unlink(missing_ok=True)

    # --- snapshots ---

    def _snapshot(self) -> None:
        if (self.folder / snapshots.FOLDER / snapshots.name_of(self.state.epoch)).exists():
            return  # written before the run was resumed
        if not self.decoder.ready(self.model) and time.monotonic() - self.started < DELAY:
            self.pending.append((copy.deepcopy(self.model), copy.deepcopy(self.state)))
        else:
            self._write_pending()
            self._write(self.model, self.state)

    def _write_pending(self) -> None:
        while self.pending:
            self._write(*self.pending.pop(0))

    def _write(self, model: Autoencoder, state: TrainingState) -> None:
        resumable = state.finished or snapshots.keeps_state(state.epoch)
        if not resumable or not self._save(
            model, state, inference_only=False, consequence="has no training state"
        ):
            self._save(model, state, inference_only=True, consequence="was left out")

    def _save(self, model: Autoencoder, state: TrainingState, inference_only: bool, consequence: str) -> bool:
        """Save a snapshot; on failure, warn with the `consequence` and return False."""
        path = self.folder / snapshots.FOLDER / snapshots.name_of(state.epoch)
        options: dict[str, Any] = {
            "decoder": self.decoder,
            "max_codes": snapshots.CODES,
            "inference_only": inference_only,
        }
        try:
            room = snapshots.free_bytes(self.folder)
            save_checkpoint(path, model, self.images, self.config, state, max_bytes=room, **options)
        except (ExplorerError, OSError) as error:
            share = f"snapshots take 1/{snapshots.DISK_SHARE} of the free disk at most"
            self.warn(f"The snapshot of epoch {state.epoch} {consequence} ({share}): {error}")
            return False
        return True

    # --- previews ---

    def _write_preview(self, epoch: float) -> None:
        start = time.monotonic()
        preview = self.previewer.preview(self.model)
        notes = warnings.of_progress(self.config, self.state.history, preview["active"], self.per_epoch)
        content = {"epoch": round(epoch, 3), **preview, "notes": [*notes, *self.warnings]}
        with contextlib.suppress(OSError):  # a full disk is reported when the model cannot be saved
            replace_json(self.folder / PREVIEW, content)
        now = time.monotonic()
        self.next_preview = now + max(0.5, SHARE * (now - start))
