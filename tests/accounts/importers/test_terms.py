"""Amounts of contracts come from files, several days of one contract at once."""

import datetime as dt

import pytest

from accounts.models import Account, ContractTerm
from accounts.services.contracts import create_contract, update_contract
from accounts.services.imports.undo import undo_here
from tests.accounts.importers.files import AT, counts, faults, take_in
from tests.factories import make_account, make_user

pytestmark = pytest.mark.django_db
HEADER = ["contract_external_id", "starts_on", "arr", "seats", "reason"]
LATER = AT + dt.timedelta(days=2)


@pytest.fixture
def contract(team):
    account = make_account(external_id="A-1", team=team)
    return create_contract(
        account=account, external_id="K-1", starts_on=dt.date(2024, 4, 1), kind="open_ended",
        arr=100, seats=5, at=AT,
    )  # fmt: skip


def standing():
    rows = ContractTerm.objects.filter(retracted_at=None).order_by("starts_on")
    facts = ("starts_on", "ends_on", "arr", "seats", "reason")
    return [(str(on), str(end or ""), *rest) for on, end, *rest in rows.values_list(*facts)]


def test_days_of_one_contract_follow_each_other(contract):
    rows = [
        HEADER,
        ["K-1", "2026-04-01", "90", "4", "price"],
        ["K-1", "2024-04-01", "100", "5", ""],
        ["K-1", "2025-04-01", "120", "", ""],
    ]

    run = take_in("terms", *rows)

    assert counts(run) == (2, 0, 1, 0), run.job.result
    assert standing() == [
        ("2024-04-01", "2025-04-01", 100, 5, ""),
        ("2025-04-01", "2026-04-01", 120, 5, ""),
        ("2026-04-01", "", 90, 4, "price"),
    ]
    assert Account.objects.get().arr == 90
    assert take_in("terms", *rows, at=LATER).job.result["unchanged"] == 3
    undo_here(run=run, at=LATER)
    assert standing() == [("2024-04-01", "", 100, 5, "")]


def test_an_earlier_amount_ends_where_the_next_begins(contract):
    take_in("terms", HEADER, ["K-1", "2026-04-01", "90", "4", ""])

    assert counts(take_in("terms", HEADER, ["K-1", "2025-04-01", "120", "6", ""])) == (1, 0, 0, 0)

    assert [row[:3] for row in standing()] == [
        ("2024-04-01", "2025-04-01", 100),
        ("2025-04-01", "2026-04-01", 120),
        ("2026-04-01", "", 90),
    ]


def test_an_amount_a_contract_was_cut_short_of_is_no_fault_of_its_row(contract):
    row = ["K-1", "2026-04-01", "90", "4", ""]
    take_in("terms", HEADER, row)
    update_contract(contract=contract, changes={"ends_on": dt.date(2025, 3, 31)}, at=AT)

    assert counts(take_in("terms", HEADER, row, at=LATER)) == (0, 0, 1, 0)

    other = take_in("terms", HEADER, ["K-1", "2026-04-01", "80", "4", ""], at=LATER)
    assert faults(other) == [(2, "starts_on", "outside_contract")]


def test_every_fault_is_named_with_its_row_and_column(contract):
    rows = [
        HEADER,
        ["", "", "", "5", ""],
        ["K-9", "2026-04-01", "1", "", ""],
        ["K-1", "2024-03-31", "1", "", ""],
        ["K-1", "2026-04-01", "1", "", ""],
        ["K-1", "2026-04-01", "1", "", ""],
    ]

    assert faults(take_in("terms", *rows)) == [
        (2, "arr", "required"),
        (2, "contract_external_id", "required"),
        (2, "starts_on", "required"),
        (3, "contract_external_id", "no_contract"),
        (4, "starts_on", "outside_contract"),
        (6, "starts_on", "duplicate"),
    ]
    stranger = take_in("terms", HEADER, rows[4], by=make_user(), at=LATER)
    assert faults(stranger) == [(2, "contract_external_id", "no_contract")]
