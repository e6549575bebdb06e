"""Every closed list of the scoring app; stored values are lower-case slugs."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EventKind(TextChoices):
    """What a message of the ingestion endpoints says; `track`, `page` and `screen` are usage."""

    TRACK = "track", _("Event")
    PAGE = "page", _("Page view")
    SCREEN = "screen", _("Screen view")
    IDENTIFY = "identify", _("Details of a person")
    GROUP = "group", _("Details of an account")
    ALIAS = "alias", _("Change of a user id")


class TraitField(TextChoices):
    """A field that traits may change where the write key lists it; never a mail address."""

    CONTACT_GIVEN_NAME = "contact.given_name", _("Contact: given name")
    CONTACT_FAMILY_NAME = "contact.family_name", _("Contact: family name")
    CONTACT_TITLE = "contact.title", _("Contact: title")
    CONTACT_DEPARTMENT = "contact.department", _("Contact: department")
    CONTACT_PHONE = "contact.phone", _("Contact: telephone")
    ACCOUNT_SHORT_NAME = "account.short_name", _("Account: short name")
    ACCOUNT_LICENSED_USERS = "account.licensed_users", _("Account: licensed users")


class Band(TextChoices):
    """Where a score stands; in order from worst to best, then the absence of a score."""

    CRITICAL = "critical", pgettext_lazy("health band", "Critical")
    AT_RISK = "at_risk", pgettext_lazy("health band", "At risk")
    STEADY = "steady", pgettext_lazy("health band", "Steady")
    EXPANSION = "expansion", pgettext_lazy("health band", "Expansion")
    NOT_ENOUGH_DATA = "not_enough_data", pgettext_lazy("health band", "Not enough data")


class RunKind(TextChoices):
    """A provisional run follows the day; the official one closes it at its slot."""

    PROVISIONAL = "provisional", _("Provisional")
    OFFICIAL = "official", _("Official")


class ScorecardState(TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEW = "review", pgettext_lazy("scorecard", "In review")
    PUBLISHED = "published", _("Published")


class OverrideKind(TextChoices):
    """What an override fixes: the number, the band alone, or a bound of the number."""

    VALUE = "value", pgettext_lazy("override", "Score")
    BAND = "band", pgettext_lazy("override", "Band")
    FLOOR = "floor", pgettext_lazy("override", "At least")
    CEILING = "ceiling", pgettext_lazy("override", "At most")
