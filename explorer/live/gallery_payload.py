"""The Gallery component: a card for every model, whose picture is decoded live while it is pointed at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from explorer.live.component import mount
from explorer.live.covers import COLUMNS, ROWS
from explorer.store import Checkpoint


def card(
    checkpoint: Checkpoint, title: str, figures: Sequence[dict[str, str]], to: dict[str, Any]
) -> dict[str, Any]:
    """What the component needs to know of a model; reads nothing but its `config.json`.

    figures: numbers as `label`, `value`, `unit` (optional) and `about`, a sentence. to: where its link leads, a
    `page` of the app and its `query`.
    """
    manifest = checkpoint.manifest
    return {
        "name": checkpoint.name,
        "title": title,
        "caption": manifest.caption,
        "base": f"checkpoints/{checkpoint.name}/{checkpoint.version}/",
        "latentSize": manifest.model.latent_size,
        "imageShape": list(manifest.image_shape),
        "rows": ROWS,
        "columns": COLUMNS,
        "figures": list(figures),
        "to": to,
    }


def gallery(groups: Sequence[dict[str, Any]], *, key: str) -> None:
    """Show groups of cards: each has `title`, `about`, `cards` and `comparisons` (`label`, `about`, `to`)."""
    mount("gallery", {"groups": list(groups)}, key=key)
