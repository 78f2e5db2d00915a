"""The architectures of other programs that can be built here: disentangling-vae's and pythae's."""

from collections.abc import Mapping

from explorer.importing import disvae, pythae
from explorer.importing.states import ForeignModel, read_state, unknown_architecture


def read_model(name: str, files: Mapping[str, bytes]) -> ForeignModel:
    """The model in the state_dict `name`, by the settings among `files`. Raises ExplorerError."""
    state = read_state(name, files[name])
    for settings, read in ((disvae.SPECS, disvae.read), (pythae.CONFIG, pythae.read)):
        if settings in files:
            return read(name, state, files[settings])
    raise unknown_architecture(
        f"The settings of {name} are missing: add {disvae.SPECS} (disentangling-vae) or {pythae.CONFIG} (pythae). "
        "No other architecture can be built from weights."
    )
