"""Imports taken back: all that nobody touched since, and what was touched is named."""

import datetime as dt
import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import (
    Account,
    AccountPhaseFact,
    AccountStatusFact,
    AttributeDefinition,
    Contact,
    Contract,
    ContractTerm,
    DirtyAccount,
    Ticket,
    TouchpointTodo,
)
from accounts.services.accounts import create_account, update_account
from accounts.services.contacts import create_contact
from accounts.services.contracts import create_contract
from accounts.services.imports.undo import (
    AlreadyUndone,
    NothingToUndo,
    kept_of,
    open_undo,
    run_due_undo,
    undo_here,
)
from tests.accounts.importers import files
from tests.accounts.importers.files import AT, TODAY, counts
from tests.factories import make_account, make_team, make_touchpoint, make_user

pytestmark = pytest.mark.django_db
BEFORE = AT - dt.timedelta(days=30)
LATER = AT + dt.timedelta(hours=1)
LATEST = AT + dt.timedelta(hours=2)


def take_in(kind, *rows, **order):
    """Take a file in and end the context of its history, as the end of a transaction does it."""
    run = files.take_in(kind, *rows, **order)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pghistory.context_id', '', true)")
    return run


def undo(run, at=LATER, by=None):
    return undo_here(run=run, at=at, by=by)


def kept(done) -> list[tuple[str, str]]:
    return [(row.record, row.reason) for row in kept_of(done)]


@pytest.fixture
def account(team):
    return create_account(team=team, external_id="A-1", name="青嶺", tier="c", at=BEFORE)


def accounts(*rows, header=("external_id", "name", "tier"), **order):
    return take_in("accounts", list(header), *[list(row) for row in rows], **order)


def test_new_accounts_are_put_away_and_their_ids_can_be_taken_in_again(team):
    run = accounts(["A-1", "青嶺", "a"], ["A-2", "港", "b"])
    done = undo(run)

    assert done.job.result["kept_count"] == 0
    assert Account.objects.filter(archived_at=LATER, external_id=None).count() == 2
    for facts in (AccountStatusFact, AccountPhaseFact):
        assert set(facts.objects.values_list("retracted_at", flat=True)) == {LATER}
    assert counts(accounts(["A-1", "青嶺", "a"], at=LATEST)) == (1, 0, 0, 0)


def test_what_was_known_in_between_is_still_found(account):
    run = accounts(["A-1", "", "a"])
    undo(run)
    between = AT + dt.timedelta(minutes=1)
    tiers = account.attribute_values.filter(key="tier")
    assert [fact.value for fact in tiers.as_of(TODAY, BEFORE)] == ["c"]
    assert [fact.value for fact in tiers.as_of(TODAY, between)] == ["a"]
    assert [fact.value for fact in tiers.as_of(TODAY, LATER)] == ["c"]


def test_a_changed_account_is_what_it_was_and_is_found_under_its_old_name(account):
    before = Account.objects.get()
    AttributeDefinition.objects.create(key="region", type="text", label_en="R", label_ja="地")
    run = accounts(["A-1", "改名商事", "a", "east"],
                   header=["external_id", "name", "tier", "region"])  # fmt: skip
    DirtyAccount.objects.all().delete()

    undo(run)

    after = Account.objects.get()
    apart = {"_state", "updated_at"}
    assert {k: v for k, v in vars(after).items() if k not in apart} == {
        k: v for k, v in vars(before).items() if k not in apart
    }
    assert DirtyAccount.objects.get().account_id == account.pk
    assert accounts(["A-1", "改名商事", "a"], at=LATEST).job.result["updated"] == 1


def test_an_account_edited_since_stays_and_is_named_while_the_others_go_back(team, account):
    create_account(team=team, external_id="A-2", name="港", tier="c", at=BEFORE)
    run = accounts(["A-1", "改名一", "a"], ["A-2", "改名二", "a"])
    changed = Account.objects.get(external_id="A-1")
    update_account(account=changed, changes={"country": "SG"}, at=LATER)

    done = undo(run, at=LATEST)

    assert kept(done) == [("改名一 (A-1)", "edited")]
    assert dict(Account.objects.values_list("external_id", "name")) == {
        "A-1": "改名一",
        "A-2": "港",
    }
    assert Account.objects.get(external_id="A-1").tier == "a"
    tiers = account.attribute_values.filter(key="tier").current()
    assert [fact.value for fact in tiers.holding_on(TODAY)] == ["a"]


def test_a_fact_changed_since_keeps_the_account_and_everything_of_the_row(account):
    run = accounts(["A-1", "青嶺", "a"])
    account.refresh_from_db()
    update_account(account=account, changes={"phase": "renewal"}, at=LATER)
    assert kept(undo(run, at=LATEST)) == [("青嶺 (A-1)", "edited")]


def test_a_new_account_that_got_a_contact_since_stays(team):
    run = accounts(["A-1", "青嶺", "a"], ["A-2", "港", "a"])
    create_contact(account=Account.objects.get(external_id="A-1"), family_name="佐藤", at=LATER)
    assert kept(undo(run, at=LATEST)) == [("青嶺 (A-1)", "used")]
    assert Account.objects.get(archived_at__isnull=True).external_id == "A-1"


def test_the_parent_of_an_account_that_stays_stays_too(team):
    header = ["external_id", "name", "parent_external_id"]
    run = accounts(["P", "親", ""], ["C", "子", "P"], ["X", "他", ""], header=header)
    child = Account.objects.get(external_id="C")
    update_account(account=child, changes={"country": "SG"}, at=LATER)
    done = undo(run, at=LATEST)
    assert sorted(kept(done)) == [("子 (C)", "edited"), ("親 (P)", "linked")]
    assert Account.objects.filter(archived_at__isnull=True).count() == 2


