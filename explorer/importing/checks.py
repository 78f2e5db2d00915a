"""Detect the conventions of a foreign encoder and decoder, and describe them in plain words.

Programs differ in a decoder's last activation, in the scale of an encoder's input, and in the order of mean and
log-variance. With images and an encoder, every combination is tried, and the one that reconstructs the images best
is used; for a decoder alone, the range of its output decides.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

OUTPUTS: dict[str, tuple[str, Callable[[np.ndarray], np.ndarray]]] = {
    "probabilities": ("values in [0, 1], used unchanged", lambda y: y),
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
"""How far outside [0, 1] an output may lie and still count as probabilities."""
GOOD, POOR = 0.5, 0.1
"""Shares of the images' variance that reconstructions explain: at least this is good, below this is poor."""
CLEAR = 0.02
"""How much more variance another reading must explain to replace the usual one."""


@dataclass(frozen=True)
class Finding:
    """The result of one check. good: False if it calls for action."""

    good: bool
    sentence: str


@dataclass(frozen=True)
class Reading:
    """A model's conventions. explained: share of the images' variance that it reconstructs, None if untested."""

    output: str = "probabilities"
    input: str = "unit"
    swapped: bool = False
    explained: float | None = None


def output_by_range(output: np.ndarray) -> str:
    """The key of `OUTPUTS` that the range of a decoder's raw `output` for codes from N(0, I) suggests."""
    low, high = float(output.min()), float(output.max())
    if low >= -MARGIN and high <= 1 + MARGIN:
        return "probabilities"
    if low >= -MARGIN and high > 20:
        return "bytes"
    return "signed" if low >= -1 - 1e-3 and high <= 1 + 1e-3 else "logits"


def candidate_outputs(output: np.ndarray) -> list[str]:
    """Keys of `OUTPUTS` that fit, the likeliest first. Only values in [0, 1] are certain from their range alone."""
    likely = output_by_range(output)
    return [likely] if likely == "probabilities" else [likely, *(k for k in OUTPUTS if k != likely)]


def best_reading(
    images: np.ndarray,
    encode: Callable[[np.ndarray], list[np.ndarray]],
    decode: Callable[[np.ndarray], np.ndarray],
) -> tuple[Reading, Reading]:
    """The reading with which decode(encode(images)) reconstructs `images` `(N, C, H, W)` in [0, 1] best, and the best
    one with the usual inputs in the usual order. That one wins unless another explains clearly more variance."""
    variance = float(((images - images.mean(0)) ** 2).sum()) or 1.0
    readings: list[Reading] = []
    usual: Reading | None = None
    for key, (_, scale) in INPUTS.items():
        posterior = encode(scale(images))
        for swapped in range(min(2, len(posterior))):
            raw = decode(posterior[swapped])
            for output in candidate_outputs(raw):
                error = float(((OUTPUTS[output][1](raw).clip(0, 1) - images) ** 2).sum())
                readings.append(Reading(output, key, bool(swapped), 1 - error / variance))
            if usual is None:
                usual = max(readings, key=_explained)
    assert usual is not None
    best = max(readings, key=_explained)
    return (best if _explained(best) > _explained(usual) + CLEAR else usual), usual


def _explained(reading: Reading) -> float:
    return -np.inf if reading.explained is None else reading.explained


def findings(
    reading: Reading, usual: Reading, raw: np.ndarray, variational: bool, images: int
) -> list[Finding]:
    """One sentence per check; `raw` is the decoder's output for codes from N(0, I)."""
    low, high = _short(float(raw.min())), _short(float(raw.max()))
    sentences = [
        (True, f"The decoder outputs {OUTPUTS[reading.output][0]} (from {low} to {high} for random codes).")
    ]
    if reading.explained is None:
        sentences.append((False, "Reconstruction cannot be checked without an encoder and images."))
        return [Finding(*sentence) for sentence in sentences]
    scaling = "" if reading.input == "unit" else ", so images are scaled to that range"
    sentences.append((True, f"The encoder takes images in {INPUTS[reading.input][0]}{scaling}."))
    if variational and reading.swapped:
        order = (
            "The encoder outputs log-variance before mean: decoding its second output explains "
            f"{reading.explained:.0%} of the images' variance, its first {max(usual.explained or 0, 0):.0%}."
        )
        sentences.append((True, order))
    elif variational:
        sentences.append((True, "Mean and log-variance come in the usual order."))
    if reading.explained >= GOOD:
        verdict = "."
    elif reading.explained >= POOR:
        verdict = ", which is low: β may be large, or these may not be the training images."
    else:
        verdict = ": it was trained on other images, or not at all."
    share = f"{max(reading.explained, 0):.0%} of their variance"
    sentences.append(
        (
            reading.explained >= GOOD,
            f"Reconstructions of {images} test images explain {share}{verdict}",
        )
    )
    return [Finding(*sentence) for sentence in sentences]


def _short(value: float) -> str:
    return f"{value:.2g}".replace("-", "−")
