"""Names of the records that lines of the history point at.

They are read in one query a kind of row, always the same ones, so that a page of fifty lines costs
what a page of one costs. A name the reader may not see is not told.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from accounts.models import Account, User
from accounts.querysets import OtherAccount, reach_of
from accounts.registry import leading_columns
from accounts.selectors.changes import Change, Trail
from accounts.selectors.value_words import is_empty


class Names:
    """Names of the rows that lines of the history point at, one query a model."""

    def __init__(
        self,
        trails: Iterable[Trail],
        rows: Sequence[Change],
        user: Any,
        *,
        sealed: Mapping[Any, Iterable[str]],
    ) -> None:
        """Read the names; `sealed` are the columns of models only who sees a row is told."""
        self.user, self._reach, self._sealed = user, reach_of(user), sealed
        wanted: dict[Any, set[int]] = {User: set()}
        pointing: dict[str, list[Any]] = {}
        for trail in trails:
            pointing[trail.key] = [f for f in trail.model._meta.concrete_fields if f.is_relation]
            for field in pointing[trail.key]:
                wanted.setdefault(field.related_model, set())
            for model in _led_to(trail, {}):
                wanted.setdefault(model, set())
            if trail.model in sealed:
                own = {row.obj for row in rows if row.trail == trail.key}
                wanted[trail.model] = wanted.get(trail.model, set()) | own
            self._note(wanted, trail, [row for row in rows if row.trail == trail.key], pointing)
        self._known = {model: self._read(model, ids, user) for model, ids in wanted.items()}

    def of(self, model: Any, number: Any) -> Any:
        """Return the name of a row; `#7` for one that is gone or out of sight.

        Accounts never go, so one without a name is one the reader does not see.
        """
        if isinstance(number, str) and number.isdigit():
            number = int(number)
        row = self.row(model, number)
        name = "" if row is None else str(row)
        return name or (OtherAccount() if model is Account else f"#{number}")

    def unread(self, model: Any, row: Change) -> Iterable[str]:
        """Return the columns of a row whose words the reader must not be told."""
        if model not in self._sealed or row.obj in self._known[model]:
            return ()
        mine = self.user.pk in (row.new.get("owner_id"), row.new.get("created_by_id"))
        return () if mine else self._sealed[model]

    def row(self, model: Any, number: Any) -> Any:
        """Return a row that lines point at; None for one that is gone or out of sight."""
        return self._known.get(model, {}).get(number)

    def said(self, field: Any, value: Any) -> Any:
        """Return the name of the row a stored reference leads to; nothing for none."""
        return "" if is_empty(value) else self.of(field.related_model, value)

    def placed(self, model: Any, number: Any) -> Any:
        """Return the name of a row behind that of its account: contracts are called alike."""
        row = self.row(model, number)
        account = getattr(row, "account", None)
        name = self.of(model, number)
        return name if account is None else f"{self._reach.told(account)} · {name}"

    def led_to(self, trail: Trail, row: Mapping[str, Any]) -> Iterator[tuple[Any, int]]:
        """Yield (model, id) of the rows that a stored row names inside of its columns."""
        for model, ids in _led_to(trail, row).items():
            yield from ((model, pk) for pk in sorted(ids))

    def _note(
        self,
        wanted: dict[Any, set[int]],
        trail: Trail,
        rows: Sequence[Change],
        pointing: Mapping[str, list[Any]],
    ) -> None:
        for row in rows:
            if isinstance(user := row.context.get("user"), int):
                wanted[User].add(user)
            for side in (row.new, row.old or {}):
                for model, ids in _led_to(trail, side).items():
                    wanted[model] |= ids
                for field in pointing[trail.key]:
                    if side.get(field.attname) is not None:
                        wanted[field.related_model].add(side[field.attname])

    def _read(self, model: Any, ids: set[int], user: Any) -> dict[int, Any]:
        rows = model._base_manager.all()
        if hasattr(model.objects, "visible_to"):
            rows = model.objects.visible_to(user)
        near = [f.name for f in model._meta.concrete_fields if f.is_relation]
        rows = rows.select_related(*near) if near else rows
        # A number no row has keeps the statement there when nothing is asked for.
        return {row.pk: row for row in rows.filter(pk__in=[0, *ids])}


def _led_to(trail: Trail, row: Mapping[str, Any]) -> dict[Any, set[int]]:
    """Return the ids that columns of a row name inside of what they hold, by model."""
    found: dict[Any, set[int]] = {}
    row = {**dict(trail.where), **row}
    for field in trail.model._meta.concrete_fields:
        key = f"{field.model._meta.label_lower}.{field.name}"
        for model, ids in (leading_columns.get(key)(row) if key in leading_columns else {}).items():
            found[model] = found.get(model, set()) | ids
    return found
