import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.conditions import field_specs
from accounts.domain.rules import OPERATORS, Moment, matches, parse_rule_tree
from accounts.models import Account, ListMember, StaticList
from tests.factories import make_account, make_team, make_user

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 6, 18, 3, 0, tzinfo=dt.UTC)
MOMENT = Moment(AT, dt.date(2026, 6, 18))
LISTS = (9001, 9002, 9003)
FIELDS = (
    "name",
    "tier",
    "status",
    "tracked",
    "arr",
    "licensed_users",
    "renewal_on",
    "live_on",
    "lists",
)


def _ascending(pair):
    low, high = pair
    return pair if _comparable(low) <= _comparable(high) else [high, low]


def _comparable(value):
    return dt.date.fromisoformat(value) if str(value).count("-") == 2 else Decimal(str(value))


def _value(spec, operator):
    if operator in ("null", "notNull"):
        return st.none()
    if operator in ("withinNextDays", "withinLastDays", "moreThanDaysAgo"):
        return st.integers(0, 400)
    scalar = {
        "text": st.sampled_from(["青", "株式会社青嶺", "a%", "_", "Aomine"]),
        "choice": st.sampled_from(list(spec.options or ("x",))),
        "boolean": st.booleans(),
        "number": st.sampled_from([0, 4.5, 5, 120, -1]),
        "money": st.sampled_from([0, "1200000", 1200000.5, 5]),
        "date": st.sampled_from(["2026-06-18", "2026-06-19", "2025-01-31"]),
        "datetime": st.none(),
        "set": st.sampled_from(LISTS),
    }[spec.type]
    if operator in ("in", "notIn"):
        return st.lists(scalar, min_size=1, max_size=3)
    if operator == "between":
        return st.lists(scalar, min_size=2, max_size=2).map(_ascending)
    return scalar


def _rule(specs):
    pairs = [(key, operator) for key in FIELDS for operator in OPERATORS[specs[key].type]]
    return st.sampled_from(pairs).flatmap(
        lambda pair: st.fixed_dictionaries(
            {
                "field": st.just(pair[0]),
                "operator": st.just(pair[1]),
                "value": _value(specs[pair[0]], pair[1]),
            }
        )
    )


def _trees(specs):
    def group(members):
        return st.fixed_dictionaries(
            {
                "combinator": st.sampled_from(["and", "or"]),
                "not": st.booleans(),
                "rules": st.lists(members, min_size=1, max_size=3),
            }
        )

    rule = _rule(specs)
    return group(st.recursive(rule, group, max_leaves=6))


@pytest.fixture
def book():
    team = make_team()
    owner = make_user(team=team)
    for pk in LISTS[:2]:
        StaticList.objects.create(pk=pk, name=f"list {pk}", owner=owner)
    dates = [None, dt.date(2026, 6, 18), dt.date(2026, 6, 19), dt.date(2025, 1, 31)]
    accounts = [
        make_account(
            team=team,
            name=("株式会社青嶺", "Aomine", "a%b_c")[index % 3],
            tier="abc"[index % 3],
            status=("active", "leaving", "churned", "signed")[index % 4],
            tracked=index % 2 == 0,
            arr=Decimal((0, 5, 1200000)[index % 3]),
            licensed_users=(None, 0, 5, 120)[index % 4],
            renewal_on=dates[index % 4],
            live_on=dates[(index // 2) % 4],
        )
        for index in range(24)
    ]
    ListMember.objects.bulk_create(
        ListMember(list_id=pk, account=account)
        for index, account in enumerate(accounts)
        for place, pk in enumerate(LISTS[:2])
        if index >> place & 1
    )
    return accounts


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_sql_and_python_read_every_rule_tree_alike(book, data):
    specs = field_specs()
    raw = data.draw(_trees(specs))
    tree = parse_rule_tree(raw, specs)

    in_sql = set(Account.objects.matching(tree, MOMENT).values_list("pk", flat=True))
    in_python = {
        account.pk
        for account in Account.objects.with_fields(*FIELDS, at=AT)
        if matches(tree, {key: getattr(account, key) for key in FIELDS}, MOMENT)
    }

    assert in_sql == in_python


def test_a_missing_value_fulfils_no_comparison_but_every_negation(book):
    specs = field_specs()

    def found(operator, value):
        rule = {"field": "licensed_users", "operator": operator, "value": value}
        tree = parse_rule_tree({"combinator": "and", "rules": [rule]}, specs)
        return Account.objects.matching(tree, MOMENT).filter(licensed_users=None).count()

    assert found("<", 1000) == 0
    assert found("!=", 5) == 6


def test_a_tree_is_one_query_however_deep(book, django_assert_num_queries):
    specs = field_specs()
    rule = {"field": "tier", "operator": "=", "value": "a"}
    raw = {"combinator": "and", "rules": [rule, {"combinator": "or", "rules": [rule, rule]}]}

    with django_assert_num_queries(1):
        list(Account.objects.matching(parse_rule_tree(raw, specs), MOMENT))


def test_colleagues_are_read_once_for_all_the_roles_they_can_hold():
    with CaptureQueriesContext(connection) as asked:
        specs = field_specs()

    assert sum('FROM "accounts_user"' in query["sql"] for query in asked) == 1
    assert specs["manager"] == specs["account_owner"] == specs["deputy"]
