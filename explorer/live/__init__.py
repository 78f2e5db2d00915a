"""The live stage: decoding in the browser, as a Streamlit component.

The component is handed addresses and small arrays only (`describe`); decoder, codes and pictures are fetched by
the browser from `explorer.live.routes`. The server hears of settled states and does no work per frame.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from explorer.live import columns
from explorer.live.routes import build_hash
from explorer.store import Checkpoint

View = Literal["explore", "traverse", "walk"]

# An inline module has a blob: address, from which nothing relative resolves. Streamlit's own script lies in
# static/js below the app's root, wherever a proxy or `server.baseUrlPath` puts that.
_LOADER = """
const own = document.querySelector('script[src*="static/js/"]');
const root = own ? own.src.split("static/js/")[0] : document.baseURI;
const at = (path) => new URL(path, root).href;
const ahead = (path, rel, as = "script") =>
  document.head.append(Object.assign(document.createElement("link"), { href: at(path), rel, as, crossOrigin: "" }));
// what is needed one after the other comes at the same time
for (const file of ["ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs"]) ahead("live/%BUILD%/" + file, "modulepreload");
ahead("live/%BUILD%/ort-wasm-simd-threaded.wasm", "preload", "fetch");
let stage;
export default function (component) {
  let stop, gone = false;
  if (!stage) ahead(component.data.model.base + "decoder.onnx", "preload", "fetch");
  stage ??= import(at("live/%BUILD%/stage.js"));
  stage.then(
    (bundle) => { if (!gone) stop = bundle.default(component, root); },
    () => { stage = undefined; component.parentElement.textContent =
      "The stage could not be loaded from the server; check the connection and reload the page."; },
  );
  return () => { gone = true; stop?.(); };
}
"""


def describe(checkpoint: Checkpoint, placements: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """What the stage needs to know of a checkpoint, as JSON; large arrays are fetched by address.

    placements: further map projections as (name, label); the routes must serve them.
    """
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
        "projections": columns.described_planes(codes)
        + [{"key": key, "label": label, "axes": ["", ""]} for key, label in placements],
    }


def stage(
    checkpoint: Checkpoint,
    *,
    key: str,
    view: View = "explore",
    state: dict[str, Any] | None = None,
    placements: Sequence[tuple[str, str]] = (),
    on_state_change: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Show a checkpoint's latent space, and return the settled state of the stage.

    state: where to begin, in the form in which it is returned: `z` (list of d floats), `a` and `b` (ends of the
    walk), `selected` (row of the codes, or None), `projection`, `colour`, `viewport`, `range`, `path`.
    Put the call in an `st.fragment`, so that settling reruns nothing else.
    """
    import streamlit as st

    component = st.components.v2.component(
        "latent-explorer-stage", js=_LOADER.replace("%BUILD%", build_hash())
    )
    data = {"view": view, "model": describe(checkpoint, placements), "state": state or {}}
    result = component(key=key, data=data, on_state_change=on_state_change or (lambda: None))
    return dict(result.get("state") or {})
