import statistics

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.domain.renewals import shift_months
from tests.factories import make_contract
from tests.scoring.factories import (
    DAY,
    LONG_KNOWN,
    ONE_DAY,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "contract_value_trend"


def make_terms(account, *steps):
    contract = make_contract(
        account=account, kind="open_ended", starts_on=steps[0][0], ends_on=None
    )
    contract.terms.all().delete()
    ends = [start for start, _ in steps[1:]] + [None]
    for (start, arr), end in zip(steps, ends, strict=True):
        contract.terms.create(arr=arr, starts_on=start, ends_on=end, recorded_at=LONG_KNOWN)


def test_a_steady_contract_does_not_move():
    account = make_tracked_account()
    make_terms(account, (DAY - 800 * ONE_DAY, 1200))

    assert read(account, KEY) == 0


def test_a_raise_gains_and_a_cut_loses():
    bigger, smaller = make_tracked_account(), make_tracked_account()
    make_terms(bigger, (DAY - 800 * ONE_DAY, 1000), (DAY - 180 * ONE_DAY, 1500))
    make_terms(smaller, (DAY - 800 * ONE_DAY, 1500), (DAY - 180 * ONE_DAY, 1000))

    assert read(bigger, KEY) == pytest.approx(0.563, abs=0.001)
    assert read(smaller, KEY) == pytest.approx(-0.546, abs=0.001)


def test_under_four_months_there_is_no_line():
    account = make_tracked_account()
    make_terms(account, (DAY - 60 * ONE_DAY, 1000))

    assert read(account, KEY) is None


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    contracts=st.lists(
        st.tuples(
            st.integers(0, 500),
            st.one_of(st.none(), st.integers(-40, 400)),
            st.lists(st.tuples(st.integers(0, 500), st.integers(1, 9000)), max_size=3),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_it_is_the_straight_line_through_thirteen_days(contracts):
    """Against least squares over the sums of what every contract was worth on each day."""
    with transaction.atomic():
        account = make_tracked_account()
        made = [make_lasting(account, *one) for one in contracts]
        days = [shift_months(DAY, -n) for n in range(12, -1, -1)]
        begun = min(starts_on for starts_on, _, _ in made)
        line = [(day, sum(worth_on(day, *one) for one in made)) for day in days if day >= begun]
        read_now = read(account, KEY)
        transaction.set_rollback(True)

    told = expected(line)
    assert read_now == (told if told is None else pytest.approx(told, rel=1e-9, abs=1e-12))


def make_lasting(account, ago, ends_in, changes):
    """Make a contract and return its first day, the day after its last, and its terms."""
    starts_on = DAY - ago * ONE_DAY
    ends_on = None if ends_in is None else max(starts_on, DAY + ends_in * ONE_DAY)
    kind = "open_ended" if ends_on is None else "fixed"
    contract = make_contract(
        account=account, kind=kind, starts_on=starts_on, ends_on=ends_on, auto_renews=False
    )
    contract.terms.all().delete()
    steps = dict([(starts_on, 100), *((DAY - n * ONE_DAY, arr) for n, arr in changes if n < ago)])
    begins = sorted(steps)
    ends = [*begins[1:], None]
    for begin, end in zip(begins, ends, strict=True):
        contract.terms.create(
            arr=steps[begin], starts_on=begin, ends_on=end, recorded_at=LONG_KNOWN
        )
    return starts_on, ends_on, steps


def worth_on(day, starts_on, ends_on, steps):
    """Return what a contract was worth on a day."""
    if day < starts_on or (ends_on is not None and day > ends_on):
        return 0
    return steps[max(begin for begin in steps if begin <= day)]


def expected(line):
    if len(line) < 4:
        return None
    xs, ys = [(day - DAY).days for day, _ in line], [worth for _, worth in line]
    mean = statistics.fmean(ys)
    return 365 * statistics.linear_regression(xs, ys).slope / mean if mean else None
