"""project, samples, classes, exchange, prior, disentangle, leakage and probe: results that take long, which pages
compute as jobs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from explorer import reports
from explorer.cli.options import AddCommand, Outcome, count, opened
from explorer.errors import ExplorerError
from explorer.jobs import Report
from explorer.metrics import sample_quality
from explorer.metrics.disentanglement import evaluation


def add(command: AddCommand) -> None:
    """The commands of this module."""
    project = command(
        "project", _project, "Project a checkpoint's codes to the plane, and keep the result beside it."
    )
    project.add_argument("name", help="checkpoint")
    project.add_argument("--method", choices=["umap", "tsne"], default="umap", help="default: umap")

    samples = command(
        "samples", _samples, "Score a checkpoint's samples against real images, and keep the report."
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

    classes = command(
        "classes",
        _reported(reports.classes),
        "Compare the boxes of a one-hot code with the known classes, and keep the report.",
    )
    classes.add_argument("name", help="checkpoint of a categorical posterior with one group")

    exchange = command(
        "exchange",
        _reported(reports.exchange),
        "Measure in how many pairs of images exactly one factor changes when its dimensions are exchanged.",
    )
    exchange.add_argument("name", help="checkpoint whose dimensions have been scored by disentangle")

    prior = command(
        "prior",
        _prior,
        "Train an autoregressive prior over a checkpoint's tokens, minutes on a grid of them, measure what codes cost "
        "under it, and keep it.",
    )
    prior.add_argument("name", help="checkpoint of discrete codes with several tokens")

    disentangle = command(
        "disentangle", _disentangle, "Score how well a checkpoint's dimensions match the data's true factors."
    )
    disentangle.add_argument("name", help="checkpoint")
    seeds = evaluation.SEEDS
    disentangle.add_argument("--seeds", type=count, default=seeds, help=f"repetitions (default: {seeds})")
    disentangle.add_argument(
        "--exact",
        action="store_true",
        help="DCI by trees that split between any two images instead of 255 bins: several times slower",
    )

    leakage = command(
        "leakage",
        _reported(reports.class_leakage, "leakage", "obedience"),
        "Measure what the codes of a conditional model still say of the class, and whether it draws the class that is "
        "asked for, and keep the report.",
    )
    leakage.add_argument("name", help="checkpoint")

    probe = command(
        "probe",
        _reported(reports.label_efficiency),
        "Measure how well a class is read from a checkpoint's codes with 10, 100, 1,000 and all labels, against pixels "
        "and PCA, and how well its encoder is fine-tuned, and keep the report.",
    )
    probe.add_argument("name", help="checkpoint")


def _reported(result: Callable[[], reports.Result[Any]], *figures: str) -> Callable[..., Outcome]:
    """What computes a report of a checkpoint and prints it. `figures` are properties of the report."""

    def act(name: str, folder: Path | str | None = None) -> Outcome:
        report = result().compute(opened(name, folder), Report())
        values = {"name": name} | {figure: getattr(report, figure) for figure in figures}
        return Outcome(values | report.model_dump(mode="json"), report.text())

    return act


def _project(name: str, method: str = "umap", folder: Path | str | None = None) -> Outcome:
    reports.projection(method).compute(opened(name, folder), Report())
    return Outcome({"name": name, "method": method}, "Done.")


def _samples(
    name: str, kind: str = "prior", seeds: int = sample_quality.SEEDS, folder: Path | str | None = None
) -> Outcome:
    checkpoint = opened(name, folder)
    notes: tuple[str, ...] = ()
    if not reports.real_images().stored(checkpoint):
        try:
            reports.real_images().compute(checkpoint, Report())
        except ExplorerError as error:  # the report has what can be measured without it
            notes = (str(error),)
    report = reports.samples(kind, seeds).compute(checkpoint, Report())
    return Outcome({"name": name} | report.model_dump(mode="json"), report.text(), notes)


def _prior(name: str, folder: Path | str | None = None) -> Outcome:
    report = reports.token_prior().compute(opened(name, folder), Report()).report
    return Outcome({"name": name} | report.model_dump(mode="json"), report.text())


def _disentangle(
    name: str, seeds: int = evaluation.SEEDS, exact: bool = False, folder: Path | str | None = None
) -> Outcome:
    checkpoint = opened(name, folder)
    report = reports.disentanglement(seeds, exact).compute(checkpoint, Report())
    found, text = {"name": name} | report.model_dump(mode="json"), report.text()
    if checkpoint.manifest.model.beta_range:
        by_beta = reports.disentanglement_by_beta().compute(checkpoint, Report())
        found["by_beta"] = by_beta.model_dump(mode="json")
        text += f"\n\n{by_beta.text()}"
    return Outcome(found, text)
