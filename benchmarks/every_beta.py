"""One model for every β beside models that were trained for one β each, in the same number of steps.

    EXPLORER_DATA=... python -m benchmarks.every_beta mnist|sprites|faces [--folder FOLDER] [--only BETA ...]
                                                                           [--beta-range LOW HIGH] [--json FILE]

Models that ship are taken as they are. What is neither among them nor in FOLDER yet is trained there, so that the
benchmark goes on where it was stopped. How many images a step takes and how many weights a model has is kept with the
losses. The loss distortion + β · rate is measured on test images, in nats per image. Of Gaussian pixels the distortion
is counted without the constant ½ ln 2πσ² per pixel: their squared error by 2σ², which is never negative, so that shares
mean something.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

from benchmarks import results
from explorer import environment, store
from explorer.config import RunConfig
from explorer.errors import ExplorerError
from explorer.metrics.likelihood import compute_likelihood
from explorer.shipped.entries import ENTRIES, entry
from explorer.store import Checkpoint
from explorer.store.originals import load_images
from explorer.store.weights import load_model
from explorer.training.fit import count_parameters
from explorer.training.run import train

BETAS = (1.0, 2.0, 4.0, 8.0, 16.0)
MODELS = {
    "mnist": ("mnist-vae-every-z10", None),
    "sprites": ("sprites-vae-every-z10", "sprites-vae-z10"),
    "faces": ("faces-vae-every-z24", "faces-vae-z24"),
}
"""The model of every β, and the one of β = 1 whose settings those of one β have; None for those of the former."""
IMAGES = 5000


def ready(folder: Path, name: str, settings: dict[str, Any]) -> Checkpoint:
    """The checkpoint with these settings: one that ships, or that of this name, trained if it is not there or not
    finished."""
    for found in ENTRIES:
        if found.run == RunConfig.from_flat(settings):
            return store.open_checkpoint(environment.checkpoints_folder() / found.name)
    try:
        checkpoint = store.open_checkpoint(folder / name)
        if not checkpoint.manifest.unfinished:
            return checkpoint
    except ExplorerError:
        pass
    print(f"training {name}", flush=True)
    checkpoint, interrupted = train(folder, settings, name, replace=True)
    if interrupted:
        raise KeyboardInterrupt
    return checkpoint


def losses(checkpoint: Checkpoint, betas: tuple[float, ...]) -> dict[str, dict[str, float]]:
    """Distortion, rate and loss at each β."""
    model, images = load_model(checkpoint), load_images(checkpoint)
    config = checkpoint.manifest.model
    pixels = math.prod(checkpoint.manifest.image_shape)
    constant = (
        pixels / 2 * math.log(2 * math.pi * config.variance) if config.likelihood == "gaussian" else 0.0
    )
    found = {}
    for beta in betas:
        model.beta = beta
        report = compute_likelihood(model, images, checkpoint.manifest.data.binarize, images=IMAGES)
        distortion = report.distortion - constant
        found[f"{beta:g}"] = {
            "distortion": distortion,
            "rate": report.rate,
            "loss": distortion + beta * report.rate,
            "active": float(report.active_units),
        }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", choices=MODELS)
    parser.add_argument("--folder", type=Path, default=Path("runs/every-beta"))
    parser.add_argument("--only", type=float, nargs="+", default=BETAS, metavar="BETA")
    parser.add_argument(
        "--beta-range", type=float, nargs=2, metavar="BETA", help="another range than that of the model"
    )
    results.add_option(parser)
    options = parser.parse_args()
    name, of_one = MODELS[options.data]
    settings = entry(name).settings
    one = {key: value for key, value in entry(of_one or name).settings.items() if key != "beta_range"}
    betas = tuple(options.only)
    shown = name
    if options.beta_range:
        low, high = options.beta_range
        settings, shown = settings | {"beta_range": (low, high)}, f"{name}-{low:g}to{high:g}"
    of_all = ready(options.folder, shown, settings)
    every, weights = losses(of_all, betas), {"every": count(of_all)}
    separate: dict[str, dict[str, float]] = {}
    for beta in betas:
        own = ready(options.folder, name.replace("every", f"beta{beta:g}"), one | {"beta": beta})
        separate |= losses(own, (beta,))
        weights["own"] = count(own)
        a, b = every[f"{beta:g}"]["loss"], separate[f"{beta:g}"]["loss"]
        print(f"β = {beta:g}: one model for all {a:.2f}, its own {b:.2f} nats, {a / b - 1:+.1%}", flush=True)
    sizes = {"every": batch_size(settings), "own": batch_size(one)}
    results.keep(options.json, {"batch size": sizes, "weights": weights, "every": every, "own": separate})


def batch_size(settings: dict[str, Any]) -> int:
    return RunConfig.from_flat(settings).training.batch_size


def count(checkpoint: Checkpoint) -> int:
    """How many weights a model has."""
    return count_parameters(load_model(checkpoint))


if __name__ == "__main__":
    main()
