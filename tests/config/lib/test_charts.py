"""Small charts: every bar starts where the one before ended, every point lies inside."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lib.charts import FallRow, score_line, sparkline, waterfall, whiskers

SCORES = st.lists(st.none() | st.floats(0, 100), max_size=30)


def test_a_sparkline_keeps_one_scale_and_breaks_where_data_is_missing() -> None:
    line = sparkline([60, None, 100])
    assert line is not None
    assert line.runs == ["1.0,14.0", "93.0,2.0"]
    assert line.risk_y == 14


@given(SCORES)
def test_points_stay_inside_their_picture(values: list[float | None]) -> None:
    for line, width, height in ((sparkline(values), 96, 28), (score_line(values), 244, 64)):
        points = [point.split(",") for run in (line.runs if line else []) for point in run.split()]
        assert all(0 <= float(x) <= width and 0 <= float(y) <= height for x, y in points)
        assert len(points) == len([value for value in values if value is not None])


def test_a_waterfall_draws_the_demo_account_as_the_design_does() -> None:
    fall = waterfall(
        start=("from", 85.9),
        rows=[FallRow("relationship", -11.0), FallRow("usage", -12.5), FallRow("rest", -7.1)],
        rest=FallRow("rules", 0),
        end=("to", 55.3),
    )
    assert [bar.label for bar in fall.bars] == [
        "from",
        "usage",
        "relationship",
        "rest",
        "rules",
        "to",
    ]
    assert (fall.bars[0].x, fall.bars[1].x, fall.bars[1].width) == (89.75, 58.5, 31.25)
    assert fall.ticks == [(25.0, 60), (75.0, 80)]
    assert fall.risk_x == 25.0
    assert fall.bars[-1].change == pytest.approx(-30.6)


@given(st.floats(0, 100), st.lists(st.floats(-20, 20), min_size=1, max_size=8))
def test_bars_join_and_lie_on_the_axis(start: float, changes: list[float]) -> None:
    rows = [FallRow(str(index), change) for index, change in enumerate(changes)]
    fall = waterfall(start=("from", start), rows=rows, end=("to", start + sum(changes)))
    steps = [bar for bar in fall.bars if bar.kind == "dim"]
    assert all(bar.x >= 0 and bar.x + bar.width <= 100.02 for bar in fall.bars)
    assert [abs(bar.change or 0) for bar in steps] == sorted(map(abs, changes), reverse=True)
    for before, after in pairwise(steps):
        ends = {round(before.x, 1), round(before.x + before.width, 1)}
        starts = {round(after.x, 1), round(after.x + after.width, 1)}
        assert any(abs(end - begin) <= 0.11 for end in ends for begin in starts)


def test_whiskers_stand_on_their_scale_and_stay_within_it():
    rows = [("a", 0.65, 0.5, 0.8), ("b", 0.2, None, None), ("c", None, None, None)]

    a, b = whiskers(rows, low=0.3, high=1.0)

    assert (a.x, a.low, a.high) == (50, 28.57, 71.43)
    assert (b.x, b.low, b.high) == (0, None, None)
