"""What the stage, Samples and Compare exchange with Python. The front end's types are generated from these models.

A model is described in `explorer.live.model_schema`. `python -m scripts.schema` writes the JSON schema, from which
`npm run build` makes `schema.ts`.
"""

from typing import Annotated, Literal

from pydantic import Field

from explorer.live.model_schema import Model, WordsRate
from explorer.live.wire import InLink, State, Wire
from explorer.store.saved_directions import MAX_NAME, MAX_SIZE, GroupText

MAX_NUMBER = 1e6
"""Far beyond every code, and far from where float32 ends."""
MAX_MODELS = 6
MAX_DIRECTIONS = 12

Number = Annotated[float, Field(ge=-MAX_NUMBER, le=MAX_NUMBER)]
Row = Annotated[int, Field(ge=0, lt=10**9)]
Beta = Annotated[float, Field(gt=0, le=MAX_NUMBER)]
Seed = Annotated[int, Field(ge=0, lt=2**31)]
Word = Annotated[str, Field(max_length=200)]

# --- the stage ---

ViewName = Literal["explore", "traverse", "walk"]
Tool = Literal["sliders", "walk", "image", "directions", "exchange"]
PathKind = Literal["linear", "spherical"]
MAX_GRID = 6
"""Images on a side of a grid of exchanges."""
Part = Annotated[str, Field(pattern=r"^(z[1-9]\d{0,2}|class|means:\d{1,3}|direction:\d{1,2})$")]
"""What an exchange takes from B: a dimension by its name, counted from 1, the class, the value of a
column along the line between class means, or one of the directions."""


class RangeChoice(Wire):
    """The range of the sliders: `k` standard deviations of the prior to each side, or the range of the data's codes."""

    kind: Literal["prior", "data"]
    k: Annotated[float, Field(gt=0, le=10)]


class Viewport(Wire):
    """Centre in latent units, and pixels per unit."""

    cx: Number
    cy: Number
    scale: Annotated[float, Field(gt=0, le=MAX_NUMBER)]


class Direction(Wire):
    """A direction of a visitor's own: from group `b` to group `a` of test images by `method`, or else a `vector`.

    The browser finds all else. The one without a name is being made.
    """

    name: Annotated[str, Field(max_length=MAX_NAME)] = ""
    a: GroupText = ""
    b: GroupText = ""
    method: Literal["means", "probe"] = "means"
    vector: Annotated[tuple[Number, ...] | None, Field(max_length=MAX_SIZE)] = None


class StageState(State):
    """`z` is the current code, `a` and `b` the ends of the walk, `selected` the row of the test image whose code z is.

    `tokens` stands for z where that is a grid of words.
    `hidden` lists the hidden classes by number; `plane` shows the decoded plane behind the points; `inside` opens the
    computation for the present image. `beta` is that of a model of a range, at its default without it; `label` is the
    class that a conditional model is given; `directions` are the visitor's own, `operands` the rows of the images of
    a − b + c. `pair` are the rows of A and B of an exchange, `taken` what comes from B and `blend` how much of it;
    `gridA` and `gridB` are the rows of the images of its grid.
    """

    z: list[Number] | None = None
    tokens: Annotated[list[Row] | None, Field(max_length=256)] = None
    a: list[Number] | None = None
    b: list[Number] | None = None
    selected: Row | None = None
    selection: Annotated[tuple[Row, ...], InLink(None)] = ()
    selection_count: Annotated[int, InLink(None)] = 0
    projection: Word | None = None
    colour: Word | None = None
    viewport: Viewport | None = None
    range: RangeChoice | None = None
    path: PathKind | None = None
    tool: Tool = "sliders"
    plane: bool = False
    hidden: Annotated[tuple[Row, ...], Field(max_length=1000)] = ()
    inside: bool = False
    beta: Beta | None = None
    label: Annotated[Row, InLink("class")] = 0
    directions: Annotated[tuple[Direction, ...], Field(max_length=MAX_DIRECTIONS)] = ()
    operands: Annotated[tuple[Row, ...] | None, Field(min_length=3, max_length=3)] = None
    pair: Annotated[tuple[Row, ...] | None, Field(min_length=2, max_length=2)] = None
    taken: Annotated[tuple[Part, ...], Field(max_length=200)] = ()
    blend: Annotated[float, Field(ge=0, le=1)] = 1.0
    grid_a: Annotated[tuple[Row, ...] | None, Field(min_length=1, max_length=MAX_GRID)] = None
    grid_b: Annotated[tuple[Row, ...] | None, Field(min_length=1, max_length=MAX_GRID)] = None


class StageData(Wire):
    """`first` is the first image as base64 of its bytes (C, H, W), shown until the decoder is ready; `saved` are the
    directions saved with the checkpoint, `writes` says whether others can be."""

    view: ViewName
    model: Model
    state: StageState
    first: str = ""
    saved: tuple[Direction, ...] = ()
    writes: bool = False


class DirectionAct(Wire):
    """A click that saves a direction with the checkpoint, or deletes the saved one of its name."""

    do: Literal["save", "delete"]
    direction: Direction


