"""SAP, separated attribute predictability (Kumar et al. 2018, section 3)."""

import numpy as np

from explorer.metrics.disentanglement.sampling import Sample

C = 0.01


def compute_accuracies(train_sample: Sample, test_sample: Sample) -> np.ndarray:
    """How well a linear SVM (C = 0.01, balanced) predicts factor k from dimension j alone: `(K, d)`."""
    from sklearn.svm import LinearSVC

    table = np.zeros((train_sample.factors.shape[1], train_sample.latents))
    for k, j in np.ndindex(table.shape):
        # the primal problem has the same solution and is quicker with more images than features
        svm = LinearSVC(C=C, class_weight="balanced", dual=False)
        svm.fit(train_sample.codes[:, [j]], train_sample.factors[:, k])
        table[k, j] = svm.score(test_sample.codes[:, [j]], test_sample.factors[:, k])
    return table


def compute_gap(table: np.ndarray) -> float:
    """Mean over factors of the two best accuracies of `(K, d)` apart; a single dimension is compared with 0."""
    ranked = np.sort(np.pad(table, ((0, 0), (1, 0))), axis=1)
    return float((ranked[:, -1] - ranked[:, -2]).mean())
