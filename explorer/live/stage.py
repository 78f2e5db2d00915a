"""The live stage: decoding in the browser, as a Streamlit component.

The component is handed addresses and small arrays only (`describe`); decoder, codes and pictures are fetched by
the browser from `explorer.server.routes`. The server hears of settled states and does no work per frame.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from explorer import reports
from explorer.errors import ExplorerError
from explorer.latents.projection import METHODS
from explorer.live import columns
from explorer.live.component import mount
from explorer.metrics.disentanglement.evaluation import labels
from explorer.store import Checkpoint, cache

DEAD_BELOW = 0.05
"""Nats per image below which a dimension says next to nothing (as the front end has it)."""
View = Literal["explore", "traverse", "walk"]

# the decoder and the map of the first model, while the bundle is still on its way
_AHEAD = """
  if (!page) {
    const { model: { base }, state } = component.data;
    ahead(base + "decoder.onnx", "preload", "fetch");
    if (state.projection) ahead(base + "positions/" + encodeURIComponent(state.projection), "preload", "fetch");
  }
"""


def names(checkpoint: Checkpoint) -> list[str]:
    """What each dimension is for, as "x position, 81 %", from the stored disentanglement report; none without one, or
    where there is only one factor. Dead dimensions and those that know no factor have an empty name."""
    report = reports.disentanglement().find(checkpoint)
    if report is None or len(report.factor_names) < 2:
        return []
    rate = checkpoint.codes.rate.mean(0)
    return [
        "" if label == "no factor" or rate[k] < DEAD_BELOW else label
        for k, label in enumerate(labels(report))
    ]


def describe(checkpoint: Checkpoint, placements: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """What the stage needs to know of a checkpoint, as JSON; large arrays are fetched by address.

    placements: further map projections as (name, label); the routes must serve them.
    """
    told = _told(checkpoint)
    further = [{"key": key, "label": label, "axes": ["", ""]} for key, label in placements]
    return told | {"names": names(checkpoint), "projections": [*told["projections"], *further]}


@lru_cache(maxsize=64)
def _told(checkpoint: Checkpoint) -> dict[str, Any]:
    """The part that follows from the checkpoint's own files, and so is computed once."""
    manifest, codes = checkpoint.manifest, checkpoint.codes
    plain = manifest.model.posterior == "point"
    return {
        "name": checkpoint.name,
        "base": f"checkpoints/{checkpoint.name}/{checkpoint.version}/",
        "latentSize": manifest.model.latent_size,
        "imageShape": list(manifest.image_shape),
        "body": manifest.model.body,
        "count": len(codes),
        "rate": None if plain else codes.rate.mean(0, dtype="float64").tolist(),
        "variance": codes.mean.var(0, dtype="float64").tolist(),
        "labelNames": list(manifest.label_names) if codes.labels is not None else [],
        "columns": columns.described(codes, manifest),
        "projections": columns.described_planes(codes),
    }


def first_image(checkpoint: Checkpoint, z: Sequence[float] | None) -> str:
    """What the first code decodes to, as base64 of its bytes `(C, H, W)`: shown while the browser's own decoder
    loads. Empty for a code that does not fit; the browser's decoder says what is wrong then."""
    d = checkpoint.manifest.model.latent_size
    code = tuple(map(float, z)) if z is not None and len(z) == d else (0.0,) * d
    try:
        return _first_image(checkpoint, code)
    except ExplorerError:
        return ""


@lru_cache(maxsize=64)
def _first_image(checkpoint: Checkpoint, z: tuple[float, ...]) -> str:
    image = cache.decode(checkpoint, np.array([z], "<f4"))
    return base64.b64encode(image.tobytes()).decode()


def stage_data(
    checkpoint: Checkpoint, state: Mapping[str, Any] | None = None, view: View | None = None
) -> dict[str, Any]:
    """What the stage needs to show a checkpoint's latent space.

    state: where to begin, in the form in which `stage` returns it: `z` (list of d floats), `a` and `b` (ends of the
    walk), `selected` (row of the codes, or None), `projection`, `colour`, `viewport`, `range`, `path`.
    view: the map with its sliders, if there are dimensions enough for a map, unless given.
    """
    begin = dict(state or {})
    view = view or ("traverse" if checkpoint.manifest.model.latent_size == 1 else "explore")
    placed = [(method, METHODS[method]) for method in reports.stored_projections(checkpoint)]
    model = describe(checkpoint, placed)
    return {
        "view": view,
        "model": model,
        "state": begin | _map_opening(model, begin) if view == "explore" else begin,
        "first": first_image(checkpoint, begin.get("z")),
    }


def _map_opening(model: Mapping[str, Any], state: Mapping[str, Any]) -> dict[str, str]:
    """The projection and the colour that the map opens with: those of `state` where the model has them, else its
    first. Whoever fetches ahead and whoever draws finds them in the state."""
    menus = {"projection": model["projections"], "colour": model["columns"]}
    keys = {name: [entry["key"] for entry in entries] for name, entries in menus.items()}
    return {name: state[name] if state.get(name) in there else there[0] for name, there in keys.items()}


def stage(data: dict[str, Any], *, key: str) -> dict[str, Any]:
    """Show what `stage_data` gives, and return the settled state of the stage.

    Put the call in an `st.fragment`, so that settling reruns nothing else.
    """
    result = mount("stage", data, key=key, hears=["state"], ahead=_AHEAD)
    return dict(result.get("state") or {})
