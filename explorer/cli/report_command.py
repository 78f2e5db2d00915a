"""project, samples and disentangle: long looks at a stored model, which pages start as jobs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from explorer.cli.options import AddCommand, count, opened, print_json
from explorer.metrics.disentanglement.evaluation import SEEDS as METRIC_SEEDS
from explorer.metrics.sample_quality import DENSITIES, SEEDS
from explorer.store import Checkpoint

if TYPE_CHECKING:
    from explorer.jobs.process import Report
    from explorer.metrics.disentanglement.evaluation import DisentanglementReport
    from explorer.metrics.sample_quality import SampleReport


def add(command: AddCommand) -> None:
    """The commands of this module."""
    project = command("project", _project, "Place a checkpoint's codes in the plane and keep that beside it.")
    project.add_argument("name", help="checkpoint")
    project.add_argument("--method", choices=["umap", "tsne"], default="umap", help="default: umap")

    samples = command(
        "samples", _samples, "Judge a checkpoint's samples against real images, and keep the report."
    )
    samples.add_argument("name", help="checkpoint")
    samples.add_argument(
        "--kind", choices=DENSITIES, default="prior", help="where codes come from (default: prior)"
    )
    samples.add_argument("--seeds", type=count, default=SEEDS, help=f"repetitions (default: {SEEDS})")

    disentangle = command(
        "disentangle", _disentangle, "Score how well a checkpoint's dimensions match the data's true factors."
    )
    disentangle.add_argument("name", help="checkpoint")
    disentangle.add_argument(
        "--seeds", type=count, default=METRIC_SEEDS, help=f"repetitions (default: {METRIC_SEEDS})"
    )


def _project(options: argparse.Namespace) -> int:
    from explorer.jobs.process import reported
    from explorer.latents.projection import compute

    def work(report: Report) -> None:
        compute(opened(options, options.name), options.method, report)

    reported(work)
    print_json({"name": options.name, "method": options.method}) if options.json else print("Done.")
    return 0


def _samples(options: argparse.Namespace) -> int:
    from explorer.metrics.sample_quality import compute

    return _judge(
        options, lambda checkpoint, report: compute(checkpoint, options.kind, options.seeds, report)
    )


def _disentangle(options: argparse.Namespace) -> int:
    from explorer.metrics.disentanglement.evaluation import compute

    return _judge(options, lambda checkpoint, report: compute(checkpoint, options.seeds, report))


def _judge(
    options: argparse.Namespace,
    compute: Callable[[Checkpoint, Report], SampleReport | DisentanglementReport],
) -> int:
    """Compute a report as a job, and print it."""
    from explorer.jobs.process import reported

    found: list[SampleReport | DisentanglementReport] = []
    reported(lambda report: found.append(compute(opened(options, options.name), report)))
    if options.json:
        print_json({"name": options.name} | found[0].model_dump(mode="json"))
    else:
        print(found[0].text())
    return 0
