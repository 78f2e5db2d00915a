"""Latent Explorer: look inside autoencoders, VAEs and β-VAEs."""

__version__ = "0.1.0"
