import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.choices import BodyFault, ItemFault
from scoring.domain.batches import read_batch
from scoring.domain.messages import (
    ItemRefused,
    Receipt,
    _is_innocent,
    _search,
    read_message,
)
from scoring.domain.wire import BodyRefused, NotANumber

NOW = dt.datetime(2026, 11, 18, 6, 0, tzinfo=dt.UTC)
RECEIPT = Receipt(NOW)
PROPERTIES = "too_many_properties"
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
NAMES = ["type", "userId", "groupId", "event", "timestamp", "sentAt", "messageId", "properties"]


def track(**fields):
    return {"type": "track", "event": "Login", "userId": "u", "messageId": "m", **fields}


def fault(item, receipt=RECEIPT):
    with pytest.raises(ItemRefused) as refused:
        read_message(item, receipt)
    return refused.value.field, refused.value.code


def code_of(read, *args, **kwargs):
    try:
        read(*args, **kwargs)
    except (ItemRefused, BodyRefused) as refusal:
        return refusal.code
    return None


@given(json_values | st.dictionaries(st.sampled_from(NAMES), json_values))
def test_any_json_is_a_message_or_refused_with_a_known_reason(item):
    assert code_of(read_message, item, RECEIPT) in {None, *ItemFault.values}


@given(st.dictionaries(st.sampled_from(["batch", "sentAt"]), json_values))
def test_any_object_is_a_batch_or_refused_with_a_known_reason(document):
    code = code_of(read_batch, document, received_at=NOW, is_import=False)

    assert code in {None, *BodyFault.values}


@given(st.lists(json_values, min_size=1))
def test_every_item_is_either_taken_or_refused(items):
    reading = read_batch({"batch": items}, received_at=NOW, is_import=False)

    places = [index for index, _ in reading.taken] + [item.index for item in reading.refused]
    assert sorted(places) == list(range(len(items)))


@pytest.mark.parametrize(
    ("item", "field", "code"),
    [
        ("text", "", "not_an_object"),
        (track(type="trak"), "/type", "unknown_type"),
        (track(type=["track"]), "/type", "unknown_type"),
        (track(userId=None), "/userId", "nobody"),
        (track(userId=""), "/userId", "nobody"),
        (track(userId=None, anonymousId="a"), "/userId", "only_anonymous"),
        (track(userId=True), "/userId", "not_an_id"),
        (track(userId=1.5), "/userId", "not_an_id"),
        (track(userId={"id": 1}), "/userId", "not_an_id"),
        (track(userId="u" * 129), "/userId", "too_long"),
        (track(groupId=[]), "/groupId", "not_an_id"),
        (track(context={"groupId": 1.5}), "/context/groupId", "not_an_id"),
        (track(event=None), "/event", "no_event_name"),
        (track(event=7), "/event", "no_event_name"),
        (track(event=" "), "/event", "no_event_name"),
        (track(event="e" * 201), "/event", "too_long"),
        (track(properties=[1]), "/properties", "not_an_object"),
        (track(context="ctx"), "/context", "not_an_object"),
        (track(messageId=1.5), "/messageId", "not_an_id"),
        (track(timestamp="yesterday"), "/timestamp", "not_an_instant"),
        (track(timestamp=1763445600), "/timestamp", "not_an_instant"),
        (track(timestamp="0001-01-01T00:00:00+14:00"), "/timestamp", "not_an_instant"),
        (track(sentAt="soon", timestamp=NOW.isoformat()), "/sentAt", "not_an_instant"),
        (track(properties={"a": "x\0y"}), "/properties/a", "bad_text"),
        (track(properties={"a\0": 1}), "/properties", "bad_text"),
        (track(userId="\ud800"), "/userId", "bad_text"),
        (track(properties={"a": [1, NotANumber()]}), "/properties/a/1", "not_a_number"),
        (track(properties={"a/b": float("inf")}), "/properties/a~1b", "not_a_number"),
        (track(properties={"a": "x" * 40_000}), "", "item_too_large"),
        (track(properties=dict.fromkeys(map(str, range(251)))), "/properties", PROPERTIES),
        (track(properties={"a": [dict.fromkeys("ab")] * 126}), "/properties", PROPERTIES),
        (track(context=dict.fromkeys(map(str, range(251)))), "/context", PROPERTIES),
        ({"type": "group", "userId": "u"}, "/groupId", "no_group"),
        ({"type": "alias", "userId": "u"}, "/previousId", "no_previous"),
        ({"type": "alias", "previousId": "v", "groupId": "g"}, "/userId", "nobody"),
    ],
)
def test_each_fault_names_its_field(item, field, code):
    assert fault(item) == (field, code)


