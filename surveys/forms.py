"""What people send us: the answer of a survey, and the pages that make surveys and invite."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.models import Survey
from surveys.models.response import LONGEST_COMMENT
from surveys.registry import kinds
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
