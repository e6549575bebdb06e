"""What events mean: changed with a history, counted back, and read anew by every score."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import DirtyAccount
from scoring.models import EventName, UserMonth
from scoring.services.event_names import give_meaning
from tests.factories import make_account, make_organisation, make_user
from tests.scoring.ingest import NOW, active_days, deliver, make_item, make_write_key
from tests.threads import during

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def organisation():
    return make_organisation()


@pytest.fixture
def report():
    """Two people opened a report yesterday, one of them today as well."""
    make_account(external_id="acme")
    key = make_write_key()
    for user, when in (("u-1", NOW - DAY), ("u-2", NOW - DAY), ("u-1", NOW)):
        deliver(key, make_item(groupId="acme", userId=user, event="Report", timestamp=when))
    DirtyAccount.objects.all().delete()
    return EventName.objects.get(name="Report")


def test_a_name_knows_the_last_day_it_was_seen(report):
    assert report.last_on == NOW.date()


def test_an_older_event_that_comes_late_changes_no_last_day(report):
    deliver(make_write_key(), make_item(groupId="acme", event="Report", timestamp=NOW - 5 * DAY))
    report.refresh_from_db()
    assert report.last_on == NOW.date()


def test_people_are_counted_back_to_the_oldest_event(report):
    assert not UserMonth.objects.filter(series_id=report.pk).exists()

    give_meaning(event=report, changes={"counts_users": True}, by=None, at=NOW)

    days = active_days(series=report.pk)
    assert sorted((user, len(found)) for (_, user), found in days.items()) == [
        ("u-1", 2),
        ("u-2", 1),
    ]


def test_counting_twice_counts_nobody_twice(report):
    for counted in (True, False, True):
        give_meaning(event=report, changes={"counts_users": counted}, by=None, at=NOW)
    deliver(make_write_key(), make_item(groupId="acme", event="Report", timestamp=NOW))

    days = active_days(series=report.pk)
    assert {user: len(found) for (_, user), found in days.items()} == {"u-1": 2, "u-2": 1}


def test_every_customer_is_read_anew_and_only_if_something_changed(report):
    give_meaning(event=report, changes={"is_key_feature": False}, by=None, at=NOW)
    assert not DirtyAccount.objects.exists()

    give_meaning(event=report, changes={"is_key_feature": True}, by=None, at=NOW)
    assert DirtyAccount.objects.count() == 1


def test_a_meaning_that_does_not_exist_names_its_field_and_changes_nothing(report):
    with pytest.raises(ValidationError) as refusal:
        give_meaning(event=report, changes={"meaning": "dance"}, by=None, at=NOW)

    assert set(refusal.value.message_dict) == {"meaning"}
    report.refresh_from_db()
    assert report.meaning == ""


def test_who_changed_it_from_what_is_kept(report):
    person = make_user(role="manager")
    give_meaning(event=report, changes={"meaning": "record"}, by=person, at=NOW)

    change = report.events.order_by("pgh_id").last()
    assert (change.meaning, change.pgh_context.metadata["user"]) == ("record", person.pk)


@pytest.mark.django_db(transaction=True)
def test_scores_are_computed_while_an_event_gets_its_meaning():
    """A run holds the accounts that are marked afterwards: locked tables would be a deadlock."""
    make_organisation()
    event = EventName.objects.create(name="Report")

    def compute():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        return list(EventName.objects.values_list("name", flat=True))

    told = during(
        lambda: give_meaning(event=event, changes={"counts_users": True}, by=None, at=NOW), compute
    )

    assert told == [["Report"]]
