"""Declaring custom and computed attributes; key and type stay once they are declared."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import AttributeType
from accounts.domain.formulas import (
    MOST_TOGETHER,
    FormulaError,
    names_of,
    parse_formula,
    parts_of,
)
from accounts.models import AttributeDefinition, User
from accounts.selectors.attributes import PREFIX, fields_from, readable, types_of
from accounts.services.attribute_words import settle_words
from accounts.services.attributes import RESERVED
from accounts.services.authors import written_by
from accounts.services.conflicts import apply_changes, check_columns, refusing
from accounts.services.hierarchy import hold_tree
from config.lib.problems import Conflict, FieldError, Problem

CHANGEABLE = {
    "label_en",
    "label_ja",
    "options",
    "takes_others",
    "description_en",
    "description_ja",
    "expression",
    "place",
    "is_listed",
    "required_tiers",
}
_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
#: What a formula gives → the type the attribute must have.
_GIVES = {"number": "number", "text": "text", "boolean": "boolean", "date": "date"}
_WORDS: Mapping[str, Any] = {
    "too_long": _("The formula has more than %(limit)s characters."),
    "too_deep": _("The formula nests deeper than %(limit)s levels."),
    "too_many_parts": _("The formula has more than %(limit)s parts."),
    "too_many_together": _(
        "The formula has more than %(limit)s parts, with those of the formulas it reads."
    ),
    "unreadable": _("Place %(place)s: “%(word)s” can't be read."),
    "unexpected": _("Place %(place)s: “%(word)s” is not expected here."),
    "ends_early": _("Place %(place)s: the formula ends too early."),
    "expected": _("Place %(place)s: “%(word)s” is expected."),
    "unknown_field": _("Place %(place)s: there is no field “%(field)s” a formula may read."),
    "unknown_function": _("Place %(place)s: there is no function “%(function)s”."),
    "wrong_number_of_arguments": _("Place %(place)s: “%(function)s” takes other arguments."),
    "wrong_type": _("Place %(place)s: %(wanted)s is expected, this is %(given)s."),
    "not_ordered": _("Place %(place)s: only numbers and dates have an order."),
}


class BadKey(Problem):
    """A key other programs could not use."""

    code = "bad_key"
    title = _("Give lower-case letters, digits and single underscores, a letter first.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/key", self.title)])


class KeyTaken(Conflict):
    """Another attribute has this key, perhaps an archived one."""

    code = "key_taken"
    title = _("Another attribute has this key.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/key", self.title)])


class BadFormula(Problem):
    """A formula that can't be read, or gives another type than declared."""

    code = "bad_formula"
    title = _("The formula can't be used.")


class BadOptions(Problem):
    """A choice without options, or one of them twice."""

    code = "bad_options"
    title = _("Give each option once, and at least one.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/options", self.title)])


def declare_attribute(
    *, key: str, kind: AttributeType | str, by: User | None = None, **fields: Any
) -> AttributeDefinition:
    """Declare an attribute; one with an `expression` is computed.

    :raises BadKey: for a key that is no slug, is reserved or too long.
    :raises KeyTaken: also where an archived attribute has the key; another type is another key.
    :raises BadFormula: naming the place of the fault.
    """
    if not _KEY.fullmatch(key) or key in RESERVED or len(key) > 60:
        raise BadKey
    definition = AttributeDefinition(key=key, type=AttributeType(kind))
    apply_changes(definition, fields, allowed=CHANGEABLE)
    check_columns(definition)
    with written_by(by), refusing({"accounts_attributedefinition_key_key": KeyTaken}):
        _check(definition)
        definition.save()
    return definition


def change_attribute(
    *,
    definition: AttributeDefinition,
    changes: Mapping[str, Any],
    at: dt.datetime,
    by: User | None = None,
) -> AttributeDefinition:
    """Change what an attribute is called, offers or computes.

    Stored values stay, but for words outside a list that stand for one of its options now.

    :raises BadFormula: also where two formulas would read each other.
    """
    with written_by(by):
        locked: AttributeDefinition = AttributeDefinition.objects.select_for_update().get(
            pk=definition.pk
        )
        was_computed = locked.is_computed
        apply_changes(locked, changes, allowed=CHANGEABLE)
        if locked.is_computed != was_computed:
            raise BadFormula(errors=[FieldError("/expression", _("This can't be changed later."))])
        _check(locked)
        locked.save()
        if "options" in changes:
            settle_words(definition=locked, at=at)
    return locked


def archive_attribute(
    *, definition: AttributeDefinition, archived: bool = True, by: User | None = None
) -> AttributeDefinition:
    """Take an attribute out of pages and lists, or back; twice is once. Values are kept."""
    with written_by(by):
        locked: AttributeDefinition = AttributeDefinition.objects.select_for_update().get(
            pk=definition.pk
        )
        if locked.is_archived != archived:
            locked.is_archived = archived
            locked.save(update_fields=["is_archived"])
    return locked


def _check(definition: AttributeDefinition) -> None:
    values = definition.values()
    is_offered = definition.type == AttributeType.CHOICE and not definition.is_computed
    if is_offered and (not values or len(set(values)) != len(values)):
        raise BadOptions
    definition.takes_others &= is_offered
    if not definition.is_computed:
        return
    hold_tree(AttributeDefinition._meta.db_table)
    others = AttributeDefinition.objects.filter(is_archived=False).exclude(key=definition.key)
    rows = list(others)
    own = fields_from(rows)
    members = readable(own)
    _refuse_circle(definition, rows)
    try:
        node = parse_formula(definition.expression, types_of(members))
        named = {key: members[key].parts for key in names_of(node)}
        parts_of(node, named)
        _keep_readers(definition, rows)
    except FormulaError as error:
        raise BadFormula(errors=[FieldError("/expression", _word(error))]) from error
    if _GIVES[node.type] != definition.type:
        wrong = FormulaError(0, "wrong_type", wanted=definition.type, given=node.type)
        raise BadFormula(errors=[FieldError("/type", _word(wrong))])


def _keep_readers(definition: AttributeDefinition, rows: list[AttributeDefinition]) -> None:
    """Refuse a formula by which one that reads it would grow too long.

    :raises FormulaError: where a formula of today could not be used any more.
    """
    stored = AttributeDefinition.objects.filter(is_archived=False)
    lost = fields_from(list(stored)).keys() - fields_from([*rows, definition]).keys()
    if lost:
        raise FormulaError(0, "too_many_together", limit=MOST_TOGETHER)


def _refuse_circle(definition: AttributeDefinition, rows: list[AttributeDefinition]) -> None:
    """Follow what formulas name, by their text: a circle has no field to be found by."""
    named = {row.key: _named(row.expression) for row in [*rows, definition]}
    reached, ahead = set(), set(named[definition.key])
    while ahead:
        key = ahead.pop()
        if key == definition.key:
            detail = _("The formula would read itself, directly or through others.")
            raise BadFormula(errors=[FieldError("/expression", detail)])
        if key not in reached:
            reached.add(key)
            ahead |= named.get(key, set())


def _named(expression: str) -> set[str]:
    return set(re.findall(rf"\b{PREFIX}\.([a-z][a-z0-9_]*)", expression))


def _word(error: FormulaError) -> str:
    types = {
        "number": _("a number"),
        "text": _("a text"),
        "boolean": _("yes or no"),
        "date": _("a date"),
    }
    params = {name: types.get(value, value) for name, value in error.params.items()}
    return str(_WORDS[error.code]) % {**params, "place": error.position + 1}
