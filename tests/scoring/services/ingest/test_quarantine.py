import datetime as dt

import pytest

from accounts.models import Contact, DirtyAccount, ExternalRef
from scoring.models import Event, EventQuarantine, Source, UsageDay, UserMonth, WaitingKey
from scoring.services.ingest.quarantine import release_quarantine
from tests.factories import make_account, make_contact, make_organisation
from tests.scoring.ingest import (
    NOW,
    TODAY,
    active_days,
    counts_by_day,
    deliver,
    make_item,
    make_write_key,
)

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def organisation():
    return make_organisation()


def test_events_count_once_their_account_is_known():
    deliver(make_write_key(), make_item(groupId="acme", properties={"rows": 3}))
    account = make_account(external_id="acme")

    assert release_quarantine(at=NOW + DAY) == 1
    assert release_quarantine(at=NOW + DAY) == 0

    assert counts_by_day() == {(account.pk, TODAY, "Report opened"): 1}
    assert Event.objects.get().properties == {"rows": 3}
    assert not EventQuarantine.objects.exists()
    assert DirtyAccount.objects.get().account == account


def test_they_are_known_from_the_day_of_their_release():
    deliver(make_write_key(), make_item(groupId="acme"))
    account = make_account(external_id="acme")

    release_quarantine(at=NOW + 3 * DAY)

    assert UsageDay.objects.get().known_on == TODAY + 3 * DAY
    assert UserMonth.objects.get().known_on == TODAY + 3 * DAY
    assert active_days() == {(account.pk, "u-1"): {TODAY}}


def test_events_without_a_group_wait_for_their_person():
    deliver(make_write_key(), make_item(userId="u-9"), make_item(userId="u-8"))
    contact = make_contact(account=make_account(), external_id="u-9")

    release_quarantine(at=NOW)

    assert Event.objects.get().account == contact.account
    assert EventQuarantine.objects.get().user_key == "u-8"


def test_a_group_call_set_aside_introduces_its_user_later():
    key = make_write_key()
    deliver(key, make_item(type="group", event=None, groupId="acme"), make_item())
    account = make_account(external_id="acme")

    assert release_quarantine(at=NOW) == 2

    assert Contact.objects.get(external_id="u-1").account == account
    assert counts_by_day() == {(account.pk, TODAY, "Report opened"): 1}


def test_what_was_imported_stays_no_sign_of_life():
    deliver(make_write_key(), make_item(groupId="acme"), is_import=True)
    make_account(external_id="acme")

    release_quarantine(at=NOW)

    assert Event.objects.count() == 1
    assert not Source.objects.exists()


def test_a_message_in_quarantine_is_not_stored_again_when_it_is_sent_again():
    key, item = make_write_key(), make_item(groupId="acme")
    deliver(key, item)
    deliver(key, item)
    make_account(external_id="acme")
    deliver(key, item)

    assert release_quarantine(at=NOW) == 1
    assert Event.objects.count() == 1


def waiting():
    rows = WaitingKey.objects.order_by("kind", "key")
    return [(row.kind, row.key, row.events) for row in rows]


def test_what_waits_is_counted_by_the_id_nobody_knows():
    key, other = make_write_key(), make_write_key()
    deliver(key, make_item(groupId="acme"), make_item(groupId="acme"), make_item(userId="u-9"))

    deliver(other, make_item(groupId="acme"), at=NOW + DAY)

    assert waiting() == [("group", "acme", 3), ("user", "u-9", 1)]
    row = WaitingKey.objects.get(key="acme")
    assert (row.first_at, row.last_at, row.write_key) == (NOW, NOW + DAY, other)


def test_what_is_released_or_forgotten_waits_no_longer():
    deliver(make_write_key(), make_item(groupId="acme"), make_item(userId="u-9"))
    make_account(external_id="acme")

    release_quarantine(at=NOW)
    assert waiting() == [("user", "u-9", 1)]
    EventQuarantine.objects.all().delete()
    assert waiting() == []


@pytest.mark.parametrize("source", ["usage", "external_id"])
def test_another_id_of_an_account_leads_to_it(source):
    key, account = make_write_key(creates_accounts=False), make_account(external_id="acme")
    deliver(key, make_item(groupId="acme-corp"))
    ExternalRef.objects.create(
        kind="account", object_id=account.pk, source=source, value="acme-corp"
    )

    assert release_quarantine(at=NOW) == 1
    deliver(key, make_item(groupId="acme-corp"))

    assert counts_by_day() == {(account.pk, TODAY, "Report opened"): 2}
    assert not EventQuarantine.objects.exists()


def test_an_id_another_program_uses_for_an_account_is_no_group():
    account = make_account(external_id="acme")
    ExternalRef.objects.create(
        kind="account", object_id=account.pk, source="salesforce", value="001"
    )

    deliver(make_write_key(), make_item(groupId="001"))

    assert waiting() == [("group", "001", 1)]


def test_the_release_reads_only_what_was_found():
    deliver(make_write_key(), *[make_item(groupId=f"g{n}") for n in range(40)])
    account = make_account(external_id="g7")

    assert release_quarantine(at=NOW) == 1
    assert Event.objects.get().account == account
    assert WaitingKey.objects.count() == 39
