"""What a direction changes, and what it leaves alone: cartoon faces moved along it, judged by a classifier of pixels.

    python -m benchmarks.directions [--faces 500] [--json FILE]

The direction from one value of a factor to another is computed from half of the codes stored with the model. Test
faces with the first value, which are not among those, are encoded, moved along it and decoded. A step of 1 is the
distance of the two group means. The judge has learnt every factor from the pixels of training images: a logistic
regression for each, on the features of `explorer.metrics.classifier` and on the pixels that tell its values apart best.
Of the test faces, those count whose reconstruction the judge reads right. It says in how many the factor has the second
value after a step of 1, and in how many at some step of a walk; and how many of the other factors it reads as it did
before the move. How many originals and reconstructions it reads right is printed as well: what the reconstruction has
lost, no direction can change.
"""

from __future__ import annotations

import argparse
from typing import Any, NamedTuple

import numpy as np

from benchmarks import results
from explorer import environment, store
from explorer.data import ImageDataset
from explorer.data.dataset import materialise
from explorer.latents.directions import METHODS, Direction, compute_direction
from explorer.metrics.factor_judge import FactorJudge, train_factor_judge
from explorer.metrics.image_space import to_unit
from explorer.store import Checkpoint
from explorer.store.originals import load_images

MODEL = "faces-vae-z24"


class Asked(NamedTuple):
    """A direction from one value of a factor to another; `among` faces with a value of another factor."""

    factor: str
    origin: str
    to: str
    among: tuple[str, str] | None = None


ASKED = {
    "hair colour": Asked("hair colour", "black", "blond"),
    "beard": Asked("beard", "none", "full"),
    "beard of black hair": Asked("beard", "none", "full", ("hair colour", "black")),
    "smile": Asked("mouth", "frown", "smile"),
    "laugh": Asked("mouth", "frown", "laugh"),
}
"""Directions by name."""
STEPS = tuple(round(0.2 * k, 1) for k in range(1, 16))
"""Of the walk, as fine as a hand on a slider."""
POOL = 2
"""Test faces that are looked at for each that counts."""


def encode(checkpoint: Checkpoint, images: np.ndarray) -> np.ndarray:
    """Posterior means `(N, d)` of images in [0, 1]."""
    import torch

    from explorer.store.weights import load_model

    model = load_model(checkpoint).eval()
    with torch.no_grad():
        means: np.ndarray = model.encode(torch.from_numpy(images.astype(np.float32))).mean.numpy()
    return means


def measure(
    checkpoint: Checkpoint, dataset: ImageDataset, judge: FactorJudge, name: str, faces: int
) -> dict[str, Any]:
    """What the direction of this name does to `faces` test faces, by method and step."""
    factors = list(dataset.factor_names)
    asked = ASKED[name]
    k = factors.index(asked.factor)
    assert dataset.factors is not None
    values = list(dataset.factor_values[k])
    origin, to = values.index(asked.origin), values.index(asked.to)

    def among(rows: np.ndarray, known: np.ndarray) -> np.ndarray:
        """Those of the rows that the direction is about; known: the factors `(N, K)` that they index."""
        if asked.among is None:
            return rows
        other = factors.index(asked.among[0])
        return rows[known[rows, other] == list(dataset.factor_values[other]).index(asked.among[1])]

    codes = checkpoint.codes
    assert codes.factors is not None
    half = among(np.arange(0, len(codes), 2), codes.factors)
    groups = [half[codes.factors[half, k] == value] for value in (to, origin)]
    used = set(codes.index[half].tolist())
    pool = [
        row
        for row in among(dataset.test_index, dataset.factors)
        if dataset.factors[row, k] == origin and row not in used
    ]
    rows = np.array(pool[: POOL * faces])
    images = to_unit(materialise(dataset.images, rows), "none")
    z = encode(checkpoint, images)
    session = checkpoint.decoder_session()
    before, truth = judge.read(checkpoint.decode(session, z.astype(np.float32))), dataset.factors[rows]
    right = before[:, k] == origin
    figures = {
        "from": asked.origin,
        "to": asked.to,
        "read in originals": float((judge.read(images)[:, k] == truth[:, k]).mean()),
        "read in reconstructions": float(right.mean()),
    }
    z, before = z[right][:faces], before[right][:faces]
    others = [i for i in range(len(factors)) if i != k]

    def walk(direction: Direction) -> dict[str, Any]:
        """Judged at every step."""
        shift = direction.gap * direction.scale * direction.vector
        read = [
            judge.read(checkpoint.decode(session, (z + step * shift).astype(np.float32))) for step in STEPS
        ]
        changed = np.stack([after[:, k] == to for after in read], 1)
        kept = np.stack([(after[:, others] == before[:, others]).mean(1) for after in read], 1)
        reached, first = changed.any(1), changed.argmax(1)
        one = STEPS.index(1.0)
        return {
            "changed": float(changed[:, one].mean()),
            "others": float(kept[:, one].mean()),
            "reached": float(reached.mean()),
            "others when reached": float(kept[reached, first[reached]].mean()) if reached.any() else 0.0,
            "by step": {str(step): float(changed[:, i].mean()) for i, step in enumerate(STEPS)},
        }

    found = {method: compute_direction(codes.mean, groups[0], groups[1], method) for method in METHODS}
    methods = {
        method: {"accuracy": direction.accuracy, "cone": direction.cone, **walk(direction)}
        for method, direction in found.items()
    }
    return figures | {"faces": len(z), "methods": methods}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--faces", type=int, default=500, help="test faces of each direction (default: 500)")
    results.add_option(parser)
    args = parser.parse_args()
    checkpoint = store.open_checkpoint(environment.checkpoints_folder() / MODEL)
    dataset = load_images(checkpoint)
    judge = train_factor_judge(dataset)
    found = {name: measure(checkpoint, dataset, judge, name, args.faces) for name in ASKED}
    for name, figures in found.items():
        print(
            f"{name}, {figures['from']} → {figures['to']}, {figures['faces']} faces: the judge reads it in "
            f"{figures['read in originals']:.1%} of the originals and in "
            f"{figures['read in reconstructions']:.1%} of the reconstructions"
        )
        for method, one in figures["methods"].items():
            print(
                f"  {method:6} changed in {one['changed']:.1%} by a step of 1, with {one['others']:.1%} of the other "
                f"factors as before; in {one['reached']:.1%} on the walk, with {one['others when reached']:.1%}"
            )
    results.keep(args.json, found)


if __name__ == "__main__":
    main()
