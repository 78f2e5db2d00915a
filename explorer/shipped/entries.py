"""The models that ship with the project: how each is trained, and what is said of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explorer.config import RunConfig
from explorer.errors import ExplorerError
from explorer.store import Checkpoint

DRAWS, FEW_DRAWS = 500, 10
"""Draws per image for log p(x); few where decoding takes long."""
CODES = 2048
"""Test images whose codes, and where their data set does not come with the project, pictures are kept."""
MAX_BYTES = 60_000_000
"""What all that ship may take together."""


@dataclass(frozen=True)
class Entry:
    """One model: the settings that differ from the defaults, by name, and the sentence on its card.

    draws: per image, for log p(x). codes: test images whose codes and pictures are kept.
    """

    name: str
    caption: str
    settings: dict[str, Any]
    draws: int = DRAWS
    codes: int = CODES

    @property
    def run(self) -> RunConfig:
        """All its settings."""
        return RunConfig.from_flat(self.settings)


_DIGITS = {"likelihood": "gaussian", "variance": 0.02, "epochs": 300, "patience": 40}
_SMALL = _DIGITS | {"latent_size": 10, "hidden": (256, 128)}
_MOONS = {"data": "moons", "latent_size": 1, "hidden": (128, 64), "batch_size": 32}
_MNIST = {"data": "mnist", "binarize": "stochastic", "batch_size": 128}
_PLANE = _MNIST | {"schedule": "constant", "epochs": 30}  # trained before there were schedules
_TEN = _MNIST | {"latent_size": 10, "epochs": 100}
_FASHION = _TEN | {"data": "fashion-mnist", "epochs": 60, "hidden": (256, 128)}
_SPRITES = {
    "data": "sprites",
    "body": "residual",
    "width": 8,
    "latent_size": 10,
    "batch_size": 32,
    "optimizer": "adamw",
    "learning_rate": 1.5e-3,  # at 2e-3 and without a warm-up, the loss of β = 4 stops being finite
    "epochs": 1,
    "warmup": "linear",
    "warmup_epochs": 0.3,
}
_CONV_SPRITES = {
    "data": "sprites",
    "body": "conv",
    "latent_size": 10,
    "batch_size": 64,
    "epochs": 4,
    "warmup": "falling",
    "warmup_epochs": 2.5,
}
_FACES = {
    "data": "faces",
    "body": "residual",
    "latent_size": 24,
    "likelihood": "gaussian",
    "variance": 0.1,  # at 0.02 and below nearly all is restored, and what N(0, I) draws is no face
    "batch_size": 64,
    "optimizer": "adamw",
    "learning_rate": 1.5e-3,
    "epochs": 10,
}
# without a warm-up, nine of 24 dimensions die before the decoder has learnt mouths and brows
_SLOW = {"warmup": "linear", "warmup_epochs": 5.0}
_AE = {"posterior": "point"}
_WORDS = _MNIST | {"batch_size": 256, "learning_rate": 3e-3, "epochs": 8}
_CLUSTERS = {
    "boxes_from": "mnist-vae-z10"
}  # from random weights boxes are templates, as k-means on pixels finds

ENTRIES = (
    Entry(
        "faces-vae-z24",
        "A VAE of cartoon faces: what N(0, I) draws is a face; of brows and of small beards little is left.",
        _FACES | _SLOW,
        FEW_DRAWS,
    ),
    Entry(
        "faces-ae-z24",
        "A plain autoencoder of the same faces: it restores them, but what N(0, I) draws is a smear.",
        _FACES | _AE | {"beta": 0.0},
        FEW_DRAWS,
    ),
    Entry(
        "faces-vae-beta4-z24",
        "β = 4: 17 of 24 dimensions are left; restored faces lose little, and those that N(0, I) draws are cleaner.",
        _FACES | _SLOW | {"beta": 4.0},
        FEW_DRAWS,
    ),
    Entry(
        "faces-vae-every-z24",
        "Every β from 0.25 to 16 in one model: N(0, I) draws faces at each, smeared at a small β.",
        _FACES | _SLOW | {"beta_range": (0.25, 16.0), "width": 24},  # all β need more than one
        FEW_DRAWS,
    ),
    Entry(
        "faces-vq-8x8x256",
        "64 words of 256 make a face: a smile can be copied from another face, and words drawn in turn make new ones.",
        _FACES | {"posterior": "vq", "grid": 8, "words": 256, "epochs": 6},
        draws=1,  # all would be the same
        codes=512,
    ),
    Entry(
        "mnist-ae-z2",
        "A plain autoencoder: two numbers restore a digit, but places between the codes decode to no digit.",
        _PLANE | _AE,
    ),
    Entry(
        "mnist-vae-z2",
        "A VAE with two latents: the whole plane around the origin is filled with digits.",
        _MNIST | {"epochs": 120},
    ),
    Entry(
        "mnist-ae-z10",
        "A plain autoencoder: sharp reconstructions from ten numbers; codes drawn from N(0, I) decode to scribble.",
        _TEN | _AE | {"beta": 0.0},
    ),
    Entry("mnist-vae-z10", "A VAE, otherwise the same model: what N(0, I) draws decodes to digits.", _TEN),
    Entry(
        "mnist-vae-beta4-z10",
        "β = 4: six of ten dimensions are left, and each carries less than at β = 1.",
        _TEN | {"beta": 4.0},
    ),
    Entry(
        "mnist-vae-beta16-z10",
        "β = 16: two dimensions are left, with 1.6 nats together; digits can hardly be told apart.",
        _TEN | {"beta": 16.0},
    ),
    Entry(
        "mnist-vae-every-z10",
        "One model for every β from 0.25 to 16: turn β, and digits blur and dimensions go out one after the other.",
        _TEN | {"beta_range": (0.25, 16.0), "warmup": "linear", "warmup_epochs": 10.0, "epochs": 40},
    ),
    Entry(
        "mnist-fsq-8x6x5",
        "Three numbers of 8, 6 and 5 levels: 240 images are all that this model can draw.",
        _WORDS | {"posterior": "fsq", "hidden": (128, 64)},
        FEW_DRAWS,
        codes=1024,
    ),
    Entry(
        "mnist-vq-7x7x128",
        "49 words of 128 make a digit: drawn one by one they make scribble, drawn one after another they make digits.",
        _WORDS | {"posterior": "vq", "body": "conv", "grid": 7, "words": 128},
        draws=1,  # all would be the same
        codes=512,
    ),
    Entry(
        "mnist-boxes-10",
        "Ten boxes, ten images: without labels, eight became a digit each, and 4 and 9 share the other two.",
        _WORDS | {"posterior": "categorical", "latent_size": 10, "hidden": (128, 64)} | _CLUSTERS,
    ),
    Entry(
        "mnist-switches-16",
        "16 switches, 65,536 images: set by chance, half of them are digits; set one after another, most are.",
        _WORDS | {"posterior": "binary", "latent_size": 16, "hidden": (128, 64), "epochs": 30},
        codes=512,
    ),
    Entry(
        "mnist-cvae-z10",
        "A VAE that is given the class: z is the handwriting, and one z writes all ten digits.",
        _TEN | {"hidden": (256, 128), "condition": "label", "warmup": "falling", "epochs": 60},
        codes=1024,
    ),
    Entry(
        "fashion-mnist-ae-z10",
        "A plain autoencoder of clothes: ten numbers restore their shape; what N(0, I) draws is mostly dark and torn.",
        _FASHION | _AE | {"beta": 0.0},
        codes=1024,
    ),
    Entry(
        "fashion-mnist-vae-z10",
        "A VAE, otherwise the same model: what N(0, I) draws is a shoe, a shirt or a bag; patterns are lost.",
        _FASHION,
        codes=1024,
    ),
    Entry(
        "digits-ae-z2",
        "A plain autoencoder: it restores digits from two numbers, but its codes follow no known distribution.",
        _DIGITS | _AE,
    ),
    Entry("digits-vae-z2", "A VAE: every code near the origin decodes to a digit.", _DIGITS),
    Entry(
        "digits-ae-z10",
        "A plain autoencoder with 10 latents: it restores digits well, but random codes from N(0, I) decode to junk.",
        _SMALL | _AE,
    ),
    Entry(
        "digits-vae-z10",
        "A VAE with 10 latents, otherwise the same model: random codes from N(0, I) decode to digits.",
        _SMALL,
    ),
    Entry(
        "digits-vae-beta4-z10",
        "β = 4: four of ten dimensions are dead, and strokes soften.",
        _SMALL | {"beta": 4.0},
    ),
    Entry(
        "moons-ae-z1",
        "Phases of the moon on a line, plain AE: codes lie wherever training left them; two fifths of the "
        "line from −3 to 3 are no moon.",
        _MOONS | _AE | {"epochs": 300, "patience": 60},
    ),
    Entry(
        "moons-vae-z1",
        "Phases of the moon on a line, VAE: from −3 to 3 the strip runs smoothly from full to new.",
        _MOONS | {"epochs": 500, "patience": 80},
    ),
    Entry(
        "sprites-vae-every-z10",
        "One model for every β from 0.85 to 16: turn β, and hearts become discs, small ones first.",
        _SPRITES
        | {"beta_range": (0.85, 16.0), "width": 16, "learning_rate": 1e-3},  # at 1.5e-3, one from 1 diverged
        FEW_DRAWS,
    ),
    Entry(
        "sprites-vae-z10",
        "β = 1: squares, ellipses and hearts are restored, turn and all; most of what N(0, I) draws is a sprite.",
        _SPRITES,
        FEW_DRAWS,
    ),
    Entry(
        "sprites-vae-beta4-z10",
        "β = 4: five of ten dimensions are in use; squares and ellipses are kept, hearts lose their notch.",
        _SPRITES | {"beta": 4.0},
        FEW_DRAWS,
    ),
    Entry(
        "sprites-vae-beta4-seed1-z10",
        "β = 4 from another seed: nine dimensions share what five carry in its twin, at a slightly higher loss.",
        _SPRITES | {"beta": 4.0, "seed": 1},
        FEW_DRAWS,
    ),
    Entry(
        "sprites-vae-beta16-z10",
        "β = 16: x and y have a slider each; squares and hearts become discs, and only ellipses keep their turn.",
        _SPRITES | {"beta": 16.0},
        FEW_DRAWS,
    ),
    Entry(
        "sprites-vae-conv-beta4-z10",
        "β falls from 80 to 4, convolutions: x, y and scale have a slider each; shape and orientation are lost.",
        _CONV_SPRITES | {"beta": 4.0},
        FEW_DRAWS,
    ),
)


def entry(name: str) -> Entry:
    """The entry of that name. Raises ExplorerError if there is none."""
    for found in ENTRIES:
        if found.name == name:
            return found
    raise ExplorerError(
        f"The gallery has no {name[:80]!r}; it has {', '.join(found.name for found in ENTRIES)}."
    )


def own(checkpoint: Checkpoint) -> bool:
    """Whether a checkpoint is not one of those that ship: somebody has trained or imported it here."""
    return all(found.name != checkpoint.name for found in ENTRIES)


def same_run(checkpoint: Checkpoint, wanted: Entry) -> bool:
    """Whether a checkpoint was trained as the entry says; on which device does not count."""

    def settings(run: RunConfig) -> dict[str, Any]:
        return run.model_dump(exclude={"training": {"device", "compile", "mixed_precision"}})

    return settings(checkpoint.manifest.run) == settings(wanted.run)


def size(folder: Path) -> int:
    """Bytes that a folder of checkpoints takes."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
