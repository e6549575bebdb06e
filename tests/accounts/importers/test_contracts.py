import datetime as dt

import pytest

from accounts.models import Contract, DirtyAccount
from accounts.services.contracts import create_contract
from tests.accounts.importers.files import AT, counts, faults, statements, take_in
from tests.factories import make_account, make_team, make_user

pytestmark = pytest.mark.django_db

HEADER = ["external_id", "account_external_id", "starts_on", "ends_on", "arr"]
YEAR = ["2026-04-01", "2027-03-31"]
LATER = AT + dt.timedelta(days=30)


@pytest.fixture
def account(team):
    return make_account(external_id="A-1", team=team)


def test_a_new_row_is_what_the_service_would_have_made(account):
    other = make_account(external_id="A-2", team=account.team)
    create_contract(
        account=other, external_id="C-2", arr=1_200_000, seats=30, kind="fixed", product="M",
        starts_on=dt.date(2026, 4, 1), ends_on=dt.date(2027, 3, 31), notice_months=2,
        auto_renews=True, at=AT,
    )  # fmt: skip
    take_in(
        "contracts",
        [*HEADER, "席数", "製品", "解約予告月数", "自動更新"],
        ["C-1", "A-1", *YEAR, "¥1,200,000", "30", "M", "2", "はい"],
    )
    apart = {"id", "external_id", "account_id", "_state"}
    imported, made = (
        Contract.objects.get(external_id="C-1"),
        Contract.objects.get(external_id="C-2"),
    )
    assert {k: v for k, v in vars(imported).items() if k not in apart} == {
        k: v for k, v in vars(made).items() if k not in apart
    }
    columns = ("arr", "seats", "starts_on", "ends_on", "recorded_at", "retracted_at")
    assert imported.terms.values_list(*columns).get() == made.terms.values_list(*columns).get()
    account.refresh_from_db()
    other.refresh_from_db()
    assert (account.arr, account.mrr, account.renewal_on, account.licensed_users) == (
        other.arr, other.mrr, other.renewal_on, other.licensed_users,
    )  # fmt: skip
    assert DirtyAccount.objects.filter(account=account).exists()


def test_a_changed_amount_is_new_terms_from_today_or_from_its_day(account):
    take_in("contracts", HEADER, ["C-1", "A-1", *YEAR, "100"])
    header = ["external_id", "arr", "terms_on"]
    assert counts(take_in("contracts", header, ["C-1", "200", ""], at=LATER)) == (0, 1, 0, 0)
    take_in("contracts", header, ["C-1", "300", "2026-10-01"], at=LATER)
    terms = Contract.objects.get().terms.filter(retracted_at=None).order_by("starts_on")
    assert [(term.arr, term.starts_on) for term in terms] == [
        (100, dt.date(2026, 4, 1)),
        (200, dt.date(2026, 7, 10)),
        (300, dt.date(2026, 10, 1)),
    ]
    account.refresh_from_db()
    assert account.arr == 200


def test_a_moved_first_day_takes_the_first_terms_along(account):
    take_in("contracts", HEADER, ["C-1", "A-1", *YEAR, "100"])
    run = take_in("contracts", ["external_id", "starts_on"], ["C-1", "2026-03-01"], at=LATER)
    assert counts(run) == (0, 1, 0, 0)
    term = Contract.objects.get().terms.get(retracted_at=None)
    assert (term.starts_on, term.arr) == (dt.date(2026, 3, 1), 100)


def test_the_same_file_again_changes_nothing(account):
    take_in("contracts", HEADER, ["C-1", "A-1", *YEAR, "100"])
    assert counts(take_in("contracts", HEADER, ["C-1", "A-1", *YEAR, "100"], at=LATER)) == (
        0,
        0,
        1,
        0,
    )
    assert Contract.objects.get().terms.count() == 1


def test_a_contract_without_an_end_is_open_ended(account):
    take_in("contracts", HEADER, ["C-1", "A-1", "2026-04-01", "", "100"])
    assert Contract.objects.get().kind == "open_ended"


