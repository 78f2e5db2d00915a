"""What a code is good for: how well a class is read from codes with few labels, against pixels and PCA of the same
size, and how well the encoder is fine-tuned, against the same network from random weights."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from explorer.config import Config
from explorer.data.dataset import ImageDataset, materialise
from explorer.errors import ExplorerError
from explorer.metrics.image_space import to_unit
from explorer.metrics.probes import compute_accuracy
from explorer.metrics.training_images import spread

COUNTS = (10, 100, 1_000)
"""Numbers of labels, beside all of them."""
DRAWS = 5
"""Random choices of the labelled images, where not all are."""
MAX_IMAGES, MAX_VALUES = 60_000, 50_000_000
"""Training images, and the pixels that they have together."""
TEST = 2_000
KINDS = ("linear", "neighbours")
FEATURES = {"codes": "codes", "pca": "PCA of the same size", "pixels": "pixels"}
ENCODERS = {"pretrained": "encoder, fine-tuned", "random": "same network, random weights"}
REVISION = 1

Report = Callable[[float, str], None]
Tune = Callable[[bool, np.ndarray, int], float]
"""The accuracy of the encoder as a classifier, fine-tuned on labelled training images: from its own weights or from
random ones, the rows of the images, a seed."""


class Accuracy(Config):
    """Share of test images named right with so many `labels`: mean, least and most over draws of the labelled images.

    features: a name in FEATURES read by a `probe` of KINDS; or a name in ENCODERS, with the probe "tuned".
    """

    features: str
    probe: str
    labels: int
    mean: float
    low: float
    high: float


class LabelReport(Config):
    """accuracies: of every kind of features, probe and number of labels. classes: how many. size: of the code. draws:
    for each number of labels but the last, which is all of them. steps: of fine-tuning. test: test images."""

    accuracies: tuple[Accuracy, ...]
    classes: int
    size: int
    draws: int
    steps: int
    test: int

    def of(self, features: str, probe: str) -> list[Accuracy]:
        """One curve, labels rising."""
        return [row for row in self.accuracies if (row.features, row.probe) == (features, probe)]

    def curves(self) -> Iterator[tuple[str, str, list[Accuracy]]]:
        """All curves with their names: features and probe in words."""
        words = {"linear": "linear probe", "neighbours": "k-NN", "tuned": f"{self.steps} steps"}
        for features, probe in dict.fromkeys((row.features, row.probe) for row in self.accuracies):
            name = (FEATURES | ENCODERS)[features]
            yield name, words[probe], self.of(features, probe)

    def text(self) -> str:
        """The report as a table."""
        curves = list(self.curves())
        counts = [f"{row.labels:,}" for row in curves[0][2]]
        lines = [f"{'labels':46}" + "".join(f"{count:>9}" for count in counts)]
        lines += [
            f"{f'{name}, {probe}':46}" + "".join(f"{100 * row.mean:8.1f}%" for row in rows)
            for name, probe, rows in curves
        ]
        lines.append(
            f"accuracy on {self.test:,} test images of {self.classes} classes; codes of {self.size} dimensions; means "
            f"over {self.draws} draws of the labelled images"
        )
        return "\n".join(lines)


class Split(NamedTuple):
    """Features of training and test images, `(N, f)` and `(M, f)`."""

    train: np.ndarray
    test: np.ndarray


def compute_pca(pixels: Split, size: int) -> Split:
    """The first `size` principal components of flat images, fitted to the training images."""
    from sklearn.decomposition import PCA

    pca = PCA(min(size, *pixels.train.shape), random_state=0).fit(pixels.train)
    return Split(pca.transform(pixels.train), pca.transform(pixels.test))


def draw_labelled(labels: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Rows of `count` images, as many of each class as there can be, one of each first."""
    rng = np.random.default_rng((seed, count))
    order = rng.permutation(len(labels))
    turn = np.empty(len(labels), np.int64)  # which of its class an image is
    for label in np.unique(labels):
        own = np.flatnonzero(labels[order] == label)
        turn[own] = np.arange(len(own))
    rows: np.ndarray = order[np.argsort(turn, kind="stable")[:count]]
    return rows


def compute_accuracies(
    features: dict[str, Split],
    labels: np.ndarray,
    truth: np.ndarray,
    tune: Tune | None = None,
    counts: Sequence[int] = COUNTS,
    draws: int = DRAWS,
    report: Report = lambda *_: None,
) -> list[Accuracy]:
    """Accuracies of every probe on every kind of features, with `counts` labels and with all; and of an encoder.

    labels `(N,)`, truth `(M,)`: classes of the training and test images. tune: fine-tunes the encoder.
    """
    chosen = {
        count: [draw_labelled(labels, count, seed) for seed in range(draws)]
        for count in counts
        if count < len(labels)
    }
    chosen[len(labels)] = [np.arange(len(labels))]

    def probed(name: str, kind: str) -> Callable[[np.ndarray, int], float]:
        train, test = features[name]
        return lambda rows, seed: compute_accuracy(kind, train[rows], labels[rows], test, truth, seed)

    tasks = {(name, kind): probed(name, kind) for name in features for kind in KINDS}
    if tune:
        tasks["pretrained", "tuned"], tasks["random", "tuned"] = partial(tune, True), partial(tune, False)
    found = []
    for done, ((name, probe), measure) in enumerate(tasks.items()):
        report(done / len(tasks), f"{(FEATURES | ENCODERS)[name]}")
        for count, draws_of in chosen.items():
            values = [measure(rows, seed) for seed, rows in enumerate(draws_of)]
            found.append(
                Accuracy(
                    features=name,
                    probe=probe,
                    labels=count,
                    mean=float(np.mean(values)),
                    low=min(values),
                    high=max(values),
                )
            )
    return found


def compute_report(
    encode: Callable[[np.ndarray], np.ndarray],
    tune: Callable[[np.ndarray, np.ndarray], Tune] | None,
    steps: int,
    dataset: ImageDataset,
    binarize: str,
    report: Report = lambda *_: None,
) -> LabelReport:
    """Measure an encoder on the images it was trained on.

    encode: indices of images to mean codes `(n, d)`. tune: makes the fine-tuning for training and test indices, of
    `steps` steps. Raises ExplorerError for images without classes.
    """
    if dataset.labels is None or len(dataset.label_names) < 2:
        raise ExplorerError(f"{dataset.name} has no classes, so nothing can be learned from its codes.")
    most = min(MAX_IMAGES, MAX_VALUES // int(np.prod(dataset.image_shape)))
    train, test = (
        index[spread(len(index), count)]
        for index, count in ((dataset.train_index, most), (dataset.test_index, TEST))
    )
    report(0.0, "encoding")
    pixels = Split(
        *(to_unit(materialise(dataset.images, i), binarize).reshape(len(i), -1) for i in (train, test))
    )
    codes = Split(encode(train), encode(test))
    size = codes.train.shape[1]
    features = {"codes": codes, "pca": compute_pca(pixels, size), "pixels": pixels}
    tuning = tune(train, test) if tune else None
    accuracies = compute_accuracies(
        features, dataset.labels[train], dataset.labels[test], tuning, report=report
    )
    return LabelReport(
        accuracies=tuple(accuracies),
        classes=len(dataset.label_names),
        size=size,
        draws=DRAWS,
        steps=steps,
        test=len(test),
    )
