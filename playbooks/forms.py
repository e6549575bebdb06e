"""What people type about tasks, checked and worded for them."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import PickOne
from accounts.models import User
from config.lib.formats import day_short
from config.lib.workdays import WorkCalendar
from playbooks.choices import TaskOutcome, TaskPriority

#: How far a task is put off with one tap, in business days.
SNOOZE_STEPS = (1, 3, 5)


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among our own people."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj)


class DateField(forms.DateField):
    """A day, by the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **kwargs)


class TaskForm(forms.Form):
    """A task made by hand."""

    title = forms.CharField(label=_("What is to be done"), max_length=200)
    due_on = DateField(label=_("Due"))
    assignee = PersonField(
        label=_("Who"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )
    priority = forms.ChoiceField(
        label=_("Priority"),
        choices=TaskPriority.choices,
        initial=TaskPriority.NORMAL,
    )
    text = forms.CharField(
        label=_("Text"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, candidates: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = candidates  # type: ignore[attr-defined]
        self.today = today

    def clean_due_on(self) -> dt.date:
        due_on: dt.date = self.cleaned_data["due_on"]
        if due_on < self.today:
            raise forms.ValidationError(_("Choose today or a later day."))
        return due_on


class CompletionForm(forms.Form):
    """How it went; both optional."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[("", _("Not said")), *TaskOutcome.choices], required=False
    )
    notes = forms.CharField(
        label=_("Notes"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AssignForm(forms.Form):
    """Who takes a task."""

    assignee = PersonField(
        label=_("Who"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )

    def __init__(self, *args: Any, candidates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = candidates  # type: ignore[attr-defined]


class SnoozeForm(forms.Form):
    """Until when a task is put off."""

    until = DateField(label=_("Until"))

    def __init__(self, *args: Any, today: dt.date, calendar: WorkCalendar, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.offers = [(n, calendar.add_workdays(today, n)) for n in SNOOZE_STEPS]
        self.fields["until"].initial = self.offers[0][1]

    def clean_until(self) -> dt.date:
        until: dt.date = self.cleaned_data["until"]
        if until <= self.today:
            raise forms.ValidationError(_("Choose a day after today."))
        return until


class NextTask:
    """A task after a talk, due in some business days or on a day of one's own."""

    STEPS = (1, 3, 5)

    def __init__(self, *, calendar: WorkCalendar, today: dt.date) -> None:
        days = [calendar.add_workdays(today, n) for n in self.STEPS]
        offers = [(day.isoformat(), day_short(day, today)) for day in days]
        self.fields: dict[str, forms.Field] = {
            "next_task": forms.CharField(label=_("Next task"), max_length=200, required=False),
            "next_task_in": forms.ChoiceField(
                label=_("Due"),
                choices=[*offers, ("day", _("Another day"))],
                initial=offers[1][0],
                required=False,
                widget=PickOne,
            ),
            "next_task_on": DateField(label=_("On"), required=False),
        }
