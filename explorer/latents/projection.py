"""Curved projections of codes to the plane: UMAP and t-SNE."""

import contextlib
import io
import re
from collections.abc import Callable

import numpy as np

from explorer.errors import ExplorerError

METHODS = {"umap": "UMAP", "tsne": "t-SNE"}
TSNE_STEPS = 1000
Report = Callable[[float, str], None]


def project(mean: np.ndarray, method: str, seed: int, report: Report) -> np.ndarray:
    """Project codes `(N, d)` to the plane, `(N, 2)` float32, by "umap" (McInnes et al. 2018) or "tsne" (van der
    Maaten & Hinton 2008), with their libraries' defaults. report(fraction, what) receives the progress.

    Raises ExplorerError for fewer than five codes.
    """
    if len(mean) < 5:
        raise ExplorerError(f"{METHODS[method]} needs at least 5 codes, and there are {len(mean)}.")
    report(0.01, f"loading {METHODS[method]}")
    if method == "umap":
        import umap

        reducer = umap.UMAP(
            n_neighbors=min(15, len(mean) - 1),
            random_state=seed,
            n_jobs=1,
            verbose=True,
            tqdm_kwds={"file": _Progress(report, r"(\d+)%", 100), "mininterval": 0.2},
        )
        report(0.05, "finding neighbours")
        with contextlib.redirect_stdout(io.StringIO()):
            points = reducer.fit_transform(mean)
    else:
        from sklearn.manifold import TSNE

        report(0.05, "finding neighbours")
        reducer = TSNE(
            perplexity=min(30.0, (len(mean) - 1) / 3), max_iter=TSNE_STEPS, random_state=seed, verbose=2
        )
        with contextlib.redirect_stdout(_Progress(report, r"Iteration (\d+)", TSNE_STEPS)):
            points = reducer.fit_transform(mean)
    return np.ascontiguousarray(points, np.float32)


class _Progress(io.StringIO):
    """A stream that reports the numbers which `pattern` finds in a library's output, as shares of `total`."""

    def __init__(self, report: Report, pattern: str, total: int) -> None:
        super().__init__()
        self.report, self.pattern, self.total = report, pattern, total

    def write(self, text: str) -> int:
        if match := re.search(self.pattern, text):
            self.report(0.1 + 0.9 * int(match[1]) / self.total, "placing points")
        return len(text)
