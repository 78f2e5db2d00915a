"""Fixed splits into training, validation and test images, the same on every machine and with every numpy version.

Checkpoints refer to images by index, so a split must never change. numpy guarantees a fixed stream for `RandomState`
(NEP 19), but not for `default_rng`.

Indices are shuffled, so the first n of a part are a random sample of it.
"""

import numpy as np

SEED = 0
MAX_VALIDATION = 5_000


def hold_out(train: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Split the indices `train` `(N,)` into (train, validation), both in the order of `train`.

    A tenth, at most 5,000 images, is for validation. For fewer than five images, both parts are `train`.
    """
    count = min(round(len(train) / 10), MAX_VALIDATION)
    if not count:
        return train, train
    mask = np.zeros(len(train), dtype=bool)
    mask[np.random.RandomState(SEED).permutation(len(train))[:count]] = True
    return train[~mask], train[mask]


def shuffled_split(n: int, test_size: int) -> tuple[np.ndarray, np.ndarray]:
    """Split `range(n)` at random into (train, test), int64, with `test_size` test images."""
    order = np.random.RandomState(SEED).permutation(n).astype(np.int64)
    return order[test_size:], order[:test_size]


def tenth_split(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Split `range(n)` into (train, test) with a tenth, at least one image, for testing. Depends on n only."""
    return shuffled_split(n, min(n, max(1, round(n / 10))))


def stratified_split(labels: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Split `range(len(labels))` into (train, test), int64, with a fraction `share` of every class for testing."""
    train, test = [], []
    for value in np.unique(labels):
        members = np.flatnonzero(labels == value)
        train_members, test_members = shuffled_split(len(members), round(share * len(members)))
        train.append(members[train_members])
        test.append(members[test_members])
    random = np.random.RandomState(SEED)
    return random.permutation(np.concatenate(train)), random.permutation(np.concatenate(test))
