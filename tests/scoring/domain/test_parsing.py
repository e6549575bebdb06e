"""Every fault of a definition is named by its place, all of them at once."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.conditions import AllOf, AnyOf, Condition, Not
from scoring.domain.curves import Percentile, Piecewise, RobustZ, Table, Target
from scoring.domain.definition import Rollup
from scoring.domain.parsing import InvalidDefinition, parse_audience, parse_definition

METRICS = {"logins", "touch", "tickets"}
WEIGHTED = {
    "schema": 1,
    "method": "weighted",
    "dimensions": [
        {
            "key": "usage",
            "label_en": "Usage",
            "label_ja": "利用",
            "weight": 0.6,
            "fresh_days": 2,
            "gone_days": 14,
            "mandatory": True,
            "measures": [{"metric": "logins", "weight": 1, "curve": [[0, 0], [10, 100]]}],
        }
    ],
    "points": [
        {
            "key": "voice",
            "low": -15,
            "high": 5,
            "rules": [{"metric": "touch", "points": -8, "half_life_days": 60}],
        }
    ],
    "gates": [
        {
            "key": "open",
            "cap": 59,
            "text_en": "Open",
            "text_ja": "未解決",
            "any": [{"metric": "tickets", "above": 3}],
        }
    ],
}
RULES = {
    "schema": 1,
    "method": "rules",
    "combine": "most_severe",
    "start": 70,
    "requires": ["logins"],
    "rules": [
        {
            "key": "review",
            "text_en": "Immediate review",
            "text_ja": "至急レビュー",
            "severity": 3,
            "band": "at_risk",
            "when": {"metric": "logins", "below": 60},
        },
        {
            "key": "expand",
            "text_en": "Expansion",
            "text_ja": "拡大提案",
            "severity": 1,
            "score": 90,
            "when": {
                "all": [
                    {"metric": "logins", "above": 80},
                    {"not": {"any": [{"metric": "tickets", "at_least": 1}]}},
                ]
            },
        },
    ],
}


def faults(data, **known):
    with pytest.raises(InvalidDefinition) as caught:
        parse_definition(data, metrics=METRICS, **known)
    return {(fault.pointer, fault.code) for fault in caught.value.faults}


def changed(data, path, value):
    data = copy.deepcopy(data)
    place = data
    for key in path[:-1]:
        place = place[key]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return data


MEASURE = ("dimensions", 0, "measures", 0)
AT = "/dimensions/0/measures/0"


@pytest.mark.parametrize(
    ("way", "curve"),
    [
        ({"curve": [[0, 0], [10, 100]]}, Piecewise(((0, 0), (10, 100)))),
        ({"curve": [[0, 0], [2, 100]], "log_scale": 5}, Piecewise(((0, 0), (2, 100)), 5.0)),
        ({"target": 40}, Target(40.0)),
        ({"map": {"values": [[0, 30], [1, 100]]}}, Table(((0, 30), (1, 100)))),
        ({"map": {"values": [[1, 100]], "otherwise": 10}}, Table(((1, 100),), 10.0)),
        ({"percentile": {"zero": 0}}, Percentile(zero=0.0)),
        ({"percentile": {"falling": True}}, Percentile(falling=True)),
        ({"robust_z": {}}, RobustZ()),
    ],
)
def test_a_measure_normalises_in_one_of_six_ways(way, curve):
    data = changed(WEIGHTED, MEASURE, {"metric": "logins", "weight": 1, **way})

    assert parse_definition(data, metrics=METRICS).measures[0][1].curve == curve


@pytest.mark.parametrize(
    ("path", "value", "pointer", "code"),
    [
        (("schema",), 7, "/schema", "unknown_schema"),
        (("method",), "magic", "/method", "unknown_method"),
        (("dimensions",), [], "/dimensions", "required"),
        (("dimensions", 0, "weight"), 0, "/dimensions/0/weight", "must_be_positive"),
        (("dimensions", 0, "weight"), float("nan"), "/dimensions/0/weight", "not_finite"),
        (("dimensions", 0, "weight"), 10**400, "/dimensions/0/weight", "not_finite"),
        (("dimensions", 0, "wieght"), 1, "/dimensions/0/wieght", "unknown_field"),
        (("dimensions", 0, "gone_days"), 1, "/dimensions/0/gone_days", "must_be_after_fresh_days"),
        (("dimensions", 0, "mandatory"), "yes", "/dimensions/0/mandatory", "not_a_boolean"),
        ((*MEASURE, "weight"), 0, f"{AT}/weight", "must_be_positive"),
        ((*MEASURE, "metric"), "invented", f"{AT}/metric", "unknown_metric"),
        ((*MEASURE, "curve"), [[0, 0], [float("inf"), 1]], f"{AT}/curve/1/0", "not_finite"),
        ((*MEASURE, "curve"), [[4, 0], [2, 10]], f"{AT}/curve", "not_ascending"),
        ((*MEASURE, "curve"), [[0, 0], [2, 101]], f"{AT}/curve/1/1", "out_of_range"),
        ((*MEASURE, "curve"), [[0, 0]], f"{AT}/curve", "needs_two_knots"),
        ((*MEASURE, "curve"), None, f"{AT}/curve", "needs_one_way"),
        ((*MEASURE, "target"), 3, f"{AT}/curve", "needs_one_way"),
        ((*MEASURE, "missing"), "guess", f"{AT}/missing", "unknown_policy"),
        ((*MEASURE, "missing"), "penalty", f"{AT}/penalty", "required"),
        (("points", 0, "low"), -500, "/points/0/low", "out_of_range"),
        (
            ("points", 0, "rules", 0, "half_life_days"),
            "soon",
            "/points/0/rules/0/half_life_days",
            "not_a_number",
        ),
        (("gates", 0, "cap"), None, "/gates/0", "cap_or_floor"),
        (("gates", 0, "floor"), 20, "/gates/0", "cap_or_floor"),
        (("gates", 0, "any"), [], "/gates/0/any", "required"),
        (("gates", 0, "any", 0, "above"), None, "/gates/0/any/0", "above_or_below"),
        (("gates", 0, "text_ja"), " ", "/gates/0/text_ja", "required"),
        (("bands",), {"at_risk": 30}, "/bands", "not_ascending"),
        (("bands",), {"includes": {"steady": True}}, "/bands/includes/steady", "unknown_field"),
        (("rollup",), {"method": "best"}, "/rollup/method", "unknown_rollup"),
        (("rollup",), {"own_share": 2}, "/rollup/own_share", "out_of_range"),
        (("cohorts",), [{"arr": 3}], "/cohorts/0/arr", "unknown_field"),
        (("cohorts",), [{"segment": "healthy"}], "/cohorts/0/segment", "unknown_segment"),
        (("cohorts",), [{"phase": "x' OR true"}], "/cohorts/0/phase", "not_a_name"),
        (("rules",), [], "/rules", "unknown_field"),
    ],
)
def test_a_fault_of_a_weighted_scorecard_is_named(path, value, pointer, code):
    assert (pointer, code) in faults(changed(WEIGHTED, path, value), segments={"via_partner"})


@pytest.mark.parametrize(
    ("path", "value", "pointer", "code"),
    [
        (("combine",), "average", "/combine", "unknown_combination"),
        (("rules",), [], "/rules", "required"),
        (("rules", 0, "band"), "awful", "/rules/0/band", "unknown_band"),
        (("rules", 0, "band"), None, "/rules/0", "score_or_band"),
        (("rules", 0, "points"), 3, "/rules/0/points", "unknown_field"),
        (("rules", 0, "when"), None, "/rules/0/when", "required"),
        (("rules", 0, "when", "above"), 3, "/rules/0/when/equals", None),
        (("rules", 0, "when", "equals"), 3, "/rules/0/when", "one_comparison"),
        (("rules", 1, "key"), "review", "/rules", "twice"),
        (
            ("rules", 1, "when", "all", 0, "metric"),
            "?",
            "/rules/1/when/all/0/metric",
            "unknown_metric",
        ),
        (("requires", 0), "invented", "/requires/0", "unknown_metric"),
        (("dimensions",), [], "/dimensions", "unknown_field"),
    ],
)
def test_a_fault_of_a_scorecard_of_rules_is_named(path, value, pointer, code):
    data = changed(RULES, path, value)
    if code is None:
        assert parse_definition(data, metrics=METRICS)
    else:
        assert (pointer, code) in faults(data)


@pytest.mark.parametrize(
    ("bounds", "pointer", "code"),
    [
        ({"at_least": 40, "below": 20}, "/below", "empty_range"),
        ({"at_least": 20, "below": 20}, "/below", "empty_range"),
        ({"above": 20, "at_most": 20}, "/at_most", "empty_range"),
        ({"at_least": 20, "at_most": 20}, "", None),
        ({"above": 20, "below": 40}, "", None),
        ({"above": 20, "at_least": 20}, "", "one_side"),
        ({"below": 20, "at_most": 30}, "", "one_side"),
    ],
)
def test_bounds_no_number_lies_between_are_refused_anew_and_read_where_stored(
    bounds, pointer, code
):
    data = changed(WEIGHTED, ("gates", 0, "any", 0), {"metric": "tickets", **bounds})

    assert parse_definition(data, metrics=METRICS).gates
    if code is None:
        assert parse_definition(data, metrics=METRICS, is_new=True).gates
    else:
        assert faults(data, is_new=True) == {(f"/gates/0/any/0{pointer}", code)}


def test_several_faults_are_told_at_once():
    data = changed(WEIGHTED, ("schema",), 7)
    data = changed(data, ("dimensions", 0, "weight"), -1)
    data = changed(data, ("gates", 0, "any", 0, "metric"), "invented")

    assert faults(data) == {
        ("/schema", "unknown_schema"),
        ("/dimensions/0/weight", "must_be_positive"),
        ("/gates/0/any/0/metric", "unknown_metric"),
    }


@pytest.mark.parametrize(
    ("direction", "way", "is_faulty"),
    [
        ("higher", {"curve": [[0, 0], [5, 60], [9, 50]]}, True),
        ("higher", {"curve": [[0, 0], [5, 60], [9, 60]]}, False),
        ("lower", {"curve": [[0, 100], [5, 60]]}, False),
        ("lower", {"target": 5}, True),
        ("lower", {"percentile": {}}, True),
        ("lower", {"percentile": {"falling": True}}, False),
        ("higher", {"robust_z": {"falling": True}}, True),
        ("lower", {"map": {"values": [[0, 10], [1, 90]]}}, False),
    ],
)
def test_a_curve_against_the_direction_of_its_metric_is_refused(direction, way, is_faulty):
    data = changed(WEIGHTED, MEASURE, {"metric": "logins", "weight": 1, **way})
    [key] = way
    known = {"metrics": METRICS, "directions": {"logins": direction}}

    if is_faulty:
        assert faults(data, directions={"logins": direction}) == {(f"{AT}/{key}", "not_monotone")}
    else:
        assert parse_definition(data, **known)


def test_what_carries_forward_must_end_some_day():
    data = changed(WEIGHTED, (*MEASURE, "missing"), "carry")
    assert parse_definition(data, metrics=METRICS).carried

    del data["dimensions"][0]["fresh_days"], data["dimensions"][0]["gone_days"]
    assert faults(data) == {(f"{AT}/missing", "carry_needs_gone_days")}


def test_rules_are_read_with_their_trees():
    rules = parse_definition(RULES, metrics=METRICS).rule_set

    assert [rule.score for rule in rules.rules] == [50.0, 90.0]
    assert rules.rules[1].when == AllOf(
        (
            Condition("logins", above=80.0),
            Not(AnyOf((Condition("tickets", at_least=1.0),))),
        )
    )
    assert parse_definition(RULES, metrics=METRICS).metrics() == {"logins", "tickets"}


def test_a_tree_may_not_be_too_deep():
    data = copy.deepcopy(RULES)
    tree = {"metric": "logins", "above": 1}
    for _ in range(9):
        tree = {"not": tree}
    data["rules"][0]["when"] = tree

    assert ("/rules/0/when" + "/not" * 8, "too_deep") in faults(data)


def test_a_roll_up_has_its_defaults():
    data = changed(WEIGHTED, ("rollup",), {"method": "arr"})

    assert parse_definition(data, metrics=METRICS).rollup == Rollup("arr", 0.5, 79.0, 0.2)


def test_the_bands_say_to_whom_a_bound_belongs():
    bands = parse_definition(
        changed(WEIGHTED, ("bands",), {"includes": {"at_risk": True, "expansion": True}}),
        metrics=METRICS,
    ).bands

    assert [bands.plain(score) for score in (39.9, 40, 60, 60.1, 79.9, 80)] == [0, 1, 1, 2, 2, 3]


def test_an_audience_is_read_and_nothing_is_nobody():
    audience = {"phase": "onboarding", "tracked": False}

    assert parse_audience(audience) == audience
    assert parse_audience({}) == {}
    with pytest.raises(InvalidDefinition):
        parse_audience({"segment": "gone"}, segments=set())


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(json_values, st.sampled_from([WEIGHTED, RULES]), st.data())
def test_whatever_stands_anywhere_is_read_or_named(value, data, draw):
    data = json.loads(json.dumps(data))
    place, key = draw.draw(st.sampled_from(list(places(data))))
    place[key] = value

    try:
        parse_definition(data, metrics=METRICS)
    except InvalidDefinition as error:
        assert error.faults  # noqa: PT017 -- both outcomes are right, a crash is not


def places(data):
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in items:
        yield data, key
        if isinstance(value, dict | list):
            yield from places(value)
