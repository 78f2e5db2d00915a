"""What one visit keeps on the server, in one object, and the keys of the widgets that Streamlit itself keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import streamlit as st

from explorer.data import ImageDataset
from explorer.live.scenes import Scene
from explorer.live.schema import CompareState, SamplesState, StageState
from explorer.live.wire import State
from explorer.store import Checkpoint

S = TypeVar("S", bound=State)


class Widget:
    """Keys of widgets whose values pages set themselves."""

    EXPLORE_MODEL = "checkpoint"
    SAMPLES_PROPOSAL, SAMPLES_MODELS = "proposal", "own models"
    COMPARE_LADDER, COMPARE_MODELS = "ladder", "own columns"
    COMPARE_CHARTS = "charts of the ladder"
    TRAIN_KIND, TRAIN_PRESET, TRAIN_NAME = "train kind", "train preset", "train name"
    PRESENT_DECK = "deck"


@dataclass
class Bench(Generic[S]):
    """A page with models and a component: which models it shows, and in which state each choice of them was left.

    missing: a sentence about models that the link names and that are not here. linked: the state that the link
    asks for, until other models are chosen. begin: where the component began, and with which models.
    """

    models: list[str] = field(default_factory=list)
    missing: str = ""
    linked: S | None = None
    states: dict[str, S] = field(default_factory=dict)
    begin: tuple[str, S] | None = None

    def beginning(self, models: Sequence[Checkpoint], otherwise: Callable[[], S]) -> S:
        """Where the component begins: where these models were left in this visit, else as `otherwise` says.

        Within one stay it does not change: what is sent back would fight with the hand on the slider.
        """
        key = key_of(models)
        if self.begin is None or self.begin[0] != key:
            self.begin = key, self.states.get(key) or otherwise()
        return self.begin[1]

    def keep(self, models: Sequence[Checkpoint], state: S | None) -> None:
        """Remember what the component has settled on, if it has; the latest comes last."""
        if state:
            self.states.pop(key_of(models), None)
            self.states[key_of(models)] = state

    def state(self, models: Sequence[Checkpoint]) -> S | None:
        """What these models show now."""
        key = key_of(models)
        began = self.begin[1] if self.begin and self.begin[0] == key else None
        return self.states.get(key) or began


@dataclass
class Training:
    """The Train page. `select` is the training that is to be shown, again with every other `serial`; `run` the one that
    is; `started` the one that a click has just put into the queue; `values` the settings in the form."""

    select: str = ""
    serial: int = 0
    run: str = ""
    started: str = ""
    name_used: bool = False
    values: dict[str, Any] | None = None

    def show(self, run: str) -> None:
        """Have this training shown, now and once."""
        self.select, self.serial = run, self.serial + 1


@dataclass
class Session:
    """One visit. `destination` is the page that is on its way, with its query; `latest` what Explore shows; `sweep` the
    one that was started; `estimating` the job that measures a training's time; `dialog` whether one is open, which a
    rerun of the page would close."""

    page: str = ""
    destination: tuple[str, dict[str, str]] | None = None
    explore: Bench[StageState] = field(default_factory=Bench)
    samples: Bench[SamplesState] = field(default_factory=Bench)
    compare: Bench[CompareState] = field(default_factory=Bench)
    latest: tuple[Checkpoint, StageState] | None = None
    maps: str = ""
    sweep: str = ""
    estimating: Path | None = None
    dialog: bool = False
    train: Training = field(default_factory=Training)
    images: tuple[str, ImageDataset] | None = None
    importing: tuple[Path, str] | None = None
    scenes: list[Scene] = field(default_factory=list)
    deck_file: str = ""
    deck_opened: bool = False


def session() -> Session:
    """The visit of whoever is looking."""
    found: Session = st.session_state.setdefault("session", Session())
    return found


def key_of(models: Sequence[Checkpoint]) -> str:
    """Names what is shown of these models: other content is another thing."""
    return " ".join(f"{c.name} {c.version}" for c in models)
