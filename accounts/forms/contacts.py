"""What people type about the customer's people."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import ContactState, Language, Level, RecordKind, StakeholderRoleKind, Stance
from accounts.forms import PickMany, PickOne
from accounts.forms.pickers import AccountField
from accounts.models import Account, Contact
from accounts.querysets import by_contact
from accounts.services.map_places import MapPlace

NOT_KNOWN = ("", _("Not known"))


class DayInput(forms.DateInput):
    """A day picked or typed."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who a person is and how to reach them."""

    sections = (
        (
            pgettext_lazy("of a person", "Name"),
            (
                "family_name",
                "given_name",
                "family_kana",
                "given_kana",
                "family_name_latin",
                "given_name_latin",
            ),
        ),
        (_("Post"), ("department", "title", "in_post_since_on")),
        (_("How to reach them"), ("email", "phone", "language")),
        (_("How we talk to them"), ("approach", "message")),
        (_("Other systems"), ("external_id",)),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=Language.choices, initial=Language.JAPANESE, widget=PickOne
    )

    class Meta:
        model = Contact
        fields = (
            "family_name",
            "given_name",
            "family_kana",
            "given_kana",
            "family_name_latin",
            "given_name_latin",
            "department",
            "title",
            "in_post_since_on",
            "email",
            "phone",
            "language",
            "approach",
            "message",
            "external_id",
        )
        labels = {
            "family_name": _("Family name"),
            "given_name": _("Given name"),
            "family_kana": _("Family name, reading"),
            "given_kana": _("Given name, reading"),
            "family_name_latin": _("Family name (Latin)"),
            "given_name_latin": _("Given name (Latin)"),
            "department": _("Department"),
            "title": pgettext_lazy("of a person", "Title"),
            "in_post_since_on": _("In post since"),
            "email": _("Mail address"),
            "phone": _("Telephone"),
            "approach": _("Approach"),
            "message": _("Message"),
            "external_id": _("Own-system id"),
        }
        help_texts = {
            "approach": _("How to win them: what they care about, who introduces us."),
            "message": _("What we want them to hear."),
        }
        widgets = {
            "in_post_since_on": DayInput(),
            "approach": forms.Textarea(attrs={"rows": 3}),
            "message": forms.Textarea(attrs={"rows": 3}),
        }

    def _get_validation_exclusions(self) -> set[str]:
        """Leave every rule to the service, whose refusals name the field as well."""
        return {field.name for field in Contact._meta.get_fields()}

    def validate_unique(self) -> None:
        """Leave it to the database, which sees what others write at the same time."""

    def clean_external_id(self) -> str | None:
        return self.cleaned_data["external_id"] or None


class NewContactForm(ContactForm):
    """A person to be introduced, with the part they play."""

    sections: Any = (
        *ContactForm.sections[:2],
        (_("Stakeholder map"), ("roles",)),
        *ContactForm.sections[2:],
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=StakeholderRoleKind.choices, required=False, widget=PickMany
    )


