"""The ready-made deck: the story of autoencoders and their latent spaces in eight scenes."""

from collections.abc import Iterable, Sequence

from explorer.live.choice import data_rank
from explorer.live.scenes import PageName, Scene
from explorer.store import Checkpoint

WALKS = "500,438,2,313,592,219,934,238,301,447"
"""Test images of MNIST, two and two, between whose codes the shipped AE decodes no digits."""


def story(checkpoints: Sequence[Checkpoint]) -> list[Scene]:
    """The scenes for which there are checkpoints, in order; all eight with the included models.

    One data set throughout, as far as it goes.
    """
    plane = _group(checkpoints, 2) or _group(checkpoints)
    space = _group(checkpoints, 10) or plane
    flat_ae, flat_vae = _plain(plane), _variational(plane)
    ae, vae, strong = _plain(space), _variational(space), _strongest(space)
    scenes = [
        _scene(
            "restore",
            "An autoencoder squeezes an image through a bottleneck: here, two numbers. Every dot is an image, placed"
            " by its two numbers. Whatever two numbers cannot say is lost.",
            "Click dots. Then press and drag: the decoder draws whatever lies under the pointer, also where there is "
            "no dot. 784 pixels became 2 numbers; ask what survives.",
            [flat_ae],
            images="4",
        ),
        _scene(
            "random",
            "Can it invent images? Pick ten random numbers, decode, repeat. A plain autoencoder mostly scribbles: "
            "nothing in its training said where its codes should lie.",
            "n draws new codes. Nobody asked the decoder to handle these codes, so this is no bug.",
            [ae],
            seed="5",
        ),
        _scene(
            "holes",
            "The space of codes has holes. On these walks from one digit to another, halfway lies a place where "
            "no image was ever encoded, and the decoder draws something that is no digit.",
            "n walks between other images. These five were picked: most walks have a real digit halfway. Of random "
            "codes, as in the scene before, only one in seven decodes to one.",
            [ae],
            images=WALKS,
        ),
        _scene(
            "draws",
            "The cure: encode to a cloud instead of a point. The encoder gives a centre μ and a width σ, and the "
            "decoder must cope with every random draw from the cloud. So nearby codes decode alike.",
            "Press 1, then the arrow keys: at σ × 0 the clouds shrink to points, as in a plain autoencoder; at 2 they "
            "overlap too much. z = μ + σ·ε: the chance ε is an input, so gradients reach μ and σ.",
            [flat_vae],
            images="62",
        ),
        _scene(
            "tug",
            "A tug of war. To restore images, clouds want to be small and far apart; a second term of the loss, the "
            "rate, pulls every cloud q to the standard normal p. Drag q, then let it go.",
            "g lets go: q slides down the gradient of the chosen divergence. KL(q‖p) is the VAE's rate. With H(q, p), "
            "nothing keeps q wide, and it collapses to a point.",
        ),
        _scene(
            "random",
            "Now the same random numbers through both. The variational autoencoder (VAE) has learned to make something "
            "of every code that the standard normal draws. It pays with some blur.",
            "n draws new codes, the same for both. The left decoder is the one of the second scene.",
            [ae, vae],
            seed="5",
        ),
        _scene(
            "ladder",
            "A knob, β, sets how hard the rate pulls. Pull harder and codes carry less information: images blur and "
            "some dimensions die, but those that stay tend to mean one thing each.",
            "Compare the restored rows first, then what one slider does from end to end. Nats count information: a bit "
            "is 0.69 nats.",
            [vae, strong],
        ),
        _scene(
            "rotate",
            "Does a slider mean anything by itself? Turn two axes of the space: samples stay just as likely, "
            "yet each slider now mixes what two did before.",
            "1 takes the dial. The prior is round, so it cannot tell the turned axes from the old ones.",
            [strong or vae or flat_vae],
        ),
    ]
    return [scene for scene in scenes if scene]


def _scene(
    page: PageName, caption: str, notes: str, models: Sequence[Checkpoint | None] = (), **address: str
) -> Scene | None:
    """The scene, or None where one of its models is missing."""
    if any(c is None for c in models):
        return None
    named = {"models": ",".join(c.name for c in models if c)} if models else {}
    return Scene(page=page, address=named | address, caption=caption, notes=notes)


def _group(checkpoints: Iterable[Checkpoint], d: int = 0) -> list[Checkpoint]:
    """Models of one data set with d latents (0: two or more), the best data set that has an AE beside a VAE."""
    by_data: dict[str, list[Checkpoint]] = {}
    for c in checkpoints:
        if c.manifest.model.latent_size == d or (not d and c.manifest.model.latent_size > 1):
            by_data.setdefault(c.manifest.data.data, []).append(c)
    both = [name for name, models in by_data.items() if _plain(models) and _variational(models)]
    ranked = sorted(both, key=data_rank)
    if not ranked:
        return []
    models = by_data[ranked[0]]
    sizes = {c.manifest.model.latent_size for c in models}
    return [c for c in models if c.manifest.model.latent_size == (d or min(sizes))]


def _plain(models: Iterable[Checkpoint]) -> Checkpoint | None:
    return next((c for c in models if c.manifest.model.posterior == "point"), None)


def _variational(models: Iterable[Checkpoint]) -> Checkpoint | None:
    """The VAE: β as near to 1 as there is."""
    found = [c for c in models if c.manifest.textbook_vae]
    return min(found, key=lambda c: (abs(c.manifest.objective.last_beta - 1), c.name), default=None)


def _strongest(models: Iterable[Checkpoint]) -> Checkpoint | None:
    """Of β from 2 to 8, which still makes images, the largest."""
    found = [c for c in models if c.manifest.textbook_vae and 2 <= c.manifest.objective.last_beta <= 8]
    return max(found, key=lambda c: (c.manifest.objective.last_beta, c.name), default=None)
