"""What the stage, Samples and Compare exchange with Python. The front end's types are generated from these models.

`python -m scripts.schema` writes the JSON schema, from which `npm run build` makes `schema.ts`.
"""

from typing import Annotated, Literal

from pydantic import Field

from explorer.live.wire import InLink, State, Wire

LARGEST = 1e6
"""Far beyond every code, and far from where float32 ends."""
MOST_MODELS = 6

Number = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]
Row = Annotated[int, Field(ge=0, lt=10**9)]
Seed = Annotated[int, Field(ge=0, lt=2**31)]
Word = Annotated[str, Field(max_length=200)]

# --- a model, and the stage that shows it ---


class Column(Wire):
    """What codes can be coloured by; `names` are those of categories, `colours` their own where they are colours."""

    key: str
    label: str
    unit: str | None = None
    names: list[str] | None = None
    colours: list[str] | None = None


class Projection(Wire):
    """Centre `(d,)` and two orthonormal directions `(2·d,)` of a flat projection; absent where there is no way back."""

    key: str
    label: str
    axes: tuple[str, str]
    mean: list[float] | None = None
    components: list[float] | None = None


class Vision(Wire):
    """How a model sees an image of a visitor, and scores it: `variance` is that of Gaussian pixels; with `threshold`
    grey levels become black or white; `centred` images have their mass in the middle of a frame, as MNIST's do."""

    likelihood: Literal["bernoulli", "gaussian", "learned-gaussian", "continuous-bernoulli"]
    variance: float
    threshold: bool = False
    centred: bool = False


class Model(Wire):
    """A checkpoint. `base` is the address of its files, relative to the app's root; it ends in a slash.

    `imageShape` is channels, height, width; `rate` the mean KL per dimension in nats, null for a plain autoencoder;
    `names` what each dimension is for, as "x position, 81 %", where that has been measured. `beta` is null for a plain
    autoencoder; `diagonal` says whether q(z|x) has independent dimensions. Without `vision` its encoder is not there.
    """

    name: str
    base: str
    latent_size: int
    image_shape: tuple[int, int, int]
    body: Literal["mlp", "conv", "residual"]
    count: int
    beta: float | None
    diagonal: bool
    rate: list[float] | None
    variance: list[float]
    names: tuple[str, ...] = ()
    vision: Vision | None = None
    label_names: list[str]
    columns: list[Column]
    projections: list[Projection]


ViewName = Literal["explore", "traverse", "walk"]
Tool = Literal["sliders", "walk", "image"]
PathKind = Literal["linear", "spherical"]


class RangeChoice(Wire):
    """How far sliders go: `k` standard deviations of the prior to each side, or where the data's codes lie."""

    kind: Literal["prior", "data"]
    k: Annotated[float, Field(gt=0, le=10)]


class Viewport(Wire):
    """Centre in latent units, and pixels per unit."""

    cx: Number
    cy: Number
    scale: Annotated[float, Field(gt=0, le=LARGEST)]


class StageState(State):
    """`z` is the code that is shown, `a` and `b` the ends of the walk, `selected` the test image that z is the code of.

    `hidden` are the classes that are hidden, by number; with `plane` the decoded plane lies behind the points.
    """

    z: list[Number] | None = None
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


class StageData(Wire):
    """`first` is the first image as base64 of its bytes (C, H, W), on show until the decoder is there."""

    view: ViewName
    model: Model
    state: StageState
    first: str = ""


# --- samples ---

SamplesTab = Literal["codes", "rebuilt", "line"]
NoiseKind = Literal["none", "gaussian", "masking", "salt-and-pepper"]
Span = Literal["own", "prior"]


class Source(Wire):
    """Where codes may be drawn from."""

    key: str
    label: str


class SampledModel(Model):
    """`images` is equal for two models exactly if their codes are of the same images; nats of one `likelihood` do not
    compare with those of another; `denoises` is the noise it was trained to take away, in words; `real` says whether
    there is the network that tells how far an image lies from every real one."""

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
    """The parts of a stored report of samples that are shown; `space` says what distances are distances of."""

    seeds: int
    samples: int
    images: int
    space: str
    measures: dict[str, Estimate]
    real: dict[str, Estimate]


class Judged(Wire):
    """How the numbers of one model and one source stand: there, on their way, failed, or closed to this server."""

    report: Report | None = None
    fraction: float | None = None
    message: str | None = None
    failed: str | None = None
    closed: str | None = None


class Measure(Wire):
    """What a number of a report is called and means; a `share` lies between 0 and 1."""

    label: str
    about: str
    share: bool


class SamplesState(State):
    """`sources` is one kind per model, `image` the row that is sampled around, `level` of noise 0 to 1, `at` the place
    on the line of a one-dimensional space, `span` what that line goes through."""

    tab: SamplesTab | None = None
    seed: Seed | None = None
    count: Annotated[int | None, Field(ge=1, le=100), InLink("n")] = None
    temperature: Annotated[float | None, Field(ge=0, le=3), InLink("t")] = None
    sources: Annotated[list[Word] | None, Field(max_length=MOST_MODELS), InLink("from")] = None
    image: Row | None = None
    noise: NoiseKind = "none"
    level: Annotated[float | None, Field(ge=0, le=1)] = None
    at: Annotated[float | None, Field(ge=0, le=1)] = None
    span: Span = "own"


class SamplesData(Wire):
    models: list[SampledModel]
    state: SamplesState
    numbers: list[dict[str, Judged]]
    measures: dict[str, Measure]


# --- compare ---

CompareTab = Literal["columns", "ladder", "factors", "two-way"]
PlaneKind = Literal["pca", "strands"]


class ComparedModel(Model):
    """`elbo`, `distortion` and `totalRate` are nats per test image; with
    `sprites` any sprite can be drawn and encoded."""

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
    """For each dimension of the model that leads: which of another model's it is, which way round, how surely."""

    order: list[int]
    sign: list[int]
    correlation: list[float]


class FlatPlane(Wire):
    """Centre `(d,)` and directions `(2·d,)`."""

    mean: list[float]
    components: list[float]


class Relations(Wire):
    """How models correspond: `matches[lead][other]`, and for each its principal plane."""

    matches: list[list[Match]]
    planes: list[FlatPlane]


class CompareState(State):
    """`lead` is the model whose dimensions the sliders are, `strand` which of them is traversed, the strongest first,
    `image` the test image that the hand starts from, `offset` how far each dimension has been moved from there,
    `rows` the first image that is rebuilt, `at` the place on the ladder, `sprite` the factors of the one that is drawn,
    `turn` a model, two of its dimensions, and degrees."""

    tab: CompareTab | None = None
    lead: Annotated[int | None, Field(ge=0, lt=MOST_MODELS)] = None
    strand: Annotated[int | None, Field(ge=0, lt=1000)] = None
    image: Row | None = None
    seed: Seed | None = None
    rows: Row | None = None
    offset: list[Number] | None = None
    at: Annotated[float | None, Field(ge=0, le=MOST_MODELS)] = None
    plane: PlaneKind | None = None
    colour: Word | None = None
    factor: Annotated[int | None, Field(ge=0, lt=1000)] = None
    sprite: list[Row] | None = None
    turn: Annotated[list[Number] | None, Field(min_length=4, max_length=4)] = None


class CompareData(Relations):
    models: list[ComparedModel]
    state: CompareState
