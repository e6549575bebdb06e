"""Records of surveys that have a page of their changes; answers have no history at all."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.choices import Language
from accounts.registry import Audited, AuditedPart, audited, audited_parts, told_columns
from surveys.models import Survey, Wave

#: What each text of a survey is.
_TEXTS: dict[str, Any] = {
    "title": pgettext_lazy("of a survey", "Title"),
    "question": pgettext_lazy("of a survey", "Question"),
    "lowest": pgettext_lazy("of a survey", "Lowest answer"),
    "highest": pgettext_lazy("of a survey", "Highest answer"),
    "reason": pgettext_lazy("of a survey", "Question for the reason"),
    "reason_hint": pgettext_lazy("of a survey", "Hint beside the reason"),
    "satisfaction": pgettext_lazy("of a survey", "Question about our team"),
    "satisfaction_levels": pgettext_lazy("of a survey", "Answers about our team"),
    "purpose": pgettext_lazy("of a survey", "Purpose"),
    "thanks": pgettext_lazy("of a survey", "Thanks"),
    "mail_subject": pgettext_lazy("of a survey", "Subject of the mail"),
    "mail_body": pgettext_lazy("of a survey", "Text of the mail"),
}


def _wording(before: Any, after: Any, *, row: Any, names: Any) -> Iterable[tuple[Any, Any, Any]]:
    """Tell text by text what the wording was and became, each language for itself.

    A text no survey has any more is called by its key, behind the others.
    """
    languages, places = dict(Language.choices), {key: place for place, key in enumerate(_TEXTS)}
    for language in sorted({*(before or {}), *(after or {})}):
        old, new = ((side or {}).get(language, {}) for side in (before, after))
        for key in sorted({*old, *new}, key=lambda one: (places.get(one, len(places)), one)):
            if old.get(key, "") != new.get(key, ""):
                words = {
                    "text": _TEXTS.get(key, key),
                    "language": languages.get(language, language),
                }
                yield _("%(text)s (%(language)s)") % words, old.get(key, ""), new.get(key, "")


audited.register("survey")(
    Audited(Survey, lambda row: reverse("surveys:detail", args=[row.pk]), account_path="")
)
audited_parts.register("survey.wave")(
    AuditedPart("survey", Wave, "survey_id", gettext_lazy("Wave"))
)
told_columns.register("surveys.survey.texts")(_wording)
