"""What leads the first page: one live picture, and a path of four views through the app."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from explorer import environment
from explorer.errors import ExplorerError
from explorer.live.choice import data_rank, default_models, first_choice, ready
from explorer.live.columns import carried
from explorer.live.page_schema import Destination, Hero, Step
from explorer.live.schema import StageState
from explorer.live.stage import first_image
from explorer.store import Checkpoint, cache
from explorer.ui.parts.ladders import ladders, rungs

REACH = 2.5
"""How far the slider goes to either side, in standard deviations of the prior."""
GRID = 48
INNER = 0.15
"""Quantiles of the codes that bound the place where a hole is looked for: outside there is only emptiness."""


def hero(found: Sequence[Checkpoint]) -> Hero | None:
    """The model that Explore opens with, at the code of its first test image, with its most informative dimension."""
    checkpoint = {c.name: c for c in found}[first_choice(found)]
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


def steps(found: Sequence[Checkpoint]) -> list[Step]:
    """The path: an AE fails, a VAE works, β tidies up, your own images. Steps without a model here are left out."""
    path: list[Step] = []
    for_all = default_models(found)
    if pair := _pair(for_all):
        ae, vae = pair
        path.append(
            Step(
                title="An autoencoder leaves holes",
                about="Two numbers restore an image, but many places between the codes decode to no image at all.",
                to=_on_plane(ae, hole(ae)),
            )
        )
        path.append(
            Step(
                title="A VAE fills them",
                about="The same network, trained to keep its codes together: now every place decodes to an image.",
                to=_on_plane(vae, (0.0, 0.0)),
            )
        )
    if runs := next(iter(ladders(for_all).values()), []):
        names = ",".join(c.name for c in rungs(runs))
        path.append(
            Step(
                title="β tidies up",
                about="The larger β, the more each number costs: fewer stay in use, and images blur.",
                to=Destination(page="compare", query={"models": names}),
            )
        )
    if not environment.read_only():
        about = "Import a folder of images, train on it here, and watch its latent space form."
        path.append(Step(title="Your own images", about=about, to=Destination(page="bring", query={})))
    return path


def _pair(found: Sequence[Checkpoint]) -> tuple[Checkpoint, Checkpoint] | None:
    """A plain AE and a VAE (β = 1) with two latents and the same images, of the data set that comes first."""

    def first(plain: bool, data: str = "") -> Checkpoint | None:
        for c in sorted(found, key=lambda c: data_rank(c.manifest.data.data)):
            m = c.manifest
            kind = (
                m.model.posterior == "point"
                if plain
                else (m.model.posterior != "point" and m.objective.beta == 1)
            )
            if m.model.latent_size == 2 and kind and data in ("", m.data.data):
                return c
        return None

    ae = first(plain=True)
    vae = first(plain=False, data=ae.manifest.data.data) if ae else None
    return (ae, vae) if ae and vae else None


def _on_plane(checkpoint: Checkpoint, z: tuple[float, float]) -> Destination:
    """Explore at `z`, with the decoded plane behind the codes."""
    state = StageState(z=list(z), plane=True)
    return Destination(page="explore", query={"checkpoint": checkpoint.name} | state.to_link())


@lru_cache(maxsize=8)
def hole(checkpoint: Checkpoint) -> tuple[float, float]:
    """The place among the codes of a model with two latents that lies farthest from any of them."""
    codes = cache.shared(checkpoint).codes.mean
    low, high = np.quantile(codes, [INNER, 1 - INNER], axis=0)
    x, y = (np.linspace(a, b, GRID) for a, b in zip(low, high, strict=True))
    places = np.stack(np.meshgrid(x, y), axis=-1).astype(codes.dtype)
    nearest = [((row[:, None] - codes) ** 2).sum(-1).min(1) for row in places]
    farthest = places.reshape(-1, 2)[np.argmax(nearest)]
    return round(float(farthest[0]), 2), round(float(farthest[1]), 2)
