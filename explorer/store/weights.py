"""Models to checkpoint files and back."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors.numpy import save as save_arrays
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from explorer import __version__, store
from explorer.config import RunConfig
from explorer.data.dataset import ImageDataset
from explorer.errors import ExplorerError
from explorer.latents.encode import MAX_CODES, encode, spread_over_test
from explorer.models import Autoencoder
from explorer.models.onnx_graph import decoder_onnx
from explorer.store import Checkpoint
from explorer.training.state import TrainingState, build_optimizer


def save_checkpoint(
    path: Path,
    model: Autoencoder,
    dataset: ImageDataset,
    config: RunConfig,
    state: TrainingState | None = None,
    metrics: dict[str, Any] | None = None,
    caption: str = "",
    decoder: Callable[[Autoencoder], bytes] = decoder_onnx,
    most_codes: int = MAX_CODES,
    imported: str = "",
) -> Checkpoint:
    """Save `model` at `path`, with the codes of (at most `most_codes`) test images.

    state: how far training has come; while it is not finished, or as long as it may go on, it is kept in the
    checkpoint so that the run can be resumed bit for bit. decoder: makes the file of the decoder (a `DecoderWriter`,
    where a model is saved again and again). imported: what it was read from, if it was not trained here. Raises
    ExplorerError if it cannot be written, or if a weight is not finite.
    """
    weights = {name: w.detach().cpu().contiguous() for name, w in model.state_dict().items()}
    for name, tensor in weights.items():
        if not torch.isfinite(tensor).all():
            raise ExplorerError(f"{path.name} was not saved: its weight {name} is not finite.")
    codes = encode(model, dataset, spread_over_test(dataset, most_codes), config.data.binarize)
    files = {
        store.WEIGHTS: save_tensors(weights),
        store.DECODER: decoder(model),
        store.CODES: save_arrays(codes.arrays()),
        store.HISTORY: store.history_csv(state.history if state else []),
    }
    trained = store.Trained()
    if state:
        files[store.RESUME] = save_tensors(state.tensors())
        trained = store.Trained(
            epochs=state.epoch, step=state.step, seconds=round(state.seconds, 1), finished=state.finished
        )
    manifest = config.model_dump() | {
        "caption": caption,
        "imported": imported,
        "image_shape": dataset.image_shape,
        "label_names": dataset.label_names,
        "factor_names": dataset.factor_names,
        "factor_sizes": dataset.factor_sizes,
        "trained": trained,
        "metrics": metrics or {},
        "versions": versions(),
    }
    return store.write(path, manifest, files)


def load_model(checkpoint: Checkpoint) -> Autoencoder:
    """The whole model, on the CPU, in evaluation mode. Raises ExplorerError if the weights do not fit."""
    manifest = checkpoint.manifest
    if not manifest.rebuildable:
        raise ExplorerError(
            f"Checkpoint {checkpoint.name} was read from {manifest.imported}: it can be explored, but without its "
            "weights it cannot be evaluated or trained further; import it with them."
        )
    weights = _tensors(checkpoint, store.WEIGHTS)
    given = {name: tuple(w.shape) for name, w in weights.items()}
    with torch.device("meta"):  # shapes alone, so that a wrong config.json asks for no memory
        layout = Autoencoder(manifest.model, manifest.image_shape).state_dict()
    expected = {name: tuple(w.shape) for name, w in layout.items()}
    if expected != given:
        wrong = sorted(
            name for name in expected.keys() | given.keys() if expected.get(name) != given.get(name)
        )[0]
        raise ExplorerError(
            f"Checkpoint {checkpoint.name}: the weights do not fit the model that config.json describes: {wrong} "
            f"should be {expected.get(wrong, 'absent')} and is {given.get(wrong, 'absent')}; {store.AGAIN}."
        )
    for name, tensor in weights.items():
        if not torch.isfinite(tensor).all():
            raise ExplorerError(
                f"Checkpoint {checkpoint.name}: weight {name} has values that are not finite; {store.AGAIN}."
            )
    model = Autoencoder(manifest.model, manifest.image_shape)
    model.load_state_dict(weights)  # float16 on disk becomes float32 here
    return model.eval()


def load_state(checkpoint: Checkpoint, model: Autoencoder, config: RunConfig) -> TrainingState:
    """The saved state of the run, for going on with `model`. Raises ExplorerError if it was not kept."""
    if store.RESUME not in checkpoint.manifest.files:
        raise ExplorerError(
            f"Checkpoint {checkpoint.name} was saved without its training state, so it cannot be resumed; "
            "train a new one."
        )
    state = TrainingState(build_optimizer(model, config.training))
    state.restore(_tensors(checkpoint, store.RESUME), checkpoint.history())
    return state


def _tensors(checkpoint: Checkpoint, file: str) -> dict[str, Tensor]:
    from safetensors import SafetensorError

    try:
        return load_tensors(checkpoint.read(file))
    except SafetensorError:
        raise ExplorerError(
            f"Checkpoint {checkpoint.name}: {file} is not a safetensors file; {store.AGAIN}."
        ) from None


def versions() -> dict[str, str]:
    """What the result depends on besides the settings."""
    packages = {name: importlib.metadata.version(name) for name in ("torch", "numpy")}
    return {"latent-explorer": __version__, "python": platform.python_version()} | packages
