"""Explicitness (Ridgeway & Mozer 2018, section 3)."""

import numpy as np

from explorer.metrics.disentanglement.sampling import Sample


def compute_areas(train_sample: Sample, test_sample: Sample) -> np.ndarray:
    """`(K,)`: area under the ROC curve of logistic regression on all dimensions, the mean over a factor's values;
    0.5 is chance, 1 the best."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    centre, spread = train_sample.codes.mean(axis=0), train_sample.codes.std(axis=0)
    x, tests = (
        (part.codes - centre) / np.where(spread > 0, spread, 1) for part in (train_sample, test_sample)
    )
    areas = []
    for k in range(train_sample.factors.shape[1]):
        model = LogisticRegression(max_iter=1000).fit(x, train_sample.factors[:, k])
        truth = test_sample.factors[:, k, None] == model.classes_
        present = truth.any(axis=0) & ~truth.all(axis=0)  # a value that no test image has cannot be tested
        probability = model.predict_proba(tests)[:, present]
        areas.append(roc_auc_score(truth[:, present], probability) if present.any() else 0.5)
    return np.array(areas)
