"""Lines of the history as people read them: labels of fields, words of choices, names of rows."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import AttributeDefinition, AttributeValue, User
from accounts.models.names import NAME_PARTS, person_name
from accounts.registry import audited, audited_parts, fields, told_columns
from accounts.selectors.attributes import declared, definitions
from accounts.selectors.change_names import Names
from accounts.selectors.changes import Change, Trail
from accounts.selectors.touchpoint_types import touchpoint_types
from accounts.selectors.value_words import (
    amount_word,
    attribute_word,
    column_word,
    is_empty,
    plain_word,
)
from config.lib.formats import is_japanese

ACTIONS: dict[str, Any] = {
    "insert": pgettext_lazy("history", "Added"),
    "update": pgettext_lazy("history", "Changed"),
    "delete": pgettext_lazy("history", "Removed"),
    "fact": pgettext_lazy("history", "Recorded"),
}
WITHDRAWN: Any = pgettext_lazy("history", "Withdrawn")
THROUGH: dict[str, Any] = {
    "page": pgettext_lazy("changed through", "Page"),
    "api": "API",
    "admin": pgettext_lazy("changed through", "Administration"),
    "events": pgettext_lazy("changed through", "Usage events"),
    "import": pgettext_lazy("changed through", "Import"),
    "survey": pgettext_lazy("changed through", "Survey form"),
    "system": pgettext_lazy("changed through", "Automatic"),
}
_PATHS = (
    ("/api/", "api"),
    ("/admin/", "admin"),
    ("/v1/", "events"),
    ("/s/", "survey"),
    ("/u/", "survey"),
    ("/", "page"),
)
_LABELS: dict[str, Any] = {
    "starts_on": pgettext_lazy("history", "From day"),
    "ends_on": pgettext_lazy("history", "Until before"),
    "retracted_at": pgettext_lazy("history", "Withdrawn"),
    "key": pgettext_lazy("history", "Field"),
    "value": pgettext_lazy("history", "Value"),
    "user": pgettext_lazy("history", "Person"),
    "account": pgettext_lazy("history", "Account"),
    "contact": pgettext_lazy("history", "Contact"),
    "from_contact": pgettext_lazy("history", "From contact"),
    "to_contact": pgettext_lazy("history", "To contact"),
    "parent": pgettext_lazy("history", "Above it"),
    "successor": _("Successor"),
    "moved_from": _("Came from"),
    "merged_into": pgettext_lazy("history", "Merged into"),
    "created_by": pgettext_lazy("history", "Made by"),
    "merged_by": pgettext_lazy("history", "Merged by"),
    "undone_by": pgettext_lazy("history", "Undone by"),
    "published_by": pgettext_lazy("history", "Published by"),
    "author": pgettext_lazy("history", "Written by"),
    "added_at": pgettext_lazy("history", "Added at"),
    "archived_at": pgettext_lazy("history", "Archived at"),
    "revoked_at": pgettext_lazy("history", "Revoked at"),
    "is_shipped": pgettext_lazy("history", "Shipped with the product"),
    "prefix": _("begins with"),
    "cadence_days": _("Cadence in days"),
    "onboarding_cadence_days": _("During onboarding"),
    "near_cadence_days": _("Near the renewal"),
    "required_roles": _("Required roles"),
}
_UNSAID = {
    "id",
    "search_text",
    "name_key",
    "recorded_at",
    "created_at",
    "updated_at",
    "stage",
    "starter_digest",
    "is_declared",
    "digest",
    "person_key",
    "object_id",
    "schema_version",
    "step_key",
    "group",
}
#: Columns a row is called by, the best one first; the second are read in English before them.
_NAMED = ("name", "name_ja", "subject", "product", "title_ja", "label_ja", "domain", "external_id")
_NAMED_IN_ENGLISH = ("name_latin", "name_en", "title_en", "label_en")
#: References to what a row without a name of its own belongs to, the nearest one first.
_BELONGS = (
    "touchpoint", "ticket", "invoice", "contract", "contact", "from_contact", "run", "playbook",
    "wave", "survey", "scorecard", "segment", "account", "team", "user",
)  # fmt: skip
#: What tells rows of settings apart that neither have a name nor belong to anything.
_KEYED = ("role", "kind", "touch_model", "kpi", "key")
#: Columns that hold an amount, in the currency of the row or of what the row belongs to.
_AMOUNTS = {"arr", "mrr", "last_arr", "amount", "paid_amount"}
HIDDEN: Any = _("not shown to you")


@dataclass(frozen=True)
class Entry:
    """One field of a line: what it was and what it became, as dates, numbers or words.

    `column` is its name for programs; a member of an object stands behind a point.
    """

    label: Any
    before: Any
    after: Any
    column: str = ""


@dataclass(frozen=True)
class Line:
    """One change as it is read."""

    at: dt.datetime
    who: Any
    through: Any
    action: Any
    part: Any
    subject: Any
    entries: list[Entry]
    change: Change

    @property
    def is_inner(self) -> bool:
        """Say whether nothing changed of what a reader knows by a word."""
        return self.change.action == "update" and not self.entries


def lines(
    rows: Sequence[Change],
    trails: Sequence[Trail],
    *,
    user: Any,
    private: Mapping[str, Iterable[str]] | None = None,
    own: str = "",
) -> list[Line]:
    """Return the lines in words.

    :param private: model label → columns whose values are not told.
    :param own: the record's own trail, whose part needs no name.
    """
    by_key = {trail.key: trail for trail in trails}
    words = {} if own else {one.model: one.words for one in audited.members() if one.words}
    names = Names(by_key.values(), rows, user, sealed=words)
    attributes = declared()
    # Words that some lines need are read on every page, once: what stands there costs the same.
    touchpoint_types()
    definitions()
    return [
        _line(
            row,
            by_key[row.trail],
            names,
            attributes,
            {*(private or {}).get(row.trail, ()), *names.unread(by_key[row.trail].model, row)},
            own,
        )
        for row in rows
    ]


def through(context: Mapping[str, Any]) -> str:
    """Return what a change came through, as a key of `THROUGH`."""
    if "import_run" in context:
        return "import"
    url = context.get("url") or ""
    return next((key for path, key in _PATHS if url.startswith(path)), "system")


def trail_label(model: Any) -> str:
    """Return what one row of a table is called."""
    labels = (part.label for part in audited_parts.members() if part.model is model)
    return capfirst(str(next(labels, model._meta.verbose_name)))


def _line(
    row: Change,
    trail: Trail,
    names: Names,
    attributes: Mapping[str, AttributeDefinition],
    private: set[str],
    own: str,
) -> Line:
    taken = (
        row.action == "update"
        and row.new.get("retracted_at")
        and not (row.old or {}).get("retracted_at")
    )
    withdrawn = taken or (trail.is_fact and row.new.get("retracted_at"))
    entries = [
        entry
        for field in said_fields(trail.model)
        if field.attname != trail.owner
        for entry in _entries(field, row, names, attributes, field.name in private)
    ]
    return Line(
        at=row.at,
        who=names.of(User, row.context.get("user")) if row.context.get("user") else "",
        through=THROUGH[through(row.context)],
        action=WITHDRAWN if withdrawn else ACTIONS.get(row.action, row.action),
        part="" if trail.key == own else trail_label(trail.model),
        subject="" if own else _subject(row, trail, names, private),
        entries=entries,
        change=row,
    )


def _subject(row: Change, trail: Trail, names: Names, private: set[str]) -> str:
    """Return what the row called itself when it was written, what it belongs to, or its number."""
    if row.new.get("family_name") or row.new.get("given_name"):
        return person_name(*(row.new.get(part) or "" for part in NAME_PARTS))
    called = _NAMED if is_japanese() else (*_NAMED_IN_ENGLISH, *_NAMED)
    own = next((row.new[name] for name in called if row.new.get(name) and name not in private), "")
    return str(own or _owner(row, trail, names) or _keys(row, trail, names) or f"#{row.obj}")


def _owner(row: Change, trail: Trail, names: Names) -> Any:
    pointing = {f.name: f for f in trail.model._meta.concrete_fields if f.is_relation}
    near = (pointing[name] for name in _BELONGS if name in pointing)
    field = next((one for one in near if row.new.get(one.attname) is not None), None)
    if field is not None:
        return names.placed(field.related_model, row.new[field.attname])
    return next((names.placed(*place) for place in names.led_to(trail, row.new)), "")


def _keys(row: Change, trail: Trail, names: Names) -> str:
    fields = {field.name: field for field in trail.model._meta.concrete_fields}
    words = [
        _words(fields[name], None, row.new[name], row, names)
        for name in _KEYED
        if name in fields and row.new.get(name)
    ]
    return " · ".join(str(after) for lines in words for _label, _before, after in lines)


def _words(field: Any, before: Any, after: Any, row: Change, names: Names) -> Any:
    """Return lines of (label, before, after) of a column that leads to no other record."""
    if tell := _teller(field):
        return tell(before, after, row=row.new, names=names)
    if field.name in _AMOUNTS and (currency := _currency(field, row.new, names)):
        earlier = _currency(field, row.old or row.new, names)
        return [(None, amount_word(before, earlier), amount_word(after, currency))]
    return [(None, column_word(field, before), column_word(field, after))]


def _currency(field: Any, stored: Mapping[str, Any], names: Names) -> str:
    if own := stored.get("currency"):
        return str(own)
    near = (one for one in field.model._meta.concrete_fields if one.name in ("contract", "invoice"))
    rows = (names.row(one.related_model, stored.get(one.attname)) for one in near)
    return next((row.currency for row in rows if row is not None), "")


def _teller(field: Any) -> Any:
    key = f"{field.model._meta.label_lower}.{field.name}"
    return told_columns.get(key) if key in told_columns else None


def _entries(
    field: Any,
    row: Change,
    names: Names,
    attributes: Mapping[str, AttributeDefinition],
    is_private: bool,
) -> list[Entry]:
    if field.attname not in row.new:
        return []
    new, old = row.new[field.attname], (row.old or {}).get(field.attname)
    before, after = (new, None) if row.action == "delete" else (old, new)
    if row.action == "update" and row.old is None:
        before = None
    if before == after or (is_empty(before) and is_empty(after)):
        return []
    label = field_label(field)
    if field.name == "retracted_at" and row.action == "fact":
        return []
    if is_private:
        return [Entry(label, HIDDEN if before else "", HIDDEN if after else "", field.name)]
    is_object = isinstance(before, dict) or isinstance(after, dict)
    if is_object and _teller(field) is None:
        return _parts(field.name, label, before or {}, after or {}, attributes)
    if field.name == "key" and field.model is AttributeValue:
        return [Entry(label, "", _own_label(after, attributes), field.name)]
    if field.name == "value" and field.model is AttributeValue:
        return [Entry(label, "", _own_word(row.new.get("key"), after, attributes), field.name)]
    if field.is_relation:
        return [Entry(label, names.said(field, before), names.said(field, after), field.name)]
    told = _words(field, before, after, row, names)
    return [Entry(label if own is None else own, old, new, field.name) for own, old, new in told]


def said_fields(model: Any) -> list[Any]:
    """Return the columns whose changes are told: those the history keeps; of facts all."""
    every = model._meta.concrete_fields
    events = getattr(model, "pgh_event_model", model)
    kept = {field.name for field in events._meta.concrete_fields} - _UNSAID
    return [field for field in every if field.name in kept and not field.primary_key]


def field_label(field: Any) -> Any:
    """Return the word for a column; a reference without one is called like what it leads to."""
    is_own_key = field.name == "key" and field.model is not AttributeValue
    if field.name in _LABELS and not is_own_key:
        return _LABELS[field.name]
    if field.is_relation and field._verbose_name is None:
        return capfirst(str(field.related_model._meta.verbose_name))
    return capfirst(str(field.verbose_name))


def _own_label(key: Any, attributes: Mapping[str, AttributeDefinition]) -> Any:
    """Return the label of an attribute, or of a column of accounts that is kept like one."""
    if key in attributes:
        return str(attributes[key])
    return fields.get(key).label if key in fields else key


def _own_word(key: Any, value: Any, attributes: Mapping[str, AttributeDefinition]) -> Any:
    """Return the word of an attribute's value, or of a column of accounts kept like one."""
    if key in attributes:
        return attribute_word(attributes[key], value)
    choices = fields.get(key).choices if key in fields else None
    words = dict(choices()) if choices is not None else {}
    return words.get(value) if isinstance(value, str) and value in words else plain_word(value)


def _parts(
    column: str,
    label: Any,
    before: Any,
    after: Any,
    attributes: Mapping[str, AttributeDefinition],
) -> list[Entry]:
    """Return the members of an object that differ, each as a field of its own."""
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return [Entry(label, plain_word(before), plain_word(after), column)]
    changed = [key for key in sorted({*before, *after}) if before.get(key) != after.get(key)]
    return [
        Entry(
            _own_label(key, attributes),
            _own_word(key, before.get(key), attributes),
            _own_word(key, after.get(key), attributes),
            f"{column}.{key}",
        )
        for key in changed
    ]
