"""Live views as one HTML file: decoder, codes, runtime and page inside, working from disk without server or network.

The page is the built front end with its files as base 85 of gzip. It fetches nothing: files that the front end would
request from the server are in the page under the same address.
"""

import base64
import dataclasses
import gzip
import hashlib
import html
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.errors import ExplorerError
from explorer.export.lesson_files import cut, lesson_files, originals
from explorer.live import files, samples_payload
from explorer.live.bundle import DIST
from explorer.live.choice import stored_models
from explorer.live.compare_payload import compare_data
from explorer.live.model_schema import Model
from explorer.live.page_schema import DeckData, DeckScene, Entry, LessonData, ReplayData
from explorer.live.replay import snapshot_list
from explorer.live.schema import (
    CompareData,
    CompareState,
    ReportStatus,
    SampledModel,
    SamplesData,
    SamplesState,
    StageData,
    StageState,
)
from explorer.live.siblings import siblings
from explorer.live.stage import stage_data
from explorer.live.titles import betas
from explorer.store import Checkpoint
from explorer.training import runs, snapshots

RUNTIME = ("worker.js", "ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm")
"""Without the runtime for a GPU, which would double the file."""
NUMBERS, STRIDE = ("decoder.onnx", "codes", "scales", "support"), 4
"""Files of float32, and the bytes of one number."""
OF_CODES, OF_IMAGES = ("codes", "scales", "column/"), ("originals/", "spectrum")
"""Files with a row for each code, and those that are missing where the data set is not on this machine."""
ALWAYS = ("prior", "gaussian-diagonal", "gaussian-full")
"""Samplers that every exported comparison has; others only where the view uses them."""


@dataclass(frozen=True)
class View:
    """A view: `entry` names the front end's bundle, `data` is its input.

    Every model in `data` must be one of `checkpoints`.
    """

    entry: Entry
    data: StageData | SamplesData | CompareData | LessonData | ReplayData
    checkpoints: Sequence[Checkpoint]
    caption: str = ""
    notes: str = ""

    @property
    def scene(self) -> DeckScene:
        """As the front end's deck shows it."""
        return DeckScene(entry=self.entry, data=self.data.dump(), caption=self.caption, notes=self.notes)


def exploring(checkpoint: Checkpoint, state: StageState | None = None, caption: str = "") -> View:
    """The Explore view of a checkpoint, beginning at `state`."""
    data = stage_data(checkpoint, state or StageState())
    return View("stage", data.model_copy(update={"writes": False}), [checkpoint], caption)


def comparing(
    models: Sequence[Checkpoint],
    titles: Sequence[str] = (),
    state: SamplesState | None = None,
    caption: str = "",
    numbers: Sequence[Mapping[str, ReportStatus]] = (),
    measures: Mapping[str, Any] | None = None,
) -> View:
    """The Samples view of several checkpoints, beginning at `state`.

    titles: what they are called; their names, if there are none. Raises ExplorerError if they do not fit together.
    """
    if len({(c.manifest.model.latent_size, c.manifest.image_shape) for c in models}) > 1:
        names = ", ".join(c.name for c in models)
        raise ExplorerError(f"{names} differ in latent or image size; compare models that agree in both.")
    titles, state = titles or [c.name for c in models], state or SamplesState()
    used = {*ALWAYS, *(state.sources or ())}
    described = []
    for c, title in zip(models, titles, strict=True):
        model = samples_payload.describe(c, title)
        sources = [source for source in model.sources if source.key in used]
        described.append(model.model_copy(update={"sources": sources}))
    data = SamplesData(models=described, state=state, numbers=list(numbers), measures=measures or {})
    return View("samples", data, list(models), caption)


def steering(models: Sequence[Checkpoint], state: CompareState | None = None, caption: str = "") -> View:
    """The Compare view of these models, beginning at `state`, with only the files that it needs.

    It cannot draw and encode: that needs the encoders, which are not exported.
    """
    data = compare_data(models, betas(models), state or CompareState(), stored_models()[0])
    described = []
    for model in data.models:
        named = [column for column in model.columns if column.names is not None]
        less = {"sprites": False, "vision": None, "projections": [], "columns": named}
        described.append(model.model_copy(update=less))
    return View("compare", data.model_copy(update={"models": described}), models, caption)


def replaying(run: str, caption: str = "") -> View:
    """The replay of a training. Raises ExplorerError if there is no such run, or no snapshot of it."""
    snapshot_list(run)
    return View("replay", ReplayData(run=run), [], caption)


