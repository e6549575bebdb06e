"""What administrators say about an inlet: who sends what, how it is signed, where fields stand."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.forms import PickOne
from accounts.models import Inlet, User
from accounts.models.inlets import SIGNATURE_HEADER
from accounts.querysets import by_user
from accounts.registry import importers
from accounts.services.inlets.addresses import LONGEST_PATH

COLUMN = "column-"


class InletForm(forms.Form):
    """How an inlet is called and what it takes."""

    name = forms.CharField(
        label=_("Which system sends"),
        max_length=120,
        help_text=_("So that you know it again, such as “HubSpot, companies”."),
    )
    owner = forms.ModelChoiceField(
        label=_("Who answers for it"),
        queryset=User.objects.none(),
        help_text=_("Records are changed in their name, and only those they may change."),
    )
    records_path = forms.CharField(
        label=_("Where the records stand"),
        max_length=LONGEST_PATH,
        required=False,
        help_text=_(
            "Empty: the body is one record. $: the body is a list of them. Otherwise the path to"
            " the list, such as data.items."
        ),
    )
    is_fill_only = forms.BooleanField(
        label=_("Only fill in what is empty: fields that say something already stay as they are"),
        required=False,
    )
    is_signed = forms.BooleanField(
        label=_("Take only what is signed with the secret"),
        required=False,
        initial=True,
        help_text=_("Without it, whoever knows the address can send."),
    )
    signature_header = forms.CharField(
        label=_("Header with the signature"),
        max_length=80,
        initial=SIGNATURE_HEADER,
        help_text=_("webhook-signature for Standard Webhooks, X-Hub-Signature-256 for GitHub."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = User.objects.filter(is_active=True).order_by(*by_user())
        self.fields["owner"].queryset = colleagues  # type: ignore[attr-defined]


class NewInletForm(InletForm):
    """The kind of records is said once: another kind has other fields."""

    field_order = ("name", "kind", "owner")

    kind = forms.ChoiceField(label=_("What the records are"), widget=PickOne)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: forms.ChoiceField = self.fields["kind"]  # type: ignore[assignment]
        kinds.choices = [(key, member.label) for key, member in importers.items()]
        kinds.initial = "accounts"


class InletEditForm(InletForm):
    """The same, and for each field of the kind where in the body it stands."""

    def __init__(self, *args: Any, inlet: Inlet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = list(self.fields)
        for column in importers.get(inlet.kind).columns():
            self.fields[f"{COLUMN}{column.key}"] = forms.CharField(
                label=capfirst(str(column.label)),
                max_length=LONGEST_PATH,
                required=False,
                help_text=column.key,
            )
        columns = [name for name in self.fields if name not in own]
        self.sections = [("", own), (_("Where the fields stand"), columns)]

    def values(self) -> dict[str, Any]:
        """Return what was said, the columns together."""
        said = self.cleaned_data
        values = {name: value for name, value in said.items() if not name.startswith(COLUMN)}
        columns = {
            name.removeprefix(COLUMN): value
            for name, value in said.items()
            if name.startswith(COLUMN) and value
        }
        return {**values, "columns": columns}


def initial_of(inlet: Inlet) -> dict[str, Any]:
    """Return what the form for an inlet is opened with."""
    values = {name: getattr(inlet, name) for name in InletForm.base_fields}
    return values | {f"{COLUMN}{key}": path for key, path in inlet.columns.items()}
