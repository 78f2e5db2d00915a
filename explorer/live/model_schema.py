"""How Python describes a checkpoint to the front end."""

from typing import Literal

from explorer.live.wire import Wire


class Column(Wire):
    """A quantity that colours codes; `names` are the names of its categories, `colours` theirs where they have some."""

    key: str
    label: str
    unit: str | None = None
    names: list[str] | None = None
    colours: list[str] | None = None


class Projection(Wire):
    """Centre `(d,)` and two orthonormal directions `(2·d,)` of a linear projection; absent if it has no inverse."""

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


class BetaRange(Wire):
    """What a model of a range of β is at each of `betas`, which rise at equal distances of log β: the mean KL per
    dimension in nats, the variance of the posterior means, and the distortion in nats per image.

    `error` is how far interpolated codes lie at most from exact ones, in standard deviations of the prior.
    """

    betas: list[float]
    rate: list[list[float]]
    variance: list[list[float]]
    distortion: list[float]
    error: float


class Code(Wire):
    """Discrete codes: `tokens` of `words` words of `size` numbers, on a grid of `side` tokens to each side or on none.

    `levels` are those of FSQ; `title` says what they are made of. `shared` says whether all tokens speak of the same
    words. `entropy` is that of the words, token by token, in nats per image; `perplexity` and `used` see
    `explorer.latents.vocabulary.Usage`, over the stored images.
    """

    kind: Literal["categorical", "binary", "fsq", "vq"]
    tokens: int
    words: int
    size: int
    side: int
    levels: tuple[int, ...] = ()
    title: str
    shared: bool
    entropy: float
    perplexity: float
    used: int


class FactorDimensions(Wire):
    """The dimensions, from 0, that say most of a factor, and the share of pairs in which exactly it changes when they
    are exchanged, or the part along the line between class means; null where that has not been measured."""

    factor: str
    dimensions: tuple[int, ...]
    exact: float | None = None
    exact_means: float | None = None


class Model(Wire):
    """A checkpoint. `base` is the address of its files, relative to the app's root; it ends in a slash.

    `imageShape` is channels, height, width; `rate` the mean KL per dimension in nats, null for a plain autoencoder;
    `names` the main factor of each dimension, as "x position, 81 %", where it has been measured, and
    `factors` the dimensions of each factor. `beta` is null for a
    plain autoencoder; `diagonal` says whether q(z|x) has independent dimensions. Without `vision` there is no encoder.
    A model of a range of β has a `betaRange`, and `beta` is its default; a conditional model is given one of `classes`;
    one of discrete codes has a `code`.
    """

    name: str
    base: str
    latent_size: int
    image_shape: tuple[int, int, int]
    body: Literal["mlp", "conv", "residual"]
    count: int
    beta: float | None
    beta_range: BetaRange | None = None
    diagonal: bool
    rate: list[float] | None
    variance: list[float]
    names: tuple[str, ...] = ()
    factors: tuple[FactorDimensions, ...] = ()
    classes: int = 0
    code: Code | None = None
    vision: Vision | None = None
    label_names: list[str]
    columns: list[Column]
    projections: list[Projection]


class Sibling(Wire):
    """A model of one β beside a model of a range; rate and distortion in nats per image."""

    name: str
    beta: float
    rate: float
    distortion: float


class WordsRate(Wire):
    """A model of discrete codes of the same images, which no slider drives, by what it costs and restores: nats per
    image. `rate` is KL(q‖p) for uniform words, `learned` for its autoregressive prior, where it has one."""

    title: str
    rate: float
    learned: float | None = None
    distortion: float


class Siblings(Wire):
    models: list[Sibling]
