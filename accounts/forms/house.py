"""What administrators type about our own house: the organisation, teams, people, tokens."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import RecordKind, Scope, TokenScope, UserRole
from accounts.forms import PickMany
from accounts.forms.countries import CountryField
from accounts.models import Organisation, Team, User
from accounts.querysets import by_team, by_user
from accounts.selectors.managers import managers
from accounts.selectors.policies import Policy
from accounts.services.organisation import ORGANISATION, WIDTH

ZONES = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]
    """The organisation: what it is called, where its days begin, what customers read."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=[(zone, zone) for zone in ZONES])
    country = CountryField(
        label=_("Country"), help_text=_("Its public holidays are no working days.")
    )
    fiscal_year_month = forms.TypedChoiceField(
        label=_("Fiscal year starts in"), choices=list(MONTHS.items()), coerce=int
    )
    sections = (
        (_("Names"), ("name", "name_en", "product_name", "language")),
        (_("Days and money"), ("time_zone", "country", "fiscal_year_month", "currency")),
        (_("What customers read"), ("contact_address", "privacy_url")),
        (_("How far back"), ("replay_days",)),
    )

    class Meta:
        model = Organisation
        fields = ORGANISATION
        labels = {
            "name": _("Name"),
            "name_en": _("Name in English"),
            "product_name": _("Product"),
            "language": _("Language"),
            "currency": _("Reporting currency"),
            "contact_address": _("Contact for customers"),
            "privacy_url": _("Privacy policy"),
            "replay_days": _("Days past scores can be replayed"),
        }
        help_texts = {
            "name_en": _("Stands in English surveys and mails; the name itself, if left empty."),
            "currency": _("Three letters, such as JPY."),
        }


class TeamForm(forms.ModelForm):  # type: ignore[type-arg]
    """A team, its place in the tree, and who belongs to it."""

    parent = forms.ModelChoiceField(
        label=_("Belongs to"), queryset=Team.objects.none(), required=False
    )
    country = CountryField(
        label=_("Working calendar"), help_text=_("The country whose holidays the team keeps.")
    )
    members = forms.ModelMultipleChoiceField(
        label=_("Members"), queryset=User.objects.none(), required=False, widget=PickMany
    )

    class Meta:
        model = Team
        fields = ("name", "name_en", "parent", "country", "members")
        labels = {
            "name": _("Name"),
            "name_en": _("Name in English"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = Team.objects.exclude(pk=self.instance.pk).order_by(*by_team())
        people = User.objects.filter(is_active=True).order_by(*by_user())
        self.fields["parent"].queryset = teams  # type: ignore[attr-defined]
        self.fields["members"].queryset = people  # type: ignore[attr-defined]
        if self.instance.pk:
            self.fields["members"].initial = self.instance.members.all()


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """A colleague: name, role, teams."""

    teams = forms.ModelMultipleChoiceField(
        label=_("Teams"), queryset=Team.objects.none(), required=False, widget=PickMany
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=[(zone, zone) for zone in ZONES])
    hand_over_to = forms.ModelChoiceField(
        label=_("Hand over to"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Not said"),
        help_text=_(
            "For who may not sign in any more: roles on accounts, open to-dos and tasks go to this "
            "colleague."
        ),
    )
    sections = (
        (
            pgettext_lazy("person", "Name"),
            ("family_name", "given_name", "family_name_latin", "given_name_latin"),
        ),
        (_("Sign-in"), ("email", "username", "is_active", "hand_over_to")),
        (_("What they see"), ("role", "teams")),
        (_("Language and time"), ("language", "time_zone")),
    )

    class Meta:
        model = User
        fields = (
            "family_name",
            "given_name",
            "family_name_latin",
            "given_name_latin",
            "email",
            "username",
            "is_active",
            "role",
            "teams",
            "language",
            "time_zone",
        )
        labels = {
            "family_name": _("Family name"),
            "given_name": _("Given name"),
            "family_name_latin": _("Family name (Latin)"),
            "given_name_latin": _("Given name (Latin)"),
            "email": _("Mail address"),
            "username": _("User name"),
            "is_active": _("May sign in"),
            "role": pgettext_lazy("of a user", "Role"),
            "language": _("Language"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["teams"].queryset = Team.objects.order_by(*by_team())  # type: ignore[attr-defined]
        if self.instance.pk:
            self.fields["teams"].initial = self.instance.teams.all()
            others = managers().exclude(pk=self.instance.pk).order_by(*by_user())
            self.fields["hand_over_to"].queryset = others  # type: ignore[attr-defined]
            return
        del self.fields["hand_over_to"]
        del self.fields["username"], self.fields["is_active"]
        house = Organisation.objects.filter(pk=1).first() or Organisation()
        self.fields["language"].initial = house.language
        self.fields["time_zone"].initial = house.time_zone

    def _post_clean(self) -> None:
        """Leave checking the row to the service, whose refusals stand beside the fields."""


class AccessForm(forms.Form):
    """How far each role sees and changes each kind of record: one choice each."""

    def __init__(self, *args: Any, kept: Mapping[tuple[str, str], Policy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for (role, kind), policy in kept.items():
            who = f"{RecordKind(kind).label}, {UserRole(role).label}"
            for way, scope, does in (
                ("read", policy.read_scope, _("sees")),
                ("write", policy.write_scope, _("changes")),
            ):
                field = forms.ChoiceField(
                    label=f"{who}: {does}", choices=Scope.choices, initial=scope, required=False
                )
                field.widget.attrs = {"class": "y-input", "aria-label": field.label}
                self.fields[f"{role}.{kind}.{way}"] = field

    def changes(self) -> dict[tuple[UserRole, RecordKind], tuple[Scope, Scope]]:
        """Return the role and kind of each policy that was changed, and how far it goes now.

        What was not sent stays; a write beyond the read is narrowed to it, as the page says.
        """
        found = {}
        for name in self.changed_data:
            role, kind, _way = name.split(".")
            ways = [f"{role}.{kind}.{way}" for way in ("read", "write")]
            read, write = (self._scope(way) for way in ways)
            write = min(read, write, key=lambda scope: WIDTH[scope])
            if [read, write] != [self.fields[way].initial for way in ways]:
                found[UserRole(role), RecordKind(kind)] = read, write
        return found

    def _scope(self, name: str) -> Scope:
        return Scope(self.cleaned_data[name] or self.fields[name].initial)


class TokenForm(forms.Form):
    """A key to the API: what for, what it may do, and for how long."""

    name = forms.CharField(
        label=_("What for"),
        max_length=120,
        help_text=_("The program that will use it, so that you know it again."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=TokenScope.choices,
        initial=[TokenScope.READ],
        widget=PickMany,
        help_text=_("Never more than you may do yourself."),
    )
    days = forms.IntegerField(
        label=_("Days it is good for"), min_value=1, max_value=365, initial=90
    )

    def lifetime(self) -> dt.timedelta:
        """Return how long the token is to live; only after validation."""
        return dt.timedelta(days=self.cleaned_data["days"])
