"""What can be done to the accounts picked in the list."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import Phase, Tier, TouchModel
from accounts.selectors.account_list import AccountOptions
from accounts.services.account_bulk import MOST
from config.lib.row_ids import is_row_id


class BulkForm(forms.Form):
    """One choice: a field and the value it gets, grouped by field.

    :param opened: the lists whose accounts are shown; only of those one is offered to take off.
    """

    change = forms.ChoiceField(label=_("Change"))

    def __init__(
        self, *args: Any, options: AccountOptions, opened: Collection[int] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["change"]
        #: By field; a widget would render each of its hundreds of options as a template.
        self.groups = _groups(options, opened)
        known = [pk for pk, _name in options.of("own_list")]
        choice.choices = [("", _("Choose a change")), *_groups(options, known)]

    def asked(self) -> tuple[str, str]:
        """Return the field and the value, only after validation."""
        field, _colon, value = self.cleaned_data["change"].partition(":")
        return field, value


def picked(values: list[str]) -> list[int]:
    """Return the ids of the accounts that were picked, each once, at most so many."""
    return list(dict.fromkeys(int(value) for value in values if is_row_id(value)))[:MOST]


def _groups(
    options: AccountOptions, opened: Collection[int]
) -> list[tuple[Any, list[tuple[str, Any]]]]:
    own = options.of("own_list")
    groups: list[tuple[Any, str, Any]] = [
        (_("Assign account manager"), "manager", options.of("manager")),
        (_("Assign account owner"), "account_owner", options.of("manager")),
        (_("Assign deputy"), "deputy", options.of("manager")),
        (_("Set tier"), "tier", Tier.choices),
        (_("Set phase"), "phase", Phase.choices),
        (_("Set touch model"), "touch_model", TouchModel.choices),
        (_("Set team"), "team", options.of("team")),
        (_("Add to list"), "list", _said(_("Add to “%(name)s”"), own)),
        (
            _("Remove from list"),
            "unlist",
            _said(_("Remove from “%(name)s”"), [one for one in own if one[0] in opened]),
        ),
    ]
    return [
        (label, [(f"{field}:{value}", word) for value, word in choices])
        for label, field, choices in groups
        if choices
    ]


def _said(words: Any, lists: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Say with each list what happens: a closed select shows its option without the group."""
    return [(pk, words % {"name": name}) for pk, name in lists]
