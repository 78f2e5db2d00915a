"""The training curve of a running job as JSON lines, which a page reads while they are written."""

from __future__ import annotations

import contextlib
import json
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explorer.disk import open_file

if TYPE_CHECKING:  # it imports torch, which whoever only reads a curve does not need
    from explorer.training.fit import Progress

FILE = "curve.jsonl"
EVERY = 0.1
"""Seconds between lines at first; later 1/600 of the time so far, so that files stay small."""


class Curve:
    """Writes one line now and then: `epoch` (a fraction within an epoch), the terms `loss`, `distortion`, `rate` and
    `rates` as means since the line before, `test` (loss) if an epoch ended, `beta`, `speed` (images per second) and
    `left` (seconds). Losses are nats per image."""

    def __init__(self, path: Path, epoch: float) -> None:
        """Go on at `epoch`: what an earlier process wrote beyond is dropped, for it comes again."""
        self.path = path
        kept = [line for line in read_lines(path)[0] if line["epoch"] <= epoch + 1e-9]
        with contextlib.suppress(OSError):
            path.write_text("".join(json.dumps(line) + "\n" for line in kept))
        self.began = self.last = time.monotonic()
        self.test: float | None = None
        self._before: list[float] = []
        self._sums: list[float] = []
        self._within = self._steps = 0.0
        self._epoch = -1.0
        self._latest: Progress | None = None

    def add(self, progress: Progress) -> None:
        """Take a moment of the run into account, and write a line if it is time."""
        if progress.phase != "train" or not progress.steps:
            return
        per_epoch = progress.steps / progress.epochs
        epoch, within = divmod(progress.step - 1, per_epoch)
        within += 1
        terms = [progress.train[name] for name in ("loss", "distortion", "rate")] + progress.rates
        now = [within * value for value in terms]
        if epoch != self._epoch:  # another one: its means begin anew
            self._epoch, self._before, self._within = epoch, [0.0] * len(now), 0.0
        self._sums = [
            s + a - b for s, a, b in zip(self._sums or [0.0] * len(now), now, self._before, strict=True)
        ]
        self._steps += within - self._within
        self._before, self._within = now, within
        if progress.validation:
            self.test = progress.validation["loss"]
        self._latest = progress
        if self._awaits_test():
            return
        clock = time.monotonic()
        due = clock - self.last > max(EVERY, (clock - self.began) / 600)
        if due or progress.step == progress.steps:
            self.last = clock
            self.close()

    def close(self) -> None:
        """Write the line that is due here whatever the time: the run ends, or is paused."""
        if self._latest and self._steps and not self._awaits_test():
            self._write(self._latest)

    def _awaits_test(self) -> bool:
        """Whether the epoch is complete but for its test, with which this very moment comes again."""
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
        with contextlib.suppress(OSError), self.path.open("a") as file:  # a full disk is told elsewhere
            file.write(json.dumps(line) + "\n")


def _short(value: float) -> float:
    return float(f"{value:.5g}")


def read_lines(path: Path, after: int = 0) -> tuple[list[dict[str, Any]], int]:
    """The whole lines from byte `after` on, and where the next ones will begin."""
    try:
        with open_file(path) as file:
            file.seek(after)
            data = file.read()
    except OSError:
        return [], after
    whole = data[: data.rfind(b"\n") + 1]
    lines = []
    for text in whole.splitlines():
        try:
            lines.append(json.loads(text))
        except ValueError:  # cut short by a full disk
            continue
    return [line for line in lines if isinstance(line, dict) and "epoch" in line], after + len(whole)
