"""Touchpoints: noting what was said, correcting it, taking it back.

Health counts talks, so a correction must not change what was known before. The row keeps its id
and takes the new values; beside it stays a retracted copy of how it was.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import Direction, Side, Signal
from accounts.domain.touchpoint_types import INTERNAL_NOTE
from accounts.models import Account, Contact, Touchpoint, TouchpointSignal, TouchpointTodo, User
from accounts.selectors.touchpoint_types import find_type, touchpoint_types
from accounts.services.accounts import AccountArchived, hold_accounts, lock_account
from accounts.services.authors import written_by
from accounts.services.conflicts import ExternalIdTaken, apply_changes, check_columns, refusing
from accounts.services.corrections import is_copy
from accounts.services.dirty import mark_accounts_dirty
from accounts.services.mentions import note_mentions
from accounts.services.touchpoint_types import UnknownTouchpointType
from config.lib.problems import Conflict, FieldError, Problem

PLAIN = {
    "external_id",
    "type",
    "direction",
    "occurred_at",
    "duration_minutes",
    "subject",
    "body",
    "purpose",
    "decisions",
    "next_on",
    "sentiment",
    "visibility",
    "is_draft",
}
#: Nearer to the edges of the calendar, an instant has no date in half of the world's zones.
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
#: What health is computed from; everything else is words.
WEIGHTY = {"type", "direction", "occurred_at", "is_draft", "contacts", "users", "signals"}
SLACK = dt.timedelta(minutes=15)
_CONFLICTS = {"accounts_touch_external_id": ExternalIdTaken}


class NotYetHeld(Problem):
    """A talk that has not taken place can't have been one."""

    code = "not_yet_held"
    title = _("A talk in the future can't be logged yet.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/occurred_at", self.title)])


class OutsideTheCalendar(Problem):
    """An instant at the edge of the calendar, which half of the world's zones can't show."""

    code = "outside_the_calendar"
    title = _("A talk must lie between the years 1900 and 2199.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/occurred_at", self.title)])


class NoteIsInternal(Problem):
    """An internal note is internal, and a talk with the customer is not."""

    code = "note_is_internal"
    title = _("Internal notes, and only they, have the direction “internal”.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/direction", self.title)])


class StrangerAttends(Problem):
    """An attendee belongs to none of the accounts."""

    code = "stranger_attends"
    title = _("An attendee belongs to another account.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/contacts", self.title)])


class TouchpointRetracted(Conflict):
    """A retracted touchpoint takes no changes."""

    code = "touchpoint_retracted"
    title = _("The touchpoint was taken back.")


@dataclass(frozen=True)
class Todo:
    """Something one side promised, who and until when."""

    side: Side
    text: str
    user: User | None = None
    contact: Contact | None = None
    due_on: dt.date | None = None
    done_on: dt.date | None = None


def record_touchpoint(
    *,
    accounts: Sequence[Account],
    at: dt.datetime,
    by: User | None = None,
    contacts: Iterable[Contact] = (),
    users: Iterable[User] = (),
    signals: Iterable[Signal | str] = (),
    todos: Iterable[Todo] = (),
    group: uuid.UUID | None = None,
    source: str = "manual",
    **fields: Any,
) -> list[Touchpoint]:
    """Log one talk; with several accounts each has its own row and its own people in it.

    :param fields: plain columns; `direction` follows from `type` where it is not given.
    :raises UnknownTouchpointType: for a type that is none of the organisation's, nor shipped.
    :raises NotYetHeld: for a talk in the future that is no draft.
    :raises AccountArchived: for an account that is archived, or went into another.
    :raises StrangerAttends: for a contact of none of the accounts, also in a to-do.
    """
    todos = list(todos)
    people, talk = list(contacts), list(users)
    named = [*people, *(todo.contact for todo in todos if todo.contact is not None)]
    group = group or (uuid.uuid4() if len(accounts) > 1 else None)
    signals = list(dict.fromkeys(Signal(signal) for signal in signals))
    with written_by(by), refusing(_CONFLICTS):
        rows = []
        # In one order always: each row locks what is kept of its account until the end.
        in_order = sorted(accounts, key=lambda one: one.pk)
        for account in in_order:
            lock_account(account)
        _refuse_strangers(named, {account.pk for account in accounts})
        for account in in_order:
            own = [contact for contact in people if contact.account_id == account.pk]
            row = _new_row(account, fields, group=group, source=source, by=by, at=at)
            row.save()
            _set_people(row, contacts=own, users=talk)
            _set_signals(row, signals)
            TouchpointTodo.objects.bulk_create(_todo_rows(row, todos))
            rows.append(row)
        note_mentions(talks=rows, at=at)
        mark_accounts_dirty(account_ids=[row.account_id for row in rows], reason="touch", at=at)
    asked = [account.pk for account in accounts]
    return sorted(rows, key=lambda row: asked.index(row.account_id))


