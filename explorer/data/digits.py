"""1,797 handwritten digits, 8×8, from the scikit-learn package, so they work offline.

Optical recognition of handwritten digits, E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, 1998
(its test set).
"""

from importlib.util import find_spec
from pathlib import Path

import numpy as np

from explorer.data.dataset import ImageDataset
from explorer.data.split import stratified_split
from explorer.errors import ExplorerError


def load() -> ImageDataset:
    """All digits, uint8 `(1797, 1, 8, 8)`, labelled; a fifth of every class is for testing.

    Raises ExplorerError if scikit-learn is missing or incomplete.
    """
    # read the packaged file directly: importing sklearn.datasets takes seconds, and this data set is the default
    spec = find_spec("sklearn")
    if spec is None or not spec.submodule_search_locations:
        raise ExplorerError(
            "The digits come with scikit-learn, which is not installed: install requirements.txt."
        )
    path = Path(spec.submodule_search_locations[0]) / "datasets" / "data" / "digits.csv.gz"
    try:
        table = np.loadtxt(path, delimiter=",")  # (1797, 65): 64 intensities in 0..16, then the class
    except (OSError, ValueError, EOFError) as error:
        raise ExplorerError(
            f"The digits could not be read from {path} ({error}): reinstall scikit-learn."
        ) from None
    images = np.rint(table[:, :64] * (255 / 16)).astype(np.uint8).reshape(-1, 1, 8, 8)
    labels = table[:, 64].astype(np.int64)
    train, test = stratified_split(labels, share=0.2)
    return ImageDataset(
        "digits", images, train, test, labels=labels, label_names=tuple(str(d) for d in range(10))
    )
