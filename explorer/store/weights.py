"""Save models as checkpoint files and load them."""

import copy
import importlib.metadata
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import safetensors.numpy
import torch
from safetensors.torch import save
from torch import Tensor

from explorer import __version__, store
from explorer.config import RunConfig
from explorer.data.dataset import ImageDataset
from explorer.errors import ExplorerError
from explorer.latents.codes import Codes
from explorer.latents.encode import MAX_CODES, encode, spread_over_test
from explorer.models import Autoencoder
from explorer.models.onnx_graph import WORTH_HALVING, decoder_onnx, store_weights_as_float16
from explorer.store import Checkpoint, Trained

INVISIBLE_DIFFERENCE = 0.5 / 255
"""Largest difference of a pixel in [0, 1] that is invisible."""
COMPARED_CODES = 64
"""Number of codes decoded to compare float16 with float32."""

TURN = ".mix"
"""How the names of weights end that let the axes of a code turn with β."""


class RunState(Protocol):
    """Progress of a run, and the tensors that resume it bit for bit."""

    history: list[dict[str, float]]

    @property
    def trained(self) -> Trained: ...

    def tensors(self) -> dict[str, Tensor]: ...


def save_checkpoint(
    path: Path,
    model: Autoencoder,
    dataset: ImageDataset,
    config: RunConfig,
    state: RunState | None = None,
    metrics: dict[str, Any] | None = None,
    caption: str = "",
    decoder: Callable[[Autoencoder], bytes] = decoder_onnx,
    max_codes: int = MAX_CODES,
    imported: str = "",
    inference_only: bool = False,
    max_bytes: int | None = None,
) -> Checkpoint:
    """Save `model` at `path` with the codes of at most `max_codes` test images.

    state: saved too, so that the run can be resumed bit for bit. decoder: exports the decoder (a `DecoderWriter` for a
    model that is saved repeatedly). imported: the source of a model that was not trained here. inference_only: save no
    state, and float16 weights if their images look the same. Raises ExplorerError if the checkpoint cannot be written,
    takes more than `max_bytes`, or has a weight that is not finite.
    """
    weights = {name: w.detach().cpu().contiguous() for name, w in model.state_dict().items()}
    for name, tensor in weights.items():
        if not torch.isfinite(tensor).all():
            raise ExplorerError(f"{path.name} was not saved: its weight {name} is not finite.")
    codes = encode(model, dataset, spread_over_test(dataset, max_codes), config.data.binarize)
    halve = inference_only and _float16_is_close(model, codes)
    if halve:
        trained = {
            name for name, _ in model.named_parameters()
        }  # a code book stays exact: codes are its words
        halved = {
            name: w.half() for name, w in weights.items() if name in trained and w.numel() >= WORTH_HALVING
        }
        weights |= halved
    files = {
        store.WEIGHTS: save(weights),
        store.DECODER: store_weights_as_float16(decoder(model)) if halve else decoder(model),
        store.CODES: safetensors.numpy.save(codes.stored_arrays()),
        store.HISTORY: store.history_csv(state.history if state else []),
    }
    if state and not inference_only:
        files[store.RESUME] = save(state.tensors())
    if max_bytes is not None and (size := sum(map(len, files.values()))) > max_bytes:
        raise ExplorerError(
            f"{path.name} takes {size / 1e6:.1f} MB, and only {max_bytes / 1e6:.1f} MB of disk space are left for it."
        )
    manifest = config.model_dump() | data_fields(dataset)
    manifest |= {
        "caption": caption,
        "imported": imported,
        "trained": state.trained if state else Trained(),
        "metrics": metrics or {},
        "versions": versions(),
    }
    return store.write(path, manifest, files)


@torch.no_grad()
def _float16_is_close(model: Autoencoder, codes: Codes) -> bool:
    """Whether the decoded images of the first codes look the same with weights rounded to float16."""
    rounded = copy.deepcopy(model).eval()
    for weight in rounded.state_dict().values():
        if weight.numel() >= WORTH_HALVING:
            weight.copy_(weight.half())
    device = next(model.parameters()).device
    z = torch.tensor(codes.mean[:COMPARED_CODES], device=device)
    label = None if codes.labels is None else torch.tensor(codes.labels[:COMPARED_CODES], device=device)
    training = model.training
    model.eval()
    betas = (None, *(model.config.beta_range or ()))
    differences = [
        (rounded.mean_image(z, b, label) - model.mean_image(z, b, label)).abs().max() for b in betas
    ]
    model.train(training)
    # False for NaN, when a weight overflows float16
    return all(bool(difference <= INVISIBLE_DIFFERENCE) for difference in differences)


def load_model(checkpoint: Checkpoint) -> Autoencoder:
    """Load the model on the CPU in evaluation mode. Raises ExplorerError if the weights are missing or misfit."""
    manifest = checkpoint.manifest
    if not manifest.rebuildable:
        raise ExplorerError(
            f"Checkpoint {checkpoint.name} was read from {manifest.imported}: it can be explored, but without its "
            "weights it cannot be evaluated or trained further; import it with them."
        )
    weights = {name: torch.tensor(array) for name, array in checkpoint.weights().items()}
    actual = {name: tuple(w.shape) for name, w in weights.items()}
    with torch.device("meta"):  # shapes only, so that a wrong config.json allocates no memory
        layout = Autoencoder(manifest.model, manifest.image_shape, classes=manifest.classes).state_dict()
    expected = {name: tuple(w.shape) for name, w in layout.items()}
    for name in expected.keys() - actual.keys():
        if name.endswith(TURN):  # of a model from before its axes could turn: they do not
            weights[name], actual[name] = torch.zeros(expected[name]), expected[name]
    if expected != actual:
        wrong = sorted(
            name for name in expected.keys() | actual.keys() if expected.get(name) != actual.get(name)
        )[0]
        raise ExplorerError(
            f"Checkpoint {checkpoint.name}: the weights do not fit the model that config.json describes: {wrong} "
            f"should be {expected.get(wrong, 'absent')} and is {actual.get(wrong, 'absent')}; {store.AGAIN}."
        )
    model = Autoencoder(manifest.model, manifest.image_shape, manifest.objective.beta, manifest.classes)
    model.load_state_dict(weights)  # float16 on disk becomes float32 here
    return model.eval()


def load_tensors(checkpoint: Checkpoint, file: str) -> dict[str, Tensor]:
    """The tensors of a safetensors file. Raises ExplorerError if it is missing or damaged."""
    return {name: torch.tensor(array) for name, array in checkpoint.tensors(file).items()}


def data_fields(dataset: ImageDataset) -> dict[str, Any]:
    """The fields of a manifest that describe the images."""
    names = ("image_shape", "label_names", "factor_names", "factor_sizes", "factor_values")
    return {name: getattr(dataset, name) for name in names}


def versions() -> dict[str, str]:
    """Versions of the software that a result depends on."""
    packages = {name: importlib.metadata.version(name) for name in ("torch", "numpy")}
    return {"latent-explorer": __version__, "python": platform.python_version()} | packages
