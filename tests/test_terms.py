"""The glossary: complete, and true to what the program computes."""

from __future__ import annotations

import math
import re

import numpy as np

from explorer.latents.codes import ACTIVE
from explorer.live.terms import terms


def test_the_terms_that_the_pages_use_have_a_sentence_and_a_formula() -> None:
    assert {"latent", "prior", "posterior", "rate", "distortion", "nats", "active", "sigma"} <= terms().keys()
    for key, term in terms().items():
        assert term.sentence.endswith("."), key
        assert len(term.sentence) < 260, key
        assert term.formula.strip(".") == term.formula != "", key


def test_active_units_are_defined_once() -> None:
    assert f"> {ACTIVE}" in terms()["active"].formula
    assert f"above {ACTIVE} " in terms()["active"].sentence


def test_the_formula_of_the_rate_is_the_divergence() -> None:
    """½ Σ (μ² + σ² − 1 − ln σ²) by numbers: the mean of ln q − ln p under q."""
    assert "½ Σ (μ² + σ² − 1 − ln σ²)" in terms()["rate"].formula
    mean, scale = 0.7, 0.4
    z = mean + scale * np.linspace(-12, 12, 200_001)
    q = np.exp(-(((z - mean) / scale) ** 2) / 2) / (scale * math.sqrt(2 * math.pi))
    gap = (z**2 - ((z - mean) / scale) ** 2) / 2 - math.log(scale)
    assert np.isclose(np.trapezoid(q * gap, z), (mean**2 + scale**2 - 1 - math.log(scale**2)) / 2, atol=1e-9)


def test_a_nat_in_bits() -> None:
    (bits,) = re.findall(r"≈ ([\d.]+) bits", terms()["nats"].formula)
    assert abs(float(bits) - 1 / math.log(2)) < 0.005
