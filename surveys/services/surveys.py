"""Make a survey from its kind's wording."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from config.lib.problems import FieldError, Problem
from surveys.choices import SurveyMode
from surveys.models import Survey
from surveys.registry import LANGUAGES, TEXT_KEYS, SurveyKind, kinds


class ModeNotOffered(Problem):
    """Answers can be stored with the person's name only; nothing may claim otherwise."""

    code = "mode_not_offered"
    title = _("Only identified surveys are offered so far.")


class WordingIncomplete(Problem):
    """A survey must say everything in both languages."""

    code = "wording_incomplete"
    title = _("The wording is not complete in both languages.")


@transaction.atomic
def create_survey(
    *,
    kind: str,
    name: str,
    at: dt.datetime,
    mode: str = SurveyMode.IDENTIFIED,
    texts: Mapping[str, Mapping[str, str]] | None = None,
    created_by: Any = None,
) -> Survey:
    """Create a survey; `texts` (by language) replaces single texts of the kind's wording.

    :raises ModeNotOffered: for any mode but *identified*.
    :raises WordingIncomplete: for an unknown language or text, or one left blank.
    """
    if mode != SurveyMode.IDENTIFIED:
        detail = _("Anonymous and confidential surveys are not built yet. Choose “identified”.")
        raise ModeNotOffered(detail, errors=[FieldError("/mode", detail)])
    return Survey.objects.create(
        kind=kind,
        mode=mode,
        name=name,
        texts=_wording(kinds.get(kind), texts or {}),
        created_by=created_by,
        created_at=at,
    )


def _wording(
    kind: SurveyKind, changes: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    faults = [
        FieldError(f"/texts/{language}/{key}", _("This text does not exist."))
        for language, texts in changes.items()
        for key in texts
        if language not in LANGUAGES or key not in TEXT_KEYS
    ]
    wording = {
        language: {**kind.texts[language], **changes.get(language, {})} for language in LANGUAGES
    }
    faults += [
        FieldError(f"/texts/{language}/{key}", _("This text must not be blank."))
        for language in LANGUAGES
        for key in TEXT_KEYS
        if kind.texts[language][key] and not wording[language][key].strip()
    ]
    if faults:
        raise WordingIncomplete(errors=faults)
    return wording
