"""Rules of segments as sentences."""

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.conditions import field_specs
from accounts.domain.rules import OPERATORS, parse_rule_tree
from accounts.selectors.rule_words import rule_sentence, sentence_of
from accounts.selectors.segments import Vocabulary
from tests.factories import make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db

TIER = {"field": "tier", "operator": "=", "value": "a"}
PHASE = {"field": "phase", "operator": "in", "value": ["onboarding", "renewal"]}
ARR = {"field": "arr", "operator": ">=", "value": 5_000_000}
RENEWAL = {"field": "renewal_on", "operator": "withinNextDays", "value": 90}
AFTER = {"field": "renewal_on", "operator": ">", "value": "2026-06-30"}


def tree(*rules, combinator="and", negated=False):
    return {"combinator": combinator, "not": negated, "rules": list(rules)}


@pytest.fixture
def vocabulary(db):
    make_organisation()
    return Vocabulary(make_user(role="administrator"))


@pytest.mark.parametrize(
    ("rule", "language", "sentence"),
    [
        (tree(TIER), "en", "Tier is A"),
        (tree(TIER), "ja", "ランクがA"),
        (
            tree(TIER, PHASE),
            "en",
            "Tier is A and Phase is one of Onboarding, Renewal",
        ),
        (tree(TIER, PHASE), "ja", "ランクがA かつ フェーズがオンボーディング、契約更新のいずれか"),
        (tree(ARR), "en", "ARR is at least 5,000,000"),
        (tree(ARR), "ja", "ARRが5,000,000以上"),
        (tree(RENEWAL), "ja", "更新判断期限が今後90日以内"),
        (tree(AFTER), "ja", "更新判断期限が2026/06/30(火)より後"),
        (
            tree(TIER, tree(ARR, RENEWAL, combinator="or")),
            "ja",
            "ランクがA かつ (ARRが5,000,000以上 または 更新判断期限が今後90日以内)",
        ),
        (tree(TIER, negated=True), "en", "not (Tier is A)"),
        (tree({"field": "tier", "operator": "null"}), "ja", "ランクに値がない"),
        (tree(), "en", "all accounts"),
        ({}, "en", "all accounts"),
    ],
)
def test_a_rule_reads_as_a_sentence(vocabulary, rule, language, sentence):
    with translation.override(language):
        assert rule_sentence(rule, vocabulary) == sentence


def test_teams_are_called_by_their_names(vocabulary):
    team = make_team(name="東チーム")
    vocabulary = Vocabulary(make_user(role="administrator"))

    said = rule_sentence(tree({"field": "team", "operator": "=", "value": team.pk}), vocabulary)

    assert "東チーム" in said or str(team) in said


def test_a_field_that_is_gone_is_called_by_its_key(vocabulary):
    rule = tree({"field": "attr.gone", "operator": "=", "value": "x"})

    assert "attr.gone" in rule_sentence(rule, vocabulary)


@pytest.mark.parametrize(
    ("kind", "operator"), [(kind, one) for kind, every in OPERATORS.items() for one in every]
)
def test_every_operator_there_is_names_its_field(kind, operator):
    for language in ("en", "ja"):
        with translation.override(language):
            assert "%(field)s" in str(sentence_of(kind, operator))


FIELDS = {
    "tier": ("choice", st.sampled_from("abc")),
    "arr": ("money", st.integers(0, 10**9)),
    "name": ("text", st.text("あいうabc", min_size=1, max_size=5)),
    "renewal_on": ("date", st.dates().map(str)),
}


@st.composite
def rules(draw):
    field = draw(st.sampled_from(sorted(FIELDS)))
    kind, values = FIELDS[field]
    operator = draw(st.sampled_from(OPERATORS[kind]))
    if operator in {"null", "notNull"}:
        return {"field": field, "operator": operator}
    if operator in {"withinNextDays", "withinLastDays", "moreThanDaysAgo"}:
        return {"field": field, "operator": operator, "value": draw(st.integers(1, 900))}
    if operator == "between":
        return {"field": field, "operator": operator, "value": sorted([draw(values), draw(values)])}
    if operator in {"in", "notIn"}:
        return {"field": field, "operator": operator, "value": [draw(values)]}
    return {"field": field, "operator": operator, "value": draw(values)}


trees = st.recursive(
    rules(),
    lambda nodes: st.builds(
        lambda parts, word, negated: tree(*parts, combinator=word, negated=negated),
        st.lists(nodes, min_size=1, max_size=3),
        st.sampled_from(["and", "or"]),
        st.booleans(),
    ),
    max_leaves=5,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rule=trees)
def test_whatever_can_be_said_reads_without_braces_and_keys(vocabulary, rule):
    rule = rule if "rules" in rule else tree(rule)
    parse_rule_tree(rule, field_specs())

    for language in ("en", "ja"):
        with translation.override(language):
            said = rule_sentence(rule, vocabulary)
        assert said.count("(") == said.count(")")
        assert not set("{}[]%") & set(said)
        assert "renewal_on" not in said
        assert "Days" not in said
