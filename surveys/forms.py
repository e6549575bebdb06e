"""What people send us: the answer of a survey, and the pages that make surveys and invite."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from config.lib.formats import day
from surveys.models import Survey, Wave
from surveys.models.response import LONGEST_COMMENT
from surveys.registry import kind_choices, kinds
from surveys.services.answers import Answer


class CommentField(forms.CharField):
    """Free text; a line break counts as one character, as it does in the browser."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class AnswerForm(forms.Form):
    """The answer to one survey; nothing is preselected and only the main question is required."""

    score = forms.TypedChoiceField(coerce=int)
    comment = CommentField(
        required=False,
        max_length=LONGEST_COMMENT,
        error_messages={"max_length": _("Please shorten the text to 2,000 characters.")},
    )
    csat = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Please choose one of the answers.")},
    )

    def __init__(self, *args: Any, survey: Survey, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.survey = survey
        self.texts = survey.texts[language]
        self.language = language
        self.kind = kinds.get(survey.kind)
        scale = self.kind.scale
        wrong = _("Please choose a number from %(low)d to %(high)d.") % {
            "low": scale[0],
            "high": scale[-1],
        }
        score, csat = self.fields["score"], self.fields["csat"]
        score.choices = [(value, str(value)) for value in scale]  # type: ignore[attr-defined]
        score.error_messages |= {"required": wrong, "invalid_choice": wrong}
        if self.kind.asks_satisfaction:
            csat.choices = self.levels  # type: ignore[attr-defined]
        else:
            del self.fields["csat"]

    @property
    def levels(self) -> list[tuple[int, str]]:
        """Return the answers of the satisfaction question, the worst first."""
        return list(enumerate(self.texts["satisfaction_levels"].splitlines(), start=1))

    @property
    def questions(self) -> int:
        """Return how many questions the form asks."""
        return len(self.fields)

    def answer(self) -> Answer:
        """Return what was answered; only for a valid form."""
        return Answer(
            score=self.cleaned_data["score"],
            csat=self.cleaned_data.get("csat"),
            comment=self.cleaned_data["comment"],
            language=self.language,
        )


class SurveyForm(forms.Form):
    """A new survey: its kind brings the wording in both languages."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("Only we see it, not the customer.")
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=kind_choices,
        initial="nps",
        widget=forms.RadioSelect,
        help_text=_(
            "NPS asks whether they would recommend you (0 to 10), CSAT how content they are"
            " (1 to 5), CES how easy it was (1 to 7)."
        ),
    )


class WaveForm(forms.Form):
    """A new wave: from today to the last day."""

    name = forms.CharField(label=_("Name"), max_length=120)
    closes_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    report_on = forms.DateField(
        label=_("Results promised by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Customers read it after answering. Left empty: 30 days after the last day."),
    )


class ContactChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """People of one account, each with what tells them apart."""

    def label_from_instance(self, contact: Any) -> str:
        parts = [str(contact), contact.department, contact.title, contact.email]
        return " · ".join(part for part in parts if part)


class InvitationForm(forms.Form):
    """Whom to invite to which open wave."""

    wave = forms.ModelChoiceField(label=_("Wave"), queryset=Wave.objects.none(), empty_label=None)
    contacts = ContactChoice(
        label=_("People"),
        queryset=Contact.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose at least one person.")},
    )

    def __init__(self, *args: Any, waves: Any, contacts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wave"].queryset = waves  # type: ignore[attr-defined]
        self.fields["wave"].label_from_instance = _wave_label  # type: ignore[attr-defined]
        self.fields["contacts"].queryset = contacts  # type: ignore[attr-defined]


def _wave_label(wave: Wave) -> str:
    words = {"survey": wave.survey, "wave": wave, "day": day(wave.closes_on)}
    return gettext("%(survey)s · %(wave)s, until %(day)s") % words
