"""What the Gallery, Train, Present and the lessons exchange with Python, beside `explorer.live.schema`."""

from typing import Annotated, Any, Literal

from pydantic import Field

from explorer.live.model_schema import Model
from explorer.live.wire import Wire

# --- the gallery ---


class Destination(Wire):
    """A page of the app and its query."""

    page: str
    query: dict[str, str]


class Figure(Wire):
    """A number on a card, and a sentence about it."""

    label: str
    value: str
    unit: str | None = None
    about: str


class CardData(Wire):
    """A model on the gallery, in the words of a Model; `rows` and `columns` are those of its cover, `mark` says how far
    an unfinished training has come."""

    name: str
    title: str
    caption: str
    base: str
    latent_size: int
    image_shape: tuple[int, int, int]
    rows: int
    columns: int
    figures: list[Figure]
    to: Destination
    mark: str = ""


class Comparison(Wire):
    """A link that sets models side by side."""

    label: str
    about: str
    to: Destination


class Group(Wire):
    """The models of one data set."""

    title: str
    about: str
    cards: list[CardData]
    comparisons: list[Comparison]


class Hero(Wire):
    """The picture that leads the first page: a model, its first code `z`, and the dimension of its slider.

    `first` is the image of `z` as base64 of its bytes (C, H, W), on show until the decoder is there.
    """

    name: str
    base: str
    latent_size: int
    image_shape: tuple[int, int, int]
    z: list[float]
    dimension: int
    reach: float
    first: str
    to: Destination


class Step(Wire):
    """A stop of the path through the app, and the view that it opens."""

    title: str
    about: str
    to: Destination


class GalleryData(Wire):
    """All of the first page; `hero` is missing where no model can be decoded."""

    hero: Hero | None = None
    steps: list[Step]
    groups: list[Group]


# --- trainings ---

RunState = Literal["waiting", "running", "paused", "stopped", "done", "failed"]


class RunRow(Wire):
    """How one training stands. `place` is how many come before it while it waits, `model` whether its model is saved,
    and can be explored, `bytes` what its snapshots take on disk. `turns` has the epochs at which β was turned by hand,
    and to what; it is missing where β cannot be turned."""

    name: str
    title: str
    state: RunState
    message: str
    fraction: float
    seconds: float
    place: int
    epochs: int
    latent_size: int
    parent: tuple[str, int] | None
    model: bool
    bytes: int
    turns: list[tuple[float, float]] | None = None


class CurveLine(Wire):
    """One line of the curve: losses in nats per image, `speed` in images per second, `left` in seconds."""

    epoch: float
    loss: float
    distortion: float
    rate: float
    rates: list[float]
    test: float | None
    beta: float
    speed: float
    left: float | None


class Preview(Wire):
    """What a running training shows of its model; `originals` and `rebuilt` are addresses of images in a row."""

    epoch: float
    originals: str
    rebuilt: str
    xy: list[tuple[float, float]]
    labels: list[int]
    label_names: list[str]
    active: int
    notes: list[str]


class LiveRun(Wire):
    """What is new of the training that is looked at: lines of the curve from byte `start` on to `next`, and the preview
    if it is another than was `seen`."""

    name: str
    start: int
    lines: list[CurveLine]
    next: int
    preview: Preview | None = None
    seen: str | None = None
    snapshots: int


class Standings(Wire):
    """All trainings, and what is new of one."""

    runs: list[RunRow]
    live: LiveRun | None = None


class SnapshotRow(Wire):
    """A moment of a training; `test` is its validation loss, `branch` whether a new training can begin there."""

    epoch: int
    base: str
    test: float | None
    branch: bool


class SnapshotList(Wire):
    """The last snapshot as the stage knows a model, and all of them."""

    model: Model
    snapshots: list[SnapshotRow]


class Act(Wire):
    """What a click on the Train page asks for; `epoch` is where a branch begins, `model` whether the model goes too,
    `beta` the β to turn to."""

    do: Literal["pause", "stop", "resume", "delete", "open", "branch", "turn"]
    run: str
    epoch: int = 0
    model: bool = False
    beta: Annotated[float, Field(ge=0, le=1e6)] = 1.0


class TrainingData(Wire):
    """The training that is shown in full; another `serial` selects it again. `closed`: the server is read-only."""

    select: str
    serial: int
    closed: bool


# --- lessons and decks ---


LessonKind = Literal[
    "restore", "random", "holes", "draws", "tug", "ladder", "rotate", "inside", "compression", "water"
]


class RatePoint(Wire):
    """A trained model in the plane of rate, in nats per image, and squared error per image, of a draw from each
    posterior. `active` is how many of its dimensions are."""

    title: str
    distortion: float
    rate: float
    active: int


class LessonData(Wire):
    """A figure for the stage; all but the tug of war are drawn with images of `models`, which `titles` name. `rows` are
    the test images that it begins with, `seed` that of its random codes, `first` the first restored image as base64 of
    its bytes. `points` and the first `level` are those of the water level."""

    kind: LessonKind
    models: tuple[Model, ...] = ()
    titles: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    seed: int = 1
    first: str = ""
    points: tuple[RatePoint, ...] = ()
    level: float | None = None


class ReplayData(Wire):
    """The replay of a training alone."""

    run: str


Entry = Literal["stage", "samples", "compare", "lessons", "replay"]


class SceneSource(Wire):
    """A scene as `explorer.live.scenes.Scene` has it."""

    page: str
    address: dict[str, str]
    caption: str
    notes: str


class DeckScene(Wire):
    """A view with words to it: `entry` is the bundle that shows it, `data` what that bundle is given. `notes` are for
    the speaker, `source` is what it was made from, in a deck that can be edited."""

    entry: Entry
    data: dict[str, Any]
    caption: str
    notes: str = ""
    source: SceneSource | None = None


class DeckData(Wire):
    """Scenes that are stepped through; a single one is a page with a title.

    own: whether they can be edited, and are kept in the browser. restores: whether the page asks for those that the
    browser keeps.
    """

    title: str
    scenes: list[DeckScene]
    own: bool = False
    restores: bool = False
