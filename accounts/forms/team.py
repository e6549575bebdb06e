"""Who of us does what for an account, and who else may see it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.choices import LOOKING_AFTER, SPONSORING, AccountRoleKind
from accounts.forms.accounts import day_field
from accounts.models import Team, User
from accounts.querysets import by_team, by_user
from config.lib.formats import listed


class ColleagueField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of us; who may only look is said to be good for a sponsor alone."""

    def label_from_instance(self, user: Any) -> str:
        if user.role in LOOKING_AFTER:
            return str(user)
        return gettext("%(name)s (executive sponsor only)") % {"name": user}


class RoleForm(forms.Form):
    """Give a role to somebody from a day on; whoever had it hands over.

    :param work: in words what is open with those who hold a role, a text each.
    """

    role = forms.ChoiceField(label=_("Role"), choices=AccountRoleKind.choices)
    user = ColleagueField(label=_("Colleague"), queryset=User.objects.none())
    on = day_field(_("From"), help_text=_("It may lie ahead: the handover happens by itself."))
    with_work = forms.BooleanField(
        label=_("Hand over what is open with this account now, too"), required=False, initial=True
    )

    def __init__(self, *args: Any, today: dt.date, work: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if work:
            self.fields["with_work"].help_text = listed(work)
        else:
            del self.fields["with_work"]
        person: Any = self.fields["user"]
        person.queryset = User.objects.filter(is_active=True, role__in=SPONSORING).order_by(
            "family_name", "pk"
        )
        self.fields["on"].initial = today


class RoleEndForm(forms.Form):
    """Leave a role empty from a day on."""

    on = day_field(_("Empty from"))


class ShareForm(forms.Form):
    """Show the account to one more colleague, or to a team."""

    user = forms.ModelChoiceField(
        label=_("Colleague"), queryset=User.objects.none(), required=False
    )
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["user"]
        team: Any = self.fields["team"]
        person.queryset = User.objects.filter(is_active=True).order_by(*by_user())
        team.queryset = Team.objects.order_by(*by_team())

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if bool(values.get("user")) == bool(values.get("team")):
            raise forms.ValidationError(_("Choose a person or a team, one of both."))
        return values
