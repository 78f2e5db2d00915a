"""Read weights that other programs stored with `torch.save`, without running their code, and map them to ours."""

import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor

from explorer.config import RunConfig
from explorer.data.limits import check_archive
from explorer.errors import ExplorerError
from explorer.models import Autoencoder

EXPORT = """\
import torch
model.eval()  # your encoder and decoder below
x, z = torch.zeros(1, 1, 28, 28), torch.zeros(1, latents)  # one image (C, H, W), one code
def export(network, example, name, inputs, outputs):
    torch.onnx.export(
        network, (example,), name, dynamo=False, input_names=inputs, output_names=outputs,
        dynamic_axes={key: {0: "batch"} for key in (*inputs, *outputs)},
    )
export(model.decoder, z, "decoder.onnx", ["z"], ["image"])
export(model.encoder, x, "encoder.onnx", ["x"], ["mean", "log_variance"])"""
"""What somebody runs beside a model of an unknown architecture."""


def unknown_architecture(problem: str) -> ExplorerError:
    """An error about a model that cannot be rebuilt here; the lines after its sentence export it as ONNX."""
    return ExplorerError(f"{problem} Export it as ONNX and import decoder.onnx and encoder.onnx:\n\n{EXPORT}")


FLOATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


def read_state(name: str, data: bytes) -> dict[str, Tensor]:
    """The tensors of a `state_dict`: the file itself, or under `model_state_dict` (pythae) or `state_dict` (Lightning).

    A Lightning module's name for the autoencoder, such as `model.`, is removed from the names of its weights.

    Raises ExplorerError if the file holds Python objects, is damaged, or is not a state_dict.
    """
    try:
        if zipfile.is_zipfile(io.BytesIO(data)):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                check_archive(Path(name), archive.infolist())
        state = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except ExplorerError:
        raise
    except Exception as error:  # torch's reader and its unpickler raise many types
        if re.search("Unsupported (global|class)|GLOBAL", str(error)):
            raise ExplorerError(
                f"{name} contains Python objects, which could run code, so it is not opened: save the model's "
                "state_dict() alone, or export its decoder as ONNX."
            ) from None
        raise ExplorerError(f"{name} is damaged or was not written by torch.save: save it again.") from None
    for key in ("model_state_dict", "state_dict"):
        if isinstance(state, Mapping) and isinstance(state.get(key), Mapping):
            state = state[key]
    if not isinstance(state, Mapping) or not state or not all(isinstance(v, Tensor) for v in state.values()):
        raise ExplorerError(f"{name} is not a state_dict: save model.state_dict() with torch.save.")
    return _without_prefix({str(key): value for key, value in state.items()})


def _without_prefix(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The weights of the one module that has an encoder and a decoder, by their names within it."""
    for key in sorted(state, key=len):
        prefix, inner, _ = key.rpartition("encoder.") if "encoder." in key else ("", "", "")
        if inner and prefix.endswith(".") and any(other.startswith(f"{prefix}decoder.") for other in state):
            return {k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)}
    return state


def read_settings(name: str, data: bytes) -> dict[str, Any]:
    """The JSON object that comes with the weights. Raises ExplorerError if it is not one."""
    try:
        settings = json.loads(data)
    except (ValueError, RecursionError):
        settings = None
    if not isinstance(settings, dict):
        raise ExplorerError(f"{name} is damaged, it is not a JSON object: copy it again.")
    return settings


def number(name: str, settings: Mapping[str, Any], key: str, low: int, high: int) -> int:
    """An integer from the settings. Raises ExplorerError if it is missing or out of range."""
    value = settings.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ExplorerError(
            f"{key} in {name} is {str(value)[:40]}; it must be a whole number from {low} to {high}."
        )
    return value


def weight_of(settings: Mapping[str, Any], key: str, default: float) -> float:
    """The weight of a term of a loss; the default where there is none that makes sense."""
    value = settings.get(key, default)
    return float(value) if type(value) in (int, float) and 0 <= value < 1e6 else default


def describe_tcvae(mutual_information: float, dimension_wise: float) -> str:
    """What our β-TCVAE does not represent of one with these weights, in a sentence; empty if nothing."""
    if (mutual_information, dimension_wise) == (1, 1):
        return ""
    return (
        f"Its β-TCVAE weighted mutual information by {mutual_information:g} and the dimension-wise KL by "
        f"{dimension_wise:g}; here both count once."
    )


def describe_factor_vae(weight: float) -> str:
    """What no setting here represents of a FactorVAE, in sentences."""
    return (
        f"It was trained as FactorVAE: the total correlation, by a discriminator, had the weight {weight:g}. No "
        "setting here represents that; β = 1 is the weight of its KL."
    )


class ForeignModel(NamedTuple):
    """kind: the program. dataset: the name it has for its images, empty if unknown. note: what of its training
    `config` does not represent, in sentences, empty if nothing."""

    kind: str
    model: Autoencoder
    config: RunConfig
    dataset: str
    note: str


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
        raise unknown_architecture(
            f"{name} has no weight {key}: its architecture is not the one its settings name."
        )
    weight = state[key]
    if tuple(weight.shape) != shape:
        raise ExplorerError(
            f"The weight {key} in {name} has shape {tuple(weight.shape)}, but its settings need {shape}."
        )
    if weight.layout is not torch.strided or weight.is_meta or weight.dtype not in FLOATS:
        raise ExplorerError(
            f"The weight {key} in {name} is {weight.dtype} ({weight.layout}, on {weight.device}); save it as float32."
        )
    if not torch.isfinite(weight).all():
        raise ExplorerError(f"The weight {key} in {name} has values that are not finite.")
    return weight.float().clone()


def build(config: RunConfig, shape: tuple[int, int, int], weights: Mapping[str, Tensor]) -> Autoencoder:
    """A model with these weights, under the names that models have here."""
    model = Autoencoder(config.model, shape)
    model.load_state_dict({**model.state_dict(), **weights})
    return model.eval()


def layers(
    name: str, state: Mapping[str, Tensor], pairs: Mapping[str, str], expected: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    """Weights and biases of layers: `pairs` maps our names to theirs, `expected` has our shapes."""
    weights = {}
    for ours, theirs in pairs.items():
        for part in ("weight", "bias"):
            shape = tuple(expected[f"{ours}.{part}"].shape)
            weights[f"{ours}.{part}"] = pick(name, state, f"{theirs}.{part}", shape)
    return weights


def layout(config: RunConfig, shape: tuple[int, int, int]) -> dict[str, Tensor]:
    """Names and shapes of our weights, as meta tensors that take no memory."""
    with torch.device("meta"):
        return Autoencoder(config.model, shape).state_dict()
