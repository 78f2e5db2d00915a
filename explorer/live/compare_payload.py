"""The Compare component: several models under one hand, live in the browser.

Decoders and codes are fetched by address (`explorer.server.routes`); `comparison` hands over addresses, which
dimension of one model answers to which of another, and where to begin.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from explorer.latents.codes import active_units
from explorer.latents.match import aligned, match
from explorer.live import columns, samples_payload, sprite_renders
from explorer.live.component import mount
from explorer.store import Checkpoint


def describe(checkpoint: Checkpoint, title: str) -> dict[str, Any]:
    """What the component needs to know of a checkpoint beside what the Samples page does.

    beta: None for a plain AE, which has no rate to weigh. elbo, distortion, rate: nats per test image, as far as
    they are known.
    """
    manifest = checkpoint.manifest
    found = {name: manifest.metrics.get(name) for name in ("elbo", "distortion", "rate", "active_units")}
    if found["active_units"] is None:
        found["active_units"] = active_units(checkpoint.codes.mean)
    return samples_payload.describe(checkpoint, title) | {
        "beta": None if manifest.model.posterior == "point" else manifest.objective.beta,
        "elbo": found["elbo"],
        "distortion": found["distortion"],
        "totalRate": found["rate"],
        "activeUnits": found["active_units"],
        "labels": checkpoint.codes.labels is not None,
        "sprites": sprite_renders.knows_sprites(checkpoint),
        "factorNames": list(manifest.factor_names) if checkpoint.codes.factors is not None else [],
        "factorSizes": list(manifest.factor_sizes) if checkpoint.codes.factors is not None else [],
    }


def relations(models: Sequence[Checkpoint]) -> dict[str, Any]:
    """How models of one latent size, with codes of the same images, correspond.

    matches: for every model that may lead, and every other: order, sign and correlation of `explorer.latents.match`.
    planes: for every model the centre `(d,)` and directions `(2·d,)` of its principal plane, turned so that codes
    travel as little as possible from map to map; empty for one latent dimension.
    """
    return _relations(tuple(models))


@lru_cache(maxsize=16)
def _relations(models: tuple[Checkpoint, ...]) -> dict[str, Any]:
    codes = [c.codes.mean for c in models]
    matches = [
        [{k: v.tolist() for k, v in match(lead, other)._asdict().items()} for other in codes]
        for lead in codes
    ]
    planes: list[dict[str, Any]] = []
    if codes[0].shape[1] > 1:
        flat = [columns.principal_plane(z) for z in codes]
        turned = aligned(flat, codes)
        planes = [
            {"mean": centre.tolist(), "components": np.ravel(axes).tolist()}
            for (centre, _), axes in zip(flat, turned, strict=True)
        ]
    return {"matches": matches, "planes": planes}


def comparison(
    models: Sequence[dict[str, Any]],
    relations: dict[str, Any],
    *,
    key: str,
    state: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Show models, as `describe` and `relations` give them, under one set of sliders; returns the settled state.

    state: where to begin, in the form in which it is returned: `tab`, `lead` (the model whose dimensions the
    sliders are), `strand` (which of them, the strongest first, is traversed), `image` (row that the hand starts
    from, or None), `offset` (d floats, how far the hand has moved from there), `seed` (of the prior codes), ...
    """
    data = {"models": list(models), **relations, "state": state or {}}
    result = mount("compare", data, key=key, hears=["state"])
    return dict(result.get("state") or {})
