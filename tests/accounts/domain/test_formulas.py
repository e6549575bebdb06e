import datetime as dt

import pytest

from accounts.domain.formulas import FormulaError, evaluate, names_of, parse_formula

TYPES = {"arr": "number", "users": "number", "tier": "text", "talk": "date", "live": "boolean"}
TODAY = dt.date(2026, 6, 10)


def value(text, **values):
    return evaluate(parse_formula(text, TYPES), values, TODAY)


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("arr / users", {"arr": 100, "users": 8}, 12.5),
        ("arr / users", {"arr": 100, "users": 0}, None),
        ("arr / users", {"arr": 100}, None),
        ("1 + 2 * 3 - -4", {}, 11.0),
        ("(1 + 2) * 3", {}, 9.0),
        ("2 - 1 - 1", {}, 0.0),
        ("coalesce(users, 7)", {}, 7.0),
        ("if(tier = 'a', arr, 0)", {"tier": "a", "arr": 5}, 5.0),
        ("if(tier = 'a', arr, 0)", {"arr": 5}, 0.0),
        ("if(arr > 1 and not live, 'x', 'y')", {"arr": 2, "live": False}, "x"),
        ("days_since(talk)", {"talk": dt.date(2026, 6, 1)}, 9.0),
        ("days_until(talk)", {"talk": dt.date(2026, 6, 1)}, -9.0),
        ("min(arr, users)", {"arr": 3}, 3.0),
        ("is_missing(talk) or live", {"live": None}, True),
        ("round(abs(arr))", {"arr": -2.5}, 3.0),
        ("arr * 1000000", {"arr": 10**12}, None),
    ],
)
def test_a_formula_gives(text, values, expected):
    assert value(text, **values) == expected


@pytest.mark.parametrize(
    ("text", "position", "code"),
    [
        ("", 0, "ends_early"),
        ("arr +", 5, "ends_early"),
        ("arr + tier", 6, "wrong_type"),
        ("arr + unknown", 6, "unknown_field"),
        ("steal(arr)", 0, "unknown_function"),
        ("days_since(arr)", 11, "wrong_type"),
        ("if(live, 1)", 0, "wrong_number_of_arguments"),
        ("if(live, 1, 'x')", 12, "wrong_type"),
        ("tier < 'b'", 5, "not_ordered"),
        ("arr ; drop", 4, "unreadable"),
        ("arr arr", 4, "unexpected"),
        ("(arr", 4, "expected"),
        ("(" * 40 + "1" + ")" * 40, 21, "too_deep"),
        ("1" + "+1" * 70, 121, "too_many_parts"),
        ("1" * 501, 500, "too_long"),
    ],
)
def test_a_fault_says_where_and_why(text, position, code):
    with pytest.raises(FormulaError) as caught:
        parse_formula(text, TYPES)

    assert (caught.value.code, caught.value.position) == (code, position)


def test_a_formula_knows_what_it_reads():
    assert names_of(parse_formula("if(live, arr / users, 1)", TYPES)) == {"live", "arr", "users"}
