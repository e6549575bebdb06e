"""Metrics as data: made, counted from the events there are, refused by name, kept while used."""

import datetime as dt

import pytest

from accounts.models import AttributeDefinition, Segment
from accounts.services.accounts import set_attributes
from accounts.services.segments import save_segment
from scoring.models import CustomMetric, EventName, EventSeries, MetricDefinition, ValueMonth
from scoring.selectors.custom_metrics import all_metrics
from scoring.services.custom_metrics import (
    InvalidMetric,
    MetricInUse,
    MetricKeyTaken,
    archive_metric,
    change_metric,
    create_metric,
)
from tests.factories import make_account, make_organisation, make_team
from tests.scoring.factories import (
    DAY,
    LONG_KNOWN,
    NOON,
    ONE_DAY,
    age_of,
    last_days,
    make_event_name,
    make_measurement,
    make_metric,
    make_scorecard,
    make_scored_account,
    make_tracked_account,
    make_usage,
    noon,
    read,
)
from tests.scoring.ingest import NOW, TODAY, deliver, make_item, make_write_key

pytestmark = pytest.mark.django_db

ORDERS = {"source": "events", "aggregate": "count", "event": "Order", "window": 28}


def make(spec, key="own", **fields):
    return make_metric(key, spec=spec, **fields)


def refused(spec, **changes):
    with pytest.raises(InvalidMetric) as refusal:
        make({**spec, **changes})
    assert not CustomMetric.objects.exists()
    return {error.pointer for error in refusal.value.errors}


def test_a_metric_gets_a_place_of_its_own_and_is_read_like_any_other():
    make_event_name("Order")
    account = make_tracked_account()
    make_usage(account=account, days=last_days(3), events=2, name="Order")
    make_usage(account=account, days=last_days(3), name="page viewed")
    make({**ORDERS, "expects_usage": True})

    assert MetricDefinition.objects.get(key="own").slot > 50
    assert str(all_metrics()["own"].label).startswith("Own")
    assert read(account, "own") == 6
    assert read(make_tracked_account(), "own") == 0
    assert read(make_scored_account(tracked=False), "own") is None


def test_a_key_stands_for_one_metric_only():
    make_event_name("Order")
    make(ORDERS)

    for key in ("own", "nps"):
        with pytest.raises(MetricKeyTaken):
            make(ORDERS, key=key)


def test_names_nobody_knows_are_refused_at_their_place():
    make_organisation()
    make_event_name("Order")
    AttributeDefinition.objects.create(key="note", type="text", label_en="N", label_ja="メモ")
    attribute = {"source": "attribute", "aggregate": "last", "attribute": "sites"}

    assert refused(ORDERS, event="Oder") == {"/spec/event"}
    assert refused(ORDERS, aggregate="sum", sum_of="rows") == {"/spec/sum_of"}
    assert refused(ORDERS, filter={"plan": "pro"}) == {"/spec/filter/plan"}
    assert refused(attribute) == {"/spec/attribute"}
    assert refused(attribute, attribute="note") == {"/spec/attribute"}
    measurement = {"source": "measurement", "aggregate": "last", "measurement": "x"}
    assert refused(measurement) == {"/spec/measurement"}
    assert refused(ORDERS, segment="nowhere") == {"/spec/segment"}


def test_a_segment_nobody_falls_into_is_refused_and_others_bound_the_metric():
    make_event_name("Order")
    inside = make_tracked_account(tier="a")
    outside = make_tracked_account(tier="b", team=inside.team)
    for key, tier in (("top", "a"), ("nobody", "c")):
        rule = {
            "combinator": "and",
            "rules": [{"field": "tier", "operator": "=", "value": tier}],
        }
        save_segment(key=key, name_en=key, name_ja=key, rule=rule, at=LONG_KNOWN)
    for account in (inside, outside):
        make_usage(account=account, days=last_days(3), name="Order")

    assert refused(ORDERS, segment="nobody") == {"/spec/segment"}
    make({**ORDERS, "segment": "top"})
    assert Segment.objects.count() == 2
    assert (read(inside, "own"), read(outside, "own")) == (3, None)


def test_a_property_that_is_a_number_on_monday_and_text_on_tuesday_adds_up_its_numbers():
    make_organisation()
    key = make_write_key()
    account = make_account(external_id="cust-1", team=make_team(), tracked=True)
    for rows in (7, "many", 5, None, True):
        item = make_item(event="Order", groupId="cust-1", properties={"rows": rows, "plan": "pro"})
        deliver(key, item)
    spec = {**ORDERS, "aggregate": "sum", "sum_of": "rows"}

    make(spec, at=NOW)
    later = make_item(event="Order", groupId="cust-1", properties={"rows": 100})
    deliver(key, later)

    assert read(account, "own", day=TODAY) == 112
    assert EventName.objects.get(name="Order").summed_property == ""


