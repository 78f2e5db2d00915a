"""disentangling-vae: `model.pt`, the state_dict of its Burgess model, with `specs.json`.

Its layers are those of the conv body here, but its encoder's last layer interleaves means and log-variances. Its
decoder ends in a sigmoid, so its output is the mean of Bernoulli pixels.
"""

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from explorer.config import RunConfig
from explorer.errors import ExplorerError
from explorer.importing import states
from explorer.importing.states import ForeignModel

SPECS = "specs.json"
DEFAULTS = {
    "betaH_B": 4.0,
    "betaB_initC": 0.0,
    "betaB_finC": 25.0,
    "betaB_G": 100.0,
    "factor_G": 6.0,
    "btcvae_A": 1.0,
    "btcvae_B": 6.0,
    "btcvae_G": 1.0,
}
"""Settings of its losses, which specs.json may lack."""


def read_objective(settings: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """The settings of our objective that its loss is, and what they do not represent, in sentences (empty if nothing).

    Losses: VAE, betaH (β-VAE), betaB (Burgess et al. 2018), factor (FactorVAE) and btcvae (β-TCVAE).
    """
    weights = {key: states.weight_of(settings, key, default) for key, default in DEFAULTS.items()}
    loss, notes = str(settings.get("loss", "VAE")), []
    objective: dict[str, Any] = {"beta": 1.0}
    if loss == "betaH":
        objective = {"beta": weights["betaH_B"]}
    elif loss == "betaB":
        objective = {"capacity": weights["betaB_finC"], "gamma": weights["betaB_G"]}
        notes.append("How fast its capacity rose is unknown.")
    elif loss == "btcvae":
        objective = {"beta": weights["btcvae_B"], "divergence": "tcvae"}
        notes.append(states.describe_tcvae(weights["btcvae_A"], weights["btcvae_G"]))
    elif loss == "factor":
        notes.append(states.describe_factor_vae(weights["factor_G"]))
    elif loss != "VAE":
        notes.append(f"Its loss {loss[:40]} is unknown, so β = 1 is a guess.")
    pixels = str(settings.get("rec_dist", "bernoulli"))
    if pixels != "bernoulli":
        notes.append(
            f"It was trained with {pixels[:40]} pixels; likelihoods here are those of Bernoulli pixels with the same "
            "mean."
        )
    return objective, " ".join(filter(None, notes))


def read(name: str, state: Mapping[str, Tensor], specs: bytes) -> ForeignModel:
    """The model of these weights and settings. Raises ExplorerError."""
    settings = states.read_settings(SPECS, specs)
    kind = str(settings.get("model_type"))
    if kind.lower() != "burgess":
        raise ExplorerError(
            f"{SPECS} names the model {kind[:40]}; only Burgess is supported: export yours as ONNX."
        )
    shape = states.image_shape(SPECS, settings.get("img_size"))
    if shape[1:] not in ((32, 32), (64, 64)):
        raise ExplorerError(
            f"{SPECS} says images of {shape[2]}×{shape[1]}, but a Burgess model has 32×32 or 64×64."
        )
    d = states.number(SPECS, settings, "latent_dim", 1, 128)
    objective, note = read_objective(settings)
    config = RunConfig.from_flat({"body": "conv", "latent_size": d} | objective)
    expected = states.layout(config, shape)
    large = shape[1] == 64
    down = ["conv1", "conv2", "conv3", *(["conv_64"] if large else [])]
    up = [*(["convT_64"] if large else []), "convT1", "convT2", "convT3"]
    pairs = {f"encoder.{i}.0": f"encoder.{layer}" for i, layer in enumerate(down)}
    pairs |= {f"encoder.{len(down)}.1": "encoder.lin1", f"encoder.{len(down) + 1}.0": "encoder.lin2"}
    pairs |= {f"decoder.{i}.0": f"decoder.lin{i + 1}" for i in range(3)}
    pairs |= {f"decoder.{i + 3}.0": f"decoder.{layer}" for i, layer in enumerate(up)}
    weights = states.layers(name, state, pairs, expected)
    for part in ("weight", "bias"):
        ours = f"head.linear.{part}"
        both = states.pick(name, state, f"encoder.mu_logvar_gen.{part}", tuple(expected[ours].shape))
        weights[ours] = (
            both.unflatten(0, (d, 2)).transpose(0, 1).flatten(0, 1)
        )  # first all means, then all log-variances
    dataset = settings.get("dataset") if isinstance(settings.get("dataset"), str) else ""
    return ForeignModel("disentangling-vae", states.build(config, shape, weights), config, str(dataset), note)
