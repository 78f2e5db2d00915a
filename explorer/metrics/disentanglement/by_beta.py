"""Disentanglement scores of one model at every β of its range."""

from collections.abc import Sequence

import numpy as np

from explorer.config import Config
from explorer.metrics.disentanglement.sampling import bin_factors, random_codes, varying
from explorer.metrics.disentanglement.scores import SCORES, Report, compute_scores


class ScoresByBeta(Config):
    """scores: of the codes at each of `betas`, by the keys of SCORES; random: of random codes. One split of `images`
    codes into training and test codes, the same at every β."""

    betas: list[float]
    scores: list[dict[str, float]]
    random: dict[str, float]
    images: int

    def text(self) -> str:
        """The scores as a table in plain text, a row per β."""
        names = list(self.random)
        head = "".join(f"{SCORES[name][0][:13]:>14}" for name in names)
        rows = [("random", self.random), *zip([f"{b:.3g}" for b in self.betas], self.scores, strict=True)]
        lines = [f"{label:>8}" + "".join(f"{scores[name]:14.3f}" for name in names) for label, scores in rows]
        return "\n".join([f"{'β':>8}{head}", *lines, f"{self.images:,} images."])


def compute_scores_by_beta(
    betas: Sequence[float], means: np.ndarray, factors: np.ndarray, report: Report = lambda *_: None
) -> ScoresByBeta:
    """Compute the scores of posterior means `(R, N, d)` at R values of β against factors `(N, K)`.

    report: called with progress (fraction, message). Raises ExplorerError if there are too few codes.
    """
    columns = varying(factors)
    sample = bin_factors(factors[:, columns])
    order = np.random.default_rng(0).permutation(len(sample))
    scores = []
    for i, (beta, codes) in enumerate(zip(betas, means, strict=True)):
        report(i / (len(betas) + 1), f"scores at β = {beta:.3g}")
        scores.append(compute_scores(codes[order], sample[order], 0))
    report(len(betas) / (len(betas) + 1), "scores of random codes")
    return ScoresByBeta(
        betas=[float(beta) for beta in betas],
        scores=scores,
        random=compute_scores(random_codes(len(sample), means.shape[2], 0), sample[order], 0),
        images=len(sample),
    )