class ContactStateForm(forms.Form):
    """What became of a person, from which day, and who follows them."""

    sections = (
        (_("What changes"), ("state", "on")),
        (_("Successor"), ("successor", "family_name", "given_name", "title", "email")),
    )
    state = forms.ChoiceField(label=_("State"), choices=ContactState.choices, widget=PickOne)
    on = forms.DateField(
        label=_("From"),
        widget=DayInput(),
        help_text=_("The day may lie ahead; until then nothing changes."),
    )
    successor = forms.ModelChoiceField(
        label=_("Somebody we know"),
        queryset=Contact.objects.none(),
        required=False,
        empty_label=_("Not known"),
        help_text=_("Who takes over the roles, unconfirmed until you confirm them."),
    )
    family_name = forms.CharField(label=_("Or new: family name"), required=False, max_length=80)
    given_name = forms.CharField(label=_("Given name"), required=False, max_length=80)
    title = forms.CharField(
        label=pgettext_lazy("of a person", "Title"), required=False, max_length=120
    )
    email = forms.EmailField(label=_("Mail address"), required=False, max_length=254)

    def __init__(self, *args: Any, contact: Contact, user: Any, day: dt.date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        chosen: forms.ModelChoiceField[Contact] = self.fields["successor"]  # type: ignore[assignment]
        chosen.queryset = colleagues(contact, user, day=day, but=contact.successor_id)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("successor") and values.get("family_name"):
            self.add_error("family_name", _("Choose somebody we know or somebody new, not both."))
        return values

    def newcomer(self) -> dict[str, str]:
        """Return who is introduced as the successor; nothing where nobody is."""
        names = ("family_name", "given_name", "title", "email")
        values = {name: self.cleaned_data.get(name, "") for name in names}
        return values if values["family_name"] or values["given_name"] else {}


class ContactMoveForm(forms.Form):
    """Which customer a person went on to, and what is different there."""

    account = AccountField(label=_("Account"))
    on = forms.DateField(label=_("From"), widget=DayInput())
    email = forms.EmailField(label=_("Mail address there"), required=False, max_length=254)
    phone = forms.CharField(label=_("Telephone there"), required=False, max_length=40)
    department = forms.CharField(label=_("Department there"), required=False, max_length=120)
    title = forms.CharField(label=_("Title there"), required=False, max_length=120)

    def __init__(self, *args: Any, accounts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: AccountField = self.fields["account"]  # type: ignore[assignment]
        chosen.accounts = accounts


class GhostForm(forms.Form):
    """Who somebody is who was only seen in usage."""

    family_name = forms.CharField(label=_("Family name"), max_length=80)
    given_name = forms.CharField(label=_("Given name"), required=False, max_length=80)
    department = forms.CharField(label=_("Department"), required=False, max_length=120)
    title = forms.CharField(
        label=pgettext_lazy("of a person", "Title"), required=False, max_length=120
    )
    email = forms.EmailField(label=_("Mail address"), required=False, max_length=254)


class PlaceForm(forms.Form):
    """A person's place on the map from a day on."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=StakeholderRoleKind.choices, required=False, widget=PickMany
    )
    is_confirmed = forms.BooleanField(label=_("The roles are confirmed"), required=False)
    stance = forms.ChoiceField(
        label=_("Stance"), choices=[NOT_KNOWN, *Stance.choices], required=False, widget=PickOne
    )
    influence = forms.ChoiceField(
        label=_("Influence"), choices=[NOT_KNOWN, *Level.choices], required=False, widget=PickOne
    )
    strength = forms.ChoiceField(
        label=_("Relationship strength"),
        choices=[NOT_KNOWN, *Level.choices],
        required=False,
        widget=PickOne,
    )
    reports_to = forms.ModelChoiceField(
        label=_("Reports to"),
        queryset=Contact.objects.none(),
        required=False,
        empty_label=_("Nobody we know"),
    )
    influences = forms.ModelMultipleChoiceField(
        label=_("Influences"), queryset=Contact.objects.none(), required=False, widget=PickMany
    )
    conflicts = forms.ModelMultipleChoiceField(
        label=_("In conflict with"),
        queryset=Contact.objects.none(),
        required=False,
        widget=PickMany,
    )
    approach = forms.CharField(
        label=_("Approach"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    message = forms.CharField(
        label=_("Message"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    on = forms.DateField(label=_("Holds from"), widget=DayInput())

    def __init__(self, *args: Any, contact: Contact, user: Any, day: dt.date, place: MapPlace,
                 **kwargs: Any) -> None:  # fmt: skip
        initial: dict[str, Any] = {
            "roles": list(place.roles),
            "stance": place.stance,
            "influence": place.influence,
            "strength": place.strength,
            "reports_to": place.reports_to,
            "influences": [person.pk for person in place.influences],
            "conflicts": [person.pk for person in place.conflicts],
            "approach": contact.approach,
            "message": contact.message,
            "on": day,
        }
        super().__init__(*args, **{**kwargs, "initial": initial})
        linked = [*place.influences, *place.conflicts, *filter(None, [place.reports_to])]
        others = colleagues(contact, user, day=day, but=None) | Contact.objects.visible_to(
            user
        ).filter(pk__in=[person.pk for person in linked])
        for name in ("reports_to", "influences", "conflicts"):
            field: Any = self.fields[name]
            field.queryset = others
        if not others.exists():
            for name in ("reports_to", "influences", "conflicts"):
                del self.fields[name]

    def place(self) -> MapPlace:
        """Return what was chosen."""
        names = (
            "roles",
            "stance",
            "influence",
            "strength",
            "reports_to",
            "influences",
            "conflicts",
        )
        known = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        return MapPlace(**known)

    def notes(self) -> dict[str, str]:
        """Return what is to be kept in mind about the person, where it was changed."""
        names = ("approach", "message")
        return {name: self.cleaned_data[name] for name in names if name in self.changed_data}


def colleagues(contact: Contact, user: Any, *, day: dt.date, but: int | None) -> Any:
    """Return the other people at the contact's account, known by name and there on the day."""
    there = Contact.objects.visible_to(user).present(on=day)
    kept = Contact.objects.visible_to(user).filter(pk=but) if but else Contact.objects.none()
    same = Q(account=contact.account_id, is_ghost=False, merged_into__isnull=True)
    others = (there | kept).filter(same).exclude(pk=contact.pk)
    return others.order_by(*by_contact())


def open_accounts(user: Any) -> Any:
    """Return the accounts the user may add people to."""
    return Account.objects.open_for(user, RecordKind.CONTACT).unarchived()
