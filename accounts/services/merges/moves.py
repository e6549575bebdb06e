"""Changing rows so that it can be taken back: each move keeps what a row was and what it became.

A dated fact that goes to another owner leaves a retracted copy, so that any past day can be seen
as it was known then; the row that goes on being true keeps its id.
"""

import datetime as dt
import decimal
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pghistory.models
from django.apps import apps
from django.db import connection, models

from accounts.models import MergeMove, MergeRecord
from accounts.registry import MergePart, NewRows, RowChange, merge_parts
from accounts.services.imports.turns import keep_imports_off
from config.lib.recorded import Recorded

Columns = tuple[tuple[str, Any], ...]
_KEY = "hashtext('yorisoi.merge')"


def hold_merges() -> None:
    """Let one merge follow another: what one moves, the next one sees.

    :raises ImportRunning: while an import is written, which found its accounts before.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_KEY})")
    keep_imports_off()


def keep_merges_off() -> None:
    """Let no merge begin until the commit, while many rows find their accounts; call it first."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock_shared({_KEY})")


def parts_of(record: str) -> list[MergePart]:
    """Return what merges of accounts or of contacts consist of, in their order."""
    chosen = [part for part in merge_parts.members() if part.record == record]
    return sorted(chosen, key=lambda part: (part.order, part.key))


def counted(record: str, *, source: Any, target: Any, at: dt.datetime) -> Counter[tuple[str, str]]:
    """Count what a merge would do, by key of the part and effect, without doing it."""
    counts: Counter[tuple[str, str]] = Counter()
    for part in parts_of(record):
        for change in part.changes(source=source, target=target, at=at):
            n = len(change.rows) if isinstance(change, NewRows) else change.rows.count()
            counts[part.key, change.effect] += n
    return +counts


def carry_out(record: MergeRecord, kind: str, *, source: Any, target: Any, at: dt.datetime) -> None:
    """Do what the parts of a kind say, noting every row."""
    for part in parts_of(kind):
        for change in part.changes(source=source, target=target, at=at):
            if isinstance(change, NewRows):
                add_rows(record, part.key, change)
            else:
                change_rows(record, part.key, change, at=at)


def change_rows(record: MergeRecord, part: str, change: RowChange, *, at: dt.datetime) -> None:
    """Change rows and note what they were."""
    model, names = change.rows.model, sorted(change.values)
    held = change.rows.order_by("pk").select_for_update(no_key=True, of=("self",))
    rows = list(held.values_list("pk", *names))
    after = {name: plain(change.values[name]) for name in names}
    _note(
        record,
        part,
        change.effect,
        model,
        (
            (pk, {name: plain(value) for name, value in zip(names, values, strict=True)}, after)
            for pk, *values in rows
        ),
    )
    write_rows(model, [row[0] for row in rows], change.values, at=at)


def add_rows(record: MergeRecord, part: str, change: NewRows) -> None:
    """Insert rows and note that they are new."""
    if not change.rows:
        return
    model = type(change.rows[0])
    made = model._base_manager.bulk_create(change.rows)
    _note(record, part, change.effect, model, ((row.pk, None, {}) for row in made))


def write_rows(
    model: type[models.Model], ids: Sequence[Any], values: Mapping[str, Any], *, at: dt.datetime
) -> None:
    """Set columns of rows; dated facts leave a copy of what was known until now."""
    rows: Any = model._base_manager.filter(pk__in=ids)
    values = dict(values)
    if issubclass(model, Recorded):
        columns = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
        known = [model(**{**row, "retracted_at": at}) for row in rows.values(*columns)]
        model._base_manager.bulk_create(known)
        values["recorded_at"] = at
    if any(field.name == "updated_at" for field in model._meta.concrete_fields):
        values["updated_at"] = at
    rows.update(**values)


def put_back(record: MergeRecord, *, at: dt.datetime) -> None:
    """Write everything a merge moved as it was, the last move first."""
    by_values: dict[tuple[str, Columns], list[str]] = {}
    for move in record.moves.order_by("-pk"):
        columns = tuple(sorted((move.before or {"": None}).items()))
        by_values.setdefault((move.model, columns), []).append(move.row_id)
    for (label, columns), ids in by_values.items():
        model = apps.get_model(label)
        keys = [_key(model, text) for text in ids]
        if columns == (("", None),):
            model._base_manager.filter(pk__in=keys).delete()
            continue
        values = {name: _value(model, name, value) for name, value in columns}
        write_rows(model, keys, values, at=at)


def rows_changed_since(record: MergeRecord) -> Counter[type[models.Model]]:
    """Count the rows that are no longer as the merge left them, by model."""
    moves: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for move in record.moves.order_by("pk"):
        moves[move.model].setdefault(move.row_id, {}).update(move.after)
    changed: Counter[type[models.Model]] = Counter()
    for label, expected in moves.items():
        model = apps.get_model(label)
        names = sorted({name for after in expected.values() for name in after})
        keys = [_key(model, text) for text in expected]
        rows = model._base_manager.filter(pk__in=keys).values("pk", *names)
        present = {str(row["pk"]): row for row in rows}
        changed[model] += sum(
            row_id not in present
            or any(plain(present[row_id][name]) != value for name, value in after.items())
            for row_id, after in expected.items()
        )
    return +changed


def rows_added_since(record: MergeRecord) -> Counter[type[models.Model]]:
    """Count rows of the target that hang on rows which would go back, but came later."""
    moved: dict[type[models.Model], set[Any]] = defaultdict(set)
    went_over = record.moves.filter(before__has_key="account_id")
    for label, row_id in went_over.values_list("model", "row_id"):
        model = apps.get_model(label)
        moved[model].add(_key(model, row_id))
    added: Counter[type[models.Model]] = Counter()
    for model, keys in moved.items():
        for other, link in _links_to(model):
            rows = other._base_manager.filter(
                **{f"{link}__in": keys}, account_id=record.account_id
            ).exclude(pk__in=moved.get(other, ()))
            if any(column.name == "retracted_at" for column in other._meta.concrete_fields):
                rows = rows.filter(retracted_at__isnull=True)
            added[other] += rows.distinct().count()
    return +added


def plain(value: Any) -> Any:
    """Return a column's value as JSON holds it, without losing anything."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, uuid.UUID | decimal.Decimal):
        return str(value)
    return value


def _note(
    record: MergeRecord,
    part: str,
    effect: str,
    model: type[models.Model],
    rows: Iterable[tuple[Any, Any, Any]],
) -> None:
    MergeMove.objects.bulk_create(
        (
            MergeMove(
                record=record,
                part=part,
                effect=effect,
                model=model._meta.label_lower,
                row_id=str(pk),
                before=before,
                after=after,
            )
            for pk, before, after in rows
        ),
        batch_size=1000,
    )


def _key(model: type[models.Model], text: str) -> Any:
    return model._meta.pk.to_python(text)


def _value(model: type[models.Model], name: str, value: Any) -> Any:
    column: Any = model._meta.get_field(name)
    return (column.target_field if column.is_relation else column).to_python(value)


def _has_own_account(model: type[models.Model]) -> bool:
    return any(field.name == "account" for field in model._meta.concrete_fields)


def _links_to(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """Yield what belongs to an account itself and points at rows of this model."""
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel | models.ManyToManyRel):
            other = relation.related_model
            remembers = issubclass(other, pghistory.models.Event)
            if _has_own_account(other) and relation.field.model is other and not remembers:
                yield other, relation.field.name
