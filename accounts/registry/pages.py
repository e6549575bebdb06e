"""What apps add to the pages of an account and of a contact, and to the form for a talk."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db.models import QuerySet

from config.lib.registry import Registry


class ContactPanel(Protocol):
    """A part of a contact's page; `context` returns None when there is nothing to show."""

    key: str
    order: int
    template: str

    def context(self, *, contact: Any, user: Any, at: dt.datetime) -> dict[str, Any] | None: ...


class Panel(Protocol):
    """A part of the account page; `context` returns None when there is nothing to show."""

    key: str
    title: Any
    column: str  # "strip", "main" or "side"
    order: int
    template: str

    def context(self, *, account: Any, user: Any, at: dt.datetime) -> dict[str, Any] | None: ...


@dataclass(frozen=True)
class TimelineSource:
    """Events of one kind; `rows` yields equal columns so that all join in one UNION ALL.

    `rows(account=, user=, before=)` returns `.values()` of exactly `event_source` (its key),
    `event_at` (timestamptz), `event_id` (bigint), `event_title`, `event_text` (text), `event_chips`
    (text[]) and `event_tone` (text: empty or a band), in this order, with `event_at < before` where
    that is given. `present(row)` turns stored keys into words and returns the row as it is read;
    without it the row stands as it is. `href(row)` is the address of the event's own page.
    """

    key: str
    label: Any
    icon: str
    rows: Callable[..., QuerySet[Any, dict[str, Any]]] = field(repr=False)
    present: Callable[[dict[str, Any]], dict[str, Any]] | None = field(default=None, repr=False)
    href: Callable[[dict[str, Any]], str] | None = field(default=None, repr=False)


class FollowUp(Protocol):
    """Something an upper app offers at the end of the form for a talk: a next task, say.

    `fields(account=, user=, at=)` returns form fields by name, all optional, or nothing where the
    user may not; `save` gets what was typed into them once the talk is stored.
    """

    key: str
    template: str

    def fields(self, *, account: Any, user: Any, at: dt.datetime) -> Mapping[str, Any]: ...

    def check(self, values: Mapping[str, Any]) -> Mapping[str, Any]: ...

    def save(
        self, *, accounts: Sequence[Any], values: Mapping[str, Any], user: Any, at: dt.datetime
    ) -> None: ...


@dataclass(frozen=True)
class Handover:
    """A kind of work that hangs on colleagues and is given to another when one leaves.

    :param held: `held(user)`, the rows that hang on a colleague, who may be an outer reference.
    :param give: `give(rows, to=, at=)` hands such rows over, but for what the other may not take,
        and returns how many; part of a transaction.
    :param words: how so much of it is called.
    :param at_account: `at_account(account, user)`, the rule for rows of one account which the user
        may hand over; None for what never goes with a role on an account.
    """

    key: str
    held: Callable[[Any], Any] = field(repr=False)
    give: Callable[..., int] = field(repr=False)
    words: Callable[[int], str] = field(repr=False)
    at_account: Callable[[Any, Any], Any] | None = field(default=None, repr=False)


panels: Registry[Panel] = Registry("panel")

contact_panels: Registry[ContactPanel] = Registry("panel of a contact")

timeline: Registry[TimelineSource] = Registry("timeline source")

follow_ups: Registry[FollowUp] = Registry("follow-up of a talk")

handovers: Registry[Handover] = Registry("work to hand over")
