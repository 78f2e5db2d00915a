"""train, estimate and evaluate."""

from __future__ import annotations

import argparse
import math
import os
from pathlib import Path
from typing import Any

from explorer.cli.options import AddCommand, count, folder, opened, print_json, seed
from explorer.cli.setting_flags import add_settings, add_settings_file, given_settings
from explorer.config import RunConfig
from explorer.disk import replace_json
from explorer.errors import ExplorerError
from explorer.store import Checkpoint


def add(command: AddCommand) -> None:
    """The commands of this module."""
    train = command("train", _train, "Train a model and save it as a checkpoint.")
    train.add_argument("--name", help="name of the checkpoint (default: made from data, model and β)")
    how = train.add_mutually_exclusive_group()
    how.add_argument(
        "--resume", metavar="NAME", help="go on with a checkpoint; only --epochs may be changed with it"
    )
    how.add_argument("--replace", action="store_true", help="replace a checkpoint of that name")
    train.add_argument(
        "--branch",
        type=Path,
        metavar="FOLDER",
        help="begin from a checkpoint or a snapshot, optimizer included, with another objective or training",
    )
    add_settings_file(train)
    add_settings(train)

    estimate = command("estimate", _estimate, "How long a training would take, from a short measured one.")
    add_settings_file(estimate)
    add_settings(estimate)

    evaluate = command(
        "evaluate", _evaluate, "Likelihood of a checkpoint on its test images, in nats per image."
    )
    evaluate.add_argument("name", help="checkpoint")
    evaluate.add_argument(
        "--samples", type=count, default=0, help="draws for the importance-sampled log p(x)"
    )
    evaluate.add_argument(
        "--images", type=count, default=0, help="use the first so many test images (default: all)"
    )
    evaluate.add_argument("--seed", type=seed, default=0, help="seed of the draws (default: 0)")


def _train(options: argparse.Namespace) -> int:
    from explorer.jobs import process as jobs
    from explorer.training.run import train

    if options.branch and options.resume:
        raise ExplorerError("Give either --branch or --resume: both say what to begin from.")
    found: list[tuple[Checkpoint, bool]] = []

    def work(report: jobs.Report) -> None:
        given = given_settings(options)
        found.append(
            train(folder(options), given, options.name, options.resume, options.replace, options.branch)
        )
        if found[0][1]:
            report(_share(found[0][0]), "stopped", "stopped")

    jobs.reported(work) if jobs.FOLDER_VARIABLE in os.environ else work(jobs.Report())
    checkpoint, interrupted = found[0]
    done = checkpoint.manifest.trained
    if options.json:
        print_json(
            {"name": checkpoint.name, "path": str(checkpoint.path), "interrupted": interrupted}
            | {"trained": done.model_dump(), "metrics": checkpoint.manifest.metrics}
        )
    elif interrupted:
        print(
            f"Stopped in epoch {done.epochs + 1}; go on with: python -m explorer train --resume {checkpoint.name}"
        )
    else:
        print(f"Saved {checkpoint.name} in {checkpoint.path}")
        print(report_text(checkpoint.manifest.metrics))
    return 130 if interrupted else 0


def _share(checkpoint: Checkpoint) -> float:
    manifest = checkpoint.manifest
    return manifest.trained.epochs / max(1, manifest.training.epochs)


def _estimate(options: argparse.Namespace) -> int:
    from explorer.jobs import process as jobs
    from explorer.training.estimate import FILE, measure

    def work(report: jobs.Report) -> None:
        report(0.0, "measuring the time of a few steps", force=True)
        config = RunConfig.from_flat(given_settings(options))
        found = measure(config)
        if place := os.environ.get(jobs.FOLDER_VARIABLE):
            replace_json(Path(place) / FILE, found._asdict())
        told = {"seconds": found.seconds(config)} | found._asdict()
        print_json(told) if options.json else print(found.text(config))

    jobs.reported(work) if jobs.FOLDER_VARIABLE in os.environ else work(jobs.Report())
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    checkpoint = opened(options, options.name)

    from explorer.metrics.likelihood import (
        compute_likelihood,  # here: torch takes seconds, a wrong name should not
    )
    from explorer.store.originals import load_images
    from explorer.store.weights import load_model

    model, images = load_model(checkpoint), load_images(checkpoint)
    binarize = checkpoint.manifest.data.binarize
    report = compute_likelihood(
        model, images, binarize, options.samples, options.seed, options.images
    ).as_dict()
    print_json({"name": checkpoint.name} | report) if options.json else print(report_text(report))
    return 0


def report_text(report: dict[str, Any]) -> str:
    """A likelihood report as aligned lines with units."""
    d = len(report["rates"])
    rows = [
        ("distortion −log p(x|z)", report["distortion"], "nats"),
        ("rate KL(q‖p)", report["rate"], "nats"),
    ]
    if report["elbo"] is not None:
        rows.insert(0, ("ELBO", report["elbo"], "nats"))
    if report["log_likelihood"] is not None:
        error = report["log_likelihood_error"]
        within = f" ± {error:.2f}" if error is not None and math.isfinite(error) else ""
        rows.append((f"log p(x), L = {report['samples']}", report["log_likelihood"], "nats" + within))
    if report["bits_per_dimension"] is not None:
        rows.append(("bits per dimension", report["bits_per_dimension"], "bits"))
    lines = [f"{name:26} {value:10.3f} {unit}" for name, value, unit in rows]
    lines.append(f"{'active units':26} {report['active_units']:6} of {d}")
    return "\n".join([f"{'test images':26} {report['images']:6}", *lines])
