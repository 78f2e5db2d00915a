"""train, estimate and evaluate."""

import math
from pathlib import Path
from typing import Any

from explorer import environment, sandbox
from explorer.cli.options import AddCommand, Outcome, count, folder_of, opened, seed
from explorer.cli.setting_flags import add_settings, merge_settings
from explorer.config import RunConfig
from explorer.errors import ExplorerError
from explorer.live.titles import likelihood_note
from explorer.store import Checkpoint

ESTIMATE_SECONDS = 300.0
"""What an estimate on a server may take: it begins without a click, and most of it is reading the images."""


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
    add_settings(train)

    estimate = command("estimate", _estimate, "How long a training would take, from a short measured one.")
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
    evaluate.add_argument(
        "--beta",
        type=float,
        help="β at which a model of a range of β is evaluated (default: the model's beta)",
    )


def _train(
    name: str | None = None,
    resume: str | None = None,
    replace: bool = False,
    branch: Path | None = None,
    settings: Path | None = None,
    folder: Path | None = None,
    **given: Any,
) -> Outcome:
    """As a job it is one of the runs (`explorer.training.runs`), which know their names and where they begin."""
    from explorer.training import runs
    from explorer.training.run import train

    if branch and resume:
        raise ExplorerError("Give either --branch or --resume: both say what to begin from.")
    if job := environment.job_folder():
        checkpoint, interrupted = train(**runs.arguments(runs.find(job.name)))
    else:
        values = merge_settings(settings, given)
        checkpoint, interrupted = train(folder_of(folder), values, name, resume, replace, branch)
    done, metrics, path = checkpoint.manifest.trained, checkpoint.manifest.metrics, str(checkpoint.path)
    values = {"name": checkpoint.name, "path": path, "interrupted": interrupted}
    values |= {"trained": done.model_dump(), "metrics": metrics}
    if interrupted:
        again = f"python -m explorer train --resume {checkpoint.name}"
        return Outcome(values, f"Stopped in epoch {done.epochs + 1}; go on with: {again}", status=130)
    return Outcome(values, f"Saved {checkpoint.name} in {path}\n{report_text(metrics)}")


def _estimate(settings: Path | None = None, folder: Path | None = None, **given: Any) -> Outcome:
    from explorer.jobs import Report
    from explorer.training.estimate import measure

    Report()(0.0, "measuring the time of a few steps", force=True)
    config = RunConfig.from_flat(merge_settings(settings, given))
    if environment.job_folder():
        _limit_estimate(config)
    try:
        estimate = measure(config)
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "memory" not in str(error):
            raise
        raise ExplorerError(
            "The training time was not measured, because that takes more memory than it may have: choose fewer or "
            "smaller images, or a smaller model."
        ) from error
    return Outcome({"seconds": estimate.seconds(config)} | estimate._asdict(), estimate.text(config))


def _limit_estimate(config: RunConfig) -> None:
    """What this process may take. CUDA reserves far more addresses than it uses, so there only the time is limited."""
    from explorer.models.device import pick_device

    if pick_device(config.training.device).type == "cuda":
        sandbox.alarm(ESTIMATE_SECONDS)
    else:
        sandbox.limit(estimate_memory(), ESTIMATE_SECONDS)


def estimate_memory() -> int:
    """Bytes of address space for an estimate: the largest images that are read, and half of this machine at most."""
    import psutil

    return int(min(12 << 30, (4 << 30) + psutil.virtual_memory().total // 2))


def _evaluate(
    name: str,
    samples: int = 0,
    images: int = 0,
    seed: int = 0,
    beta: float | None = None,
    folder: Path | None = None,
) -> Outcome:
    checkpoint = opened(name, folder)
    at = _beta_of(checkpoint, beta)

    # here: torch takes seconds, a wrong name should not
    from explorer.metrics.likelihood import compute_likelihood
    from explorer.store.originals import load_images
    from explorer.store.weights import load_model

    model, test = load_model(checkpoint), load_images(checkpoint)
    if at is not None:
        model.beta = at
    binarize = checkpoint.manifest.data.binarize
    report = compute_likelihood(model, test, binarize, samples, seed, images).as_dict()
    plain = checkpoint.manifest.plain
    note = likelihood_note(checkpoint.manifest).removeprefix(". ")
    text = "\n".join(
        [
            report_text(report),
            *([f"ELBO and log p(x): {note[0].lower()}{note[1:]}."] if note and not plain else []),
        ]
    )
    if checkpoint.manifest.classes:
        text += f"\n{_leakage_line(checkpoint)}"
    if at is None:
        return Outcome({"name": checkpoint.name} | report, text)
    loss = report["distortion"] + at * report["rate"]
    line = f"{'distortion + β · rate':26} {loss:10.3f} nats at β = {at:g}"
    return Outcome({"name": checkpoint.name, "beta": at, "loss": loss} | report, f"{text}\n{line}")


def _leakage_line(checkpoint: Checkpoint) -> str:
    """What is known of the leakage of the class into the codes of a conditional model."""
    from explorer import reports

    if found := reports.class_leakage().find(checkpoint):
        return found.text()
    return f"All of it is given the class y. What z still says of y: python -m explorer leakage {checkpoint.name}"


def _beta_of(checkpoint: Checkpoint, beta: float | None) -> float | None:
    """The β at which a checkpoint is evaluated, None if it has no choice. Raises ExplorerError for one out of range."""
    manifest = checkpoint.manifest
    if manifest.model.beta_range is None:
        if beta is None:
            return None
        raise ExplorerError(
            f"{checkpoint.name} is a model of one β, {manifest.objective.beta:g}: leave out --beta, or train one model "
            "of a range with --beta-range."
        )
    low, high = manifest.model.beta_range
    if beta is not None and not low <= beta <= high:
        raise ExplorerError(
            f"{checkpoint.name} is a model of β from {low:g} to {high:g}: choose a --beta in that range, not {beta:g}."
        )
    return manifest.objective.beta if beta is None else beta


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
    if "perplexity" in report:
        rows.insert(3, ("rate from the marginal", report["marginal_rate"], "nats"))
        rows.append(("perplexity of the words", report["perplexity"], "words"))
    lines = [f"{name:26} {value:10.3f} {unit}" for name, value, unit in rows]
    if "words_used" in report:
        lines.append(f"{'words in use':26} {report['words_used']:6}")
    else:  # rates of discrete codes are per token, of several dimensions each
        lines.append(f"{'active units':26} {report['active_units']:6} of {d}")
    return "\n".join([f"{'test images':26} {report['images']:6}", *lines])
