"""All metrics of one sample of codes, those that have a meaning for its factors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from explorer.metrics.disentanglement import modularity as modules
from explorer.metrics.disentanglement.beta_vae import beta_vae
from explorer.metrics.disentanglement.dci import completeness, disentanglement, predict
from explorer.metrics.disentanglement.factor_vae import factor_vae
from explorer.metrics.disentanglement.mig import entropy, mig, mutual_information
from explorer.metrics.disentanglement.sampling import can_share, check, split
from explorer.metrics.disentanglement.sap import accuracies, gap

Tell = Callable[[float, str], None]

SCORES = {
    "beta_vae": ("β-VAE score", "how often a linear classifier tells which factor pairs of images share"),
    "factor_vae": (
        "FactorVAE score",
        "how often the dimension that varies least tells which factor is fixed",
    ),
    "mig": (
        "MIG",
        "how much more the best dimension knows of a factor than the second best, of all there is",
    ),
    "sap": (
        "SAP",
        "how much better a line on the best dimension predicts a factor than one on the second best",
    ),
    "dci_disentanglement": (
        "DCI disentanglement",
        "whether each dimension serves to predict one factor alone",
    ),
    "dci_completeness": ("DCI completeness", "whether each factor is predicted from one dimension alone"),
    "dci_informativeness": ("DCI informativeness", "share of factor values that boosted trees predict right"),
    "modularity": ("modularity", "whether each dimension has information about one factor alone"),
    "explicitness": ("explicitness", "how well a linear classifier reads each factor value; 0.5 is chance"),
}
"""Every score: its name and one sentence for people. All are at most 1, the best."""


def left_out(factors: np.ndarray, latents: int) -> dict[str, str]:
    """The scores that have no meaning for these factors `(N, K)` and so many latents, each with the reason."""
    why: dict[str, str] = {}
    parts = np.split(factors, [len(factors) * 2 // 3])
    if not all(can_share(part) for part in parts):
        why |= dict.fromkeys(("beta_vae", "factor_vae"), "no two images share the value of a factor")
    if factors.shape[1] < 2:
        several = ("beta_vae", "factor_vae", "dci_disentanglement", "modularity")
        why |= dict.fromkeys(several, "there is only one factor")
    if latents < 2:
        single = ("factor_vae", "mig", "sap", "dci_disentanglement", "dci_completeness")
        why |= dict.fromkeys(single, "there is only one latent dimension")
    return why


def scores(
    codes: np.ndarray, factors: np.ndarray, seed: int, tell: Tell = lambda *_: None
) -> dict[str, float]:
    """Every score that has a meaning, of codes `(N, d)` and factors `(N, K)`: N = 15,000 as in Locatello et al. 2019.

    Two thirds are learned from and a third is for testing. tell(fraction, what) hears of the progress. Raises
    ExplorerError if the arrays do not fit together.
    """
    sample = check(codes, factors)
    without = left_out(sample.factors, sample.latents)
    seen, unseen = split(sample)
    found: dict[str, float] = {}

    def step(fraction: float, name: str, of: Callable[[], float]) -> None:
        if name not in without:
            tell(fraction, SCORES[name][0])
            found[name] = of()

    information = mutual_information(seen.codes, seen.factors)
    step(0.0, "mig", lambda: mig(information, entropy(seen.factors)))
    step(0.0, "modularity", lambda: modules.modularity(information))
    step(0.02, "beta_vae", lambda: beta_vae(sample.codes, sample.factors, seed))
    step(0.1, "factor_vae", lambda: factor_vae(sample.codes, sample.factors, seed))
    step(0.15, "explicitness", lambda: float(modules.explicitness_per_factor(seen, unseen).mean()))
    step(0.3, "sap", lambda: gap(accuracies(seen, unseen)))
    tell(0.5, "DCI, boosted trees")
    importance, informativeness = predict(seen, unseen)
    step(1.0, "dci_disentanglement", lambda: disentanglement(importance))
    step(1.0, "dci_completeness", lambda: completeness(importance))
    found["dci_informativeness"] = informativeness
    return {name: found[name] for name in SCORES if name in found}
