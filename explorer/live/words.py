"""Discrete codes in the browser: their words, how often each is used, and the tokens of every image."""

import numpy as np

from explorer.discrete import QUANTIZED, code_title
from explorer.errors import ExplorerError
from explorer.latents.vocabulary import count_words, measure_usage
from explorer.live.model_schema import Code
from explorer.store import Checkpoint


def describe_code(checkpoint: Checkpoint) -> Code | None:
    """What a checkpoint's discrete codes are made of; None for other models."""
    model, codes = checkpoint.manifest.model, checkpoint.codes
    shape = model.code
    if shape is None or codes.tokens is None:
        return None
    shared = model.posterior in QUANTIZED
    usage = measure_usage(count_words(codes.tokens, shape.words), shared)
    return Code.model_validate(
        {
            "kind": model.posterior,
            "tokens": shape.tokens,
            "words": shape.words,
            "size": shape.size,
            "side": shape.side,
            "levels": model.levels if model.posterior == "fsq" else (),
            "title": code_title(model),
            "shared": shared,
            "entropy": usage.entropy,
            "perplexity": usage.perplexity,
            "used": usage.used,
        }
    )


def word_bytes(checkpoint: Checkpoint) -> bytes:
    """The words `(K, D)` as little-endian float32, then the tokens `(N, T)` of the stored images as uint16.

    Raises ExplorerError for a model without discrete codes.
    """
    codes = checkpoint.codes
    if codes.words is None or codes.tokens is None:
        raise ExplorerError(f"{checkpoint.name} has no code words: its codes are not discrete.")
    return codes.words.astype("<f4").tobytes() + np.ascontiguousarray(codes.tokens, "<u2").tobytes()
