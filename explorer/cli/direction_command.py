"""direction, directions and axes: directions in latent space other than the dimensions."""

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from explorer.cli.options import AddCommand, Outcome, count, opened, seed
from explorer.errors import ExplorerError
from explorer.latents import directions
from explorer.latents.decoder_axes import compute_decoder_axes
from explorer.store import Checkpoint
from explorer.store.saved_directions import (
    MAX_NAME,
    SavedDirection,
    delete_direction,
    read_directions,
    save_direction,
)

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
    direction.add_argument("--save", metavar="LABEL", help="save it with the checkpoint, for Explore too")

    saved = command("directions", _directions, "The directions that are saved with a checkpoint.")
    saved.add_argument("name", help="checkpoint")
    what = saved.add_mutually_exclusive_group()
    what.add_argument("--show", metavar="LABEL", help="what is known of one")
    what.add_argument("--delete", metavar="LABEL", help="delete one")
    what.add_argument(
        "--apply", metavar="LABEL", help="move a test image along one, and write the images as a PNG"
    )
    saved.add_argument(
        "--image", type=count, default=0, help="for --apply: the row of the test image (default: 0)"
    )
    saved.add_argument(
        "--reach", type=float, default=3.0, help="for --apply: standard deviations to each side (default: 3)"
    )
    saved.add_argument("--steps", type=count, default=7, help="for --apply: how many images (default: 7)")
    saved.add_argument("--to", type=Path, help="for --apply: file to write (default: LABEL.png)")

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
    save: str | None = None,
    folder: Path | str | None = None,
) -> Outcome:
    from explorer.store.groups import find_group, write_group

    checkpoint = opened(name, folder)
    codes, manifest = checkpoint.codes, checkpoint.manifest
    a, b = (find_group(codes, manifest, text) for text in (to, origin))
    found = directions.compute_direction(codes.mean, a, b, method, seed)
    notes: tuple[str, ...] = ()
    if save is not None:
        groups = {key: write_group(manifest, codes, text) for key, text in (("a", to), ("b", origin))}
        save_direction(checkpoint, _named(save, method=method, **groups))
        notes = (f"Saved with {name}: Explore shows it under Directions.",)
    text = _describe(found, f"{to} ({len(a):,} images) from {origin} ({len(b):,} images)")
    values = {"name": name, "to": to, "origin": origin, "method": method} | _values(found)
    return Outcome(values, text, notes)


def _named(name: str, **fields: Any) -> SavedDirection:
    """A direction to save. Raises ExplorerError for a name that is too long or empty."""
    try:
        return SavedDirection(name=name.strip(), **fields)
    except ValueError:
        raise ExplorerError(f"The name of a direction has from 1 to {MAX_NAME} characters.") from None


def _describe(found: directions.Direction, title: str) -> str:
    return "\n".join(
        [
            title,
            f"direction            {_components(found.vector)}",
            f"distance of groups   {found.gap:.2f} standard deviations of all codes along it",
            f"balanced accuracy    {100 * found.accuracy:.1f} % by a threshold on it, on held-out codes",
            f"uncertainty          within {found.cone:.1f}° (95 %, by bootstrap)",
        ]
    )


def _values(found: directions.Direction) -> dict[str, Any]:
    return asdict(found) | {"vector": found.vector.tolist()}


# --- those that are saved ---


