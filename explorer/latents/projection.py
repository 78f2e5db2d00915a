"""Curved projections of codes to the plane, UMAP and t-SNE, kept beside the checkpoint."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

from explorer.disk import disk_errors, replace_file
from explorer.errors import ExplorerError
from explorer.store import CODES, Checkpoint

METHODS = {"umap": "UMAP", "tsne": "t-SNE"}
TSNE_STEPS = 1000
Tell = Callable[[float, str], None]


def project(mean: np.ndarray, method: str, seed: int, tell: Tell) -> np.ndarray:
    """Codes `(N, d)` to the plane, `(N, 2)` float32, by "umap" (McInnes et al. 2018) or "tsne" (van der Maaten &
    Hinton 2008), with their libraries' defaults. tell(fraction, what) hears of the progress.

    Raises ExplorerError for fewer than five codes.
    """
    if len(mean) < 5:
        raise ExplorerError(f"{METHODS[method]} needs at least 5 codes, and there are {len(mean)}.")
    tell(0.01, f"loading {METHODS[method]}")
    if method == "umap":
        import umap

        reducer = umap.UMAP(
            n_neighbors=min(15, len(mean) - 1),
            random_state=seed,
            n_jobs=1,
            verbose=True,
            tqdm_kwds={"file": _Percent(tell), "mininterval": 0.2},
        )
        tell(0.05, "finding neighbours")
        with contextlib.redirect_stdout(io.StringIO()):
            placed = reducer.fit_transform(mean)
    else:
        from sklearn.manifold import TSNE

        tell(0.05, "finding neighbours")
        reducer = TSNE(
            perplexity=min(30.0, (len(mean) - 1) / 3), max_iter=TSNE_STEPS, random_state=seed, verbose=2
        )
        with contextlib.redirect_stdout(_Iterations(tell)):
            placed = reducer.fit_transform(mean)
    return np.ascontiguousarray(placed, np.float32)


class _Percent(io.StringIO):
    """Where UMAP's progress bar is written: hears the percentage."""

    def __init__(self, tell: Tell) -> None:
        super().__init__()
        self.hear = tell

    def write(self, text: str) -> int:
        if match := re.search(r"(\d+)%", text):
            self.hear(0.1 + 0.9 * int(match[1]) / 100, "placing points")
        return len(text)


class _Iterations(io.StringIO):
    """Where scikit-learn's t-SNE reports: hears the iteration."""

    def __init__(self, tell: Tell) -> None:
        super().__init__()
        self.hear = tell

    def write(self, text: str) -> int:
        if match := re.search(r"Iteration (\d+)", text):
            self.hear(0.1 + 0.9 * int(match[1]) / TSNE_STEPS, "placing points")
        return len(text)


def _file(checkpoint: Checkpoint, method: str) -> Path:
    """Named after the codes it belongs to: a checkpoint that was replaced has no projection yet."""
    return checkpoint.path / f"{method}-{checkpoint.manifest.files[CODES][:12]}.npy"


def stored(checkpoint: Checkpoint, method: str) -> bool:
    """Whether the projection of these codes has been computed."""
    return _file(checkpoint, method).is_file()


def read(checkpoint: Checkpoint, method: str) -> np.ndarray:
    """The stored projection `(N, 2)`. Raises ExplorerError if there is none or it is damaged."""
    file = _file(checkpoint, method)
    try:
        placed = np.load(file, allow_pickle=False)
    except OSError:
        raise ExplorerError(
            f"{METHODS[method]} of {checkpoint.name} has not been computed yet; do it with: "
            f"python -m explorer project {checkpoint.name} --method {method}"
        ) from None
    except ValueError:
        placed = np.empty(0)
    if placed.shape != (len(checkpoint.codes), 2) or not np.isfinite(placed).all():
        raise ExplorerError(f"{file.name} of {checkpoint.name} is damaged; delete it and compute it again.")
    return np.asarray(placed, np.float32)


def compute(checkpoint: Checkpoint, method: str, tell: Tell, seed: int = 0) -> None:
    """Project a checkpoint's codes and keep the result beside it. Raises ExplorerError if that cannot be written."""
    placed = project(checkpoint.codes.mean, method, seed, tell)
    file, out = _file(checkpoint, method), io.BytesIO()
    np.save(out, placed)
    with disk_errors(file.name, file.parent):
        replace_file(file, out.getvalue())
