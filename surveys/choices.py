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


class HoldReason(TextChoices):
    """Why somebody was not invited; counted in every report, against cherry-picking."""

    NO_ADDRESS = "no_address", _("No mail address")
    LEFT = "left", _("Left the company")
    SUPPRESSED = "suppressed", _("Asked for no more mails, or the mail bounced")
    ASKED_ALREADY = "asked_already", _("Already invited to this wave")
    ASKED_RECENTLY = "asked_recently", _("Asked by another survey too recently")
