import datetime as dt

import pytest

from accounts.models import DirtyAccount
from scoring.models import Measurement
from scoring.services.measurements import record_measurement
from tests.accounts.importers.files import AT, counts, faults, statements, take_in
from tests.accounts.services.exports.files import archive_rows, take_everything
from tests.factories import make_account, make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db
HEADER = ["account_external_id", "key", "value", "measured_at"]
LATER = AT + dt.timedelta(days=2)
TOKYO = dt.timezone(dt.timedelta(hours=9))


@pytest.fixture
def account(db):
    make_organisation()
    return make_account(external_id="A-1", team=make_team())


def plain(row):
    apart = {"id", "account_id", "_state", "_prefetched_objects_cache"}
    return {name: value for name, value in vars(row).items() if name not in apart}


@pytest.mark.parametrize("external_id", ["", "M-1"])
def test_rows_are_what_the_service_would_have_made(account, external_id):
    twin = make_account(external_id="A-2", team=account.team)
    moment = dt.datetime(2026, 6, 1, 9, 30, tzinfo=TOKYO)
    for value, at in ((1250.5, AT), (-3e5, LATER), (-3e5, LATER)):
        record_measurement(
            account=twin, key="open_orders", value=value, measured_at=moment,
            external_id=external_id, at=at,
        )  # fmt: skip
    header = [*HEADER, "external_id"]
    row = ["A-1", "open_orders", "1,250.5", "2026/6/1 9:30", external_id]
    corrected = [*row[:2], "-3e5", *row[3:]]

    assert counts(take_in("measurements", header, row)) == (1, 0, 0, 0)
    assert counts(take_in("measurements", header, corrected, at=LATER)) == (0, 1, 0, 0)
    assert counts(take_in("measurements", header, corrected, at=LATER)) == (0, 0, 1, 0)

    ours, theirs = (
        list(map(plain, Measurement.objects.filter(account=one).order_by("retracted_at")))
        for one in (account, twin)
    )
    assert ours == theirs
    assert DirtyAccount.objects.filter(account=account).exists()


def test_every_fault_is_named_with_its_row_and_column(account):
    day = "2026-06-01"
    run = take_in(
        "measurements",
        [*HEADER, "external_id"],
        ["", "nps", "1", day, ""],
        ["NOBODY", "nps", "1", day, ""],
        ["A-1", "", "1", day, ""],
        ["A-1", "no key", "1", day, ""],
        ["A-1", "nps", "", "2026-05-01", ""],
        ["A-1", "nps", "nan", day, ""],
        ["A-1", "nps", "1e301", day, ""],
        ["A-1", "nps", "1", "", ""],
        ["A-1", "nps", "1", "2026-12-01", ""],
        ["A-1", "nps", "1", day, ""],
        ["A-1", "nps", "2", day, ""],
        ["A-1", "csat", "1", day, "M-1"],
        ["A-1", "csat", "1", "2026-06-02", "M-1"],
        ["A-1", "csat", "1", "平成30年6月2日", "M-2"],
    )

    assert faults(run) == [
        (2, "account_external_id", "required"),
        (3, "account_external_id", "unknown_account"),
        (4, "key", "required"),
        (5, "key", "slug"),
        (6, "value", "required"),
        (7, "measured_at", "duplicate"),
        (7, "value", "number"),
        (8, "measured_at", "duplicate"),
        (8, "value", "number"),
        (9, "measured_at", "required"),
        (10, "measured_at", "future"),
        (12, "measured_at", "duplicate"),
        (14, "external_id", "duplicate"),
        (15, "measured_at", "era"),
    ]
    assert counts(run) == (2, 0, 0, 12)


def test_thirty_rows_take_as_many_statements_as_three(account):
    def rows(key, count):
        return [["A-1", key, str(n), f"2026-05-{n + 1:02}"] for n in range(count)]

    statements("measurements", HEADER, *rows("warm", 1))
    assert statements("measurements", HEADER, *rows("a", 3)) == statements(
        "measurements", HEADER, *rows("b", 30)
    )


def test_what_leaves_with_everything_comes_back(account, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    moment = dt.datetime(2026, 6, 1, 9, 30, 0, 123456, tzinfo=TOKYO)
    for value, own_id in ((0.1, None), (1e20, "M-1")):
        record_measurement(
            account=account, key="k", value=value, measured_at=moment, external_id=own_id, at=AT
        )
    archive = take_everything(make_user(role="administrator"))
    rows = archive_rows(archive, "import/measurements.csv")
    table = [list(rows[0]), *(list(row.values()) for row in rows)]
    assert counts(take_in("measurements", *table)) == (0, 0, 2, 0)
    Measurement.objects.all().delete()

    assert counts(take_in("measurements", *table)) == (2, 0, 0, 0)

    back = Measurement.objects.order_by("value").values_list("value", "measured_at", "external_id")
    assert list(back) == [(0.1, moment, None), (1e20, moment, "M-1")]
