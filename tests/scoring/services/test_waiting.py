import pytest

from accounts.models import Account, Contact, ExternalRef
from accounts.services.accounts import AccountArchived
from accounts.services.conflicts import ExternalIdTaken
from scoring.choices import WaitingFor
from scoring.models import EventQuarantine, WaitingKey
from scoring.services.ingest.quarantine import release_quarantine
from scoring.services.waiting import (
    NoLongerWaiting,
    NotAnAccount,
    give_to_account,
    make_account_of,
)
from tests.factories import make_account, make_contact, make_organisation, make_team, make_user
from tests.scoring.ingest import (
    NOW,
    TODAY,
    counts_by_day,
    deliver,
    make_item,
    make_waiting_key,
    make_write_key,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    make_organisation()
    return make_user(role="manager")


def test_an_id_given_to_an_account_leads_to_it_from_then_on_and_what_waited_counts(manager):
    key, account = make_write_key(), make_account(external_id="acme")
    deliver(key, make_item(groupId="acme-corp"), make_item(groupId="acme-corp"))

    give_to_account(waiting=WaitingKey.objects.get(), account=account, by=manager, at=NOW)
    release_quarantine(at=NOW)
    deliver(key, make_item(groupId="acme-corp"))

    assert counts_by_day() == {(account.pk, TODAY, "Report opened"): 3}
    assert not WaitingKey.objects.exists()


def test_a_person_given_to_an_account_is_seen_there(manager):
    account = make_account()
    deliver(make_write_key(), make_item(userId="u-9"))
    waiting = WaitingKey.objects.get(kind=WaitingFor.USER)

    give_to_account(waiting=waiting, account=account, by=manager, at=NOW)
    release_quarantine(at=NOW)

    person = Contact.objects.get(external_id="u-9")
    assert (person.account, person.is_ghost) == (account, True)
    assert counts_by_day() == {(account.pk, TODAY, "Report opened"): 1}


def test_an_account_made_of_an_id_carries_it_and_is_expected_to_be_used(manager):
    deliver(make_write_key(), make_item(groupId="acme"))

    made = make_account_of(
        waiting=WaitingKey.objects.get(), name="Acme", team=make_team(), by=manager, at=NOW
    )
    release_quarantine(at=NOW)

    assert (made.external_id, made.tracked) == ("acme", True)
    assert counts_by_day() == {(made.pk, TODAY, "Report opened"): 1}


def test_an_id_of_another_account_is_not_given_away(manager):
    waiting = make_waiting_key("acme")
    other = make_account()
    ExternalRef.objects.create(kind="account", object_id=other.pk, source="usage", value="acme")

    with pytest.raises(ExternalIdTaken):
        give_to_account(waiting=waiting, account=make_account(), by=manager, at=NOW)

    assert ExternalRef.objects.get().object_id == other.pk


def test_a_person_known_at_another_account_is_not_given_away(manager):
    deliver(make_write_key(), make_item(userId="u-9"))
    elsewhere = make_contact(account=make_account(), external_id="u-9").account

    with pytest.raises(ExternalIdTaken):
        give_to_account(
            waiting=WaitingKey.objects.get(), account=make_account(), by=manager, at=NOW
        )

    assert Contact.objects.get(external_id="u-9").account == elsewhere


def test_an_archived_account_takes_no_ids(manager):
    with pytest.raises(AccountArchived):
        give_to_account(
            waiting=make_waiting_key(), account=make_account(archived_at=NOW), by=manager, at=NOW
        )

    assert not ExternalRef.objects.exists()


def test_an_account_made_meanwhile_is_not_made_twice(manager):
    waiting = make_waiting_key("acme")
    make_account(external_id="acme")

    with pytest.raises(ExternalIdTaken):
        make_account_of(waiting=waiting, name="Acme", team=make_team(), by=manager, at=NOW)

    assert Account.objects.filter(external_id="acme").count() == 1


def test_nothing_is_done_for_what_waits_no_longer(manager):
    waiting = make_waiting_key()
    EventQuarantine.objects.all().delete()

    with pytest.raises(NoLongerWaiting):
        give_to_account(waiting=waiting, account=make_account(), by=manager, at=NOW)


def test_a_person_is_no_account(manager):
    deliver(make_write_key(), make_item(userId="u-9"))

    with pytest.raises(NotAnAccount):
        make_account_of(
            waiting=WaitingKey.objects.get(), name="X", team=make_team(), by=manager, at=NOW
        )
