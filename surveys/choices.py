"""Every closed list of the surveys app; stored values are lower-case slugs."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SurveyMode(TextChoices):
    """How an answer is tied to the person who gave it. Only *identified* can be chosen so far."""

    IDENTIFIED = "identified", _("Identified")
    CONFIDENTIAL = "confidential", _("Confidential")
    ANONYMOUS = "anonymous", _("Anonymous")


class WaveState(TextChoices):
    DRAFT = "draft", pgettext_lazy("wave", "Draft")
    OPEN = "open", pgettext_lazy("wave", "Open")
    CLOSED = "closed", pgettext_lazy("wave", "Closed")


class LinkScope(TextChoices):
    """What a link in a mail is good for; one scope never opens the other."""

    ANSWER = "answer", _("Answer")
    UNSUBSCRIBE = "unsubscribe", _("Unsubscribe")