def _directions(
    name: str,
    show: str | None = None,
    delete: str | None = None,
    apply: str | None = None,
    image: int = 0,
    reach: float = 3.0,
    steps: int = 7,
    to: Path | str | None = None,
    folder: Path | str | None = None,
) -> Outcome:
    checkpoint = opened(name, folder)
    saved = {direction.name: direction for direction in read_directions(checkpoint)}
    for label in filter(None, (show, delete, apply)):
        if label not in saved:
            known = f"choose one of {', '.join(saved)}" if saved else "none is saved"
            raise ExplorerError(f"{name} has no direction {label[:60]!r}; {known}.")
    if delete:
        delete_direction(checkpoint, delete)
        return Outcome({"name": name, "deleted": delete}, f"Deleted {delete} of {name}.")
    if show:
        return _show(checkpoint, saved[show])
    if apply:
        return _apply(checkpoint, saved[apply], image, reach, steps, Path(to or f"{_file_stem(apply)}.png"))
    lines = [f"{direction.name:24} {_origin(checkpoint, direction)}" for direction in saved.values()]
    values = {"name": name, "directions": [d.model_dump(exclude_defaults=True) for d in saved.values()]}
    none = f"None are saved; save one with: python -m explorer direction {name} TO FROM --save LABEL"
    return Outcome(values, "\n".join(lines) or none)


def _file_stem(label: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in label)


def _origin(checkpoint: Checkpoint, saved: SavedDirection) -> str:
    """What a saved direction is made from, in words."""
    from explorer.store.groups import read_group

    if saved.vector is not None:
        return f"a vector of {len(saved.vector)} numbers"
    try:
        b, a = (read_group(checkpoint.manifest, checkpoint.codes, text)[1] for text in (saved.b, saved.a))
    except ExplorerError as error:
        return str(error)
    return f"{b} → {a}, by {saved.method}"


def _resolve(checkpoint: Checkpoint, saved: SavedDirection) -> tuple[directions.Direction | None, np.ndarray]:
    """A saved direction between groups, or None for one that is a vector; and its unit vector `(d,)`."""
    from explorer.store.groups import read_group

    mean = checkpoint.codes.mean
    if saved.vector is not None:
        vector = np.array(saved.vector)
        length = float(np.linalg.norm(vector))
        if vector.shape != (mean.shape[1],) or not length > 0:
            raise ExplorerError(
                f"{saved.name} has {len(vector)} numbers that are not a direction among {mean.shape[1]} dimensions."
            )
        return None, vector / length
    a, b = (read_group(checkpoint.manifest, checkpoint.codes, text)[0] for text in (saved.a, saved.b))
    found = directions.compute_direction(mean, a, b, saved.method)
    return found, found.vector


def _show(checkpoint: Checkpoint, saved: SavedDirection) -> Outcome:
    found, vector = _resolve(checkpoint, saved)
    title = f"{saved.name}: {_origin(checkpoint, saved)}"
    values = {"name": checkpoint.name, "direction": saved.name, "vector": vector.tolist()}
    if found is None:
        return Outcome(values, f"{title}\ndirection            {_components(vector)}")
    return Outcome(values | _values(found), _describe(found, title))


def _apply(
    checkpoint: Checkpoint, saved: SavedDirection, image: int, reach: float, steps: int, to: Path
) -> Outcome:
    """The images of a test image's code at even places along a direction, side by side in a PNG."""
    from explorer.disk import save_file
    from explorer.live.thumbnails import png

    mean, labels = checkpoint.codes.mean, checkpoint.codes.labels
    if image >= len(mean):
        raise ExplorerError(f"{checkpoint.name} has {len(mean):,} test images; choose a row below that.")
    if not (steps >= 2 and 0 < reach <= 10):
        raise ExplorerError("Choose at least 2 steps, and a reach above 0 and up to 10 standard deviations.")
    _, vector = _resolve(checkpoint, saved)
    along = mean.astype(np.float64) @ vector
    places = along.mean() + (along.std() or 1.0) * np.linspace(-reach, reach, steps)
    codes = mean[image] + (places - along[image])[:, None] * vector
    label = int(labels[image]) if checkpoint.manifest.classes and labels is not None else None
    decoded = checkpoint.decode(checkpoint.decoder_session(), codes.astype(np.float32), label=label)
    save_file(to, png((255 * decoded).round().astype(np.uint8), across=steps, down=1), to.name)
    values = {"name": checkpoint.name, "direction": saved.name, "to": str(to), "codes": codes.tolist()}
    text = f"Wrote {to}: image {image} at {steps} places from −{reach:g} to {reach:g} standard deviations."
    return Outcome(values, text)
