"""The question of a saved view in words: what is searched, which rules hold, what is shown."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.querysets import reach_of
from accounts.registry import ListColumn, RecordList, lists
from accounts.selectors.account_list import AccountOptions, account_records
from accounts.selectors.records import Condition, Question, read_question
from accounts.selectors.rule_words import sentence_of, value_word
from config.lib.once import once

#: How the rules of lists are told by the words of segments' rules.
_OPERATORS = {"is": "=", "any": "in", "from": ">=", "to": "<=", "contains": "contains"}


def view_words(list_key: str, query: str, user: Any) -> str:
    """Return what a view asks for as this user may ask it; nothing for one that asks for all."""
    parameters = QueryDict(query, mutable=True)
    parameters["view"] = "0"
    record_list = _list(list_key, user)
    question = read_question(record_list, parameters, reach=reach_of(user))
    return " · ".join(_parts(question, parameters))


def _parts(question: Question, parameters: QueryDict) -> Iterator[str]:
    if question.text:
        yield _("Search: %(text)s") % {"text": question.text}
    rules = [_rule(condition) for condition in question.conditions]
    if rules:
        yield pgettext("between conditions", " and ").join(rules)
    if question.is_archived:
        yield pgettext("records of a list", "Archived")
    columns = {column.key: column for column in question.columns}
    if "columns" in parameters:
        names = pgettext("between values", ", ").join(str(one.label) for one in columns.values())
        yield _("Columns: %(names)s") % {"names": names}
    if parameters.get("sort"):
        yield _order(question, columns)


def _rule(condition: Condition) -> str:
    kind = condition.filter.type
    word = condition.word if condition.operator in {"is", "any"} else value_word(condition.word)
    sentence = str(sentence_of(kind, _OPERATORS[condition.operator]))
    return sentence % {"field": condition.filter.label, "value": word}


def _order(question: Question, columns: dict[str, ListColumn]) -> str:
    key = question.sort.removeprefix("-")
    name = columns[key].label if key in columns else key
    words = _("Descending by %(name)s") if question.sort.startswith("-") else _("By %(name)s")
    return words % {"name": name}


def _list(key: str, user: Any) -> RecordList:
    """Return the list with each set of choices read once a request, however many views ask."""
    record_list = (
        lists.get(key)
        if key in lists
        else once("account_records", lambda: account_records(user, AccountOptions(user)))
    )
    filters = [
        replace(part, choices=partial(once, f"choices.{key}.{part.key}", part.options))
        if callable(part.choices)
        else part
        for part in record_list.filters
    ]
    return replace(record_list, filters=filters)
