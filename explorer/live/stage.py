"""The live stage: decoding in the browser, as a Streamlit component.

The component gets only addresses and small arrays (`describe`); the browser fetches decoder, codes and images from
`explorer.server.routes`. The server receives settled states and does no work per frame.
"""

import base64
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from explorer import environment, reports
from explorer.errors import ExplorerError
from explorer.latents.codes import ACTIVE, Codes
from explorer.latents.projection import METHODS
from explorer.latents.vocabulary import vectors
from explorer.live import columns, words
from explorer.live.component import mount
from explorer.live.model_schema import BetaRange, FactorDimensions, Model, Projection, Vision
from explorer.live.schema import Direction, DirectionAct, StageData, StageState, ViewName
from explorer.metrics.disentanglement.evaluation import dimensions_of, labels
from explorer.store import Checkpoint, cache
from explorer.store.saved_directions import find_directions

CENTRED = ("mnist", "emnist", "qmnist")
"""Data sets whose images were made as MNIST's: 20×20 pixels, then 28×28 around the centre of mass."""

COMPARED = 8
"""Test images whose contrast says what that of a good picture is."""

# fetch the decoder, and the map or the words, of the first model while the bundle is still loading
_AHEAD = """
  if (!page) {
    const { model: { base, code }, state } = component.data;
    ahead(base + "decoder.onnx", "preload", "fetch");
    if (code) ahead(base + "words", "preload", "fetch");
    else if (state.projection) ahead(base + "positions/" + encodeURIComponent(state.projection), "preload", "fetch");
  }
"""


def names(checkpoint: Checkpoint) -> list[str]:
    """What each dimension encodes, as "x position, 81 %", from the stored disentanglement report; none without one, or
    with only one factor. Dead dimensions and those that encode no factor have an empty name."""
    report = reports.disentanglement().find(checkpoint)
    if report is None or len(report.factor_names) < 2:
        return []
    active = checkpoint.codes.mean.var(0) > ACTIVE
    return ["" if label == "no factor" or not active[k] else label for k, label in enumerate(labels(report))]


def factors(checkpoint: Checkpoint) -> list[FactorDimensions]:
    """The dimensions of each factor, from the stored reports; none without a disentanglement report."""
    report = reports.disentanglement().find(checkpoint)
    if report is None:
        return []
    measured = reports.exchange().find(checkpoint)
    found = {one.factor: one for one in measured.factors} if measured else {}
    result = []
    for factor, dimensions in dimensions_of(report).items():
        one = found.get(factor)
        exact, means = (one.taken, one.means) if one else (None, None)
        result.append(
            FactorDimensions(
                factor=factor,
                dimensions=dimensions,
                exact=exact and exact.exact,
                exact_means=means and means.exact,
            )
        )
    return result


def describe(checkpoint: Checkpoint, projections: Sequence[tuple[str, str]] = ()) -> Model:
    """The stage's description of a checkpoint; large arrays are fetched by address.

    projections: further map projections as (name, label); the routes must serve them.
    """
    model = _model(checkpoint)
    further = [Projection(key=key, label=label, axes=("", "")) for key, label in projections]
    return model.model_copy(
        update={
            "names": tuple(names(checkpoint)),
            "factors": tuple(factors(checkpoint)),
            "projections": [*model.projections, *further],
        }
    )


@lru_cache(maxsize=64)
def _model(checkpoint: Checkpoint) -> Model:
    """The part that depends only on the checkpoint's own files, cached."""
    manifest, codes = checkpoint.manifest, checkpoint.codes
    plain = manifest.plain
    return Model(
        name=checkpoint.name,
        base=f"checkpoints/{checkpoint.name}/{checkpoint.version}/",
        latent_size=manifest.model.latent_size,
        image_shape=manifest.image_shape,
        body=manifest.model.body,
        count=len(codes),
        beta=None if plain else manifest.beta,
        beta_range=beta_range(codes),
        classes=manifest.classes,
        diagonal=manifest.model.posterior == "diagonal",
        rate=None if plain else codes.rate.mean(0, dtype="float64").tolist(),
        variance=codes.mean.var(0, dtype="float64").tolist(),
        code=words.describe_code(checkpoint),
        vision=vision(checkpoint),
        label_names=list(manifest.label_names) if codes.labels is not None else [],
        columns=columns.described(codes, manifest),
        projections=columns.described_planes(codes),
    )


def beta_range(codes: Codes) -> BetaRange | None:
    """What a model of a range of β is at the β of its stored codes; None for a model of one."""
    if codes.betas is None:
        return None
    assert codes.beta_mean is not None
    assert codes.beta_rate is not None
    assert codes.beta_distortion is not None
    assert codes.beta_error is not None
    return BetaRange(
        betas=codes.betas.tolist(),
        rate=codes.beta_rate.tolist(),
        variance=codes.beta_mean.var(1, dtype="float64").tolist(),
        distortion=codes.beta_distortion.tolist(),
        error=float(codes.beta_error.max()),
    )


def vision(checkpoint: Checkpoint) -> Vision | None:
    """How the model sees an image of a visitor; None if its encoder is not there."""
    manifest = checkpoint.manifest
    variance = _variance(checkpoint)
    if not manifest.rebuildable or variance is None:
        return None
    return Vision(
        likelihood=manifest.model.likelihood,
        variance=variance,
        threshold=manifest.data.binarize == "threshold",
        centred=manifest.data.data in CENTRED,
    )


