"""Every closed list of the scoring app; stored values are lower-case slugs."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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
