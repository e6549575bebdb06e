"""What is written for an account while it goes into another neither stays behind nor is lost."""

import datetime as dt

import pytest

from accounts.models import StakeholderRole
from accounts.services.accounts import AccountArchived, archive_account, update_account
from accounts.services.contact_undo import ContactMerged, restore_contact
from accounts.services.contacts import archive_contact, create_contact
from accounts.services.contracts import create_contract
from accounts.services.imports.turns import ImportRunning, wait_for_turn
from accounts.services.imports.undo import kept_of, undo_here
from accounts.services.invoices import (
    correct_invoice,
    record_invoice,
    record_payment,
    retract_payment,
)
from accounts.services.merges.accounts import merge_accounts
from accounts.services.merges.contacts import merge_contacts
from accounts.services.merges.moves import keep_merges_off
from accounts.services.merges.records import AlreadyMerged
from accounts.services.merges.undo import ChangedSinceMerge, undo_merge
from accounts.services.milestones import set_milestone
from accounts.services.shares import share_account
from accounts.services.stakeholders import assign_role
from accounts.services.tickets import StrangerAsks, record_ticket, update_ticket
from accounts.services.touchpoints import StrangerAttends, record_touchpoint
from config.lib.clock import app_now
from playbooks.services.launch import launch_playbook
from playbooks.services.tasks import complete_task, create_task, reopen_task
from scoring.models import HealthOverride
from scoring.services.overrides import end_override, set_override
from tests.accounts.importers.files import take_in
from tests.factories import (
    make_account,
    make_contact,
    make_organisation,
    make_team,
    make_ticket,
    make_user,
)
from tests.playbooks.factories import make_playbook, make_run, make_task
from tests.threads import at_once, during

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.date(2026, 6, 1)


@pytest.fixture
def pair():
    make_organisation()
    team = make_team()
    return make_account(team=team), make_account(team=team)


def draft(account):
    return record_touchpoint(
        accounts=[account],
        type="call",
        occurred_at=app_now(),
        is_draft=True,
        subject="S",
        at=app_now(),
    )


WRITES = {
    "contact": lambda account: create_contact(account=account, family_name="森", at=app_now()),
    "contract": lambda account: create_contract(
        account=account, arr=1, starts_on=DAY, kind="open_ended", at=app_now()
    ),
    "draft": draft,
    "invoice": lambda account: record_invoice(
        account=account, amount=1, issued_on=DAY, due_on=DAY, at=app_now()
    ),
    "milestone": lambda account: set_milestone(account=account, label_en="Go", at=app_now()),
    "override": lambda account: set_override(
        account=account, kind="value", value=70, reason="R", by=make_user(), at=app_now()
    ),
    "run": lambda account: launch_playbook(playbook=make_playbook(), account=account, at=app_now()),
    "share": lambda account: share_account(account=account, user=make_user(), at=app_now()),
    "task": lambda account: create_task(
        account=account, title="T", due_on=DAY, by=None, at=app_now()
    ),
    "ticket": lambda account: record_ticket(account=account, subject="S", at=app_now()),
}


@pytest.mark.parametrize("kind", WRITES)
def test_what_is_not_committed_yet_moves_too(kind, pair):
    source, target = pair
    written = []

    told = during(
        lambda: written.append(WRITES[kind](source)),
        lambda: merge_accounts(source=source, into=target, at=app_now()),
    )

    (row,) = written[0] if kind == "draft" else written
    row.refresh_from_db()
    assert told[0].moves.exists(), told
    assert row.account_id == target.pk


@pytest.mark.parametrize("kind", WRITES)
def test_an_account_that_has_gone_takes_nothing_new(kind, pair):
    source, target = pair
    merge_accounts(source=type(source).objects.get(pk=source.pk), into=target, at=app_now())

    with pytest.raises(AccountArchived):
        WRITES[kind](source)


