"""Discrete codes by the settings of a model: how many tokens and words they have, and what does not go with them."""

import math
from typing import Annotated, Any, NamedTuple, Protocol

from pydantic import Field

MAX_LATENTS = 128
"""Latent dimensions of a code without a grid of tokens."""
MAX_CODE = 16 * 16 * 64
"""Latent dimensions of the largest grid of tokens."""
MAX_WORDS = 4096
FIRST_LEVELS, FIRST_SIZE = (8, 6, 5), 16
QUANTIZED = ("fsq", "vq")
"""Posteriors that put all mass on one word."""

Levels = Annotated[tuple[Annotated[int, Field(ge=2, le=64)], ...], Field(min_length=1, max_length=16)]
LATENT_SIZE: Any = Field(
    2,
    ge=1,
    le=MAX_CODE,
    description="number of latent dimensions, at most 128; of fsq and vq it follows from levels, word_size and grid",
)
POSTERIOR = (
    "q(z|x): a point (plain AE), a Gaussian with diagonal or full covariance, or a discrete code: one of several "
    "boxes, switches, levels of each dimension (FSQ), or words of a code book (VQ)"
)
GROUPS: Any = Field(
    1, ge=1, le=64, description="groups of boxes of a categorical posterior; they share its latent dimensions"
)
LEVELS: Any = Field(FIRST_LEVELS, description="levels of each dimension of an fsq posterior")
WORDS: Any = Field(128, ge=2, le=MAX_WORDS, description="words in the code book of a vq posterior")
WORD_SIZE: Any = Field(FIRST_SIZE, ge=1, le=64, description="dimensions of a word of a vq posterior")
GRID: Any = Field(
    0,
    ge=0,
    le=16,
    description="side of the grid of fsq or vq tokens, as the conv and residual bodies make it, such as 7 for 28 × 28 "
    "pixels; 0: one token for the whole image",
)
TEMPERATURE: Any = Field(
    1.0,
    ge=0.05,
    le=10,
    description="temperature of the Gumbel-softmax through which categorical and binary codes are trained",
)
BALANCE: Any = Field(
    10.0,
    ge=0,
    description="weight of the divergence of a batch's categorical or binary codes, taken together, from uniform ones: "
    "at 0, one box may take all images in the first steps",
)
COMMITMENT: Any = Field(
    0.25, ge=0, description="weight of the squared distance of the encoder's output from its vq word"
)

BOXES_FROM: Any = Field(
    None,
    description="checkpoint with Gaussian codes of the same images: boxes begin as clusters of its codes, those of a "
    "mixture of Gaussians, instead of random weights",
)


class CodeShape(NamedTuple):
    """A discrete code is a row of `tokens`, each one of `words` vectors of `size` numbers; z is these vectors, one
    after the other. A group of boxes is a token whose words are one-hot; a switch, one whose words are −1 and 1. On a
    grid of `side` tokens to each side, they are in reading order; `side` is 0 without a grid."""

    tokens: int
    words: int
    size: int
    side: int = 0


class CodeSettings(Protocol):
    """The settings of a model that decide about its codes (`explorer.config.ModelConfig`)."""

    @property
    def posterior(self) -> str: ...
    @property
    def latent_size(self) -> int: ...
    @property
    def body(self) -> str: ...
    @property
    def groups(self) -> int: ...
    @property
    def levels(self) -> tuple[int, ...]: ...
    @property
    def words(self) -> int: ...
    @property
    def word_size(self) -> int: ...
    @property
    def grid(self) -> int: ...
    @property
    def condition(self) -> str: ...


class ObjectiveSettings(Protocol):
    """The settings of an objective that do not go with every code (`explorer.config.ObjectiveConfig`)."""

    @property
    def divergence(self) -> str: ...
    @property
    def free_bits(self) -> float: ...
    @property
    def capacity(self) -> float | None: ...


class TrainingSettings(Protocol):
    """The setting of a training that does not go with every code (`explorer.config.TrainingConfig`)."""

    @property
    def boxes_from(self) -> str | None: ...


def code_shape(model: CodeSettings) -> CodeShape | None:
    """The shape of a model's discrete codes; None for a point and for Gaussians."""
    side = model.grid
    tokens = max(1, side) ** 2
    match model.posterior:
        case "categorical":
            boxes = model.latent_size // model.groups
            return CodeShape(model.groups, boxes, boxes)
        case "binary":
            return CodeShape(model.latent_size, 2, 1)
        case "fsq":
            return CodeShape(tokens, math.prod(model.levels), len(model.levels), side)
        case "vq":
            return CodeShape(tokens, model.words, model.word_size, side)
        case _:
            return None


def neighbours(code: CodeShape) -> list[list[int]]:
    """Tokens near each that come before it in reading order: the one before, and on a grid the three above. The number
    of tokens stands for one that is not there."""
    none, side = code.tokens, code.side
    rows = []
    for t in range(none):
        y, x = divmod(t, side) if side else (0, 0)
        above = [(y - 1) * side + u if y and 0 <= u < side else none for u in (x, x - 1, x + 1)]
        rows.append([t - 1 if t else none, *(above if side else [])])
    return rows