def update_touchpoint(
    *,
    touchpoint: Touchpoint,
    changes: Mapping[str, Any],
    at: dt.datetime,
    by: User | None = None,
    others: Iterable[Touchpoint] = (),
) -> Touchpoint:
    """Correct a touchpoint, or publish a draft (`is_draft` false), which is known from then on.

    :param changes: plain columns; `contacts`, `users`, `signals` and `todos` are given as a whole.
    :param others: rows of the same talk at other accounts that change with it; each keeps its own
        people over there, and its own-system id.

    :raises TouchpointRetracted: when it was taken back.
    :raises UnknownTouchpointType: for a type that is none of the organisation's, nor shipped.
    :raises StrangerAttends: for a contact of another account.
    """
    with written_by(by), refusing(_CONFLICTS):
        locked, *further = _lock_talk(touchpoint, others)
        _correct(locked, dict(changes), at=at)
        for row in further:
            _correct(row, _at_another_account(row, changes), at=at)
        talks = [locked, *further]
        note_mentions(talks=talks, at=at)
        mark_accounts_dirty(account_ids=[row.account_id for row in talks], reason="touch", at=at)
    return locked


def _correct(locked: Touchpoint, changes: dict[str, Any], *, at: dt.datetime) -> None:
    todos = list(changes.pop("todos")) if "todos" in changes else None
    if WEIGHTY & set(changes):
        if not locked.is_draft:
            _keep_as_known(locked, known_until=at)
        locked.recorded_at = at  # a draft becomes known when it is published
    lists = {name: changes.pop(name) for name in WEIGHTY & set(changes) - PLAIN}
    named = [*lists.get("contacts", ()), *(todo.contact for todo in todos or ())]
    if any(person and person.account_id != locked.account_id for person in named):
        raise StrangerAttends
    apply_changes(locked, changes, allowed=PLAIN)
    if "type" in changes:
        usual = _direction(locked.type)
        locked.direction = changes.get("direction") or usual
    _check(locked, at=at)
    locked.updated_at = at
    locked.save()
    _set_people(locked, contacts=lists.get("contacts"), users=lists.get("users"))
    if "signals" in lists:
        _replace_signals(locked, lists["signals"])
    if todos is not None:
        _replace_todos(locked, todos)


