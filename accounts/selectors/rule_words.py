"""The rule of a segment as a sentence: fields by their labels, values by their words."""

import datetime as dt
from collections.abc import Hashable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.selectors.segments import Vocabulary
from config.lib import formats

#: How each operator reads, all types of fields together; (type, operator) where one differs.
SENTENCES: dict[Any, Any] = {
    "=": gettext_lazy("%(field)s is %(value)s"),
    "!=": gettext_lazy("%(field)s is not %(value)s"),
    "in": gettext_lazy("%(field)s is one of %(value)s"),
    "notIn": gettext_lazy("%(field)s is none of %(value)s"),
    "contains": gettext_lazy("%(field)s contains “%(value)s”"),
    "doesNotContain": gettext_lazy("%(field)s does not contain “%(value)s”"),
    "beginsWith": gettext_lazy("%(field)s begins with “%(value)s”"),
    "<": gettext_lazy("%(field)s is less than %(value)s"),
    "<=": gettext_lazy("%(field)s is at most %(value)s"),
    ">": gettext_lazy("%(field)s is more than %(value)s"),
    ">=": gettext_lazy("%(field)s is at least %(value)s"),
    "between": gettext_lazy("%(field)s is from %(value)s to %(last)s"),
    "null": gettext_lazy("%(field)s is not known"),
    "notNull": gettext_lazy("%(field)s is known"),
    "withinNextDays": gettext_lazy("%(field)s is within the next %(value)s days"),
    "withinLastDays": gettext_lazy("%(field)s is within the last %(value)s days"),
    "moreThanDaysAgo": gettext_lazy("%(field)s is more than %(value)s days ago"),
    ("date", "<"): gettext_lazy("%(field)s is before %(value)s"),
    ("date", "<="): gettext_lazy("%(field)s is on or before %(value)s"),
    ("date", ">"): gettext_lazy("%(field)s is after %(value)s"),
    ("date", ">="): gettext_lazy("%(field)s is on or after %(value)s"),
    ("set", "in"): gettext_lazy("%(field)s has one of %(value)s"),
    ("set", "notIn"): gettext_lazy("%(field)s has none of %(value)s"),
}


def rule_sentence(rule: Mapping[str, Any], vocabulary: Vocabulary) -> str:
    """Return a rule tree as one sentence; a field the reader does not know by its key."""
    if "field" in rule:
        return _comparison(rule, vocabulary)
    parts = [_part(node, vocabulary) for node in rule.get("rules", ())]
    if not parts:
        return _("all accounts")
    both, either = pgettext("between conditions", " and "), pgettext("between conditions", " or ")
    joined = (either if rule.get("combinator") == "or" else both).join(parts)
    return _("not (%(condition)s)") % {"condition": joined} if rule.get("not") else joined


def sentence_of(kind: str, operator: str) -> Any:
    """Return how a comparison of a type of field reads; one no longer made, by its key."""
    plain = f"%(field)s {operator.replace('%', '%%')} %(value)s"
    return SENTENCES.get((kind, operator)) or SENTENCES.get(operator, plain)


def _part(node: Mapping[str, Any], vocabulary: Vocabulary) -> str:
    words = rule_sentence(node, vocabulary)
    is_joined = len(node.get("rules", ())) > 1 and not node.get("not")
    return f"({words})" if is_joined else words


def _comparison(rule: Mapping[str, Any], vocabulary: Vocabulary) -> str:
    known = vocabulary.fields.get(rule["field"])
    kind = known.type if known else ""
    raw = rule.get("value")
    values = raw if isinstance(raw, list) else [] if raw is None else [raw]
    words = dict(vocabulary.words(rule["field"]) or ())
    said = [_said(words, kind, vocabulary.meant(rule["field"], value)) for value in values]
    operator = str(rule.get("operator", ""))
    is_span = operator == "between" and len(said) > 1
    parts = {
        "field": known.label if known else rule["field"],
        "value": said[0] if is_span else pgettext("between values", ", ").join(said),
        "last": said[-1] if said else "",
    }
    return str(sentence_of(kind, operator)) % parts


def value_word(value: Any) -> str:
    """Return a value of a rule as it is read: yes or no, a number, a day, a text."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | float | Decimal):
        return formats.number(value)
    return formats.day(value) if isinstance(value, dt.date) else str(value)


def _said(words: Mapping[Any, Any], kind: str, value: Any) -> str:
    is_key = isinstance(value, Hashable) and value in words
    return str(words[value]) if is_key else _value(kind, value)


def _value(kind: str, value: Any) -> str:
    day = parse_date(value) if kind == "date" and isinstance(value, str) else None
    return value_word(day or value)
