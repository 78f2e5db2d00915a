"""Below the columns of Compare: why dimensions die, in the one case where everything is known exactly."""

from collections.abc import Sequence

import streamlit as st

from explorer.live.component import mount
from explorer.live.spectra import water_data
from explorer.store import Checkpoint
from explorer.ui.parts.foreign_text import show_errors
from explorer.ui.session import Widget, key_of


def show(models: Sequence[Checkpoint]) -> None:
    """The panel; the spectrum is computed only when it is open."""
    if not st.toggle("Why dimensions die: the water level of a linear β-VAE", key=Widget.COMPARE_WATER):
        return
    with show_errors():
        mount("lessons", water_data(models), key=f"water {key_of(models)}", hears=())
