"""The button in the admin that gives rows a second life which were given up after five attempts.

Add it to the `actions` of any admin of a claimable model.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from config.lib.claims import ClaimQuerySet
from config.lib.clock import app_now


@admin.action(description=_("Try again what was given up"), permissions=["change"])
def replay_dead(
    modeladmin: "admin.ModelAdmin[Any]", request: HttpRequest, queryset: ClaimQuerySet[Any]
) -> None:
    """Make the dead rows among the chosen ones due at once, with five new attempts."""
    count = queryset.replay(at=app_now())
    words = ngettext(
        "%(count)d row will be tried again.", "%(count)d rows will be tried again.", count
    )
    modeladmin.message_user(request, words % {"count": count})