@pytest.mark.parametrize("side", [0, 1])
def test_of_two_overrides_that_meet_while_one_is_set_one_acts(pair, side):
    source, target = pair
    WRITES["override"](pair[1 - side])

    [merge] = during(
        lambda: WRITES["override"](pair[side]),
        lambda: merge_accounts(source=source, into=target, at=app_now()),
    )

    assert HealthOverride.objects.get(retracted_at=None).account == target
    undo_merge(record=merge, at=app_now())
    standing = HealthOverride.objects.filter(retracted_at=None)
    assert {row.account for row in standing} == {source, target}


def test_an_override_taken_back_before_the_commit_stays_taken_back(pair):
    source, target = pair
    row = WRITES["override"](source)

    [merge] = during(
        lambda: end_override(override=row, by=make_user(), at=app_now()),
        lambda: merge_accounts(source=source, into=target, at=app_now()),
    )

    assert merge.pk
    assert not HealthOverride.objects.filter(retracted_at=None).exists()


def ticket_of(account):
    row = make_ticket(account=account, subject="S", resolved_at=app_now(), state="resolved")
    return row, lambda: update_ticket(ticket=row, changes={"state": "open"}, at=app_now())


def paid(account):
    row = record_invoice(account=account, amount=10, issued_on=DAY, due_on=DAY, at=app_now())
    return row, record_payment(invoice=row, paid_on=DAY, at=app_now())


def payment_of(account):
    row, payment = paid(account)
    return row, lambda: retract_payment(payment=payment, at=app_now())


def invoice_of(account):
    row, _payment = paid(account)
    return row, lambda: correct_invoice(invoice=row, changes={"amount": 50}, at=app_now())


def task_of(account):
    row = complete_task(task=make_task(account=account), by=None, at=app_now())
    return row, lambda: reopen_task(task=row, at=app_now())


SETTLED = {"ticket": ticket_of, "payment": payment_of, "invoice": invoice_of, "task": task_of}


@pytest.mark.parametrize("kind", SETTLED)
def test_what_is_opened_again_before_the_commit_moves_too(kind, pair):
    source, target = pair
    row, reopen = SETTLED[kind](source)

    told = during(reopen, lambda: merge_accounts(source=source, into=target, at=app_now()))

    row.refresh_from_db()
    assert told[0].moves.exists(), told
    assert row.account_id == target.pk


@pytest.mark.parametrize("kind", SETTLED)
def test_nothing_is_opened_again_at_an_account_that_has_gone(kind, pair):
    source, target = pair
    row, reopen = SETTLED[kind](source)
    merge_accounts(source=type(source).objects.get(pk=source.pk), into=target, at=app_now())
    before = type(row).objects.filter(pk=row.pk).values().get()

    with pytest.raises(AccountArchived):
        reopen()
    assert type(row).objects.filter(pk=row.pk).values().get() == before


def test_taking_an_import_back_opens_nothing_at_an_account_that_has_gone(pair):
    source, target = pair
    type(source).objects.filter(pk=source.pk).update(external_id="A-1")
    at, opened = app_now(), app_now() - dt.timedelta(days=5)
    ticket = make_ticket(account=source, external_id="T-1", subject="S", opened_at=opened)
    columns = ["external_id", "account_external_id", "subject", "opened_at", "resolved_at"]
    row = ["T-1", "A-1", "S", opened.isoformat(), (at - dt.timedelta(days=1)).isoformat()]
    run = take_in("tickets", columns, row, at=at)
    source.refresh_from_db()
    merge_accounts(source=source, into=target, at=at + dt.timedelta(minutes=1))

    undo = undo_here(run=run, at=at + dt.timedelta(minutes=2), by=None)

    ticket.refresh_from_db()
    assert (ticket.state, ticket.account_id) == ("resolved", source.pk)
    assert [kept.reason for kept in kept_of(undo)] == ["merged"]


def test_work_done_before_the_commit_stays_done(pair):
    source, target = pair
    playbook = make_playbook()
    task = make_task(account=source, run=make_run(account=source, playbook=playbook))
    make_run(account=target, playbook=playbook)

    told = during(
        lambda: complete_task(task=task, by=None, at=app_now()),
        lambda: merge_accounts(source=source, into=target, at=app_now()),
    )

    task.refresh_from_db()
    assert task.status == "done", told