def test_what_is_nested_too_deeply_is_refused():
    properties: dict[str, object] = {}
    inner = properties
    for _ in range(12):
        inner["a"] = inner = {}

    assert fault(track(properties=properties))[1] == "too_deep"


def test_so_many_properties_are_taken_whatever_colons_their_texts_hold():
    properties = {str(number): "a:b:c" for number in range(250)}

    assert read_message(track(properties=properties), RECEIPT).properties == properties


def test_ids_may_be_whole_numbers():
    message = read_message(track(userId=7, groupId=8, messageId=9), RECEIPT)

    assert (message.user_key, message.group_key, message.message_id) == ("7", "8", "9")


def test_the_clock_of_the_sender_is_set_right_by_the_moment_of_sending():
    wrong = NOW - 3 * HOUR
    item = track(timestamp=(wrong - HOUR).isoformat(), sentAt=wrong.isoformat())

    assert read_message(item, RECEIPT).occurred_at == NOW - HOUR
    of_batch = track(timestamp=(wrong - HOUR).isoformat())
    assert read_message(of_batch, Receipt(NOW, sent_at=wrong)).occurred_at == NOW - HOUR


def test_an_import_keeps_its_times():
    item = track(timestamp="2020-04-01T09:00:00+09:00", sentAt="2026-01-01T00:00:00Z")

    message = read_message(item, Receipt(NOW, is_import=True))

    assert message.occurred_at == dt.datetime(2020, 4, 1, tzinfo=dt.UTC)


def test_without_a_timestamp_an_event_happens_when_it_arrives():
    assert read_message(track(), RECEIPT).occurred_at == NOW


def test_a_time_without_a_zone_is_utc():
    message = read_message(track(timestamp="2026-11-18T05:00:00"), RECEIPT)

    assert message.occurred_at == NOW - HOUR


def test_live_events_are_thirty_days_old_at_most_and_an_hour_ahead_at_most():
    second = dt.timedelta(seconds=1)

    assert read_message(track(timestamp=(NOW - 30 * DAY).isoformat()), RECEIPT)
    assert read_message(track(timestamp=(NOW + HOUR).isoformat()), RECEIPT)
    old, ahead = NOW - 30 * DAY - second, NOW + HOUR + second
    assert fault(track(timestamp=old.isoformat())) == ("/timestamp", "too_old")
    assert fault(track(timestamp=ahead.isoformat())) == ("/timestamp", "in_the_future")


def test_an_import_takes_any_age_but_not_the_future():
    receipt = Receipt(NOW, is_import=True)

    assert read_message(track(timestamp="1995-01-01T00:00:00Z"), receipt)
    assert fault(track(timestamp="1970-01-01T00:00:00Z"), receipt)[1] == "too_old"
    assert fault(track(timestamp="2027-01-01T00:00:00Z"), receipt)[1] == "in_the_future"


def test_a_message_id_counts_once_in_a_batch():
    document = {"batch": [track(), track(event="Logout"), track(messageId="n")]}

    reading = read_batch(document, received_at=NOW, is_import=False)

    assert [index for index, _ in reading.taken] == [0, 2]
    assert [(refusal.index, refusal.code) for refusal in reading.refused] == [(1, "duplicate")]


def test_identity_depends_on_the_write_key_and_the_id_alone():
    message = read_message(track(), RECEIPT)
    later = read_message(track(event="Other"), Receipt(NOW + HOUR))

    same = message.identity(write_key=1, batch=1, index=0)
    assert later.identity(write_key=1, batch=9, index=5) == same
    assert message.identity(write_key=2, batch=1, index=0) != same


@given(st.dictionaries(st.text(), json_values))
def test_the_quick_look_never_lets_pass_what_the_search_would_find(item):
    assert not _is_innocent(item) or code_of(_search, item) is None


def test_a_backslash_is_no_nul():
    assert read_message(track(properties={"path": "C:\\u0000"}), RECEIPT)
