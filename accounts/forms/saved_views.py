"""What a saved view is called and who sees it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import Sharing
from accounts.forms import PickOne
from accounts.models import Team
from accounts.querysets import reach_of


class SharedForm(forms.Form):
    """A name, and whether a team or everybody sees it."""

    name = forms.CharField(label=_("Name"), max_length=120)
    sharing = forms.ChoiceField(
        label=_("Visible to"),
        choices=Sharing.choices,
        initial=Sharing.PRIVATE,
        widget=PickOne,
    )
    team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.none(),
        required=False,
        help_text=_("Only where it is for a team."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team: Any = self.fields["team"]
        team.queryset = Team.objects.filter(pk__in=sorted(reach_of(user).teams)).order_by("pk")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("sharing") != Sharing.TEAM:
            values["team"] = None
        return values


class SavedViewForm(SharedForm):
    """A question to a list under a name."""


class StaticListForm(SharedForm):
    """Accounts put together by hand: a name and what it is for."""

    note = forms.CharField(
        label=_("What it is for"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
