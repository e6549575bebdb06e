import datetime as dt

import pytest

from accounts.models import DirtyAccount, Ticket
from accounts.services.tickets import record_ticket, update_ticket
from tests.accounts.importers.files import AT, counts, error_rows, faults, statements, take_in
from tests.factories import make_account, make_contact, make_team, make_user

pytestmark = pytest.mark.django_db
HEADER = ["external_id", "account_external_id", "subject", "opened_at"]
LATER = AT + dt.timedelta(days=2)
TOKYO = dt.timezone(dt.timedelta(hours=9))
STATES = ("state", "starts_on", "ends_on", "recorded_at")


@pytest.fixture
def account(team):
    return make_account(external_id="A-1", team=team)


def standing(ticket):
    return list(ticket.states.filter(retracted_at=None).order_by("starts_on").values_list(*STATES))


def plain(ticket):
    apart = {"id", "external_id", "account_id", "contact_id", "_state"}
    return {name: value for name, value in vars(ticket).items() if name not in apart}


@pytest.mark.parametrize(
    ("state", "resolved", "mark"),
    [
        ("", "", ""),
        ("", "2026-06-05 17:30", "4"),
        ("resolved", "2026-06-01 09:30", ""),
        ("waiting", "", ""),
        ("resolved", "", "1"),
    ],
)
def test_a_row_is_what_the_service_would_have_made(account, state, resolved, mark):
    person = make_contact(account=account, external_id="P-1")
    twin = make_account(external_id="A-2", team=account.team)
    moment = dt.datetime.fromisoformat(resolved).replace(tzinfo=TOKYO) if resolved else None
    made = record_ticket(
        account=twin, subject="印刷", external_id="T-2", severity="high", state=state,
        opened_at=dt.datetime(2026, 6, 1, 9, 0, tzinfo=TOKYO), resolved_at=moment,
        csat=int(mark) if mark else None, at=AT,
    )  # fmt: skip

    take_in(
        "tickets",
        [*HEADER, "優先度", "contact_external_id", "state", "解決日時", "満足度"],
        ["T-1", "A-1", "印刷", "2026/6/1 9:00", "高", "P-1", state, resolved, mark],
    )

    imported = Ticket.objects.get(external_id="T-1")
    assert plain(imported) == plain(Ticket.objects.get(pk=made.pk))
    assert imported.contact_id == person.pk
    assert standing(imported) == standing(made)
    assert DirtyAccount.objects.filter(account=account).exists()


@pytest.mark.parametrize(
    ("column", "cell", "changes"),
    [
        ("severity", "critical", {"severity": "critical"}),
        ("subject", "Other", {"subject": "Other"}),
        ("state", "waiting", {"state": "waiting"}),
        ("state", "open", {"state": "open"}),
        ("csat", "2", {"csat": 2}),
        ("resolved_at", "2026-06-07", {"resolved_at": dt.datetime(2026, 6, 7, tzinfo=TOKYO)}),
        ("opened_at", "2026-05-20", {"opened_at": dt.datetime(2026, 5, 20, tzinfo=TOKYO)}),
    ],
)
def test_a_correction_is_what_the_service_would_have_written(account, column, cell, changes):
    twin = make_account(external_id="A-2", team=account.team)
    values = {
        "subject": "Slow", "opened_at": dt.datetime(2026, 6, 1, 9, 0, tzinfo=TOKYO),
        "resolved_at": dt.datetime(2026, 6, 5, 9, 0, tzinfo=TOKYO), "at": AT,
    }  # fmt: skip
    record_ticket(account=account, external_id="T-1", **values)
    update_ticket(
        ticket=record_ticket(account=twin, external_id="T-2", **values), changes=changes, at=LATER
    )

    run = take_in("tickets", ["external_id", column], ["T-1", cell], at=LATER)

    assert counts(run) == (0, 1, 0, 0)
    ours, theirs = (
        Ticket.objects.filter(external_id=key).order_by("retracted_at") for key in ("T-1", "T-2")
    )
    assert list(map(plain, ours)) == list(map(plain, theirs))
    assert list(map(standing, ours)) == list(map(standing, theirs))


