import pytest

from accounts.domain.rules import FieldSpec, RuleError, fields_of, parse_rule_tree

FIELDS = {
    "tier": FieldSpec("choice", ("a", "b", "c")),
    "arr": FieldSpec("money"),
    "seats": FieldSpec("number"),
    "renewal_on": FieldSpec("date"),
    "name": FieldSpec("text"),
    "tracked": FieldSpec("boolean"),
    "lists": FieldSpec("set"),
}


def rule(field="tier", operator="=", value="a"):
    return {"field": field, "operator": operator, "value": value}


def group(*rules, **extra):
    return {"combinator": "and", "rules": list(rules), **extra}


def nested(depth):
    tree = group(rule())
    for _ in range(depth - 1):
        tree = group(tree)
    return tree


@pytest.mark.parametrize(
    ("raw", "pointer", "code"),
    [
        ([], "", "not_a_group"),
        (group(rule(), combinator="xor"), "/combinator", "unknown_combinator"),
        ({"combinator": "and"}, "/rules", "rules_missing"),
        (group("tier = a"), "/rules/0", "not_a_rule"),
        (group(rule(field="colour")), "/rules/0/field", "unknown_field"),
        (group(rule(field=["tier"])), "/rules/0/field", "unknown_field"),
        (group(rule(operator="contains")), "/rules/0/operator", "unknown_operator"),
        (group(rule(value="d")), "/rules/0/value", "unknown_option"),
        (group(rule(operator="in", value=[])), "/rules/0/value", "not_a_list"),
        (group(rule(operator="in", value=["a", "z"])), "/rules/0/value/1", "unknown_option"),
        (group(rule("arr", ">", "much")), "/rules/0/value", "not_a_number"),
        (group(rule("arr", ">", "NaN")), "/rules/0/value", "not_a_number"),
        (group(rule("arr", ">", 1e40)), "/rules/0/value", "not_a_number"),
        (group(rule("seats", ">", float("nan"))), "/rules/0/value", "not_a_number"),
        (group(rule("seats", ">", 10**400)), "/rules/0/value", "not_a_number"),
        (group(rule("seats", ">", True)), "/rules/0/value", "not_a_number"),
        (group(rule("seats", "between", [5, 1])), "/rules/0/value", "wrong_order"),
        (group(rule("seats", "between", 5)), "/rules/0/value", "not_two_values"),
        (group(rule("renewal_on", "=", "31.1.2026")), "/rules/0/value", "not_a_date"),
        (group(rule("renewal_on", "withinNextDays", -1)), "/rules/0/value",
         "not_a_number_of_days"),
        (group(rule("name", "=", "")), "/rules/0/value", "not_a_text"),
        (group(rule("name", "=", "a\x00")), "/rules/0/value", "not_a_text"),
        (group(rule("tracked", "=", "yes")), "/rules/0/value", "not_a_boolean"),
        (group(rule("lists", "=", 1)), "/rules/0/operator", "unknown_operator"),
        (group(rule("lists", "in", ["1"])), "/rules/0/value/0", "unknown_option"),
        (group(rule("lists", "in", [True])), "/rules/0/value/0", "unknown_option"),
        (group(rule("lists", "notIn", [2**63])), "/rules/0/value/0", "unknown_option"),
        (group(rule(), group()), "/rules/1/rules", "empty_group"),
        (group(rule(), **{"not": "yes"}), "/not", "not_a_boolean"),
        (nested(7), "/rules/0" * 6, "too_deep"),
        (group(*[rule()] * 51), "/rules/50", "too_many_rules"),
    ],
)  # fmt: skip
def test_a_faulty_tree_is_refused_at_its_place(raw, pointer, code):
    with pytest.raises(RuleError) as refused:
        parse_rule_tree(raw, FIELDS)

    assert (refused.value.pointer, refused.value.code) == (pointer, code)


def test_the_deepest_tree_allowed_is_read_and_its_fields_are_known():
    tree = parse_rule_tree(group(nested(5), rule("seats", ">=", 3)), FIELDS)

    assert fields_of(tree) == {"tier", "seats"}
