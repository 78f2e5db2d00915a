"""Scenes: views with a caption, kept as links, and decks of them as small JSON files."""

import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from explorer.errors import ExplorerError

PageName = Literal[
    "explore",
    "samples",
    "compare",
    "replay",
    "restore",
    "random",
    "holes",
    "draws",
    "tug",
    "ladder",
    "rotate",
    "inside",
    "compression",
    "water",
]
"""Pages with an address of their own, the replay of the training `run`, and the lessons: all but the tug of war show
the `models` in the address, and begin with its `images` and `seed`. The computation for one image, and its size as a
file and as a code, begin with the first model that is not a plain autoencoder. The water level shows the spectrum of
the images of the first model, begins at `level`, and places all models on the rate–distortion curve."""
MAX_SCENES = 100
MAX_BYTES = 1 << 20
"""Bytes of a file of scenes: captions and addresses are short."""

Word = Annotated[str, StringConstraints(max_length=8000)]


class Scene(BaseModel):
    """A page, the query of its address, a caption, and notes for the speaker alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    page: PageName
    address: dict[Annotated[str, StringConstraints(max_length=80)], Word] = Field(
        default_factory=dict, max_length=40
    )
    caption: Annotated[str, StringConstraints(max_length=600, strip_whitespace=True)] = ""
    notes: Annotated[str, StringConstraints(max_length=4000)] = ""


_DECK = TypeAdapter(list[Scene])


def dump_scenes(scenes: Sequence[Scene]) -> bytes:
    """A deck as JSON, for `load_scenes`."""
    whole = {"format": 1, "scenes": [scene.model_dump() for scene in scenes]}
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def load_scenes(data: bytes, name: str = "The file") -> list[Scene]:
    """The scenes of a file that `dumped` wrote. Raises ExplorerError with the first thing that is wrong."""
    if len(data) > MAX_BYTES:
        raise ExplorerError(f"{name} has {len(data):,} bytes; a deck of scenes has at most {MAX_BYTES:,}.")
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        raise ExplorerError(f"{name} is not JSON; choose a file of scenes that was saved here.") from None
    if not isinstance(whole, dict) or whole.get("format") != 1 or not isinstance(whole.get("scenes"), list):
        raise ExplorerError(f"{name} is not a deck of scenes; choose a file of scenes that was saved here.")
    return parse_scenes(whole["scenes"], name)


def parse_scenes(scenes: list[Any], name: str = "The deck") -> list[Scene]:
    """Scenes from what a file or a browser has. Raises ExplorerError with the first thing that is wrong."""
    if len(scenes) > MAX_SCENES:
        raise ExplorerError(f"{name} has {len(scenes)} scenes; a deck has at most {MAX_SCENES}: split it.")
    try:
        return _DECK.validate_python(scenes)
    except ValidationError as error:
        first = error.errors()[0]
        number, *where = first["loc"]
        field = ".".join(map(str, where)) or "it"
        raise ExplorerError(
            f"{name}: scene {int(number) + 1} cannot be used, {field[:80]} is wrong ({first['msg'].lower()}); fix "
            "it, or choose a file of scenes that was saved here."
        ) from None
