"""The same jobs from a terminal: train, evaluate, list, export. Flags come from `explorer.config`."""

from __future__ import annotations

import argparse
import io
import json
import math
import os
import sys
import types
import typing
from pathlib import Path
from typing import Any

from explorer import store
from explorer.config import settings
from explorer.errors import ExplorerError
from explorer.metrics.samples import DENSITIES, SEEDS


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status: 0, 1 after an error, 130 after Ctrl-C, 141 after a broken pipe."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without β, a path that is not UTF-8
    try:
        try:
            options = build_parser().parse_args(arguments)
            status: int = options.act(options)
            return status
        finally:
            sys.stdout.flush()
    except ExplorerError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever read the output has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for the flush when Python ends
        return 141


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = argparse.ArgumentParser(
        prog="python -m explorer", description="Latent Explorer from a terminal."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, act: typing.Callable[[argparse.Namespace], int], text: str
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(act=act)
        sub.add_argument("--json", action="store_true", help="print the result as JSON")
        sub.add_argument(
            "--folder", type=Path, help="where checkpoints live (default: the project's checkpoints/)"
        )
        return sub

    train = command("train", _train, "Train a model and save it as a checkpoint.")
    train.add_argument("--name", help="name of the checkpoint (default: made from data, model and β)")
    how = train.add_mutually_exclusive_group()
    how.add_argument(
        "--resume", metavar="NAME", help="go on with a checkpoint; only --epochs may be changed with it"
    )
    how.add_argument("--replace", action="store_true", help="replace a checkpoint of that name")
    add_settings(train)

    evaluate = command(
        "evaluate", _evaluate, "Likelihood of a checkpoint on its test images, in nats per image."
    )
    evaluate.add_argument("name", help="checkpoint")
    evaluate.add_argument(
        "--samples", type=_count, default=0, help="draws for the importance-sampled log p(x)"
    )
    evaluate.add_argument(
        "--images", type=_count, default=0, help="use the first so many test images (default: all)"
    )
    evaluate.add_argument("--seed", type=_seed, default=0, help="seed of the draws (default: 0)")

    command("list", _list, "List the checkpoints.")

    export = command(
        "export", _export, "Write a checkpoint's decoder (.onnx) or codes (.npz, .csv) to a file."
    )
    export.add_argument("name", help="checkpoint")
    export.add_argument("to", type=Path, help="file to write; its ending says what: .onnx, .npz or .csv")
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
    samples.add_argument("--seeds", type=_count, default=SEEDS, help=f"repetitions (default: {SEEDS})")
    return parser


def add_settings(parser: argparse.ArgumentParser) -> None:
    """One flag for every setting of a run; pydantic reads and checks the values."""
    groups: dict[str, Any] = {}
    for section, name, field in settings():
        group = groups.setdefault(section, parser.add_argument_group(section))
        flag, default = "--" + name.replace("_", "-"), field.default
        text = f"{field.description} (default: {_shown(default)})".replace("%", "%%")
        if field.annotation is bool:
            group.add_argument(
                flag, action=argparse.BooleanOptionalAction, default=argparse.SUPPRESS, help=text
            )
            continue
        options: dict[str, Any] = {"metavar": name.split("_")[-1].upper()}
        choices = _choices(field.annotation)
        if choices:
            options = {"choices": choices}
        elif isinstance(default, tuple):
            options |= {"nargs": "*"}
        group.add_argument(flag, default=argparse.SUPPRESS, help=text, **options)


def _choices(annotation: Any) -> list[str]:
    if isinstance(annotation, types.UnionType):
        return []
    return (
        [str(a) for a in typing.get_args(annotation)]
        if typing.get_origin(annotation) is typing.Literal
        else []
    )


def _shown(default: Any) -> str:
    if isinstance(default, tuple):
        return " ".join(str(v) for v in default)
    return "none" if default is None else str(default)


def _count(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = -1
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 0 or more")
    return value


def _seed(text: str) -> int:
    value = _count(text)
    if value >= 2**31:
        raise argparse.ArgumentTypeError(f"{text} is too large, take a seed below {2**31}")
    return value


def given_settings(options: argparse.Namespace) -> dict[str, Any]:
    """The settings that were named on the command line."""
    return {name: getattr(options, name) for _, name, _ in settings() if hasattr(options, name)}


def _folder(options: argparse.Namespace) -> Path:
    return options.folder or store.checkpoints_folder()


def _train(options: argparse.Namespace) -> int:
    from explorer.training.run import train

    given = given_settings(options)
    checkpoint, interrupted = train(_folder(options), given, options.name, options.resume, options.replace)
    done = checkpoint.manifest.trained
    if options.json:
        _print_json(
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


def _evaluate(options: argparse.Namespace) -> int:
    checkpoint = store.open_checkpoint(_folder(options) / store.check_name(options.name))

    from explorer.metrics.likelihood import evaluate  # here: torch takes seconds, a wrong name should not
    from explorer.training.checkpoint import load_images, load_model

    model, images = load_model(checkpoint), load_images(checkpoint)
    binarize = checkpoint.manifest.data.binarize
    report = evaluate(model, images, binarize, options.samples, options.seed, options.images).as_dict()
    _print_json({"name": checkpoint.name} | report) if options.json else print(report_text(report))
    return 0


def _list(options: argparse.Namespace) -> int:
    good, bad = store.list_checkpoints(_folder(options))
    if options.json:
        rows = [{"name": c.name, **c.manifest.model_dump(mode="json", exclude={"files"})} for c in good]
        _print_json({"checkpoints": rows, "unreadable": bad})
        return 0
    for c in good:
        m = c.manifest
        print(
            f"{c.name:32} {m.data.data:10} {m.model.latent_size:3} latents  β {m.objective.beta:<5g} "
            f"{_quality(m.metrics)}"
        )
    for sentence in bad:
        print(f"Skipped: {sentence}", file=sys.stderr)
    if not good:
        print(f"No checkpoints in {_folder(options)}; train one with: python -m explorer train")
    return 0


def _quality(metrics: dict[str, Any]) -> str:
    """The one number that says most; a run that was stopped has none yet."""
    for name, shown in (("elbo", "ELBO"), ("distortion", "distortion")):
        if isinstance(value := metrics.get(name), int | float):
            return f"{shown} {value:.2f} nats"
    return "not evaluated"


def _export(options: argparse.Namespace) -> int:
    from explorer.export.files import export

    checkpoint = store.open_checkpoint(_folder(options) / store.check_name(options.name))
    size = export(checkpoint, options.to)
    _print_json({"file": str(options.to), "bytes": size}) if options.json else print(f"Wrote {options.to}")
    return 0


def _project(options: argparse.Namespace) -> int:
    from explorer.jobs import Report, reported
    from explorer.latents.project import compute

    def work(report: Report) -> None:
        checkpoint = store.open_checkpoint(_folder(options) / store.check_name(options.name))
        compute(checkpoint, options.method, report)

    reported(work)
    _print_json({"name": options.name, "method": options.method}) if options.json else print("Done.")
    return 0


def _samples(options: argparse.Namespace) -> int:
    from explorer.jobs import Report, reported
    from explorer.metrics.samples import SampleReport, compute

    found: list[SampleReport] = []

    def work(report: Report) -> None:
        checkpoint = store.open_checkpoint(_folder(options) / store.check_name(options.name))
        found.append(compute(checkpoint, options.kind, options.seeds, report))

    reported(work)
    if options.json:
        _print_json({"name": options.name} | found[0].model_dump(mode="json"))
    else:
        print(found[0].text())
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


def _print_json(value: dict[str, Any]) -> None:
    # ASCII, so that it is JSON in every terminal's encoding; JSON has no NaN
    print(json.dumps({key: _finite(v) for key, v in value.items()}, indent=2, allow_nan=False))


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
