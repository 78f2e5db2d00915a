"""Garbage that need not be looked for."""

from __future__ import annotations

import gc


def freeze() -> None:
    """To be called after large imports. Streamlit collects garbage after every script run, over everything that was
    ever imported; frozen, what is there now is left out of it."""
    gc.collect()
    gc.freeze()
