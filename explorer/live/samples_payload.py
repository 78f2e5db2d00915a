"""The Samples component: the same random codes through several decoders, live in the browser.

The browser fetches samplers, codes and other arrays by address (`explorer.server.routes`); `comparison` passes
addresses, stored reports and the initial state.
"""

import hashlib
from functools import lru_cache

import numpy as np

from explorer import reports
from explorer.errors import ExplorerError
from explorer.latents import support
from explorer.latents.token_sampler import TokenSampler, fit_sampler, kinds_of
from explorer.live import stage
from explorer.live.component import mount
from explorer.live.schema import SampledModel, SamplesData, SamplesState, Source
from explorer.store import Checkpoint

AROUND = "around"
"""`around:7` is the neighbourhood of the code numbered 7."""


def sampler_bytes(checkpoint: Checkpoint, kind: str) -> bytes:
    """A sampler as little-endian float32: K weights, then K·d means, then K·d·d Cholesky factors, row by row.

    K follows from the length. Of discrete codes: T·K weights, then K·D words. Raises ExplorerError for an unknown kind
    or a row that is not there.
    """
    name, _, row = kind.partition(":")
    if name == AROUND and not (row.isdecimal() and len(row) < 10):
        raise ExplorerError(f"Sampling around an image needs its number, as in {AROUND}:0.")
    sampler = fit_sampler(name, checkpoint.codes, int(row) if name == AROUND else None)
    arrays = (
        (sampler.weights, sampler.words)
        if isinstance(sampler, TokenSampler)
        else (sampler.weights, sampler.means, sampler.cholesky)
    )
    return b"".join(array.astype("<f4").tobytes() for array in arrays)


# fetch the decoders while the bundle is still loading
_DECODERS = """
  if (!page) for (const { base } of component.data.models) ahead(base + "decoder.onnx", "preload", "fetch");
"""

INSIDE = 0.95
"""Share of the drawn codes that lie near another one, by definition of "near"."""


def support_bytes(checkpoint: Checkpoint) -> bytes:
    """Where a model's codes lie, as little-endian float32: unit, reach, then one code `(N, d)` for each image.

    The codes are draws from q(z|x), seeded: what the decoder was trained on. For a plain AE they are the codes
    themselves. Means alone would say that a VAE's prior is full of holes, for in a dead dimension all means are 0.
    unit: the median distance of a code to its nearest other one (`explorer.latents.support`). reach: the distance,
    in units, within which 95% of the codes have another one.
    """
    return np.array(_unit_and_reach(checkpoint), "<f4").tobytes() + draws(checkpoint).astype("<f4").tobytes()


@lru_cache(maxsize=64)
def _unit_and_reach(checkpoint: Checkpoint) -> tuple[float, float]:
    """The slow part of `support_bytes`, cached without its codes, which can be large."""
    apart = support.nearest_distances(draws(checkpoint))
    unit = support.unit(apart) or 1.0  # discrete codes lie on one another
    return unit, max(float(np.quantile(apart, INSIDE)) / unit, 1.0)


def draws(checkpoint: Checkpoint) -> np.ndarray:
    """One code of every image from its posterior, `(N, d)` float32, the same at every call."""
    codes = checkpoint.codes
    return codes.sample(np.random.default_rng(0).standard_normal(codes.mean.shape, np.float32))


def sources(checkpoint: Checkpoint) -> dict[str, str]:
    """The kinds of sampler that a checkpoint has now, and what each draws from."""
    discrete = checkpoint.manifest.model.code is not None
    return kinds_of(discrete, discrete and reports.token_prior().stored(checkpoint))


def describe(checkpoint: Checkpoint, title: str) -> SampledModel:
    """The description of a checkpoint for Samples: the stage's, with more fields."""
    return SampledModel(
        **dict(stage.describe(checkpoint)),
        title=title,
        images=_mark(checkpoint),
        likelihood=checkpoint.manifest.model.likelihood,
        sources=[Source(key=key, label=label) for key, label in sources(checkpoint).items()],
        denoises=_denoises(checkpoint),
        real=reports.real_images().stored(checkpoint),
    )


@lru_cache(maxsize=64)
def _mark(checkpoint: Checkpoint) -> str:
    index = np.ascontiguousarray(checkpoint.codes.index, "<i8")
    return hashlib.sha256(index.tobytes()).hexdigest()[:16]


def _denoises(checkpoint: Checkpoint) -> str:
    """The noise that a model was trained to remove, in words; empty if there was none."""
    training = checkpoint.manifest.training
    kinds = {"gaussian": "Gaussian noise", "masking": "masked pixels", "salt-and-pepper": "salt and pepper"}
    kind = kinds.get(training.corruption)
    return f"{kind}, {training.corruption_level:g}" if kind else ""


def comparison(data: SamplesData, *, key: str) -> tuple[SamplesState | None, list[str]]:
    """Show models with the same random codes. Returns the settled state, and, once after a click on the scores' button,
    the kinds of source to score, one per model."""
    result = mount("samples", data, key=key, hears=["state", "judge"], ahead=_DECODERS)
    return SamplesState.reported(result), list(result.get("judge") or [])
