"""The files that a lesson takes along into an exported page, by their names in `explorer.live.files`."""

from explorer.live import thumbnails
from explorer.live.model_schema import Model
from explorer.live.page_schema import LessonData, LessonKind

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


def lesson_files(model: Model, kind: LessonKind) -> list[str]:
    """The names of the files that a lesson requests of a model."""
    if kind == "water":
        return ["spectrum", *originals(model.count)]
    names = ["decoder.onnx"]
    if kind in INSIDE and model.vision:
        names.append("encoder.onnx")
    if kind in (*FEW, *INSIDE, "restore", "draws"):
        names.append("codes")
    if kind in ("restore", "draws", *INSIDE):
        names += [f"column/{c.key}" for c in model.columns if c.key in ("labels", "error")]
    if kind in ("draws", "rotate", *INSIDE):
        names.append("scales")
    if kind in ("restore", "draws", "ladder", *INSIDE):
        names += originals(model.count)
    return names


def originals(count: int) -> list[str]:
    """The sheets of the first `count` original images."""
    return [f"originals/{number}.png" for number in range(-(-count // thumbnails.SIDE**2))]