def test_the_same_file_again_changes_nothing(account):
    rows = [[*HEADER, "resolved_at"], ["T-1", "A-1", "Slow", "2026-06-01", "2026-06-01"]]
    take_in("tickets", *rows)

    assert counts(take_in("tickets", *rows, at=LATER)) == (0, 0, 1, 0)
    assert Ticket.objects.get().resolved_at == Ticket.objects.get().opened_at


def test_who_asked_is_found_by_mail_address_and_may_be_cleared(account):
    person = make_contact(account=account, email="Taro@aomine.example")
    header = [*HEADER, "contact_email"]
    take_in("tickets", header, ["T-1", "A-1", "Slow", "2026-06-01", "ＴＡＲＯ@aomine.example"])
    assert Ticket.objects.get().contact_id == person.pk

    take_in(
        "tickets",
        ["external_id", "contact_external_id"],
        ["T-1", ""],
        mapping={"clear": ["contact_external_id"]},
    )

    assert Ticket.objects.get().contact_id is None


def test_every_fault_is_named_with_its_row_and_column(account):
    make_account(external_id="OTHER")
    make_contact(account=make_account(), external_id="STRANGER")
    header = [*HEADER, "severity", "resolved_at", "csat", "contact_external_id"]
    day = "2026-06-01"
    run = take_in(
        "tickets",
        header,
        ["", "A-1", "Slow", day, "", "", "", ""],
        ["T-1", "", "Slow", day, "", "", "", ""],
        ["T-2", "NOBODY", "Slow", day, "", "", "", ""],
        ["T-3", "A-1", "", day, "", "", "", ""],
        ["T-4", "A-1", "Slow", "", "", "", "", ""],
        ["T-5", "A-1", "Slow", "令和8年6月1日", "", "", "", ""],
        ["T-6", "A-1", "Slow", "2026-06-01 25:00", "", "", "", ""],
        ["T-7", "A-1", "Slow", "2026-12-01", "", "", "", ""],
        ["T-8", "A-1", "Slow", day, "huge", "", "", ""],
        ["T-9", "A-1", "Slow", day, "", "2026-05-01", "", ""],
        ["T-10", "A-1", "Slow", day, "", "", "6", ""],
        ["T-11", "A-1", "Slow", day, "", "", "", "STRANGER"],
        ["T-12", "A-1", "Slow", day, "", "", "", ""],
        ["T-12", "A-1", "Slow", day, "", "", "", ""],
    )

    assert faults(run) == [
        (2, "external_id", "required"),
        (3, "account_external_id", "required"),
        (4, "account_external_id", "unknown_account"),
        (5, "subject", "required"),
        (6, "opened_at", "required"),
        (7, "opened_at", "era"),
        (8, "opened_at", "moment"),
        (9, "opened_at", "future"),
        (10, "severity", "choice"),
        (11, "resolved_at", "resolved_before_opened"),
        (12, "csat", "range"),
        (13, "contact_external_id", "unknown_contact"),
        (15, "external_id", "duplicate"),
    ]
    assert counts(run) == (1, 0, 0, 13)
    assert len(error_rows(run)) == 14


def test_a_ticket_of_another_team_is_out_of_reach(account):
    stranger = make_user(team=make_team())
    take_in("tickets", HEADER, ["T-1", "A-1", "Slow", "2026-06-01"])

    run = take_in("tickets", ["external_id", "subject"], ["T-1", "Mine"], by=stranger)

    assert faults(run) == [(2, "external_id", "not_found")]
    assert Ticket.objects.get().subject == "Slow"


def test_a_preview_writes_nothing(account):
    run = take_in("tickets", HEADER, ["T-1", "A-1", "Slow", "2026-06-01"], is_dry_run=True)

    assert counts(run) == (1, 0, 0, 0)
    assert not Ticket.objects.exists()


def test_thirty_rows_take_as_many_statements_as_three(account):
    def rows(stem, count):
        return [[f"{stem}-{n}", "A-1", "Slow", "2026-06-01"] for n in range(count)]

    statements("tickets", HEADER, *rows("W", 1))
    assert statements("tickets", HEADER, *rows("A", 3)) == statements(
        "tickets", HEADER, *rows("B", 30)
    )
