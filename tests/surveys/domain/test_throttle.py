import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.domain.throttle import Asked, may_be_asked

TODAY = dt.date(2026, 6, 1)


def ago(days, kind="nps"):
    return Asked(kind, TODAY - dt.timedelta(days=days))


@pytest.mark.parametrize(
    ("kind", "before", "allowed"),
    [
        ("nps", [], True),
        ("nps", [ago(89)], False),
        ("nps", [ago(90)], True),
        ("nps", [ago(29, "csat")], False),
        ("nps", [ago(30, "csat")], True),
        ("nps", [ago(100), ago(364)], False),
        ("nps", [ago(100), ago(365)], True),
        ("csat", [ago(29)], False),
        ("csat", [ago(30)], True),
        ("csat", [ago(30), ago(60), ago(100), ago(200)], True),
        ("ces", [ago(0, "ces")], False),
    ],
)
def test_the_limits_hold_to_the_day(kind, before, allowed):
    assert may_be_asked(kind=kind, today=TODAY, before=before) is allowed


@given(
    st.lists(st.tuples(st.sampled_from(["nps", "csat", "ces"]), st.integers(0, 800)), max_size=60)
)
def test_whoever_keeps_to_it_is_never_asked_more_often(wishes):
    asked: list[Asked] = []
    for kind, days in sorted(wishes, key=lambda wish: -wish[1]):
        on = TODAY - dt.timedelta(days=days)
        if may_be_asked(kind=kind, today=on, before=asked):
            asked.append(Asked(kind, on))

    gaps = [(later.on - sooner.on).days for sooner, later in pairwise(asked)]
    relationship = [entry.on for entry in asked if entry.kind == "nps"]
    assert all(gap >= 30 for gap in gaps)
    assert all((b - a).days >= 90 for a, b in pairwise(relationship))
    assert all((b - a).days >= 365 for a, b in zip(relationship, relationship[2:], strict=False))
