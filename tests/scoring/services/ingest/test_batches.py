import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Contact, DirtyAccount
from scoring.models import (
    Event,
    EventName,
    EventQuarantine,
    EventSeen,
    IngestBatch,
    Source,
    SourceDay,
    UsageDay,
    UsageUser,
)
from scoring.services.ingest.batches import process_accepted, replay_dead_batches
from scoring.services.ingest.known_days import close_known_day
from scoring.services.ingest.resolution import link_people
from tests.factories import make_account, make_contact, make_organisation
from tests.scoring.ingest import (
    NOW,
    TODAY,
    active_days,
    counts_by_day,
    deliver,
    make_item,
    make_write_key,
    send,
)

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def organisation():
    return make_organisation()


def test_an_event_is_stored_counted_and_marks_its_account():
    key, account = make_write_key(), make_account(external_id="acme")

    deliver(key, make_item(groupId="acme", properties={"rows": 3}))

    event = Event.objects.get()
    assert (event.account_id, event.properties) == (account.pk, {"rows": 3})
    assert counts_by_day() == {(account.pk, TODAY, "Report opened"): 1}
    assert active_days() == {(account.pk, "u-1"): {TODAY}}
    assert DirtyAccount.objects.get().reason == "usage"


def test_a_batch_that_is_done_keeps_no_body():
    key = make_write_key()
    make_account(external_id="acme")

    deliver(key, make_item(groupId="acme"))

    batch = IngestBatch.objects.get()
    assert batch.done_at == NOW
    assert batch.body is None


def test_a_message_delivered_again_counts_once():
    key, account = make_write_key(), make_account(external_id="acme")
    item = make_item(groupId="acme")

    deliver(key, item)
    deliver(key, item, at=NOW + dt.timedelta(minutes=5))
    send(key, item)
    send(key, item)
    process_accepted(at=NOW)

    assert counts_by_day() == {(account.pk, TODAY, "Report opened"): 1}
    assert Event.objects.count() == EventSeen.objects.count() == 1


def test_two_write_keys_may_use_the_same_message_id():
    make_account(external_id="acme")
    item = make_item(groupId="acme")

    deliver(make_write_key(), item)
    deliver(make_write_key(), item)

    assert Event.objects.count() == 2


def test_messages_without_an_id_are_all_counted():
    key = make_write_key()
    make_account(external_id="acme")

    deliver(key, *[make_item(groupId="acme", messageId=None)] * 3)

    assert Event.objects.count() == 3


def test_the_account_is_found_in_every_place_a_sender_may_name_it():
    key, account = make_write_key(), make_account(external_id="7")

    deliver(
        key,
        make_item(groupId="7"),
        make_item(groupId=7),
        make_item(context={"groupId": "7"}),
        make_item(type="identify", event=None, traits={"company": {"id": "7"}}),
    )

    assert counts_by_day() == {(account.pk, TODAY, "Report opened"): 3}
    assert not EventQuarantine.objects.exists()


def test_an_event_without_a_group_belongs_to_the_account_of_its_contact():
    key, account = make_write_key(), make_account()
    contact = make_contact(account=account, external_id="u-9")

    deliver(key, make_item(userId="u-9"))

    assert counts_by_day() == {(account.pk, TODAY, "Report opened"): 1}
    assert UsageUser.objects.get().contact == contact


def test_an_unknown_user_of_a_known_account_becomes_a_contact_only_seen():
    key, account = make_write_key(), make_account(external_id="acme")

    deliver(key, make_item(userId="u-9", groupId="acme"), make_item(userId="u-9"))

    contact = Contact.objects.get(external_id="u-9")
    assert (contact.account, contact.is_ghost) == (account, True)
    assert UsageUser.objects.get().contact == contact
    assert counts_by_day() == {(account.pk, TODAY, "Report opened"): 2}


def test_a_person_at_two_accounts_counts_at_each():
    key = make_write_key()
    one, two = make_account(external_id="one"), make_account(external_id="two")

    deliver(key, make_item(groupId="one"), make_item(groupId="two"))

    assert set(active_days()) == {(one.pk, "u-1"), (two.pk, "u-1")}
    assert Contact.objects.filter(external_id="u-1").count() == 1


