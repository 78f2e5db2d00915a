"""The Compare component: one set of sliders drives several models, live in the browser.

The browser fetches decoders and codes by address (`explorer.server.routes`); `comparison` passes addresses, the
matching dimensions of the models, and the initial state.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from explorer.latents.codes import active_units
from explorer.latents.match import align_planes, match
from explorer.live import columns, siblings, sprite_renders, stage
from explorer.live.component import mount
from explorer.live.schema import CompareData, ComparedModel, CompareState, FlatPlane, Match, Relations
from explorer.store import Checkpoint


def describe(checkpoint: Checkpoint, title: str) -> ComparedModel:
    """The description of a checkpoint for Compare: the stage's, with more fields."""
    manifest, codes = checkpoint.manifest, checkpoint.codes
    active, factors = manifest.metric("active_units"), codes.factors is not None
    return ComparedModel.model_validate(
        dict(stage.describe(checkpoint))
        | {
            "title": title,
            "elbo": manifest.metric("elbo"),
            "distortion": manifest.metric("distortion"),
            "total_rate": manifest.metric("rate"),
            "active_units": active_units(codes.mean) if active is None else active,
            "labels": codes.labels is not None,
            "sprites": sprite_renders.knows_sprites(checkpoint),
            "factor_names": list(manifest.factor_names) if factors else [],
            "factor_sizes": list(manifest.factor_sizes) if factors else [],
        }
    )


def compare_data(
    models: Sequence[Checkpoint],
    titles: Sequence[str],
    state: CompareState,
    stored: Sequence[Checkpoint] = (),
) -> CompareData:
    """The component's data for models, with its initial state; those of discrete codes among the `stored` models
    stand beside them."""
    return CompareData(
        **dict(relations(tuple(models))),
        models=[describe(c, title) for c, title in zip(models, titles, strict=True)],
        words=siblings.words_beside(models[0], stored),
        state=_opening(models, state),
    )


def _opening(models: Sequence[Checkpoint], state: CompareState) -> CompareState:
    """From the first test image where z = 0 shows little, unless the state has been anywhere yet."""
    somewhere = (state.image, state.offset, state.seed) != (None, None, None)
    if somewhere or not any(stage.origin_shows_little(c) for c in models):
        return state
    return state.model_copy(update={"image": 0})


@lru_cache(maxsize=16)
def relations(models: tuple[Checkpoint, ...]) -> Relations:
    """How models of one latent size, with codes of the same images, correspond.

    matches: from every model, as the reference, to every model, by `explorer.latents.match`. planes: rotated so that
    codes move as little as possible from map to map; none for one latent dimension.
    """
    codes = [c.codes.mean for c in models]
    matches = [
        [
            Match.model_validate({k: v.tolist() for k, v in match(reference, z)._asdict().items()})
            for z in codes
        ]
        for reference in codes
    ]
    planes: list[FlatPlane] = []
    if codes[0].shape[1] > 1:
        flat = [columns.principal_plane(z) for z in codes]
        planes = [
            FlatPlane(mean=centre.tolist(), components=np.ravel(axes).tolist())
            for (centre, _), axes in zip(flat, align_planes(flat, codes), strict=True)
        ]
    return Relations(matches=matches, planes=planes)


def comparison(data: CompareData, *, key: str) -> CompareState | None:
    """Show models with one set of sliders. Returns the settled state."""
    return CompareState.reported(mount("compare", data, key=key))
