"""How well a conditional model parts content from style: what its codes still say of the class that it is given, and
whether it draws the class that is asked for."""

from collections.abc import Callable

import numpy as np

from explorer.config import Config
from explorer.data.dataset import ImageDataset
from explorer.latents.codes import Codes
from explorer.metrics.judge import Judge, train_judge
from explorer.metrics.probes import PROBES, compute_accuracy
from explorer.metrics.training_images import spread

TRAIN, TEST = 10_000, 5_000
"""Codes on which a probe is trained and tested."""
STYLES = 500
"""Codes that are decoded as every class."""
REVISION = 1

Encode = Callable[[np.ndarray], Codes]
"""Indices of images to their codes, given their own classes."""
Decode = Callable[..., np.ndarray]
"""Codes `(B, d)` and a keyword `label` `(B,)` to images `(B, C, H, W)` in [0, 1]."""


class LeakageReport(Config):
    """What `compute_report` measures of a conditional model.

    drawn, means: share of test codes whose class a probe names, by the names of PROBES: from z ~ q(z|x, y), which is
    what the decoder gets, and from the means of q(z|x, y). Means say more, even where the codes as a whole are spread
    alike for all classes, for the width of q(z|x, y) says how much detail an image has. chance: share of the most
    frequent class among them. train, test: how many codes a probe is trained and tested on.
    asked: per class, the share of images decoded as that class which a classifier of real images reads so, over
    `styles` codes of test images; prior: the mean over classes for codes from N(0, I). judge: how often that classifier
    is right on real test images.
    """

    classes: tuple[str, ...]
    chance: float
    train: int
    test: int
    drawn: dict[str, float]
    means: dict[str, float]
    styles: int
    asked: tuple[float, ...]
    prior: float
    judge: float

    @property
    def leakage(self) -> float:
        """The share that the best probe names from z."""
        return max(self.drawn.values())

    @property
    def obedience(self) -> float:
        """The share of images that show the class they were asked for, the mean over classes."""
        return float(np.mean(self.asked))

    def text(self) -> str:
        """The report as lines."""
        worst = int(np.argmin(self.asked))
        rows = [
            f"class read from z            {_percent(self.leakage)}   chance {_percent(self.chance)}, by the best of "
            f"{len(self.drawn)} probes on {self.test:,} test codes",
            *(
                f"  {PROBES[kind]:27}{_percent(share)}   from the mean of q(z|x, y) {_percent(self.means[kind])}"
                for kind, share in self.drawn.items()
            ),
            f"images read as asked         {_percent(self.obedience)}   {self.styles:,} test images' styles as each of "
            f"{len(self.classes)} classes; least for {self.classes[worst]}: {_percent(self.asked[worst])}",
            f"  with styles from N(0, I)   {_percent(self.prior)}",
            f"  the classifier itself      {_percent(self.judge)}   on real test images",
        ]
        return "\n".join(rows)

    def sentence(self) -> str:
        """The two numbers that say most, for a page."""
        return (
            f"A classifier of real images reads {_percent(self.obedience).strip()} of the images as the class that was "
            f"asked for; from z the best probe names the class {_percent(self.leakage).strip()} of the time, where "
            f"chance is {_percent(self.chance).strip()}."
        )


def compute_leakage(
    codes: np.ndarray, labels: np.ndarray, tests: np.ndarray, truth: np.ndarray
) -> dict[str, float]:
    """Share of test codes `(M, d)` whose class each of PROBES names, trained on codes `(N, d)`."""
    return {kind: compute_accuracy(kind, codes, labels, tests, truth) for kind in PROBES}


def compute_asked(decode: Decode, judge: Judge, z: np.ndarray, classes: int) -> np.ndarray:
    """Per class `(K,)`, the share of codes `(n, d)` whose image, decoded as that class, a judge reads so."""
    images = (decode(z, label=np.full(len(z), label)) for label in range(classes))
    return np.array([(judge.read(part) == label).mean() for label, part in enumerate(images)])


def compute_report(
    encode: Encode,
    decode: Decode,
    dataset: ImageDataset,
    binarize: str,
    report: Callable[[float, str], None] = lambda *_: None,
) -> LeakageReport:
    """Measure a conditional model on the images that it was trained on. Raises ExplorerError without classes."""
    report(0.0, "learning what real images show")
    judge = train_judge(dataset, binarize)
    report(0.3, "encoding")
    train, test = (
        encode(index[spread(len(index), count)])
        for index, count in ((dataset.train_index, TRAIN), (dataset.test_index, TEST))
    )
    assert train.labels is not None
    assert test.labels is not None
    drawn, tested = (
        codes.sample(np.random.default_rng(seed).standard_normal(codes.mean.shape, np.float32))
        for seed, codes in enumerate((train, test))
    )
    report(0.4, "reading the class from codes")
    from_draws = compute_leakage(drawn, train.labels, tested, test.labels)
    report(0.6, "reading the class from means")
    from_means = compute_leakage(train.mean, train.labels, test.mean, test.labels)
    report(0.8, "drawing every class")
    styles = test.mean[spread(len(test), STYLES)]
    count, random = (
        len(dataset.label_names),
        np.random.default_rng(2).standard_normal(styles.shape, np.float32),
    )
    return LeakageReport(
        classes=dataset.label_names,
        chance=float(np.bincount(test.labels).max() / len(test)),
        train=len(train),
        test=len(test),
        drawn=from_draws,
        means=from_means,
        styles=len(styles),
        asked=tuple(compute_asked(decode, judge, styles, count).tolist()),
        prior=float(compute_asked(decode, judge, random, count).mean()),
        judge=judge.accuracy,
    )


def _percent(share: float) -> str:
    return f"{100 * share:5.1f} %"