def test_every_fault_is_named_with_its_row_and_column(account):
    make_account(external_id="OTHER", team=account.team)
    take_in("contracts", HEADER, ["C-0", "A-1", *YEAR, "100"])
    run = take_in(
        "contracts",
        [*HEADER, "kind", "terms_on"],
        ["C-1", "", *YEAR, "1", "", ""],
        ["C-2", "NO", *YEAR, "1", "", ""],
        ["C-3", "A-1", "", "", "1", "", ""],
        ["C-4", "A-1", *YEAR, "", "", ""],
        ["C-5", "A-1", "2026-04-01", "2026-03-31", "1", "", ""],
        ["C-6", "A-1", "2026-04-01", "", "1", "fixed", ""],
        ["C-7", "A-1", *YEAR, "1", "", "2028-01-01"],
        ["C-0", "OTHER", *YEAR, "1", "", ""],
        ["C-8", "A-1", *YEAR, "1", "", ""],
        ["C-8", "A-1", *YEAR, "1", "", ""],
    )
    assert counts(run)[0] == 1
    assert faults(run) == [
        (2, "account_external_id", "required"),
        (3, "account_external_id", "unknown_account"),
        (4, "starts_on", "required"),
        (5, "arr", "required"),
        (6, "ends_on", "ends_before_start"),
        (7, "ends_on", "fixed_without_end"),
        (8, "terms_on", "outside_contract"),
        (9, "account_external_id", "foreign"),
        (11, "external_id", "duplicate"),
    ]


def test_a_yearly_public_contract_of_a_file_does_not_renew_by_itself(account):
    header = [*HEADER, "is_public_yearly", "auto_renews"]
    run = take_in(
        "contracts", header,
        ["C-1", "A-1", *YEAR, "100", "yes", "no"], ["C-2", "A-1", *YEAR, "100", "yes", "yes"],
    )  # fmt: skip

    assert faults(run) == [(3, "auto_renews", "renews_public_contract")]
    assert Contract.objects.get().is_public_yearly


def test_contracts_of_accounts_out_of_reach_do_not_exist(account):
    make_account(external_id="FAR", team=make_team())
    take_in("contracts", HEADER, ["C-0", "FAR", *YEAR, "100"])
    run = take_in(
        "contracts", HEADER, ["C-1", "FAR", *YEAR, "1"], ["C-0", "", *YEAR, "1"],
        ["C-2", "A-1", *YEAR, "1"], by=make_user(team=account.team),
    )  # fmt: skip
    assert faults(run) == [
        (2, "account_external_id", "unknown_account"),
        (3, "external_id", "not_found"),
    ]
    assert counts(run) == (1, 0, 0, 2)


def test_a_thousand_rows_take_as_many_statements_as_ten(account):
    def rows(prefix: str, count: int) -> list[list[str]]:
        return [[f"{prefix}{n}", "A-1", *YEAR, "1000"] for n in range(count)]

    statements("contracts", HEADER, *rows("W", 2))
    few = statements("contracts", HEADER, *rows("A", 10))
    assert statements("contracts", HEADER, *rows("B", 1000)) == few


TERMS = ("payment_days", "closing_day", "payment_months", "payment_day")


def terms_of(key="C-1"):
    return Contract.objects.values_list(*TERMS).get(external_id=key)


def test_payment_terms_are_read_as_people_write_them(account):
    header = [*HEADER, "支払条件"]

    take_in(
        "contracts",
        header,
        ["C-1", "A-1", *YEAR, "100", "月末締め翌月末払い"],
        ["C-2", "A-1", *YEAR, "100", "net 45"],
        ["C-3", "A-1", *YEAR, "100", ""],
    )

    assert terms_of("C-1") == (None, 31, 1, 31)
    assert terms_of("C-2") == (45, None, None, None)
    assert terms_of("C-3") == (30, None, None, None)


def test_terms_of_one_kind_take_the_place_of_the_other(account):
    take_in("contracts", [*HEADER, "payment_days"], ["C-1", "A-1", *YEAR, "100", "60"])

    changed = take_in("contracts", ["external_id", "支払条件"], ["C-1", "20日締め翌月10日払い"])
    assert counts(changed) == (0, 1, 0, 0)
    assert terms_of() == (None, 20, 1, 10)
    same = take_in("contracts", ["external_id", "支払条件"], ["C-1", "２０日締翌月１０日払"])
    assert counts(same) == (0, 0, 1, 0)
    take_in("contracts", ["external_id", "arr"], ["C-1", "200"])
    assert terms_of() == (None, 20, 1, 10)
    take_in("contracts", ["external_id", "支払日数"], ["C-1", "15"])
    assert terms_of() == (15, None, None, None)


def test_terms_that_say_nothing_or_two_things_are_refused(account):
    header = [*HEADER, "支払条件", "支払日数"]

    run = take_in(
        "contracts",
        header,
        ["C-1", "A-1", *YEAR, "100", "30日締め翌月末払い", ""],
        ["C-2", "A-1", *YEAR, "100", "月末締め翌月末払い", "30"],
        ["C-3", "A-1", *YEAR, "100", "30日以内", "30"],
    )

    assert [code for _line, _column, code in faults(run)] == ["terms", "two_terms"]
    assert terms_of("C-3") == (30, None, None, None)