def test_the_contract_behind_an_arr_goes_with_its_account_and_figures_follow(account):
    run = accounts(["A-1", "青嶺", "120"], header=["external_id", "name", "arr"])
    account.refresh_from_db()
    assert account.arr == 120

    undo(run)

    account.refresh_from_db()
    assert account.arr == 0
    assert Contract.objects.get().archived_at == LATER
    assert not ContractTerm.objects.current().exists()


def test_figures_that_follow_from_contracts_are_no_edit(account):
    run = accounts(["A-1", "改名", "a"])
    Account.objects.update(arr=5, renewal_on=TODAY)
    assert undo(run).job.result["kept_count"] == 0
    assert Account.objects.get().name == "青嶺"


def test_contacts_go_back_with_the_parts_they_had_put_down(account):
    contact = create_contact(account=account, family_name="佐藤", external_id="P-1", at=BEFORE)
    header = ["account_external_id", "external_id", "family_name", "email"]
    run = take_in(
        "contacts", header, ["A-1", "P-1", "鈴木", "s@a.example"], ["A-1", "P-2", "田中", ""]
    )
    done = undo(run)
    contact.refresh_from_db()
    assert done.job.result["kept_count"] == 0
    assert (contact.family_name, contact.email, contact.person_key) == ("佐藤", "", None)
    assert "佐藤" in contact.search_text
    assert Contact.objects.filter(archived_at=LATER).get().family_name == "田中"


def test_tickets_are_retracted_with_their_states(account):
    header = ["external_id", "account_external_id", "subject", "severity", "opened_at"]
    run = take_in("tickets", header, ["T-1", "A-1", "遅い", "high", "2026-06-01"])
    assert undo(run).job.result["kept_count"] == 0
    ticket = Ticket.objects.get()
    assert ticket.retracted_at == LATER
    assert not ticket.states.current().exists()


def test_an_import_is_taken_back_once(account):
    run = accounts(["A-1", "改名", "a"])
    undo(run)
    with pytest.raises(AlreadyUndone):
        undo(run, at=LATEST)


@pytest.mark.parametrize("order", [{"is_dry_run": True}, {"is_all_or_nothing": True}])
def test_what_has_stored_nothing_can_not_be_taken_back(account, order):
    run = accounts(["A-1", "改名", "a"], ["A-2", "", ""], **order)
    with pytest.raises(NothingToUndo):
        undo(run)


def test_who_no_longer_reaches_an_account_does_not_take_it_back(team, account):
    user = make_user(team=team, role="member")
    run = accounts(["A-1", "改名", "a"], by=user)
    Account.objects.update(team=make_team())
    assert [reason for _record, reason in kept(undo(run, by=user))] != []
    assert Account.objects.get().name == "改名"


@pytest.mark.parametrize("kind", ["terms", "todos"])
def test_who_no_longer_reaches_an_account_takes_back_no_part_of_its_records(team, account, kind):
    contract = create_contract(
        account=account, external_id="K-1", starts_on=TODAY, kind="open_ended", arr=1, at=BEFORE
    )
    talk = make_touchpoint(account=account, external_id="T-1")
    user = make_user(team=team, role="member")
    header, row, rows = {
        "terms": (
            ["contract_external_id", "starts_on", "arr"],
            ["K-1", "2026-07-01", "90"],
            ContractTerm.objects.filter(contract=contract, arr=90),
        ),
        "todos": (
            ["account_external_id", "touchpoint_external_id", "side", "text"],
            ["A-1", "T-1", "ours", "x"],
            TouchpointTodo.objects.filter(touchpoint=talk),
        ),
    }[kind]
    run = take_in(kind, header, row, by=user)
    before = list(rows.values())
    Account.objects.update(team=make_team())

    done = undo(run, by=user)

    assert {reason for _record, reason in kept(done)} == {"foreign"}
    assert list(rows.values()) == before


def test_undo_takes_as_many_statements_for_seven_rows_as_for_one(team):
    def statements(*rows):
        run = accounts(*rows)
        with CaptureQueriesContext(connection) as captured:
            undo(run)
        return len(captured)

    one = statements(["A-1", "青嶺", "a"])
    assert statements(*[[f"B-{n}", "港", "a"] for n in range(7)]) == one


def test_a_worker_carries_it_out(account):
    run = accounts(["A-1", "改名", "a"])
    open_undo(run=run, at=LATER)
    assert run_due_undo(at=LATER) == 1
    assert run_due_undo(at=LATER) == 0
    assert Account.objects.get().name == "青嶺"


def test_the_command_names_what_stays_and_says_so_by_its_exit_code(account, capsys):
    run = accounts(["A-1", "改名", "a"])
    account.refresh_from_db()
    update_account(account=account, changes={"country": "SG"}, at=LATER)
    with pytest.raises(SystemExit, match="1"):
        call_command("undo_import", str(run.pk))
    shown = capsys.readouterr()
    assert json.loads(shown.out.splitlines()[-1])["kept"] == 1
    assert "改名 (A-1): edited since" in shown.err


def test_a_new_import_of_an_account_that_is_not_there(team):
    make_account(team=team)
    run = accounts(["A-1", "青嶺", "a"])
    Account.objects.filter(external_id="A-1").update(external_id="Z-1")
    assert kept(undo(run)) == [("青嶺 (Z-1)", "edited")]
