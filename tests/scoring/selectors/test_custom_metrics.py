"""Decay, windows and silence: what the formulas of custom metrics say on any facts."""

import itertools
import json
import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.models import UsageDay
from tests.factories import make_organisation
from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    age_of,
    make_event_name,
    make_metric,
    make_scored_account,
    make_tracked_account,
    make_usage,
    noon,
    read,
)
from tests.scoring.ingest import deliver, make_item, make_write_key

pytestmark = pytest.mark.django_db

WINDOW, HALF_LIFE = 28, 7.5
COUNT = {"source": "events", "aggregate": "count", "event": "Order", "window": WINDOW}
#: How many events there were so many days ago.
facts = st.dictionaries(st.integers(0, 40), st.integers(1, 9), max_size=6)
on_real_rows = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def account():
    make_event_name("Order")
    account = make_tracked_account()
    make_metric("plain", spec={**COUNT, "expects_usage": True})
    make_metric("decayed", spec={**COUNT, "half_life": HALF_LIFE, "expects_usage": True})
    make_metric("fading", spec={**COUNT, "half_life": HALF_LIFE})
    make_metric("slope", spec={**COUNT, "aggregate": "slope", "expects_usage": True})
    return account


def store(account, facts, order):
    UsageDay.objects.filter(account=account).delete()
    for ago in sorted(facts, key=lambda ago: (ago * order) % 41):
        make_usage(account=account, days=[DAY - ago * ONE_DAY], events=facts[ago], name="Order")


@on_real_rows
@given(facts, st.integers(1, 40))
def test_windows_and_decay_say_what_the_formula_says_in_any_order(account, facts, order):
    store(account, facts, order)
    within = {ago: n for ago, n in facts.items() if ago < WINDOW}

    decayed = sum(n * 2 ** (-ago / HALF_LIFE) for ago, n in within.items())
    assert read(account, "plain") == sum(within.values())
    assert read(account, "decayed") == pytest.approx(decayed, abs=1e-9)
    assert read(account, "fading") == (pytest.approx(decayed, abs=1e-9) if within else None)


@on_real_rows
@given(facts)
def test_a_trend_is_the_slope_of_the_line_through_every_day_of_the_window(account, facts):
    store(account, facts, 1)
    days = range(WINDOW)
    counts = [facts.get(WINDOW - 1 - day, 0) for day in days]
    middle = (WINDOW - 1) / 2

    slope = sum(n * (day - middle) for day, n in zip(days, counts, strict=True)) / sum(
        (day - middle) ** 2 for day in days
    )
    assert read(account, "slope") == pytest.approx(slope, abs=1e-9)


@on_real_rows
@given(facts, st.integers(1, 30))
def test_silence_never_raises_what_decays_or_is_counted(account, facts, silent):
    store(account, facts, 1)
    later = DAY + silent * ONE_DAY

    before = read(account, "fading")
    after = read(account, "fading", day=later)
    assert after is None or (before is not None and after <= before + 1e-9)


def test_a_decaying_value_is_stored_still(account):
    store(account, {3: 4, 10: 2}, 1)
    at_its_day = read(account, "fading", day=DAY)

    later = read(account, "fading", day=DAY + 5 * ONE_DAY)

    assert later == pytest.approx(at_its_day * 2 ** (-5 / HALF_LIFE))
    assert math.isclose(at_its_day, 4 * 2 ** (-3 / HALF_LIFE) + 2 * 2 ** (-10 / HALF_LIFE))


#: What an event says of a property, so many days ago, and after how many more it was known.
said = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["pro", "free", "3", ""])
sayings = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5), said), max_size=6)
CODES = {"pro": 2, "free": -1}


@pytest.fixture
def told():
    """Metrics of a property that one event of another account carries."""
    make_organisation()
    key, numbers = make_write_key(), itertools.count()
    make_scored_account(external_id="first", tracked=True)

    def tell(account, value, at, known):
        item = make_item(event="Said", groupId=account, timestamp=at, properties={"it": value})
        deliver(key, item, at=known)

    tell("first", 1, noon(DAY), noon(DAY))
    about = {"source": "events", "event": "Said", "value_of": "it", "window": WINDOW}
    make_metric("newest", spec={**about, "aggregate": "last", "codes": CODES}, at=noon(DAY))
    make_metric("kinds", spec={**about, "aggregate": "distinct"}, at=noon(DAY))
    return tell, lambda: f"account-{next(numbers)}"


def known_values(facts, day):
    """Return (day, value) of what was known within the window, oldest first."""
    within = [(DAY - ago * ONE_DAY, late * ONE_DAY, value) for ago, late, value in facts]
    return sorted(
        (
            (on, value)
            for on, late, value in within
            if on + late <= day and (day - on).days < WINDOW
        ),
        key=lambda fact: fact[0],
    )


@on_real_rows
@given(sayings, st.integers(-3, 6))
def test_newest_and_different_values_are_those_known_within_the_window(told, facts, later):
    tell, name = told
    account = make_scored_account(external_id=name(), tracked=True)
    for ago, late, value in facts:
        at = noon(DAY - ago * ONE_DAY)
        tell(account.external_id, value, at, at + late * ONE_DAY)

    day = DAY + later * ONE_DAY
    known = known_values(facts, day)
    numbers = [
        (on, CODES.get(value) if isinstance(value, str) else float(value))
        for on, value in known
        if value is not None and (not isinstance(value, str) or value in CODES)
    ]
    kinds = {value if isinstance(value, str) else json.dumps(value) for _, value in known} - {
        "",
        "null",
    }
    newest = max(numbers, default=(None, None))
    assert read(account, "newest", day=day) == newest[1]
    assert read(account, "kinds", day=day) == (len(kinds) if known else None)
    if numbers:
        assert age_of(account, "newest", day=day) == (day - newest[0]).days
