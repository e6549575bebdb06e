import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.models import DirtyAccount
from accounts.services.accounts import AccountArchived
from scoring.models import Measurement
from scoring.services.measurements import (
    MeasuredAlready,
    MeasurementRetracted,
    NoNumber,
    NotYetMeasured,
    correct_measurement,
    record_measurement,
    retract_measurement,
)
from tests.factories import make_account

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 19, 3, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def test_a_reading_is_taken_in_and_its_account_computed_again():
    account = make_account()

    row = record_measurement(account=account, key="open_orders", value=7, at=AT)

    assert (row.value, row.measured_at, row.recorded_at) == (7, AT, AT)
    assert DirtyAccount.objects.filter(account=account, reason="measurement").exists()


@pytest.mark.parametrize("identity", [{"external_id": "M-1"}, {"measured_at": AT}])
def test_the_same_reading_again_changes_nothing_and_another_value_corrects_it(identity):
    account = make_account()

    def push(value, at):
        return record_measurement(account=account, key="nps", value=value, at=at, **identity)

    moment = {} if "measured_at" in identity else {"measured_at": AT}
    first = record_measurement(account=account, key="nps", value=5, at=AT, **{**moment, **identity})
    identity = {**moment, **identity}
    assert push(5, AT + DAY).pk == first.pk
    assert Measurement.objects.count() == 1

    again = push(6, AT + 2 * DAY)

    assert (again.pk, again.value, again.recorded_at) == (first.pk, 6, AT + 2 * DAY)
    kept = Measurement.objects.get(retracted_at=AT + 2 * DAY)
    assert (kept.value, kept.recorded_at) == (5, AT)


def test_another_key_is_another_reading():
    account = make_account()
    for key in ("nps", "csat"):
        record_measurement(account=account, key=key, value=1, external_id="M-1", at=AT)

    assert Measurement.objects.count() == 2


def test_a_moment_holds_one_reading_without_an_id():
    account = make_account()
    record_measurement(account=account, key="nps", value=1, measured_at=AT - DAY, at=AT)
    other = record_measurement(account=account, key="nps", value=1, at=AT)

    with pytest.raises(MeasuredAlready):
        correct_measurement(measurement=other, measured_at=AT - DAY, at=AT)


def test_what_was_taken_back_takes_no_correction_and_may_be_pushed_anew():
    account = make_account()
    row = record_measurement(account=account, key="nps", value=1, external_id="M-1", at=AT)
    retract_measurement(measurement=row, at=AT + DAY)
    with pytest.raises(MeasurementRetracted):
        correct_measurement(measurement=row, value=2, at=AT + DAY)

    anew = record_measurement(account=account, key="nps", value=2, external_id="M-1", at=AT + DAY)

    assert anew.pk != row.pk


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"value": float("nan")}, NoNumber),
        ({"value": float("inf")}, NoNumber),
        ({"value": -1.1e300}, NoNumber),
        ({"measured_at": AT + 2 * DAY}, NotYetMeasured),
        ({"measured_at": dt.datetime(1500, 1, 1, tzinfo=dt.UTC)}, NotYetMeasured),
        ({"key": "no key"}, ValidationError),
    ],
)
def test_what_is_no_reading_is_refused(fields, problem):
    values = {"key": "nps", "value": 1, **fields}

    with pytest.raises(problem):
        record_measurement(account=make_account(), at=AT, **values)


def test_an_archived_account_takes_none():
    with pytest.raises(AccountArchived):
        record_measurement(account=make_account(archived_at=AT), key="nps", value=1, at=AT)
