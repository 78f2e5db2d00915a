"""The download of an encoder: whole, and from a server that writes nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from explorer import environment, store
from explorer.errors import ExplorerError
from explorer.store.weights import load_model
from explorer.ui.parts import export_menu


def test_a_read_only_server_hands_out_encoders(
    shipped_checkpoints: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    monkeypatch.setenv(environment.READ_ONLY, "1")
    checkpoint = store.open_checkpoint(shipped_checkpoints / "digits-vae-z2")
    content = export_menu._converted(checkpoint.path, checkpoint.version)
    onnx.checker.check_model(onnx.load_from_string(content))
    session = onnxruntime.InferenceSession(content)
    images = np.random.default_rng(0).random((3, *checkpoint.manifest.image_shape), np.float32)
    outputs = dict(
        zip(
            [o.name for o in session.get_outputs()],
            session.run(None, {session.get_inputs()[0].name: images}),
            strict=True,
        )
    )
    with torch.no_grad():
        expected = load_model(checkpoint).encode(torch.from_numpy(images)).mean.numpy()
    np.testing.assert_allclose(outputs["mean"], expected, atol=1e-5)


def test_a_checkpoint_that_is_gone_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ExplorerError, match=r"^[^\n]*gone[^\n]*\.$"):
        export_menu._converted(tmp_path / "gone", "0")