def sender():
    make_organisation()
    key = make_write_key()
    account = make_account(external_id="cust-1", team=make_team(), tracked=True)

    def send(at=NOW, ago=0, **properties):
        when = at - dt.timedelta(days=ago)
        item = make_item(event="Order", groupId="cust-1", timestamp=when, properties=properties)
        deliver(key, item, at=at)

    return account, send


def test_the_newest_value_of_a_property_counts_with_its_age():
    account, send = sender()
    spec = {**ORDERS, "aggregate": "last", "value_of": "seats"}
    send(ago=6, seats=12)
    send(ago=3, seats=9)
    make(spec, at=NOW)
    send(ago=4, seats=30)

    assert read(account, "own", day=TODAY) == 9
    assert age_of(account, "own", day=TODAY) == 3
    send(ago=1, seats=True)
    assert (read(account, "own", day=TODAY), age_of(account, "own", day=TODAY)) == (1, 1)
    assert read(account, "own", day=TODAY + 40 * ONE_DAY) is None


def test_texts_of_a_property_stand_for_the_numbers_given_to_them():
    account, send = sender()
    codes = {"free": 0, "プロ": 2.5}
    spec = {**ORDERS, "aggregate": "last", "value_of": "plan", "codes": codes}
    send(ago=5, plan="free")
    make(spec, at=NOW)
    assert read(account, "own", day=TODAY) == 0

    send(ago=4, plan="プロ")
    for unknown in ("enterprise", None, {"name": "free"}, ["free"]):
        send(ago=2, plan=unknown)

    assert (read(account, "own", day=TODAY), age_of(account, "own", day=TODAY)) == (2.5, 4)
    make({**spec, "codes": {"free": 7}}, key="other", at=NOW)
    assert read(account, "other", day=TODAY) == 7


def test_different_values_of_a_property_are_counted_exactly():
    account, send = sender()
    send(ago=20, page="home")
    send(ago=5, page="home")
    send(ago=5, page=5)
    make({**ORDERS, "window": 10, "aggregate": "distinct", "value_of": "page"}, at=NOW)
    for page in ("5", 5.0, "home", "plan", "", None, ["plan"], False):
        send(ago=1, page=page)

    assert read(account, "own", day=TODAY) == 4
    assert read(account, "own", day=TODAY + 7 * ONE_DAY) == 4
    assert read(account, "own", day=TODAY + 11 * ONE_DAY) is None
    assert not set(ValueMonth.objects.values_list("key")) & {"home", "plan"}


def test_values_learned_late_were_not_known_before():
    account, send = sender()
    send(ago=29, seats=0)
    for key, aggregate in (("newest", "last"), ("kinds", "distinct")):
        make({**ORDERS, "aggregate": aggregate, "value_of": "seats"}, key=key, at=NOW)
    send(ago=5, seats=10)
    later = NOW + 2 * ONE_DAY
    send(at=later, ago=4, seats=20)

    before, after = TODAY, TODAY + 2 * ONE_DAY
    assert [read(account, "newest", day=day) for day in (before, after)] == [10, 20]
    assert [read(account, "kinds", day=day) for day in (before, after)] == [1, 2]


def test_a_value_nobody_can_read_is_refused():
    _account, send = sender()
    send(at=NOON, plan="free", tags=["a"])
    last = {**ORDERS, "aggregate": "last"}

    assert refused(last, value_of="seats") == {"/spec/value_of"}
    assert refused(last, value_of="plan") == {"/spec/value_of"}
    assert refused(last, value_of="plan", codes={"pro": 1}) == {"/spec/value_of"}
    assert refused(ORDERS, aggregate="distinct", value_of="tags") == {"/spec/value_of"}
    make({**last, "value_of": "plan", "codes": {"free": 1}})


def test_events_are_counted_apart_from_before_and_after_each_once():
    make_organisation()
    key = make_write_key()
    account = make_account(external_id="cust-1", team=make_team(), tracked=True)

    def send(plan, user):
        deliver(
            key,
            make_item(event="Order", groupId="cust-1", userId=user, properties={"plan": plan}),
        )

    send("pro", "u-1")
    send("free", "u-2")
    make({**ORDERS, "filter": {"plan": "pro"}}, at=NOW)
    make({**ORDERS, "aggregate": "distinct", "filter": {"plan": "pro"}}, key="people", at=NOW)
    send("pro", "u-3")
    send("free", "u-1")

    assert read(account, "own", day=TODAY) == 2
    assert read(account, "people", day=TODAY) == 2
    assert EventSeries.objects.count() == 2


