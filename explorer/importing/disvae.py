"""disentangling-vae: `model.pt`, the state_dict of its Burgess model, with `specs.json`.

Its layers are those of the conv body here, but its encoder's last layer interleaves means and log-variances. Its
decoder ends in a sigmoid, so its output is the mean of Bernoulli pixels.
"""

from collections.abc import Mapping

from torch import Tensor

from explorer.config import RunConfig
from explorer.errors import ExplorerError
from explorer.importing.states import build, image_shape, layers, layout, number, pick, read_settings
from explorer.models import Autoencoder

SPECS = "specs.json"
BETAS = {"VAE": 1.0, "betaH": "betaH_B"}
"""β of each loss, or the key of its settings that holds it."""


def read(name: str, state: Mapping[str, Tensor], specs: bytes) -> tuple[Autoencoder, RunConfig, str]:
    """The model, its settings, and the name of its data set (empty if unknown). Raises ExplorerError."""
    settings = read_settings(SPECS, specs)
    kind = str(settings.get("model_type"))
    if kind.lower() != "burgess":
        raise ExplorerError(
            f"{SPECS} names the model {kind[:40]}; only Burgess is supported: export yours as ONNX."
        )
    shape = image_shape(SPECS, settings.get("img_size"))
    if shape[1:] not in ((32, 32), (64, 64)):
        raise ExplorerError(
            f"{SPECS} says images of {shape[2]}×{shape[1]}, but a Burgess model has 32×32 or 64×64."
        )
    d = number(SPECS, settings, "latent_dim", 1, 128)
    beta = BETAS.get(str(settings.get("loss")), 1.0)
    weight = settings.get(beta) if isinstance(beta, str) else beta
    config = RunConfig.from_flat(
        {"body": "conv", "latent_size": d}
        | ({"beta": float(weight)} if isinstance(weight, int | float) and 0 <= weight < 1e6 else {})
    )
    expected = layout(config, shape)
    large = shape[1] == 64
    down = ["conv1", "conv2", "conv3", *(["conv_64"] if large else [])]
    up = [*(["convT_64"] if large else []), "convT1", "convT2", "convT3"]
    pairs = {f"encoder.{i}.0": f"encoder.{layer}" for i, layer in enumerate(down)}
    pairs |= {f"encoder.{len(down)}.1": "encoder.lin1", f"encoder.{len(down) + 1}.0": "encoder.lin2"}
    pairs |= {f"decoder.{i}.0": f"decoder.lin{i + 1}" for i in range(3)}
    pairs |= {f"decoder.{i + 3}.0": f"decoder.{layer}" for i, layer in enumerate(up)}
    weights = layers(name, state, pairs, expected)
    for part in ("weight", "bias"):
        ours = f"head.linear.{part}"
        both = pick(name, state, f"encoder.mu_logvar_gen.{part}", tuple(expected[ours].shape))
        weights[ours] = (
            both.unflatten(0, (d, 2)).transpose(0, 1).flatten(0, 1)
        )  # first all means, then all log-variances
    dataset = settings.get("dataset")
    return build(config, shape, weights), config, dataset if isinstance(dataset, str) else ""