def test_a_user_is_linked_to_a_contact_introduced_later():
    account = make_account(external_id="acme")
    deliver(make_write_key(), make_item(groupId="acme"))
    Contact.objects.update(external_id="renamed")
    UsageUser.objects.update(contact=None)
    contact = make_contact(account=account, external_id="u-1")

    assert link_people() == 1
    assert link_people() == 0
    assert UsageUser.objects.get().contact == contact


def test_events_of_an_unknown_account_are_set_aside():
    deliver(make_write_key(), make_item(groupId="nobody"))

    assert EventQuarantine.objects.get().group_key == "nobody"
    assert not Event.objects.exists()


def test_events_of_a_merged_account_go_to_the_one_that_stayed():
    stayed = make_account()
    make_account(external_id="old", merged_into=stayed)

    deliver(make_write_key(), make_item(groupId="old"))

    assert Event.objects.get().account == stayed


def test_events_of_a_merged_person_go_to_the_one_who_stayed():
    stayed = make_account()
    person = make_contact(account=stayed)
    gone = make_account(merged_into=stayed)
    make_contact(account=gone, external_id="u-old", merged_into=person)

    deliver(make_write_key(), make_item(userId="u-old", groupId=None))

    assert Event.objects.get().account == stayed
    assert UsageUser.objects.get().contact == person


def test_page_and_screen_views_are_one_series_each():
    key, account = make_write_key(), make_account(external_id="acme")

    deliver(
        key,
        make_item(type="page", event=None, name="Home", groupId="acme"),
        make_item(type="page", event=None, name="Prices", groupId="acme"),
        make_item(type="screen", event=None, name="Home", groupId="acme"),
    )

    assert counts_by_day() == {(account.pk, TODAY, "page"): 2, (account.pk, TODAY, "screen"): 1}
    assert {event.properties["name"] for event in Event.objects.all()} == {"Home", "Prices"}


def test_days_are_those_of_the_organisation():
    key, account = make_write_key(), make_account(external_id="acme")
    just_after_midnight_in_tokyo = dt.datetime(2026, 11, 17, 15, 1, tzinfo=dt.UTC)

    deliver(key, make_item(groupId="acme", timestamp=just_after_midnight_in_tokyo))

    assert list(counts_by_day()) == [(account.pk, TODAY, "Report opened")]


def test_a_late_event_adds_a_row_and_changes_none():
    key, account = make_write_key(), make_account(external_id="acme")
    deliver(key, make_item(groupId="acme", timestamp=NOW - DAY), at=NOW - DAY)
    before = UsageDay.objects.values_list("known_on", "n").get()

    deliver(key, make_item(groupId="acme", userId="u-2", timestamp=NOW - DAY), at=NOW)

    yesterday = TODAY - DAY
    assert before == (yesterday, 1)
    assert counts_by_day(known_on__lte=yesterday) == {(account.pk, yesterday, "Report opened"): 1}
    assert counts_by_day() == {(account.pk, yesterday, "Report opened"): 2}
    assert set(active_days(known_on__lte=yesterday)) == {(account.pk, "u-1")}
    assert active_days(known_on=TODAY) == {(account.pk, "u-2"): {yesterday}}


def test_what_is_processed_after_its_day_was_closed_is_known_on_the_next():
    key = make_write_key()
    make_account(external_id="acme")
    send(key, make_item(groupId="acme"))
    close_known_day(day=TODAY, at=NOW + DAY)

    process_accepted(at=NOW + DAY)

    assert UsageDay.objects.get().known_on == TODAY + DAY


def test_a_property_is_summed_while_it_is_a_number():
    key = make_write_key()
    make_account(external_id="acme")
    EventName.objects.create(name="Report opened", summed_property="rows")
    values = [3, "three", None, True, {"a": 1}, 1.5, 1e300, "4"]

    deliver(key, *[make_item(groupId="acme", properties={"rows": value}) for value in values])
    deliver(key, make_item(groupId="acme", properties={"rows": "text on Tuesday"}))

    row = UsageDay.objects.get()
    assert (row.n, float(row.total)) == (9, 4.5)


