"""What people say about sources of events: who answers for them, whose the unknown ids are."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.accounts import teams_open_to
from accounts.forms.pickers import AccountField
from accounts.models import Account, Team, User
from accounts.querysets import by_team, by_user, reach_of
from scoring.choices import TraitField


def _colleagues() -> Any:
    return User.objects.filter(is_active=True).order_by(*by_user())


class OwnerForm(forms.Form):
    """The colleague who is asked when what a source sends is wrong or stays away."""

    owner = forms.ModelChoiceField(
        label=_("Who answers for it"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody yet"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = _colleagues()  # type: ignore[attr-defined]


class WriteKeyForm(OwnerForm):
    """A system that may send events, and how far what it says is believed."""

    field_order = ("name", "owner", "creates_accounts", "team", "allowed_traits")

    name = forms.CharField(
        label=_("Which system sends"),
        max_length=120,
        help_text=_("So that you know it again, such as “Product, production”."),
    )
    creates_accounts = forms.BooleanField(
        label=_("Makes accounts it names and we don't know"),
        required=False,
        help_text=_("Only from group and identify calls. Otherwise their events wait."),
    )
    team = forms.ModelChoiceField(
        label=_("Team of accounts it makes"), queryset=Team.objects.none(), required=False
    )
    allowed_traits = forms.MultipleChoiceField(
        label=_("Fields its calls may change"),
        choices=TraitField.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A mail address is never among them: a leaked key must not redirect surveys."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.order_by(*by_team())  # type: ignore[attr-defined]


class GiveForm(forms.Form):
    """The account an unknown id belongs to."""

    account = AccountField(label=_("Account"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = Account.objects.editable_by(user).filter(archived_at__isnull=True)
        self.fields["account"].accounts = accounts  # type: ignore[attr-defined]


class MakeForm(forms.Form):
    """The account to be made of an unknown id."""

    name = forms.CharField(label=_("Name"), max_length=200)
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none())

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams_open_to(reach_of(user))  # type: ignore[attr-defined]
