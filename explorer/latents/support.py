"""Where in the latent space the data lie: how far a code is from the nearest code of a real image."""

from __future__ import annotations

import numpy as np

from explorer.errors import ExplorerError


class Support:
    """Distances to the nearest of N codes `(N, d)`, in units in which a typical code is 1 from its own nearest one.

    unit: the median distance of a code to its nearest other one (of those that differ; 1 if all are equal). It
    shrinks as N grows: compare models by the same images. Raises ExplorerError for fewer than two codes.
    """

    def __init__(self, codes: np.ndarray) -> None:
        from sklearn.neighbors import NearestNeighbors

        if len(codes) < 2:
            raise ExplorerError(f"A support needs at least 2 codes, and there are {len(codes)}.")
        # float64: scikit-learn's distances of float32 rows lose digits where points are close
        self._codes = np.asarray(codes, np.float64)
        self._neighbours = NearestNeighbors(n_neighbors=1).fit(self._codes)
        apart = self._neighbours.kneighbors()[0][:, 0]  # without an argument, a code is not its own neighbour
        apart = apart[apart > 0]
        self.unit = float(np.median(apart)) if len(apart) else 1.0

    def nearest(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For codes z `(n, d)`: the position of the nearest code, int64 `(n,)`, and its distance in units, `(n,)`."""
        distance, position = self._neighbours.kneighbors(np.asarray(z, np.float64))
        return position[:, 0], distance[:, 0] / self.unit

    def distance(self, z: np.ndarray) -> np.ndarray:
        """Distance of codes z `(n, d)` to the nearest code, in units, `(n,)`: near 1 inside, large in holes."""
        return self.nearest(z)[1]

    def field(
        self, x: np.ndarray, y: np.ndarray, dims: tuple[int, int] = (0, 1), at: np.ndarray | None = None
    ) -> np.ndarray:
        """Distances over a plane `(len(y), len(x))`: dimension dims[0] takes the values x, dims[1] the values y.

        at `(d,)` gives the other dimensions, by default the mean code.
        """
        z = np.empty((len(y), len(x), self._codes.shape[1]))
        z[:] = self._codes.mean(0) if at is None else at
        z[:, :, dims[0]], z[:, :, dims[1]] = np.meshgrid(x, y)
        return self.distance(z.reshape(-1, z.shape[-1])).reshape(z.shape[:2])
