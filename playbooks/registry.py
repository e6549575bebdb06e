"""What a trigger and an action are, and where they are found by key.

A trigger is a frozen dataclass whose fields are its parameters; an action is an object. Members
live one a file in `playbooks/triggers` and `playbooks/actions`, under the key of the file's name.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol

from django.db.models import QuerySet
from django.utils.functional import Promise

from config.lib.registry import Registry
from playbooks.domain.episodes import Episode

Text = str | Promise


class BadParams(ValueError):
    """The parameters of a trigger or an action make no sense; the message is for people."""


class Trigger(Protocol):
    """Tells when something begins for accounts.

    `bell` names the news that may hold new episodes; empty if nothing starts by itself.
    """

    label: ClassVar[Text]
    bell: ClassVar[str]

    def episodes(
        self, accounts: QuerySet[Any], *, since: dt.datetime | None, until: dt.datetime
    ) -> list[Episode]:
        """Return what began for these accounts in (since, until], in one statement.

        The live run, the dry run and the count over last year are this same call.
        """
        ...

    def in_words(self) -> str:
        """Say the condition as a sentence in the reader's language."""
        ...


class Action(Protocol):
    """Does what a step says, for a set of steps at once.

    `settles_at_once`: nothing is left open after `apply`, unlike a task that a person completes.
    """

    label: ClassVar[Text]
    settles_at_once: ClassVar[bool]

    def check(self, params: Mapping[str, Any]) -> None:
        """Refuse parameters that make no sense.

        :raises BadParams: when they do not.
        """
        ...

    def apply(self, steps: Sequence[Any], *, at: dt.datetime) -> None:
        """Carry out run steps (with run, version and account loaded), calling services."""
        ...


triggers: Registry[type[Trigger]] = Registry("trigger")
actions: Registry[Action] = Registry("action")


def make_trigger(key: str, params: Mapping[str, Any]) -> Trigger:
    """Make the trigger `key` with these parameters.

    :raises UnknownKey: when there is no such trigger.
    :raises BadParams: when the parameters make no sense.
    """
    kind = triggers.get(key)
    try:
        return kind(**params)
    except TypeError as error:
        raise BadParams(str(error)) from error
