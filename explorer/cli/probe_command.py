"""probe and leakage: what simple classifiers read from a checkpoint's codes."""

from pathlib import Path

from explorer import reports
from explorer.cli.options import AddCommand, Outcome, opened
from explorer.jobs import Report


def add(command: AddCommand) -> None:
    """The commands of this module."""
    leakage = command(
        "leakage",
        _leakage,
        "Measure what the codes of a conditional model still say of the class, and whether it draws the class that is "
        "asked for, and keep the report.",
    )
    leakage.add_argument("name", help="checkpoint")

    probe = command(
        "probe",
        _probe,
        "Measure how well a class is read from a checkpoint's codes with 10, 100, 1,000 and all labels, against pixels "
        "and PCA, and how well its encoder is fine-tuned, and keep the report.",
    )
    probe.add_argument("name", help="checkpoint")


def _leakage(name: str, folder: Path | str | None = None) -> Outcome:
    report = reports.class_leakage().compute(opened(name, folder), Report())
    values = {"name": name, "leakage": report.leakage, "obedience": report.obedience}
    return Outcome(values | report.model_dump(mode="json"), report.text())


def _probe(name: str, folder: Path | str | None = None) -> Outcome:
    report = reports.label_efficiency().compute(opened(name, folder), Report())
    return Outcome({"name": name} | report.model_dump(mode="json"), report.text())
