"""The architectures of other programs that can be built here: disentangling-vae's and pythae's."""

from collections.abc import Mapping
from typing import NamedTuple

from explorer.config import RunConfig
from explorer.importing import disvae, pythae
from explorer.importing.states import read_state, unknown_architecture
from explorer.models import Autoencoder


class ForeignModel(NamedTuple):
    """kind: the program. dataset: the name it has for its images, empty if unknown. note: what of its training
    `config` does not represent, in sentences, empty if nothing."""

    kind: str
    model: Autoencoder
    config: RunConfig
    dataset: str
    note: str


def read_model(name: str, files: Mapping[str, bytes]) -> ForeignModel:
    """The model in the state_dict `name`, by the settings among `files`. Raises ExplorerError."""
    if disvae.SPECS in files:
        model, config, dataset, note = disvae.read(name, read_state(name, files[name]), files[disvae.SPECS])
        return ForeignModel("disentangling-vae", model, config, dataset, note)
    if pythae.CONFIG in files:
        model, config, note = pythae.read(name, read_state(name, files[name]), files[pythae.CONFIG])
        return ForeignModel("pythae", model, config, "", note)
    read_state(name, files[name])  # says what is wrong with the file itself
    raise unknown_architecture(
        f"The settings of {name} are missing: add {disvae.SPECS} (disentangling-vae) or {pythae.CONFIG} (pythae). "
        "No other architecture can be built from weights."
    )