def test_an_edit_that_comes_first_is_what_the_merge_sees(pair):
    source, target = pair

    told = during(
        lambda: update_account(account=source, changes={"short_name": "New"}, at=app_now()),
        lambda: merge_accounts(source=source, into=target, at=app_now()),
    )

    assert told[0].values["short_name"] == ["", "New"]
    target.refresh_from_db()
    assert target.short_name == "New"


def test_an_edit_that_comes_second_is_refused_for_the_account_that_goes(pair):
    source, target = pair

    told = during(
        lambda: merge_accounts(source=source, into=target, at=app_now()),
        lambda: update_account(account=source, changes={"short_name": "New"}, at=app_now()),
    )

    assert isinstance(told[0], AccountArchived)


def test_two_accounts_that_go_into_each_other_go_once(pair):
    one, other = pair
    calls = [
        lambda: merge_accounts(source=one, into=other, at=app_now()),
        lambda: merge_accounts(source=other, into=one, at=app_now()),
    ]

    assert sorted(at_once(calls, refused=AlreadyMerged)) == ["done", "refused"]
    assert type(one).objects.unarchived().count() == 1


def test_an_undo_does_not_overwrite_what_is_being_edited(pair):
    source, target = pair
    update_account(account=source, changes={"short_name": "Short"}, at=app_now())
    record = merge_accounts(source=source, into=target, at=app_now())

    told = during(
        lambda: update_account(account=target, changes={"short_name": "New"}, at=app_now()),
        lambda: undo_merge(record=record, at=app_now()),
    )

    assert isinstance(told[0], ChangedSinceMerge)
    target.refresh_from_db()
    assert target.short_name == "New"


def test_a_part_given_to_somebody_who_went_over_stands_where_they_are(pair):
    source, target = pair
    contact = make_contact(account=source)

    during(
        lambda: merge_accounts(source=source, into=target, at=app_now()),
        lambda: assign_role(contact=contact, role="champion", at=app_now()),
    )

    assert StakeholderRole.objects.get().account_id == target.pk


def test_a_talk_or_ticket_does_not_keep_somebody_whom_an_undo_takes_away(pair):
    source, target = pair
    contact = make_contact(account=source)
    record = merge_accounts(source=source, into=target, at=app_now())
    contact.refresh_from_db()
    writes = [
        lambda: record_ticket(account=target, contact=contact, subject="S", at=app_now()),
        lambda: record_touchpoint(
            accounts=[target],
            contacts=[contact],
            type="call",
            subject="S",
            occurred_at=app_now(),
            at=app_now(),
        ),
    ]
    undo_merge(record=record, at=app_now())

    for write, refusal in zip(writes, (StrangerAsks, StrangerAttends), strict=True):
        with pytest.raises(refusal):
            write()


def test_no_merge_begins_while_an_import_is_written(pair):
    source, target = pair

    told = during(wait_for_turn, lambda: merge_accounts(source=source, into=target, at=app_now()))

    assert isinstance(told[0], ImportRunning)


def test_events_under_way_to_an_account_arrive_before_it_goes(pair):
    source, target = pair
    order = []

    told = during(
        lambda: (keep_merges_off(), order.append("events")),
        lambda: (merge_accounts(source=source, into=target, at=app_now()), order.append("merge")),
    )

    assert not isinstance(told[0], Exception)
    assert order == ["events", "merge"]


def test_a_contact_comes_back_neither_after_a_merge_nor_at_an_archived_account(pair):
    account, _other = pair
    gone, stays, third = (make_contact(account=account) for _number in range(3))
    merge_contacts(source=gone, into=stays, at=app_now())
    archive_contact(contact=third, at=app_now())

    with pytest.raises(ContactMerged):
        restore_contact(contact=gone, at=app_now())
    archive_account(account=account, at=app_now())
    with pytest.raises(AccountArchived):
        restore_contact(contact=third, at=app_now())