class Relative(Model):
    """A model, and of what kind it is."""

    title: str


class Relatives(Wire):
    """Models of the same images, one of each kind, that an image can go through one after the other."""

    models: list[Relative]


# --- samples ---

SamplesTab = Literal["codes", "rebuilt", "line"]
NoiseKind = Literal["none", "gaussian", "masking", "salt-and-pepper"]
Span = Literal["own", "prior"]


class Source(Wire):
    """A distribution from which codes are drawn."""

    key: str
    label: str


class SampledModel(Model):
    """`images` is equal for two models if and only if their codes are of the same images; nats under different
    `likelihood`s are not comparable; `denoises` describes the noise that the model was trained to remove;
    `real` says whether the network that measures the distance to real images is available."""

    title: str
    images: str
    likelihood: str
    sources: list[Source]
    denoises: str
    real: bool


class Estimate(Wire):
    """A mean and its 95 % interval."""

    mean: float
    low: float
    high: float


class Report(Wire):
    """The parts of a stored sample-quality report that the page shows; `space` names the feature space of distances."""

    seeds: int
    samples: int
    images: int
    space: str
    measures: dict[str, Estimate]
    real: dict[str, Estimate]


class ReportStatus(Wire):
    """The report of one model and one source, the progress of its job, or why there is none: an `error`, or the
    reason why scoring is `disabled` on this server."""

    report: Report | None = None
    fraction: float | None = None
    message: str | None = None
    error: str | None = None
    disabled: str | None = None


class Measure(Wire):
    """The name and meaning of a number in a report; a `share` lies between 0 and 1."""

    label: str
    about: str
    share: bool


class SamplesState(State):
    """`sources` has one kind per model, `image` is the row to sample around, `level` the noise from 0 to 1, `at` the
    position on the line of a one-dimensional latent space, `span` the range of that line, `betas` one β per model, 0
    for its default, `label` the class that conditional models draw; without it, all in turn."""

    tab: SamplesTab | None = None
    seed: Seed | None = None
    count: Annotated[int | None, Field(ge=1, le=100), InLink("n")] = None
    temperature: Annotated[float | None, Field(ge=0, le=3), InLink("t")] = None
    sources: Annotated[list[Word] | None, Field(max_length=MAX_MODELS), InLink("from")] = None
    image: Row | None = None
    noise: NoiseKind = "none"
    level: Annotated[float | None, Field(ge=0, le=1)] = None
    at: Annotated[float | None, Field(ge=0, le=1)] = None
    span: Span = "own"
    betas: Annotated[list[Number] | None, Field(max_length=MAX_MODELS)] = None
    label: Annotated[Row | None, InLink("class")] = None


class SamplesData(Wire):
    models: list[SampledModel]
    state: SamplesState
    numbers: list[dict[str, ReportStatus]]
    measures: dict[str, Measure]


# --- compare ---

CompareTab = Literal["columns", "ladder", "factors", "two-way"]
PlaneKind = Literal["pca", "dimensions"]


class ComparedModel(Model):
    """`elbo`, `distortion` and `totalRate` are nats per test image; `sprites` says whether the page can draw and encode
    any sprite."""

    title: str
    elbo: float | None
    distortion: float | None
    total_rate: float | None
    active_units: float
    labels: bool
    sprites: bool
    factor_names: list[str]
    factor_sizes: list[int]


class Match(Wire):
    """For each dimension of the reference model: the matching dimension of another model, and the sign and size of
    their correlation."""

    order: list[int]
    sign: list[int]
    correlation: list[float]


class FlatPlane(Wire):
    """Centre `(d,)` and directions `(2·d,)`."""

    mean: list[float]
    components: list[float]


class Relations(Wire):
    """How models correspond: `matches[reference][other]`, and the principal plane of each model."""

    matches: list[list[Match]]
    planes: list[FlatPlane]


class CompareState(State):
    """`reference` is the model whose dimensions the sliders are, `rank` the traversed dimension in order of strength,
    `image` the test image that the sliders start from, `offset` the distance of each dimension from there, `rows` the
    first reconstructed image, `at` the position on the ladder, `sprite` the factors of the drawn sprite, `rotation` a
    model, two of its dimensions, and degrees, `betas` one β per model, 0 for its default."""

    tab: CompareTab | None = None
    reference: Annotated[int | None, Field(ge=0, lt=MAX_MODELS)] = None
    rank: Annotated[int | None, Field(ge=0, lt=1000)] = None
    image: Row | None = None
    seed: Seed | None = None
    rows: Row | None = None
    offset: list[Number] | None = None
    at: Annotated[float | None, Field(ge=0, le=MAX_MODELS)] = None
    plane: PlaneKind | None = None
    colour: Word | None = None
    factor: Annotated[int | None, Field(ge=0, lt=1000)] = None
    sprite: list[Row] | None = None
    rotation: Annotated[list[Number] | None, Field(min_length=4, max_length=4)] = None
    betas: Annotated[list[Number] | None, Field(max_length=MAX_MODELS)] = None


class CompareData(Relations):
    models: list[ComparedModel]
    words: list[WordsRate]
    state: CompareState
