"""Corruptions against their definitions (Vincent et al. 2010)."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from explorer.training.corruption import corrupt

GREY = torch.full((50, 1, 40, 50), 0.4)  # 100,000 pixels


@given(
    kind=st.sampled_from(["none", "gaussian", "masking", "salt-and-pepper"]),
    level=st.floats(0, 1),
    seed=st.integers(0, 99),
)
def test_images_stay_images_and_the_original_stays_clean(kind: str, level: float, seed: int) -> None:
    torch.manual_seed(seed)
    x = torch.rand(3, 1, 4, 4)
    before = x.clone()
    y = corrupt(x, kind, level)
    assert y.shape == x.shape
    assert ((y >= 0) & (y <= 1)).all()
    assert torch.equal(x, before)
    if level == 0 or kind == "none":
        assert torch.equal(y, x)


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_masking_blackens_its_share_of_the_pixels(level: float) -> None:
    torch.manual_seed(0)
    y = corrupt(GREY, "masking", level)
    assert set(y.unique().tolist()) == {0.0, GREY[0, 0, 0, 0].item()}
    assert stats.binomtest(int((y == 0).sum()), y.numel(), level).pvalue > 1e-4


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_salt_and_pepper_are_equally_likely(level: float) -> None:
    torch.manual_seed(0)
    y = corrupt(GREY, "salt-and-pepper", level)
    for value in (0, 1):
        assert stats.binomtest(int((y == value).sum()), y.numel(), level / 2).pvalue > 1e-4
    assert set(y.unique().tolist()) == {0.0, 1.0, GREY[0, 0, 0, 0].item()}


def test_gaussian_noise_has_its_deviation_until_it_is_clipped() -> None:
    torch.manual_seed(0)
    noise = (corrupt(GREY, "gaussian", 0.08) - GREY).flatten().numpy()
    assert stats.kstest(noise, stats.norm(0, 0.08).cdf).pvalue > 1e-4
    clipped = corrupt(GREY, "gaussian", 0.4)
    assert stats.binomtest(int((clipped == 0).sum()), GREY.numel(), stats.norm.cdf(-1)).pvalue > 1e-4
