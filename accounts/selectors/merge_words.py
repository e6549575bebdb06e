"""What a merge took over, in words."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from accounts.choices import MergeKind
from accounts.models import Account, Contact
from accounts.querysets import OtherAccount
from accounts.selectors.attributes import attributes_named
from accounts.selectors.value_words import column_word, plain_word

#: What the names of custom attributes begin with among the values of a merge.
OWN = "attributes."


def model_of(kind: str) -> Any:
    """Return the model that a kind of merge joins rows of."""
    return Account if kind == MergeKind.ACCOUNT else Contact


def column_named(model: Any, name: str) -> Any:
    """Return the column of a stored name; nothing for one the model no longer has."""
    return next((one for one in model._meta.concrete_fields if one.name == name), None)


def rows_taken_over(row: Mapping[str, Any]) -> dict[Any, set[int]]:
    """Return the ids of rows that the values of a stored merge lead to, by model; all models."""
    found: dict[Any, set[int]] = {
        column.related_model: set()
        for model in (Account, Contact)
        for column in model._meta.concrete_fields
        if column.is_relation
    }
    for name, pair in (row.get("values") or {}).items():
        column = column_named(model_of(row["kind"]), name)
        if column is not None and column.is_relation:
            found[column.related_model] |= {key for key in pair if key}
    return found


def values_taken_over(
    values: Mapping[str, Sequence[Any]], model: Any, name_of: Callable[[Any, int], Any]
) -> list[tuple[Any, Any, Any]]:
    """Return (label, before, after) of each value that the record that stayed took over.

    :param name_of: `name_of(model, id)`, what the reader may call a row.
    """
    rows = []
    keys = [name.removeprefix(OWN) for name in values if name.startswith(OWN)]
    named = attributes_named(keys)
    for name, pair in values.items():
        if name.startswith(OWN):
            label, word = named[name.removeprefix(OWN)]
            rows.append((label, *map(word, pair)))
            continue
        column = column_named(model, name)
        label = name if column is None else column.verbose_name
        rows.append((label, *_column_words(column, pair, name_of)))
    return rows


def names_told(model: Any, ids: Sequence[int], user: Any) -> dict[int, Any]:
    """Return what rows are called, as far as the reader may know."""
    rows = model.objects.all()
    if hasattr(rows, "visible_to"):
        rows = rows.visible_to(user)
    unseen = {key: OtherAccount() if model is Account else f"#{key}" for key in ids}
    return unseen | {row.pk: str(row) for row in rows.filter(pk__in=ids)}


def names_in(record: Any, user: Any) -> Callable[[Any, int], Any]:
    """Return `name_of(model, id)` for the rows that the values of a merge lead to."""
    led_to = rows_taken_over({"kind": record.kind, "values": record.values})
    names = {model: names_told(model, sorted(ids), user) for model, ids in led_to.items() if ids}
    return lambda model, key: names[model][key]


def merge_title(record: Any, user: Any) -> str:
    """Return what a merge is called: which record went into which."""
    ids = [record.source_id, record.target_id]
    names = names_told(model_of(record.kind), ids, user)
    return f"{names[record.source_id]} → {names[record.target_id]}"


def _column_words(
    column: Any, values: Sequence[Any], name_of: Callable[[Any, int], Any]
) -> list[Any]:
    if column is None:
        return [plain_word(value) for value in values]
    if not column.is_relation:
        return [column_word(column, value) for value in values]
    return [name_of(column.related_model, key) if key else "" for key in values]