def page(views: Sequence[View], title: str) -> bytes:
    """The HTML file. One view is a page; several are a deck that the arrow keys step through.

    Raises ExplorerError if a checkpoint cannot be read.
    """
    views = [dataclasses.replace(v, data=cut(v.data)) if isinstance(v.data, LessonData) else v for v in views]
    deck = DeckData(title=title, scenes=[view.scene for view in views])
    carried = [
        _element(f"live/{name}", _built(name))
        for name in (*RUNTIME, *sorted({f"{v.entry}.js" for v in views}))
    ]
    shown = len(carried)
    contents: dict[str, bytes] = {}
    for view in views:
        for address, content in _contents(view):
            # of a file that one view has cut, another may have all
            contents[address] = max(contents.get(address, b""), content, key=len)
    known: dict[bytes, str] = {}
    carried += [_packed(address, content, known) for address, content in contents.items()]
    scenes = json.dumps(deck.dump(), ensure_ascii=False, allow_nan=False)
    scenes = scenes.replace("<", "\\u003c")  # text may not end the script element
    script = gzip.decompress(_built("standalone.js")).decode().replace("</script", "<\\/script")
    # the script runs while the files after it are read
    first = "\n".join(carried[len(RUNTIME) : shown])
    rest = "\n".join(carried[: len(RUNTIME)] + carried[shown:])
    return PAGE.format(
        title=html.escape(title), scenes=scenes, first=first, files=rest, script=script
    ).encode()


def _packed(name: str, content: bytes, known: dict[bytes, str]) -> str:
    """The element of a file; of one whose content is `known` under another name, only that name.

    Numbers are stored byte by byte, all first bytes, then all second ones, which packs weights better.
    """
    same = known.setdefault(hashlib.sha256(content).digest(), name)
    if same != name:
        return _element(name, b"", f'data-same="{html.escape(same)}"')
    if not name.endswith(NUMBERS):
        return _element(name, gzip.compress(content, 9, mtime=0))
    planes = np.frombuffer(content + bytes(-len(content) % STRIDE), "u1").reshape(-1, STRIDE).T.tobytes()
    return _element(
        name, gzip.compress(planes, 9, mtime=0), f'data-stride="{STRIDE}" data-bytes="{len(content)}"'
    )


def _element(name: str, packed: bytes, more: str = "") -> str:
    # the comma is no digit of base 85, and "<" could end the element
    text = base64.b85encode(packed).replace(b"<", b",").decode()
    return f'<script type="text/plain" data-file="{html.escape(name)}" {more}>{text}</script>'


PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body>
<main aria-busy="true"><noscript>This page needs JavaScript.</noscript></main>
<script type="application/json" id="scenes">{scenes}</script>
{first}
<script type="module" async>{script}</script>
{files}
</body>
</html>
"""


def _built(name: str) -> bytes:
    """A file of the built front end, gzipped."""
    packed = DIST / f"{name}.gz"
    if packed.is_file():
        return packed.read_bytes()
    plain = DIST / name
    if not plain.is_file():
        raise ExplorerError(f"The built front end has no {name}; build it, or copy {DIST.name} again.")
    return gzip.compress(plain.read_bytes(), 9, mtime=0)


def _contents(view: View) -> Iterator[tuple[str, bytes]]:
    """All files that the front end may request for a view, by their addresses."""
    data = view.data
    if isinstance(data, ReplayData):
        yield from _replay_files(data.run).items()
        return
    by_name = {c.name: c for c in view.checkpoints}
    models: Sequence[Model] = [data.model] if isinstance(data, StageData) else data.models
    for model in models:
        for name in _files(model, view):
            rows = model.count if name.startswith(OF_CODES) else None
            try:
                yield model.base + name, files.read(by_name[model.name], name, rows)
            except ExplorerError:
                if not name.startswith(OF_IMAGES):
                    raise
        if model.beta_range and not isinstance(data, LessonData):
            beside = siblings(by_name[model.name], stored_models()[0])
            yield f"{model.base}siblings", json.dumps(beside.dump()).encode()


def _files(model: Model, view: View) -> list[str]:
    """The names of those of a model in `explorer.live.files`."""
    if isinstance(view.data, LessonData):
        return lesson_files(model, view.data.kind)
    names = ["decoder.onnx", *(["encoder.onnx"] if model.vision else []), "codes", "scales"]
    names += ["words"] if model.code else []
    names += ["beta-codes", "beta-scales"] if model.beta_range else []
    names += [f"column/{column.key}" for column in model.columns]
    names += [f"positions/{plane.key}" for plane in model.projections]
    if view.entry != "compare" or model.name == view.checkpoints[0].name:  # one model has them for all
        names += originals(model.count)
    if not isinstance(model, SampledModel) or not isinstance(view.data, SamplesData):
        return names
    image = view.data.state.image or 0
    kinds = [source.key for source in model.sources]
    others = {samples_payload.AROUND: f"sampler/{samples_payload.AROUND}:{image}", "learned": "prior.onnx"}
    names += [others.get(kind, f"sampler/{kind}") for kind in kinds]
    return [*names, "support", *(["real-images.onnx"] if model.real else [])]


def _replay_files(run: str) -> dict[str, bytes]:
    """The list of a run's snapshots, and of each its decoder and codes, discrete ones as words."""
    listed = snapshot_list(run)
    contents = {f"trainings/{run}/snapshots": json.dumps(listed.dump()).encode()}
    stored = snapshots.list_snapshots(runs.find(run).path)
    names = ("decoder.onnx", "words" if listed.model.code else "codes")
    for row, checkpoint in zip(listed.snapshots, stored, strict=True):
        contents |= {row.base + name: files.read(checkpoint, name) for name in names}
    classes = [f"column/{column.key}" for column in listed.model.columns if column.names is not None]
    return contents | {listed.model.base + name: files.read(stored[-1], name) for name in classes}
