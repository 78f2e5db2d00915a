"""Streamlit components that fetch their bundle from the app's own routes, by a few inline lines.

An inline module has a blob: address, from which nothing relative resolves. Streamlit's own script lies in
static/js below the app's root, wherever a proxy or `server.baseUrlPath` puts that.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from explorer.live.bundle import build_hash
from explorer.live.wire import Wire

_LOADER = """
const own = document.querySelector('script[src*="static/js/"]');
const root = own ? own.src.split("static/js/")[0] : document.baseURI;
const at = (path) => new URL(path, root).href;
%AHEAD%
let page;
export default function (given) {
  const component = Object.assign(Object.create(given), { data: given.data[0] });
  let stop, gone = false;
  // for benchmarks: from here on the time is ours
  if (!performance.getEntriesByName("live: asked").length) performance.mark("live: asked");
  %FIRST%
  page ??= import(at("live/%BUILD%/%BUNDLE%.js"));
  page.then(
    (bundle) => { if (!gone) stop = bundle.default(component, root); },
    () => { page = undefined; component.parentElement.textContent =
      "The page could not be loaded from the server; check the connection and reload it."; },
  );
  return () => { gone = true; stop?.(); };
}
"""

# what is needed one after the other comes at the same time; once, however many components of a page ask for it, and
# not where the early stage, which is on the screen already, has asked for all of it
_AHEAD = """
const early = document.getElementById("early");
const ahead = (path, rel, as = "script") => {
  const href = at(path), asked = (window.askedAhead ??= new Set());
  const link = Object.assign(document.createElement("link"), { href, rel, as, crossOrigin: "" });
  if (!early && !asked.has(href)) document.head.append(link);
  asked.add(href);
};
for (const file of ["ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs"]) ahead("live/%BUILD%/" + file, "modulepreload");
ahead("live/%BUILD%/ort-wasm-simd-threaded.wasm", "preload", "fetch");
"""


def loader(bundle: str, ahead: str = "") -> str:
    """The inline module that mounts `bundle` of the built front end.

    ahead: what else to ask for at once, as statements of JavaScript that run at the first mount.
    """
    text = _LOADER.replace("%AHEAD%", _AHEAD if ahead else "").replace("%FIRST%", ahead)
    return text.replace("%BUNDLE%", bundle).replace("%BUILD%", build_hash())


def mount(
    bundle: str, data: Wire, *, key: str, hears: Sequence[str] = ("state",), ahead: str = ""
) -> Mapping[str, Any]:
    """Show `bundle` of the built front end with `data`, and return what the values named in `hears` are by now.

    Put the call in an `st.fragment`, so that settling reruns nothing else.

    ahead: as for `loader`.
    """
    import streamlit as st

    component = st.components.v2.component(f"latent-explorer-{bundle}", js=loader(bundle, ahead))
    # in a list: a dict is searched for data frames, for which pandas is imported (0.4 s of the first page)
    on: dict[str, Any] = {f"on_{value}_change": lambda: None for value in hears}
    result: Mapping[str, Any] = component(key=key, data=[data.dump()], **on)
    return result
