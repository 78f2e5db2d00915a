"""The training curve of a running job as JSON lines, written by the job and polled by the Train page."""

from __future__ import annotations

import contextlib
import json
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explorer.disk import open_file

if TYPE_CHECKING:  # fit imports torch, which readers of a curve do not need
    from explorer.training.fit import Progress

FILE = "curve.jsonl"
EVERY = 0.1
"""Minimum seconds between lines; later 1/600 of the elapsed time, which keeps files small."""


class Curve:
    """Writer of the curve. Losses are in nats per image, averaged since the previous line.

    Each line has `epoch` (fractional), `loss`, `distortion`, `rate`, `rates` (per latent dimension), `test` (the
    validation loss, if an epoch ended, else null), `beta`, `speed` (images per second) and `left` (seconds).
    """

    def __init__(self, path: Path, epoch: float) -> None:
        """Continue at `epoch`: later lines of an earlier process are dropped, as training repeats those steps."""
        self.path = path
        earlier = [line for line in read_lines(path)[0] if line["epoch"] <= epoch + 1e-9]
        with contextlib.suppress(OSError):
            path.write_text("".join(json.dumps(line) + "\n" for line in earlier))
        self.started = self.last = time.monotonic()
        self.test: float | None = None
        self._before: list[float] = []
        self._sums: list[float] = []
        self._within = self._steps = 0.0
        self._epoch = -1.0
        self._latest: Progress | None = None

    def add(self, progress: Progress) -> None:
        """Add the progress of a run, and write a line if one is due."""
        if progress.phase != "train" or not progress.steps:
            return
        per_epoch = progress.steps / progress.epochs
        epoch, within = divmod(progress.step - 1, per_epoch)
        within += 1
        terms = [progress.train[name] for name in ("loss", "distortion", "rate")] + progress.rates
        now = [within * value for value in terms]
        if epoch != self._epoch:  # a new epoch resets its running means
            self._epoch, self._before, self._within = epoch, [0.0] * len(now), 0.0
        self._sums = [
            s + a - b for s, a, b in zip(self._sums or [0.0] * len(now), now, self._before, strict=True)
        ]
        self._steps += within - self._within
        self._before, self._within = now, within
        if progress.validation:
            self.test = progress.validation["loss"]
        self._latest = progress
        if self._awaits_validation():
            return
        clock = time.monotonic()
        due = clock - self.last > max(EVERY, (clock - self.started) / 600)
        if due or progress.step == progress.steps:
            self.last = clock
            self.close()

    def close(self) -> None:
        """Write what is pending as a last line, when the run ends or pauses."""
        if self._latest and self._steps and not self._awaits_validation():
            self._write(self._latest)

    def _awaits_validation(self) -> bool:
        """Whether the epoch is complete except for validation: `add` is called again with the validation loss."""
        now = self._latest
        return now is not None and not now.validation and now.step % (now.steps / now.epochs) == 0

    def _write(self, progress: Progress) -> None:
        loss, distortion, rate, *rates = (_short(value / self._steps) for value in self._sums)
        line = {
            "epoch": round(progress.step * progress.epochs / progress.steps, 4),
            "loss": loss,
            "distortion": distortion,
            "rate": rate,
            "rates": rates,
            "test": None if self.test is None else _short(self.test),
            "beta": _short(progress.train["beta"]),
            "speed": round(progress.images_per_second),
            "left": None if math.isnan(progress.seconds_left) else round(progress.seconds_left, 1),
        }
        self._sums, self._steps, self.test = [], 0.0, None
        with contextlib.suppress(OSError), self.path.open("a") as file:  # the recorder reports a full disk
            file.write(json.dumps(line) + "\n")


def _short(value: float) -> float:
    return float(f"{value:.5g}")


def read_lines(path: Path, after: int = 0) -> tuple[list[dict[str, Any]], int]:
    """Parse the complete lines from byte `after` on; returns them and the offset of the next line."""
    try:
        with open_file(path) as file:
            file.seek(after)
            data = file.read()
    except OSError:
        return [], after
    complete = data[: data.rfind(b"\n") + 1]
    lines = []
    for text in complete.splitlines():
        try:
            lines.append(json.loads(text))
        except ValueError:  # truncated by a full disk
            continue
    return [line for line in lines if isinstance(line, dict) and "epoch" in line], after + len(complete)
