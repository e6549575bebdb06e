"""The form for a talk: one tap a kind, people by typing, minutes, what was promised.

It offers few people at once and takes any: who is chosen, who is near at hand, who was searched
for. So it works without scripts, and with them only the offers change while one types.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import (
    Direction,
    RecordKind,
    Sentiment,
    Signal,
    Visibility,
)
from accounts.domain.touchpoint_types import INTERNAL_NOTE
from accounts.forms import PickMany, PickOne, PickWithIcon
from accounts.forms.touchpoint_todos import DayField, TodoRows
from accounts.models import Account, Contact, Organisation, Touchpoint, User
from accounts.querysets import by_account, by_contact, by_user
from accounts.registry import follow_ups
from accounts.selectors.minutes import offered_minutes
from accounts.selectors.touchpoint_types import (
    find_type,
    offered_touchpoint_types,
    type_label,
    usual_type,
)
from config.lib.row_ids import is_row_id

OFFERED = 12
PICKERS = ("accounts", "contacts", "users")
#: The button that takes a template over, and what of it goes where nothing was typed.
FILL, FILLED = "fill", ("purpose", "body", "decisions")
_PLAIN = (
    "type",
    "direction",
    "occurred_at",
    "duration_minutes",
    "subject",
    "purpose",
    "body",
    "decisions",
    "next_on",
    "sentiment",
    "visibility",
)


class TouchpointForm(TodoRows):
    """One talk with one or several accounts, as it is logged by hand."""

    accounts = forms.ModelMultipleChoiceField(
        label=_("Account"), queryset=Account.objects.none(), widget=PickMany
    )
    type = forms.ChoiceField(label=_("Type"), initial=usual_type, widget=PickWithIcon)
    direction = forms.ChoiceField(
        label=_("Direction"),
        choices=[
            ("", pgettext_lazy("direction", "As usual for the type")),
            *(choice for choice in Direction.choices if choice[0] != Direction.INTERNAL),
        ],
        initial="",
        required=False,
        widget=PickOne,
    )
    contacts = forms.ModelMultipleChoiceField(
        label=_("Their attendees"),
        queryset=Contact.objects.none(),
        required=False,
        widget=PickMany,
    )
    users = forms.ModelMultipleChoiceField(
        label=_("Our attendees"), queryset=User.objects.none(), required=False, widget=PickMany
    )
    subject = forms.CharField(label=_("Subject"), max_length=200, required=False)
    body = forms.CharField(
        label=_("Text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Lines that begin with “Internal:” are left out of the mail copy."
            " Name a colleague with @, and they see it in their day."
        ),
    )
    signals = forms.MultipleChoiceField(
        label=_("What you noticed"), choices=Signal.choices, required=False, widget=PickMany
    )
    purpose = forms.CharField(label=_("Purpose"), max_length=300, required=False)
    decisions = forms.CharField(
        label=_("Decisions"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    next_on = DayField(label=_("Next date"))
    occurred_at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    duration_minutes = forms.IntegerField(
        label=_("Minutes"), required=False, min_value=1, max_value=1440
    )
    sentiment = forms.ChoiceField(
        label=_("Sentiment"), choices=[("", _("Not said")), *Sentiment.choices], required=False
    )
    visibility = forms.ChoiceField(
        label=_("Visible to"), choices=Visibility.choices, initial=Visibility.ACCOUNT
    )

    def __init__(
        self,
        *args: Any,
        user: Any,
        accounts: Sequence[Account],
        now: dt.datetime,
        touchpoint: Touchpoint | None = None,
        is_draft: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.now, self.is_draft, self.chosen = user, now, is_draft, list(accounts)
        self.touchpoint = touchpoint
        if touchpoint is not None:
            self.initial = _initial(touchpoint)
        else:
            self.initial = {
                "accounts": [account.pk for account in accounts],
                "users": [user.pk],
                "occurred_at": now,
            }
        self.fields["subject"].required = not is_draft
        self.fields["body"].widget.attrs["data-mentions"] = reverse("accounts:mention_names")
        self._offer_types()
        self._add_template()
        self._offer_accounts()
        self._offer_contacts()
        self._offer_users()
        self.add_todos()
        self.extras = self._add_follow_ups()

    def clean_occurred_at(self) -> dt.datetime:
        occurred_at: dt.datetime = self.cleaned_data["occurred_at"]
        if occurred_at > self.now and not self.is_draft:
            raise forms.ValidationError(_("A talk can't be logged before it took place."))
        return occurred_at

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("type") == INTERNAL_NOTE:
            values["direction"] = Direction.INTERNAL
        if self.is_draft and not values.get("subject") and "type" in values:
            values["subject"] = type_label(values["type"])
        for extra, names in self.extras:
            given = {name: values.get(name) for name in names}
            for name, fault in extra.check(given).items():
                self.add_error(name, fault)
        return values

    def touchpoint_values(self) -> dict[str, Any]:
        """Return what the services take of a talk, but for the accounts."""
        values = {name: self.cleaned_data[name] for name in _PLAIN}
        if not values["direction"]:
            del values["direction"]
        if self.touchpoint is None and values["duration_minutes"] is None:
            values["duration_minutes"] = self._usual_minutes(values["type"])
        people = {name: list(self.cleaned_data[name]) for name in ("contacts", "users")}
        people["contacts"] += self._unseen()
        signals = self.cleaned_data["signals"]
        return {**values, **people, "signals": signals, "todos": self.todos()}

    def changes(self) -> dict[str, Any]:
        """Return what of a talk was changed; people, signals and to-dos as a whole each."""
        changed = {"todos" if name.startswith("todo_") else name for name in self.changed_data}
        if "type" in changed:  # a direction that is not said would follow the new type
            changed.add("direction")
        values = self.touchpoint_values()
        return {name: values[name] for name in values if name in changed}

    def _unseen(self) -> list[Contact]:
        """Return who attended and is not theirs to see: they stay, whoever corrects the talk."""
        if self.touchpoint is None:
            return []
        seen = Contact.objects.visible_to(self.user)
        return list(self.touchpoint.contacts.exclude(pk__in=seen.values("pk")))

    def save_follow_ups(self) -> None:
        """Hand what was typed below the talk to the apps that asked for it."""
        for extra, names in self.extras:
            values = {name: self.cleaned_data.get(name) for name in names}
            accounts = list(self.cleaned_data["accounts"])
            extra.save(accounts=accounts, values=values, user=self.user, at=self.now)

    @property
    def has_minutes(self) -> bool:
        """Say whether anything of the minutes was typed, so that they stand open."""
        first = [f"todo_{row}_text" for row in range(self.todo_count)]
        return any(self[name].value() for name in ("purpose", "decisions", "next_on", *first))

    def _offer_types(self) -> None:
        """Offer the types in use; a talk keeps the type it has, also an archived one."""
        field: Any = self.fields["type"]
        self.types = offered_touchpoint_types(also=self.touchpoint.type if self.touchpoint else "")
        field.choices = [(one.key, one.label) for one in self.types]
        field.widget.icons = {one.key: one.icon for one in self.types}
        if self.touchpoint is None and any(one.duration_minutes for one in self.types):
            self.fields["duration_minutes"].help_text = _("Empty: as usual for the type.")

    def _usual_minutes(self, key: str) -> int | None:
        found = find_type(key, among=self.types)
        return found.duration_minutes if found else None

    def _add_template(self) -> None:
        """Offer headings to start minutes from; who chose one takes them over with a button."""
        kind = self.fields["type"]
        talk = self.data.get("type") or self.get_initial_for_field(kind, "type")
        offered = offered_minutes(talk=talk)
        self.fields["template"] = forms.ChoiceField(
            label=_("Template"),
            choices=[("", _("No template")), *((row.key, row.name) for row in offered)],
            required=False,
        )
        key = self.data.get("template", "")
        chosen = next((row for row in offered if row.key == key), None)
        if self.data.get("do") == FILL and chosen:
            data: Any = self.data.copy()  # type: ignore[attr-defined]
            for name in FILLED:
                if not data.get(name, "").strip():
                    data[name] = getattr(chosen, name)
            self.data = data

    def _offer_accounts(self) -> None:
        field: Any = self.fields["accounts"]
        field.queryset = Account.objects.open_for(self.user, RecordKind.TOUCHPOINT).unarchived()
        if self.touchpoint is not None:
            field.queryset = Account.objects.filter(pk=self.touchpoint.account_id)
            field.disabled = True  # a talk stays where it was; its account need not be told
        found = self._found("accounts", field.queryset.order_by(*by_account()))
        _offer(field, [*self.chosen, *found])

    def _offer_contacts(self) -> None:
        field: Any = self.fields["contacts"]
        today = Organisation.objects.day_of(self.now)
        there = Contact.objects.visible_to(self.user).filter(account__in=self.chosen)
        present = there.present(on=today)
        attending = Q(touchpoints=self.touchpoint) if self.touchpoint else Q(pk__in=[])
        field.queryset = there.filter(Q(pk__in=present.values("pk")) | attending).distinct()
        near = (
            present.annotate(last=Max("touchpoints__occurred_at"))
            .filter(is_ghost=False)
            .order_by("-last", *by_contact())
        )
        chosen = field.queryset.filter(pk__in=self._picked("contacts")).order_by("pk")
        found = self._found("contacts", present.order_by(*by_contact()))
        _offer(field, [*chosen, *found, *near[:OFFERED]])

    def _offer_users(self) -> None:
        field: Any = self.fields["users"]
        field.queryset = User.objects.filter(is_active=True)
        if self.touchpoint is not None:
            attending = Q(attended_touchpoints=self.touchpoint)
            field.queryset = User.objects.filter(Q(is_active=True) | attending).distinct()
        near = field.queryset.filter(
            account_roles__account__in=self.chosen,
            account_roles__ends_on__isnull=True,
            account_roles__retracted_at__isnull=True,
        ).distinct()
        chosen = field.queryset.filter(pk__in=self._picked("users")).order_by("pk")
        text = self.data.get("users_q", "").strip()
        named = Q(family_name__icontains=text) | Q(given_name__icontains=text)
        named |= Q(family_name_latin__icontains=text) | Q(username__icontains=text)
        found = field.queryset.filter(named).order_by(*by_user())[:OFFERED] if text else []
        _offer(field, [*chosen, *found, *near.order_by("pk")[:OFFERED]])

    def _found(self, name: str, rows: Any) -> list[Any]:
        text = self.data.get(f"{name}_q", "").strip()
        return list(rows.search(text)[:OFFERED]) if text else []

    def _picked(self, name: str) -> list[int]:
        """Return who stands in the form; whoever the talk has by now is offered as well."""
        kept = [*self.initial.get(name, ())] if self.touchpoint or not self.is_bound else []
        if self.is_bound:
            kept += [int(key) for key in self.data.getlist(name) if is_row_id(key)]  # type: ignore[attr-defined]
        return kept

    def _add_follow_ups(self) -> list[tuple[Any, list[str]]]:
        if (self.touchpoint is not None and not self.touchpoint.is_draft) or not self.chosen:
            return []
        extras = []
        for extra in follow_ups.members():
            added = extra.fields(account=self.chosen[0], user=self.user, at=self.now)
            self.fields.update(added)
            if added:
                extras.append((extra, list(added)))
        return extras


def _offer(field: Any, rows: Iterable[Any]) -> None:
    """Show these rows as choices; the queryset says what is taken."""
    offers: Mapping[Any, str] = {row.pk: str(row) for row in rows}
    field.widget.choices = list(offers.items())
    field.choices = field.widget.choices


def _initial(touchpoint: Touchpoint) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(touchpoint, name) for name in _PLAIN}
    return {
        **values,
        "accounts": [touchpoint.account_id],
        "contacts": list(touchpoint.contacts.values_list("pk", flat=True)),
        "users": list(touchpoint.users.values_list("pk", flat=True)),
        "signals": list(touchpoint.signals.values_list("signal", flat=True)),
    }
