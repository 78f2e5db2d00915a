"""sweep: a grid of runs."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from tqdm import tqdm

from explorer.cli.options import AddCommand, count, folder, print_json
from explorer.config import settings
from explorer.errors import ExplorerError

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
    groups: dict[str, Any] = {}
    for section, name, field in settings():
        group = groups.setdefault(section, sweep.add_argument_group(section))
        flag, text = "--" + name.replace("_", "-"), f"{field.description}; one value or several"
        text += "; layers joined by x, such as 512x256" if isinstance(field.default, tuple) else ""
        kind = _layers if isinstance(field.default, tuple) else str
        options = {
            "nargs": "+",
            "type": kind,
            "default": argparse.SUPPRESS,
            "metavar": name.split("_")[-1].upper(),
        }
        group.add_argument(flag, help=text.replace("%", "%%"), **options)


def _layers(text: str) -> tuple[str, ...]:
    return () if text == "none" else tuple(text.split("x"))


def arguments(given: dict[str, list[Any]], name: str | None = None) -> list[str]:
    """The command line of a sweep over `given`, for starting it as a job."""
    line = ["sweep"] if name is None else ["sweep", "--name", name]
    for setting, values in given.items():
        line += ["--" + setting.replace("_", "-"), *(_shown(v) for v in values)]
    return line


def _shown(value: Any) -> str:
    return "x".join(map(str, value)) or "none" if isinstance(value, tuple | list) else str(value)


def _sweep(options: argparse.Namespace) -> int:
    from explorer.training.sweep import SweepStatus, plan

    given = {name: getattr(options, name) for _, name, _ in settings() if hasattr(options, name)}
    sweep = plan(given, options.name)
    if options.dry_run:
        rows = [run.model_dump(mode="json") for run in sweep.runs]
        print_json({"name": sweep.name, "runs": rows}) if options.json else print(
            *sweep.checkpoints, sep="\n"
        )
        return 0

    from explorer.jobs.process import Report, reported
    from explorer.training.backends import run

    found: list[SweepStatus] = []

    def work(report: Report) -> None:
        with tqdm(total=100, file=sys.stderr, bar_format=BAR, dynamic_ncols=True, disable=None) as bar:

            def tell(fraction: float, message: str) -> None:
                report(fraction, message)
                bar.n = 100 * fraction
                bar.set_description_str(message)

            where = folder(options)
            found.append(run(sweep, where, options.backend, options.jobs or None, options.address, tell))
        failed = [r for r in found[0].runs if r.state == "failed"]
        if failed and not options.json:
            print(*(f"{r.checkpoint}: {r.message}" for r in failed), sep="\n", file=sys.stderr)
        if failed:
            raise ExplorerError(
                f"{len(failed)} of {len(found[0].runs)} runs failed, the others are saved; "
                f"the first: {failed[0].message}"
            )

    try:
        reported(work)
    finally:
        if options.json and found:
            runs = [r._asdict() for r in found[0].runs]
            print_json({"name": sweep.name, "seconds": round(found[0].seconds, 1), "runs": runs})
    if not options.json:
        print(f"{sweep.name}: {found[0].count('done')} runs in {folder(options)}")
    return 0
