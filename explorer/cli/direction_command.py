"""direction and axes: directions in latent space other than the dimensions."""

from functools import partial
from pathlib import Path

import numpy as np

from explorer.cli.options import AddCommand, Outcome, count, opened, seed
from explorer.latents import directions
from explorer.latents.decoder_axes import compute_decoder_axes

SHOWN = 5
"""Dimensions with the largest share of a direction that are printed."""
CODES = 200
"""Test images whose codes the decoder's axes are a mean over."""


def add(command: AddCommand) -> None:
    """The commands of this module."""
    direction = command(
        "direction", _direction, "The direction in latent space from one group of test images to another."
    )
    direction.add_argument("name", help="checkpoint")
    direction.add_argument("to", help="a group, such as class=3, hair=bun or hair=bun,spiky")
    direction.add_argument("origin", help="the group to walk from, such as class=8 or hair=none")
    direction.add_argument(
        "--method",
        choices=directions.METHODS,
        default="means",
        help="the difference of the group means, or the weights of a logistic regression (default: means)",
    )
    direction.add_argument("--seed", type=seed, default=0, help="of resampling (default: 0)")

    axes = command("axes", _axes, "The directions in which a decoder changes the image most, on average.")
    axes.add_argument("name", help="checkpoint")
    axes.add_argument("--count", type=count, default=10, help="how many (default: 10)")


def _axes(name: str, count: int = 10, folder: Path | str | None = None) -> Outcome:
    checkpoint = opened(name, folder)
    session, codes, mean = checkpoint.decoder_session(), checkpoint.codes, checkpoint.codes.mean
    rows = np.linspace(0, len(mean) - 1, min(CODES, len(mean))).astype(int)
    labels = codes.labels[rows] if checkpoint.manifest.classes and codes.labels is not None else None
    found = compute_decoder_axes(partial(checkpoint.decode, session), mean[rows], count, labels)
    lines = ["image distance per unit of z, and the direction"]
    lines += [
        f"{strength:8.3f}  {_components(vector)}"
        for vector, strength in zip(found.directions, found.strength, strict=True)
    ]
    values = {"name": name, "directions": found.directions.tolist(), "strength": found.strength.tolist()}
    return Outcome(values, "\n".join(lines))


def _components(vector: np.ndarray) -> str:
    """The largest components of a direction in words."""
    order = np.argsort(-np.abs(vector))[:SHOWN]
    return ", ".join(f"{vector[k]:+.2f} z{k + 1}" for k in order) + (", …" if len(vector) > SHOWN else "")


def _direction(
    name: str,
    to: str,
    origin: str,
    method: directions.Method = "means",
    seed: int = 0,
    folder: Path | str | None = None,
) -> Outcome:
    from explorer.store.groups import find_group

    checkpoint = opened(name, folder)
    codes, manifest = checkpoint.codes, checkpoint.manifest
    a, b = (find_group(codes, manifest, text) for text in (to, origin))
    found = directions.compute_direction(codes.mean, a, b, method, seed)
    text = "\n".join(
        [
            f"{to} ({len(a):,} images) from {origin} ({len(b):,} images)",
            f"direction            {_components(found.vector)}",
            f"distance of groups   {found.gap:.2f} standard deviations of all codes along it",
            f"balanced accuracy    {100 * found.accuracy:.1f} % by a threshold on it, on held-out codes",
            f"uncertainty          within {found.cone:.1f}° (95 %, by bootstrap)",
        ]
    )
    values = {
        "name": name,
        "to": to,
        "origin": origin,
        "method": method,
        "vector": found.vector.tolist(),
        "scale": found.scale,
        "gap": found.gap,
        "accuracy": found.accuracy,
        "cone": found.cone,
    }
    return Outcome(values, text)