def rates_of_tokens(rates: list[float], code: CodeShape | None) -> list[float]:
    """The rates of latent dimensions `(T·D)` as those of tokens `(T)` where these are on a grid, which has hundreds of
    dimensions; the same list otherwise."""
    if code is None or not code.side:
        return rates
    return [sum(rates[t * code.size : (t + 1) * code.size]) for t in range(code.tokens)]


def code_name(model: CodeSettings) -> str:
    """The kind of code as part of a checkpoint name: categorical-10, binary-8, fsq-8x6x5 or vq-128-grid7."""
    code = code_shape(model)
    assert code
    groups = f"{model.groups}x" if model.groups > 1 else ""
    size = {
        "categorical": f"{groups}{code.words}",
        "binary": f"{code.tokens}",
        "fsq": "x".join(map(str, model.levels)),
        "vq": f"{code.words}",
    }[model.posterior]
    return f"{model.posterior}-{size}" + (f"-grid{code.side}" if code.side else "")


def code_title(model: CodeSettings) -> str:
    """The kind of code in words: "one of 10 boxes", "8 switches", "FSQ 8·6·5", "VQ, 7×7 tokens of 128 words"."""
    code = code_shape(model)
    assert code
    on_grid = f"{code.side}×{code.side} tokens of " if code.side else ""
    levels = "·".join(map(str, model.levels))
    match model.posterior:
        case "categorical":
            return (
                f"one of {code.words} boxes"
                if code.tokens == 1
                else f"{code.tokens} groups of {code.words} boxes"
            )
        case "binary":
            return f"{code.tokens} switch{'es' if code.tokens > 1 else ''}"
        case "fsq":
            return f"FSQ, {on_grid}{levels}" if on_grid else f"FSQ {levels}"
        case _:
            return f"VQ, {on_grid}{code.words} words"


def with_latent_size(values: Any) -> Any:
    """The settings of a model with the latent size that follows from the words of fsq and vq. Settings of a wrong type
    are left as they are, to be refused."""
    if not isinstance(values, dict) or values.get("posterior") not in QUANTIZED:
        return values
    try:
        fsq = values["posterior"] == "fsq"
        size = len(values.get("levels", FIRST_LEVELS)) if fsq else int(values.get("word_size", FIRST_SIZE))
        return values | {"latent_size": size * max(1, int(values.get("grid", 0))) ** 2}
    except (TypeError, ValueError):
        return values


def check_code(model: CodeSettings) -> None:
    """Raises ValueError if the settings of a model's codes contradict each other."""
    if model.condition != "none" and code_shape(model):
        raise ValueError(f"a {model.posterior} posterior takes no condition: set condition to none")
    grid = model.grid if model.posterior in QUANTIZED else 0
    if not grid and model.latent_size > MAX_LATENTS:
        raise ValueError(
            f"latent_size is {model.latent_size}: it should be less than or equal to {MAX_LATENTS} without a grid of "
            "tokens"
        )
    if grid and model.body == "mlp":
        raise ValueError("a grid of tokens needs the conv or residual body: set body to conv, or grid to 0")
    boxes, groups = model.latent_size, model.groups
    if model.posterior == "categorical" and (boxes % groups or boxes < 2 * groups):
        raise ValueError(
            f"{boxes} latent dimensions cannot be shared out as boxes among {groups} group{'s' * (groups > 1)} of at "
            "least two: set latent_size to a multiple of groups"
        )
    if model.posterior == "fsq" and math.prod(model.levels) > MAX_WORDS:
        raise ValueError(f"the levels multiply to more than {MAX_WORDS:,} words: take fewer")


def has_boxes(model: CodeSettings) -> bool:
    """Whether a code is one of several boxes, so that boxes can begin as clusters."""
    return model.posterior == "categorical" and model.groups == 1


def check_discrete(model: CodeSettings, objective: ObjectiveSettings, training: TrainingSettings) -> None:
    """Raises ValueError if a model of discrete codes has an objective other than distortion + β · KL(q‖p), or a
    capacity for a rate that cannot change, or if what begins as clusters is no code of one box."""
    if training.boxes_from is not None and not has_boxes(model):
        raise ValueError(
            "boxes_from lets the boxes of one group begin as clusters: set posterior to categorical and groups to 1, "
            "or leave out boxes_from"
        )
    if code_shape(model) is None:
        return
    if objective.divergence != "kl-qp" or objective.free_bits > 0:
        raise ValueError(
            f"a {model.posterior} posterior has the rate KL(q‖p) alone: set divergence to kl-qp and free_bits to 0"
        )
    if objective.capacity is not None and model.posterior in QUANTIZED:
        raise ValueError(f"the rate of {model.posterior} codes is constant: set capacity to none")
