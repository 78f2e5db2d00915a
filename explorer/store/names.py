"""What a checkpoint may be called, and the files in its folder."""

import re

from explorer.disk import OLD
from explorer.errors import ExplorerError

CONFIG = "config.json"
WEIGHTS, DECODER, CODES, HISTORY = "weights.safetensors", "decoder.onnx", "codes.safetensors", "history.csv"
RESUME = "resume.safetensors"  # the training state of a run that may go on
ENCODER = "encoder.onnx"  # of a model that was imported as networks
ORIGINALS = "originals.png"  # the images of the codes, for a data set that does not come with the project
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._=-]{0,79}")


def check_name(name: str) -> str:
    """`name` if it can name a checkpoint; raises ExplorerError otherwise. Keeps every path inside the folder."""
    if not NAME.fullmatch(name) or name.endswith((OLD, ".")):
        raise ExplorerError(
            f"{name[:100]!r} cannot name a checkpoint: use up to 80 letters, digits, '.', '_', '=' or '-', "
            "beginning with a letter or digit."
        )
    return name
