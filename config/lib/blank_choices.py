"""How an empty choice of a form reads: in words, not in dashes."""

from typing import Any

from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

DASHES = str(BLANK_CHOICE_DASH[0][1])
_REQUIRED, _OPTIONAL = _("Please choose"), pgettext_lazy("choice", "None")


def blank_word(*, required: bool) -> Any:
    """Return what stands for no choice: that one must be made, or that none was."""
    return _REQUIRED if required else _OPTIONAL
