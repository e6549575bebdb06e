"""A definition as a form and back: nothing is lost, and every fault stands beside its field."""

import copy
import json

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring.domain.parsing import parse_definition
from scoring.domain.pruning import mentioned
from scoring.forms.definition_rows import rows_of, write_down
from scoring.forms.definition_sheet import Sheet
from scoring.forms.numbers import number_of, text_of
from scoring.forms.rows import tree_of
from scoring.services.scorecards import STARTER

pytestmark = pytest.mark.django_db

SHIPPED = sorted(path.stem for path in STARTER.glob("*.json"))
TESTS = [
    {"metric": "days_late", "above": 30},
    {"metric": "active_user_share", "at_most": 0.2},
    {"metric": "nps", "missing": True},
    {"metric": "logins", "equals": 0},
    {"not": {"metric": "nps", "below": 0}},
    {"metric": "logins", "at_least": 1, "below": 5},
    {"metric": "active_user_share", "above": 0.2, "at_most": 0.4},
]
RULES = {
    "schema": 1,
    "method": "rules",
    "combine": "most_severe",
    "start": 80,
    "requires": ["login_days"],
    "bands": {"critical": 40, "at_risk": 60, "expansion": 80, "recovery": 5},
    "cohorts": [{"tracked": True, "tier": "a"}],
    "points": [],
    "gates": [
        {
            "key": "both",
            "text_en": "Both",
            "text_ja": "両方",
            "floor": 30,
            "any": [{"all": TESTS[:2]}],
        }
    ],
    "rules": [
        {
            "key": "late",
            "text_en": "Late",
            "text_ja": "遅延",
            "severity": 90,
            "band": "critical",
            "when": TESTS[0],
        },
        {
            "key": "many",
            "text_en": "Many",
            "text_ja": "多数",
            "severity": 50,
            "score": 55,
            "when": {"any": TESTS[1:4]},
        },
        {
            "key": "deep",
            "text_en": "Deep",
            "text_ja": "深い",
            "severity": 20,
            "score": 70,
            "when": {"all": [{"any": TESTS[:2]}, TESTS[4], TESTS[5]]},
        },
    ],
}


def shipped(key):
    return json.loads((STARTER / f"{key}.json").read_text())["definition"]


def fields_of(node, path=""):
    """Return the fields of a form by name, as a browser sends them."""
    if isinstance(node, str):
        return {path: node}
    pairs = enumerate(node) if isinstance(node, list) else node.items()
    fields = {}
    for key, below in pairs:
        fields |= fields_of(below, f"{path}/{key}" if path else str(key))
    return fields


def sent(definition, **changes):
    return fields_of(Sheet.of_definition(definition).rows) | changes


def meaning(definition):
    return parse_definition(definition, metrics=mentioned(definition))


@pytest.mark.parametrize("key", SHIPPED)
def test_a_shipped_definition_comes_back_with_the_same_meaning(key):
    sheet = Sheet.of_post(sent(shipped(key)) | {"do": "save"})

    assert meaning(sheet.check()) == meaning(shipped(key))


def test_rules_with_every_kind_of_condition_come_back():
    sheet = Sheet.of_post(sent(RULES) | {"do": "save"})

    assert meaning(sheet.check()) == meaning(RULES)


trees = st.recursive(
    st.sampled_from([*TESTS[:4], *TESTS[5:]]),
    lambda inner: st.lists(inner, min_size=1, max_size=3).flatmap(
        lambda tests: st.sampled_from([{"all": tests}, {"any": tests}, {"not": tests[0]}])
    ),
    max_leaves=6,
)


def depth(tree):
    below = [*tree.get("all", []), *tree.get("any", []), *([tree["not"]] if "not" in tree else [])]
    return 1 + max(map(depth, below), default=0)


