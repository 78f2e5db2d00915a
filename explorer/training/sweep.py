"""A grid of runs: every combination of settings that were given several values, each an ordinary checkpoint.

A run's name is made from its settings, so what is finished is never repeated, in this sweep or another, and what was
interrupted goes on where it was saved. `NAME.sweep.json` beside the checkpoints says which belong together.
`explorer.training.backends` does the work. Importing this module does not import torch.
"""

import hashlib
import itertools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from explorer import jobs, store
from explorer.config import Config, RunConfig, find_sections, parse
from explorer.disk import disk_errors, read_file, replace_file
from explorer.errors import ExplorerError
from explorer.jobs import Report, Status
from explorer.jobs.progress import PROGRESS, read_progress
from explorer.training.run_names import data_name

ENDING = ".sweep.json"
MAX_RUNS = 1000
MAX_BYTES = 16 << 20
Value = int | float | str | bool | tuple[int, ...] | None


class Member(Config):
    """One run of a sweep: its checkpoint, and its values of the axes."""

    checkpoint: str
    values: dict[str, Value]


class Sweep(Config):
    """axes: the settings that vary, each with its values in order. settings: what else was given. runs: one per
    combination, the last axis changing fastest."""

    name: str
    axes: dict[str, tuple[Value, ...]]
    settings: dict[str, Value]
    runs: tuple[Member, ...]

    @property
    def checkpoints(self) -> list[str]:
        """The names of all its checkpoints, in the order of the runs; some may not be there yet."""
        return [run.checkpoint for run in self.runs]

    def config(self, run: Member) -> RunConfig:
        """All settings of one of its runs. Raises ExplorerError if they do not work together."""
        return RunConfig.from_flat(self.settings | run.values)


def plan(given: Mapping[str, Sequence[Any]], name: str | None = None) -> Sweep:
    """The sweep over `given`, each setting with one value or several; what is not given keeps its default.

    Raises ExplorerError for a setting that is unknown, out of range or has no value, for combinations that do not
    work, and for more than 1,000 of them.
    """
    home = find_sections(given)
    for setting, values in given.items():
        if not values:
            raise ExplorerError(f"The setting {setting} of the sweep has no value; give it one or several.")
    count = 1
    for values in given.values():
        count *= len(values)
    if count > MAX_RUNS:
        raise ExplorerError(f"That is a sweep of {count:,} runs; take at most {MAX_RUNS:,}.")
    configs = [
        RunConfig.from_flat(dict(zip(given, values, strict=True)))
        for values in itertools.product(*given.values())
    ]
    rows = [{setting: getattr(getattr(c, home[setting]), setting) for setting in given} for c in configs]
    distinct = {setting: tuple(dict.fromkeys(row[setting] for row in rows)) for setting in given}
    axes = {setting: values for setting, values in distinct.items() if len(values) > 1}
    members = {
        run_name(config): Member(checkpoint=run_name(config), values={axis: row[axis] for axis in axes})
        for config, row in zip(configs, rows, strict=True)
    }
    fixed = {setting: rows[0][setting] for setting in given if setting not in axes}
    if name is None:
        digest = hashlib.sha256("\n".join(members).encode()).hexdigest()[:6]
        name = "-".join([data_name(configs[0], 30), *axes])[:70] + f"-{digest}"
    return Sweep(name=store.check_name(name), axes=axes, settings=fixed, runs=tuple(members.values()))


def run_name(config: RunConfig) -> str:
    """The checkpoint of these settings, for example sprites-vae-beta4-z10-seed0-1a2b3c4d.

    Its end is a hash of all settings but the device, which changes how a result is computed and not what it is.
    """
    content = json.dumps(_anywhere(config).model_dump(mode="json", exclude_defaults=True), sort_keys=True)
    digest = hashlib.sha256(content.encode()).hexdigest()[:8]
    kind = (
        "ae" if config.model.posterior == "point" else f"vae-beta{config.objective.beta:g}".replace("+", "")
    )
    d, seed = config.model.latent_size, config.training.seed
    return f"{data_name(config, 30)}-{kind}-z{d}-seed{seed}-{digest}"


def _anywhere(config: RunConfig) -> RunConfig:
    return config.model_copy(update={"training": config.training.model_copy(update={"device": "auto"})})


def is_finished(folder: Path, name: str, config: RunConfig) -> bool | None:
    """Whether that run is finished; None if there is nothing of it yet.

    Raises ExplorerError if its checkpoint cannot be opened, or has other settings.
    """
    if not store.exists(folder / name):
        return None
    manifest = store.open_checkpoint(folder / name).manifest
    if _anywhere(manifest.run) != _anywhere(config):
        raise ExplorerError(f"Checkpoint {name} has other settings than its name says; rename or remove it.")
    return manifest.trained.finished


# --- which checkpoints belong together ---


def save(sweep: Sweep, folder: Path) -> None:
    """Write `NAME.sweep.json` in a folder of checkpoints. Raises ExplorerError if that cannot be done."""
    text = json.dumps(sweep.model_dump(mode="json"), indent=2, allow_nan=False) + "\n"
    with disk_errors(f"Sweep {sweep.name}", folder):
        replace_file(folder / f"{sweep.name}{ENDING}", text.encode())


def sweeps(folder: Path) -> list[Sweep]:
    """The sweeps of a folder of checkpoints, by name; a description that is damaged is passed over."""
    found = []
    for file in sorted(folder.glob(f"*{ENDING}")):
        try:
            sweep = parse(Sweep, json.loads(read_file(file, MAX_BYTES)), file.name)
            for name in (sweep.name, *sweep.checkpoints):
                store.check_name(name)
        except (OSError, ValueError, RecursionError, ExplorerError):
            continue
        found.append(sweep)
    return found


# --- how far it is ---


def job_folder(name: str) -> Path:
    """Where the sweep of that name is a job; its runs keep their progress in folders below."""
    return jobs.job_folder("sweep", store.check_name(name))


def write_status(folder: Path, name: str, status: Status) -> None:
    """Keep the progress of a run in the sweep's folder."""
    Report(folder / name)(status.fraction, status.message, status.state, force=True)


def run_status(folder: Path, name: str) -> Status:
    """How a run of the sweep in `folder` stands."""
    noted = read_progress(folder / name)
    return noted[0] if noted else Status("waiting")


def combine_statuses(runs: Sequence[Status], seconds: float = 0.0, begun: float = 0.0) -> Status:
    """How a sweep of these runs stands, every run counting the same, when it has gone on for so many seconds."""
    counts = {state: sum(run.state == state for run in runs) for state in ("done", "running", "failed")}
    parts = [f"{counts.pop('done')} of {len(runs)} runs done"]
    parts += [f"{n} {state}" for state, n in counts.items() if n]
    fraction = sum(run.fraction for run in runs) / max(1, len(runs))
    return Status("running", ", ".join(parts), fraction, seconds, begun=begun)


def summary(folder: Path) -> str:
    """How many runs of the sweep in `folder` are done, and how many have failed."""
    return combine_statuses(
        [run_status(folder, path.parent.name) for path in folder.glob(f"*/{PROGRESS}")]
    ).message
