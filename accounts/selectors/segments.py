"""What rules of segments can say, in the reader's words, and how many accounts fulfil them."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.choices import ROLE_FIELDS, Scope
from accounts.domain.cells import fold_word
from accounts.domain.rules import OPERATORS, Group, Moment, fields_of, values_of
from accounts.models import Account
from accounts.querysets import AccountQuerySet, reach_of
from accounts.registry import Field, all_fields, field_of
from accounts.selectors.account_list import AccountOptions

#: The field whose values not everybody sees.
LISTS = "lists"


class Vocabulary:
    """The fields a user may build rules from, with the words of their values.

    :param rule: the tree as it stands: the lists it names can stay, whoever may see them.
    """

    def __init__(self, user: Any, *, rule: Any = None) -> None:
        reach = reach_of(user)
        self.fields: dict[str, Field] = {
            field.key: field
            for field in all_fields()
            if field.type in OPERATORS and reach.scope(field.kind) != Scope.NONE
        }
        self._options = AccountOptions(user)
        self._kept = values_of(rule, LISTS)
        self._words: dict[str, list[tuple[Any, Any]] | None] = {}

    def words(self, key: str) -> Sequence[tuple[Any, Any]] | None:
        """Return (value, word) of each value of a closed list, None for any other field."""
        if key not in self._words:
            self._words[key] = self._read(key)
        return self._words[key]

    def meant(self, key: str, value: Any) -> Any:
        """Return the value that a rule means by what it names, which was a word of its own once."""
        field, words = self.fields.get(key), self.words(key)
        if field is None or field.words is None or value in {one for one, _word in words or ()}:
            return value
        return field.words().get(fold_word(str(value)), value)

    def _read(self, key: str) -> list[tuple[Any, Any]] | None:
        if key in ROLE_FIELDS:
            return list(self._options.of("keeper"))
        if key == "team":
            return list(self._options.of(key))
        if key == LISTS:
            offered = self._options.of("list")
            hidden = self._kept - {pk for pk, _name in offered}
            return [
                *offered,
                *((pk, _("List %(number)s") % {"number": pk}) for pk in sorted(hidden)),
            ]
        field = self.fields.get(key)
        return list(field.choices()) if field and field.choices else None


def accounts_fitting(tree: Group, *, user: Any, moment: Moment) -> AccountQuerySet:
    """Return the accounts that fulfil the rules and whose read fields the user sees there."""
    accounts: AccountQuerySet = Account.objects.visible_to(user).unarchived()
    for kind in sorted({field_of(key).kind for key in fields_of(tree)}):
        accounts = accounts.showing(user, kind)
    return accounts.matching(tree, moment)
