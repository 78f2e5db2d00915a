"""pythae: `model.pt` with `model_config.json`, for models with its default encoder and decoder.

Those have one hidden layer of 512 units, and the decoder ends in a sigmoid, so its output is the mean of Bernoulli
pixels. pythae stores custom networks as pickles, which are never opened.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import torch
from torch import Tensor

from explorer.config import RunConfig
from explorer.errors import ExplorerError
from explorer.importing import states
from explorer.importing.states import ForeignModel

CONFIG = "model_config.json"
HIDDEN = 512


def read_objective(kind: str, settings: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """The settings of our objective that a kind of pythae's models has, and what they do not represent, in a sentence
    (empty if nothing)."""
    weight = partial(states.weight_of, settings)
    if kind in ("", "AE", "VAE"):
        return {"beta": 1.0}, ""
    if kind == "BetaVAE":
        return {"beta": weight("beta", 1.0)}, ""
    if kind == "DisentangledBetaVAE":  # Burgess et al. 2018
        epochs = max(weight("warmup_epoch", 25.0), 1.0)
        return {"capacity": weight("C", 30.0), "gamma": weight("beta", 10.0), "capacity_epochs": epochs}, ""
    if kind == "BetaTCVAE":
        note = states.describe_tcvae(weight("alpha", 1.0), weight("gamma", 1.0))
        return {"beta": weight("beta", 1.0), "divergence": "tcvae"}, note
    if kind == "FactorVAE":
        return {"beta": 1.0}, states.describe_factor_vae(weight("gamma", 2.0))
    return {"beta": 1.0}, f"It was trained as pythae's {kind}, whose objective no setting here represents."


def read(name: str, state: Mapping[str, Tensor], settings_json: bytes) -> ForeignModel:
    """The model of these weights and settings. Raises ExplorerError."""
    settings = states.read_settings(CONFIG, settings_json)
    kind = str(settings.get("name", "")).removesuffix("Config")[:40]
    if not (settings.get("uses_default_encoder", True) and settings.get("uses_default_decoder", True)):
        raise states.unknown_architecture(
            f"This {kind or 'model'} has a custom encoder or decoder, which pythae stores as code, and imported code "
            "never runs here."
        )
    shape = states.image_shape(CONFIG, settings.get("input_dim"))
    d = states.number(CONFIG, settings, "latent_dim", 1, 128)
    plain = "encoder.log_var.weight" not in state
    if plain and "encoder.embedding.weight" not in state:
        raise ExplorerError(
            f"{name} is not an autoencoder with pythae's default networks ({kind}): export it as ONNX."
        )
    objective, note = read_objective(kind, settings)
    config = RunConfig.from_flat(
        {"latent_size": d, "hidden": (HIDDEN,), "posterior": "point" if plain else "diagonal"}
        | ({} if plain else objective)
    )
    expected = states.layout(config, shape)
    pairs = {
        "encoder.0.1": "encoder.layers.0.0",
        "decoder.0.0": "decoder.layers.0.0",
        "decoder.1.0": "decoder.layers.1.0",
    }
    weights = states.layers(name, state, pairs, expected)
    for part in ("weight", "bias"):
        full = tuple(expected[f"head.linear.{part}"].shape)
        heads = ["encoder.embedding"] if plain else ["encoder.embedding", "encoder.log_var"]
        parts = [states.pick(name, state, f"{head}.{part}", (d, *full[1:])) for head in heads]
        weights[f"head.linear.{part}"] = torch.cat(parts)
    if settings.get("reconstruction_loss", "mse") == "mse":
        pixels = "It was trained with squared error; likelihoods here are those of Bernoulli pixels with the same mean."
        note = f"{note} {pixels}".strip()
    return ForeignModel("pythae", states.build(config, shape, weights), config, "", note)
