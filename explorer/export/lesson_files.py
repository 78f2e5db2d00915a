"""The files that a lesson takes along into an exported page: by their addresses in `explorer.server.routes`."""

from collections.abc import Iterator
from contextlib import suppress

from explorer.errors import ExplorerError
from explorer.live import columns, spectra, thumbnails
from explorer.live.model_schema import Model
from explorer.live.page_schema import LessonData, LessonKind
from explorer.store import DECODER, Checkpoint
from explorer.store.encoder_graph import encoder_onnx

FEW: tuple[LessonKind, ...] = ("holes", "ladder", "water")
"""Lessons that need few test images, or their codes."""
INSIDE: tuple[LessonKind, ...] = ("inside", "compression")
"""Lessons in which an image is encoded."""
SHEETS: dict[LessonKind, int] = dict.fromkeys(FEW, 1) | {"restore": 3, "draws": 3}
"""How many sheets of test images a lesson takes along at most, so that a talk stays a small file."""


def cut(lesson: LessonData) -> LessonData:
    """A lesson with only the first of its test images where it needs no more."""
    if lesson.kind not in SHEETS:
        return lesson
    most = SHEETS[lesson.kind] * thumbnails.SIDE**2
    models = tuple(m.model_copy(update={"count": min(m.count, most)}) for m in lesson.models)
    return lesson.model_copy(update={"models": models})


def lesson_files(model: Model, checkpoint: Checkpoint, kind: LessonKind) -> Iterator[tuple[str, bytes]]:
    """The files that a lesson requests of a model. Raises ExplorerError if the checkpoint cannot be read."""
    if kind == "water":
        with suppress(ExplorerError):  # its images are not on this machine
            yield "spectrum", spectra.spectrum_bytes(checkpoint)
        yield from originals(checkpoint, model.count)
        return
    yield "decoder.onnx", checkpoint.read(DECODER)
    if kind in INSIDE and model.vision:
        yield "encoder.onnx", encoder_onnx(checkpoint)
    if kind in (*FEW, *INSIDE, "restore", "draws"):
        yield "codes", checkpoint.codes.mean[: model.count].astype("<f4").tobytes()
    if kind in ("restore", "draws", *INSIDE):
        for key in {column.key for column in model.columns} & {"labels", "error"}:
            values = columns.values(checkpoint.codes, checkpoint.manifest, key)
            yield f"column/{key}", values[: model.count].tobytes()
    if kind in ("draws", "rotate", *INSIDE):
        yield "scales", checkpoint.codes.scale[: model.count].astype("<f4").tobytes()
    if kind in ("restore", "draws", "ladder", *INSIDE):
        yield from originals(checkpoint, model.count)


def originals(checkpoint: Checkpoint, count: int) -> Iterator[tuple[str, bytes]]:
    """The sheets of the first `count` original images; none where the data set is not on this machine."""
    for number in range(-(-count // thumbnails.SIDE**2)):
        try:
            yield f"originals/{number}.png", thumbnails.originals(checkpoint, number)
        except ExplorerError:
            return
