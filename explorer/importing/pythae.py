"""pythae: `model.pt` with `model_config.json`, for models with its default encoder and decoder.

Those have one hidden layer of 512 units, and the decoder ends in a sigmoid, so its output is the mean of Bernoulli
pixels. pythae stores custom networks as pickles, which are never opened.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from explorer.config import RunConfig
from explorer.errors import ExplorerError
from explorer.importing.states import build, image_shape, layers, layout, number, pick, read_settings
from explorer.models import Autoencoder

CONFIG = "model_config.json"
HIDDEN = 512


def read(name: str, state: Mapping[str, Tensor], settings_json: bytes) -> tuple[Autoencoder, RunConfig, str]:
    """The model, its settings, and a sentence about the loss it was trained with. Raises ExplorerError."""
    settings = read_settings(CONFIG, settings_json)
    kind = str(settings.get("name", "")).removesuffix("Config")[:40]
    if not (settings.get("uses_default_encoder", True) and settings.get("uses_default_decoder", True)):
        raise ExplorerError(
            f"This {kind or 'model'} has a custom encoder or decoder, which pythae stores as code, and imported code "
            "never runs here: export both as ONNX and import those."
        )
    shape = image_shape(CONFIG, settings.get("input_dim"))
    d = number(CONFIG, settings, "latent_dim", 1, 128)
    plain = "encoder.log_var.weight" not in state
    if plain and "encoder.embedding.weight" not in state:
        raise ExplorerError(
            f"{name} is not an autoencoder with pythae's default networks ({kind}): export it as ONNX."
        )
    beta = settings.get("beta", 1.0)
    weight = float(beta) if isinstance(beta, int | float) and 0 <= beta < 1e6 and not plain else 1.0
    config = RunConfig.from_flat(
        {"latent_size": d, "hidden": (HIDDEN,), "posterior": "point" if plain else "diagonal", "beta": weight}
    )
    expected = layout(config, shape)
    pairs = {
        "encoder.0.1": "encoder.layers.0.0",
        "decoder.0.0": "decoder.layers.0.0",
        "decoder.1.0": "decoder.layers.1.0",
    }
    weights = layers(name, state, pairs, expected)
    for part in ("weight", "bias"):
        full = tuple(expected[f"head.linear.{part}"].shape)
        heads = ["encoder.embedding"] if plain else ["encoder.embedding", "encoder.log_var"]
        parts = [pick(name, state, f"{head}.{part}", (d, *full[1:])) for head in heads]
        weights[f"head.linear.{part}"] = torch.cat(parts)
    note = ""
    if settings.get("reconstruction_loss", "mse") == "mse":
        note = "It was trained with squared error; likelihoods here are those of Bernoulli pixels with the same mean."
    return build(config, shape, weights), config, note