def _at_another_account(row: Touchpoint, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a correction concerns the same talk at another account."""
    shared = {name: changes[name] for name in changes.keys() - {"contacts", "external_id"}}
    if "todos" in shared:
        own = row.todos.filter(contact__isnull=False).select_related("contact")
        names = ("side", "text", "user", "contact", "due_on", "done_on")
        kept = [Todo(**{name: getattr(todo, name) for name in names}) for todo in own]
        shared["todos"] = [todo for todo in shared["todos"] if todo.contact is None] + kept
    return shared


def retract_touchpoint(
    *,
    touchpoint: Touchpoint,
    at: dt.datetime,
    by: User | None = None,
    others: Iterable[Touchpoint] = (),
) -> Touchpoint:
    """Take a touchpoint back; earlier days can still be computed with it. Twice is once.

    :param others: rows of the same talk at other accounts that go with it.
    """
    with written_by(by):
        rows = _lock_rows([touchpoint, *others])
        for locked in rows.values():
            if locked.retracted_at is None:
                locked.retracted_at = locked.updated_at = at
                locked.save(update_fields=["retracted_at", "updated_at"])
        ids = [row.account_id for row in rows.values() if row.retracted_at == at]
        mark_accounts_dirty(account_ids=ids, reason="touch", at=at)
    return rows[touchpoint.pk]


def restore_touchpoint(
    *,
    touchpoint: Touchpoint,
    at: dt.datetime,
    by: User | None = None,
    others: Iterable[Touchpoint] = (),
) -> Touchpoint:
    """Bring back what was taken back; that it was not known in between stays so. Twice is once.

    :param others: rows of the same talk at other accounts that come back with it.
    :raises TouchpointRetracted: for a copy of what was known.
    :raises AccountArchived: at an account that is archived, or went into another.
    """
    with written_by(by):
        wanted = [touchpoint, *others]
        rows = _lock_rows(wanted)
        homes = Account.objects.filter(pk__in=[row.account_id for row in wanted])
        if homes.exclude(archived_at=None).exists():
            raise AccountArchived
        if is_copy(rows[touchpoint.pk]):
            raise TouchpointRetracted
        for locked in rows.values():
            if locked.retracted_at is not None and not is_copy(locked):
                if not locked.is_draft:
                    _keep_as_known(locked, known_until=locked.retracted_at)
                locked.retracted_at, locked.recorded_at, locked.updated_at = None, at, at
                locked.save(update_fields=["retracted_at", "recorded_at", "updated_at"])
        ids = [row.account_id for row in rows.values() if row.recorded_at == at]
        mark_accounts_dirty(account_ids=ids, reason="touch", at=at)
    return rows[touchpoint.pk]


def _lock_rows(touchpoints: Collection[Touchpoint]) -> dict[int, Touchpoint]:
    """Read rows anew and keep other writers waiting, in one order always: accounts first."""
    hold_accounts({row.account_id for row in touchpoints})
    rows = Touchpoint.objects.select_for_update(no_key=True)
    return {row.pk: row for row in rows.filter(pk__in=[t.pk for t in touchpoints]).order_by("pk")}


def _lock_talk(touchpoint: Touchpoint, others: Iterable[Touchpoint]) -> list[Touchpoint]:
    """Return the rows of a talk, this one first; others that were taken back stay as they are."""
    rows = _lock_rows([touchpoint, *others])
    first = rows.pop(touchpoint.pk)
    if first.retracted_at is not None:
        raise TouchpointRetracted
    return [first, *(row for row in rows.values() if row.retracted_at is None)]


def _direction(kind: str) -> Direction:
    found = find_type(kind, among=touchpoint_types())
    if found is None:
        raise UnknownTouchpointType
    return Direction(found.direction)


def _refuse_strangers(named: Iterable[Contact], account_ids: set[int]) -> None:
    """Look where the people are now that no merge can take them away any more."""
    ids = [contact.pk for contact in named]
    homes = Contact.objects.filter(pk__in=ids).values_list("account", flat=True) if ids else ()
    if set(homes) - account_ids:
        raise StrangerAttends


def _new_row(
    account: Account,
    fields: Mapping[str, Any],
    *,
    group: uuid.UUID | None,
    source: str,
    by: User | None,
    at: dt.datetime,
) -> Touchpoint:
    row = Touchpoint(
        account=account, group=group, source=source, created_by=by, recorded_at=at, updated_at=at
    )
    apply_changes(row, fields, allowed=PLAIN)
    usual = _direction(row.type)
    row.direction = row.direction or usual
    check_columns(row)
    _check(row, at=at)
    return row


def _check(row: Touchpoint, *, at: dt.datetime) -> None:
    if not EARLIEST_YEAR <= row.occurred_at.year <= LATEST_YEAR:
        raise OutsideTheCalendar
    if row.occurred_at > at + SLACK and not row.is_draft:
        raise NotYetHeld
    is_note = row.type == INTERNAL_NOTE
    if is_note != (row.direction == Direction.INTERNAL):
        raise NoteIsInternal


def _set_people(
    row: Touchpoint, *, contacts: Iterable[Contact] | None, users: Iterable[User] | None
) -> None:
    if contacts is not None:
        row.contacts.set(contacts)
    if users is not None:
        row.users.set(users)


def _replace_signals(touchpoint: Touchpoint, signals: Iterable[Signal]) -> None:
    touchpoint.signals.all().delete()
    _set_signals(touchpoint, list(dict.fromkeys(signals)))


def _set_signals(row: Touchpoint, signals: Iterable[str]) -> None:
    TouchpointSignal.objects.bulk_create(
        TouchpointSignal(touchpoint=row, signal=Signal(signal)) for signal in signals
    )


def _todo_rows(row: Touchpoint, todos: Iterable[Todo]) -> list[TouchpointTodo]:
    return [
        TouchpointTodo(
            touchpoint=row,
            side=todo.side,
            text=todo.text,
            user=todo.user,
            contact=todo.contact,
            due_on=todo.due_on,
            done_on=todo.done_on,
        )
        for todo in todos
        if todo.contact is None or todo.contact.account_id == row.account_id
    ]


def _replace_todos(row: Touchpoint, todos: list[Todo]) -> None:
    """Put these to-dos in place of those there are; what stays as it was keeps its row."""
    fresh = _todo_rows(row, todos)
    known = {_promise(old): old for old in row.todos.all()}
    kept = {key for key in map(_promise, fresh) if key in known}
    row.todos.exclude(pk__in=[known[key].pk for key in kept]).delete()
    for todo in fresh:
        old = known.get(_promise(todo))
        if old is None:
            todo.save()
        elif old.done_on != todo.done_on:
            old.done_on = todo.done_on
            old.save(update_fields=["done_on"])


def _promise(todo: TouchpointTodo) -> tuple[Any, ...]:
    return todo.side, todo.text, todo.user_id, todo.contact_id, todo.due_on


def _keep_as_known(row: Touchpoint, *, known_until: dt.datetime) -> None:
    """Leave a retracted copy of the row with its people and signals."""
    kept = Touchpoint.objects.get(pk=row.pk)
    contacts, users = list(kept.contacts.all()), list(kept.users.all())
    signals = list(kept.signals.values_list("signal", flat=True))
    kept.pk, kept.external_id, kept.retracted_at = None, None, known_until
    kept._state.adding = True
    kept.save()
    _set_people(kept, contacts=contacts, users=users)
    _set_signals(kept, signals)