def test_what_was_counted_later_was_not_known_before():
    make_organisation()
    key = make_write_key()
    account = make_account(external_id="cust-1", team=make_team(), tracked=True)
    late = make_item(
        event="Order",
        groupId="cust-1",
        properties={"plan": "pro"},
        timestamp=NOW - 5 * ONE_DAY,
    )
    deliver(key, late)
    make({**ORDERS, "filter": {"plan": "pro"}}, at=NOW)

    assert read(account, "own", day=TODAY - ONE_DAY) is None
    assert read(account, "own", day=TODAY) == 1


def test_attributes_and_measurements_are_read_as_known_on_the_day():
    account = make_tracked_account()
    for key, kind in (("sites", "number"), ("reviewed_on", "date")):
        AttributeDefinition.objects.create(key=key, type=kind, label_en=key, label_ja=key)
    set_attributes(account=account, values={"sites": 4}, at=noon(DAY - 9 * ONE_DAY))
    set_attributes(
        account=account,
        values={"sites": 5, "reviewed_on": "2026-06-01"},
        at=noon(DAY - 2 * ONE_DAY),
    )
    for days, value in ((20, 3), (1, 7)):
        known = noon(DAY - days * ONE_DAY)
        make_measurement(account=account, value=value, measured_at=known, recorded_at=known)
    make({"source": "attribute", "aggregate": "last", "attribute": "sites"}, key="sites")
    make({"source": "attribute", "aggregate": "days_since", "attribute": "reviewed_on"}, key="rev")
    orders = {"source": "measurement", "aggregate": "last", "measurement": "open_orders"}
    make(orders, key="orders")
    make({**orders, "aggregate": "ratio", "over": "licensed"}, key="each")
    make({**orders, "aggregate": "slope", "window": 90}, key="trend")

    assert [read(account, "sites", day=DAY - n * ONE_DAY) for n in (10, 5, 0)] == [None, 4, 5]
    assert read(account, "rev") == 18
    assert [read(account, "orders", day=DAY - n * ONE_DAY) for n in (5, 0)] == [3, 7]
    assert read(account, "each") == pytest.approx(0.7)
    assert read(account, "trend") == pytest.approx(4 / 19)


def test_people_shares_and_ratios_of_events():
    make_event_name("Order", counts_users=True)
    make_event_name("Visit")
    account = make_tracked_account()
    make_usage(account=account, days=last_days(3), users=2, name="Order")
    make_usage(account=account, days=last_days(3), users=4, events=3, name="Visit")
    for key, more in (
        ("people", {"aggregate": "distinct"}),
        ("share", {"aggregate": "share"}),
        ("visits", {"aggregate": "ratio", "over": "event", "over_name": "Visit"}),
        ("seats", {"aggregate": "ratio", "over": "licensed"}),
        ("each", {"aggregate": "ratio", "over": "active_users"}),
        ("since", {"aggregate": "days_since"}),
    ):
        make({**ORDERS, **more}, key=key)

    values = [read(account, key) for key in ("people", "share", "visits", "seats", "each")]
    assert values == pytest.approx([2, 0.5, 6 / 36, 0.6, 1.5])
    assert read(account, "since", day=DAY + 4 * ONE_DAY) == 4


def test_labels_change_at_any_time_and_the_spec_while_no_scorecard_names_it():
    make_event_name("Order")
    metric = make(ORDERS)

    change_metric(metric=metric, changes={"label_en": "Orders"}, at=NOON)
    change_metric(metric=metric, changes={"spec": {**ORDERS, "window": 7}}, at=NOON)
    assert CustomMetric.objects.get().spec["window"] == 7

    make_scorecard({"dimensions": [{"measures": [{"metric": "own"}]}]})
    with pytest.raises(MetricInUse):
        change_metric(metric=metric, changes={"spec": ORDERS}, at=NOON)
    with pytest.raises(MetricInUse):
        archive_metric(metric=metric, at=NOON)
    change_metric(metric=metric, changes={"label_ja": "注文"}, at=NOON)
    assert CustomMetric.objects.get().spec["window"] == 7


def test_an_archived_metric_leaves_its_place_empty_and_comes_back_to_it():
    make_event_name("Order")
    account = make_tracked_account()
    make_usage(account=account, days=last_days(3), name="Order")
    metric = make(ORDERS)
    slot = metric.definition.slot

    archive_metric(metric=metric, at=NOON)
    assert "own" not in all_metrics()
    archive_metric(metric=metric, archived=False, at=NOON)
    assert read(account, "own") == 3
    assert MetricDefinition.objects.get(key="own").slot == slot


def test_labels_in_one_language_stand_for_both():
    make_event_name("Order")

    metric = create_metric(key="own", spec=ORDERS, label_ja="注文", at=NOON)

    assert metric.label_en == "注文"