def _variance(checkpoint: Checkpoint) -> float | None:
    """Of Gaussian pixels; None if it was learned and cannot be read."""
    config = checkpoint.manifest.model
    if config.likelihood != "learned-gaussian":
        return config.variance
    try:
        learned = checkpoint.weights().get("likelihood.log_variance")
    except ExplorerError:
        return None
    return None if learned is None or learned.size != 1 else float(np.exp(learned.astype(float)).item())


def first_image(
    checkpoint: Checkpoint, z: Sequence[float] | None, beta: float | None = None, label: int = 0
) -> str:
    """What the first code decodes to, as base64 of its bytes `(C, H, W)`: shown while the browser's own decoder loads.

    beta: of a model of a range of β; without it, its default. Empty for a code that does not fit; the browser's decoder
    says what is wrong then. label: the class that a conditional model is given.
    """
    d = checkpoint.manifest.model.latent_size
    code = tuple(map(float, z)) if z is not None and len(z) == d else (0.0,) * d
    try:
        return _first_image(checkpoint, code, beta, label)
    except ExplorerError:
        return ""


@lru_cache(maxsize=64)
def _first_image(checkpoint: Checkpoint, z: tuple[float, ...], beta: float | None, label: int) -> str:
    image = cache.decode(checkpoint, np.array([z], "<f4"), beta, label)
    return base64.b64encode(image.tobytes()).decode()


def stage_data(checkpoint: Checkpoint, state: StageState, view: ViewName | None = None) -> StageData:
    """The stage's data for a checkpoint and its initial state; a one-dimensional latent space has its own view."""
    placed = [(method, METHODS[method]) for method in reports.stored_projections(checkpoint)]
    own: ViewName = "traverse" if checkpoint.manifest.model.latent_size == 1 else "explore"
    model, view = describe(checkpoint, placed), view or own
    opening = _at_test_image if checkpoint.manifest.model.code is None else _words_opening
    state = opening(checkpoint, state)
    begin = _map_opening(model, state) if view == "explore" else state
    return StageData(
        view=view,
        model=model,
        state=begin,
        first=first_image(checkpoint, state.z, state.beta, state.label),
        saved=tuple(Direction.model_validate(saved) for saved in find_directions(checkpoint)),
        writes=not environment.read_only(),
    )


def _at_test_image(checkpoint: Checkpoint, state: StageState) -> StageState:
    """At its test image, if `state` has no code; at the first, if it has none and z = 0 shows little."""
    row = state.selected
    if state.z is not None or (row is None and not origin_shows_little(checkpoint)):
        return state
    row = min(row or 0, len(checkpoint.codes) - 1)
    z = checkpoint.codes.mean[row].tolist()
    return state.model_copy(update={"z": z, "selected": row, "label": label_of(checkpoint, row)})


def label_of(checkpoint: Checkpoint, row: int) -> int:
    """The class that a conditional model is given with the code of a test image; 0 for other models."""
    labels = checkpoint.codes.labels
    return 0 if labels is None or not checkpoint.manifest.classes else int(labels[row])


def origin_shows_little(checkpoint: Checkpoint) -> bool:
    """Whether a test image is the better beginning than z = 0: that is faint, a dot or a smear, or there is a range of
    β, whose lesson is what becomes of an image."""
    return checkpoint.manifest.model.beta_range is not None or _faint_origin(checkpoint)


@lru_cache(maxsize=64)
def _faint_origin(checkpoint: Checkpoint) -> bool:
    """Whether z = 0 decodes to an image of less than half the contrast that restored test images have."""
    codes = checkpoint.codes.mean[:COMPARED]
    try:
        images = cache.decode(checkpoint, np.concatenate([np.zeros_like(codes[:1]), codes]).astype("<f4"))
    except ExplorerError:
        return False  # the page says why
    contrast = images.reshape(len(images), -1).astype(float).std(1)
    return len(codes) > 0 and bool(contrast[0] < 0.5 * np.median(contrast[1:]))


def _words_opening(checkpoint: Checkpoint, state: StageState) -> StageState:
    """With a code to begin with: 0 is none of the words of discrete codes."""
    shape, table = checkpoint.manifest.model.code, checkpoint.codes.words
    if shape is None or table is None or state.z is not None:
        return state
    tokens = np.array(state.tokens or (), np.int64)
    if tokens.shape == (shape.tokens,) and tokens.max() < shape.words:
        return state.model_copy(update={"z": vectors(tokens, table).tolist()})
    row = min(state.selected or 0, len(checkpoint.codes) - 1)
    return state.model_copy(update={"z": checkpoint.codes.mean[row].tolist(), "selected": row})


def _map_opening(model: Model, state: StageState) -> StageState:
    """With the projection and the colour that the map opens with: those of `state` if the model has them, else its
    first. Prefetching and drawing both read them from the state."""
    projections, colours = [p.key for p in model.projections], [c.key for c in model.columns]
    colours += [f"direction:{i}" for i in range(len(state.directions))]
    return state.model_copy(
        update={
            "projection": state.projection if state.projection in projections else projections[0],
            "colour": state.colour if state.colour in colours else colours[0],
        }
    )


def stage(
    data: StageData, *, key: str, act: Callable[[DirectionAct], None] = lambda _: None
) -> StageState | None:
    """Show the stage. Returns its settled state; `act` is called with what a click asks for."""
    result = mount("stage", data, key=key, hears=("state", "act"), ahead=_AHEAD)
    if asked := DirectionAct.read(result.get("act")):
        act(asked)
    return StageState.reported(result)
