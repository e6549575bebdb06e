"""What rules of segments can say, in the reader's words, and how many accounts fulfil them."""

from collections.abc import Sequence
from typing import Any

from accounts.choices import Scope
from accounts.domain.rules import OPERATORS, Group, Moment, fields_of
from accounts.models import Account
from accounts.querysets import AccountQuerySet, reach_of
from accounts.registry import Field, all_fields, field_of
from accounts.selectors.account_list import AccountOptions


class Vocabulary:
    """The fields a user may build rules from, with the words of their values."""

    def __init__(self, user: Any) -> None:
        reach = reach_of(user)
        self.fields: dict[str, Field] = {
            field.key: field
            for field in all_fields()
            if field.type in OPERATORS and reach.scope(field.kind) != Scope.NONE
        }
        self._options = AccountOptions(user)
        self._words: dict[str, list[tuple[Any, Any]] | None] = {}

    def words(self, key: str) -> Sequence[tuple[Any, Any]] | None:
        """Return (value, word) of each value of a closed list, None for any other field."""
        if key not in self._words:
            self._words[key] = self._read(key)
        return self._words[key]

    def _read(self, key: str) -> list[tuple[Any, Any]] | None:
        if key in ("manager", "team"):
            return list(self._options.of(key))
        field = self.fields.get(key)
        return list(field.choices()) if field and field.choices else None


def accounts_fitting(tree: Group, *, user: Any, moment: Moment) -> AccountQuerySet:
    """Return the accounts that fulfil the rules and whose read fields the user sees there."""
    accounts: AccountQuerySet = Account.objects.visible_to(user).unarchived()
    for kind in sorted({field_of(key).kind for key in fields_of(tree)}):
        accounts = accounts.showing(user, kind)
    return accounts.matching(tree, moment)
