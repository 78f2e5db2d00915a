"""All disentanglement scores that apply to a sample of codes and factors."""

from collections.abc import Callable

import numpy as np

from explorer.metrics.disentanglement.beta_vae import compute_beta_vae
from explorer.metrics.disentanglement.dci import (
    compute_completeness,
    compute_disentanglement,
    compute_importance,
)
from explorer.metrics.disentanglement.explicitness import compute_areas
from explorer.metrics.disentanglement.factor_vae import compute_factor_vae
from explorer.metrics.disentanglement.mig import compute_entropy, compute_mig, compute_mutual_information
from explorer.metrics.disentanglement.modularity import compute_modularity
from explorer.metrics.disentanglement.sampling import check, has_pairs, split
from explorer.metrics.disentanglement.sap import compute_accuracies, compute_gap

Report = Callable[[float, str], None]

SCORES = {
    "beta_vae": (
        "β-VAE score",
        "accuracy of a linear classifier that predicts which factor pairs of images share",
    ),
    "factor_vae": (
        "FactorVAE score",
        "accuracy of predicting the fixed factor from the latent dimension that varies least",
    ),
    "mig": (
        "MIG",
        "information gap between the two dimensions most informative about a factor, as a share of its entropy",
    ),
    "sap": (
        "SAP",
        "accuracy gap between the two dimensions that best predict a factor linearly",
    ),
    "dci_disentanglement": (
        "DCI disentanglement",
        "whether each dimension helps to predict only one factor",
    ),
    "dci_completeness": ("DCI completeness", "whether each factor is predicted from only one dimension"),
    "dci_informativeness": (
        "DCI informativeness",
        "share of factor values that boosted trees predict correctly",
    ),
    "modularity": ("modularity", "whether each dimension has information about only one factor"),
    "explicitness": (
        "explicitness",
        "area under the ROC curve of a linear classifier of each factor value; 0.5 is chance",
    ),
}
"""Every score: its display name and a short explanation. The best value of each is 1."""


def find_inapplicable(factors: np.ndarray, latents: int) -> dict[str, str]:
    """Map the scores that do not apply to factors `(N, K)` and this number of latents to the reason."""
    reasons: dict[str, str] = {}
    if not all(has_pairs(part) for part in np.split(factors, [len(factors) * 2 // 3])):
        reasons |= dict.fromkeys(("beta_vae", "factor_vae"), "no two images share the value of a factor")
    if factors.shape[1] < 2:
        several = ("beta_vae", "factor_vae", "dci_disentanglement", "modularity")
        reasons |= dict.fromkeys(several, "there is only one factor")
    if latents < 2:
        single = ("factor_vae", "mig", "sap", "dci_disentanglement", "dci_completeness")
        reasons |= dict.fromkeys(single, "there is only one latent dimension")
    return reasons


def compute_scores(
    codes: np.ndarray,
    factors: np.ndarray,
    seed: int,
    report: Report = lambda *_: None,
    exact: bool = False,
) -> dict[str, float]:
    """Compute every score that applies to codes `(N, d)` and factors `(N, K)`; N = 15,000 in Locatello et al. 2019.

    Two thirds are for training, one third for testing. report: called with progress (fraction, message). exact: use
    exact trees for DCI. Raises ExplorerError if the arrays do not fit together.
    """
    sample = check(codes, factors)
    train_sample, test_sample = split(sample)
    reasons = find_inapplicable(np.concatenate([train_sample.factors, test_sample.factors]), sample.latents)
    scores: dict[str, float] = {}

    def step(fraction: float, name: str, compute: Callable[[], float]) -> None:
        if name not in reasons:
            report(fraction, SCORES[name][0])
            scores[name] = compute()

    information = compute_mutual_information(train_sample.codes, train_sample.factors)
    step(0.0, "mig", lambda: compute_mig(information, compute_entropy(train_sample.factors)))
    step(0.0, "modularity", lambda: compute_modularity(information))
    step(0.02, "beta_vae", lambda: compute_beta_vae(sample.codes, sample.factors, seed))
    step(0.1, "factor_vae", lambda: compute_factor_vae(sample.codes, sample.factors, seed))
    step(0.15, "explicitness", lambda: float(compute_areas(train_sample, test_sample).mean()))
    step(0.3, "sap", lambda: compute_gap(compute_accuracies(train_sample, test_sample)))
    report(0.5, "DCI, boosted trees")
    importance, informativeness = compute_importance(train_sample, test_sample, exact)
    step(1.0, "dci_disentanglement", lambda: compute_disentanglement(importance))
    step(1.0, "dci_completeness", lambda: compute_completeness(importance))
    scores["dci_informativeness"] = informativeness
    return {name: scores[name] for name in SCORES if name in scores}
