"""What the buttons of the form for a definition do to its rows."""

import pytest

from scoring.forms.definition_sheet import Sheet
from tests.scoring.forms.test_definition_sheet import RULES, fields_of, sent, shipped

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("joint", "tree"),
    [
        ("all", lambda one, two: {"all": [one, two]}),
        ("any", lambda one, two: {"any": [one, two]}),
        ("none", lambda one, two: {"not": {"any": [one, two]}}),
        ("not_all", lambda one, two: {"not": {"all": [one, two]}}),
    ],
)
def test_a_group_within_a_group_is_built_by_buttons(joint, tree):
    at = "rules/1/tests/3/tests/2"
    group = Sheet.of_post(sent(RULES) | {"do": "group:rules/1/tests"})
    inner = Sheet.of_post(fields_of(group.rows) | {"do": "group:rules/1/tests/3/tests"})
    typed = {
        f"{at}/joint": joint,
        **dict.fromkeys([f"{at}/tests/0/metric", f"{at}/tests/1/metric"], "logins"),
        f"{at}/tests/0/op": "above",
        f"{at}/tests/0/value": "9",
        f"{at}/tests/1/op": "missing",
        "rules/1/tests/3/tests/0/metric": "nps",
        "rules/1/tests/3/tests/0/value": "7",
        "do": "remove:rules/1/tests/3/tests/1",
    }

    sheet = Sheet.of_post(fields_of(inner.rows) | typed)

    built = sheet.check()["rules"][1]["when"]["any"][3]
    one, two = {"metric": "logins", "above": 9}, {"metric": "logins", "missing": True}
    assert built == {"any": [{"metric": "nps", "above": 7}, tree(one, two)]}


@pytest.mark.parametrize(
    ("op", "range_of"),
    [
        ("above", ("above", "7", "below", "")),
        ("below", ("at_least", "", "below", "7")),
        ("at_most", ("at_least", "", "at_most", "7")),
        ("missing", ("at_least", "7", "below", "")),
    ],
)
def test_a_condition_becomes_a_range_by_a_button(op, range_of):
    at = "rules/0/tests/0"
    typed = {f"{at}/op": op, f"{at}/value": "7", "do": f"range:{at}"}

    sheet = Sheet.of_post(sent(RULES, **typed))

    row = sheet.rows["rules"][0]["tests"][0]
    assert tuple(row[name] for name in ("op", "value", "also", "also_value")) == range_of


def test_one_button_brings_weights_to_a_hundred():
    weights = {f"dimensions/2/measures/{n}/weight": text for n, text in enumerate("7111")}
    do = {"do": "even:dimensions/2/measures"}

    sheet = Sheet.of_post(sent(shipped("standard"), **weights) | do)

    level = sheet.rows["dimensions"][2]["measures"]
    assert [row["weight"] for row in level] == ["70", "10", "10", "10"]
    assert sheet.check() is not None


def test_a_measure_is_added_with_a_curve_in_its_direction():
    add = {"dimensions/4/add": "late_invoices", "do": "add:dimensions/4/measures"}

    sheet = Sheet.of_post(sent(shipped("standard"), **add))

    new = sheet.rows["dimensions"][4]["measures"][-1]
    utilities = [int(knot["u"]) for knot in new["knots"]]
    assert new["metric"] == "late_invoices"
    assert utilities == sorted(utilities, reverse=True)


def test_nothing_is_added_without_a_measure():
    sheet = Sheet.of_post(sent(shipped("standard"), do="add:dimensions/0/measures"))

    assert sheet.errors == {"dimensions/0/add": "Choose a measure."}


def test_rows_move_within_their_list_and_over_its_end():
    down = {"do": "down:dimensions/0/measures/3"}
    up = {"do": "up:dimensions/1"}

    moved = Sheet.of_post(sent(shipped("standard"), **down)).rows["dimensions"]
    swapped = Sheet.of_post(sent(shipped("standard"), **up)).rows["dimensions"]

    assert [len(one["measures"]) for one in moved[:2]] == [3, 3]
    assert moved[1]["measures"][0]["metric"] == "usage_change"
    assert [one["key"] for one in swapped[:2]] == ["adoption", "usage"]


@pytest.mark.parametrize(
    "path", ["dimensions/0/measures/0/knots", "gates", "gates/0/tests", "points/0/rules", "cohorts"]
)
def test_a_row_is_added_and_removed(path):
    before = sent(shipped("standard"))

    added = Sheet.of_post(before | {"do": f"add:{path}"})
    again = Sheet.of_post(
        fields_of(added.rows) | {"do": f"remove:{path}/{_count(added, path) - 1}"}
    )

    assert _count(added, path) == _count(again, path) + 1
    assert again.rows == Sheet.of_post(before).rows


def _count(sheet, path):
    node = sheet.rows
    for part in path.split("/"):
        node = node[int(part)] if isinstance(node, list) else node[part]
    return len(node)


def test_a_new_row_gets_a_key_of_its_own():
    added = Sheet.of_post(sent(shipped("standard"), do="add:gates"))
    texts = {"text_en": "Invoice 60!", "text_ja": "未入金", "tests": None}
    row = added.rows["gates"][-1]
    row |= {key: text for key, text in texts.items() if text}
    row["tests"] = [{"metric": "days_late", "op": "above", "value": "9"}]

    definition = Sheet(added.rows).check()

    assert definition["gates"][-1]["key"] == "invoice_60_2"


def test_the_row_a_button_stands_in_stays_open():
    do = {"do": "add:dimensions/0/measures/1/knots"}

    nodes = Sheet.of_post(sent(shipped("standard")) | do).nodes()

    opened = [one["is_open"] for one in nodes["dimensions"]["rows"][0]["measures"]["rows"]]
    assert opened == [False, True, False, False]
