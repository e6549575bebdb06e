"""Definitions in words: every shipped one can be told, and differences are found both ways."""

import copy
import json

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.conditions import Condition
from scoring.domain.curves import Percentile, Piecewise, RobustZ, Table, Target
from scoring.domain.parsing import parse_definition
from scoring.domain.pruning import mentioned
from scoring.selectors.condition_words import words_of_test
from scoring.selectors.curve_words import curve_words, logged, plot_of, unlogged, way_of
from scoring.selectors.definition_diff import differences, items_of
from scoring.selectors.definition_words import card_words
from scoring.services.scorecards import STARTER

pytestmark = pytest.mark.django_db

SHIPPED = sorted(path.stem for path in STARTER.glob("*.json"))


def shipped(key):
    return json.loads((STARTER / f"{key}.json").read_text())["definition"]


def read(definition):
    return parse_definition(definition, metrics=mentioned(definition))


@pytest.mark.parametrize("key", SHIPPED)
def test_the_shares_of_all_measures_sum_to_the_whole(key):
    words = card_words(read(shipped(key)))

    shares = [measure.share for one in words["dimensions"] for measure in one.measures]
    assert sum(shares) == pytest.approx(1)


@pytest.mark.parametrize("key", SHIPPED)
def test_a_definition_does_not_differ_from_itself(key):
    assert differences(read(shipped(key)), read(shipped(key))) == []


def test_differences_turn_round_with_the_direction():
    before, after = shipped("standard"), copy.deepcopy(shipped("standard"))
    after["bands"]["at_risk"] = 55
    after["dimensions"][1]["weight"] = 0.25
    after["points"][0]["rules"][0]["points"] = -9

    there = differences(read(before), read(after))
    back = differences(read(after), read(before))

    assert len(there) > 3
    assert {(d.kind, d.name, d.aspect, d.before, d.after) for d in there} == {
        (d.kind, d.name, d.aspect, d.after, d.before) for d in back
    }


def test_what_only_one_side_has_is_one_line():
    before, after = shipped("standard"), copy.deepcopy(shipped("standard"))
    after["gates"].append({**after["gates"][0], "key": "another", "cap": 20})

    [line] = differences(read(before), read(after))

    assert (line.kind, line.aspect, line.before) == ("Limit rule", "Added", "")
    assert "at most 20" in line.after


@pytest.mark.parametrize(
    ("bounds", "english", "japanese"),
    [
        ({"at_least": 20, "below": 40}, "at least 20 and less than 40", "20以上、40未満"),
        ({"above": 20, "at_most": 40}, "more than 20 and at most 40", "20より大きく、40以下"),
        ({"above": 20, "below": 40}, "more than 20 and less than 40", "20より大きく、40未満"),
        ({"at_least": 20, "at_most": 40}, "at least 20 and at most 40", "20以上、40以下"),
    ],
)
def test_two_bounds_of_a_measure_are_told_as_one_range(bounds, english, japanese):
    test = Condition("logins", **bounds)

    assert words_of_test(test).endswith(f": {english}")
    with override("ja"):
        assert words_of_test(test).endswith(f":{japanese}")


def test_a_changed_condition_is_no_moment_in_japanese():
    before, after = shipped("standard"), copy.deepcopy(shipped("standard"))
    after["gates"][0]["any"] = [{"metric": "logins", "below": 1}]

    with override("ja"):
        [line] = differences(read(before), read(after))

    assert line.aspect == "条件"


def test_keys_that_repeat_stay_apart():
    definition = shipped("standard")
    definition["gates"] = [definition["gates"][0]] * 2

    keys = [item.key for item in items_of(read(definition))]

    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("curve", "way"),
    [
        (Piecewise(((0, 0), (1, 100))), "curve"),
        (Piecewise(((0, 0), (1, 100)), 5.0), "log"),
        (Target(3), "target"),
        (Table(((1, 0), (2, 100)), 50), "map"),
        (Percentile(falling=True, zero=0), "percentile"),
        (RobustZ(), "robust_z"),
    ],
)
def test_every_way_is_told_and_drawn(curve, way):
    words = curve_words(curve, "count")

    assert way_of(curve) == words.way == way
    assert words.text
    assert words.plot.line or words.plot.dots


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=8, unique=True),
    st.lists(st.floats(0, 100), min_size=8, max_size=8),
)
def test_a_drawing_stays_in_its_frame_and_goes_to_the_right(xs, us):
    knots = tuple(zip(sorted(xs), us, strict=False))

    plot = plot_of(Piecewise(knots))

    points = [tuple(map(float, pair.split(","))) for pair in plot.line.split()]
    assert all(0 <= x <= 240 and 0 <= y <= 96 for x, y in points)
    assert [x for x, _y in points] == sorted(x for x, _y in points)


@given(st.floats(0, 1e6).map(lambda x: round(x, 2)), st.sampled_from([0.5, 1.0, 10.0, 250.0]))
def test_a_value_on_the_logarithmic_axis_reads_as_it_was_typed(value, scale):
    assert unlogged(logged(value, scale), scale) == pytest.approx(value, abs=1e-6)
