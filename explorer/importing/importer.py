"""Import models of other programs as checkpoints, without running any of their code, and check them.

`import_model` reads checkpoint folders of Latent Explorer, models of disentangling-vae and pythae, and ONNX decoders
with or without an encoder. The page and the command line both use it.
"""

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from explorer import store
from explorer.config import DataConfig
from explorer.errors import ExplorerError
from explorer.importing.archive import gather
from explorer.importing.checks import Finding
from explorer.importing.result import Imported
from explorer.store import CONFIG

FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._=-]{0,99}")


def import_model(
    paths: Sequence[Path], name: str, folder: Path, data: DataConfig | None = None, caption: str = ""
) -> Imported:
    """Import what `paths` name (files, a folder, a `.zip`) as the checkpoint `name` in `folder`.

    data: the images it was trained on, for its codes and metrics and to detect how inputs and outputs are scaled.
    Raises ExplorerError, and leaves nothing behind, if the name is taken or the files are not a model or not safe.
    """
    target = folder / store.check_name(name)
    if store.exists(target):
        raise ExplorerError(f"There is already a checkpoint named {name}; choose another name.")
    files = gather(paths)
    if CONFIG in files and store.DECODER in files:
        return _own(files, target)
    networks = {key: value for key, value in files.items() if key.lower().endswith(".onnx")}
    if networks:
        from explorer.importing.foreign import import_networks

        return import_networks(networks, target, data, caption)
    states = [key for key in files if key.lower().endswith((".pt", ".pth", ".ckpt"))]
    if len(states) == 1:
        from explorer.importing.foreign import import_state

        return import_state(states[0], files, target, data, caption)
    raise ExplorerError(
        "These files are not a model of a supported kind: choose a checkpoint folder, model.pt with specs.json or "
        f"model_config.json, or an ONNX decoder; the files are {', '.join(sorted(files))[:200]}."
    )


def _own(files: Mapping[str, bytes], target: Path) -> Imported:
    """A checkpoint of Latent Explorer: verified in a temporary folder, then stored."""
    try:
        names = json.loads(files[CONFIG])["files"]
        contents = {key: files[key] for key in names if key in files}
    except (ValueError, KeyError, TypeError, RecursionError):
        contents = {}
    for key in contents:
        if not FILE_NAME.fullmatch(key):
            raise ExplorerError(
                f"{key[:80]!a} is not a file of a checkpoint: pack the checkpoint without it."
            )
    with tempfile.TemporaryDirectory() as place:
        trial = Path(place) / target.name
        trial.mkdir()
        for key, value in {**contents, CONFIG: files[CONFIG]}.items():
            (trial / key).write_bytes(value)
        checkpoint = store.open_checkpoint(trial)
        store.verify(checkpoint)
        if checkpoint.manifest.rebuildable:
            from explorer.store.weights import load_model

            load_model(checkpoint)
        stored = store.write(target, checkpoint.manifest.model_dump(exclude={"files"}), contents)
    return Imported(
        stored, "checkpoint", (Finding(True, "Every file is intact, and the weights fit the model."),)
    )
