"""Weights that other programs stored with `torch.save`: read without running anything, and put where ours are."""

import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from explorer.config import RunConfig
from explorer.data.limits import check_archive
from explorer.errors import ExplorerError
from explorer.models import Autoencoder

FLOATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


def read_state(name: str, data: bytes) -> dict[str, Tensor]:
    """The tensors of a `state_dict`, at the top or under `model_state_dict`.

    Raises ExplorerError if the file would run code, is damaged, or is none.
    """
    try:
        if zipfile.is_zipfile(io.BytesIO(data)):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                check_archive(Path(name), archive.infolist())
        found = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except ExplorerError:
        raise
    except Exception as error:  # torch's reader and the unpickler under it raise nearly anything
        if re.search("Unsupported (global|class)|GLOBAL", str(error)):
            raise ExplorerError(
                f"{name} holds Python objects, which could run code, so it is not opened: save the model's "
                "state_dict() alone, or export its decoder as ONNX."
            ) from None
        raise ExplorerError(f"{name} is damaged or was not written by torch.save: save it again.") from None
    if isinstance(found, Mapping) and isinstance(found.get("model_state_dict"), Mapping):
        found = found["model_state_dict"]
    if not isinstance(found, Mapping) or not found or not all(isinstance(v, Tensor) for v in found.values()):
        raise ExplorerError(f"{name} is not a state_dict: save model.state_dict() with torch.save.")
    return {str(key): value for key, value in found.items()}


def read_settings(name: str, data: bytes) -> dict[str, Any]:
    """The JSON object beside the weights. Raises ExplorerError if it is none."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ExplorerError(f"{name} is damaged, it is not a JSON object: copy it again.")
    return found


def number(name: str, settings: Mapping[str, Any], key: str, low: int, high: int) -> int:
    """A whole number of the settings. Raises ExplorerError if it is missing or out of range."""
    value = settings.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ExplorerError(
            f"{key} in {name} is {str(value)[:40]}; it must be a whole number from {low} to {high}."
        )
    return value


def image_shape(name: str, value: Any) -> tuple[int, int, int]:
    """(C, H, W) from a list of one, two or three sizes. Raises ExplorerError."""
    whole = isinstance(value, list) and all(type(v) is int and 1 <= v <= 1 << 20 for v in value)  # no bool
    sizes = list(value) if whole else []
    if len(sizes) == 1 and int(sizes[0] ** 0.5) ** 2 == sizes[0]:
        sizes = [int(sizes[0] ** 0.5)] * 2
    if len(sizes) == 2:
        sizes = [1, *sizes]
    if len(sizes) != 3 or sizes[0] not in (1, 3) or max(sizes) > 512:
        raise ExplorerError(
            f"The image size in {name} is {str(value)[:60]}; it must be channels (1 or 3), height and width, up to 512."
        )
    return sizes[0], sizes[1], sizes[2]


def pick(name: str, state: Mapping[str, Tensor], key: str, shape: tuple[int, ...]) -> Tensor:
    """A weight of a foreign state_dict. Raises ExplorerError if it is missing, of another shape, or not finite."""
    if key not in state:
        raise ExplorerError(f"{name} has no weight {key}: it is another architecture than its settings say.")
    found = state[key]
    if tuple(found.shape) != shape:
        raise ExplorerError(
            f"The weight {key} in {name} has shape {tuple(found.shape)}, but its settings need {shape}."
        )
    if found.layout is not torch.strided or found.is_meta or found.dtype not in FLOATS:
        raise ExplorerError(
            f"The weight {key} in {name} is {found.dtype} ({found.layout}, on {found.device}); save it as float32."
        )
    if not torch.isfinite(found).all():
        raise ExplorerError(f"The weight {key} in {name} holds values that are not finite numbers.")
    return found.float().clone()


def build(config: RunConfig, shape: tuple[int, int, int], weights: Mapping[str, Tensor]) -> Autoencoder:
    """Our model with these weights, by our names."""
    model = Autoencoder(config.model, shape)
    model.load_state_dict({**model.state_dict(), **weights})
    return model.eval()


def layers(
    name: str, state: Mapping[str, Tensor], pairs: Mapping[str, str], expected: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    """Weights and biases of layers: `pairs` maps our names to theirs, `expected` is our layout."""
    found = {}
    for ours, theirs in pairs.items():
        for part in ("weight", "bias"):
            shape = tuple(expected[f"{ours}.{part}"].shape)
            found[f"{ours}.{part}"] = pick(name, state, f"{theirs}.{part}", shape)
    return found


def layout(config: RunConfig, shape: tuple[int, int, int]) -> dict[str, Tensor]:
    """Names and shapes of our weights, without their memory."""
    with torch.device("meta"):
        return Autoencoder(config.model, shape).state_dict()
