import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.domain.formulas import evaluate, parse_formula
from accounts.models import Account
from accounts.registry import fields
from accounts.selectors.attributes import readable, types_of
from accounts.selectors.formulas import compile_formula, stored_attribute
from tests.factories import make_account

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 10, 3, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 6, 10)
ZONE = ZoneInfo("Asia/Tokyo")

NUMBERS = st.recursive(
    st.sampled_from(["arr", "licensed_users", "0", "1", "2.5", "1000000", "days_since(live_on)"]),
    lambda inner: st.one_of(
        st.builds(lambda a, sign, b: f"({a} {sign} {b})", inner, st.sampled_from("+-*/"), inner),
        st.builds(lambda a, b: f"coalesce({a}, {b})", inner, inner),
        st.builds(lambda a, b: f"min({a}, {b})", inner, inner),
        st.builds(lambda a, b: f"max({a}, {b})", inner, inner),
        st.builds(lambda a: f"round(abs(-{a}))", inner),
        st.builds(
            lambda a, sign, b, c: f"if({a} {sign} {b} or tier = 'a' and not tracked, {c}, {a})",
            inner,
            st.sampled_from(["<", "<=", "=", "!=", ">", ">="]),
            inner,
            inner,
        ),
        st.builds(lambda a, b: f"if(is_missing({a}), {b}, 1)", inner, inner),
    ),
    max_leaves=8,
)


@settings(max_examples=120, deadline=None)
@given(
    NUMBERS,
    st.decimals(0, 10**12, places=2),
    st.none() | st.integers(0, 10**6),
    st.sampled_from(["a", "b"]),
    st.booleans(),
    st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2040, 1, 1)),
)
def test_the_database_and_the_rule_agree(text, arr, users, tier, tracked, live_on):
    values = {
        "arr": arr,
        "licensed_users": users,
        "tier": tier,
        "tracked": tracked,
        "live_on": live_on,
    }
    account = make_account(**values)
    members = readable({})
    node = parse_formula(text, types_of(members))

    compiled = compile_formula(node, members, at=AT, zone=ZONE)
    found = Account.objects.annotate(found=compiled).get(pk=account.pk).found

    expected = evaluate(node, {**values, "arr": Decimal(arr)}, TODAY)
    if expected is None or found is None:
        assert found == expected
    else:
        assert found == pytest.approx(expected, rel=1e-9, abs=2e-6)


@pytest.mark.parametrize(
    ("type_", "stored", "expected"),
    [
        ("number", 7, 7.0),
        ("number", "seven", None),
        ("boolean", True, True),
        ("boolean", "yes", None),
        ("date", "2026-02-28", dt.date(2026, 2, 28)),
        ("date", "2026-02-31", None),
        ("date", 5, None),
        ("text", "x", "x"),
        ("choice", None, None),
    ],
)
def test_a_stored_value_of_another_type_is_missing_and_breaks_nothing(type_, stored, expected):
    make_account(attributes={"size": stored} if stored is not None else {})

    rows = Account.objects.annotate(found=stored_attribute("size", type_))

    assert [row.found for row in rows] == [expected]


def test_a_moment_counts_by_the_day_of_the_organisation():
    assert "last_two_way_at" in readable({})
    assert "health.score" not in readable({})
    assert fields.get("arr").key in readable({})
