import pytest

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
