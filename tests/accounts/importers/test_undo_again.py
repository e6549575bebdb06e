"""An import that went back in part says so; the rest goes back once nothing stands on it."""

import datetime as dt

import pytest

from accounts.models import Account, Contact, Contract, Ticket
from accounts.services.accounts import create_account, update_account
from accounts.services.contacts import archive_contact, create_contact
from accounts.services.imports.undo import AlreadyUndone, kept_of, undo_here
from tests.accounts.importers.test_undo import BEFORE, LATER, LATEST, TODAY, accounts, take_in

pytestmark = pytest.mark.django_db
SOON = LATER - dt.timedelta(minutes=30)
AGAIN = LATEST + dt.timedelta(hours=1)


def undo(run, at):
    return undo_here(run=run, at=at)


def standing() -> list[str]:
    return sorted(Account.objects.unarchived().values_list("external_id", flat=True))


def first_too_early(first, second):
    """Take the first import back before the second, then the second, then the first again."""
    early = undo(first, LATER)
    assert early.job.result["left"] > 0
    undo(second, LATEST)
    return early, undo(first, AGAIN)


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (["external_id", "name"], ["A-1", "改名"]),
        (["external_id", "name", "tier"], ["A-1", "改名", "b"]),
        (["external_id", "name", "phase"], ["A-1", "青嶺", "renewal"]),
        (["external_id", "name", "arr"], ["A-1", "青嶺", "240"]),
        (["external_id", "name", "domains"], ["A-1", "青嶺", "aone.example"]),
    ],
)
def test_imports_taken_back_in_the_wrong_order_leave_nothing(team, header, row):
    first = take_in(
        "accounts", ["external_id", "name", "tier", "arr"],
        ["A-1", "青嶺", "a", "120"], ["A-2", "港", "a", "120"],
    )  # fmt: skip
    second = accounts(row, header=header, at=SOON)

    early, done = first_too_early(first, second)

    assert any(row.record.endswith("(A-1)") for row in kept_of(early))
    assert kept_of(done) == []
    assert standing() == []
    assert not Contract.objects.filter(archived_at=None).exists()


def test_imports_taken_back_in_the_right_order_leave_nothing(team):
    first = accounts(["A-1", "青嶺", "a"])
    second = accounts(["A-1", "改名", "b"], at=SOON)
    undo(second, LATER)
    assert kept_of(undo(first, LATEST)) == []
    assert standing() == []


def test_tickets_changed_by_a_later_import_go_back_in_the_end(team):
    create_account(team=team, external_id="A-1", name="青嶺", tier="c", at=BEFORE)
    header = ["external_id", "account_external_id", "subject", "severity", "opened_at"]
    first = take_in("tickets", header, ["T-1", "A-1", "遅い", "high", "2026-06-01"])
    second = take_in("tickets", header, ["T-1", "A-1", "とても遅い", "low", "2026-06-01"], at=SOON)

    _early, done = first_too_early(first, second)

    assert kept_of(done) == []
    assert not Ticket.objects.filter(retracted_at=None).exists()


def test_contacts_of_a_later_import_keep_an_account_only_as_long_as_they_stand(team):
    first = accounts(["A-1", "青嶺", "a"])
    header = ["account_external_id", "external_id", "family_name"]
    second = take_in("contacts", header, ["A-1", "P-1", "鈴木"], at=SOON)

    early, done = first_too_early(first, second)

    assert [row.reason for row in kept_of(early)] == ["used"]
    assert kept_of(done) == []
    assert standing() == []


def test_what_went_back_the_first_time_is_counted_on_and_not_touched_again(team):
    run = accounts(["A-1", "青嶺", "a"], ["A-2", "港", "a"])
    account = Account.objects.get(external_id="A-1")
    contact = create_contact(account=account, family_name="佐藤", at=LATER)
    gone = Account.objects.get(external_id="A-2")
    undo(run, LATER)
    gone.refresh_from_db()
    assert gone.archived_at == LATER
    archive_contact(contact=contact, at=LATEST)

    done = undo(run, AGAIN)

    gone.refresh_from_db()
    assert gone.archived_at == LATER
    assert (done.job.result["created"], done.job.result["left"]) == (2, 0)
    with pytest.raises(AlreadyUndone):
        undo(run, AGAIN)


def test_what_still_stands_in_the_way_is_named_as_often_as_it_is_tried(team):
    run = accounts(["A-1", "青嶺", "a"])
    create_contact(account=Account.objects.get(), family_name="佐藤", at=LATER)
    for at in (LATER, LATEST, AGAIN):
        done = undo(run, at)
        assert [row.reason for row in kept_of(done)] == ["used"]
        assert (done.job.result["created"], done.job.result["kept_count"]) == (0, 1)
    assert Contact.objects.get().archived_at is None


def test_a_changed_account_reads_in_the_end_what_it_read_before_both(team):
    account = create_account(team=team, external_id="A-1", name="青嶺", tier="c", at=BEFORE)
    first, second = accounts(["A-1", "改名一", "a"]), accounts(["A-1", "改名二", "b"], at=SOON)

    _early, done = first_too_early(first, second)

    account.refresh_from_db()
    assert (account.name, account.tier, kept_of(done)) == ("青嶺", "c", [])
    tiers = account.attribute_values.filter(key="tier").current()
    assert [fact.value for fact in tiers.holding_on(TODAY)] == ["c"]


def test_an_edit_between_two_imports_stays_whatever_is_taken_back(team):
    first = accounts(["A-1", "青嶺", "a"])
    account = Account.objects.get()
    update_account(account=account, changes={"tier": "c"}, at=LATER)

    done = undo(first, LATEST), undo(first, AGAIN)

    assert [[row.reason for row in kept_of(one)] for one in done] == [["edited"], ["edited"]]
    assert Account.objects.get().tier == "c"