@settings(deadline=None, max_examples=50)
@given(trees, st.lists(trees, min_size=1, max_size=3))
def test_groups_within_groups_come_back(when, tests):
    assume(max(map(depth, [when, *tests])) <= 8)
    definition = copy.deepcopy(RULES)
    definition["rules"][0]["when"] = when
    definition["gates"][0]["any"] = tests

    back = Sheet.of_post(sent(definition) | {"do": "save"}).check()

    assert meaning(back) == meaning(definition)


def test_a_group_without_conditions_is_named():
    added = Sheet.of_post(sent(RULES) | {"do": "group:gates/0/tests"})
    empty = fields_of(added.rows)
    for n in (1, 0):
        rows = Sheet.of_post(empty | {"do": f"remove:gates/0/tests/2/tests/{n}"}).rows
        empty = fields_of(rows)

    sheet = Sheet.of_post(empty | {"do": "save"})

    assert sheet.check() is None
    assert set(sheet.errors) == {"gates/0/tests/2/tests"}


def test_of_bounds_on_one_side_the_tighter_is_shown():
    definition = copy.deepcopy(RULES)
    bounds = {"above": 3, "at_least": 4, "below": 9, "at_most": 9}
    definition["rules"][0]["when"] = {"metric": "logins", **bounds}

    back = Sheet.of_post(sent(definition) | {"do": "save"}).check()

    assert back["rules"][0]["when"] == {"metric": "logins", "at_least": 4, "below": 9}


@pytest.mark.parametrize(
    "way",
    [
        {"curve": [[0, 0], [0.5, 40], [3, 100]], "log_scale": 25},
        {"target": 0.8},
        {"map": {"values": [[1, 0], [2, 100]], "otherwise": 50}},
        {"percentile": {"zero": 0}},
        {"robust_z": {}},
    ],
)
def test_each_way_to_normalise_comes_back(way):
    definition = shipped("standard")
    measure = {"metric": "active_user_share", "weight": 0.35, **way}
    definition["dimensions"][0]["measures"][0] = measure

    back = Sheet.of_post(sent(definition) | {"do": "save"}).check()

    assert meaning(back) == meaning(definition)


@given(st.floats(-1e9, 1e9), st.sampled_from([1.0, 100.0]))
def test_a_number_reads_back_as_it_was(value, scale):
    assert number_of(text_of(value, scale), scale) == pytest.approx(value, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("typed", "value"),
    [("３５", 35), ("1,200", 1200), ("−0.5", -0.5), ("40%", 40), (" 7 ", 7), ("abc", "abc")],
)
def test_numbers_are_read_as_people_type_them(typed, value):
    assert number_of(typed) == value


@pytest.mark.parametrize(
    ("name", "typed", "place"),
    [
        ("dimensions/0/weight", "0", "dimensions/0/weight"),
        ("dimensions/0/label_en", " ", "dimensions/0/label_en"),
        ("dimensions/0/measures/0/knots/1/x", "many", "dimensions/0/measures/0/knots/1/x"),
        ("dimensions/0/measures/0/knots/1/u", "101", "dimensions/0/measures/0/knots/1/u"),
        ("dimensions/0/measures/0/knots/1/x", "0", "dimensions/0/measures/0/knots"),
        ("dimensions/0/measures/0/knots/4/u", "10", "dimensions/0/measures/0/knots"),
        ("dimensions/0/gone_days", "1", "dimensions/0/gone_days"),
        ("dimensions/0/measures/1/metric", "nothing", "dimensions/0/measures/1/metric"),
        ("points/0/rules/0/half_life_days", "0", "points/0/rules/0/half_life_days"),
        ("points/0/low", "5", "points/0/low"),
        ("gates/0/value", "", "gates/0/value"),
        ("gates/0/tests/0/value", "x", "gates/0/tests/0/value"),
        ("gates/0/text_ja", "", "gates/0/text_ja"),
        ("bands/at_risk", "30", "bands"),
        ("rollup/critical_share", "300", "rollup/critical_share"),
    ],
)
def test_a_fault_stands_beside_its_field(name, typed, place):
    sheet = Sheet.of_post(sent(shipped("standard"), **{name: typed}) | {"do": "save"})

    assert sheet.check() is None
    assert place in sheet.errors
    assert place in [row[0] for row in sheet.summary()]


