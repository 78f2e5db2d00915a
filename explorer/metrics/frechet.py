"""The Fréchet distance of two sets of points, each taken as a Gaussian."""

import numpy as np


def compute_frechet(real: np.ndarray, fake: np.ndarray) -> float:
    """|μ − ν|² + tr(Σ + Γ − 2 (ΣΓ)^½) of points `(N, f)` and `(M, f)`: FID where the features are Inception's
    (Heusel et al. 2017). In squared units of the features; sets of few points lie apart even if they are alike."""
    shift = real.mean(0) - fake.mean(0)
    a, b = (np.cov(points, rowvar=False).reshape(points.shape[1], -1) for points in (real, fake))
    # ΣΓ has the eigenvalues of Σ^½ΓΣ^½, which is symmetric: real and not negative but for rounding
    values, vectors = np.linalg.eigh(a)
    root = vectors * np.sqrt(values.clip(0)) @ vectors.T
    shared = np.sqrt(np.linalg.eigvalsh(root @ b @ root).clip(0)).sum()
    return max(0.0, float(shift @ shift + np.trace(a) + np.trace(b) - 2 * shared))
