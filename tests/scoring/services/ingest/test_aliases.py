import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Contact
from scoring.models import UsageUser, UserAlias
from scoring.services.ingest.batches import process_accepted
from tests.factories import make_account, make_contact, make_organisation
from tests.scoring.ingest import NOW, active_days, deliver, make_item, make_write_key, send

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def acme():
    make_organisation()
    return make_account(external_id="acme")


def alias(previous, user, **fields):
    return make_item(type="alias", event=None, previousId=previous, userId=user, **fields)


def test_from_an_alias_on_events_of_the_old_name_are_those_of_the_new(acme):
    key = make_write_key()

    deliver(key, alias("old", "new"), make_item(userId="old", groupId="acme"))

    assert set(active_days()) == {(acme.pk, "new")}


def test_what_was_counted_before_stays_as_it_was_known(acme):
    key = make_write_key()
    deliver(key, make_item(userId="old", groupId="acme"))

    deliver(key, alias("old", "new"), make_item(userId="old", groupId="acme"))

    assert set(active_days()) == {(acme.pk, "old"), (acme.pk, "new")}
    assert UsageUser.objects.get(user_key="old").alias_of.user_key == "new"


def test_a_contact_only_seen_takes_the_new_name():
    key = make_write_key()
    deliver(key, make_item(userId="old", groupId="acme"))

    deliver(key, alias("old", "new"))

    assert Contact.objects.get().external_id == "new"


def test_a_contact_only_seen_goes_where_its_person_is_known(acme):
    key, person = make_write_key(), make_contact(account=acme, external_id="new")
    deliver(key, make_item(userId="old", groupId="acme"))

    deliver(key, alias("old", "new"))

    ghost = Contact.objects.get(external_id="old")
    assert ghost.merged_into == person
    assert ghost.archived_at is not None
    assert UsageUser.objects.get(user_key="new").contact == person


def test_a_person_of_the_old_name_whom_somebody_introduced_is_left_alone(acme):
    key, person = make_write_key(), make_contact(account=acme, external_id="old")

    deliver(key, alias("old", "new"))

    person.refresh_from_db()
    assert (person.external_id, person.archived_at) == ("old", None)


def test_older_news_than_known_is_none():
    key = make_write_key()
    deliver(key, alias("a", "c", timestamp=NOW))

    deliver(key, alias("a", "b", timestamp=NOW - HOUR))

    assert UserAlias.objects.get(previous_key="a").user_key == "c"


def test_chains_are_kept_short():
    key = make_write_key()
    deliver(key, alias("a", "b", timestamp=NOW - HOUR))

    deliver(key, alias("b", "c"))

    assert dict(UserAlias.objects.values_list("previous_key", "user_key")) == {"a": "c", "b": "c"}


def test_many_aliases_take_as_many_statements_as_one():
    key = make_write_key()

    def statements(count):
        send(key, *[alias(f"{count}-{n}", f"user-{count}-{n}") for n in range(count)])
        with CaptureQueriesContext(connection) as queries:
            process_accepted(at=NOW)
        return len(queries)

    assert statements(1) == statements(30)
