"""The space in which images are compared by what they show: the features of a classifier of the data set."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

CHUNK = 500


@dataclass(frozen=True)
class FeatureSpace:
    """network: ONNX, images `(B, C, H, W)` float32 in [0, 1] to features `(B, f)`, as `explorer.metrics.classifier`
    makes it."""

    network: bytes

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # the network is small
        return onnxruntime.InferenceSession(self.network, options, providers=["CPUExecutionProvider"])

    @property
    def accuracy(self) -> float:
        """Share of validation images, mean over targets, that the classifier tells right."""
        return float(self._session.get_modelmeta().custom_metadata_map["accuracy"])

    @property
    def about(self) -> str:
        """What the classifier tells apart, in words: "10 classes"."""
        return str(self._session.get_modelmeta().custom_metadata_map["about"])

    def place(self, images: np.ndarray) -> np.ndarray:
        """Features `(N, f)` float64 of images `(N, C, H, W)` in [0, 1]."""
        parts = [images[start : start + CHUNK] for start in range(0, len(images), CHUNK)]
        found = [self._session.run(None, {"image": np.ascontiguousarray(p, np.float32)})[0] for p in parts]
        features: np.ndarray = np.concatenate(found).astype(np.float64)
        return features
