"""What leads the first page: one live picture, and a path of four views through the app."""

from collections.abc import Sequence

import numpy as np

from explorer import environment
from explorer.errors import ExplorerError
from explorer.live.choice import data_rank, default_models, first_choice, ready
from explorer.live.columns import carried
from explorer.live.page_schema import Destination, Hero, Step
from explorer.live.schema import StageState
from explorer.live.stage import first_image
from explorer.store import Checkpoint
from explorer.ui.parts.ladders import ladders, rungs
from explorer.ui.parts.proposals import proposals

REACH = 2.5
"""How far the slider goes to either side, in standard deviations of the prior."""


def hero(checkpoints: Sequence[Checkpoint]) -> Hero | None:
    """The model that Explore opens with, at the code of its first test image, with its most informative dimension."""
    checkpoint = {c.name: c for c in checkpoints}[first_choice(checkpoints)]
    try:
        checkpoint = ready(checkpoint)
    except ExplorerError:
        return None  # Explore says why
    z = checkpoint.codes.mean[0].tolist()
    k = int(np.argmax(carried(checkpoint.codes)))
    state = StageState(z=[round(value, 3) for value in z], selected=0)
    return Hero(
        name=checkpoint.name,
        base=f"checkpoints/{checkpoint.name}/{checkpoint.version}/",
        latent_size=checkpoint.manifest.model.latent_size,
        image_shape=checkpoint.manifest.image_shape,
        z=z,
        dimension=k,
        reach=REACH,
        first=first_image(checkpoint, z),
        to=Destination(page="explore", query={"checkpoint": checkpoint.name} | state.to_link()),
    )


def steps(checkpoints: Sequence[Checkpoint]) -> list[Step]:
    """The path: an AE fails, a VAE works, β tidies up, your own images. Steps without a model here are left out."""
    path: list[Step] = []
    for_all = default_models(checkpoints)

    def add(page: str, title: str, about: str, **query: str) -> None:
        path.append(Step(title=title, about=about, to=Destination(page=page, query=query)))

    if pair := _pair(for_all):
        about = "It restores images, but random codes decode to smears. A VAE beside it makes images of them."
        names = ",".join(c.name for c in pair)
        add("samples", "An autoencoder fails at random codes", about, models=names)
    if vae := _plane(for_all):
        about = "It is trained to keep its codes together: every place around the origin decodes to an image."
        state = StageState(z=[0.0, 0.0], plane=True)
        add("explore", "A VAE fills the plane", about, checkpoint=vae.name, **state.to_link())
    if runs := next(iter(ladders(for_all).values()), []):
        about = "The larger β, the more each number costs: fewer stay in use, and images blur."
        add("compare", "β tidies up", about, models=",".join(c.name for c in rungs(runs)))
    if not environment.read_only():
        about = "Import a folder of images, train on it here, and watch its latent space form."
        add("bring", "Your own images", about)
    return path


def _pair(checkpoints: Sequence[Checkpoint]) -> tuple[Checkpoint, Checkpoint] | None:
    """A plain AE and a VAE (β = 1) of the same images and latents: of the data set that comes first, with the most
    latents, since random codes in many dimensions miss an AE's codes most surely."""
    pairs = [
        (ae, vae)
        for ae, *variational in proposals(checkpoints).values()
        for vae in variational
        if vae.manifest.textbook_vae and vae.manifest.beta == 1
    ]
    return min(pairs, key=lambda pair: (_rank(pair[0]), -pair[0].manifest.model.latent_size), default=None)


def _plane(checkpoints: Sequence[Checkpoint]) -> Checkpoint | None:
    """A VAE (β = 1) with two latents, of the data set that comes first."""
    fitting = [
        c
        for c in checkpoints
        if c.manifest.textbook_vae and c.manifest.beta == 1 and c.manifest.model.latent_size == 2
    ]
    return min(fitting, key=_rank, default=None)


def _rank(checkpoint: Checkpoint) -> tuple[int, str]:
    return data_rank(checkpoint.manifest.data.data)
