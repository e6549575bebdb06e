"""Custom and computed attributes as fields: read once a request, without a restart.

A computed one may read others; whoever closed a circle behind the service's back gets no field.
"""

import datetime as dt
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from django.db.models.expressions import Combinable

from accounts.choices import RecordKind
from accounts.domain.formulas import FormulaError, Node, names_of, parse_formula, parts_of
from accounts.models import AttributeDefinition, Organisation
from accounts.registry import Field, fields
from accounts.selectors.formulas import READS, compile_formula, stored_attribute
from accounts.selectors.value_words import attribute_word
from config.lib.once import once

PREFIX = "attributes"
STARTER = Path(__file__).parent.parent / "starter" / "attributes"
READABLE = (RecordKind.ACCOUNT, RecordKind.TOUCHPOINT)
#: What a formula gives is shown as a figure; exports keep it whole.
FIGURE = "figure"
STAGES = ("accounts", "surveys", "scoring", "playbooks")
#: The account list shows these after its built-in columns.
FIRST_PLACE = 1000


def attribute_fields() -> Mapping[str, Field]:
    """Return the field of every attribute in use, by key, in one query a request."""
    return once("attribute.fields", lambda: fields_from(definitions()))


def definitions() -> list[AttributeDefinition]:
    """Return the attributes in use in their order, in one query a request."""
    rows = AttributeDefinition.objects.filter(is_archived=False).order_by("place", "key")
    return once("attribute.definitions", lambda: list(rows))


def shipped_attribute(key: str) -> AttributeDefinition | None:
    """Return an attribute as it is shipped, not stored; None where none has the key."""
    return next((row for row in shipped_attributes() if row.key == key), None)


def shipped_attributes(*, besides: Collection[str] = ()) -> list[AttributeDefinition]:
    """Return the attributes an organisation may start from, but for those of these keys."""
    rows = (json.loads(path.read_text("utf-8")) for path in sorted(STARTER.glob("*.json")))
    return [AttributeDefinition(**row) for row in rows if row["key"] not in besides]


def declared() -> dict[str, AttributeDefinition]:
    """Return every attribute by its key, also those no longer in use, in one query a request."""
    rows = AttributeDefinition.objects.all()
    return once("attribute.declared", lambda: {row.key: row for row in rows})


def attributes_named(keys: Sequence[str]) -> dict[str, tuple[str, Callable[[Any], Any]]]:
    """Return (label, how a stored value reads) of attributes, also of those no longer in use.

    One nobody declares any more is called by its key.
    """
    known = declared() if keys else {}
    return {
        key: (str(known.get(key, key)), partial(attribute_word, known.get(key))) for key in keys
    }


def fields_from(rows: list[AttributeDefinition]) -> dict[str, Field]:
    """Return the fields of these definitions; a formula that can't be used has none."""
    found = {f"{PREFIX}.{row.key}": _stored(row) for row in rows if not row.is_computed}
    waiting = [row for row in rows if row.is_computed]
    while waiting:
        ready = {}
        for row in waiting:
            try:
                ready[f"{PREFIX}.{row.key}"] = _computed(row, found)
            except FormulaError:
                continue
        if not ready:
            break
        found |= ready
        waiting = [row for row in waiting if f"{PREFIX}.{row.key}" not in ready]
    return found


def readable(own: Mapping[str, Field]) -> dict[str, Field]:
    """Return the fields a formula may read: of the account, and when there were talks.

    One that reads of talks is shown to who may see them only.
    """
    members = {field.key: field for field in fields.members()} | dict(own)
    return {
        key: field
        for key, field in members.items()
        if field.type in READS and field.kind in READABLE
    }


def types_of(members: Mapping[str, Field]) -> dict[str, str]:
    """Return what each field is to a formula."""
    return {key: READS[field.type] for key, field in members.items()}


def _stored(row: AttributeDefinition) -> Field:
    key, type_ = row.key, row.type

    def expression(at: dt.datetime) -> Combinable:
        return stored_attribute(key, type_)

    return _field(row, "accounts", expression)


def _computed(row: AttributeDefinition, own: Mapping[str, Field]) -> Field:
    members = readable(own)
    node: Node = parse_formula(row.expression, types_of(members))
    used = {key: members[key] for key in names_of(node)}
    stage = max((field.stage for field in used.values()), key=STAGES.index, default="accounts")

    def expression(at: dt.datetime) -> Combinable:
        value: Combinable = compile_formula(node, used, at=at, zone=Organisation.objects.zone())
        return value

    told_by = next((field.kind for field in used.values() if field.kind != READABLE[0]), "")
    parts = parts_of(node, {key: field.parts for key, field in used.items()})
    return replace(_field(row, stage, expression), told_by=told_by, parts=parts)


def _field(row: AttributeDefinition, stage: str, expression: Any) -> Field:
    is_choice = row.type == "choice" and not row.is_computed
    return Field(
        key=f"{PREFIX}.{row.key}",
        type=row.type if is_choice or row.type != "choice" else "text",
        label=str(row),
        stage=stage,
        expression=expression,
        choices=row.choices if is_choice else None,
        words=row.words if is_choice else None,
        order=FIRST_PLACE + row.place if row.is_listed else None,
        template=FIGURE if row.is_computed and row.type == "number" else "",
        is_filter=is_choice,
        is_secondary=True,
        now_only=True,
    )
