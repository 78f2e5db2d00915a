"""How well single latent dimensions stand for single factors: one file per metric, `evaluation` for a whole model.

Definitions and defaults are those of Locatello et al. 2019 (Challenging Common Assumptions in the Unsupervised
Learning of Disentangled Representations), so that numbers compare. Codes are posterior means `(N, d)`, factors are
integers `(N, K)`, and matrices of factors by latents are `(K, d)`. Nothing here imports torch.
A factor that has the same value in all training images is left out of every metric.
"""