def test_names_beyond_the_limit_count_together(settings):
    settings.INGEST_MAX_EVENT_NAMES = 2
    key, account = make_write_key(), make_account(external_id="acme")

    deliver(key, *[make_item(groupId="acme", event=f"Item {n} viewed") for n in range(5)])
    deliver(key, make_item(groupId="acme", event="Item 7 viewed", properties={"rows": 1}))

    assert counts_by_day() == {
        (account.pk, TODAY, "Item 0 viewed"): 1,
        (account.pk, TODAY, "Item 1 viewed"): 1,
        (account.pk, TODAY, "(other)"): 4,
    }
    assert Event.objects.filter(properties={"rows": 1, "event": "Item 7 viewed"}).exists()


def test_users_of_one_event_are_counted_where_asked_for():
    key, account = make_write_key(), make_account(external_id="acme")
    flagged = EventName.objects.create(name="Export made", counts_users=True)

    deliver(
        key,
        make_item(groupId="acme", event="Export made"),
        make_item(groupId="acme", event="Report opened"),
    )

    assert list(
        account.usage_users.first()
        .usermonth_set.order_by("series_id")
        .values_list("series_id", flat=True)
    ) == [0, flagged.pk]


def test_arrival_is_noted_for_the_key_and_for_the_account():
    key, account = make_write_key(), make_account(external_id="acme")

    deliver(key, make_item(groupId="acme"))
    deliver(key, make_item(groupId="nobody"), at=NOW + dt.timedelta(hours=1))

    assert Source.objects.get(account=account, write_key=key).last_event_at == NOW
    day = SourceDay.objects.get()
    assert (day.day, day.items, day.last_arrival_at) == (TODAY, 2, NOW + dt.timedelta(hours=1))


def test_an_import_is_no_sign_of_life():
    key = make_write_key()
    make_account(external_id="acme")

    deliver(key, make_item(groupId="acme", timestamp=NOW - 400 * DAY), is_import=True)

    assert Event.objects.count() == 1
    assert not Source.objects.exists()
    assert not SourceDay.objects.exists()


def test_an_import_of_the_distant_past_has_its_own_partition():
    key = make_write_key()
    make_account(external_id="acme")

    deliver(
        key,
        make_item(groupId="acme", timestamp=dt.datetime(2019, 2, 3, tzinfo=dt.UTC)),
        is_import=True,
    )

    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM scoring_usageday")
        assert cursor.fetchall() == [("scoring_usageday_p201902",)]
    assert EventSeen.objects.get().seen_on is None


def test_the_number_of_statements_does_not_grow_with_the_batch():
    key = make_write_key(creates_accounts=False)
    make_account(external_id="acme")
    deliver(key, make_item(groupId="acme"))

    def statements(count: int) -> int:
        items = [
            make_item(groupId=f"g{n % 3}" if n % 2 else "acme", userId=f"user-{count}-{n}")
            for n in range(count)
        ]
        send(key, *items)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            process_accepted(at=NOW)
        return len(queries)

    assert statements(1) == statements(70)


def test_several_batches_are_one_round():
    key = make_write_key()
    make_account(external_id="acme")
    deliver(key, make_item(groupId="acme"))
    for _ in range(7):
        send(key, make_item(groupId="acme"))

    with CaptureQueriesContext(connection) as seven:
        assert process_accepted(at=NOW) == 7
    send(key, make_item(groupId="acme"))
    with CaptureQueriesContext(connection) as one:
        assert process_accepted(at=NOW) == 1

    assert len(seven) == len(one)


def test_one_bad_batch_keeps_no_other_from_being_done():
    key = make_write_key()
    make_account(external_id="acme")
    send(key, make_item(groupId="acme"))
    bad = IngestBatch.objects.create(
        write_key=key, received_at=NOW, due_at=NOW, items=1, body=b"no gzip"
    )
    send(key, make_item(groupId="acme"))

    assert process_accepted(at=NOW) == 2

    bad.refresh_from_db()
    assert (bad.attempts, bad.done_at) == (1, None)
    assert bad.due_at > NOW
    assert "BodyRefused" in bad.last_error


def test_a_bad_batch_is_given_up_after_five_attempts_and_can_be_replayed():
    bad = IngestBatch.objects.create(
        write_key=make_write_key(), received_at=NOW, due_at=NOW, items=1, body=b"no gzip"
    )

    for day in range(6):
        process_accepted(at=NOW + day * DAY)

    bad.refresh_from_db()
    assert (bad.attempts, bad.dead_at) == (5, NOW + 4 * DAY)
    assert replay_dead_batches(ids=[bad.pk], at=NOW) == 1
