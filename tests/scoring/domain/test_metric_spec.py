"""A spec is read whole or refused with every fault at its member; nothing else ever happens."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.metric_spec import (
    AGGREGATES,
    DIVISORS,
    MEMBERS,
    InvalidSpec,
    parse_spec,
)

COUNT = {"source": "events", "aggregate": "count", "window": 28}

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
members = st.sampled_from(sorted(MEMBERS)) | st.text(max_size=8)
nearly = st.dictionaries(members, anything | st.sampled_from(["events", "count", "ratio", 28]))


def faults(**changes):
    with pytest.raises(InvalidSpec) as refusal:
        parse_spec({**COUNT, **changes})
    return {(fault.member, fault.code) for fault in refusal.value.faults}


@given(anything | nearly | nearly.map(lambda data: {**COUNT, **data}))
def test_whatever_is_sent_is_read_or_refused(data):
    try:
        spec = parse_spec(data)
    except InvalidSpec:
        return
    assert parse_spec(spec.as_json()) == spec


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"source": "horoscope"}, ("source", "unknown_choice")),
        ({"source": "attribute", "aggregate": "sum"}, ("aggregate", "not_for_source")),
        ({"aggregate": "last"}, ("value_of", "required")),
        ({"value_of": "plan"}, ("value_of", "not_for_aggregate")),
        ({"source": "attribute", "value_of": "plan"}, ("value_of", "not_for_source")),
        (
            {"aggregate": "distinct", "value_of": "plan", "codes": {"a": 1}},
            ("codes", "not_for_aggregate"),
        ),
        ({"aggregate": "last", "value_of": "plan", "codes": ["a"]}, ("codes", "not_an_object")),
        (
            {"aggregate": "last", "value_of": "plan", "codes": {"a": "b"}},
            ("codes/a", "not_a_number"),
        ),
        ({"aggregate": "last", "value_of": "plan", "codes": {"": 1}}, ("codes/", "not_a_text")),
        (
            {"aggregate": "last", "value_of": "p", "codes": dict.fromkeys(map(str, range(51)), 1)},
            ("codes", "too_many_codes"),
        ),
        ({"aggregate": "sum"}, ("sum_of", "required")),
        ({"aggregate": "distinct", "sum_of": "rows"}, ("sum_of", "not_for_aggregate")),
        ({"aggregate": "ratio"}, ("over", "required")),
        ({"aggregate": "ratio", "over": "event"}, ("over_name", "required")),
        ({"aggregate": "slope", "window": 1}, ("window", "too_short")),
        ({"aggregate": "distinct", "half_life": 7}, ("half_life", "not_for_aggregate")),
        ({"window": None}, ("window", "required")),
        ({"window": 0}, ("window", "out_of_range")),
        ({"window": 28.5}, ("window", "not_whole")),
        ({"window": math.nan}, ("window", "not_a_number")),
        ({"half_life": math.inf}, ("half_life", "not_a_number")),
        ({"half_life": 0}, ("half_life", "out_of_range")),
        ({"exposure": -1}, ("exposure", "out_of_range")),
        ({"filter": ["plan"]}, ("filter", "not_an_object")),
        ({"filter": {"plan": {"is": "pro"}}}, ("filter/plan", "not_a_value")),
        ({"filter": {"n": math.nan}}, ("filter/n", "not_a_number")),
        ({"filter": dict.fromkeys(map(str, range(11)), 1)}, ("filter", "too_many")),
        ({"is_scaled": "yes"}, ("is_scaled", "not_a_flag")),
        ({"event": 7}, ("event", "not_a_text")),
        ({"attribute": "sites"}, ("attribute", "not_for_source")),
        ({"colour": "red"}, ("colour", "unknown_member")),
    ],
)
def test_a_fault_is_named_by_its_member(changes, fault):
    assert fault in faults(**changes)


def test_every_fault_is_told_at_once():
    assert {member for member, _ in faults(window=0, half_life=-1, filter=[])} == {
        "window",
        "half_life",
        "filter",
    }


def test_every_aggregate_of_a_source_can_be_written_down():
    for source, aggregates in AGGREGATES.items():
        for aggregate in aggregates:
            for over in DIVISORS[source] if aggregate == "ratio" else ("",):
                data = {"source": source, "aggregate": aggregate, "window": 28}
                if source == "attribute":
                    del data["window"]
                if source != "events":
                    data[source] = "sites"
                if (source, aggregate) == ("events", "sum"):
                    data["sum_of"] = "rows"
                if (source, aggregate) == ("events", "last"):
                    data |= {"value_of": "plan", "codes": {"pro": 2}}
                if over:
                    data["over"] = over
                if over in ("event", "attribute", "measurement"):
                    data["over_name"] = "other"
                assert parse_spec(data).aggregate == aggregate
