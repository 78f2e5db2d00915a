"""The autoregressive prior of a checkpoint's codes as a file: weights and report in one safetensors file."""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.config import parse
from explorer.discrete import CodeShape
from explorer.latents.learned_sampler import LearnedSampler
from explorer.metrics.prior_bits import PriorReport
from explorer.store.decoder import open_session, run
from explorer.store.prior_graph import check_prior, prior_onnx

REPORT = "report"
"""Its key in the file's metadata."""


@dataclass(frozen=True)
class StoredPrior:
    """weights: by the names of `explorer.models.token_prior.TokenPrior`, float16 or float32."""

    weights: Mapping[str, np.ndarray]
    report: PriorReport

    def dump(self) -> bytes:
        """As a safetensors file."""
        from safetensors.numpy import save

        return save(dict(self.weights), {REPORT: self.report.model_dump_json()})

    def sampler(self, code: CodeShape, words: np.ndarray) -> LearnedSampler:
        """Draws codes whose words are `(K, D)`. Raises ValueError, the end of a sentence, if the prior is of others."""
        width, layers = check_prior(code, self.weights)
        session: Any = open_session(prior_onnx(code, self.weights))

        def step(near: np.ndarray, position: int, cache: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            logits, entry = run(
                session, {"near": near, "position": np.full(len(near), position), "cache": cache}
            )
            return logits, entry

        return LearnedSampler(code, step, 2 * width * layers, words)


def load_prior(data: bytes, code: CodeShape, name: str) -> StoredPrior:
    """The prior of `StoredPrior.dump`. Raises ValueError or ExplorerError if it is damaged or of other codes."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        weights = load(data)
    except (SafetensorError, KeyError) as error:
        raise ValueError(str(error)) from None
    for array in weights.values():
        if array.dtype not in (np.float16, np.float32) or not np.isfinite(array).all():
            raise ValueError("its weights are not finite numbers")
    check_prior(code, weights)
    (size,) = struct.unpack("<Q", data[:8])  # the library gives the metadata of a file on disk only
    found = json.loads(data[8 : 8 + size]).get("__metadata__", {}).get(REPORT, "null")
    return StoredPrior(weights, parse(PriorReport, json.loads(found), name))
