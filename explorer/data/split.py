"""Fixed splits into training, validation and test images, the same on every machine and with every version of numpy.

Checkpoints name images by their index, so a split may never move. `RandomState` is the generator whose
stream numpy has promised not to change (NEP 19); `default_rng` makes no such promise.

Indices come in shuffled order: the first n of either part are a fair sample of it.
"""

import numpy as np

SEED = 0
MAX_VALIDATION = 5_000


def hold_out(train: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Split the images that are not for testing `(N,)` into (train, validation), each in the given order.

    A tenth, and at most 5,000 images, is for validation. Of fewer than five images none can be spared: both parts
    are then the same.
    """
    count = min(round(len(train) / 10), MAX_VALIDATION)
    if not count:
        return train, train
    chosen = np.zeros(len(train), dtype=bool)
    chosen[np.random.RandomState(SEED).permutation(len(train))[:count]] = True
    return train[~chosen], train[chosen]


def shuffled_split(n: int, test_size: int) -> tuple[np.ndarray, np.ndarray]:
    """Split `range(n)` at random into (train, test), int64, with `test_size` in the second."""
    order = np.random.RandomState(SEED).permutation(n).astype(np.int64)
    return order[test_size:], order[:test_size]


def tenth_split(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Keep a tenth, and at least one image, for testing. Depends on the number of images alone."""
    return shuffled_split(n, min(n, max(1, round(n / 10))))


def stratified_split(labels: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Split `range(len(labels))` into (train, test), int64, with `share` of every class in the second."""
    train, test = [], []
    for value in np.unique(labels):
        members = np.flatnonzero(labels == value)
        rest, chosen = shuffled_split(len(members), round(share * len(members)))
        train.append(members[rest])
        test.append(members[chosen])
    random = np.random.RandomState(SEED)
    return random.permutation(np.concatenate(train)), random.permutation(np.concatenate(test))
