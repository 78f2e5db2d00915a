"""The state of one visit on the server, and the keys of widgets that Streamlit keeps."""

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

    EXPLORE_MODEL, EXPLORE_PROBES = "checkpoint", "probes"
    EXPLORE_CLASSES, EXPLORE_PRIOR = "classes of boxes", "learned prior"
    SAMPLES_PROPOSAL, SAMPLES_MODELS = "proposal", "own models"
    COMPARE_LADDER, COMPARE_MODELS = "ladder", "own columns"
    COMPARE_CHARTS, COMPARE_WATER = "charts of the ladder", "water level"
    TRAIN_KIND, TRAIN_PRESET, TRAIN_NAME = "train kind", "train preset", "train name"
    PRESENT_DECK = "deck"


@dataclass
class Bench(Generic[S]):
    """A page with models and a component: its models, and the last state of each choice of models.

    missing: a sentence about models in the link that do not exist. linked: the link's state, until other models are
    chosen. begin: the models and the state with which the component started.
    """

    models: list[str] = field(default_factory=list)
    missing: str = ""
    linked: S | None = None
    states: dict[str, S] = field(default_factory=dict)
    begin: tuple[str, S] | None = None

    def beginning(self, models: Sequence[Checkpoint], default: Callable[[], S]) -> S:
        """The component's initial state: the last one of these models in this visit, else the default.

        It stays the same while the page is open: a state sent back would move a slider that is being dragged.
        """
        key = key_of(models)
        if self.begin is None or self.begin[0] != key:
            self.begin = key, self.states.get(key) or default()
        return self.begin[1]

    def keep(self, models: Sequence[Checkpoint], state: S | None) -> None:
        """Store the component's settled state, if there is one; the latest comes last."""
        if state:
            self.states.pop(key_of(models), None)
            self.states[key_of(models)] = state

    def state(self, models: Sequence[Checkpoint]) -> S | None:
        """The current state of these models."""
        key = key_of(models)
        initial = self.begin[1] if self.begin and self.begin[0] == key else None
        return self.states.get(key) or initial


@dataclass
class Training:
    """The Train page. `select` is the training to show, once for each `serial`; `run` the one on the page; `started`
    the one that a click has just queued; `values` the settings in the form; `linked` the images that an address named,
    until a click agrees to read them."""

    select: str = ""
    serial: int = 0
    run: str = ""
    started: str = ""
    name_used: bool = False
    values: dict[str, Any] | None = None
    linked: str | None = None

    def show(self, run: str) -> None:
        """Show this training once."""
        self.select, self.serial = run, self.serial + 1


@dataclass
class Session:
    """One visit. `destination` is the page to switch to, with its query, `clicked` the page that it was when it came;
    `latest` the model and state on Explore;
    `sweep` the one that was started; `estimating` the job that measures a training's time; `dialog` whether a dialog is
    open, which a rerun of the page would close."""

    page: str = ""
    destination: tuple[str, dict[str, str]] | None = None
    clicked: str = ""
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
    scenes_read: bool = False
    scenes_restored: bool = False
    deck_file: str = ""
    deck_opened: bool = False


def session() -> Session:
    """The current visit."""
    visit: Session = st.session_state.setdefault("session", Session())
    return visit


def key_of(models: Sequence[Checkpoint]) -> str:
    """A key of these models and their versions."""
    return " ".join(f"{c.name} {c.version}" for c in models)
