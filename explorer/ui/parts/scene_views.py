"""Scenes as live views."""

import dataclasses
from collections.abc import Mapping, Sequence

from explorer.errors import ExplorerError
from explorer.export import html_page
from explorer.live import titles
from explorer.live.choice import ready
from explorer.live.page_schema import LessonData
from explorer.live.scenes import Scene
from explorer.live.schema import MAX_NUMBER, CompareState, SamplesState, StageState
from explorer.live.spectra import water_data
from explorer.live.stage import describe, first_image
from explorer.metrics.sample_quality import MEASURES
from explorer.store import Checkpoint
from explorer.ui.parts import ladders
from explorer.ui.parts.proposals import unlike, unlike_codes


def view(scene: Scene, checkpoints: Mapping[str, Checkpoint]) -> html_page.View:
    """The live view of a scene. Raises ExplorerError if one of its models is not in `checkpoints`."""
    return dataclasses.replace(_view(scene, checkpoints), notes=scene.notes)


def _view(scene: Scene, checkpoints: Mapping[str, Checkpoint]) -> html_page.View:
    if scene.page == "tug":
        return html_page.View("lessons", LessonData(kind="tug"), [], scene.caption)
    if scene.page == "replay":
        return html_page.replaying(scene.address.get("run", ""), scene.caption)
    # a deck of an earlier version names the model of a lesson as Explore does
    names = scene.address.get("models") or scene.address.get("checkpoint", "")
    models = [_open(name, checkpoints) for name in dict.fromkeys(names.split(",")[: ladders.MAX_MODELS])]
    if scene.page == "explore":
        return html_page.exploring(models[0], StageState.from_link(scene.address), scene.caption)
    if scene.page == "samples":
        if len(models) > 1 and (sentence := unlike_codes(models)):
            raise ExplorerError(sentence)
        state = SamplesState.from_link(scene.address)
        return html_page.comparing(models, titles.kinds(models), state, scene.caption, measures=MEASURES)
    if scene.page == "compare":
        if sentence := ladders.mismatch(models):
            raise ExplorerError(sentence)
        return html_page.steering(models, CompareState.from_link(scene.address), scene.caption)
    if scene.page == "water":
        return _water(models, scene)
    if sentence := unlike(models, "the same code cannot go through both"):
        raise ExplorerError(sentence)
    rows = _numbers(scene.address.get("images", ""))
    data = LessonData(
        kind=scene.page,
        models=tuple(describe(c) for c in models),
        titles=tuple(titles.betas(models) if scene.page == "ladder" else titles.kinds(models)),
        rows=rows,
        seed=next(iter(_numbers(scene.address.get("seed", ""))), 1),
        first=_restored(models[0], rows) if scene.page == "restore" else "",
    )
    return html_page.View("lessons", data, models, scene.caption)


def _water(models: Sequence[Checkpoint], scene: Scene) -> html_page.View:
    if any(c.manifest.data != models[0].manifest.data for c in models):
        raise ExplorerError("Its models are of different images, which have no spectrum in common.")
    data = water_data(
        models, _numbers(scene.address.get("images", "")), _level(scene.address.get("level", ""))
    )
    return html_page.View("lessons", data, models, scene.caption)


def _level(text: str) -> float | None:
    """A water level above 0; None for anything else."""
    try:
        level = float(text[:40])
    except ValueError:
        return None
    return level if 0 < level < MAX_NUMBER else None


def _restored(checkpoint: Checkpoint, rows: tuple[int, ...]) -> str:
    """The first of these test images, restored, as base64 of its bytes."""
    row = min(rows[0] if rows else 0, len(checkpoint.codes) - 1)
    return first_image(checkpoint, checkpoint.codes.mean[row].tolist())


def _numbers(text: str) -> tuple[int, ...]:
    """Whole numbers of at most nine digits; others are left out."""
    return tuple(int(part) for part in text.split(",")[:64] if part.isdecimal() and len(part) < 10)


def _open(name: str, checkpoints: Mapping[str, Checkpoint]) -> Checkpoint:
    if name not in checkpoints:
        raise ExplorerError(
            f"It shows the checkpoint {name[:80]!r}, which is not among the checkpoints here."
        )
    return ready(checkpoints[name])
