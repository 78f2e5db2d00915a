"""Sweeps: a grid of runs, one ordinary checkpoint per combination of settings.

The name of a run is derived from its settings, so no sweep repeats a finished run, and an interrupted run resumes.
`NAME.sweep.json` beside the checkpoints lists the runs of a sweep. `explorer.training.backends` trains them. Importing
this module does not import torch.
"""

import hashlib
import itertools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from explorer import jobs, store
from explorer.config import Config, RunConfig, find_sections
from explorer.discrete import code_name
from explorer.disk import disk_errors, replace_file
from explorer.errors import ExplorerError
from explorer.jobs import Report, Status
from explorer.jobs.progress import PROGRESS, read_progress
from explorer.training.run_names import beta_name, data_name, has_rate, kind_name

ENDING = ".sweep.json"
MAX_RUNS = 1000
Value = int | float | str | bool | tuple[int, ...] | tuple[float, ...] | None


class Member(Config):
    """One run of a sweep: its checkpoint name, and its value on each axis."""

    checkpoint: str
    values: dict[str, Value]


class Sweep(Config):
    """A planned sweep. axes: settings that vary, with their values in order. settings: the other explicit settings.
    runs: one per combination, the last axis varying fastest."""

    name: str
    axes: dict[str, tuple[Value, ...]]
    settings: dict[str, Value]
    runs: tuple[Member, ...]

    @property
    def checkpoints(self) -> list[str]:
        """Names of all checkpoints in the order of the runs; some may not exist yet."""
        return [run.checkpoint for run in self.runs]

    def config(self, run: Member) -> RunConfig:
        """All settings of one run. Raises ExplorerError if they are incompatible."""
        return RunConfig.from_flat(self.settings | run.values)


def plan(grid: Mapping[str, Sequence[Any]], name: str | None = None) -> Sweep:
    """Plan the sweep over `grid`, which maps settings to one or more values; other settings keep their defaults.

    Raises ExplorerError for a setting that is unknown, out of range or has no value, for incompatible settings, and
    for more than 1,000 runs.
    """
    sections = find_sections(grid)
    for setting, values in grid.items():
        if not values:
            raise ExplorerError(f"The setting {setting} of the sweep has no value; give it one or several.")
    count = 1
    for values in grid.values():
        count *= len(values)
    if count > MAX_RUNS:
        raise ExplorerError(f"That is a sweep of {count:,} runs; take at most {MAX_RUNS:,}.")
    configs = [
        RunConfig.from_flat(dict(zip(grid, values, strict=True)))
        for values in itertools.product(*grid.values())
    ]
    rows = [{setting: getattr(getattr(c, sections[setting]), setting) for setting in grid} for c in configs]
    distinct = {setting: tuple(dict.fromkeys(row[setting] for row in rows)) for setting in grid}
    axes = {setting: values for setting, values in distinct.items() if len(values) > 1}
    if "beta" in axes and any(config.model.beta_range for config in configs):
        raise ExplorerError(
            "A model of a range of β is one model for all of them: give the sweep one value of beta, or no beta_range."
        )
    members = {
        run_name(config): Member(checkpoint=run_name(config), values={axis: row[axis] for axis in axes})
        for config, row in zip(configs, rows, strict=True)
    }
    fixed = {setting: rows[0][setting] for setting in grid if setting not in axes}
    if name is None:
        digest = hashlib.sha256("\n".join(members).encode()).hexdigest()[:6]
        name = "-".join([data_name(configs[0], 30), *axes])[:70] + f"-{digest}"
    return Sweep(name=store.check_name(name), axes=axes, settings=fixed, runs=tuple(members.values()))


def run_name(config: RunConfig) -> str:
    """The checkpoint name of these settings, for example sprites-vae-beta4-z10-seed0-1a2b3c4d.

    It ends in a hash of all settings except the device, which does not change the result.
    """
    content = json.dumps(
        _without_device(config).model_dump(mode="json", exclude_defaults=True), sort_keys=True
    )
    digest = hashlib.sha256(content.encode()).hexdigest()[:8]
    kind = kind_name(config)
    kind += "" if config.model.posterior == "point" else f"-{beta_name(config)}"
    if config.model.code:
        kind = code_name(config.model) + (f"-{beta_name(config)}" if has_rate(config) else "")
    else:
        kind += f"-z{config.model.latent_size}"
    return f"{data_name(config, 30)}-{kind}-seed{config.training.seed}-{digest}"


def _without_device(config: RunConfig) -> RunConfig:
    return config.model_copy(update={"training": config.training.model_copy(update={"device": "auto"})})


def is_finished(folder: Path, name: str, config: RunConfig) -> bool | None:
    """Whether the run `name` is finished; None if it has no checkpoint yet.

    Raises ExplorerError if its checkpoint cannot be opened or has other settings.
    """
    if not store.exists(folder / name):
        return None
    manifest = store.open_checkpoint(folder / name).manifest
    if _without_device(manifest.run) != _without_device(config):
        raise ExplorerError(f"Checkpoint {name} has other settings than its name says; rename or remove it.")
    return manifest.trained.finished


# --- files that list the runs ---


def save(sweep: Sweep, folder: Path) -> None:
    """Write `NAME.sweep.json` to a folder of checkpoints. Raises ExplorerError if that fails."""
    text = json.dumps(sweep.model_dump(mode="json"), indent=2, allow_nan=False) + "\n"
    with disk_errors(f"Sweep {sweep.name}", folder):
        replace_file(folder / f"{sweep.name}{ENDING}", text.encode())


# --- progress ---


def job_folder(name: str) -> Path:
    """The job folder of a sweep; each run writes its progress to a subfolder."""
    return jobs.job_folder("sweep", store.check_name(name))


def write_status(folder: Path, name: str, status: Status) -> None:
    """Write the progress of a run to the sweep's job folder."""
    Report(folder / name)(status.fraction, status.message, status.state, force=True)


def run_status(folder: Path, name: str) -> Status:
    """The status of a run of the sweep in `folder`."""
    progress = read_progress(folder / name)
    return progress[0] if progress else Status("waiting")


def combine_statuses(runs: Sequence[Status], seconds: float = 0.0, start_fraction: float = 0.0) -> Status:
    """The status of a sweep of these runs, weighted equally. seconds: since its start, at fraction `start_fraction`."""
    counts = {state: sum(run.state == state for run in runs) for state in ("done", "running", "failed")}
    parts = [f"{counts.pop('done')} of {len(runs)} runs done"]
    parts += [f"{n} {state}" for state, n in counts.items() if n]
    fraction = sum(run.fraction for run in runs) / max(1, len(runs))
    return Status("running", ", ".join(parts), fraction, seconds, start_fraction=start_fraction)


def summary(folder: Path) -> str:
    """Summarise how many runs of the sweep in `folder` are done, running and failed."""
    return combine_statuses(
        [run_status(folder, path.parent.name) for path in folder.glob(f"*/{PROGRESS}")]
    ).message
