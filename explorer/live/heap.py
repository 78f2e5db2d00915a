"""Garbage collection."""

import gc


def freeze() -> None:
    """Exclude all current objects from garbage collection, after large imports: Streamlit collects after every script
    run, and would search everything that was ever imported."""
    gc.collect()
    gc.freeze()
