"""project, samples and disentangle: results that take long, which pages compute as jobs."""

from __future__ import annotations

import argparse
from typing import TypeVar

from explorer import reports
from explorer.cli.options import AddCommand, count, opened, print_json
from explorer.metrics import sample_quality
from explorer.metrics.disentanglement import evaluation
from explorer.reports import Result

R = TypeVar("R")


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
        "--kind",
        choices=sample_quality.DENSITIES,
        default="prior",
        help="where codes come from (default: prior)",
    )
    seeds = sample_quality.SEEDS
    samples.add_argument("--seeds", type=count, default=seeds, help=f"repetitions (default: {seeds})")

    disentangle = command(
        "disentangle", _disentangle, "Score how well a checkpoint's dimensions match the data's true factors."
    )
    disentangle.add_argument("name", help="checkpoint")
    seeds = evaluation.SEEDS
    disentangle.add_argument("--seeds", type=count, default=seeds, help=f"repetitions (default: {seeds})")


def _project(options: argparse.Namespace) -> int:
    _compute(options, reports.projection(options.method))
    print_json({"name": options.name, "method": options.method}) if options.json else print("Done.")
    return 0


def _samples(options: argparse.Namespace) -> int:
    return _print(options, _compute(options, reports.samples(options.kind, options.seeds)))


def _disentangle(options: argparse.Namespace) -> int:
    return _print(options, _compute(options, reports.disentanglement(options.seeds)))


def _compute(options: argparse.Namespace, result: Result[R]) -> R:
    """Compute a result of the named checkpoint as a job, and keep it."""
    from explorer.jobs.process import reported

    results: list[R] = []
    reported(lambda report: results.append(result.compute(opened(options, options.name), report)))
    return results[0]


def _print(
    options: argparse.Namespace, report: sample_quality.SampleReport | evaluation.DisentanglementReport
) -> int:
    if options.json:
        print_json({"name": options.name} | report.model_dump(mode="json"))
    else:
        print(report.text())
    return 0
