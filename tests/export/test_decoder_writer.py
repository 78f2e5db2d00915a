"""A decoder's file that is only filled with new weights is the one that would be exported, byte for byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from explorer.config import ModelConfig
from explorer.models import Autoencoder
from explorer.models import onnx_graph as exporting
from explorer.models.onnx_graph import DecoderWriter, decoder_onnx


@pytest.mark.parametrize(
    "settings",
    [
        {"hidden": (16, 8), "latent_size": 3, "likelihood": "continuous-bernoulli"},
        {"body": "conv", "posterior": "full", "likelihood": "learned-gaussian"},
    ],
)
def test_filled_is_exported(
    settings: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, shape = ModelConfig.model_validate(settings), (1, 16, 16)
    writer = DecoderWriter(tmp_path)
    model = Autoencoder(config, shape)
    assert not writer.ready(model)
    first = writer(model)
    with torch.no_grad():
        for w in model.parameters():
            w.add_(torch.randn_like(w))
    expected = decoder_onnx(model)
    assert writer(model) == expected != first
    # the next training of this architecture finds the graph, one of another does not, nor one that was damaged
    monkeypatch.setattr(exporting, "decoder_onnx", lambda model: pytest.fail("it was exported again"))
    assert DecoderWriter(tmp_path)(model) == expected
    wider = Autoencoder(config.model_copy(update={"latent_size": 5}), shape)
    assert not DecoderWriter(tmp_path).ready(wider)
    for kept in tmp_path.iterdir():
        kept.write_bytes(b"no graph")
    assert not DecoderWriter(tmp_path).ready(model)
