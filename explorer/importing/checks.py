"""What a foreign encoder and decoder mean by their numbers, found out by trying, and said in plain words.

Programs differ in what a decoder ends in, in how an encoder wants its images, and in the order of mean and
log-variance. Where there are images and an encoder, every reading is tried, and the one that restores the images best
is taken; a decoder alone is read by the range of what it gives.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

OUTPUTS: dict[str, tuple[str, Callable[[np.ndarray], np.ndarray]]] = {
    "probabilities": ("values in [0, 1], taken as they are", lambda y: y),
    "logits": ("logits, so a sigmoid is applied", lambda y: 1 / (1 + np.exp(-np.clip(y, -60, 60)))),
    "signed": ("values from −1 to 1, moved to [0, 1]", lambda y: (y + 1) / 2),
    "bytes": ("grey levels from 0 to 255, divided by 255", lambda y: y / 255),
}
INPUTS: dict[str, tuple[str, Callable[[np.ndarray], np.ndarray]]] = {
    "unit": ("[0, 1]", lambda x: x),
    "signed": ("[−1, 1]", lambda x: 2 * x - 1),
    "bytes": ("0 to 255", lambda x: 255 * x),
}
MARGIN = 0.05
"""How far outside [0, 1] an output may reach and still be probabilities."""
GOOD, POOR = 0.5, 0.1
"""Shares of the images' variance that reconstructions explain: enough to say so, and too little to believe."""
CLEAR = 0.02
"""How much more another reading must explain before it is taken over the usual one."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. good: whether nothing need be done about it."""

    good: bool
    sentence: str


@dataclass(frozen=True)
class Reading:
    """How a model's numbers are to be read. explained: share of the images' variance, None if it was not tried."""

    output: str = "probabilities"
    input: str = "unit"
    swapped: bool = False
    explained: float | None = None


def by_range(output: np.ndarray) -> str:
    """What a decoder ends in, from its raw `output` for codes drawn from N(0, I)."""
    low, high = float(output.min()), float(output.max())
    if low >= -MARGIN and high <= 1 + MARGIN:
        return "probabilities"
    if low >= -MARGIN and high > 20:
        return "bytes"
    return "signed" if low >= -1 - 1e-3 and high <= 1 + 1e-3 else "logits"


def possible(output: np.ndarray) -> list[str]:
    """What it may end in, the likeliest first. Only values in [0, 1] can be told from the others by range alone."""
    likely = by_range(output)
    return [likely] if likely == "probabilities" else [likely, *(k for k in OUTPUTS if k != likely)]


def best_reading(
    images: np.ndarray,
    encode: Callable[[np.ndarray], list[np.ndarray]],
    decode: Callable[[np.ndarray], np.ndarray],
) -> tuple[Reading, Reading]:
    """The reading under which decode(encode(images)) restores `images` `(N, C, H, W)` in [0, 1] best, and what of
    it would have been found without trying other inputs or the other order. The usual reading is kept unless another
    explains clearly more."""
    spread = float(((images - images.mean(0)) ** 2).sum()) or 1.0
    tried: list[Reading] = []
    usual: Reading | None = None
    for key, (_, scaled) in INPUTS.items():
        posterior = encode(scaled(images))
        for swapped in range(min(2, len(posterior))):
            raw = decode(posterior[swapped])
            for output in possible(raw):
                error = float(((OUTPUTS[output][1](raw).clip(0, 1) - images) ** 2).sum())
                tried.append(Reading(output, key, bool(swapped), 1 - error / spread))
            if usual is None:
                usual = max(tried, key=_explained)
    assert usual is not None
    best = max(tried, key=_explained)
    return (best if _explained(best) > _explained(usual) + CLEAR else usual), usual


def _explained(reading: Reading) -> float:
    return -np.inf if reading.explained is None else reading.explained


def findings(
    reading: Reading, usual: Reading, raw: np.ndarray, variational: bool, images: int
) -> list[Finding]:
    """Findings in sentences; `raw` is the decoder's output for codes drawn from N(0, I)."""
    low, high = _short(float(raw.min())), _short(float(raw.max()))
    sentences = [
        (True, f"The decoder gives {OUTPUTS[reading.output][0]} (from {low} to {high} for random codes).")
    ]
    if reading.explained is None:
        sentences.append(
            (False, "Without an encoder and images it cannot be checked whether it restores them.")
        )
        return [Finding(*sentence) for sentence in sentences]
    given = "" if reading.input == "unit" else ", and is given them so"
    sentences.append((True, f"The encoder takes images in {INPUTS[reading.input][0]}{given}."))
    if variational and reading.swapped:
        order = (
            "Mean and log-variance were swapped and are put right: what comes second restores "
            f"{reading.explained:.0%} of the images' variance, what comes first {max(usual.explained or 0, 0):.0%}."
        )
        sentences.append((True, order))
    elif variational:
        sentences.append((True, "Mean and log-variance come in the usual order."))
    if reading.explained >= GOOD:
        judgement = "."
    elif reading.explained >= POOR:
        judgement = ", which is little; a strong β does that, and other images do."
    else:
        judgement = ": these are not the images that it was trained on, or it was not trained."
    share = f"{max(reading.explained, 0):.0%} of their variance"
    sentences.append(
        (
            reading.explained >= GOOD,
            f"Encoding and decoding {images} test images restores {share}{judgement}",
        )
    )
    return [Finding(*sentence) for sentence in sentences]


def _short(value: float) -> str:
    return f"{value:.2g}".replace("-", "−")
