"""People's own images by their path: what is read, or the sentence that says why not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from explorer.config import DataConfig
from explorer.data import ImageDataset, load
from explorer.errors import ExplorerError


def get(path: Path, **settings: Any) -> ImageDataset:
    return load(DataConfig(data=str(path), **settings))


def failure(path: Path, **settings: Any) -> str:
    with pytest.raises(ExplorerError) as caught:
        get(path, **settings)
    said = str(caught.value)
    assert "\n" not in said
    assert said.endswith(".")
    return said
