"""What an exchange of dimensions changes: on codes whose answer is known, by a judge that is known to be right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer import reports, store
from explorer.cli.main import main
from explorer.data import ImageDataset
from explorer.errors import ExplorerError
from explorer.metrics.disentanglement.evaluation import DisentanglementReport, dimensions_of
from explorer.metrics.exchange import ExchangeReport, compute_exchange, exchange
from explorer.metrics.factor_judge import FactorJudge, find_values, train_factor_judge
from explorer.metrics.moments import compute_moments

SHIPPED = Path(__file__).parents[2] / "checkpoints"
SIDE = 16


def draw(factors: np.ndarray) -> np.ndarray:
    """A white bar on black, its length, row and column by three factors: `(N, 1, SIDE, SIDE)` in [0, 1]."""
    images = np.zeros((len(factors), 1, SIDE, SIDE), np.float32)
    for image, (length, row, column) in zip(images, np.round(factors).astype(int), strict=True):
        image[0, 2 + 3 * row : 4 + 3 * row, 1 + 2 * column : 3 + 2 * column + 3 * length] = 1
    return images


@pytest.fixture(scope="module")
def bars() -> ImageDataset:
    factors = np.stack(np.meshgrid(range(3), range(4), range(4), indexing="ij"), -1).reshape(-1, 3)
    factors = np.tile(factors, (12, 1)).astype(np.uint8)
    rows = np.random.default_rng(0).permutation(len(factors))
    return ImageDataset(
        name="bars",
        images=(255 * draw(factors)).astype(np.uint8),
        train_index=np.sort(rows[:300]),
        test_index=np.sort(rows[300:]),
        factors=factors,
        factor_names=("length", "row", "column"),
        factor_sizes=(3, 4, 4),
    )


@dataclass(frozen=True)
class Eye:
    """A judge that measures the bar."""

    def read(self, images: np.ndarray) -> np.ndarray:
        white = images[:, 0] > 0.5
        row = (white.any(2).argmax(1) - 2) // 3
        column = (white.any(1).argmax(1) - 1) // 2
        length = (white.any(1).sum(1) - 2) // 3
        return np.stack([length, row, column], 1)


def measured(bars: ImageDataset, turn: np.ndarray, dimensions: Mapping[str, Sequence[int]]) -> ExchangeReport:
    """Of a model whose codes are the factors times an orthogonal matrix `(3, 3)`."""
    assert bars.factors is not None
    factors = bars.factors.astype(np.float32)
    most = np.array(bars.factor_sizes) - 1
    judge: Any = Eye()
    return compute_exchange(
        lambda index: factors[index] @ turn,
        lambda z: draw((z @ turn.T).clip(0, most)),
        bars,
        dimensions,
        judge,
        pairs=300,
    )


EACH = {"length": (0,), "row": (1,), "column": (2,)}


def test_codes_that_are_the_factors_change_exactly_what_is_asked(bars: ImageDataset) -> None:
    report = measured(bars, np.eye(3, dtype=np.float32), EACH)
    assert [one.factor for one in report.factors] == ["length", "row", "column"]
    for one in report.factors:
        assert one.legible == 1
        assert one.pairs == 300
        assert one.taken is not None
        assert one.taken.exact == one.taken.changed == one.taken.kept == 1
        # the right one of three; another one changes another factor, or none where both have the same value
        assert one.random is not None
        assert one.random.exact == pytest.approx(1 / 3, abs=0.1)
        # the factors are independent, so the means of two values differ in that factor alone, nearly
        assert one.means is not None
        assert one.means.exact > 0.9
    assert report.left_out == ()


def test_the_dimension_of_another_factor_never_changes_the_one_that_is_asked(bars: ImageDataset) -> None:
    report = measured(bars, np.eye(3, dtype=np.float32), {"length": (1,), "row": (2,), "column": ()})
    for one in report.factors[:2]:
        assert one.taken is not None
        assert one.taken.changed == one.taken.exact == 0
        assert 0.5 < one.taken.kept < 1
    assert report.factors[2].taken is None
    assert report.factors[2].means is not None


def test_turned_codes_mix_factors_but_class_means_do_not(bars: ImageDataset) -> None:
    angle = np.pi / 4
    turn = np.array([[np.cos(angle), np.sin(angle), 0], [-np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    report = measured(bars, turn.astype(np.float32), EACH)
    length, _, column = report.factors
    assert length.taken is not None
    assert length.means is not None
    assert column.taken is not None
    assert length.taken.exact < 0.6
    assert length.means.exact > 0.9
    assert column.taken.exact == 1


def test_exchanged_codes_have_the_taken_dimensions_of_b_and_the_others_of_a() -> None:
    a, b = np.zeros((2, 3)), np.ones((2, 3))
    np.testing.assert_array_equal(exchange(a, b, (0, 2)), [[1, 0, 1], [1, 0, 1]])
    assert not a.any()


def test_a_factor_that_the_judge_cannot_read_is_left_out(bars: ImageDataset) -> None:
    class Blind(Eye):
        def read(self, images: np.ndarray) -> np.ndarray:
            seen = super().read(images)
            seen[:, 1] = 0
            return seen

    assert bars.factors is not None
    factors = bars.factors.astype(np.float32)
    judge: Any = Blind()
    report = compute_exchange(lambda index: factors[index], draw, bars, EACH, judge, pairs=50)
    assert [one.factor for one in report.factors] == ["length", "column"]
    assert report.left_out == ("row",)
    assert "row" in report.text().splitlines()[-1]


def test_a_judge_of_shapes_reads_images_that_it_has_not_seen(bars: ImageDataset) -> None:
    judge = train_factor_judge(bars)
    assert isinstance(judge, FactorJudge)
    images = draw(find_values(bars)[bars.test_index])
    assert (judge.read(images) == find_values(bars)[bars.test_index]).mean() > 0.97
    faint = 0.55 * images  # as a blurred reconstruction is
    np.testing.assert_array_equal(judge.read(faint), judge.read(images))


def test_moments_of_a_rectangle_are_those_of_the_books() -> None:
    image = np.zeros((1, 1, 32, 32), np.float32)
    image[0, 0, 4:10, 8:24] = 1  # 6 high, 16 wide
    area, x, y, *rest = compute_moments(image)[0]
    assert area == pytest.approx(6 * 16 / 32**2)
    assert (x, y) == pytest.approx(((15.5 - 15.5) / 32, (6.5 - 15.5) / 32))
    xx, xy, yy = rest[:3]
    assert xx == pytest.approx(np.sqrt((16**2 - 1) / 12) / 32, rel=1e-5)
    assert yy == pytest.approx(np.sqrt((6**2 - 1) / 12) / 32, rel=1e-5)
    assert xy == pytest.approx(0, abs=1e-6)


def test_invariant_moments_stay_when_a_shape_turns_or_moves() -> None:
    shape = np.zeros((1, 1, 32, 32), np.float32)
    shape[0, 0, 8:18, 10:14] = shape[0, 0, 8:12, 10:20] = shape[0, 0, 17, 10:22] = 1
    still = compute_moments(shape)[0, 15:]
    assert len(still) == 7
    for other in (np.rot90(shape, 1, (2, 3)), np.roll(shape, (5, -4), (2, 3)), shape[..., ::-1]):
        np.testing.assert_allclose(compute_moments(np.ascontiguousarray(other))[0, 15:], still, rtol=1e-4)
    thick = shape.copy()
    thick[0, 0, 12:16, 14:20] = 1
    assert np.abs(compute_moments(thick)[0, 16:] / still[1:] - 1).max() > 0.2


def test_the_dimensions_of_a_factor_say_at_least_half_as_much_as_the_best() -> None:
    report = DisentanglementReport(
        factor_names=["a", "b", "c"],
        factor_sizes=[2, 2, 2],
        scores={},
        mutual_information=[[0.9, 0.5, 0.4, 0.0], [0.0, 0.3, 0.0, 0.2], [0.01, 0.01, 0.0, 0.0]],
        factor_entropy=[1, 1, 1],
        chance=[0.01, 0.01, 0.01],
        images=100,
        seeds=2,
        left_out="",
    )
    assert dimensions_of(report) == {"a": (0, 1), "b": (1, 3), "c": ()}


def test_models_without_dimensions_of_factors_say_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    checkpoint = store.open_checkpoint(SHIPPED / "mnist-cvae-z10")
    with pytest.raises(ExplorerError, match="no dimensions of factors"):
        reports.exchange().calculate(checkpoint, lambda *_: None)
    checkpoint = store.open_checkpoint(SHIPPED / "digits-vae-z10")
    with pytest.raises(ExplorerError, match="python -m explorer disentangle digits-vae-z10"):
        reports.exchange().calculate(checkpoint, lambda *_: None)
    assert main(["exchange", "nothing", "--folder", str(tmp_path)]) == 1
    assert "Error: " in capsys.readouterr().err
