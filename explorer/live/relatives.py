"""Models of the same images, one of each kind, that one image can go through: an AE, a VAE and a β-VAE."""

from collections.abc import Sequence

from explorer.live.choice import default_models, ready
from explorer.live.schema import Relative, Relatives
from explorer.live.stage import describe
from explorer.live.titles import kinds
from explorer.store import Checkpoint

MOST = 8.0
"""A β beyond this leaves little in the codes."""


def relatives(checkpoint: Checkpoint, found: Sequence[Checkpoint]) -> list[Checkpoint]:
    """One of each kind with the images and the latent size of `checkpoint`, from the AE to the largest β: the plain AE,
    the β nearest to 1, and above it the largest up to `MOST`, or the least; of one β, rather one of the same body.

    `checkpoint` is among them, in the place of the one of its kind.
    """
    m = checkpoint.manifest
    if m.model.code:
        return [checkpoint]
    kin = [
        c
        for c in default_models(found)
        if (c.manifest.data, c.manifest.image_shape) == (m.data, m.image_shape)
        and c.manifest.model.latent_size == m.model.latent_size
        and c.manifest.model.condition == m.model.condition
    ]
    plain = [c for c in kin if c.manifest.plain]
    of_one_beta = (c for c in kin if not c.manifest.plain and c.manifest.model.beta_range is None)
    variational = sorted(
        of_one_beta, key=lambda c: (c.manifest.beta, c.manifest.model.body == m.model.body, c.name)
    )
    nearest = min(variational, key=lambda c: (abs(c.manifest.beta - 1), c.name), default=None)
    above = [c for c in variational if nearest and c.manifest.beta > nearest.manifest.beta]
    within = [c for c in above if c.manifest.beta <= MOST][-1:] or above[:1]
    chosen = [*plain[:1], *([nearest] if nearest else []), *within]
    if checkpoint in chosen:
        return chosen
    others = [c for c in chosen if _place(c) != _place(checkpoint)]
    return sorted([*others, checkpoint], key=lambda c: (_place(c), c.manifest.beta))


def relatives_data(checkpoint: Checkpoint, found: Sequence[Checkpoint]) -> Relatives:
    """The same as the browser gets them. Raises ExplorerError if one of them cannot be read."""
    models = [ready(c) for c in relatives(checkpoint, found)]
    titled = zip(models, kinds(models), strict=True)
    return Relatives(models=[Relative(title=title, **dict(describe(c))) for c, title in titled])


def _place(checkpoint: Checkpoint) -> int:
    """AE, VAE, β-VAE."""
    m = checkpoint.manifest
    return 0 if m.plain else 1 if m.beta == 1 else 2
