import datetime as dt

import pytest

from scoring.domain.wire import pack
from scoring.models import EventName, SourceDay, SourceFault, UsageDay
from scoring.services.ingest.acceptance import (
    BodyUnreadable,
    ItemsRefused,
    accept_batch,
    accept_message,
)
from scoring.services.ingest.batches import process_accepted
from tests.factories import make_account, make_organisation
from tests.scoring.ingest import NOW, TODAY, deliver, make_item, make_write_key, send

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def organisation():
    make_organisation()
    return make_account(external_id="acme")


def faults():
    rows = SourceFault.objects.order_by("code", "field")
    return [(row.day, row.code, row.field, row.is_body, row.n) for row in rows]


def test_items_that_are_refused_are_counted_by_reason_and_outermost_field():
    key = make_write_key()
    wrong = [
        make_item(userId=None),
        make_item(userId=None),
        make_item(groupId="acme", timestamp=NOW + 2 * DAY),
        make_item(groupId="acme", properties={"a": {"b": "x\0"}}),
    ]

    send(key, make_item(groupId="acme"), *wrong)

    assert faults() == [
        (TODAY, "bad_text", "/properties", False, 1),
        (TODAY, "in_the_future", "/timestamp", False, 1),
        (TODAY, "nobody", "/userId", False, 2),
    ]


def test_a_batch_of_which_nothing_can_be_taken_counts_each_time_it_is_sent():
    key = make_write_key()

    for _ in range(2):
        with pytest.raises(ItemsRefused):
            send(key, make_item(type="trak"))

    assert faults() == [(TODAY, "unknown_type", "/type", False, 2)]


def test_a_body_that_can_not_be_read_counts_as_one():
    key = make_write_key()

    with pytest.raises(BodyUnreadable):
        accept_batch(write_key=key, body=b"{", is_gzip=False, at=NOW)
    with pytest.raises(BodyUnreadable):
        accept_message(write_key=key, kind="track", body=pack(b"{}")[:-3], is_gzip=True, at=NOW)

    assert faults() == [
        (TODAY, "broken_gzip", "", True, 1),
        (TODAY, "not_json", "", True, 1),
    ]


def test_nothing_that_was_sent_is_kept_of_what_was_refused():
    key = make_write_key()
    secret = make_item(groupId="acme", properties={"secret word": {"deeper": "x\0"}})

    send(key, make_item(groupId="acme"), secret)

    assert "secret" not in str(list(SourceFault.objects.values()))


def test_a_property_to_be_summed_that_is_text_on_tuesday_is_told_and_changes_no_sum():
    key = make_write_key()
    EventName.objects.create(name="Report opened", summed_property="rows")
    deliver(key, make_item(groupId="acme", properties={"rows": 3}))

    for value in ("three", True, [1], 1e300, None, {"a": 1}):
        deliver(key, make_item(groupId="acme", properties={"rows": value}))
    deliver(key, make_item(groupId="acme", properties={}))

    row = UsageDay.objects.get()
    assert (row.n, row.total) == (8, 3)
    assert faults() == [(TODAY, "not_summed", "/properties/rows", False, 5)]


def test_of_what_arrives_a_source_says_what_was_known_already_late_or_of_unknown_accounts():
    key, again = make_write_key(), make_item(groupId="acme")
    alias = make_item(type="alias", event=None, previousId="old", userId="new")

    deliver(
        key,
        again,
        alias,
        make_item(groupId="acme", timestamp=NOW - 2 * DAY),
        make_item(groupId="nobody"),
    )
    send(key, again)
    send(key, again, make_item(groupId="acme"))
    process_accepted(at=NOW)

    row = SourceDay.objects.get()
    assert (row.items, row.repeated, row.late, row.unknown) == (7, 2, 1, 1)
