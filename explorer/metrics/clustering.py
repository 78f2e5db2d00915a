"""Classes without labels: how well the words of discrete codes, or clusters of k-means, agree with known classes."""

from dataclasses import dataclass

import numpy as np

from explorer.config import Config

REVISION = 1
"""Rises when the figures change, so that stored reports are recomputed."""
RESTARTS = 5
"""Of k-means, of which the best by its own criterion counts."""


@dataclass(frozen=True)
class Agreement:
    """Of clusters with classes. confusion `(K, C)`: images by cluster and class. assignment `(K,)`: the class of every
    cluster, one to one, by which most images are right, −1 for clusters without one. accuracy: their share (Xie et al.
    2016). nmi: mutual information over the mean of both entropies, in [0, 1]."""

    confusion: np.ndarray
    assignment: np.ndarray
    accuracy: float
    nmi: float


class Figures(Config):
    """Agreement of one way to find classes, on the same images."""

    accuracy: float
    nmi: float


class ClassReport(Config):
    """Classes without labels. figures: by what found them: the boxes of the model, and k-means with as many clusters.
    confusion: images by box and class; assignment: the class of every box, −1 without one."""

    images: int
    boxes: int
    classes: tuple[str, ...]
    figures: dict[str, Figures]
    confusion: tuple[tuple[int, ...], ...]
    assignment: tuple[int, ...]

    def text(self) -> str:
        """The report as aligned lines."""
        lines = [f"{self.images:,} test images, {self.boxes} boxes, {len(self.classes)} classes", ""]
        lines += [f"{'':24} {'accuracy':>9} {'NMI':>6}"]
        lines += [f"{name:24} {100 * f.accuracy:8.1f} % {f.nmi:6.3f}" for name, f in self.figures.items()]
        width = max(5, *map(len, self.classes)) + 1
        lines += ["", f"{'box':>5} {'is':>{width}}  " + "".join(f"{name:>{width}}" for name in self.classes)]
        for box, row in enumerate(self.confusion):
            label = self.classes[self.assignment[box]] if self.assignment[box] >= 0 else "–"
            lines.append(f"{box + 1:5} {label:>{width}}  " + "".join(f"{n:{width}}" for n in row))
        return "\n".join(lines)


def compute_agreement(clusters: np.ndarray, labels: np.ndarray, k: int, classes: int) -> Agreement:
    """Compare clusters `(N,)`, numbers below `k`, with labels `(N,)`, numbers below `classes`."""
    from scipy.optimize import linear_sum_assignment
    from sklearn.metrics import normalized_mutual_info_score

    confusion = np.zeros((k, classes), np.int64)
    np.add.at(confusion, (clusters, labels), 1)
    rows, columns = linear_sum_assignment(confusion, maximize=True)
    assignment = np.full(k, -1)
    assignment[rows] = columns
    return Agreement(
        confusion=confusion,
        assignment=assignment,
        accuracy=float(confusion[rows, columns].sum() / max(1, len(labels))),
        nmi=float(normalized_mutual_info_score(labels, clusters)),
    )


def find_clusters(points: np.ndarray, k: int, seed: int = 0) -> np.ndarray:
    """The cluster of each point `(N, D)` by k-means (k-means++ starts), `(N,)`."""
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        found: np.ndarray = KMeans(k, n_init=RESTARTS, random_state=seed).fit_predict(points)
    return found


def compute_class_report(
    clusters: np.ndarray,
    labels: np.ndarray,
    names: tuple[str, ...],
    k: int,
    others: dict[str, np.ndarray],
) -> ClassReport:
    """The report of the boxes `clusters` `(N,)`, beside k-means on each of `others`, points `(N, D)` by their name."""
    own = compute_agreement(clusters, labels, k, len(names))
    figures = {"boxes of the model": Figures(accuracy=own.accuracy, nmi=own.nmi)}
    for name, points in others.items():
        found = compute_agreement(find_clusters(points, k), labels, k, len(names))
        figures[f"k-means on {name}"] = Figures(accuracy=found.accuracy, nmi=found.nmi)
    return ClassReport(
        images=len(labels),
        boxes=k,
        classes=names,
        figures=figures,
        confusion=tuple(tuple(map(int, row)) for row in own.confusion),
        assignment=tuple(map(int, own.assignment)),
    )