@pytest.mark.parametrize(
    ("name", "typed", "place"),
    [
        ("rules/0/severity", "101", "rules/0/severity"),
        ("rules/1/score", "", "rules/1/score"),
        ("rules/0/tests/0/value", "x", "rules/0/tests/0/value"),
        ("rules/1/tests/2/value", "", "rules/1/tests/2/value"),
        ("rules/0/tests/0/metric", "gone", "rules/0/tests/0/metric"),
        ("requires/0/metric", "gone", "requires/0/metric"),
        ("gates/0/tests/1/value", "x", "gates/0/tests/1/value"),
        ("rules/2/tests/0/tests/1/value", "x", "rules/2/tests/0/tests/1/value"),
        ("rules/2/tests/1/tests/0/value", "x", "rules/2/tests/1/tests/0/value"),
        ("rules/2/tests/2/also_value", "x", "rules/2/tests/2/also_value"),
        ("rules/2/tests/2/also_value", "1", "rules/2/tests/2/also_value"),
        ("rules/2/tests/2/op", "at_most", "rules/2/tests/2"),
        ("rules/2/tests/2/op", "equals", "rules/2/tests/2"),
        ("start", "200", "start"),
    ],
)
def test_a_fault_of_a_rule_stands_beside_its_field(name, typed, place):
    sheet = Sheet.of_post(sent(RULES, **{name: typed}) | {"do": "save"})

    assert sheet.check() is None
    assert place in sheet.errors


def test_weights_that_miss_a_hundred_are_refused_at_their_level():
    sheet = Sheet.of_post(
        sent(shipped("standard"), **{"dimensions/2/measures/0/weight": "30"}) | {"do": "save"}
    )

    assert sheet.check() is None
    assert sheet.errors == {"dimensions/2/measures": "The weights sum to 95%, not to 100%."}


def test_a_measure_given_twice_is_named():
    definition = shipped("standard")
    double = copy.deepcopy(definition["dimensions"][0]["measures"][0])
    definition["dimensions"][1]["measures"][0] = {**double, "weight": 0.6}

    sheet = Sheet.of_definition(definition)

    assert sheet.check() is None
    assert sheet.errors == {
        "dimensions/1/measures/0": "This measure stands in the scorecard twice."
    }


NAMES = st.sampled_from(
    [
        *("dimensions", "0", "1", "measures", "knots", "x", "weight", "gates", "tests", "bands"),
        *("rules", "points", "way", "log", "kept", "{", "", "includes", "metric", "rollup"),
        *("joint", "none"),
    ]
)


@settings(max_examples=150)
@given(
    st.dictionaries(
        st.lists(NAMES, min_size=1, max_size=7).map("/".join), st.text(max_size=6), max_size=20
    ),
    st.lists(NAMES, min_size=1, max_size=6).map("/".join),
    st.sampled_from(["add", "group", "remove", "up", "down", "even", "save"]),
)
def test_whatever_is_sent_is_answered_with_a_form(fields, path, act):
    sheet = Sheet.of_post(fields | {"do": f"{act}:{path}"})

    assert sheet.check() is None
    assert sheet.nodes()["bands"]["at"] == "bands"
    assert sheet.summary()


def test_only_known_fields_are_read():
    assert tree_of({"csrf": "x", "bands/critical": "4"}, known=["bands"]) == {
        "bands": {"critical": "4"}
    }


def test_relative_weights_are_shown_as_they_are():
    definition = shipped("standard")
    definition["dimensions"][0]["weight"] = 3

    assert rows_of(definition)["dimensions"][0]["weight"] == "300"
    assert write_down(rows_of(definition)).definition["dimensions"][0]["weight"] == 3
