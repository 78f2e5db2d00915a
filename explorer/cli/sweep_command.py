"""sweep: a grid of runs."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from explorer.cli.options import AddCommand, Outcome, count, folder_of
from explorer.cli.setting_flags import add_settings
from explorer.jobs import Status

BAR = "{desc} {bar} {percentage:3.0f}%"


def add(command: AddCommand) -> None:
    """The commands of this module."""
    sweep = command("sweep", _sweep, "Train every combination of settings, each one a checkpoint.")
    sweep.add_argument("--name", help="name of the sweep (default: made from its settings)")
    sweep.add_argument(
        "--backend",
        choices=["loky", "dask", "ray"],
        default="loky",
        help="cores of this machine, or a cluster of Dask or Ray (default: loky, the cores)",
    )
    sweep.add_argument("--jobs", type=count, default=0, help="runs at once (default: one per core)")
    sweep.add_argument(
        "--address", help="scheduler of a cluster that runs already (default: workers started here)"
    )
    sweep.add_argument("--dry-run", action="store_true", help="only list the runs")
    add_settings(sweep, several=True)


def _sweep(
    name: str | None = None,
    backend: str = "loky",
    jobs: int = 0,
    address: str | None = None,
    dry_run: bool = False,
    folder: Path | str | None = None,
    **given: Sequence[Any],
) -> Outcome:
    from explorer.training.sweep import combine_statuses, plan

    sweep = plan(given, name)
    if dry_run:
        rows = [run.model_dump(mode="json") for run in sweep.runs]
        return Outcome({"name": sweep.name, "runs": rows}, "\n".join(sweep.checkpoints))

    from explorer.training.backends import run

    start, place = time.monotonic(), folder_of(folder)
    with tqdm(total=100, file=sys.stderr, bar_format=BAR, dynamic_ncols=True, disable=None) as bar:

        def show(now: Status) -> None:
            bar.n = 100 * now.fraction
            bar.set_description_str(now.text())

        runs = run(sweep, place, backend, jobs or None, address, show)
    failed = {name: run.message for name, run in runs.items() if run.state == "failed"}
    message = combine_statuses(list(runs.values())).message
    rows = [
        {"checkpoint": name, "state": run.state, "fraction": run.fraction, "message": run.message}
        for name, run in runs.items()
    ]
    seconds = round(time.monotonic() - start, 1)
    values = {"name": sweep.name, "seconds": seconds, "message": message, "runs": rows}
    if failed:
        first = next(iter(failed.values()))
        error = f"{len(failed)} of {len(runs)} runs failed, the others are saved; the first: {first}"
        return Outcome(values, notes=tuple(f"{name}: {why}" for name, why in failed.items()), error=error)
    return Outcome(values, f"{sweep.name}: {len(runs)} runs in {place}")
