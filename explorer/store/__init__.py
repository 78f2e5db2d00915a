"""Checkpoints on disk. Models as files are in `weights`, the images behind a checkpoint in `originals`."""

from explorer.environment import checkpoints_folder
from explorer.store.folder import (
    AGAIN,
    Checkpoint,
    delete,
    exists,
    list_checkpoints,
    open_checkpoint,
    verify,
    write,
)
from explorer.store.history import history_csv
from explorer.store.manifest import Manifest, Trained
from explorer.store.names import (
    CODES,
    CONFIG,
    DECODER,
    ENCODER,
    HISTORY,
    ORIGINALS,
    RESUME,
    WEIGHTS,
    check_name,
)
